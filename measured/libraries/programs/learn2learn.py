"""The loss after MAML's inner steps, with respect to the weights before them."""

import learn2learn
import torch

from measured.libraries.inside import once

net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x, y = torch.randn(5, 3), torch.randn(5, 1)


def after(maml, **options):
    learner = maml.clone()
    for _ in range(2):
        learner.adapt(((learner(x) - y) ** 2).mean(), **options)
    return ((learner(x) - y) ** 2).mean()


weights = list(net.parameters())
full = learn2learn.algorithms.MAML(net, lr=0.1)
once("MAML", lambda: after(full), weights)
once("MAML, first_order=True", lambda: after(full, first_order=True), weights)
sgd = learn2learn.algorithms.MetaSGD(net, lr=0.1)
once("MetaSGD, with its rates", lambda: after(sgd), list(sgd.parameters()))
