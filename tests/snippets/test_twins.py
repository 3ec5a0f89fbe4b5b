"""A wrong snippet and the right one beside it: the answer differs, and what follows from it."""

from math import isclose, pi

#: Wrong snippet -> what differs beside the value that its header names: what is computed from
#: that value, or with it, or is what the pair is about.
ALSO_DIFFERS = {
    "learn/check_your_code/half_cut.py": {"dP_dw"},
    "learn/contractive_autoencoder/inert.py": {"P_requires_grad"},
    "learn/contractive_autoencoder/sum_of_units.py": {"P"},
    "pitfalls/all_gather/contrastive.py": {"norms"},
    "pitfalls/all_gather/penalty.py": {"norms"},
    "pitfalls/backward_create_graph/accumulated.py": {"dc_da"},
    "pitfalls/batch_norm/summed.py": {"P", "dP_dw"},
    "pitfalls/compile/silent.py": {"gradient"},
    "pitfalls/compile/whole_step.py": {"w"},
    "pitfalls/compile_func/zeros.py": {"H"},
    "pitfalls/complex/real.py": {"penalty"},
    "pitfalls/cut_in_the_middle/domains.py": {"loss", "slope"},
    "pitfalls/default_flags/critic.py": {"loss"},
    "pitfalls/dropout/checkpoint.py": {"first"},
    "pitfalls/dropout/unseeded.py": {"difference"},
    "pitfalls/eigenvectors/near.py": {"second"},
    "pitfalls/forward_over_reverse/batched.py": {"H"},
    "pitfalls/forward_over_reverse/scatter.py": {"hessian"},
    "pitfalls/frameworks/scaled.py": {"loss", "loss_x", "total"},
    "pitfalls/frameworks/zero_grad.py": {"loss"},
    "pitfalls/functional_over_parameters/regularized.py": {"hessian"},
    "pitfalls/functional_over_parameters/written.py": {"hessian"},
    "pitfalls/functional_over_parameters/zeros.py": {"hessian"},
    "pitfalls/inner_steps/truncated.py": {"w0"},
    "pitfalls/kinks/clamp.py": {"P", "u", "u_x"},
    "pitfalls/leaf_in_place/no_grad.py": {"w"},
    "pitfalls/loops/group_norm.py": {"J"},
    "pitfalls/loops/nested.py": {"calls"},
    "pitfalls/mixed_precision/amp.py": {"found", "loss", "penalty", "slope"},
    "pitfalls/mixed_precision/half_square.py": {"P"},
    "pitfalls/mixed_precision/scaled.py": {"g", "penalty"},
    "pitfalls/no_grad_fn/labeled.py": {"penalty", "slope"},
    "pitfalls/non_scalar_output/laplacian_wrong.py": {"second"},
    "pitfalls/non_scalar_output/mean.py": {"u_xx"},
    "pitfalls/non_scalar_output/ones_jacobian.py": {"J", "P"},
    "pitfalls/norm_at_zero/half.py": {"P"},
    "pitfalls/norm_at_zero/outside.py": {"P"},
    "pitfalls/norm_at_zero/shifted.py": {"P"},
    "pitfalls/optimizer_step/step.py": {"start"},
    "pitfalls/per_sample_penalty/critic.py": {"one_pass"},
    "pitfalls/per_sample_penalty/func_wrong.py": {"P"},
    "pitfalls/per_sample_penalty/images.py": {"dP_dw", "length"},
    "pitfalls/per_sample_penalty/mean.py": {"P", "g", "length"},
    "pitfalls/per_sample_penalty/of_the_mean.py": {"P", "length"},
    "pitfalls/per_sample_penalty/whole_batch.py": {"P", "length"},
    "pitfalls/precision/cancel.py": {"u", "u_x"},
    "pitfalls/score_function/adapted.py": {"inner"},
    "pitfalls/score_function/surrogate.py": {"surrogate"},
    "pitfalls/second_time/obeyed.py": {"loss", "slope"},
    "pitfalls/sharded/kept.py": {"other"},
    "pitfalls/unused_input/obeyed.py": {"loss", "slope"},
    "pitfalls/unused_input/scaled.py": {"u_x"},
    "pitfalls/zero_curvature/relu.py": {"residual", "u_x", "u_xx"},
    "recipes/contractive_autoencoder/relu_formula.py": {"P", "dP_dW"},
    "recipes/curvature/nan_step.py": {"kl_g", "x"},
    "recipes/explanations_in_a_loss/cam_cut.py": {"slope"},
    "recipes/derivatives_on_a_grid/columns.py": {"slope"},
    "recipes/fast_laplacians/squared.py": {"loss"},
    "recipes/explanations_in_a_loss/guided_fired.py": {"slope"},
    "recipes/four_ways/biased_cut.py": {"loss", "theta"},
    "recipes/four_ways/inert_cut.py": {"penalty_with", "weights"},
    "recipes/four_ways/other_cut.py": {"adapted", "inner", "losses", "outer", "start"},
    "recipes/gradient_matching/cut.py": {"slope"},
    "recipes/gradient_penalty_gan/slope_cut.py": {"estimate", "loss", "penalty", "w"},
    "recipes/gradients_as_weights/irm_square.py": {"P"},
    "recipes/hessian_eigenvalues/changing.py": {"Hv", "v"},
    "recipes/gradient_penalty_modern/path_root.py": {"lengths", "penalty"},
    "recipes/input_gradient_regularization/of_mean.py": {"P", "dE_dx", "dP_dw"},
    "recipes/implicit_layer/hook_untransposed.py": {"slope"},
    "recipes/influence_functions/early.py": {"dV_dw", "g", "loss", "mixed", "w"},
    "recipes/influence_functions/fisher.py": {"H"},
    "recipes/library_potentials/angles.py": {"turned"},
    "recipes/library_potentials/dispersion_cut.py": {"curvature"},
    "recipes/library_potentials/ewald_cut.py": {"dE_dstrain"},
    "recipes/library_potentials/kernel_distances.py": {"across"},
    "recipes/lissa/undetached.py": {"counts"},
    "recipes/lissa/undivided.py": {"u"},
    "recipes/neural_fields/pixels.py": {"difference"},
    "recipes/physics_informed_network/flat_target.py": {"residual"},
    "recipes/physics_informed_network/mixed.py": {"h"},
    "recipes/stress/cut.py": {"dE_dstrain"},
    "recipes/without_second_derivative/too_small.py": {"P", "h"},
}


