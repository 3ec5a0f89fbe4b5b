import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
dc_da = torch.autograd.grad(a * a * b, a, create_graph=True)[0]


def dd_da(g):
    d = (a + g) * b
    return torch.autograd.grad(d, a, retain_graph=True)[0].item()


print("clone:", dd_da(dc_da.clone()))
#> clone: 10.0
print("as_tensor:", dd_da(torch.as_tensor(dc_da)))
#> as_tensor: 10.0
print("stack:", dd_da(torch.stack([dc_da])[0]))
#> stack: 10.0
print("another floating point dtype:", dd_da(dc_da.double()))
#> another floating point dtype: 10.0
