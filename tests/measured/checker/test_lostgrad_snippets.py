"""The checker finds every silently wrong snippet of the site, and passes every right one."""

import os

import pytest
import torch

from measured.checker.__main__ import pairs
from measured.checker.adapters import ADAPTERS, EXEMPT
from measured.checker.claims import named
from measured.checker.lostgrad import check
from measured.checker.misses import MISSES


def tried():
    """List (wrong, right) of those whose number is a derivative."""
    return [pair for pair in pairs() if pair[0] not in EXEMPT]


#: All pairs; else every third.
ALL = bool(os.environ.get("LOSTGRAD_ALL"))
PAIRS = tried() if ALL else [p for i, p in enumerate(tried()) if i % 3 == 0 or p[0] in MISSES]


def verdict(name, wrong, right):
    """What the checker says of one snippet of a pair."""
    loss_fn, params = ADAPTERS.get(wrong, named())(name, right)
    torch.manual_seed(0)
    return check(loss_fn, params)


@pytest.mark.parametrize(("wrong", "right"), PAIRS, ids=lambda name: name.removesuffix(".py"))
def test_wrong_is_told_from_right(wrong, right):
    """The wrong snippet is found, unless it is listed with a reason; the right one passes."""
    on_wrong, on_right = verdict(wrong, wrong, right), verdict(right, wrong, right)
    expected = MISSES[wrong][0] if wrong in MISSES else False
    assert on_wrong.ok is expected, str(on_wrong)
    assert on_right.ok is True, str(on_right)


def test_a_miss_has_its_snippet():
    """What is listed exists, and is still missed (the test above)."""
    assert set(MISSES) <= {wrong for wrong, _ in tried()}
