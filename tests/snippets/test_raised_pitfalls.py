"""Oracles for operations that raise at the second derivative, and for those that are zero."""

import math
import re
from pathlib import Path
from runpy import run_path

import numpy as np
import pytest
import torch
import torch._dynamo
from torch.nn.attention import SDPBackend, sdpa_kernel

SNIPPETS = Path(__file__).parents[2] / "snippets"


def slopes(function, at, step=1e-6):
    """Central differences of a function of an array, by each entry."""
    at = np.asarray(at, dtype=float)
    found = np.zeros_like(at)
    for index in np.ndindex(*at.shape):
        move = np.zeros_like(at)
        move[index] = step
        found[index] = (function(at + move) - function(at - move)) / (2 * step)
    return found


def test_cdist_replaced(values):
    """The gradient of the squared gradient of a sum of distances, by nested differences."""

    def gradient(x):
        difference = x[:, None] - (1 - x)[None]
        unit = difference / np.linalg.norm(difference, axis=-1, keepdims=True)
        return unit.sum(1) + unit.sum(0)

    x = np.array([[0.0, 1.0], [2.0, 3.0]])
    true = slopes(lambda x: (gradient(x) ** 2).sum(), x)
    found = values("pitfalls/not_implemented/euclid.py")["x"]
    assert np.array(found) == pytest.approx(x)
    assert "not implemented" in values("pitfalls/not_implemented/spread.py")["error"]
    torch_free = slopes(lambda x: np.linalg.norm(x[:, None] - (1 - x)[None], axis=-1).sum(), x)
    assert gradient(x) == pytest.approx(torch_free, rel=1e-6)
    assert true[0] == pytest.approx([5.529, 7.697], abs=1e-3)
    assert true[1] == pytest.approx([-2.136, 0.848], abs=1e-3)


def test_distances_of_equal_rows(values):
    """With the slope of a zero distance taken as zero, the penalty's slope, by differences."""
    found = values("pitfalls/not_implemented/diagonal.py")
    x = np.array(found["x"])
    assert found["same"] is True and (x[0] == x[1]).all()

    def gradient(x):
        difference = x[:, None] - x[None]
        length = np.linalg.norm(difference, axis=-1, keepdims=True)
        unit = np.divide(difference, length, out=np.zeros_like(difference), where=length > 0.01)
        return 2 * unit.sum(1)

    true = slopes(lambda x: (gradient(x) ** 2).sum(), x)
    exact = np.array(found["exact"])
    assert exact == pytest.approx(true, rel=1e-2, abs=1e-2)


def test_replacements(report):
    """Each operation of the list, but gamma, has a replacement that the page shows."""
    folder = "pitfalls/not_implemented/"
    stated = report.verdicts[folder + "list.py"].snippet.text
    listed = set(re.findall(r"^#> (\w+): .*not implemented", stated, re.M))
    text = report.verdicts[folder + "replaced.py"].snippet.text
    replaced = set(re.findall(r"^#> (\w+): the same True, gradgradcheck True$", text, re.M))
    assert listed == replaced | {"cdist", "ctc_loss", "gamma"}


def test_attention_penalty(values):
    """Penalty and slope of attention by its formula, from differences of NumPy's values."""
    torch.manual_seed(0)
    query, key, value = torch.randn(3, 1, 2, 4, 8, dtype=torch.float64).unbind(0)
    q, k, v = query.numpy(), key.numpy(), value.numpy()

    def weights(q):
        scores = np.exp(q @ np.swapaxes(k, -1, -2) / math.sqrt(8))
        return scores / scores.sum(-1, keepdims=True)

    def gradient(q):
        w, sums = weights(q), v.sum(-1)[..., None, :]
        centered = w * (sums - (w * sums).sum(-1, keepdims=True))
        return centered @ k / math.sqrt(8)

    def penalty(q):
        return (gradient(q) ** 2).sum()

    found = values("pitfalls/attention/math.py")
    move = np.zeros_like(q)
    move.flat[0] = 1e-6
    assert found["penalty"] == pytest.approx(penalty(q), rel=1e-10)
    slope = (penalty(q + move) - penalty(q - move)) / 2e-6
    assert found["slope"] == pytest.approx(slope, rel=1e-6)
    difference = slopes(lambda q: (weights(q) @ v).sum(), q)
    assert gradient(q) == pytest.approx(difference, abs=1e-8)


