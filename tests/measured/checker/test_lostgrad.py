"""The checker names each cut with its line, passes right code, and puts everything back."""

import contextlib
import os
import random
import subprocess
import sys

import numpy
import pytest
import torch
from torch.overrides import TorchFunctionMode

from measured.checker.edges import CASES
from measured.checker.losses import LOSSES
from measured.checker.tool import FILE as TOOL
from measured.checker.tool import against, check, lostgrad

#: All seeds; else a few.
ALL = bool(os.environ.get("LOSTGRAD_ALL"))


@pytest.fixture(autouse=True)
def one_thread():
    """Small networks are faster on one thread; what is checked does not depend on it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", CASES)
def test_an_edge_has_the_right_verdict(name):
    """Training steps, torch.func, compiled parts, writes in place, numbers that leave PyTorch."""
    verdict, factory = CASES[name]
    report = check(*factory())
    assert report.ok is verdict, str(report)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("first_argument_of_out", ".detach()"),
        ("parameter_without_gradient", ".data"),
        ("drawn_undeclared", "no_grad"),
        ("func_detach", ".detach()"),
        ("gumbel_undeclared", ".detach()"),
        ("cut_in_nested_terms", ".detach()"),
        ("logged_critic_cut", ".detach()"),
        ("tied_by_a_copy", "no_grad"),
        ("grad_unrecorded", "no_grad"),
        ("vjp_unrecorded", "no_grad"),
        ("jacrev_unrecorded", "no_grad"),
        ("jvp_unrecorded", "no_grad"),
        ("pulled_back_unrecorded", "no_grad"),
        ("detached_below_vmap_small", ".detach()"),
        ("history_before_cut", "float()"),
        ("variable_again", "Variable() of a tensor"),
    ],
)
def test_a_place_is_named(name, kind):
    """Where the gradient leaves by a write, a parameter, a draw, or below ``vmap``."""
    report = check(*CASES[name][1]())
    assert [s.kind for s in report.stops if s.matters] == [kind], str(report)


def test_both_stops_are_named_where_the_second_writes():
    """What was detached is written into a buffer where no gradients are recorded."""
    report = check(*CASES["detached_and_written_by_out"][1]())
    assert {s.kind for s in report.stops if s.matters} == {".detach()", "no_grad"}, str(report)


def test_what_follows_a_step_is_said_to_be_unchecked():
    """SAM goes on with other parameters; a stop in its second pass is not judged."""
    w = torch.ones(2, requires_grad=True)

    def step():
        w.pow(2).sum().backward()
        with torch.no_grad():
            w.add_(0.1)
        w.grad = None
        (w * w.detach()).sum().backward()

    report = check(step, [w])
    assert [s.matters for s in report.stops if s.kind == ".detach()"] == [None]
    line = step.__code__.co_firstlineno + 3
    assert f"{line}: changes the parameters, so what follows is not checked" in str(report)


@pytest.mark.parametrize("again", [torch.Tensor.backward, torch.autograd.grad])
def test_a_gradient_after_a_change_of_the_parameters_is_said_to_be_unchecked(again):
    """Also where no stop follows, which the report could name; a plain step says nothing."""
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], 0.1)

    def plain():
        w.pow(2).sum().backward()
        optimizer.step()
        return w.sum().item()

    def twice():
        plain()
        again(w.pow(2).sum(), inputs=[w])

    line = plain.__code__.co_firstlineno + 2
    assert check(plain, [w]).notes == []
    said = f"test_lostgrad.py:{line}: changes the parameters, so what follows is not checked"
    assert check(twice, [w]).notes[-1].endswith(said)


def test_what_an_iterator_computes_is_no_constant():
    """A copy of it would be one, and the cut in it unseen."""
    w = torch.ones(2, requires_grad=True)
    losses = (w.pow(2).sum() * w.detach().sum() for _ in range(1000))
    with pytest.raises(TypeError, match="an iterator gives what has a history"):
        check(lambda: next(losses), [w])


def test_what_a_hook_kept_is_not_said_to_change_nothing():
    """It is no result of the call that lost its history, and cannot be let through."""
    net, kept = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh()), []
    net[1].register_full_backward_hook(lambda module, inner, outer: kept.append(inner[0]))

    def loss_fn():
        y = net(torch.ones(1, 2)).pow(3).sum()
        torch.autograd.grad(y, net[0].weight, retain_graph=True)
        return y + kept.pop().pow(2).sum()

    report = check(loss_fn, net)
    assert report.ok is False
    assert [s.matters for s in report.stops] == [None], str(report)
    assert "autograd.grad without create_graph: not judged (let through" in str(report)


def test_parameters_come_in_every_form():
    """Of modules, of an optimizer and of its groups: what is checked is the same."""
    nets = [torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)]
    optimizer = torch.optim.SGD([{"params": n.parameters()} for n in nets], 0.1)

    def loss_fn():
        return nets[1](nets[0](torch.ones(1, 2))).pow(2).sum()

    for given in (nets, torch.nn.ModuleList(nets), optimizer, optimizer.param_groups, None):
        assert len(lostgrad.Check(loss_fn, given).params) == 4


def test_numbers_that_leave_a_long_graph_cost_one_walk():
    """Of each number it is told which stops it passed, without a walk of the graph for each."""
    w = torch.ones(2, requires_grad=True)

    def loss_fn():
        y, logged = w.sin() + 0 * w.detach(), []
        for _ in range(200):
            y = y.sin()
            logged.append(y.sum().item())
        return y.sum()

    session = lostgrad.Check(loss_fn, [w])
    lostgrad.question_one(session)
    gates = lostgrad.Gates(session)
    nodes = gates.watch.known
    assert 200 < len(nodes) < 3 * 200


@pytest.mark.parametrize("name", ["cut_in_a_script", "cut_in_a_thread", "cut_by_an_end_of_a_line"])
def test_a_cut_that_no_call_shows_is_a_summand_that_moves(name):
    """The whole slope is off by less than differences can tell; the summand is off by all of it."""
    report = check(*CASES[name][1]())
    assert [s.name for s in report.slopes if s.ok is False] == ["summand 2"], str(report)


def test_a_sum_of_many_is_compared_in_groups():
    """A loss that is summed in a loop is not differentiated once for each of its summands."""
    report = check(*CASES["many_summands"][1]())
    assert sum(s.name.startswith("summand") for s in report.slopes) == 27
    assert "more than 32 summands, so each 3 are compared as one" in report.notes


def test_detached_below_vmap_is_named():
    """A tensor under ``vmap`` says that it requires no gradient, although what it wraps does."""
    w, x = torch.ones(2, requires_grad=True), torch.randn(4, 2)

    def loss_fn():
        def slope(x):
            return torch.func.grad(lambda x: (w * x**3).sum())(x).detach()

        return (x @ w).pow(2).mean() + torch.vmap(slope)(x).pow(2).sum()

    (stop,) = check(loss_fn, [w]).stops
    assert (stop.place.line, stop.matters) == (loss_fn.__code__.co_firstlineno + 2, True)
    assert stop.effect > 0.1


def test_gradients_written_by_hand_are_named():
    """Of a gradient that is no gradient of a loss, the question cannot be asked."""
    w = torch.ones(2, requires_grad=True)

    def surgery():
        w.pow(2).sum().backward()
        w.grad = w.grad.clamp(-1, 1)

    def reptile():
        w.grad = 0.1 * w.detach()

    line = surgery.__code__.co_firstlineno + 2
    assert f"test_lostgrad.py:{line}: writes .grad" in str(check(surgery, [w]))
    with pytest.raises(TypeError, match=r"it writes \.grad, so give"):
        check(reptile, [w])


def test_parameters_told_to_require_no_gradient_are_named():
    """All of them: there is nothing to differentiate. Some: they are left out, and named."""
    report = check(*CASES["told_to_require_no_gradient"][1]())
    assert "requires_grad=False at" in str(report), str(report)
    a, b = (torch.ones(2, requires_grad=True) for _ in range(2))

    def half():
        b.requires_grad_(False)
        return (a * b).pow(2).sum()

    assert "these parameters are left out" in str(check(half, [a, b]))
    assert b.requires_grad


def test_a_smooth_loss_is_not_said_to_have_a_kink():
    """A gap between the two limits is too small for a verdict, and no kink."""
    w = torch.tensor([1.0, 2.0], requires_grad=True, dtype=torch.float64)
    report = check(lambda: w.sin().sum() + (4e-6 * w.detach() * w).sum(), [w])
    assert report.slopes[0].ok is None, str(report)
    assert "kink" not in str(report)


def world(net, optimizer):
    """All that a check must leave as it was."""
    tensors = [*net.parameters(), *net.buffers()]
    grads = [p.grad for p in net.parameters() if p.grad is not None]
    states = [v for s in optimizer.state.values() for v in s.values()]
    values = [t.detach().clone() for t in (*tensors, *grads, *states)]
    return [*values, torch.get_rng_state()], (
        random.getstate(), torch.get_default_dtype(), torch.is_grad_enabled(), net.training,
        [id(t) for t in tensors], [t.dtype for t in tensors], len(grads),
        torch.Tensor._make_subclass, torch.autograd.grad,
    )  # fmt: skip


#: What torch.optim calls at each step of any optimizer.
HOOKS = ("_global_optimizer_pre_hooks", "_global_optimizer_post_hooks")


class Interrupted(BaseException):
    """What Ctrl-C does."""


@pytest.mark.parametrize("error", [None, ValueError, Interrupted])
@pytest.mark.parametrize("after", [1, 2, 3, 5])
def test_everything_is_put_back(error, after):
    """Also where the loss raises in the first run, with gates, or beside the point."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Tanh())
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.randn(6, 4)).pow(2).mean().backward()
    optimizer.step()
    x, calls = torch.randn(6, 4), []

    def step():
        calls.append(1)
        optimizer.zero_grad()
        torch.rand(1), random.random(), net.eval(), net.train()
        loss = (net(x) - net(x).detach() * 0.5).pow(2).mean()
        if error and len(calls) > after:
            raise error
        loss.backward()
        optimizer.step()

    values, facts = world(net, optimizer)
    with contextlib.suppress(ValueError, Interrupted):
        check(step, net.parameters())
    again, same = world(net, optimizer)
    assert same == facts
    assert all(torch.equal(a, b) for a, b in zip(values, again, strict=True))


