import torch


def descend(k, create_graph):
    t = torch.linspace(0, 6, 50, requires_grad=True)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(40):
        u = w * torch.sin(3 * t)
        (u_t,) = torch.autograd.grad(u.sum(), t, create_graph=True)
        (u_tt,) = torch.autograd.grad(
            u_t.sum(), t, retain_graph=True, create_graph=create_graph
        )
        loss = (u_tt + k * u).pow(2).mean()
        (dloss_dw,) = torch.autograd.grad(loss, w)
        w = (w - 0.01 * dloss_dw).detach().requires_grad_()
    return abs(w.item())


kept = [descend(k, create_graph=True) for k in (16, 4, 0)]
cut = [descend(k, create_graph=False) for k in (16, 4, 0)]
print("with create_graph:   ", [round(end) for end in kept])
#> with create_graph:    [0, 0, 0]
print("without create_graph:", [round(end) for end in cut])
#> without create_graph: [0, 1646, 1]
