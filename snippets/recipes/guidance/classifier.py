# uses: recipes/guidance/guided.py
import torch
from guided import guidance
from torch import nn

torch.manual_seed(0)
classifier = nn.Sequential(nn.Linear(2, 16), nn.BatchNorm1d(16), nn.SiLU(), nn.Linear(16, 3))
x, label = torch.randn(4, 2), torch.tensor([0, 2, 1, 1])


def slope(x, label):
    measure = lambda x: -classifier(x).log_softmax(1).gather(1, label[:, None]).squeeze(1)
    return -guidance(lambda x: x, measure, x)[1]


apart = []
for mode in (True, False):
    classifier.train(mode)
    pair, whole = slope(x[:2], label[:2]), slope(x, label)[:2]
    apart.append(not torch.allclose(pair, whole))
    print(f"training mode {mode}: the others of the batch matter: {apart[-1]}")
#> training mode True: the others of the batch matter: True
#> training mode False: the others of the batch matter: False