def test_an_interrupt_while_everything_is_put_back(monkeypatch):
    """The key may be pressed just then."""
    w, seen, interrupts = torch.ones(2, requires_grad=True), [], [KeyboardInterrupt]

    def loss_fn():
        seen.append(1)
        w.data.mul_(2)
        torch.rand(1)
        return w.pow(2).sum()

    def put(tensor, *rest):
        if sys._getframe(2).f_code.co_name == "close" and interrupts:
            raise interrupts.pop()
        original(tensor, *rest)

    original, state = lostgrad.State._put, torch.get_rng_state()
    monkeypatch.setattr(lostgrad.State, "_put", staticmethod(put))
    with pytest.raises(KeyboardInterrupt):
        check(loss_fn, [w])
    assert torch.equal(w, torch.ones(2))
    assert torch.equal(state, torch.get_rng_state())
    assert seen == []


@pytest.mark.parametrize(
    "place", [(TorchFunctionMode, "__exit__"), (torch.utils.hooks.RemovableHandle, "remove")]
)
def test_an_interrupt_at_the_end_of_a_run_leaves_nothing_behind(monkeypatch, place):
    """Neither the mode that watches, nor a hook of all optimizers, nor the maker of parameters."""
    w, maker = torch.ones(2, requires_grad=True), torch.Tensor._make_subclass
    optimizer, modes = torch.optim.SGD([w], 0.1), torch._C._len_torch_function_stack()

    def step():
        w.pow(2).sum().backward()
        optimizer.step()

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(*place, interrupt)
        check(step, [w])
    assert torch._C._len_torch_function_stack() == modes
    assert torch.Tensor._make_subclass is maker
    assert not any(vars(sys.modules[torch.optim.Optimizer.__module__])[name] for name in HOOKS)


