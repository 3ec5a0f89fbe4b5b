"""The snippets that the checker cannot be tried on as they are, and how it is tried on them.

By the name of the wrong snippet; each adapter serves its right one, too. A snippet that is not
here is replayed: its last derivative is the one that the checker judges.
"""

import torch
from torch.func import grad

from measured.checker.claims import claimed, gradient, hessian, laplacian, named

ZERO = torch.zeros((), dtype=torch.float64)
ONE = torch.ones((), dtype=torch.float64)
FLOAT32 = torch.float32


def ranks(loss):
    """The gradient on each of two processes; both should have that of the mean of the losses."""
    return claimed(
        torch.ones(2),
        lambda _, w: sum(loss(w, w * x**3, 3 * w * x**2).sum() / 2 for x in (1.0, 2.0)),
        "printed",
    )


def slope_of(name):
    """The derivative of the snippet's function of this name, without forward mode."""
    return lambda right, t: grad(right[name])(t)


def guided(right, W):
    """The squared length of the guided map, written out for a hidden layer of ReLUs."""
    x, first, last = right["x"].detach(), right["net"][0], right["net"][2]
    hidden = torch.relu(x @ W.T + first.bias.detach())
    p = torch.softmax(hidden @ last.weight.T + last.bias, 1)
    back = ((torch.eye(2)[0] - p) @ last.weight).clamp(min=0) * (hidden > 0)
    return (back @ W).square().sum()


TOTAL = ranks(lambda w, y, y_x: y**2 + y_x**2)


def refit(right, s):
    """The value to watch, at the minimum of the loss with these weights of the samples."""
    x, y = right["x"], right["y"]
    w = (s * x * y).sum() / ((s * x * x).sum() + 1)
    return (2 * w - 1) ** 2 / 2


INFLUENCE = claimed(torch.ones(3), refit, "dV_ds")
A_B = claimed(ONE, lambda right, a: right["d"](a, 2.0), "dd_da")

LOSS_OF_WEIGHT = claimed(
    torch.zeros(2, 2),
    lambda right, shift: hessian(lambda w: right["loss"](w[None]), right["net"].weight[0])(shift),
    lambda own: torch.as_tensor(own["hessian"]).reshape(2, 2),
)


def tension(right, t):
    """The slope of the largest eigenvalue, by first-order perturbation theory."""
    v = torch.linalg.eigh(right["a"] + t * right["b"])[1][:, -1]
    return v @ right["b"] @ v


def along(right, t):
    """How the divergence changes along v, where the first bias has been moved."""
    first = torch.eye(3, dtype=torch.float64)[0]
    params = right["params"] | {"0.bias": right["params"]["0.bias"] + t * first}
    g = grad(right["divergence"])(params)
    return sum((g[name] * right["v"][name]).sum() for name in g)


def second_of_square(own):
    """The snippet's number, before it is rounded."""
    x = own["x"]
    first = torch.autograd.grad(own["Recomputed"].apply(x) ** 2, x, create_graph=True)[0]
    return torch.autograd.grad(first, x)[0]


def from_half(right, w):
    """The loss at the points after the start, where the residual is zero."""
    t = torch.tensor([0.5, 1.0], dtype=torch.float64)
    factor = torch.exp(-1 / t) * (t**-2.5 - t**-1.5 / 2 + t**-0.5)
    return (w * factor).square().sum() / 3


