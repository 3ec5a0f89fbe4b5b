import torch
from torch.nn import functional as F


def first(of):
    w = torch.zeros(2, requires_grad=True)
    g = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    return [float(f"{d:.3g}") for d in torch.autograd.grad(of(g), w)[0]]


zero = torch.zeros(2)
normalized = first(lambda g: F.normalize(g, dim=0)[0])
cosine = first(lambda g: F.cosine_similarity(g, torch.ones(2), dim=0))
pairwise = first(lambda g: F.pairwise_distance(g, zero))
weighted = first(lambda g: 0 * g.pow(2).sum().sqrt())
print("normalize", normalized)
#> normalize [2000000000000.0, 0.0]
print("cosine_similarity", cosine)
#> cosine_similarity [141000000.0, 141000000.0]
print("pairwise_distance", pairwise, "0 * root", weighted)
#> pairwise_distance [1.41, 1.41] 0 * root [nan, nan]
