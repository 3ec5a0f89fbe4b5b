"""Oracles for the guide to custom functions: derivatives of x e^x by SymPy."""

import math
from contextlib import nullcontext

import numpy as np
import pytest
import sympy
import torch
from torch import func
from torch.amp import custom_bwd, custom_fwd
from torch.autograd import functional, grad, gradgradcheck
from torch.func import jvp

x = sympy.Symbol("x")
Y = x * sympy.exp(x)
GUIDE = "guides/autograd_function/"
#: What is left of the second derivative at 0.5 when e^x counts as a constant.
CUT = math.exp(0.5)


def derivative(order, at, of=Y):
    """The derivative of x e^x, or of another expression."""
    return float(sympy.diff(of, x, order).subs(x, at))


@pytest.mark.parametrize("name", ["right_twice", "recorded", "returned", "custom_op"])
def test_second_derivative(values, name):
    """Saved inputs, and intermediates that are recorded or returned, give (2 + x) e^x."""
    found = values(f"{GUIDE}{name}.py")["second"]
    assert found == pytest.approx(derivative(2, 0.5), abs=1e-4)


@pytest.mark.parametrize(
    "name",
    ["intermediate", "on_ctx", "setup_intermediate", "marked", "custom_op_intermediate"],
)
def test_saved_intermediates_lose_a_term(values, name):
    """A saved intermediate, wherever it is kept, leaves e^x of (2 + x) e^x."""
    found = values(f"{GUIDE}{name}.py")["second"]
    assert found == pytest.approx(CUT, abs=1e-4)
    assert found != pytest.approx(derivative(2, 0.5), abs=1e-2)


class Recorded(torch.autograd.Function):
    """The page's function with an intermediate value that ``setup_context`` records."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        with torch.enable_grad():
            ctx.save_for_backward(x, x.exp())

    @staticmethod
    def backward(ctx, outer):
        x, e = ctx.saved_tensors
        return outer * (1 + x) * e


def test_a_recorded_intermediate_is_right_at_each_order():
    """In a deeper function, under torch.func and in a batch, from setup_context as well."""
    at = torch.tensor([0.5, 1.0], dtype=torch.float64, requires_grad=True)
    assert gradgradcheck(lambda x: Recorded.apply(x.sin()) ** 2, at)
    third = func.grad(func.grad(func.grad(Recorded.apply)))
    assert third(at[0]).item() == pytest.approx(derivative(3, 0.5))
    second = func.vmap(func.grad(func.grad(Recorded.apply)))(at)
    assert second.tolist() == pytest.approx([derivative(2, 0.5), derivative(2, 1.0)])


class Kept(torch.autograd.Function):
    """The square, with its input as an attribute or saved."""

    @staticmethod
    def forward(ctx, x, save):
        ctx.save_for_backward(*[x] * save)
        ctx.x = None if save else x
        return x * x

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors if ctx.x is None else [ctx.x]
        return outer * 2 * x, None


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (lambda z: z.mul_(2), True),
        (lambda z: z.detach().mul_(2), True),
        (lambda z: z.data.mul_(2), False),
        (lambda z: z.detach().numpy().__imul__(2), False),
    ],
)
def test_which_changes_in_place_are_noticed(change, noticed):
    """Those that count as a new version of the saved tensor."""
    start = torch.ones(2, requires_grad=True)
    z = start * 3
    y = Kept.apply(z, True).sum()
    change(z)
    with pytest.raises(RuntimeError, match="inplace") if noticed else nullcontext():
        assert grad(y, start)[0].tolist() == [2 * 6 * 3] * 2


@pytest.mark.parametrize("save", [False, True])
def test_an_attribute_is_not_freed_and_no_hook_sees_it(save):
    """A second walk raises after save_for_backward; hooks are called for what it saves."""
    seen = []
    at = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: seen.append(t) or t, lambda t: t):
        y = Kept.apply(at, save).sum()
    assert len(seen) == save
    assert grad(y, at)[0].tolist() == [2, 4]
    with pytest.raises(RuntimeError, match="second time") if save else nullcontext():
        grad(y, at)


def test_the_constant_is_what_is_left():
    """With e held fixed, (1 + x) e has the derivative e."""
    e = sympy.Symbol("e")
    assert float(sympy.diff((1 + x) * e, x).subs(e, sympy.exp(0.5))) == pytest.approx(CUT)


def test_once_differentiable_leaves_the_first_derivative(values):
    """The derivative of y + y' is y' + y''; the silent one is y' alone."""
    true = derivative(1, 0.5) + derivative(2, 0.5)
    assert values(f"{GUIDE}right_twice.py")["dL_dx"] == pytest.approx(true, abs=1e-4)
    found = values(f"{GUIDE}once.py")["dL_dx"]
    assert found == pytest.approx(derivative(1, 0.5), abs=1e-4)
    assert found != pytest.approx(true, abs=1e-2)


