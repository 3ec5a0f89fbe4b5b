# --8<-- [start:setup]
from textwrap import fill

import torch
from torch import nn
from torch.autograd.forward_ad import dual_level, make_dual
from torch.func import functional_call, grad, hessian, jvp, vmap


def said(call, *inputs):
    """Print the message of what a call raises."""
    try:
        call(*inputs)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        print(fill(text, 72, break_long_words=False, break_on_hyphens=False))


x = torch.tensor([[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]])
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
params = {name: p.detach() for name, p in net.named_parameters()}
# --8<-- [end:setup]


# --8<-- [start:autograd]
def slope(row):
    row.requires_grad_()
    return torch.autograd.grad(net(row).sum(), row)[0]


said(vmap(slope), x)
#> RuntimeError: You are attempting to call Tensor.requires_grad_() (or
#> perhaps using torch.autograd.functional.* APIs) inside of a function
#> being transformed by a functorch transform. This is unsupported, please
#> attempt to use the functorch transforms (e.g. grad, vjp, jacrev, jacfwd,
#> hessian) or call requires_grad_() outside of a function being
#> transformed instead.


def middle(row):
    h = row**2
    h.retain_grad()
    return h.sum()


said(grad(middle), x[0])
#> RuntimeError: You are attempting to call Tensor.retain_grad() inside of
#> a function being transformed by a functorch transform. This is
#> unsupported, please attempt to use the functorch transforms (e.g. grad,
#> vjp, jacrev, jacfwd, hessian) or call retain_grad() outside of a
#> function being transformed instead.
slopes = vmap(grad(lambda row: net(row).sum()))(x)  # needs no flag
# --8<-- [end:autograd]


# --8<-- [start:control]
said(vmap(lambda row: row / row.max().item()), x)
#> RuntimeError: vmap: It looks like you're calling .item() on a Tensor. We
#> don't support vmap over calling .item() on a Tensor, please try to
#> rewrite what you're doing with other operations. If error is occurring
#> somewhere inside PyTorch internals, please file a bug report.
said(vmap(lambda row: row if row.sum() > 0 else -row), x)
#> RuntimeError: vmap: It looks like you're attempting to use a Tensor in
#> some data-dependent control flow. We don't support that yet, please file
#> an issue at https://github.com/pytorch/pytorch/issues .
said(vmap(lambda row: row[row > 0].sum()), x)
#> RuntimeError: vmap: We do not support batching operators that can
#> support dynamic shape. Attempting to batch over indexing with a boolean
#> mask.
said(vmap(torch.nonzero), x)
#> RuntimeError: vmap: We do not support batching operators that can output
#> dynamic shape. Attempted to vmap over aten::nonzero. Please file an
#> issue at https://github.com/pytorch/pytorch/issues if you need this
#> feature.

vmap(lambda row: row / row.max())(x)
vmap(lambda row: torch.where(row.sum() > 0, row, -row))(x)
vmap(lambda row: torch.where(row > 0, row, 0.0).sum())(x)
# --8<-- [end:control]


# --8<-- [start:written]
def filled(row):
    out = torch.zeros(2)
    out[0] = row[1]
    return out


said(vmap(filled), x)
#> RuntimeError: vmap: inplace arithmetic(self, *extra_args) is not
#> possible because there exists a Tensor `other` in extra_args that has
#> more elements than `self`. This happened due to `other` being vmapped
#> over but `self` not being vmapped over in a vmap. Please try to use
#> out-of-place operators instead of inplace arithmetic. If said operator
#> is being called inside the PyTorch framework, please file a bug report
#> instead.


def replaced(row):
    return torch.stack([row[1], torch.zeros(())])


vmap(replaced)(x)
said(vmap(lambda row: row.data * 2), x)
#> RuntimeError: accessing `data` under vmap transform is not allowed
vmap(lambda row: row.detach() * 2)(x)

kept = []
vmap(lambda row: kept.append(row) or row)(x)
said(lambda: kept[0] + 1)
#> RuntimeError: Either your tensor may have escaped from inside a function
#> being vmapped and this is a user error (see
#> https://pytorch.org/functorch/stable/ux_limitations.html), or there is
#> an internal functorch error in `gen_vmap_plumbing` Please file an issue
#> if it looks like the latter
# --8<-- [end:written]


# --8<-- [start:dims]
def loss(params, row):
    return functional_call(net, params, (row,)).sum()


