# --8<-- [start:setup]
import copy
import warnings
from textwrap import fill

import torch
from torch import nn
from torch.autograd import grad
from torch.utils.checkpoint import checkpoint


def said(call, *inputs, **options):
    """Print the message of what a call raises or warns of."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            call(*inputs, **options)
        except Exception as error:
            told = [warnings.WarningMessage(error, type(error), "", 0)]
    for one in told:
        text = f"{one.category.__name__}: {one.message}"
        text = text.partition(" (Triggered")[0].partition("\nTip:")[0]
        print(fill(text, 72, break_long_words=False, break_on_hyphens=False))


x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
net = nn.Linear(2, 2)
slopes = grad(net(x).square().sum(), net.parameters(), create_graph=True)
adapted = net.weight - 0.1 * slopes[0]
# --8<-- [end:setup]


# --8<-- [start:optimizers]
said(torch.optim.SGD, [adapted], lr=0.1)
#> ValueError: can't optimize a non-leaf Tensor
said(torch.optim.SGD, [], lr=0.1)
#> ValueError: optimizer got an empty parameter list
said(net.register_parameter, "weight", adapted)
#> TypeError: cannot assign 'torch.FloatTensor' object to parameter
#> 'weight' (torch.nn.Parameter or None required)
said(copy.deepcopy, adapted)
#> RuntimeError: Only Tensors created explicitly by the user (graph leaves)
#> support the deepcopy protocol at the moment.  If you were attempting to
#> deepcopy a module, this may be because of a torch.nn.utils.weight_norm
#> usage, see https://github.com/pytorch/pytorch/pull/103001
scores = nn.Embedding(3, 2, sparse=True)
scores(torch.tensor([1])).sum().backward()
said(torch.optim.Adam(scores.parameters()).step)
#> RuntimeError: Adam does not support sparse gradients, please consider
#> SparseAdam instead

fast = {"weight": adapted, "bias": net.bias}
outer = torch.func.functional_call(net, fast, (x,)).square().sum()
outer.backward()
# --8<-- [end:optimizers]


# --8<-- [start:views]
def halves():
    a, b = x.clone().unbind(1)
    a.mul_(b)


def viewed():
    h = 2 * x
    with torch.no_grad():
        row = h[0]
    row.mul_(2)


def inferred():
    with torch.inference_mode():
        statistics = torch.ones(2)
    statistics.mul_(2)


said(halves)
#> RuntimeError: Output 0 of Unbind is a view and is being modified
#> inplace. This view is the output of a function that returns multiple
#> views. Such functions do not allow the output views to be modified
#> inplace. You should replace the inplace operation by an out-of-place
#> one.
said(viewed)
#> RuntimeError: A view was created in no_grad mode and is being modified
#> inplace with grad mode enabled. Given that this use case is ambiguous
#> and error-prone, it is forbidden. You can clarify your code by moving
#> both the view and the inplace either both inside the no_grad block (if
#> you don't want the inplace to be tracked) or both outside (if you want
#> the inplace to be tracked).
said(inferred)
#> RuntimeError: Inplace update to inference tensor outside InferenceMode
#> is not allowed.You can make a clone to get a normal tensor before doing
#> inplace update.See https://github.com/pytorch/rfcs/pull/17 for more
#> details.
said(torch.mul, x, 2, out=torch.empty(2, 2))
#> RuntimeError: mul(): functions with out=... arguments don't support
#> automatic differentiation, but one of the arguments requires grad.
said(x.apply_, abs)
#> RuntimeError: Can't call apply_() on Variable that requires grad. Use
#> var.detach().apply_() instead.
said(x.resize_, 4)
#> RuntimeError: cannot resize variables that require grad
said(x.__dlpack__)
#> BufferError: Can't export tensors that require gradient, use
#> tensor.detach()

a, b = x.clone().unbind(1)
product = a * b
# --8<-- [end:views]


# --8<-- [start:hooks]
class Named(nn.Module):
    def forward(self, x):
        return {"score": 2 * x}


module = Named()
module.register_full_backward_hook(lambda *all: None)
said(module, x)
#> UserWarning: For backward hooks to be called, module output should be a
#> Tensor or a tuple of Tensors but received <class 'dict'>
layer = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
layer.register_backward_hook(lambda *all: None)
said(layer, x)
#> FutureWarning: Using a non-full backward hook when the forward contains
#> multiple autograd Nodes is deprecated and will be removed in future
#> versions. This hook will be missing some grad_input. Please use
#> register_full_backward_hook to get the documented behavior.
said(layer.register_full_backward_hook, lambda *all: None)
#> RuntimeError: Cannot use both regular backward hooks and full backward
#> hooks on a single Module. Please use only one of them.


def listed():
    h = 2 * x
    h.register_hook(lambda g: g.tolist())
    h.sum().backward()


said(listed)
#> TypeError: expected Variable, but hook returned 'list'
# --8<-- [end:hooks]


# --8<-- [start:scaler]
scaler = torch.amp.GradScaler("cpu")
weight = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
scaler.scale(weight.square().sum())
said(scaler.step, optimizer)  # nobody called backward
#> AssertionError: No inf checks were recorded for this optimizer.

scaler = torch.amp.GradScaler("cpu")
scaler.scale(weight.square().sum()).backward()
scaler.unscale_(optimizer)
said(scaler.unscale_, optimizer)
#> RuntimeError: unscale_() has already been called on this optimizer since
#> the last update().
scaler.step(optimizer)
scaler.update()

half = torch.ones(2, dtype=torch.float16, requires_grad=True)
optimizer = torch.optim.SGD([half], lr=0.1)
scaler.scale(half.sum()).backward()
said(scaler.unscale_, optimizer)
#> ValueError: Attempting to unscale FP16 gradients.
# --8<-- [end:scaler]


# --8<-- [start:checkpoints]
def loss(x):
    return checkpoint(lambda x: x.detach() ** 2, x, use_reentrant=True)


said(lambda: loss(x).sum().backward())
#> RuntimeError: none of output has requires_grad=True, this checkpoint()
#> is not necessary


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, g):
        return ctx.saved_tensors[0] * g + ctx.saved_tensors[0] * g


said(lambda: checkpoint(Twice.apply, x, use_reentrant=False).sum().backward())
#> CheckpointError: torch.utils.checkpoint: Unpack is being triggered for a
#> tensor that was already unpacked once. If you are calling
#> ctx.saved_tensors in backward, make sure to do so only once. Otherwise
#> please open an issue with details on your use case.
calls = []


def growing(x):
    calls.append(x)
    return x.sin() if len(calls) > 1 else x.sin().cos()


said(lambda: checkpoint(growing, x, use_reentrant=False).sum().backward())
#> CheckpointError: torch.utils.checkpoint: A different number of tensors
#> was saved during the original forward and recomputation. Number of
#> tensors saved during forward: 2 Number of tensors saved during
#> recomputation: 1.
# --8<-- [end:checkpoints]


# --8<-- [start:values]
weight.grad = torch.full((2,), torch.nan)
clip = nn.utils.clip_grad_norm_
said(clip, [weight], 1.0, error_if_nonfinite=True)
#> RuntimeError: The total norm of order 2.0 for gradients from
#> `parameters` is non-finite, so it cannot be clipped. To disable this
#> error and scale the gradients by the non-finite norm anyway, set
#> `error_if_nonfinite=False`
square = torch.tensor([[0.0, 1.0], [-2.0, 0.0]], requires_grad=True)
said(lambda: torch.linalg.eig(square)[1].imag.sum().backward())
#> RuntimeError: linalg_eig_backward: The eigenvectors in the complex case
#> are specified up to multiplication by e^{i phi}. The specified loss
#> function depends on this quantity, so it is ill-defined.
said(lambda: torch.linalg.qr(square, mode="r")[1].sum().backward())
#> RuntimeError: The derivative of linalg.qr depends on Q, which is not
#> computed when mode='r'. Please use linalg.qr(A, mode='reduced') if you
#> are going to differentiate through linalg.qr.
said(torch.linalg.cholesky, square.T @ square - 4 * torch.eye(2))
#> _LinAlgError: linalg.cholesky: The factorization could not be completed
#> because the input is not positive-definite (the leading minor of order 1
#> is not positive-definite).
torch.linalg.eig(square)[0].abs().sum().backward()
torch.linalg.qr(square)[1].sum().backward()
factor = torch.linalg.cholesky(square.T @ square + 1e-6 * torch.eye(2))
# --8<-- [end:values]