def test_twins_agree_on_all_else(report):
    """What both compute, and is not wrong, is the same: the loss, the penalty, the gradient."""
    found = {}
    for verdict in report.verdicts.values():
        snippet = verdict.snippet
        if snippet.wrong and snippet.right in report.verdicts:
            right = report.verdicts[snippet.right].values
            found[verdict.name] = differing(verdict.values, right) - {snippet.wrong.name}
    assert {name: names for name, names in found.items() if names} == ALSO_DIFFERS


def differing(values, others):
    """The names of numbers that both have, and that are not the same."""
    return {name for name in {*values} & {*others} if not alike(values[name], others[name])}


def alike(value, other):
    """Compare numbers, and lists of them; text says nothing of a derivative."""
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(alike, value, other))
    if isinstance(value, float) and isinstance(other, float):
        return isclose(value, other, rel_tol=1e-5, abs_tol=1e-7)
    return isinstance(value, str) or value == other


def test_alike():
    """A difference in one number of a list is a difference; rounding is none."""
    assert alike([pi, [pi]], [pi, [pi + 1e-6]])
    assert not alike([pi, [pi]], [pi, [pi + 1e-3]])
    assert not alike([pi], [pi, pi])
    assert not alike(True, False)
    assert differing({"a": True, "b": pi, "c": pi}, {"a": True, "b": -pi}) == {"b"}
