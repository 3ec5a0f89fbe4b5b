"""The four combinations against SymPy, and what is saved against a count by hand."""

import pytest
import sympy
import torch
from torch.autograd import forward_ad

W = sympy.symbols("w")
LOSS = W**3
TOTAL = LOSS + sympy.diff(LOSS, W) ** 2
TRUTH = [float(sympy.diff(TOTAL, W).subs(W, w)) for w in (1, 2)]
LOSS_ALONE = [float(sympy.diff(LOSS, W).subs(W, w)) for w in (1, 2)]


def test_the_four_cells(values):
    """Two raise, one is silently the gradient of the loss alone, one is right."""
    folder = "learn/create_graph"
    assert values(f"{folder}/on_on.py")["dtotal_dw"] == TRUTH == [39.0, 300.0]
    assert values(f"{folder}/off_on.py")["dtotal_dw"] == LOSS_ALONE != TRUTH
    for name in ("off_off", "on_off"):
        assert "a second time" in values(f"{folder}/{name}.py")["error"]


def test_retaining_is_the_default_with_create_graph(values):
    """create_graph=True alone does what both flags do."""
    default = values("learn/create_graph/default.py")
    assert default["total_loss"] == values("learn/create_graph/on_on.py")["total_loss"]


def test_the_toy_needs_no_freed_graph(values):
    """With the graph recorded it is b(1 + 2b) at b = 2, retained or not; without, b."""
    toy = values("learn/create_graph/toy.py")
    assert [toy["off_off"], toy["off_on"]] == [2, 2]
    assert [toy["on_off"], toy["on_on"]] == [2 * (1 + 2 * 2)] * 2
    assert toy["d"] == (1 + 2 * 2) * 2
    assert "a second time" in values("learn/create_graph/answer_tanh.py")["error"]


def test_a_constant_on_purpose(values):
    """Of k(a + 2ab) with k = 2ab, all is differentiated, or all but k."""
    a, b, k = sympy.symbols("a b k")
    at = {a: 1, b: 2}
    d = k * (a + 2 * a * b)
    whole = sympy.diff(d.subs(k, 2 * a * b), a).subs(at)
    held = sympy.diff(d, a).subs(k, 4).subs(at)
    assert values("learn/create_graph/complete_detach.py")["dd_da"] == float(whole) == 40
    assert values("learn/create_graph/answer_detach.py")["dd_da"] == float(held) == 20


def test_what_is_saved(values):
    """tanh saves its output, which pow saves, too: 1000 float32. Recording adds as much, and 1."""
    saved = values("learn/create_graph/saved.py")
    assert saved["without_graph"] == 1000 * 4
    assert saved["with_graph"] == (1000 + 1000 + 1) * 4


def test_the_default_is_detached(values):
    """d(a²b)/da = 2ab = 4, with and without a history."""
    a, b = sympy.symbols("a b")
    truth = float(sympy.diff(a**2 * b, a).subs({a: 1, b: 2}))
    found = values("learn/create_graph/detach.py")
    assert found["by_default"] == found["dc_da"] == truth


def test_rounding_has_the_derivative_zero(values):
    """A step function is flat between its steps."""
    assert values("learn/create_graph/other_stops.py")["rounded"] == [0.0, 0.0]


@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")
@pytest.mark.parametrize("around", [torch.no_grad, torch.enable_grad])
@pytest.mark.parametrize("create_graph", [False, True])
def test_the_argument_decides_and_not_the_mode_around_the_call(around, create_graph):
    """The engine sets the mode for its walk, in torch.autograd.grad and in backward()."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    by_grad, by_backward = (w**3).sum(), torch.tanh(w).sum()
    with around():
        g = torch.autograd.grad(by_grad, w, create_graph=create_graph)[0]
        by_backward.backward(create_graph=create_graph, inputs=[w])
    assert g.requires_grad is w.grad.requires_grad is create_graph
    w.grad = None


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_a_tangent_passes_without_the_flag_and_not_through_detach():
    """Forward mode carries Hv, here 6wv, through a call that records nothing."""
    w, v = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, -1.0])
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(w, v)
        g = torch.autograd.grad((dual**3).sum(), dual)[0]
        assert not g.requires_grad
        assert forward_ad.unpack_dual(g).tangent.tolist() == [6 * 1 * 3, 6 * 2 * -1]
        assert forward_ad.unpack_dual(g.detach()).tangent is None
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.func.jvp(lambda v: torch.autograd.grad((w**3 * v).sum(), w)[0], (v,), (v,))


def history(end, start, arrives=None):
    """Return the node of a gradient that was taken without the flag, or None."""
    return torch.autograd.grad(end, start, arrives)[0].grad_fn


def test_what_is_only_passed_on_keeps_its_history():
    """A sum returns what arrives; a factor makes a constant of it, and a view a labeled one."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    v = w * w
    assert history(w + 1, w, v) is v.grad_fn
    assert history(w.view(2, 1), w, v.view(2, 1)) is None
    assert history(3 * w, w, v) is None
    (w + 1).backward(v)
    assert not w.grad.requires_grad


class Recording(torch.autograd.Function):
    """The third power, with a backward that records itself."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            return outer * 3 * x**2


def test_the_last_step_can_record_itself():
    """Asked or not; where another step follows, it is a constant again."""
    w = torch.tensor(2.0, requires_grad=True)
    slope = torch.autograd.grad(Recording.apply(w), w)[0]
    assert torch.autograd.grad(slope, w)[0] == 6 * 2
    assert history(Recording.apply(3 * w), w) is None
    w.register_hook(torch.enable_grad()(lambda g: w * w))
    assert torch.autograd.grad(torch.autograd.grad(5 * w, w)[0], w)[0] == 2 * 2


@pytest.mark.parametrize(
    "f", [torch.nn.functional.silu, lambda x: torch.nn.functional.group_norm(x.view(2, 10, 10), 2)]
)
def test_a_kernel_without_a_derivative_is_replaced(f):
    """The gradient with the flag is another sum of the same terms, so its last digits differ."""
    x = torch.linspace(-3, 3, 200, requires_grad=True)
    loss = f(x).square().sum()
    kernel = torch.autograd.grad(loss, x, retain_graph=True)[0]
    formula = torch.autograd.grad(loss, x, create_graph=True)[0]
    assert torch.allclose(kernel, formula, atol=1e-5)
    assert not torch.equal(kernel, formula)


def test_other_ways_to_a_constant_weight(values):
    """A number, or the gradient of a second call, is as constant as a detached tensor."""
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0)
    c = a * a * b
    dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
    again = torch.autograd.grad(c, a, retain_graph=True)[0]
    for weight in (dc_da.item(), again):
        found = torch.autograd.grad(weight * (a + dc_da), a, retain_graph=True)[0]
        assert found == values("learn/create_graph/answer_detach.py")["dd_da"]
