import torch

x = torch.tensor([0.5, -1.0], requires_grad=True)
W = torch.tensor([[1.0, -0.5], [0.4, -2.0]], requires_grad=True)
kinds = []

for activation in torch.relu, torch.tanh:
    y = activation(W @ x).sum()
    (dy_dx,) = torch.autograd.grad(y, x, create_graph=True)
    (dL_dW,) = torch.autograd.grad(y**2, W, create_graph=True)
    kinds.append(
        [
            torch.autograd.grad(dy_dx.sum(), x, retain_graph=True)[0].abs().sum().item(),
            torch.autograd.grad(dy_dx.sum(), W, retain_graph=True)[0].abs().sum().item(),
            torch.autograd.grad(dL_dW.sum(), W)[0].abs().sum().item(),
        ]
    )
    inputs_twice, mixed, weights_twice = kinds[-1]
    print(f"{activation.__name__}: inputs twice {inputs_twice:.2f}")
    print(f"      inputs x weights {mixed:.2f}, weights twice {weights_twice:.2f}")
#> relu: inputs twice 0.00
#>       inputs x weights 4.00, weights twice 6.00
#> tanh: inputs twice 0.40
#>       inputs x weights 1.22, weights twice 1.58
