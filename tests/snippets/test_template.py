"""The template for library authors: its tests find each way in which it was broken."""

import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.func import hessian, jacfwd, jacrev, vmap

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
    "complex numbers let in": ("if x.is_complex()", "if False"),
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


@pytest.fixture
def template():
    module = types.ModuleType("template")
    exec(TEMPLATE, module.__dict__)
    return module


def test_which_modes_go_together(template):
    """All but forward mode inside forward mode, which is zero alone, and wrong in a square."""
    x = torch.randn(3, dtype=torch.float64)
    f, true = template.log_sum_exp, hessian(lambda x: torch.logsumexp(x, -1))(x)
    for way in (hessian(f), jacrev(jacfwd(f)), jacrev(jacrev(f))):
        assert torch.allclose(way(x), true)
    assert not jacfwd(jacfwd(f))(x).any()
    inside = jacfwd(jacfwd(lambda x: f(x) ** 2))(x)
    assert inside.any()
    assert not torch.allclose(inside, hessian(lambda x: torch.logsumexp(x, -1) ** 2)(x))


class Thrifty(torch.autograd.Function):
    """x e^x with an intermediate value that is saved, and so a constant."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x, e := x.exp())
        return x * e

    @staticmethod
    def backward(ctx, outer):
        x, e = ctx.saved_tensors
        return outer * (1 + x) * e


@pytest.mark.filterwarnings("ignore:Input #0 requires gradient")
def test_what_is_left_of_gradcheck_in_float32():
    """At its defaults it fails right code; with coarse steps it finds a lost term."""
    x = torch.linspace(-1, 1, 5, requires_grad=True)
    coarse = {"eps": 1e-2, "atol": 1e-2, "rtol": 1e-2, "raise_exception": False}
    assert not gradcheck(plain, x, raise_exception=False)
    assert gradcheck(plain, x, **coarse)
    assert gradgradcheck(plain, x, **coarse)
    assert gradcheck(Thrifty.apply, x, **coarse)
    assert not gradgradcheck(Thrifty.apply, x, **coarse)


def plain(x):
    return x * x.exp()


def test_the_rule_for_a_batch_with_a_number(template):
    """Two tensors and a number, copied from the template, with all derivatives of w · x^k."""

    class Power(torch.autograd.Function):
        @staticmethod
        def forward(x, w, k):
            return torch.from_numpy(np.asarray((w.numpy() * x.numpy() ** k).sum(-1)))

        @staticmethod
        def setup_context(ctx, inputs, output):
            *tensors, ctx.k = inputs
            ctx.save_for_backward(*tensors)
            ctx.save_for_forward(*tensors)

        @staticmethod
        def backward(ctx, outer):
            (x, w), k = ctx.saved_tensors, ctx.k
            outer = outer[..., None]
            return outer * w * k * x ** (k - 1), outer * x**k, None

        @staticmethod
        def jvp(ctx, x_t, w_t, k_t):
            assert k_t is None  # a number has no tangent, and what does not move has zeros
            (x, w), k = ctx.saved_tensors, ctx.k
            return (w * k * x ** (k - 1) * x_t + x**k * w_t).sum(-1)

        vmap = template.batched(lambda: Power)

    def ours(x, w):
        return Power.apply(x, w, 3)

    def plain(x, w):
        return (w * x**3).sum(-1)

    x, w = torch.randn(2, 4, 3, dtype=torch.float64)
    for dims in ((0, 0), (0, None), (None, 0)):
        inputs = [t if dim == 0 else t[0] for t, dim in zip((x, w), dims, strict=True)]
        for way in (hessian, lambda f: jacrev(jacrev(f))):
            found = vmap(way(ours), in_dims=dims)(*inputs)
            assert torch.allclose(found, vmap(way(plain), in_dims=dims)(*inputs))


def test_a_kernel_that_broadcasts_needs_expanded_tensors(template):
    """The batch in front of (3,) meets the 2 of (2, 3), silently if it is 2 as well."""

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(x, w):
            return torch.from_numpy(x.numpy() * w.numpy())

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        vmap = template.batched(lambda: Product)

    def expanded(x, w):
        return Product.apply(*torch.broadcast_tensors(x, w))

    x, w = torch.randn(2, 3), torch.randn(2, 2, 3)
    true = vmap(torch.mul)(x, w)
    assert torch.equal(vmap(expanded)(x, w), true)
    assert not torch.equal(vmap(Product.apply)(x, w), true)
