import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
dc_da = torch.autograd.grad(a * a * b, a, create_graph=True)[0]


def dd_da(g):
    d = (a + g) * b
    return torch.autograd.grad(d, a, retain_graph=True)[0].item()


print("dc_da itself:", dd_da(dc_da))
#> dc_da itself: 10.0
print("detach, data:", dd_da(dc_da.detach()), dd_da(dc_da.data))
#> detach, data: 2.0 2.0
print("item, tolist:", dd_da(dc_da.item()), dd_da(dc_da.tolist()))
#> item, tolist: 2.0 2.0
print("as_tensor of a list:", dd_da(torch.as_tensor([dc_da])[0]))
#> as_tensor of a list: 2.0
#! UserWarning: Converting a tensor with requires_grad=True to a scalar may
#!   lead to unexpected behavior. ...
print("nn.Parameter:", dd_da(torch.nn.Parameter(dc_da)))
#> nn.Parameter: 2.0
print("detach, requires_grad_:", dd_da(dc_da.detach().requires_grad_()))
#> detach, requires_grad_: 2.0
print("an integer dtype:", dd_da(dc_da.long().float()))
#> an integer dtype: 2.0
