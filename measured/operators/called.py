"""What people call, with realistic shapes: modules, losses, attention by backend, layers."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from measured.operators.entries import Entry


def _tensor(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def _first(output):
    return output[0]


def _module(make, *shapes, train=True, pick=lambda output: output, constants=()):
    """A sample: a module as a function of its inputs and parameters.

    ``constants`` follow the inputs, and are not differentiated.
    """

    def samples():
        torch.manual_seed(0)
        module = make().double().train(train)
        names = [name for name, _ in module.named_parameters()]
        weights = [parameter.detach() for parameter in module.parameters()]
        inputs = [_tensor(*shape, seed=seed) for seed, shape in enumerate(shapes)]

        def function(*given):
            state = dict(zip(names, given[len(inputs) :], strict=True))
            buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
            arguments = (*given[: len(inputs)], *constants)
            return pick(torch.func.functional_call(module, {**state, **buffers}, arguments))

        yield function, [*inputs, *weights]

    return samples


def _function(function, *inputs):
    def samples():
        tensors = [
            value() if callable(value) else _tensor(*value, seed=seed)
            for seed, value in enumerate(inputs)
        ]
        yield function, tensors

    return samples


def _attention(backend):
    def function(query, key, value):
        with sdpa_kernel(backend):
            return F.scaled_dot_product_attention(query, key, value)

    return function


def _positive(*shape):
    return lambda: _tensor(*shape).abs() + 0.5


def _labels(count, classes):
    return torch.arange(count) % classes


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
    "AvgPool1d": (lambda: nn.AvgPool1d(2), (2, 2, 6)),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), (2, 2, 6, 6)),
    "AvgPool3d": (lambda: nn.AvgPool3d(2), (1, 2, 4, 4, 4)),
    "MaxPool1d": (lambda: nn.MaxPool1d(2), (2, 2, 6)),
    "MaxPool2d": (lambda: nn.MaxPool2d(2), (2, 2, 6, 6)),
    "MaxPool3d": (lambda: nn.MaxPool3d(2), (1, 2, 4, 4, 4)),
    "LPPool1d": (lambda: nn.LPPool1d(2, 2), (2, 2, 6)),
    "LPPool2d": (lambda: nn.LPPool2d(2, 2), (2, 2, 6, 6)),
    "LPPool3d": (lambda: nn.LPPool3d(2, 2), (1, 2, 4, 4, 4)),
    "FractionalMaxPool2d": (lambda: nn.FractionalMaxPool2d(2, output_size=3), (1, 2, 6, 6)),
    "FractionalMaxPool3d": (lambda: nn.FractionalMaxPool3d(2, output_size=2), (1, 2, 4, 4, 4)),
    "AdaptiveAvgPool1d": (lambda: nn.AdaptiveAvgPool1d(3), (2, 2, 6)),
    "AdaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d(3), (2, 2, 6, 6)),
    "AdaptiveAvgPool3d": (lambda: nn.AdaptiveAvgPool3d(2), (1, 2, 4, 4, 4)),
    "AdaptiveMaxPool1d": (lambda: nn.AdaptiveMaxPool1d(3), (2, 2, 6)),
    "AdaptiveMaxPool2d": (lambda: nn.AdaptiveMaxPool2d(3), (2, 2, 6, 6)),
    "AdaptiveMaxPool3d": (lambda: nn.AdaptiveMaxPool3d(2), (1, 2, 4, 4, 4)),
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

PADDINGS = ("Circular", "Constant", "Reflection", "Replication", "Zero")

RECURRENT = {
    "RNN": (lambda: nn.RNN(3, 4), (5, 2, 3)),
    "LSTM": (lambda: nn.LSTM(3, 4), (5, 2, 3)),
    "LSTM bidirectional, 2 layers": (
        lambda: nn.LSTM(3, 3, num_layers=2, bidirectional=True),
        (4, 2, 3),
    ),
    "GRU": (lambda: nn.GRU(3, 4), (5, 2, 3)),
}

LOSSES = {
    "BCELoss": lambda x: F.binary_cross_entropy(x.sigmoid(), torch.full_like(x, 0.3)),
    "BCEWithLogitsLoss": lambda x: F.binary_cross_entropy_with_logits(x, torch.full_like(x, 0.3)),
    "CosineEmbeddingLoss": lambda x: F.cosine_embedding_loss(x, x.flip(0), torch.ones(len(x))),
    "CrossEntropyLoss": lambda x: F.cross_entropy(x, _labels(len(x), x.shape[1])),
    "CrossEntropyLoss, label smoothing": lambda x: F.cross_entropy(
        x, _labels(len(x), x.shape[1]), label_smoothing=0.1
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
    "MultiLabelMarginLoss": lambda x: F.multilabel_margin_loss(
        x, torch.zeros(x.shape, dtype=torch.long)
    ),
    "MultiLabelSoftMarginLoss": lambda x: F.multilabel_soft_margin_loss(x, torch.ones_like(x)),
    "MultiMarginLoss": lambda x: F.multi_margin_loss(x, _labels(len(x), x.shape[1])),
    "NLLLoss": lambda x: F.nll_loss(x.log_softmax(1), _labels(len(x), x.shape[1])),
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
    "AdaptiveLogSoftmaxWithLoss": (lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]), (5, 4), 6),
    "LinearCrossEntropyLoss": (lambda: nn.LinearCrossEntropyLoss(4, 3), (5, 4), 3),
}

DISTANCES = {
    f"cdist p={p}": (lambda x, y, p=p: torch.cdist(x, y, p=p)) for p in (0.5, 1.0, 2.0, 3.0)
} | {
    "cdist p=2, without matrix product": lambda x, y: torch.cdist(
        x, y, compute_mode="donot_use_mm_for_euclid_dist"
    ),
    "pairwise_distance": F.pairwise_distance,
    "cosine_similarity": F.cosine_similarity,
}


SMALL = {"dim_feedforward": 6, "dropout": 0.0, "batch_first": True}


def _transformer():
    return nn.TransformerEncoderLayer(4, 2, **SMALL)


def _decoder():
    return nn.TransformerDecoderLayer(4, 2, **SMALL)


TRANSFORMERS = {
    "TransformerEncoderLayer": (_transformer, (2, 3, 4)),
    "TransformerEncoder": (lambda: nn.TransformerEncoder(_transformer(), 2), (2, 3, 4)),
    "TransformerDecoderLayer": (_decoder, (2, 3, 4), (2, 5, 4)),
    "TransformerDecoder": (lambda: nn.TransformerDecoder(_decoder(), 2), (2, 3, 4), (2, 5, 4)),
    "Transformer": (lambda: nn.Transformer(4, 2, 1, 1, **SMALL), (2, 3, 4), (2, 5, 4)),
}


def _unpooled(sides):
    """A maximum pooling and its inverse, which needs the places of the maxima."""
    pool = getattr(nn, f"MaxPool{sides}d")(2, return_indices=True)
    unpool = getattr(nn, f"MaxUnpool{sides}d")(2)
    return lambda x: unpool(*pool(x))


def _all():
    for name in ACTIVATIONS.split():
        yield f"nn.{name}", _module(getattr(nn, name), (3, 4))
    for name, (make, *shapes) in NORMALIZATIONS.items():
        yield f"nn.{name}, train", _module(make, *shapes)
        yield f"nn.{name}, eval", _module(make, *shapes, train=False)
    for name, (make, *shapes) in LAYERS.items():
        yield f"nn.{name}", _module(make, *shapes)
    for name, (make, *shapes) in RECURRENT.items():
        yield f"nn.{name}", _module(make, *shapes, pick=_first)
    lstm_cell = lambda: nn.LSTMCell(3, 4)  # noqa: E731
    yield "nn.LSTMCell", _module(lstm_cell, (2, 3), pick=_first)
    for kind in PADDINGS:
        for sides in (1, 2, 3):
            pad = getattr(nn, f"{kind}Pad{sides}d")
            make = partial(pad, 1, 0.5) if kind == "Constant" else partial(pad, 1)
            yield f"nn.{kind}Pad{sides}d", _module(make, (1, 2, *[3] * sides))
    for sides in (1, 2, 3):
        yield f"nn.MaxUnpool{sides}d", _function(_unpooled(sides), (1, 2, *[4] * sides))
    for name, (make, shape, classes) in WITH_LABELS.items():
        labels = (_labels(shape[0], classes),)
        yield f"nn.{name}", _module(make, shape, constants=labels)
    for name, loss in LOSSES.items():
        yield f"nn.{name}", _function(loss, (5, 4))
    for name, distance in DISTANCES.items():
        yield name, _function(distance, (4, 3), (4, 3))
    for backend in ("MATH", "FLASH_ATTENTION", "EFFICIENT_ATTENTION"):
        shape = (1, 2, 5, 8)
        function = _attention(getattr(SDPBackend, backend))
        yield f"scaled_dot_product_attention, {backend}", _function(function, shape, shape, shape)
    attention = lambda: nn.MultiheadAttention(4, 2, batch_first=True)  # noqa: E731
    yield "nn.MultiheadAttention", _module(attention, *[(2, 3, 4)] * 3, pick=_first)
    for name, (make, *shapes) in TRANSFORMERS.items():
        yield f"nn.{name}, train", _module(make, *shapes)
        yield f"nn.{name}, eval", _module(make, *shapes, train=False)
    index = torch.tensor([[0, 2], [1, 1]])
    yield "nn.Embedding", _function(lambda w: F.embedding(index, w), (4, 3))
    for mode in ("sum", "mean", "max"):
        bag = lambda w, mode=mode: F.embedding_bag(index, w, mode=mode)  # noqa: E731
        yield f"nn.EmbeddingBag, {mode}", _function(bag, (4, 3))
    for mode in ("bilinear", "nearest", "bicubic"):
        sample = lambda x, grid, mode=mode: F.grid_sample(  # noqa: E731
            x, grid.tanh(), mode=mode, align_corners=False
        )
        yield f"grid_sample, {mode}", _function(sample, (1, 2, 4, 4), (1, 3, 3, 2))
    for mode in ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area"):
        sides = {"linear": 1, "trilinear": 3}.get(mode, 2)
        resize = lambda x, mode=mode: F.interpolate(x, scale_factor=2, mode=mode)  # noqa: E731
        yield f"interpolate, {mode}", _function(resize, (1, 2, *[4] * sides))
    yield (
        "linalg.eigh, equal eigenvalues",
        _function(
            lambda x: torch.linalg.eigh(x + x.mT + torch.eye(3)).eigenvalues,
            lambda: torch.zeros(3, 3, dtype=torch.float64),
        ),
    )
    yield (
        "linalg.svdvals, equal values",
        _function(torch.linalg.svdvals, lambda: torch.eye(3, dtype=torch.float64)),
    )
    yield (
        "linalg.vector_norm, at zero",
        _function(torch.linalg.vector_norm, lambda: torch.zeros(3, dtype=torch.float64)),
    )
    yield (
        "linalg.det, singular",
        _function(
            torch.linalg.det, lambda: torch.diag(torch.tensor([1.0, 2.0, 0.0], dtype=torch.float64))
        ),
    )
    yield "sqrt, at zero", _function(torch.sqrt, lambda: torch.zeros(2, dtype=torch.float64))
    yield "atan2", _function(torch.atan2, (3,), (3,))
    yield "logsumexp", _function(lambda x: x.logsumexp(0), (4, 3))
    yield "pow, negative exponent", _function(lambda x: x**-1.5, _positive(4))


CALLED = [Entry(name, "", "called", samples) for name, samples in _all()]
