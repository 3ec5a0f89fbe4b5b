import torch


def derivatives(hinge):
    x = torch.tensor(0.0, requires_grad=True)
    h = hinge(x)
    h_x = torch.autograd.grad(h, x, retain_graph=True)[0]
    u_x = torch.autograd.grad(h**2, x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x, x)[0]
    return h_x.item(), u_xx.item()


zero = torch.tensor(0.0)
relu, relu_2 = derivatives(torch.relu)
clamp, clamp_2 = derivatives(lambda x: x.clamp(min=0))
maximum, maximum_2 = derivatives(lambda x: torch.maximum(x, zero))
where, where_2 = derivatives(lambda x: torch.where(x > 0, x, 0.0))
half, half_2 = derivatives(lambda x: (x + x.abs()) / 2)
print("relu", relu, relu_2, "clamp", clamp, clamp_2)
#> relu 0.0 0.0 clamp 1.0 2.0
print("maximum", maximum, maximum_2, "where", where, where_2)
#> maximum 0.5 0.5 where 0.0 0.0
print("(x + |x|) / 2", half, half_2)
#> (x + |x|) / 2 0.5 0.5
