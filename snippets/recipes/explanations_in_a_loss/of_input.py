# uses: recipes/explanations_in_a_loss/attribution.py
import torch
from attribution import saliency

torch.manual_seed(0)
x, changes = torch.randn(4, 3, requires_grad=True), []
for activation in (torch.nn.ReLU, torch.nn.Softplus):
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), activation(), torch.nn.Linear(8, 2))
    size = saliency(lambda x: net(x)[:, 0], x).square().sum()
    in_x = torch.autograd.grad(size, x, retain_graph=True, materialize_grads=True)[0]
    in_weight = torch.autograd.grad(size, net[0].weight)[0]
    changes.append([bool(g.abs().max() > 1e-6) for g in (in_x, in_weight)])
    moved = f"by x {changes[-1][0]}, by the weights {changes[-1][1]}"
    print(f"{activation.__name__:8} moved {moved}")
#> ReLU     moved by x False, by the weights True
#> Softplus moved by x True, by the weights True
