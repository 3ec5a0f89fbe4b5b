"""What people call, with realistic shapes: modules, losses, attention by backend, layers."""

from functools import partial
from itertools import product
from operator import itemgetter

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel


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


ACTIVATIONS = """
    CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid
    LogSoftmax Mish PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmin Softplus
    Softshrink Softsign Tanh Tanhshrink
"""

NORMALIZATIONS = {
    "BatchNorm1d": (lambda: nn.BatchNorm1d(4), (8, 4)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3), (4, 3, 4, 4)),
    "BatchNorm3d": (lambda: nn.BatchNorm3d(2), (3, 2, 2, 2, 2)),
    "InstanceNorm1d": (lambda: nn.InstanceNorm1d(3, affine=True), (2, 3, 4)),
    "InstanceNorm2d": (lambda: nn.InstanceNorm2d(3, affine=True), (2, 3, 4, 4)),
    "InstanceNorm3d": (lambda: nn.InstanceNorm3d(2, affine=True), (2, 2, 2, 2, 2)),
    "LayerNorm": (lambda: nn.LayerNorm(6), (4, 6)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), (3, 4, 5)),
    "RMSNorm": (lambda: nn.RMSNorm(6), (4, 6)),
    "LocalResponseNorm": (lambda: nn.LocalResponseNorm(2), (2, 4, 5)),
    "CrossMapLRN2d": (lambda: nn.CrossMapLRN2d(2), (2, 4, 3, 3)),
}

LAYERS = {
    "Linear": (lambda: nn.Linear(4, 3), (5, 4)),
    "Bilinear": (lambda: nn.Bilinear(3, 2, 4), (5, 3), (5, 2)),
    "Conv1d": (lambda: nn.Conv1d(2, 3, 3), (2, 2, 8)),
    "Conv2d": (lambda: nn.Conv2d(2, 3, 3, padding=1), (2, 2, 5, 5)),
    "Conv2d strided": (lambda: nn.Conv2d(2, 3, 3, stride=2), (2, 2, 7, 7)),
    "Conv2d grouped": (lambda: nn.Conv2d(4, 4, 3, groups=2), (2, 4, 5, 5)),
    "Conv3d": (lambda: nn.Conv3d(1, 2, 2), (1, 1, 3, 3, 3)),
    "ConvTranspose1d": (lambda: nn.ConvTranspose1d(2, 2, 3), (2, 2, 4)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(2, 2, 3), (2, 2, 4, 4)),
    "ConvTranspose3d": (lambda: nn.ConvTranspose3d(1, 2, 2), (1, 1, 3, 3, 3)),
    "FractionalMaxPool2d": (lambda: nn.FractionalMaxPool2d(2, output_size=3), (1, 2, 6, 6)),
    "FractionalMaxPool3d": (lambda: nn.FractionalMaxPool3d(2, output_size=2), (1, 2, 4, 4, 4)),
    "PixelShuffle": (lambda: nn.PixelShuffle(2), (1, 4, 3, 3)),
    "PixelUnshuffle": (lambda: nn.PixelUnshuffle(2), (1, 2, 4, 4)),
    "ChannelShuffle": (lambda: nn.ChannelShuffle(2), (1, 4, 3, 3)),
    "Upsample": (lambda: nn.Upsample(scale_factor=2), (1, 2, 3, 3)),
    "UpsamplingBilinear2d": (lambda: nn.UpsamplingBilinear2d(scale_factor=2), (1, 2, 3, 3)),
    "UpsamplingNearest2d": (lambda: nn.UpsamplingNearest2d(scale_factor=2), (1, 2, 3, 3)),
    "Fold": (lambda: nn.Fold((4, 4), 2), (1, 8, 9)),
    "Unfold": (lambda: nn.Unfold(2), (1, 2, 4, 4)),
    "Flatten": (lambda: nn.Flatten(), (2, 3, 4)),
    "Unflatten": (lambda: nn.Unflatten(1, (3, 2)), (2, 6)),
    "Identity": (lambda: nn.Identity(), (3, 4)),
    "Softmax2d": (lambda: nn.Softmax2d(), (2, 3, 2, 2)),
    "Threshold": (lambda: nn.Threshold(0.1, 0.5), (3, 4)),
    "CosineSimilarity": (lambda: nn.CosineSimilarity(), (4, 3), (4, 3)),
    "PairwiseDistance": (lambda: nn.PairwiseDistance(), (4, 3), (4, 3)),
    "Dropout": (lambda: nn.Dropout(0.5), (6, 6)),
    "Dropout1d": (lambda: nn.Dropout1d(0.5), (4, 3, 5)),
    "Dropout2d": (lambda: nn.Dropout2d(0.5), (4, 3, 2, 2)),
    "Dropout3d": (lambda: nn.Dropout3d(0.5), (4, 3, 2, 2, 2)),
    "AlphaDropout": (lambda: nn.AlphaDropout(0.5), (6, 6)),
    "FeatureAlphaDropout": (lambda: nn.FeatureAlphaDropout(0.5), (4, 3, 2, 2)),
    "RNNCell": (lambda: nn.RNNCell(3, 4), (2, 3), (2, 4)),
    "GRUCell": (lambda: nn.GRUCell(3, 4), (2, 3), (2, 4)),
}

