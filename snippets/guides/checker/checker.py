# --8<-- [start:checker]
import torch
from torch.overrides import TorchFunctionMode

class Recorder(TorchFunctionMode):  # keeps what torch.autograd.grad returns
    def __torch_function__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        self.found += result if function is torch.autograd.grad else ()
        return result

def check(loss_fn, params, step=1e-5):
    def loss_at(distance):
        for p, start, v in zip(params, starts, direction):
            p.data = start + distance * v
        torch.manual_seed(0)  # the same dropout mask at each call
        recorder.found = []
        with recorder:
            return loss_fn()
    def slope(tensor):  # of its sum, by autograd; 0 for a constant
        total = tensor.sum() + 0 * sum(p.sum() for p in params)
        grads = torch.autograd.grad(total, params, retain_graph=True)
        return sum((g * v).sum() for g, v in zip(grads, direction)).item()
    recorder, starts = Recorder(), [p.detach().clone() for p in params]
    direction = [torch.randn_like(start) for start in starts]
    try:
        near, far = [(loss_at(h) - loss_at(-h)).item() / (2 * h) for h in (step, 2 * step)]
        loss, inner = loss_at(0), [g for g in recorder.found if g is not None]
        here, slopes = slope(loss), [slope(g * torch.randn_like(g)) for g in inner]
    except RuntimeError as error:
        return f"not twice differentiable: {error}"
    told, margin = f"autograd {here:.4g}, difference {near:.4g}", step * (1 + abs(near))
    if not abs(near - far) <= margin or here != here:
        return f"doubtful: {told}, with twice the step {far:.4g}"
    if abs(here - near) <= margin:
        return f"right: {told}" if all(slopes) else f"zero (an inner gradient is fixed): {told}"
    nodes = [loss.grad_fn]
    for node in filter(None, nodes):  # the list grows while it is walked
        nodes += [n for n, _ in node.next_functions if n not in nodes]
    lost = [k for k, g in enumerate(inner, 1) if not g.grad_fn or g.grad_fn not in nodes]
    return f"{f'cut at inner gradient {lost[0]}' if lost else 'wrong, not cut'}: {told}"
# --8<-- [end:checker]


# --8<-- [start:use]
torch.manual_seed(0)
x = torch.randn(8, 3, dtype=torch.float64, requires_grad=True)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()


def loss_fn(create_graph=True):
    y = net(x)
    (dy_dx,) = torch.autograd.grad(y.sum(), x, create_graph=create_graph, retain_graph=True)
    return y.pow(2).mean() + dy_dx.pow(2).sum(dim=1).mean()


print(check(loss_fn, list(net.parameters())))
#> right: autograd -0.572, difference -0.572
print(check(lambda: loss_fn(create_graph=False), list(net.parameters())))
#> cut at inner gradient 1: autograd -1.2, difference -1.378
# --8<-- [end:use]
