# --8<-- [start:checker]
import torch
from torch.overrides import TorchFunctionMode


class Recorder(TorchFunctionMode):  # keeps what torch.autograd.grad returns
    def __torch_function__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        self.found += result if function is torch.autograd.grad else ()
        return result


def check(loss_fn, params, step=1e-5, tolerance=1e-5):
    recorder, starts = Recorder(), [p.detach().clone() for p in params]

    def loss_at(distance):
        recorder.found = []
        for p, start, v in zip(params, starts, direction):
            p.data = start + distance * v
        torch.manual_seed(0)  # the same dropout mask at each call
        with recorder:
            return loss_fn()

    def slope(tensor):  # by autograd; 0 for a constant
        total = tensor.sum() + 0 * sum(p.sum() for p in params)
        grads = torch.autograd.grad(total, params, retain_graph=True)
        return float(sum((g * v).sum() for g, v in zip(grads, direction)))

    torch.manual_seed(0)
    direction = [torch.randn_like(start) for start in starts]
    near, far = (float(loss_at(h) - loss_at(-h)) / (2 * h) for h in (step, 2 * step))
    try:
        loss, inner = loss_at(0), [g for g in recorder.found if g is not None]
        error, slopes = abs(slope(loss) - near), [slope(g) for g in inner]
    except RuntimeError as raised:
        return f"not twice differentiable: {raised}"
    graph = [loss.grad_fn] if loss.grad_fn else []
    for node in graph:  # the list grows while it is walked
        graph += [n for n, _ in node.next_functions if n and n not in graph]
    lost = [f"{k}, of shape {tuple(g.shape)}" for k, g in enumerate(inner, 1) if g.grad_fn not in graph]
    if not abs(near - far) + error < float("inf") or abs(near - far) > tolerance * (1 + abs(near)):
        return f"doubtful: finite differences give {near:.6g} and {far:.6g}; nan, a kink, float32?"
    if error > tolerance * (1 + abs(near)):
        return f"cut: the loss does not see inner gradient {lost[0]}" if lost else "wrong: custom"
    return "zero" if not all(slopes) else "right"
# --8<-- [end:checker]