def test_forgotten_derivative_by_the_incoming_gradient(values):
    """The second derivative is right alone; inside a square it misses 2 y'^2."""
    lost = values(f"{GUIDE}outer_lost.py")
    alone = values(f"{GUIDE}outer_checked.py")
    assert alone["first"] == pytest.approx(derivative(1, 0.5))
    assert alone["second"] == pytest.approx(derivative(2, 0.5), abs=1e-4)
    true = derivative(2, 0.5, Y**2)
    right = values(f"{GUIDE}backward_function.py")["second_of_square"]
    assert right == pytest.approx(true, abs=1e-4)
    missing = 2 * derivative(1, 0.5) ** 2
    assert lost["second_of_square"] == pytest.approx(true - missing, abs=1e-4)


@pytest.mark.parametrize("name", ["setup_context", "vmap_rule"])
def test_second_derivatives_by_vmap(values, name):
    """vmap of grad of grad is the second derivative at each point."""
    found = values(f"{GUIDE}{name}.py")["second"]
    assert found == pytest.approx([derivative(2, 0.5), derivative(2, -1.0)], rel=1e-12)


@pytest.mark.parametrize("name", ["jvp", "no_jvp"])
def test_hessian_is_diagonal(values, name):
    """The Hessian of the sum has the second derivatives on its diagonal."""
    found = values(f"{GUIDE}{name}.py")["H"]
    assert [found[0][0], found[1][1]] == pytest.approx(
        [derivative(2, 0.5), derivative(2, -1.0)], rel=1e-12
    )
    assert found[0][1] == found[1][0] == 0


def test_forward_mode_takes_a_custom_operator_for_a_constant(values):
    """The slope of the plain function is y', that of the operator is 0."""
    found = values(f"{GUIDE}custom_op_func.py")
    assert found["slope"] == pytest.approx(derivative(1, 0.5), rel=1e-6)
    assert found["slope_of_op"] == 0


def test_special_point(values):
    """The second derivative of x^2 is 2 at zero as well."""
    assert values(f"{GUIDE}special_point.py")["second"] == derivative(2, 0, x**2)
    assert values(f"{GUIDE}both_pass.py")["second"] != derivative(2, 0, x**2)


def test_overflow(values):
    """At 100, softplus is 100 and its slope 1, both finite in float32; exp(100) is not."""
    assert math.log1p(math.exp(-100)) + 100 < 3.4e38 < math.exp(100)
    found = values(f"{GUIDE}overflow.py")
    true = [math.log1p(math.exp(0.5)), 1 / (1 + math.exp(-0.5))]
    assert [found["y"][0], found["dy_dx"][0]] == pytest.approx(true, rel=1e-6)
    assert [found["y"][1], found["dy_dx"][1]] != pytest.approx([100, 1], abs=1e-6)


def test_the_other_function_is_consistent():
    """(x - 1) e^x has the derivative x e^x: nothing in it contradicts itself."""
    assert sympy.simplify(sympy.diff((x - 1) * sympy.exp(x), x) - Y) == 0


def test_the_third_derivative(values):
    """Cut one level deeper, the third derivative of the square loses terms."""
    true = derivative(3, 0.5, Y**2)
    assert values(f"{GUIDE}backward_function.py")["third_of_square"] == pytest.approx(
        true, abs=1e-4
    )
    lost = values(f"{GUIDE}third_lost.py")
    assert lost["second_of_square"] == pytest.approx(derivative(2, 0.5, Y**2), abs=1e-4)
    # The library's results are constants a, b and c in y'' = 2 a^2 + 2 y b: what is left is theirs.
    left = 2 * derivative(1, 0.5) * derivative(2, 0.5)
    assert lost["third_of_square"] == pytest.approx(left, abs=1e-4)
    assert left != pytest.approx(true, rel=0.1)


