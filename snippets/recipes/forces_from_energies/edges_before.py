# right: recipes/forces_from_energies/flat_batch.py
import torch

net = torch.nn.Linear(1, 1)
pos, batch = torch.randn(5, 3), torch.tensor([0, 0, 0, 1, 1])
i, j = torch.tensor([0, 1, 1, 2, 3, 4]), torch.tensor([1, 0, 2, 1, 4, 3])
edge_attr = (pos[i] - pos[j]).norm(dim=1, keepdim=True)  # by a transform of the data set

pos.requires_grad_()
E = torch.zeros(2).index_add(0, batch[i], net(edge_attr)[:, 0])
F = -torch.autograd.grad(E.sum(), pos)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the graph.
#!   Set allow_unused=True if this is the desired behavior.
