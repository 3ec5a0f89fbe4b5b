# wrong: meta_gradient is 0.0, the gradient is 0.24
# right: pitfalls/optimizer_step/copy_right.py
import torch

net = torch.nn.Linear(1, 1, bias=False).double()
torch.nn.init.constant_(net.weight, 3.0)
x = torch.ones(1, 1, dtype=torch.float64)
inner_loss = net(x).pow(2).sum()
step = torch.autograd.grad(inner_loss, net.weight, create_graph=True)[0]
print("step requires grad:", step.requires_grad)
#> step requires grad: True
fast = torch.nn.Linear(1, 1, bias=False).double()
fast.load_state_dict({"weight": net.weight - 0.4 * step})
outer_loss = fast(x).pow(2).sum()
(gradient,) = torch.autograd.grad(
    outer_loss,
    net.weight,
    materialize_grads=True,
)
meta_gradient = gradient.item()
print("meta gradient:", meta_gradient)
#> meta gradient: 0.0