def test_a_gradient_recomputed_from_a_detached_input(values):
    """The square's second derivative keeps 2 y'^2 and loses 2 y y''."""
    true = derivative(2, 0.5, Y**2)
    kept = 2 * derivative(1, 0.5) ** 2
    found = {name: values(f"{GUIDE}{name}.py") for name in ("grad_inside", "grad_inside_cut")}
    assert found["grad_inside"]["second_of_square"] == pytest.approx(true, abs=1e-4)
    assert found["grad_inside_cut"]["second_of_square"] == pytest.approx(kept, abs=1e-4)


def test_vjp_inside(values):
    """The second derivatives at both points."""
    found = values(f"{GUIDE}vjp_inside.py")["second"]
    assert found == pytest.approx([derivative(2, 0.5), derivative(2, -1.0)], rel=1e-12)


@pytest.mark.parametrize("name", ["register_vmap", "vmap_of_vjp"])
def test_a_hessian_through_a_vmap_rule(values, name):
    """It has the second derivatives on its diagonal."""
    found = values(f"{GUIDE}{name}.py")["H"]
    expected = [[derivative(2, 0.5), 0], [0, derivative(2, -1.0)]]
    assert found == [pytest.approx(row, rel=1e-12) for row in expected]


def test_a_change_in_place_behind_an_attribute(values):
    """The derivative of w^2 at 3 is 6; with ten times w it would be 60."""
    assert values(f"{GUIDE}in_place_right.py")["dy_dw"] == derivative(1, 3, x**2)
    assert values(f"{GUIDE}in_place_ctx.py")["dy_dw"] == derivative(1, 30, x**2)


def test_needs_input_grad(values):
    """The gradient of the sum of w e^x is w e^x."""
    expected = [2 * math.exp(0.5), 3 * math.exp(-1)]
    assert values(f"{GUIDE}needs_input_grad.py")["g"] == pytest.approx(expected, rel=1e-12)


