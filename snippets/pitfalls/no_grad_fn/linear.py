import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
b = torch.tensor(5.0, requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (w * x).sum() + b
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
penalty = dy_dx.pow(2).sum()


def ask(tensor, **flags):
    try:
        return torch.autograd.grad(
            penalty, tensor, retain_graph=True, **flags
        )[0]
    except RuntimeError as error:
        return str(error)[:70].rstrip()


for name, tensor in {"w": w, "x": x, "b": b}.items():
    print(f"{name}: {ask(tensor)}")
    print(f"{name}, allow_unused: {ask(tensor, allow_unused=True)}")
    print(f"{name}, materialize_grads: {ask(tensor, materialize_grads=True)}")
#> w: tensor([6., 8.])
#> w, allow_unused: tensor([6., 8.])
#> w, materialize_grads: tensor([6., 8.])
#> x: The differentiated Tensor at index 0 appears to not have been used in
#> x, allow_unused: None
#> x, materialize_grads: tensor([0., 0.])
#> b: The differentiated Tensor at index 0 appears to not have been used in
#> b, allow_unused: None
#> b, materialize_grads: 0.0
penalty.backward()
print("after backward: w.grad", w.grad, "x.grad", x.grad, "b.grad", b.grad)
#> after backward: w.grad tensor([6., 8.]) x.grad None b.grad None