def test_lstm_penalty(values):
    """The penalty of an LSTM, from differences of its values alone."""
    torch.manual_seed(0)
    layer = torch.nn.LSTM(2, 3).double().requires_grad_(False)
    x = torch.randn(5, 1, 2, dtype=torch.float64).numpy()

    def loss(x):
        return float(layer(torch.from_numpy(x))[0].pow(2).sum())

    def penalty(x):
        return (slopes(loss, x, 1e-5) ** 2).sum()

    found = values("pitfalls/recurrent_layers/context.py")
    assert found["penalty"] == pytest.approx(penalty(x), rel=1e-6)
    move = np.zeros_like(x)
    move.flat[0] = 1e-3
    slope = (penalty(x + move) - penalty(x - move)) / 2e-3
    assert found["slope"] == pytest.approx(slope, rel=1e-3)


def test_checkpointed_penalty(values):
    """With y = sum tanh(w x), P = sum w^2 (1 - tanh^2)^2."""
    w, x = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    true = slopes(lambda w: (w**2 * (1 - np.tanh(w * x) ** 2) ** 2).sum(), w)
    found = values("pitfalls/checkpointing/not_reentrant.py")["dP_dw"]
    assert found == pytest.approx(true, rel=1e-6)


def test_compiled_penalty(values):
    """With x^4 and (4 x^3)^2, the gradient is 4 x^3 + 96 x^5."""
    x = np.array([0.5, 1.5])
    true = (4 * x**3 + 96 * x**5).tolist()
    for name in ("inside", "flag"):
        assert values(f"pitfalls/compile/{name}.py")["dL_dx"] == true
    assert values("pitfalls/compile/module.py")["same"] == [True] * 4
    assert values("pitfalls/compile/critic_right.py")["same"] == [True] * 4


def test_ways_to_compile(report):
    """What runs is right, and what differentiates a compiled backward pass raises."""
    text = report.verdicts["pitfalls/compile/ways.py"].snippet.text
    found = dict(re.findall(r"^#> (.*): (right|raises|wrong)$", text, re.M))
    assert len(found) == 6
    assert [name for name, said in found.items() if said != "right"] == [
        "torch.compile(net)",
        "only one layer compiled",
    ]
    assert "wrong" not in found.values()


def test_traced_penalty(values):
    """With y = sum tanh(w x), P = sum w^2 (1 - tanh^2)^2; the traced graph has another slope."""
    x = np.array([0.5, -1.0])
    true = slopes(lambda w: (w**2 * (1 - np.tanh(w * x) ** 2) ** 2).sum(), 0.8)
    right, wrong = (values(f"pitfalls/compile/make_fx{name}.py") for name in ("_right", ""))
    assert right["dP_dw"] == pytest.approx(float(true), rel=1e-5)
    assert wrong["dP_dw"] != pytest.approx(float(true), rel=0.3)
    assert right["P"] == pytest.approx(wrong["P"])


@pytest.mark.parametrize("frozen", [False, True])
def test_trainer_penalizes_each_sample(frozen):
    """The penalty of a batch is the mean of those of its samples alone, in evaluation too."""
    found = run_path(str(SNIPPETS / "pitfalls/attention/trainer.py"))
    model, batch = found["model"].requires_grad_(), found["batch"]
    model.embed.requires_grad_(not frozen)
    with torch.no_grad():
        together = found["compute_loss"](found["trainer"], model, batch)
    alone = []
    for index in range(len(batch["labels"])):
        one = {name: value[index : index + 1] for name, value in batch.items()}
        words = model.embed(one.pop("input_ids")).detach().requires_grad_()
        loss = model(inputs_embeds=words, **one).loss
        (slope,) = torch.autograd.grad(loss, words)
        alone.append((loss + 0.1 * slope.square().sum()).item())
    assert together.item() == pytest.approx(np.mean(alone), rel=1e-5)


def test_silent_compiled_head(values):
    """The gradient of the penalty with respect to the encoder, by differences of its formula."""
    torch.manual_seed(0)
    encoder, head = torch.nn.Linear(2, 8, bias=False), torch.nn.Linear(8, 1)
    x = torch.randn(4, 2).double().numpy()
    W, v = encoder.weight.double().tolist(), head.weight.double().tolist()[0]

    def penalty(W):
        return (((1 - np.tanh(x @ W.T) ** 2) * np.array(v) @ W) ** 2).sum()

    true = np.linalg.norm(slopes(penalty, W))
    right, wrong = (values(f"pitfalls/compile/silent{name}.py") for name in ("_right", ""))
    assert right["norm"] == pytest.approx(true, rel=1e-4)
    assert wrong["norm"] != pytest.approx(true, rel=0.02)
    assert wrong["penalty"] == pytest.approx(penalty(np.array(W)), rel=1e-5)


