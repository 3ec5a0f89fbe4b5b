"""What people call, with realistic shapes: modules, losses, attention by backend, layers."""

import inspect
import re
import tomllib
from functools import partial
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.utils import parametrizations
from torch.optim import _functional as functional


def _tensor(shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def _module(make, *shapes, train=True, pick=lambda output: output, constants=()):
    """A sample: a module as a function of its inputs and parameters.

    ``constants`` follow the inputs, and are not differentiated.
    """

    def samples():
        torch.manual_seed(0)
        module = make().double().train(train)
        weights = {name: weight.detach() for name, weight in module.named_parameters()}
        inputs = [_tensor(shape, seed) for seed, shape in enumerate(shapes)]

        def function(*given):
            moved, state = given[: len(inputs)], given[len(inputs) :]
            state = dict(zip(weights, state, strict=True))
            state |= {name: buffer.clone() for name, buffer in module.named_buffers()}
            return pick(torch.func.functional_call(module, state, (*moved, *constants)))

        yield function, [*inputs, *weights.values()]

    return samples


def _function(function, *inputs):
    """A sample: a function at tensors, or at random ones of these shapes."""
    tensors = [
        value if isinstance(value, torch.Tensor) else _tensor(value, seed)
        for seed, value in enumerate(inputs)
    ]
    return lambda: [(function, tensors)]


LISTED = Path(__file__).with_name("modules.toml")
#: Group of that list -> what is added to a name in each of its rows, and how it is measured.
GROUPS = {
    "plain": {"": {}},
    "stateful": {"": {"pick": itemgetter(0)}},
    "twofold": {", train": {}, ", eval": {"train": False}},
}

#: Losses that are not listed there: what they take beside an input is made of it.
LOSSES = {
    "BCELoss": lambda x: F.binary_cross_entropy(x.sigmoid(), torch.full_like(x, 0.3)),
    "CosineEmbeddingLoss": lambda x: F.cosine_embedding_loss(x, x.flip(0), torch.ones(len(x))),
    "CTCLoss": lambda x: F.ctc_loss(
        x.reshape(5, 1, -1).log_softmax(-1), torch.tensor([[1, 2]]), (5,), (2,)
    ),
    "GaussianNLLLoss": lambda x: F.gaussian_nll_loss(x, torch.zeros_like(x), x.exp()),
    "HingeEmbeddingLoss": lambda x: F.hinge_embedding_loss(x, x.detach().sign()),
    "KLDivLoss": lambda x: F.kl_div(x.log_softmax(1), torch.full_like(x, 0.2), reduction="sum"),
    "MarginRankingLoss": lambda x: F.margin_ranking_loss(x, x.flip(0), torch.ones_like(x)),
    "MultiLabelMarginLoss": lambda x: F.multilabel_margin_loss(x, torch.zeros_like(x).long()),
    "NLLLoss": lambda x: F.nll_loss(x.log_softmax(1), torch.arange(5) % 4),
    "TripletMarginLoss": lambda x: F.triplet_margin_loss(x, x.flip(0), x.roll(1, 0)),
    "TripletMarginWithDistanceLoss": lambda x: F.triplet_margin_with_distance_loss(
        x, x.flip(0), x.roll(1, 0)
    ),
}

DISTANCES = {
    "cdist p=2, without matrix product": partial(
        torch.cdist, compute_mode="donot_use_mm_for_euclid_dist"
    ),
    "pairwise_distance": F.pairwise_distance,
    "cosine_similarity": F.cosine_similarity,
} | {f"cdist p={p}": partial(torch.cdist, p=p) for p in (0.5, 1.0, 2.0, 3.0)}

INDEX = torch.tensor([[0, 2], [1, 1]])
DOUBLE = {"dtype": torch.float64}
#: Functions, and at what: a shape, or a tensor where something special happens.
FUNCTIONS = {
    "nn.Embedding": (partial(F.embedding, INDEX), (4, 3)),
    "linalg.eigh, equal eigenvalues": (
        lambda x: torch.linalg.eigh(x + x.mT + torch.eye(3)).eigenvalues,
        torch.zeros(3, 3, **DOUBLE),
    ),
    "linalg.svdvals, equal values": (torch.linalg.svdvals, torch.eye(3, **DOUBLE)),
    "linalg.vector_norm, at zero": (torch.linalg.vector_norm, torch.zeros(3, **DOUBLE)),
    "linalg.det, singular": (torch.linalg.det, torch.diag(torch.tensor([1.0, 2, 0], **DOUBLE))),
    "relu, at zero": (torch.relu, torch.zeros(2, **DOUBLE)),
    "abs, at zero": (torch.abs, torch.zeros(2, **DOUBLE)),
    "amax, at a tie": (partial(torch.amax, dim=0), torch.ones(2, **DOUBLE)),
    "max, at a tie": (lambda x: x.max(dim=0).values, torch.ones(2, **DOUBLE)),
    "cdist(x, x)": (lambda x: torch.cdist(x, x), (4, 3)),
    "cdist(x, x), use_mm_for_euclid_dist": (
        lambda x: torch.cdist(x, x, compute_mode="use_mm_for_euclid_dist"),
        (4, 3),
    ),
    "sqrt, at zero": (torch.sqrt, torch.zeros(2, **DOUBLE)),
    "atan2": (torch.atan2, (3,), (3,)),
    "logsumexp": (partial(torch.logsumexp, dim=0), (4, 3)),
    # As many positions as channels in a group, where the sizes of a batched pass happen to fit.
    "group_norm, small": (lambda x: F.group_norm(x, 2), (1, 4, 2)),
    "pow, negative exponent": (lambda x: x**-1.5, _tensor((4,)).abs() + 0.5),
}

#: A layer whose weight is computed anew from others at each call.
PARAMETRIZED = {
    "weight_norm": parametrizations.weight_norm,
    "spectral_norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
}

#: Embeddings with what changes their gradients.
EMBEDDINGS = {
    "nn.Embedding, sparse": {"sparse": True},
    "nn.Embedding, padding_idx": {"padding_idx": 1},
    "nn.Embedding, scale_grad_by_freq": {"scale_grad_by_freq": True},
}

#: How scaled_dot_product_attention is called without choosing a kernel.
ATTENTION = {
    "default": {},
    "causal": {"is_causal": True},
    "dropout": {"dropout_p": 0.5},
    "mask": {"attn_mask": torch.ones(5, 5).tril().bool()},
}

#: Keywords of grid_sample, beside its mode.
PADDED = ("zeros", "border", "reflection")

#: A step of an optimizer as a function of the weights and their gradient, on copies.
STEPS = {
    "plain": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True, "foreach": False},
}
ADAM = {"beta1": 0.9, "beta2": 0.99, "eps": 1e-3, "amsgrad": False, "lr": 0.1, "maximize": False}
SGD = {"momentum": 0.9, "dampening": 0.0, "nesterov": False, "lr": 0.1, "maximize": False}