#: What is pooled, by its number of dimensions.
POOLED = {1: (2, 2, 6), 2: (2, 2, 6, 6), 3: (1, 2, 4, 4, 4)}
PADDINGS = ("Circular", "Constant", "Reflection", "Replication", "Zero")

#: What returns its state as well.
RECURRENT = {
    "RNN": (lambda: nn.RNN(3, 4), (5, 2, 3)),
    "LSTM": (lambda: nn.LSTM(3, 4), (5, 2, 3)),
    "LSTM bidirectional, 2 layers": (lambda: nn.LSTM(3, 3, 2, bidirectional=True), (4, 2, 3)),
    "LSTMCell": (lambda: nn.LSTMCell(3, 4), (2, 3)),
    "GRU": (lambda: nn.GRU(3, 4), (5, 2, 3)),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(4, 2, batch_first=True), *[(2, 3, 4)] * 3),
}

#: Labels for an input of five rows and four columns.
LABELS = torch.arange(5) % 4

LOSSES = {
    "BCELoss": lambda x: F.binary_cross_entropy(x.sigmoid(), torch.full_like(x, 0.3)),
    "BCEWithLogitsLoss": lambda x: F.binary_cross_entropy_with_logits(x, torch.full_like(x, 0.3)),
    "CosineEmbeddingLoss": lambda x: F.cosine_embedding_loss(x, x.flip(0), torch.ones(len(x))),
    "CrossEntropyLoss": lambda x: F.cross_entropy(x, LABELS),
    "CrossEntropyLoss, label smoothing": partial(
        F.cross_entropy, target=LABELS, label_smoothing=0.1
    ),
    "CTCLoss": lambda x: F.ctc_loss(
        x.reshape(5, 1, -1).log_softmax(-1), torch.tensor([[1, 2]]), (5,), (2,)
    ),
    "GaussianNLLLoss": lambda x: F.gaussian_nll_loss(x, torch.zeros_like(x), x.exp()),
    "HingeEmbeddingLoss": lambda x: F.hinge_embedding_loss(x, x.detach().sign()),
    "HuberLoss": lambda x: F.huber_loss(x, torch.zeros_like(x)),
    "KLDivLoss": lambda x: F.kl_div(x.log_softmax(1), torch.full_like(x, 0.2), reduction="sum"),
    "L1Loss": lambda x: F.l1_loss(x, torch.zeros_like(x)),
    "MarginRankingLoss": lambda x: F.margin_ranking_loss(x, x.flip(0), torch.ones_like(x)),
    "MSELoss": lambda x: F.mse_loss(x, torch.ones_like(x)),
    "MultiLabelMarginLoss": lambda x: F.multilabel_margin_loss(x, torch.zeros_like(x).long()),
    "MultiLabelSoftMarginLoss": lambda x: F.multilabel_soft_margin_loss(x, torch.ones_like(x)),
    "MultiMarginLoss": lambda x: F.multi_margin_loss(x, LABELS),
    "NLLLoss": lambda x: F.nll_loss(x.log_softmax(1), LABELS),
    "PoissonNLLLoss": lambda x: F.poisson_nll_loss(x, torch.ones_like(x)),
    "SmoothL1Loss": lambda x: F.smooth_l1_loss(x, torch.zeros_like(x)),
    "SoftMarginLoss": lambda x: F.soft_margin_loss(x, torch.ones_like(x)),
    "TripletMarginLoss": lambda x: F.triplet_margin_loss(x, x.flip(0), x.roll(1, 0)),
    "TripletMarginWithDistanceLoss": lambda x: F.triplet_margin_with_distance_loss(
        x, x.flip(0), x.roll(1, 0)
    ),
}

