import torch


def product(x):
    index = torch.zeros(3, dtype=torch.int64)
    return torch.ones(1).scatter_reduce(0, index, x, "prod").sum()


x = torch.tensor([2.0, 3.0, 5.0])
hessian = torch.func.jacrev(torch.func.jacrev(product))(x)
row = hessian[0].tolist()
print("first row:", row)
#> first row: [0.0, 5.0, 3.0]