def _adam(weight, gradient, differentiable=False, **how):
    after, state = weight.clone(), [[torch.zeros_like(weight)] for _ in range(2)]
    how |= {"differentiable": differentiable, "weight_decay": 0.01}
    functional.adam([after], [gradient], *state, [], [torch.tensor(0.0)], **how, **ADAM)
    return after


def _sgd(weight, gradient, **how):
    after, momentum = weight.clone(), torch.ones_like(weight)
    functional.sgd([after], [gradient], [momentum], **how, weight_decay=0.01, **SGD)
    return after


SMALL = {"dim_feedforward": 6, "dropout": 0.0, "batch_first": True}
ENCODER = partial(nn.TransformerEncoderLayer, 4, 2, **SMALL)
DECODER = partial(nn.TransformerDecoderLayer, 4, 2, **SMALL)
TRANSFORMERS = {
    "TransformerEncoderLayer": (ENCODER, (2, 3, 4)),
    "TransformerEncoder": (lambda: nn.TransformerEncoder(ENCODER(), 2), (2, 3, 4)),
    "TransformerDecoderLayer": (DECODER, (2, 3, 4), (2, 5, 4)),
    "TransformerDecoder": (lambda: nn.TransformerDecoder(DECODER(), 2), (2, 3, 4), (2, 5, 4)),
    "Transformer": (lambda: nn.Transformer(4, 2, 1, 1, **SMALL), (2, 3, 4), (2, 5, 4)),
}


