import torch
from torch.func import grad, hessian, jacrev


def f(w):
    return w.prod() * w.sum()


w = torch.tensor([1.0, 2.0, 3.0])
in_chunks = jacrev(grad(f), chunk_size=2)(w).tolist()
print("in chunks:", in_chunks)
#> in chunks: [[12.0, 27.0, 20.0], [27.0, 6.0, 11.0], [20.0, 11.0, 4.0]]
hessian(f, chunk_size=2)
#! TypeError: hessian() got an unexpected keyword argument 'chunk_size'
