"""What is measured: PyTorch's own operator database, and what people call.

``torch.testing._internal`` is private: where it changes, ``known`` says so and ends.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten

from measured.operators.called import CALLED

#: Precise enough for a finite difference; the first that an operator takes.
PRECISE = (torch.float64, torch.complex128)


class Entry(NamedTuple):
    """One row of the table."""

    #: Where it comes from: "operator" for PyTorch's database, "called" for what people call.
    kind: str
    key: str
    #: Called without arguments, yields (function, inputs) for each sample.
    samples: Callable
    #: What PyTorch itself declares, or None.
    declared: bool | None = None
    nondeterminism: float = 0.0
    #: Whether it takes whole numbers and truth values alone.
    whole: bool = False


@cache
def known() -> dict[str, Entry]:
    """Return all entries by kind and key. Raises ImportError if PyTorch's database has moved."""
    try:
        from torch.testing._internal.common_methods_invocations import op_db
    except ImportError as error:
        message = f"PyTorch {torch.__version__} has no operator database where 2.13 has it: {error}"
        raise ImportError(message) from error
    found = [Entry("called", name, samples) for name, samples in CALLED.items()]
    for op in op_db:
        key = f"{op.name}.{op.variant_test_name}".removesuffix(".")
        declared = op.supports_autograd and op.supports_gradgrad
        samples = partial(_samples, op)
        kinds = {(dtype.is_floating_point, dtype.is_complex) for dtype in op.dtypes}
        whole = kinds == {(False, False)}
        found.append(Entry("operator", key, samples, declared, op.gradcheck_nondet_tol, whole))
    return {f"{one.kind} {one.key}": one for one in sorted(found, key=lambda one: one[:2])}


def _samples(op):
    """Yield each sample of an operator as a function of its differentiable tensors, and those."""
    dtypes = [dtype for dtype in PRECISE if dtype in op.supported_dtypes("cpu")]
    for sample in op.sample_inputs("cpu", dtypes[0], op.supports_autograd) if dtypes else ():
        flat, spec = tree_flatten((sample.input, sample.args, sample.kwargs))
        given = {
            index: item
            for index, item in enumerate(flat)
            if isinstance(item, torch.Tensor) and item.requires_grad
        }
        yield partial(_output, op, sample, flat, spec, list(given)), list(given.values())


def _output(op, sample, flat, spec, chosen, *inputs):
    """What an operator makes of a sample with other tensors in the chosen places."""
    moved = dict(zip(chosen, inputs, strict=True))
    items = [moved.get(index, item) for index, item in enumerate(flat)]
    first, args, kwargs = tree_unflatten(items, spec)
    output = op.gradcheck_wrapper(op.op, first, *args, **kwargs)
    process = sample.output_process_fn_grad
    return output if process is None else process(output)
