import torch

torch.set_default_dtype(torch.float64)
A = torch.tensor(
    [[0.5, 1.0, -1.5, 0.3], [1.0, -0.7, 0.2, 0.9], [0.3, 0.4, -1.0, -0.2]]
)
V = torch.tensor(
    [[1.0, 2.0, -1.0, 0.5], [0.7, -0.3, 1.0, 0.2], [-0.4, 0.9, 0.1, -1.0]]
)


def normalize(h, dims, eps=0.1):
    centered = h - h.mean(dims, keepdim=True)
    variance = centered.pow(2).mean(dims, keepdim=True)
    return centered * (variance + eps).rsqrt()


def third(shape, dims):
    x = torch.tensor(0.8, requires_grad=True)
    h = torch.sin(A * x) + A**2 * x**2
    y = (V * normalize(h.reshape(shape), dims).reshape(3, 4)).sum()
    for _ in range(3):
        y = torch.autograd.grad(y, x, create_graph=True)[0]
    return y.item()


as_layer_norm = third((3, 4), -1)
as_batch_norm = third((3, 4), 0)
as_instance_norm = third((3, 2, 2), -1)
print(f"layer: {as_layer_norm:.3f} batch: {as_batch_norm:.3f}")
#> layer: 33.383 batch: 166.347
print(f"instance: {as_instance_norm:.3f}")
#> instance: 248.401