ADAPTERS = {
    # guides
    "guides/autograd_function/grad_inside_cut.py": claimed(
        "x", lambda right, x: grad(lambda x: right["f"](x) ** 2)(x), second_of_square
    ),
    "guides/export/branch.py": claimed(
        ZERO, lambda right, t: right["energy"](torch.ones(5) + t * torch.eye(5)[0]), "slope"
    ),
    "guides/functional/once.py": claimed(2 * ONE, lambda _, x: x**3, "product"),
    "guides/which_derivative/fisher_not_detached.py": claimed(
        ZERO, along, lambda own: own["Fv"]["0.bias"][0]
    ),
    # learn
    "learn/check_your_code/saved_intermediate.py": named(of=2, by="x"),
    "learn/contractive_autoencoder/sum_of_units.py": gradient(of="P", by="W b"),
    "learn/torch_func/captured.py": claimed(
        lambda right: right["params"]["0.bias"],
        lambda right, b: right["P"](right["params"] | {"0.bias": b}),
        "dP_db",
    ),
    "learn/torch_func/mixed.py": A_B,
    "learn/torch_func/no_grad_inside.py": A_B,
    # pitfalls, a to f
    "pitfalls/batch_norm/summed.py": gradient(),
    "pitfalls/complex/cast.py": gradient("penalty", by="z"),
    "pitfalls/complex/holomorphic_wrong.py": claimed(
        torch.zeros(2),
        lambda right, s: ((right["z"] + s[0]) ** 3).real + ((right["z"] + s[1]) ** 3).imag,
        "f1",
    ),
    "pitfalls/complex/ones.py": claimed(
        torch.zeros(2),
        lambda _, s: hessian(lambda z: z.pow(2).sum() ** 2, torch.tensor([1.0, 2.0]))(s.diag()),
        lambda found: [found["L_xx"], found["L_yy"]],
    ),
    "pitfalls/complex/real.py": gradient("penalty", by="z"),
    "pitfalls/default_flags/critic.py": named(of=2, by="critic.0.weight critic.2.weight"),
    "pitfalls/distributed_data_parallel/penalty_only.py": ranks(lambda w, y, y_x: y_x**2),
    "pitfalls/cut_in_the_middle/domains.py": named(of=3, by="net.0.weight"),
    "pitfalls/dropout/checkpoint.py": claimed(
        "x", lambda right, x: x.pow(3)[right["u"] != 0].sum() / 0.5, "u_x"
    ),
    "pitfalls/dropout/unseeded.py": claimed(
        ZERO, lambda right, t: right["penalty"](right["x"] + t * right["direction"]), "difference"
    ),
    "pitfalls/compile/whole_step.py": claimed(  # no gradient moves nothing, as zero does
        ONE, lambda _, w: 208 * w**2, lambda own: own["dT_dw"] or 0.0
    ),
    "pitfalls/compile_func/zeros.py": claimed(
        ZERO, lambda right, t: grad(right["f"])(torch.stack([2 + t, ONE]))[0], "second"
    ),
    "pitfalls/eigenvectors/wrong.py": claimed(ZERO, tension, "second"),
    "pitfalls/forward_over_reverse/batched.py": claimed(
        ZERO,
        lambda right, t: grad(right["logdet"])(
            right["A"][1] + torch.stack([t, 0 * t]).diag(),
        )[0, 0],
        "second",
    ),
    "pitfalls/forward_over_reverse/custom.py": claimed(
        "x", lambda right, x: right["first"](x), "second"
    ),
    "pitfalls/forward_over_reverse/det.py": claimed(
        ZERO,
        lambda _, t: grad(torch.linalg.det)(torch.eye(2) + torch.stack([0 * t, t]).diag())[0, 0],
        "mixed",
    ),
    "pitfalls/forward_over_reverse/kernel.py": claimed(
        torch.zeros(2, 2),
        lambda right, shift: hessian(right["kernel"], torch.zeros(2))(shift),
        "hessian",
    ),
    "pitfalls/forward_over_reverse/laplacian.py": claimed(
        ZERO,
        lambda right, shift: laplacian(lambda x: right["net"](x)[0], right["x"])(shift),
        "laplacian",
    ),
    "pitfalls/forward_over_reverse/scatter.py": claimed(
        "x", lambda right, x: grad(right["product"])(x)[0], "row"
    ),
    "pitfalls/frameworks/scaled.py": gradient(),
    "pitfalls/frameworks/zero_grad.py": gradient(),
    "pitfalls/functional_over_parameters/func.py": claimed(
        torch.zeros(2, 2),
        lambda right, shift: hessian(
            lambda w: right["loss"]({"weight": w[None]}), right["net"].weight[0]
        )(shift),
        "hessian",
    ),
    "pitfalls/functional_over_parameters/zeros.py": claimed(
        torch.zeros(2, 2),
        lambda right, shift: hessian(lambda w: right["loss"](w[None]), right["net"].weight[0])(
            shift
        ),
        "hessian",
    ),
    # pitfalls, k to z
    "pitfalls/kinks/clamp.py": gradient(),
    "pitfalls/leaf_in_place/parameter.py": named(by="w"),
    "pitfalls/loops/group_norm.py": claimed(  # both rows of the Jacobian
        "x", lambda right, x: right["f"](x[0]).sum(), lambda own: own["J"].reshape(2, -1).sum(0)
    ),
    "pitfalls/mixed_precision/half_square.py": claimed(
        ONE, lambda right, t: (t * right["g"].double()).norm(), "length"
    ),
    "pitfalls/mixed_precision/inner_underflow.py": claimed(  # in units of 2^-25
        "w", lambda _, w: w**2 / 2, lambda found: found["g"] * 2**25
    ),
    "pitfalls/mixed_precision/scaled.py": gradient(),
    "pitfalls/no_grad/func.py": claimed(ONE, lambda right, a: right["loss"](a), "slope"),
    "pitfalls/no_grad_fn/labeled.py": named(of=2, by="net.0.weight"),
    "pitfalls/non_scalar_output/laplacian_wrong.py": claimed(
        ZERO,
        lambda right, shift: laplacian(lambda x: x.prod() ** 2, right["x"])(shift),
        "laplacian",
    ),
    "pitfalls/non_scalar_output/mean.py": claimed("x", lambda _, x: x.pow(3).sum(), "u_x"),
    "pitfalls/non_scalar_output/ones_jacobian.py": gradient(),
    "pitfalls/per_sample_penalty/images.py": gradient(),
    "pitfalls/per_sample_penalty/mean.py": gradient(),
    "pitfalls/per_sample_penalty/of_the_mean.py": gradient(),
    "pitfalls/per_sample_penalty/whole_batch.py": gradient(),
    "pitfalls/precision/second_difference.py": claimed("x", slope_of("u"), "u_xx", FLOAT32),
    "pitfalls/second_time/again.py": claimed("x", lambda _, x: 3 * x**2, "second"),
    "pitfalls/second_time/obeyed.py": named(of=2, by="net.0.weight"),
    "pitfalls/unused_input/obeyed.py": gradient(of=2, by="net.0.weight"),
    "pitfalls/unused_input/scaled.py": claimed(
        "x", lambda _, x: (10 * (10 * x).cos()).sum(), "u_xx"
    ),
    # recipes
    "pitfalls/vmap/built.py": claimed("x", lambda right, x: right["f"](x), "slope"),
    "pitfalls/vmap/silent.py": claimed(2 * ONE, lambda right, x: right["f"](x), "slope"),
    "recipes/contractive_autoencoder/backward_ones.py": gradient(
        by="W", number=lambda own: own["W"].grad
    ),
    "recipes/contractive_autoencoder/relu_formula.py": gradient(),
    "recipes/curvature/kl_undetached.py": claimed(  # the gradient of the divergence, along v
        "w",
        lambda right, w: (
            2 * (torch.softmax(w * right["x"], 0) - torch.softmax(right["x"] / 2, 0)) @ right["x"]
        ),
        "Fv",
    ),
    "recipes/explanations_in_a_loss/guided_fired.py": claimed(
        lambda right: right["net"][0].weight, lambda right, W: guided(right, W), "slope"
    ),
    "recipes/flows_and_neural_odes/adjoint_cut.py": claimed(
        "a",
        lambda right, a: (
            right["solve"](right["y0"].detach(), a)
            + grad(lambda y: right["solve"](y, a))(right["y0"].detach()) ** 2
        ),
        "dL_da",
    ),
    "recipes/flows_and_neural_odes/jvp_cut.py": claimed(
        "w", lambda right, w: ((2 - w) * torch.exp(-w * right["t"])) ** 2, "dL_dw"
    ),
    "recipes/four_ways/biased_cut.py": named(of=2, by="theta"),
    "recipes/four_ways/inert_cut.py": claimed(  # how the trained penalty changes with its strength
        ONE,
        lambda right, strength: ONE * right["train"](strength.item())[1],
        lambda own: (own["train"](1 + 1e-4)[1] - own["train"](1 - 1e-4)[1]) / 2e-4,
    ),
    "recipes/four_ways/other_cut.py": named(of=2, by="start"),
    "recipes/gradient_penalty_gan/slope_cut.py": gradient(of=4, right_of=2, by="w"),
    "recipes/gradients_as_weights/gradnorm_backward.py": claimed(
        lambda right: right["trunk"].weight,
        lambda right, W: (
            (
                right["heads"](torch.tanh(right["x"] @ W.T + right["trunk"].bias.detach()))
                - right["y"]
            )
            .square()
            .mean(0)
            .sum()
        ),
        lambda own: own["trunk"].weight.grad,
    ),
    "recipes/gradients_as_weights/irm_square.py": claimed(  # the square of the mean slope
        "w",
        lambda right, w: (2 * w * right["x"] * (w * right["x"] - right["y"])).mean() ** 2,
        "dP_dw",
    ),
    "recipes/hessian_eigenvalues/changing.py": claimed(  # how v H v grows, at the top
        ONE,
        lambda right, t: t * torch.linalg.eigvalsh(right["X"].T @ right["X"] / 4)[-1],
        "top",
    ),
    "recipes/hessian_vector_products/along_gradient_twice.py": claimed(
        "w",
        lambda right, w: (
            grad(lambda w: torch.nn.functional.softplus(-right["y"] * (right["X"] @ w)).mean())(w)
            @ right["v"]
        ),
        "Hv",
    ),
    "recipes/derivatives_on_a_grid/columns.py": claimed(
        ZERO, lambda right, t: right["gain"][1] * torch.sin(t), "u_x"
    ),
    "recipes/derivatives_on_a_grid/trunk_sum.py": claimed(
        ZERO, lambda right, t: right["branch"][0, 0] * t, lambda own: own["u_x"][0][0]
    ),
    "recipes/fast_laplacians/hidden.py": claimed("a", lambda _, a: a / 2 + 1 / (8 * a), "dE_da"),
    "recipes/fast_laplacians/squared.py": claimed("w", lambda _, w: (2 * w) ** 2, "dloss_dw"),
    "recipes/implicit_differentiation/unrolled_cut.py": named("V", by="rho"),
    "recipes/influence_functions/early.py": INFLUENCE,
    "recipes/influence_functions/fisher.py": INFLUENCE,
    "recipes/input_gradient_regularization/of_mean.py": gradient(),
    "recipes/lissa/undivided.py": claimed(  # the solution, as a gradient in the right side
        "v",
        lambda right, v: (
            v @ torch.linalg.solve(right["X"].T @ right["X"] / 3 + torch.eye(2) / 10, v) / 2
        ),
        "u",
    ),
    "recipes/physics_informed_network/mixed.py": claimed(  # at t = 1
        2 * ONE, lambda _, x: grad(torch.square)(x), "u_xx"
    ),
    "recipes/pde_operators/vector_sum.py": claimed(  # at x = 1
        ONE, lambda _, x: 2 * x, lambda own: own["laplacian"][0][0]
    ),
    "recipes/physics_informed_network/start.py": claimed("w", from_half, "slope", FLOAT32),
    "recipes/score_matching/sum.py": claimed(  # along each coordinate, the score's own component
        torch.zeros(2),
        lambda right, t: sum(
            torch.tanh(right["A"][i] @ (right["x"] + t[:, None] * torch.eye(2)[i]).T).sum()
            for i in range(2)
        ),
        "trace",
    ),
    "recipes/without_second_derivative/too_small.py": claimed(
        "w",
        lambda right, w: (w * (1 - torch.tanh(w * right["x"]) ** 2)) ** 2,
        "dP_dw",
        FLOAT32,
    ),
    "pitfalls/distributed_data_parallel/reduced.py": claimed(
        torch.ones(2),
        lambda _, w: (w * 65).pow(2).sum(),
        "printed",
    ),
    "pitfalls/functional_over_parameters/regularized.py": LOSS_OF_WEIGHT,
    "pitfalls/functional_over_parameters/written.py": LOSS_OF_WEIGHT,
    "pitfalls/optimizer_step/maml.py": named(by="net.0.weight"),
    "pitfalls/once_differentiable/func.py": claimed(ONE / 2, lambda _, x: 2 * x, "second"),
    "pitfalls/per_sample_penalty/func_wrong.py": gradient(),
    "pitfalls/precision/cancel.py": claimed(  # the first terms of the first derivative
        ONE / 100, lambda _, x: -x / 4 + x**3 / 4, "u_xx", FLOAT32
    ),
    "recipes/library_potentials/dispersion_cut.py": claimed(  # the first derivative
        "r", lambda _, r: 2 * (r - 1) + 6 * r**-7, "curvature"
    ),
    "recipes/library_potentials/ewald_cut.py": gradient(),  # of the right energy
    "recipes/neural_fields/pixels.py": claimed(  # the difference per unit of the coordinate
        ZERO, lambda right, x: x * right["difference"][49], lambda own: own["difference"][49]
    ),
}

