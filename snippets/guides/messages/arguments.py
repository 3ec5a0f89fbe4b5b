# --8<-- [start:setup]
import warnings
from textwrap import fill

import torch
from torch import nn
from torch.autograd import grad
from torch.autograd.functional import hessian, hvp, jacobian


def said(call):
    """Print the message of what a call raises or warns of."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            call()
        except Exception as error:
            told = [warnings.WarningMessage(error, type(error), "", 0)]
    for one in told:
        text = f"{one.category.__name__}: {one.message}"
        text = text.partition(" (Triggered")[0]
        print(fill(text, 72, break_long_words=False, break_on_hyphens=False))


x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x**3
net = nn.Linear(2, 1)
# --8<-- [end:setup]


# --8<-- [start:inputs]
said(lambda: grad(net(x).sum(), net))
#> TypeError: 'Linear' object is not iterable
said(lambda: grad(net(x).sum(), net.named_parameters()))
#> RuntimeError: all inputs have to be Tensors or GradientEdges, but got
#> tuple
frozen = [p for p in net.parameters() if not p.requires_grad]
said(lambda: grad(net(x).sum(), frozen))
#> RuntimeError: `inputs` argument to `grad()` cannot be empty.
said(lambda: net(x).sum().backward(inputs=frozen))
#> RuntimeError: `inputs` argument to `backward()` cannot be empty.

slopes = grad(net(x).sum(), net.parameters())
# --8<-- [end:inputs]


# --8<-- [start:weights]
said(lambda: grad(y.sum(), x, 1.0))
#> TypeError: 'float' object is not iterable
said(lambda: grad([y.sum(), y.prod()], x, [torch.ones(())]))
#> RuntimeError: got 2 tensors and 1 gradients
said(lambda: grad(y, x, torch.ones(2, dtype=torch.complex64)))
#> RuntimeError: For complex Tensors, both grad_output and output are
#> required to have the same dtype. Mismatch in dtype: grad_output[0] has a
#> dtype of torch.complex64 and output[0] has a dtype of torch.float32.
said(lambda: grad(y, x, torch.ones(2, device="meta")))
#> RuntimeError: invalid gradient at index 0 - expected device cpu but got
#> meta
said(lambda: grad(y, x, torch.eye(3), is_grads_batched=True))
#> RuntimeError: If `is_grads_batched=True`, we interpret the first
#> dimension of each grad_output as the batch dimension. The sizes of the
#> remaining dimensions are expected to match the shape of corresponding
#> output, but a mismatch was detected: grad_output[0] has a shape of
#> torch.Size([]) and output[0] has a shape of torch.Size([2]). If you only
#> want some tensors in `grad_output` to be considered batched, consider
#> using vmap.

slope = grad(y, x, torch.ones_like(y), retain_graph=True)[0]
jacobian_of_y = grad(y, x, torch.eye(2), is_grads_batched=True)[0]
# --8<-- [end:weights]


# --8<-- [start:results]
g = grad((x**3).sum(), x, create_graph=True)
said(lambda: x - 0.1 * g)
#> TypeError: can't multiply sequence by non-int of type 'float'
said(lambda: g.norm())
#> AttributeError: 'tuple' object has no attribute 'norm'
said(lambda: float(g[0]))
#> ValueError: only one element tensors can be converted to Python scalars
said(lambda: (g[0].norm() - 1).square().item().backward())
#> AttributeError: 'float' object has no attribute 'backward'

w = torch.ones(2, requires_grad=True)
gradients = grad((x**3).sum(), [x, w], allow_unused=True)
said(lambda: [p - 0.1 * g for p, g in zip([x, w], gradients)])
#> TypeError: unsupported operand type(s) for *: 'float' and 'NoneType'
said(lambda: torch.cat([g.flatten() for g in gradients]))
#> AttributeError: 'NoneType' object has no attribute 'flatten'

penalty = (g[0].norm() - 1).square()
penalty.backward()
# --8<-- [end:results]


# --8<-- [start:leaf]
h = 2 * x
(h**3).sum().backward()
said(lambda: h.grad)
#> UserWarning: The .grad attribute of a Tensor that is not a leaf Tensor
#> is being accessed. Its .grad attribute won't be populated during
#> autograd.backward(). If you indeed want the .grad field to be populated
#> for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you
#> access the non-leaf Tensor by mistake, make sure you access the leaf
#> Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more
#> information.
said(lambda: h.register_post_accumulate_grad_hook(print))
#> RuntimeError: post accumulate grad hooks cannot be registered on
#> non-leaf tensors
said(lambda: setattr(x, "grad", torch.ones(3)))
#> RuntimeError: attempting to assign a gradient of size '[3]' to a tensor
#> of size '[2]'. Please ensure that the gradient and the tensor are the
#> same size

h = 2 * x
inner = grad((h**3).sum(), h, create_graph=True)[0]
inner.square().sum().backward()
# --8<-- [end:leaf]


# --8<-- [start:functional]
v = torch.ones(2)
said(lambda: hessian(lambda v: v**2, v))
#> RuntimeError: The Tensor returned by the function given to hessian
#> should contain a single element
said(lambda: hessian(lambda v: ((v**2).sum(), v), v))
#> RuntimeError: The function given to hessian should return a single
#> Tensor
said(lambda: jacobian(lambda v: 2 * v, v, create_graph=True, strict=True))
#> RuntimeError: The jacobian of the user-provided function is independent
#> of input 0. This is not allowed in strict mode when create_graph=True.
said(lambda: jacobian(lambda v: torch.ones(2), v, strict=True))
#> RuntimeError: Output 0 of the user-provided function does not require
#> gradients. The outputs must be computed in a differentiable manner from
#> the input when running in strict mode.
said(lambda: jacobian(torch.sin, v, vectorize=True, strict=True))
#> RuntimeError: torch.autograd.functional.jacobian: `strict=True` and
#> `vectorized=True` are not supported together. Please either set
#> `strict=False` or `vectorize=False`.
said(lambda: jacobian(torch.sin, v, strategy="forward-mode"))
#> NotImplementedError: Computing Jacobian using forward-AD or
#> forward-over-reverse Hessian isonly implemented for `vectorize=True`.
fast = {"strategy": "forward-mode", "vectorize": True}
said(lambda: jacobian(torch.sin, x, create_graph=True, **fast))
#> NotImplementedError: torch.autograd.functional.jacobian:
#> `create_graph=True` and `strategy="forward-mode"` are not supported
#> together (yet). Please either set `create_graph=False` or
#> `strategy="reverse-mode"`.
said(lambda: hvp(lambda v: (v**3).sum(), v))
#> RuntimeError: The vector v can only be None if the input to the
#> user-provided function is a single Tensor with a single element.

curvature = hessian(lambda v: (v**3).sum(), v)
product = hvp(lambda v: (v**3).sum(), v, torch.ones(2))[1]
recorded = jacobian(torch.sin, x, create_graph=True, vectorize=True)
# --8<-- [end:functional]


# --8<-- [start:check]
double = x.detach().double().requires_grad_()
said(lambda: torch.autograd.gradgradcheck(torch.sin, double.detach()))
#> ValueError: gradcheck expects at least one input tensor to require
#> gradient, but none of them have requires_grad=True.
wide = double[:1].detach().expand(2).requires_grad_()
said(lambda: torch.autograd.gradgradcheck(torch.sin, wide))
#> RuntimeError: The 0th input has a dimension with stride 0. gradcheck
#> only supports inputs that are non-overlapping to be able to compute the
#> numerical gradients correctly. You should call .contiguous on the input
#> before passing it to gradcheck.
torch.autograd.gradgradcheck(torch.sin, double)
# --8<-- [end:check]
