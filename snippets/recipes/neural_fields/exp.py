import torch

x = torch.tensor([[3.0, 4.0]], requires_grad=True)
h = (0.6 * x[:, 0] + 0.8 * x[:, 1] + 8).half()  # 13, what the network returns

ways = {
    "half": h.exp(),
    "float": h.float().exp(),
    "before": h,  # the exponential rises, so the direction is the same
}
normals = {}
for way, value in ways.items():
    (g,) = torch.autograd.grad(value.sum(), x, retain_graph=True)
    normals[way] = [round(n, 3) for n in (-g / g.norm()).flatten().tolist()]
    print(way, f"{value.item():.0f}", normals[way])
#> half inf [nan, nan]
#> float 442413 [nan, nan]
#> before 13 [-0.6, -0.8]
before = normals["before"]