class _Packed(nn.Module):
    """A recurrent layer over sequences of lengths 5 and 3."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell(3, 4)

    def forward(self, x):
        packed = nn.utils.rnn.pack_padded_sequence(x, [5, 3])
        return self.cell(packed)[0].data


def _unpooled(sides):
    """A maximum pooling and its inverse, which needs the places of the maxima."""
    pool = getattr(nn, f"MaxPool{sides}d")(2, return_indices=True)
    unpool = getattr(nn, f"MaxUnpool{sides}d")(2)
    return lambda x: unpool(*pool(x))


def listed(text: str):
    """Yield the name and the samples of each row of a list of modules, ``modules.toml``.

    Raises ValueError for an entry that no module can be made of, with its name.
    """
    for group, modules in tomllib.loads(text).items():
        for name, entry in modules.items():
            try:
                yield from _rows(group, name, **entry)
            except (AttributeError, KeyError, TypeError) as error:
                raise ValueError(f"{LISTED.name}: [{group}] {name}: {error}") from error


def _rows(group, name, shapes, args=(), kwargs=MappingProxyType({}), labels=0, target=None):
    """The rows of an entry. Raises TypeError for arguments that its class does not take."""
    kind = getattr(nn, re.split("[ ,]", name)[0])
    inspect.signature(kind).bind(*args, **kwargs)
    make = partial(kind, *args, **kwargs)
    constants = (torch.arange(shapes[0][0]) % labels,) if labels else ()
    constants += (torch.full(shapes[0], target, **DOUBLE),) if target is not None else ()
    for suffix, how in GROUPS[group].items():
        yield name + suffix, _module(make, *shapes, constants=constants, **how)


def _modules():
    """Yield the name and the samples of each module of torch.nn."""
    yield from listed(LISTED.read_text(encoding="utf-8"))
    for name, (make, *shapes) in TRANSFORMERS.items():
        for suffix, how in GROUPS["twofold"].items():
            yield name + suffix, _module(make, *shapes, **how)
    for sides in (1, 2, 3):
        yield f"MaxUnpool{sides}d", _function(_unpooled(sides), (1, 2, *[4] * sides))
    for name, loss in LOSSES.items():
        yield name, _function(loss, (5, 4))
    for mode in ("sum", "mean", "max"):
        yield f"EmbeddingBag, {mode}", _function(partial(F.embedding_bag, INDEX, mode=mode), (4, 3))
    bag = lambda table, scale: F.embedding_bag(  # noqa: E731
        INDEX, table, per_sample_weights=scale, mode="sum"
    )
    yield "EmbeddingBag, per_sample_weights", _function(bag, (4, 3), (2, 2))
    for name, parametrize in PARAMETRIZED.items():
        for suffix, how in GROUPS["twofold"].items():
            make = lambda parametrize=parametrize: parametrize(nn.Linear(4, 3))  # noqa: E731
            yield f"utils.parametrizations.{name}{suffix}", _module(make, (5, 4), **how)


def _functions():
    """Yield the name and the samples of each function."""
    for name, (function, *inputs) in FUNCTIONS.items():
        yield name, _function(function, *inputs)
    for name, distance in DISTANCES.items():
        yield name, _function(distance, (4, 3), (4, 3))
    for backend in ("MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION"):
        attention = sdpa_kernel(getattr(SDPBackend, backend))(F.scaled_dot_product_attention)
        yield f"scaled_dot_product_attention, {backend}", _function(attention, *[(1, 2, 5, 8)] * 3)
    for name, how in ATTENTION.items():
        attention = partial(F.scaled_dot_product_attention, **how)
        yield f"scaled_dot_product_attention, {name}", _function(attention, *[(1, 2, 5, 8)] * 3)
    yield (
        "scaled_dot_product_attention, 3-D",
        _function(F.scaled_dot_product_attention, *[(2, 5, 8)] * 3),
    )
    for mode in ("bilinear", "nearest", "bicubic"):
        for padding in PADDED:
            sample = partial(F.grid_sample, mode=mode, padding_mode=padding, align_corners=False)
            # Some of the places are outside, where the padding matters.
            wide = lambda x, grid, sample=sample: sample(x, 1.5 * grid.tanh())  # noqa: E731
            name = f"grid_sample, {mode}, {padding}"
            yield name, _function(wide, (1, 2, 4, 4), (1, 3, 3, 2))
    sample = partial(F.grid_sample, align_corners=False)
    yield "grid_sample, 3-D", _function(sample, (1, 2, 3, 3, 3), (1, 2, 2, 2, 3))
    yield (
        "affine_grid",
        _function(lambda theta: F.affine_grid(theta, (1, 2, 3, 3), align_corners=False), (1, 2, 3)),
    )
    for name, how in EMBEDDINGS.items():
        yield name, _function(partial(F.embedding, INDEX, **how), (4, 3))
    renormed = lambda table: F.embedding(INDEX, table.clone(), max_norm=0.5)  # noqa: E731
    yield "nn.Embedding, max_norm", _function(renormed, (4, 3))
    for name, how in STEPS.items():
        yield f"optim.adam, {name}", _function(partial(_adam, **how), (4,), (4,))
        yield f"optim.sgd, {name}", _function(partial(_sgd, **how), (4,), (4,))
    yield (
        "optim.adam, differentiable",
        _function(partial(_adam, differentiable=True, foreach=False), (4,), (4,)),
    )
    for mode in ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area"):
        sides = {"linear": 1, "trilinear": 3}.get(mode, 2)
        resize = partial(F.interpolate, scale_factor=2, mode=mode)
        yield f"interpolate, {mode}", _function(resize, (1, 2, *[4] * sides))
    for mode in ("bilinear", "bicubic"):
        resize = partial(F.interpolate, scale_factor=0.5, mode=mode, antialias=True)
        yield f"interpolate, {mode}, antialias", _function(resize, (1, 2, 6, 6))
    for name, cell in (("LSTM", nn.LSTM), ("GRU", nn.GRU)):
        yield f"nn.{name}, packed", _module(partial(_Packed, cell), (5, 2, 3))


#: Name -> what yields (function, inputs) for each sample.
CALLED = {f"nn.{name}": samples for name, samples in _modules()} | dict(_functions())
