import weakref

import matplotlib.pyplot as plt
import torch

w = torch.ones(3, requires_grad=True)


def counts(entry, steps=20):
    alive, log, after_each = weakref.WeakSet(), [], []

    class Saved:
        def __init__(self, tensor):
            self.tensor = tensor.detach()
            alive.add(self)

    with torch.autograd.graph.saved_tensors_hooks(Saved, lambda saved: saved.tensor):
        for _ in range(steps):
            g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
            log.append(entry(g.pow(2).sum()))
            del g
            after_each.append(len(alive))
    return after_each


tensors, numbers = counts(lambda penalty: penalty), counts(torch.Tensor.item)
after_twenty, most_with_numbers = tensors[-1], max(numbers)
print("with tensors:", tensors[0], "and", after_twenty, "with numbers:", most_with_numbers)
#> with tensors: 3 and 60 with numbers: 0
curve, axes = plt.subplots(figsize=(6.4, 2.6))
axes.plot(range(1, 21), tensors, "C1--")
axes.plot(range(1, 21), numbers, "C0")
axes.annotate("log.append(penalty)", (12, tensors[11]), (8, -14), textcoords="offset points")
axes.annotate("log.append(penalty.item())", (12, 0), (0, 5), textcoords="offset points")
axes.set(xlabel="steps", ylabel="saved tensors alive", xticks=range(0, 21, 5))
