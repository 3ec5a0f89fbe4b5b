import torch

weight = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
penalties = {
    "grad.pow(2).sum()": lambda grad: grad.pow(2).sum(),
    "grad.abs().sum()": lambda grad: grad.abs().sum(),
    "grad.norm()": lambda grad: grad.norm(),
    "grad.to_dense().norm()": lambda grad: grad.to_dense().norm(),
    "grad.coalesce().values().norm()": lambda grad: (
        grad.coalesce().values().norm()
    ),
}
found = {}
for name, penalty in penalties.items():
    rows = torch.nn.functional.embedding(
        torch.tensor([0, 0]), weight, sparse=True
    )
    grad = torch.autograd.grad((rows**3).sum(), weight, create_graph=True)[
        0
    ]
    try:
        slope = torch.autograd.grad(penalty(grad), weight)[0].to_dense()
        found[name] = [round(value, 3) for value in slope[0].tolist()]
    except NotImplementedError:
        found[name] = "raises"
    print(f"{name}: {found[name]}")
#> grad.pow(2).sum(): [144.0, 1152.0]
#> grad.abs().sum(): [12.0, 24.0]
#> grad.norm(): raises
#> grad.to_dense().norm(): [2.91, 23.283]
#> grad.coalesce().values().norm(): [2.91, 23.283]