@pytest.mark.parametrize("after", [1, 2, 9, 10**6])
def test_python_state_is_put_back(after):
    """Counters, lists, attributes, generators of NumPy; an iterator gives its items once more."""

    class Trainer:
        calls = 0

    trainer, seen = Trainer(), []
    trainer.count, rng = 3, numpy.random.default_rng(0)
    w, batches = torch.ones(2, requires_grad=True), iter([torch.ones(2), torch.zeros(2)])
    trainer.mean = mean = torch.zeros(())

    def loss_fn():
        trainer.count += 1
        trainer.mean = trainer.mean + 1
        seen.append(rng.random())
        Trainer.calls += 1  # of a class: the tool does not put it back
        if Trainer.calls > after:
            raise KeyboardInterrupt
        return (w * next(batches)).pow(2).sum()

    before = rng.bit_generator.state
    with contextlib.suppress(KeyboardInterrupt):
        check(loss_fn, [w])
    assert (trainer.count, trainer.mean, seen) == (3, mean, [])
    assert rng.bit_generator.state == before
    assert torch.equal(next(batches), torch.ones(2))


def test_an_error_of_the_loss_passes_through():
    """The reader sees the error of their own code, unchanged."""

    def loss_fn():
        raise RuntimeError("my own")

    with pytest.raises(RuntimeError, match="my own"):
        check(loss_fn, [torch.ones(2, requires_grad=True)])