#: The wrong number is no derivative at all.
EXEMPT = {
    "pitfalls/dropout/products.py": "It says whether products belong to one matrix.",
    "pitfalls/graph_kept_alive/running.py": "It counts saved tensors in memory.",
    "pitfalls/inner_steps/evaluation.py": "It counts memory.",
    "pitfalls/loops/nested.py": "It counts backward passes.",
    "recipes/curvature/nan_step.py": "It says whether a step is finite.",
    "recipes/gradient_penalty_modern/path_root.py": "It says whether a gradient is finite.",
    "recipes/library_potentials/angles.py": "The loss itself is nan, and has no slope to compare.",
    "pitfalls/precision/overflow.py": "It says whether a second derivative is finite.",
    "pitfalls/precision/tiny.py": "It says whether a second derivative is finite.",
    "pitfalls/precision/loose.py": "It is a test that is too loose; what it tests is wrong anyway.",
    "pitfalls/sharded/kept.py": "Its weights are stale; the gradient at these weights is right.",
    "pitfalls/graph_kept_alive/loop.py": "It counts batches in memory.",
    "pitfalls/backward_create_graph/critic.py": "It counts batches in memory.",
    "pitfalls/distributed_data_parallel/critic.py": "It compares weights across ranks.",
    "recipes/lissa/undetached.py": "It counts nodes of a graph.",
    "pitfalls/all_gather/contrastive.py": "It compares a gradient across ranks.",
    "pitfalls/all_gather/penalty.py": "It compares a gradient across ranks.",
    "pitfalls/batch_norm/critic.py": "It says whether gradients stay when another sample moves.",
    "pitfalls/mixed_precision/amp.py": "It says whether two penalties agree.",
    "pitfalls/per_sample_penalty/critic.py": "It says whether two penalties agree.",
}
