"""What is measured: PyTorch's own operator database, and what people call.

``torch.testing._internal`` is private: where it changes, ``database`` says so and ends.
"""

from dataclasses import dataclass, field

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten


@dataclass(frozen=True)
class Entry:
    """One row of the table."""

    name: str
    variant: str
    #: Where it comes from: "operator" for PyTorch's database, "called" for what people call.
    kind: str
    #: Called without arguments, yields (function, inputs) for each sample.
    samples: object = field(repr=False)
    #: What PyTorch itself declares, or None.
    declared: bool | None = None
    nondeterminism: float = 0.0

    @property
    def key(self):
        return f"{self.name}.{self.variant}" if self.variant else self.name


def entries() -> dict[str, Entry]:
    """Return all entries by kind and key. Raises ImportError if PyTorch's database has moved."""
    from measured.operators.called import CALLED

    found = sorted([*_database(), *CALLED], key=lambda entry: (entry.kind, entry.key))
    return {f"{entry.kind} {entry.key}": entry for entry in found}


def _database():
    try:
        from torch.testing._internal.common_methods_invocations import op_db
    except ImportError as error:
        message = f"PyTorch {torch.__version__} has no operator database where 2.13 has it: {error}"
        raise ImportError(message) from error
    for op in op_db:
        yield Entry(
            op.name,
            op.variant_test_name,
            "operator",
            lambda op=op: _samples(op),
            declared=op.supports_autograd and op.supports_gradgrad,
            nondeterminism=op.gradcheck_nondet_tol,
        )


def _samples(op):
    """Yield (function, inputs) for each sample of an operator of the database."""
    if torch.float64 not in op.supported_dtypes("cpu"):
        return
    for sample in op.sample_inputs("cpu", torch.float64, requires_grad=op.supports_autograd):
        yield _callable(op, sample)


def _callable(op, sample):
    """Turn a sample into a function of its differentiable tensors alone."""
    flat, spec = tree_flatten((sample.input, sample.args, sample.kwargs))
    chosen = [
        index
        for index, item in enumerate(flat)
        if isinstance(item, torch.Tensor) and item.requires_grad
    ]

    def function(*inputs):
        moved = dict(zip(chosen, inputs, strict=True))
        items = [moved.get(index, item) for index, item in enumerate(flat)]
        first, args, kwargs = tree_unflatten(items, spec)
        output = op.gradcheck_wrapper(op.op, first, *args, **kwargs)
        if sample.output_process_fn_grad is not None:
            output = sample.output_process_fn_grad(output)
        return output

    return function, [flat[index] for index in chosen]