def test_a_used_generator_is_named():
    """No parameters are a mistake of the call, not a verdict."""
    w = torch.ones(2, requires_grad=True)
    params = iter([w])
    next(params)
    with pytest.raises(ValueError, match="no parameter requires a gradient"):
        check(lambda: w.sum(), params)


def test_stops_on_purpose_can_be_listed():
    """By file and line, once."""
    w = torch.ones(2, requires_grad=True)

    def loss_fn():
        return (w * (2 * w).detach()).sum()

    line = loss_fn.__code__.co_firstlineno + 1
    first = check(loss_fn, [w])
    second = check(loss_fn, [w], intended=[f"test_lostgrad.py:{line}"])
    assert (first.ok, second.ok) == (False, True)
    assert [s.intended for s in second.stops] == [True]


def test_the_effect_is_the_change_of_the_gradient():
    """w times a constant copy of w has half of the gradient of w squared."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    (stop,) = check(lambda: (w * w.detach()).sum(), [w]).stops
    assert stop.effect == pytest.approx(1.0)
    assert stop.kind == ".detach()"


def test_two_stops_in_a_row_are_both_named():
    """Each hides the other when it is let through alone."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)

    def loss_fn():
        once = (w**2).detach()
        with torch.enable_grad():
            twice = torch.tensor(once.tolist())
        return (w * once.detach()).sum() + 0 * twice.sum()

    report = check(loss_fn, [w])
    assert {s.kind for s in report.stops if s.matters} == {".detach()"}


SCRIPT = """
import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x = torch.randn(8, 3, requires_grad=True)

def right(create_graph=True):
    y = net(x)
    g = torch.autograd.grad(y.sum(), x, create_graph=create_graph, retain_graph=True)[0]
    return y.pow(2).mean() + g.pow(2).mean()

def wrong():
    return right(False)
"""