class XExp(torch.autograd.Function):
    """The page's function with a right ``jvp``, for torch.func."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()

    jvp = backward


def test_the_penalty_under_autocast(values):
    """The gradient of |xw|^2 is 2 x w w^T, and its squares have the derivative by differences."""
    found = values(f"{GUIDE}autocast.py")
    x, w = np.array(found["x"]), np.array(found["w"])

    def penalty(w):
        return np.sum((2 * x @ w @ w.T) ** 2)

    steps = [1e-5 * np.eye(4)[i].reshape(2, 2) for i in range(4)]
    by_differences = [(penalty(w + h) - penalty(w - h)) / 2e-5 for h in steps]
    assert np.allclose(found["first"], 2 * x @ w @ w.T)
    assert np.allclose(np.ravel(found["to_w"]), by_differences, rtol=1e-6)


@pytest.mark.parametrize("separate", [False, True])
def test_custom_fwd_needs_a_forward_that_saves(separate):
    """PyTorch's decorators work twice in the old style, and raise with setup_context."""

    def save(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    def forward(ctx, x, w):
        save(ctx, (x, w), None)
        return x @ w

    def backward(ctx, outer):
        x, w = ctx.saved_tensors
        return outer @ w.T, x.T @ outer

    cast = custom_fwd(device_type="cpu")
    style = {"forward": staticmethod(cast(forward))}
    if separate:
        alone = staticmethod(cast(lambda x, w: x @ w))
        style = {"forward": alone, "setup_context": staticmethod(save)}
    style["backward"] = staticmethod(custom_bwd(device_type="cpu")(backward))
    product = type("Product", (torch.autograd.Function,), style).apply
    x, w = torch.ones(1, 2, requires_grad=True), torch.eye(2, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = product(x, w)
    if separate:
        with pytest.raises(AttributeError, match="_fwd_used_autocast"):
            grad(y.sum(), x)
        return
    first = grad(y.float().pow(2).sum(), x, create_graph=True)[0]
    assert grad(first.pow(2).sum(), w)[0].tolist() == [[16, 16], [16, 16]]  # 16 x^T x at w = 1


def test_forward_mode_inside_is_zero_and_reverse_mode_is_not():
    """With a right jvp: 0 in place of y'' for jvp of jvp, y'' with reverse mode on either side."""
    at, one = torch.tensor([0.5, 1.0], dtype=torch.float64)

    def forward(x):
        return jvp(XExp.apply, (x,), (one,))[1]

    true = pytest.approx(derivative(2, 0.5))
    assert forward(at).item() == pytest.approx(derivative(1, 0.5))
    assert jvp(forward, (at,), (one,))[1].item() == 0
    assert torch.func.grad(forward)(at).item() == true
    assert jvp(torch.func.grad(XExp.apply), (at,), (one,))[1].item() == true


@pytest.mark.parametrize("has_jvp", [True, False])
def test_one_graph_has_no_place_for_a_jvp(has_jvp):
    """fullgraph=True refuses a function with a jvp, and without fullgraph it is split there."""
    F = XExp if has_jvp else type("F", (XExp,), {"jvp": torch.autograd.Function.jvp})
    x = torch.tensor(0.5, requires_grad=True)
    torch._dynamo.reset()
    split = torch.compile(lambda x: F.apply(x) * 2, backend="aot_eager")
    assert grad(split(x), x)[0].item() == pytest.approx(2 * derivative(1, 0.5))
    whole = torch.compile(lambda x: F.apply(x) * 3, backend="aot_eager", fullgraph=True)
    if has_jvp:
        with pytest.raises(torch._dynamo.exc.Unsupported, match="Unsupported custom jvp"):
            whole(x)
    else:
        assert grad(whole(x), x)[0].item() == pytest.approx(3 * derivative(1, 0.5))


def test_a_generated_rule_takes_no_decision_on_a_value():
    branch = type("B", (XExp,), {"forward": staticmethod(lambda x: x if x.sum() > 0 else 2 * x)})
    with pytest.raises(RuntimeError, match="data-dependent control flow"):
        torch.vmap(branch.apply)(torch.ones(2))


def test_a_recomputation_with_a_constant_input_and_with_chance():
    """autograd.grad raises for w, vjp does not; dropout is another one unless its state is kept."""

    def recomputed(f, way, keep=False):
        class Recomputed(torch.autograd.Function):
            @staticmethod
            def forward(ctx, *inputs):
                ctx.save_for_backward(*inputs)
                ctx.state = torch.get_rng_state() if keep else None
                return f(*inputs)

            @staticmethod
            def backward(ctx, outer):
                inputs = ctx.saved_tensors
                with torch.random.fork_rng([]):
                    if keep:
                        torch.set_rng_state(ctx.state)
                    if way == "vjp":
                        return torch.func.vjp(f, *inputs)[1](outer)
                    with torch.enable_grad():
                        y = f(*inputs)
                    return grad(y, inputs, outer)

        return Recomputed.apply

    x, w = torch.ones(64, requires_grad=True), torch.ones(64)
    assert grad(recomputed(torch.mul, "vjp")(x, w).sum(), x)[0].sum() == 64
    with pytest.raises(RuntimeError, match="does not require grad"):
        grad(recomputed(torch.mul, "grad")(x, w).sum(), x)
    for way in ("grad", "vjp"):
        for keep in (True, False):
            y = recomputed(torch.nn.functional.dropout, way, keep)(x)
            assert torch.equal(grad(y.sum(), x)[0], y) is keep  # y = x · mask, at x = 1


class FromOutside(torch.autograd.Function):
    """e^(wx), recomputed in its backward pass; the w is no argument."""

    w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)

    @classmethod
    def f(cls, x):
        return (cls.w * x).exp()

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return FromOutside.f(x)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return func.vjp(FromOutside.f, x)[1](outer)[0]


def test_a_parameter_from_outside_gets_the_penalty_alone():
    """Of y + y', whose derivative is x e^(wx) + (1 + wx) e^(wx), the second term is left."""
    at, w = torch.tensor(0.5, dtype=torch.float64, requires_grad=True), FromOutside.w
    y = FromOutside.apply(at)
    slope = grad(y, at, create_graph=True)[0]
    assert grad(y, w, allow_unused=True, retain_graph=True)[0] is None
    found = grad(y + slope, w)[0].item()
    assert found == pytest.approx((1 + 2 * 0.5) * math.exp(2 * 0.5))
    assert found != pytest.approx((0.5 + 1 + 2 * 0.5) * math.exp(2 * 0.5))


def test_an_operator_that_is_a_name_for_others():
    """torch.func differentiates what stands behind it."""
    with torch.library._scoped_library("guide_names", "FRAGMENT") as library:
        library.define("x_exp(Tensor x) -> Tensor")
        library.impl("x_exp", lambda x: x * x.exp(), "CompositeImplicitAutograd")
        x_exp = torch.ops.guide_names.x_exp
        second = torch.func.grad(torch.func.grad(x_exp))(torch.tensor(0.5))
        assert second.item() == pytest.approx(derivative(2, 0.5))


def test_needs_input_grad_is_not_what_the_caller_asked_for():
    """With w requiring a gradient, grad(..., x) computes that of w, too."""
    asked = []

    class Scale(XExp):
        @staticmethod
        def forward(x, w):
            return x * w

        @staticmethod
        def backward(ctx, outer):
            asked.append(ctx.needs_input_grad)
            x, w = ctx.saved_tensors
            return outer * w, outer * x

    x, w = (torch.ones(2, requires_grad=True) for _ in range(2))
    grad(Scale.apply(x, w).sum(), x)
    grad(Scale.apply(x, w.detach()).sum(), x)
    assert asked == [(True, True), (True, False)]


def test_functional_jvp_differentiates_backward():
    """So it raises for a function that has a first derivative and no second."""

    class Backward(XExp):
        @staticmethod
        def forward(x, outer):
            return outer * (1 + x) * x.exp()

        @staticmethod
        def backward(ctx, outer_2):
            raise RuntimeError("no second derivative")

    class First(XExp):
        @staticmethod
        def backward(ctx, outer):
            return Backward.apply(*ctx.saved_tensors, outer)

    x = torch.tensor([0.5], requires_grad=True)
    assert grad(First.apply(x), x)[0].item() == pytest.approx(derivative(1, 0.5))
    with pytest.raises(RuntimeError, match="no second derivative"):
        functional.jvp(First.apply, x, torch.ones(1))


def test_a_loss_on_a_jvp(values):
    """With u = w x e^(w x), the loss (u_x - 1)^2 by SymPy, where w = 2 and x = 1/2."""
    w, x = sympy.symbols("w x")
    loss = (sympy.diff(w * x * sympy.exp(w * x), x) - 1) ** 2
    true = sympy.diff(loss, w).subs({w: 2, x: sympy.Rational(1, 2)})
    found = values("guides/autograd_function/jvp_kernel.py")["dL_dw"]
    assert found == pytest.approx(float(true), abs=1e-4)


def test_a_compiled_penalty_of_an_operator(values):
    """The square of (1 + x) e^x has the derivative 2 (1 + x) (2 + x) e^(2 x)."""
    true = 2 * 1.5 * 2.5 * math.e
    found = values("guides/autograd_function/custom_op_fake.py")["dP_dx"]
    assert found == pytest.approx(true, abs=1e-4)


@pytest.mark.parametrize("kept", ["input", "output", "intermediate"])
def test_what_a_trained_jvp_may_save(kept):
    """In a jvp, a saved input or output has its history, and an intermediate value has not."""

    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return x.exp()

        @staticmethod
        def setup_context(ctx, inputs, output):
            (x,) = inputs
            ctx.save_for_backward(output)
            ctx.save_for_forward({"input": x, "output": output, "intermediate": x.exp()}[kept])

        @staticmethod
        def backward(ctx, outer):
            return outer * ctx.saved_tensors[0]

        @staticmethod
        def jvp(ctx, tangent):
            (saved,) = ctx.saved_tensors
            return tangent * (saved.exp() if kept == "input" else saved)

    def loss(function, w):
        x = torch.tensor([0.5, 0.2], dtype=torch.float64)
        slope = torch.func.jvp(lambda x: function(w * x), (x,), (torch.ones_like(x),))[1]
        return (slope - 1).square().sum()

    w = torch.tensor(0.7, dtype=torch.float64)
    true = torch.func.grad(lambda w: loss(torch.exp, w))(w)
    found = torch.func.grad(lambda w: loss(Exp.apply, w))(w)
    assert torch.allclose(found, true) == (kept != "intermediate")
