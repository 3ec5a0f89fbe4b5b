"""The component of explanations: closed forms, differences, dtypes, and what it raises."""

import numpy as np
import pytest
import sympy
import torch
from torch.utils.flop_counter import FlopCounterMode

COMPONENT = "recipes/explanations_in_a_loss/attribution.py"
FOLDER = "recipes/explanations_in_a_loss"


@pytest.fixture
def attribution(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def network():
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 4), torch.nn.Softplus(), torch.nn.Linear(4, 2)
    return torch.nn.Sequential(*layers).double()


def images():
    torch.manual_seed(0)
    first = torch.nn.Sequential(torch.nn.Conv2d(1, 3, 2), torch.nn.Softplus()).double()
    rest = torch.nn.Sequential(
        torch.nn.Conv2d(3, 3, 2), torch.nn.Softplus(), torch.nn.Flatten(), torch.nn.Linear(12, 2)
    ).double()
    return first, rest, torch.randn(2, 1, 4, 4).double()


@pytest.mark.parametrize("way", ["saliency", "input", "layer", "cam"])
def test_slope_in_the_weights_is_that_of_differences(attribution, way):
    """For all weights before the layer and behind it, of a loss that is not linear in the map."""
    net, x = network(), torch.randn(5, 3).double()
    first, rest, pictures = images()
    module = torch.nn.Sequential(first, rest) if way == "cam" else net
    weights = list(module.parameters())

    def map_():
        if way == "cam":
            return attribution["grad_cam"](lambda h: rest(h)[:, 0], first(pictures))
        if way == "saliency":
            return attribution["saliency"](lambda x: net(x)[:, 0], x)
        if way == "input":
            score, at, base = (lambda x: net(x)[:, 0]), x, torch.zeros_like(x)
        else:
            score, at, base = (lambda h: net[1:](h)[:, 0]), net[0](x), net[0](torch.zeros_like(x))
        return attribution["integrated_gradients"](score, at, base, steps=8)

    def loss():
        found = map_()
        return (found.square() + found.sin()).sum()

    slopes = torch.autograd.grad(loss(), weights, materialize_grads=True)
    for w, slope in zip(weights, slopes, strict=True):
        direction = torch.randn_like(w)
        at = []
        for step in (1e-5, -2e-5):
            with torch.no_grad():
                w += step * direction
            at.append(loss().item())
        with torch.no_grad():
            w += 1e-5 * direction
        truth = (at[0] - at[1]) / 2e-5
        assert (slope * direction).sum().item() == pytest.approx(truth, rel=1e-5, abs=1e-8)


