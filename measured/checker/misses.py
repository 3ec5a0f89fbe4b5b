"""What the checker does not find among the wrong snippets of the site, and why."""

#: Wrong snippet -> (what the checker says, the reason).
MISSES = {
    "pitfalls/compile/silent.py": (
        "right",
        "It is wrong in compiled code alone, and only as it asks for the gradient.",
    ),
    "pitfalls/compile/whole_step.py": (
        "right",
        "It is wrong as a compiled step alone, and the tool asks for a loss.",
    ),
    "pitfalls/norm_at_zero/half.py": (
        "right",
        "It is wrong in float16, and the tool compares in float64.",
    ),
    "pitfalls/saved_intermediates/spectral.py": (
        "right",
        "The tool holds u and v fixed, as PyTorch does; it is wrong because they move.",
    ),
    "pitfalls/checkpointing/obeyed.py": (
        "unsure",
        "Re-entrant checkpointing refuses autograd.grad, which the checker needs.",
    ),
    "pitfalls/backward_create_graph/accumulated.py": (
        "right",
        "The loss has the right gradient; .grad holds it together with an earlier one.",
    ),
    "pitfalls/zero_curvature/relu.py": (
        "right",
        "Autograd is right: the second derivative of such a network is zero.",
    ),
    "recipes/physics_informed_network/flat_target.py": (
        "right",
        "The gradient is that of the loss, which has all pairs of points in it.",
    ),
}
