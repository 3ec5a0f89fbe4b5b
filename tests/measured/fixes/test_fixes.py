"""Each fix that a page recommends holds in the settings that the page says, and in no fewer."""

import pytest
import torch

from measured import kit
from measured.fixes import page
from measured.fixes.__main__ import entries, results
from measured.fixes.settings import SETTINGS
from measured.fixes.trial import try_out


@pytest.fixture(scope="module")
def data():
    """The committed trials."""
    return kit.load(page.FILE)["pages"]


def test_each_pitfall_has_a_trial(report):
    """Or says why its fix cannot have one; the page shows what came of it."""
    for path, one in report.pages.items():
        if one.meta.get("group"):
            assert bool(one.meta.get("tried")) != bool(one.meta.get("untried")), path
        if one.meta.get("tried"):
            text = (kit.ROOT / path).read_text(encoding="utf-8")
            assert text.count("{{ measured fixes:tried }}") == 1, path


def test_the_trials_end_as_the_pages_say(project, data):
    """All of them again: no fix, no setting and no reason has changed."""
    again = {}
    for path, fix, settings in entries(project):
        again.setdefault(path, {})[fix] = results(fix, settings)
    assert again == data


def penalty(net, x, y, flags, norm):
    """A loss with a penalty on its gradient."""
    x = x.detach().requires_grad_()
    slope = torch.autograd.grad(net(x).sum(), x, **flags)[0].flatten(1)
    return ((net(x) - y) ** 2).mean() + ((norm(slope) - 1) ** 2).mean()


def root(slope):
    """A length whose derivative at zero is no number."""
    return slope.pow(2).sum(dim=1).sqrt()


def length(slope):
    """A length whose derivative at zero is zero."""
    return torch.linalg.vector_norm(slope, dim=1)


def right(net, x, y):
    return penalty(net, x, y, {"create_graph": True}, length)


def cut(net, x, y):
    return penalty(net, x, y, {"retain_graph": True}, length)


def rooted(net, x, y):
    return penalty(net, x, y, {"create_graph": True}, root)


PLAIN = [
    "a convolutional critic with batch norm",
    "a transformer block",
    "a GAN with two optimizers",
    "activation checkpointing",
    "a frozen layer",
    "DistributedDataParallel",
]


@pytest.mark.parametrize("setting", [*PLAIN, "zeros and equal samples", "float16", "bfloat16"])
def test_a_right_fix_holds(setting):
    assert try_out(right, setting) == page.HOLDS


@pytest.mark.parametrize("setting", [*PLAIN, "zeros and equal samples"])
def test_a_cut_is_found(setting):
    assert "off by" in try_out(cut, setting)


def test_a_root_is_found_at_zero():
    assert try_out(rooted, "zeros and equal samples") == "gives a gradient that is not finite"
    assert try_out(rooted, "a frozen layer") == page.HOLDS


def test_what_is_raised_is_told():
    said = try_out(right, "code under `no_grad`")
    assert said.startswith("raises RuntimeError: element 0 of tensors does not require grad")


def test_each_setting_says_what_it_is():
    """In a sentence of its own."""
    assert all(make.__doc__ for make in SETTINGS.values())


def test_a_line_names_what_does_not_hold():
    """With what was said, and the page about it."""
    said = page.line("a/b.py:loss", {"float16": "holds", "a compiled network": "raises X"}, 1)
    assert said == (
        "**The fix was tried in** float16. **Not in** [a compiled network](compile.md) (raises X)."
    )
