import torch


def saved(what):
    def pack(tensor):
        print(f"{what}: {tensor:.4f}")
        return tensor

    return torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor)


a = torch.tensor(0.5, requires_grad=True)
b = torch.tensor(2.0)
with saved("saved by the forward pass"):
    c = torch.sin(a) * b
#> saved by the forward pass: 0.5000
#> saved by the forward pass: 2.0000
with saved("saved by the recorded pass"):
    dc_da = torch.autograd.grad(
        c, a, create_graph=True
    )[0]
#> saved by the recorded pass: 0.5000
#> saved by the recorded pass: 2.0000
d2c_da2 = torch.autograd.grad(dc_da, a)[0]
print(f"b cos a: {b * torch.cos(a):.4f}, dc_da: {dc_da:.4f}")
#> b cos a: 1.7552, dc_da: 1.7552
print(f"-b sin a: {-b * torch.sin(a):.4f}, d2c_da2: {d2c_da2:.4f}")
#> -b sin a: -0.9589, d2c_da2: -0.9589