said(vmap(grad(loss)), params, x)
#> ValueError: vmap: Expected all tensors to have the same size in the
#> mapped dimension, got sizes [3, 3, 1, 1, 3] for the mapped dimension
said(vmap(torch.add, in_dims=(0,)), x, x)
#> ValueError: vmap(add, in_dims=(0,), ...)(<inputs>): in_dims is not
#> compatible with the structure of `inputs`. in_dims has structure
#> TreeSpec(tuple, None, [*]) but inputs has structure TreeSpec(tuple,
#> None, [*,   *]).
said(vmap(lambda row, n: row**n), x, 2)
#> ValueError: vmap(<lambda>, in_dims=0, ...)(<inputs>): Got in_dim=0 for
#> an input but the input is of type <class 'int'>. We cannot vmap over
#> non-Tensor arguments, please use None as the respective in_dim
said(vmap(torch.sin), torch.tensor(1.0))
#> ValueError: vmap(sin, in_dims=0, ...)(<inputs>): Got in_dim=0 for some
#> input, but that input is a Tensor of dimensionality 0 so expected in_dim
#> to satisfy -0 <= in_dim < 0.
said(vmap(lambda row: 1.0), x)
#> ValueError: vmap(<lambda>, ...): `<lambda>` must only return Tensors,
#> got type <class 'float'>. Did you mean to set out_dims= to None for
#> output?

gradients = vmap(grad(loss), in_dims=(None, 0))(params, x)
powers = vmap(lambda row, n: row**n, in_dims=(0, None))(x, 2)
ones = vmap(lambda row: torch.ones(()))(x)
# --8<-- [end:dims]


# --8<-- [start:arguments]
said(grad(lambda w: w**2), 3.0)
#> ValueError: Thing passed to transform API must be Tensor, got <class
#> 'float'>
said(grad(lambda w: (w**2).sum().item()), x[0])
#> RuntimeError: grad_and_value(f)(*args): Expected f(*args) to return a
#> Tensor, got <class 'float'>
said(grad(lambda w: ((w**2).sum(), w)), x[0])
#> RuntimeError: grad_and_value(f)(*args): Expected f(*args) to return a
#> Tensor, got <class 'tuple'>
said(grad(lambda w, b: (w * b).sum(), argnums=(0, 1)), x[0])
#> RuntimeError: Got argnum=1, but only 1 positional inputs
said(jvp, torch.sin, x, x)
#> RuntimeError: jvp(f, primals, tangents): Expected primals to be a tuple.
#> E.g. it should be valid to call f(*primals).
said(jvp, torch.sin, (x,), (x[0],))
#> RuntimeError: Trying to set a forward gradient that has a different size
#> than that of the original Tensor, this is not supported. Tensor is of
#> size [3, 2] while the given forward gradient is of size [2].
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.

grad(lambda w: w**2)(torch.tensor(3.0))
g, same = grad(lambda w: ((w**2).sum(), w), has_aux=True)(x[0])
jvp(torch.sin, (x,), (x,))
# --8<-- [end:arguments]


# --8<-- [start:modules]
said(functional_call, net, list(params.values()), (x,))
#> ValueError: Expected all elements of parameter_and_buffer_dicts to be
#> dictionaries
said(lambda: functional_call(net, {"weight": x}, (x,), strict=True))
#> RuntimeError: Error(s) in reparametrizing for Sequential:
#> Unexpected key(s): 'weight'.         Missing key(s): '0.bias',
#> '0.weight', '2.bias', '2.weight'.
lstm = nn.LSTM(2, 3, batch_first=True)
said(vmap(lambda rows: lstm(rows)[0]), x[None, :, None])
#> RuntimeError: Batching rule not implemented for aten::lstm.input. We
#> could not generate a fallback.
batch_norm = nn.BatchNorm1d(2)
said(vmap(batch_norm), x[None])
#> RuntimeError: Batch norm got a batched tensor as input while the
#> running_mean or running_var, which will be updated in place, were not
#> batched. If you are using a module and do not need eval mode, please set
#> `track_running_stats` to be False.If you are using a prebuilt module and
#> do not need eval mode, please see the functorch website for resources on
#> how to patch your module to work with vmap

functional_call(net, params, (x,), strict=True)
vmap(batch_norm.eval())(x[None])
# --8<-- [end:modules]


# --8<-- [start:forward]
rows = torch.randn(3, 2)
said(hessian(lambda rows: torch.cdist(rows, rows).sum()), rows)
#> NotImplementedError: Trying to use forward AD with _cdist_forward that
#> does not support it because it has not been implemented yet. Please file
#> an issue to PyTorch at
#> https://github.com/pytorch/pytorch/issues/new?template=feature-request.yml
#> so that we can prioritize its implementation or submit a PR adding the
#> implementation to derivatives.yaml


def squares(rows):
    return (rows[:, None] - rows).square().sum()


hessian(squares)(rows)
said(make_dual, x, x)
#> RuntimeError: Trying to create a dual Tensor for forward AD but no level
#> exists, make sure to enter_dual_level() first.
with dual_level():
    said(dual_level().__enter__)
    dual = make_dual(x, x)
#> RuntimeError: Nested forward mode AD is not supported at the moment
# --8<-- [end:forward]
