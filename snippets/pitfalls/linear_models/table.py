import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
b = torch.tensor(5.0, requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (w * x).sum() + b
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
penalty = dy_dx.pow(2).sum()

for name, tensor in {"w": w, "x": x, "b": b}.items():
    try:
        torch.autograd.grad(penalty, tensor, retain_graph=True)
        plain = "a gradient"
    except RuntimeError:
        plain = "raises"
    unused = torch.autograd.grad(penalty, tensor, retain_graph=True, allow_unused=True)[0]
    zeros = torch.autograd.grad(penalty, tensor, retain_graph=True, materialize_grads=True)[0]
    print(f"{name}: {plain}; allow_unused {unused}; materialize_grads {zeros}")
#> w: a gradient; allow_unused tensor([6., 8.]); materialize_grads tensor([6., 8.])
#> x: raises; allow_unused None; materialize_grads tensor([0., 0.])
#> b: raises; allow_unused None; materialize_grads 0.0
penalty.backward()
print("after backward: w.grad", w.grad, "x.grad", x.grad, "b.grad", b.grad)
#> after backward: w.grad tensor([6., 8.]) x.grad None b.grad None