def test_compiled_step(values):
    """With y = w x^3 and x = 2, y^2 + y_x^2 is 208 w^2; the step as a whole has no gradient."""
    right, wrong = (values(f"pitfalls/compile/whole_step{name}.py") for name in ("_right", ""))
    assert right["loss"] == wrong["loss"] == 2**6 + 9 * 2**4
    assert right["dT_dw"] == 2 * 208
    assert right["w"] == pytest.approx(1 - 1e-4 * 2 * 208)
    assert wrong["dT_dw"] is None
    assert wrong["w"] == 1
    found = values("pitfalls/compile/steps.py")["found"]
    assert [row.count("right") for row in found] == [3, 2, 0, 2]
    assert found[2][2] == "no gradient"


@pytest.mark.parametrize("returned", ["nothing", "detached"])
@pytest.mark.parametrize("optimized", [False, True])
def test_compiled_step_with_an_optimizer_inside(returned, optimized):
    """The step without a loss to differentiate has the gradient, unless the optimizer is in it."""
    w = torch.nn.Parameter(torch.tensor(1.0))
    optimizer = torch.optim.SGD([w], lr=1e-4)

    @torch.compile(backend="aot_eager")
    def step(x):
        y = w * x**3
        (y_x,) = torch.autograd.grad(y, x, create_graph=True)
        loss = y**2 + y_x**2
        loss.backward()
        if optimized:
            optimizer.step()
        return loss.detach() if returned == "detached" else None

    torch._dynamo.reset()
    with torch._dynamo.config.patch(trace_autograd_ops=True):
        step(torch.tensor(2.0, requires_grad=True))
    assert (w.grad is None) == optimized
    assert optimized or w.grad.item() == 2 * 208


def test_compiled_encoder(values):
    """The gradient of a loss with the slope in the latent code, by differences of its formula."""
    torch.manual_seed(0)
    layers = torch.nn.Linear(4, 2), torch.nn.Linear(2, 4)
    W, b, V, c = (p.detach().double().numpy() for layer in layers for p in layer.parameters())
    x = torch.randn(8, 4).double().numpy()

    def loss(W):
        output = np.tanh(np.tanh(x @ W.T + b) @ V.T + c)
        return (output**2).mean() + (((1 - output**2) @ V) ** 2).mean()

    found = values("pitfalls/compile/outputs_right.py")["gradient"]
    assert np.array(found) == pytest.approx(slopes(loss, W), rel=1e-4, abs=1e-6)


def test_compiled_rows(values):
    """The Jacobian of cubes, compiled as a whole or taken row by row."""
    found = values("pitfalls/compile_func/rows_right.py")
    assert found["J"] == np.stack(found["rows"]).tolist() == [[3, 0], [0, 12]]


def test_sparse_penalty(values):
    """The derivative of sum (3 w^2)^2 is 36 w^3 in the rows that were looked up."""
    w = np.array([[1.0, 2.0], [0.0, 0.0], [5.0, 6.0]])
    for name in ("dense", "not_sparse"):
        assert values(f"pitfalls/sparse/{name}.py")["dP_dw"] == (36 * w**3).tolist()