def test_integrated_gradients_add_up(attribution):
    """They sum to the difference of the scores, and of a square they are known."""
    net, x = network(), torch.randn(5, 3).double()
    score, base = (lambda x: net(x)[:, 0]), torch.ones(5, 3).double()
    found = attribution["integrated_gradients"](score, x, base, steps=200)
    assert torch.allclose(found.sum(1), score(x) - score(base), atol=1e-4)
    square = attribution["integrated_gradients"](lambda x: x.square().sum(1), x, base)
    assert torch.allclose(square, x**2 - base**2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype_device_and_no_grad(attribution, dtype):
    """All follow x; under no_grad nothing has a graph, and x is left as it is."""
    net, x = network().to(dtype), torch.randn(5, 3, dtype=dtype)
    score = lambda x: net(x)[:, 0]  # noqa: E731
    found = attribution["integrated_gradients"](score, x, torch.zeros_like(x))
    assert found.dtype == dtype and found.requires_grad and not x.requires_grad
    with torch.no_grad():
        assert not attribution["saliency"](score, x).requires_grad
    net.to("meta")
    assert attribution["saliency"](score, x.to("meta")).device.type == "meta"


def test_in_place_layers_leave_the_features(attribution):
    """The map is that of the features, not of what ReLU has made of them in place."""
    torch.manual_seed(0)
    conv, last = torch.nn.Conv2d(1, 3, 3), torch.nn.Linear(108, 2)
    x, maps = torch.randn(2, 1, 8, 8), []
    for inplace in (False, True):
        rest = torch.nn.Sequential(torch.nn.ReLU(inplace), torch.nn.Flatten(), last)
        maps.append(attribution["grad_cam"](lambda h, rest=rest: rest(h)[:, 0], conv(x)))
    assert torch.equal(*maps) and maps[0].abs().max() > 1e-3
    features = conv(x)
    rest(features)[:, 0].sum().backward(inputs=[features])
    in_front = last.weight[0].reshape(3, 6, 6) * (conv(x) > 0)
    assert not torch.allclose(features.grad, in_front)
    net = torch.nn.Sequential(torch.nn.ReLU(inplace=True), torch.nn.Linear(3, 2))
    assert attribution["saliency"](lambda x: net(x)[:, 0], torch.ones(1, 3)).shape == (1, 3)


def test_a_label_for_each_sample(attribution):
    """Gathered, and repeated for the steps, it is each sample by itself."""
    net, x = network(), torch.randn(5, 3).double()
    labels, base = torch.tensor([0, 1, 1, 0, 1]), torch.zeros(5, 3).double()
    ig = attribution["integrated_gradients"]
    steps = labels.repeat(8)
    found = ig(lambda x: net(x).gather(1, steps[:, None])[:, 0], x, base, steps=8)
    for i, label in enumerate(labels):
        one = ig(lambda x, c=label: net(x)[:, c], x[i : i + 1], base[:1], steps=8)
        assert torch.allclose(found[i], one[0])
    with pytest.raises(ValueError, match="one for each sample"):
        ig(lambda x: net(x).gather(1, labels[:, None])[:, 0], x, base, steps=8)


ZERO = "zero"
UNUSED = "appears to not have been used"


@pytest.mark.parametrize(
    ("relu", "said"),
    [
        (torch.relu, ZERO),
        (torch.nn.functional.leaky_relu, ZERO),
        (torch.nn.functional.hardtanh, ZERO),
        (lambda z: z.clamp(min=0), UNUSED),
        (lambda z: torch.maximum(z, z.new_zeros(())), UNUSED),
        (lambda z: torch.where(z > 0, z, 0.0), UNUSED),
        (lambda z: z * (z > 0), UNUSED),
    ],
)
def test_what_is_said_of_a_second_derivative_in_the_input(attribution, relu, said):
    """Zeros or an error, according to how ReLU is written; the weights are reached in any case."""
    net = network()
    x = torch.randn(5, 3).double().requires_grad_()
    loss = attribution["saliency"](lambda x: net[2](relu(net[0](x)))[:, 0], x).square().sum()
    assert torch.autograd.grad(loss, net[0].weight, retain_graph=True)[0].abs().max() > 1e-6
    if said == ZERO:
        assert torch.autograd.grad(loss, x)[0].abs().max() == 0
    else:
        with pytest.raises(RuntimeError, match=said):
            torch.autograd.grad(loss, x)


def test_cam_is_that_of_numpy(attribution):
    """The pooled gradient times the features, and what is positive of it."""
    a = torch.randn(2, 3, 2, 2, generator=torch.Generator().manual_seed(0)).double()
    found = attribution["grad_cam"](lambda h: h.pow(3).sum((1, 2, 3)), a.requires_grad_())
    h = a.detach().numpy()
    weight = (3 * h**2).mean((2, 3), keepdims=True)
    assert found.detach().numpy() == pytest.approx(np.maximum((weight * h).sum(1), 0))


def test_what_it_costs(attribution):
    """A training step with the map has the products of about three without."""
    torch.manual_seed(0)
    weights = [torch.randn(64, 64, requires_grad=True) for _ in range(6)]
    x, labels = torch.randn(64, 64), torch.randint(64, (64,))

    def net(x):
        for w in weights:
            x = torch.tanh(x @ w / 8)
        return x

    def step(term):
        loss = torch.nn.functional.cross_entropy(net(x), labels)
        if term == "saliency":
            loss = loss + attribution["saliency"](lambda x: net(x)[:, 0], x).square().mean()
        elif term:
            base = torch.zeros_like(x)
            g = attribution["integrated_gradients"](lambda x: net(x)[:, 0], x, base, steps=term)
            loss = loss + g.square().mean()
        torch.autograd.grad(loss, weights)

    def whole(term):
        with FlopCounterMode(display=False) as counter:
            step(term)
        return counter.get_total_flops()

    plain = whole(None)
    assert whole("saliency") / plain == pytest.approx(3, abs=0.2)
    each = (whole(5) - whole(4)) / plain
    assert each == pytest.approx(2, abs=0.2)


def test_what_is_refused(attribution):
    """All logits, a frozen linear network, flat features, an x that is not used."""
    net, x = network(), torch.randn(5, 3).double()
    with pytest.raises(ValueError, match="one for each sample"):
        attribution["saliency"](net, x)
    with pytest.raises(RuntimeError, match="frozen, or linear"):
        attribution["saliency"](lambda x: x.sum(1), x)
    with pytest.raises(ValueError, match=r"not \(n, c, h, w\)"):
        attribution["grad_cam"](lambda h: h.sum(1), x)


def test_what_the_page_shows(values):
    """The slope is that of SymPy; cut, it is that of a map whose pooled gradient stays."""
    w, c = sympy.symbols("w:2"), sympy.symbols("c:2")
    x = [0.5, -1.0, 2.0]
    A = [[sympy.tanh(w[i] * pixel) for pixel in x] for i in (0, 1)]
    score = [A[0][k] - 2 * A[1][k] for k in range(3)]
    pooled = [sum(2 * v * s for s in score) / 3 for v in (1, -2)]
    at = {w[0]: 0.7, w[1]: -0.4}
    now = {symbol: p.subs(at) for symbol, p in zip(c, pooled, strict=True)}

    def loss(weight):
        raw = [weight[0] * A[0][k] + weight[1] * A[1][k] for k in range(3)]
        return sum(r**2 for r in raw if r.subs(now).subs(at) > 0)

    for name, weight in (("cam_kept", pooled), ("cam_cut", c)):
        slopes = [float(loss(weight).diff(symbol).subs(now).subs(at)) for symbol in w]
        found = values(f"{FOLDER}/{name}.py")
        assert found["dloss_dw"] == pytest.approx(slopes, abs=1e-4)
        assert found["loss"] == pytest.approx(float(loss(pooled).subs(at)), rel=1e-4)
    assert values(f"{FOLDER}/of_input.py")["changes"] == [[False, True], [True, True]]
    assert values(f"{FOLDER}/captum_function.py")["g"]


def test_experiment(values):
    """The term keeps the network from the corner; cut, it is inert."""
    found = values(f"{FOLDER}.py")
    assert len(found["asked"]) == len(found["alone"]) == 3
    assert found["asked_low"] > found["alone_high"] + 0.1
    assert found["same"] is True


def test_guided_backpropagation(values):
    """With the hook removed, the slope is that of differences of the map; else it is not."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
    x = torch.randn(4, 3, dtype=torch.float64).numpy()
    W, b, V, c = (p.detach().double().numpy() for p in net.parameters())

    def loss(W):
        h = np.maximum(x @ W.T + b, 0)
        logits = h @ V.T + c
        p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        back = np.maximum(((np.eye(2)[0] - p) @ V), 0) * (h > 0)
        return ((back @ W) ** 2).sum()

    truth = []
    for entry in range(3):
        step = np.zeros((8, 3))
        step[5, entry] = 1e-6
        truth.append((loss(W + step) - loss(W - step)) / 2e-6)
    assert values(f"{FOLDER}/guided.py")["gradient"] == pytest.approx(truth, abs=1e-5)
    assert values(f"{FOLDER}/guided_fired.py")["gradient"] != pytest.approx(truth, abs=1e-3)


def test_a_backward_for_the_map(values):
    """What stays in .grad is the slope of the score, and that of a map with constant weights."""
    x, w, c = np.array([0.5, -1, 2]), np.array([0.7, -0.4]), np.array([1, -2])

    def score(w):
        return ((c @ np.tanh(np.outer(w, x))) ** 2).sum()

    def loss(w, weight):
        return (np.maximum((weight[:, None] * np.tanh(np.outer(w, x))).sum(0), 0) ** 2).sum()

    weight = (2 * (c @ np.tanh(np.outer(w, x))) * c[:, None]).mean(1)
    steps = 1e-6 * np.eye(2)
    total = [
        (score(w + h) - score(w - h) + loss(w + h, weight) - loss(w - h, weight)) / 2e-6
        for h in steps
    ]
    found = values("recipes/explanations_in_a_loss/cam_backward.py")["dloss_dw"]
    assert found == pytest.approx(total, abs=1e-3)