#: Modules that take labels beside the input, and how many classes there are.
WITH_LABELS = {
    "AdaptiveLogSoftmaxWithLoss": (lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]), 6),
    "LinearCrossEntropyLoss": (lambda: nn.LinearCrossEntropyLoss(4, 3), 3),
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
    "sqrt, at zero": (torch.sqrt, torch.zeros(2, **DOUBLE)),
    "atan2": (torch.atan2, (3,), (3,)),
    "logsumexp": (partial(torch.logsumexp, dim=0), (4, 3)),
    "pow, negative exponent": (lambda x: x**-1.5, _tensor((4,)).abs() + 0.5),
}

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


def _unpooled(sides):
    """A maximum pooling and its inverse, which needs the places of the maxima."""
    pool = getattr(nn, f"MaxPool{sides}d")(2, return_indices=True)
    unpool = getattr(nn, f"MaxUnpool{sides}d")(2)
    return lambda x: unpool(*pool(x))


def _modules():
    """Yield the name and the samples of each module of torch.nn."""
    for name in ACTIVATIONS.split():
        yield name, _module(getattr(nn, name), (3, 4))
    for name, (make, *shapes) in (NORMALIZATIONS | TRANSFORMERS).items():
        yield f"{name}, train", _module(make, *shapes)
        yield f"{name}, eval", _module(make, *shapes, train=False)
    for name, (make, *shapes) in LAYERS.items():
        yield name, _module(make, *shapes)
    for name, (make, *shapes) in RECURRENT.items():
        yield name, _module(make, *shapes, pick=itemgetter(0))
    for sides, shape in POOLED.items():
        half = [shape[-1] // 2]
        pools = {"Avg": [2], "Max": [2], "LP": [2, 2], "AdaptiveAvg": half, "AdaptiveMax": half}
        for kind, arguments in pools.items():
            pool = getattr(nn, f"{kind}Pool{sides}d")
            yield f"{kind}Pool{sides}d", _module(partial(pool, *arguments), shape)
    for kind, sides in product(PADDINGS, (1, 2, 3)):
        pad = getattr(nn, f"{kind}Pad{sides}d")
        make = partial(pad, 1, *[0.5] * (kind == "Constant"))
        yield f"{kind}Pad{sides}d", _module(make, (1, 2, *[3] * sides))
    for sides in (1, 2, 3):
        yield f"MaxUnpool{sides}d", _function(_unpooled(sides), (1, 2, *[4] * sides))
    for name, (make, classes) in WITH_LABELS.items():
        yield name, _module(make, (5, 4), constants=(torch.arange(5) % classes,))
    for name, loss in LOSSES.items():
        yield name, _function(loss, (5, 4))
    for mode in ("sum", "mean", "max"):
        yield f"EmbeddingBag, {mode}", _function(partial(F.embedding_bag, INDEX, mode=mode), (4, 3))


def _functions():
    """Yield the name and the samples of each function."""
    for name, (function, *inputs) in FUNCTIONS.items():
        yield name, _function(function, *inputs)
    for name, distance in DISTANCES.items():
        yield name, _function(distance, (4, 3), (4, 3))
    for backend in ("MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION"):
        attention = sdpa_kernel(getattr(SDPBackend, backend))(F.scaled_dot_product_attention)
        yield f"scaled_dot_product_attention, {backend}", _function(attention, *[(1, 2, 5, 8)] * 3)
    for mode in ("bilinear", "nearest", "bicubic"):
        sample = partial(F.grid_sample, mode=mode, align_corners=False)
        inside = lambda x, grid, sample=sample: sample(x, grid.tanh())  # noqa: E731
        yield f"grid_sample, {mode}", _function(inside, (1, 2, 4, 4), (1, 3, 3, 2))
    for mode in ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area"):
        sides = {"linear": 1, "trilinear": 3}.get(mode, 2)
        resize = partial(F.interpolate, scale_factor=2, mode=mode)
        yield f"interpolate, {mode}", _function(resize, (1, 2, *[4] * sides))


#: Name -> what yields (function, inputs) for each sample.
CALLED = {f"nn.{name}": samples for name, samples in _modules()} | dict(_functions())