@pytest.mark.parametrize(("name", "status"), [("right", 0), ("wrong", 1)])
def test_the_command_line_exits_with_the_verdict(tmp_path, name, status):
    """Zero where it is right, one where it is wrong."""
    script = tmp_path / "train.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(TOOL), f"{script}:{name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("train.py:10: autograd.grad without create_graph" in done.stdout) == bool(status)


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("train.py", "no file 'train.py': give FILE.py:FUNCTION"),
        ("lost.py:right", "no file 'lost.py'"),
        ("train.py:left", "no 'left' in train.py"),
    ],
)
def test_the_command_line_names_what_is_missing(tmp_path, monkeypatch, capsys, loss, said):
    """A mistake of the call is no verdict: it exits as where nothing can be said."""
    (tmp_path / "train.py").write_text("def right(): pass", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        lostgrad.main([loss])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_a_failed_assertion_shows_the_line():
    """The report is its own text, so that ``assert check(…).ok`` says what is wrong."""
    w = torch.ones(2, requires_grad=True)
    report = check(lambda: (w * w.detach()).sum(), [w])
    assert f"{report!r}" == str(report)
    assert ": .detach()" in str(report)[:240]


class HalfSine(torch.autograd.Function):
    """sin in bfloat16, with a backward pass that is differentiable, or not."""

    right = True

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sin()

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (x if HalfSine.right else x.detach()).cos()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("right", [True, False])
def test_a_kernel_in_half_precision_is_compared_with_a_reference(dtype, right):
    """Its second derivative may be off by what its rounding explains, and no more."""
    HalfSine.right = right
    x = torch.linspace(-1, 1, 64, dtype=dtype)
    report = against(lambda x: x.sin() * 2, lambda x: HalfSine.apply(x) * 2, [x])
    assert report.ok is right, str(report)
    assert report.slopes[-1].name == "second derivative"


@pytest.mark.parametrize("act", [torch.nn.ReLU, lambda: torch.nn.LeakyReLU(0.2)])
@pytest.mark.parametrize("seed", range(20 if ALL else 2))
def test_wide_critics_with_kinks_pass(act, seed):
    """Kinks are everywhere between the steps; smaller steps settle."""
    torch.manual_seed(seed)
    net = torch.nn.Sequential(
        torch.nn.Linear(64, 256), act(), torch.nn.Linear(256, 256), act(), torch.nn.Linear(256, 1)
    )
    x = torch.randn(64, 64, requires_grad=True)

    def loss_fn():
        y = net(x)
        g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
        return y.mean() + 10 * ((g.norm(dim=1) - 1) ** 2).mean()

    report = check(loss_fn, net.parameters())
    assert report.ok is True, str(report)


def test_schedulers_and_hooks_are_put_back():
    """What a step registers or counts is not there afterwards, nor in the next run."""
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], 0.5)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.1)

    def step():
        w.register_hook(lambda g: 2 * g)
        optimizer.zero_grad()
        w.pow(2).sum().backward()
        optimizer.step()
        scheduler.step()

    before = scheduler.state_dict()
    check(step, [w], differences=False)
    assert scheduler.state_dict() == before
    assert optimizer.param_groups[0]["lr"] == 0.5
    assert not w._backward_hooks
    assert torch.equal(w, torch.ones(2))


@pytest.mark.parametrize(("seed", "coefficient"), [(2, 1e-2), (12, 1e-3)])
def test_rounding_is_no_effect(seed, coefficient):
    """In float32 the detached maximum lets rounding through that looked alike beside the point."""
    torch.manual_seed(seed)
    assert check(*LOSSES["stable_log_sum"](coefficient)).ok is True


def test_a_deep_graph_is_freed():
    """PyTorch frees a graph by recursion once its nodes were walked, and crashes on this one."""
    w = torch.full((), 0.5, requires_grad=True)

    def loss_fn():
        y = w
        for _ in range(60_000):
            y = torch.sin(y)
        return y

    assert check(loss_fn, [w], differences=False).ok