def test_zero_curvature(values):
    """A network of ReLUs has no curvature; that of tanh agrees with differences of its values."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    first, last = net.double().requires_grad_(False)[0], net[2]
    a, b, c = first.weight.numpy()[:, 0], first.bias.numpy(), last.weight.numpy()[0]
    x = np.linspace(-1, 1, 5)[:, None]

    def residual(a):
        t = np.tanh(a * x + b)
        u_xx = (c * a**2 * -2 * t * (1 - t**2)).sum(1)
        return ((u_xx + 1) ** 2).mean()

    true = np.linalg.norm(slopes(residual, a))
    assert values("pitfalls/zero_curvature/tanh.py")["slope"] == pytest.approx(true, rel=1e-6)
    assert values("pitfalls/zero_curvature/relu.py")["slope"] == 0


def test_equal_rows_of_two_tensors():
    """In float32 `cdist` divides by the rounding error of a zero distance; `roots` does not."""
    torch.manual_seed(0)
    x = torch.randn(8, 16)
    y = x.double().numpy()

    def penalty(x):
        apart = x[:, None] - y
        lengths = np.linalg.norm(apart, axis=-1)
        np.fill_diagonal(lengths, np.inf)  # The slope at an equal row counts as zero.
        return ((apart / lengths[..., None]).sum(axis=1) ** 2).sum() / 64**2

    wanted = np.zeros_like(y)
    for index in np.ndindex(*y.shape):
        step = np.zeros_like(y)
        step[index] = 1e-6
        wanted[index] = (penalty(y + step) - penalty(y - step)) / 2e-6

    def roots(a, b):
        squares = (a[:, None] - b[None]).pow(2).sum(dim=-1)
        apart = squares > 0
        return torch.where(apart, squares, 1.0).sqrt() * apart

    def off(distances):
        a = x.clone().requires_grad_()
        slope = torch.autograd.grad(distances(a, x.clone()).mean(), a, create_graph=True)[0]
        found = torch.autograd.grad(slope.pow(2).sum(), a)[0].numpy()
        return np.linalg.norm(found - wanted) / np.linalg.norm(wanted)

    assert off(roots) < 1e-3
    assert off(lambda a, b: torch.cdist(a, b, compute_mode="use_mm_for_euclid_dist")) > 100


def test_torch_func_gives_compiled_code_up():
    """Under torch.func.grad nothing compiled runs, and afterwards not in plain calls either."""
    calls = []

    def counting(graph, inputs):
        return lambda *args: calls.append(1) or graph(*args)

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(2, 1)

        def forward(self, x):
            return self.layer(x).tanh()

    torch._dynamo.reset()
    x, ran = torch.randn(3, 2), []
    net, other = (torch.compile(Net(), backend=counting) for _ in range(2))
    for call in (
        lambda: net(x),
        lambda: torch.func.grad(lambda x: net(x).sum())(x),
        lambda: net(x),
        lambda: other(x),
    ):
        calls.clear()
        call()
        ran.append(len(calls))
    torch._dynamo.reset()
    assert ran == [1, 0, 0, 0]


def test_a_list_of_kernels_takes_the_fused_one():
    """A list only allows, on the CPU even as a list of priorities."""
    x = torch.randn(1, 2, 16, 16, requires_grad=True)
    kernels = [SDPBackend.MATH, SDPBackend.FLASH_ATTENTION]
    for first in (False, True):
        with sdpa_kernel(kernels, set_priority=first):
            y = torch.nn.functional.scaled_dot_product_attention(x, x, x)
        assert "Flash" in y.grad_fn.name()


@pytest.mark.parametrize("sizes", [(8,), (4, 6, 8)])
def test_without_donated_buffers(sizes):
    """With the setting that the message proposes, the graph is kept, and not differentiated."""
    torch._dynamo.reset()
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.SiLU(), torch.nn.Linear(8, 1))
    dynamic = True if len(sizes) == 1 else None
    critic = torch.compile(net, backend="aot_eager", dynamic=dynamic)

    def slope(size, **flags):
        x = torch.randn(size, 2, requires_grad=True)
        return torch.autograd.grad(critic(x).sum(), x, **flags)[0]

    for size in sizes[:-1]:
        slope(size)
    with pytest.raises(RuntimeError, match="non-empty donated buffers"):
        slope(sizes[-1], create_graph=True)
    torch._dynamo.reset()
    with torch._functorch.config.patch(donated_buffer=False):
        slope(8, retain_graph=True)
        with pytest.raises(RuntimeError, match="support double backward"):
            slope(8, create_graph=True).sum().backward()
    torch._dynamo.reset()


def test_sampling_by_hand_at_and_behind_the_border(report):
    """The function agrees with grid_sample at corners and outside, in its first derivative too."""
    found = {}
    text = report.verdicts["pitfalls/not_implemented/sampled.py"].snippet.text
    exec(text.partition("torch.manual_seed")[0], found)
    ends = torch.tensor([-1.4, -1.0, -0.9, 0.3, 0.9, 1.0, 1.1, 1.4], dtype=torch.float64)
    grid = torch.cartesian_prod(ends, ends).view(1, 8, 8, 2).requires_grad_()
    image = torch.randn(1, 2, 4, 5, dtype=torch.float64, requires_grad=True)
    ours = found["sample"](image, grid)
    true = torch.nn.functional.grid_sample(image, grid, align_corners=False)
    torch.testing.assert_close(ours, true)
    slopes = [torch.autograd.grad(out.square().sum(), image)[0] for out in (ours, true)]
    torch.testing.assert_close(*slopes)
