# --8<-- [start:setup]
import torch
from torch.autograd import functional
from torch.func import grad, jacrev

a = torch.tensor([1.0, 2.0])
b = torch.tensor([3.0])


def f(a, b):  # (2,), (1,) -> ()
    return (a**2).sum() * b.sum()


def shapes(rows):
    return [[tuple(block.shape) for block in row] for row in rows]
# --8<-- [end:setup]


# --8<-- [start:several]
H = functional.hessian(f, (a, b))
print(shapes(H))
#> [[(2, 2), (2, 1)], [(1, 2), (1, 1)]]
H = jacrev(jacrev(f, argnums=(0, 1)), argnums=(0, 1))(a, b)
print(shapes(H))
#> [[(2, 2), (2, 1)], [(1, 2), (1, 1)]]
# --8<-- [end:several]
# --8<-- [start:matrix]
matrix = torch.cat([torch.cat(row, dim=1) for row in H])
print(matrix.tolist())
#> [[6.0, 0.0, 2.0], [0.0, 6.0, 4.0], [2.0, 4.0, 0.0]]
# --8<-- [end:matrix]


# --8<-- [start:dict]
def of_dict(tree):
    return f(tree["a"], tree["b"])


H = jacrev(jacrev(of_dict))({"a": a, "b": b})
print(H["a"]["b"].tolist())
#> [[2.0], [4.0]]
# --8<-- [end:dict]


# --8<-- [start:aux]
def with_prediction(a, b):
    prediction = a * b
    return (prediction**2).sum(), prediction


g, prediction = grad(with_prediction, has_aux=True)(a, b)
print(g.tolist(), prediction.tolist())
#> [18.0, 36.0] [3.0, 6.0]
# --8<-- [end:aux]
