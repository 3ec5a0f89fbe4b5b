"""The template for library authors: its tests find each way in which it was broken."""

import sys
import types
import warnings
from pathlib import Path

import pytest
import torch

FOLDER = Path(__file__).parents[2] / "snippets/guides/autograd_function"
TEMPLATE, TESTS = (
    (FOLDER / name).read_text(encoding="utf-8") for name in ("template.py", "template_tests.py")
)
#: What is broken: what stands in the template, and what takes its place.
BROKEN = {
    "value": ("+ top[..., 0]", ""),
    "value where it overflows": (
        "numpy.exp(x - top).sum(-1)) + top[..., 0]",
        "numpy.exp(x).sum(-1))",
    ),
    "softmax where it overflows": ("numpy.exp(x - x.max(-1, keepdims=True))", "numpy.exp(x)"),
    "backward": ("outer.numpy()[..., None] * softmax", "1.1 * outer.numpy()[..., None] * softmax"),
    "backward detached": (
        "LogSumExpBackward.apply(*ctx.saved_tensors, outer)",
        "kernel_backward(ctx.saved_tensors[0].detach(), outer.detach())",
    ),
    "double backward to x": ("(outer_2 - mean)", "outer_2"),
    "double backward to outer": ("tensor(mean[..., 0])", "tensor(0 * mean[..., 0])"),
    "jvp": ("* x_t).sum(-1)", "* 2 * x_t).sum(-1)"),
    "jvp of backward, x": ("along_x + ", ""),
    "jvp of backward, outer": (" + LogSumExpBackward.apply(x, outer_t)", ""),
    "vmap where the batch is": ("x.movedim(dim, 0)", "x"),
    "vmap without a batch": ("x.expand(info.batch_size, *x.shape)", "x"),
    "vmap where the result is": ("(0,) * len(outputs)", "(1,) * len(outputs)"),
    "silent third derivative": (
        'def backward(ctx, *outer_3):\n        raise NotImplementedError("LogSumExp',
        'def backward(ctx, *outer_3):\n        return (None,) * 3\n        print("LogSumExp',
    ),
}


def failing(template, monkeypatch):
    """The first of the template's tests that fails, or None."""
    module, tests = types.ModuleType("template"), {"__name__": "template_tests"}
    exec(template, module.__dict__)
    monkeypatch.setitem(sys.modules, "template", module)
    with warnings.catch_warnings():
        exec(TESTS.partition("torch.manual_seed(0)\n")[0], tests)
        torch.manual_seed(0)
        for name, test in [*tests.items()]:
            try:
                if name.startswith("test_"):
                    test()
            except Exception:
                return name
    return None


def test_the_template_passes(monkeypatch):
    assert failing(TEMPLATE, monkeypatch) is None


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found(what, monkeypatch):
    before, after = BROKEN[what]
    assert TEMPLATE.count(before) >= 1
    assert failing(TEMPLATE.replace(before, after), monkeypatch) is not None
