import torch

A = torch.tensor([[-1.0, 2.0], [0.5, -3.0]])
x = torch.tensor([[1.0, 0.5], [0.2, 0.1]], requires_grad=True)
s = torch.tanh(x @ A.T)
trace = torch.zeros(2)
for i in range(2):
    (row,) = torch.autograd.grad(s[:, i].sum(), x, retain_graph=True)
    trace += row[:, i]
trace = trace.tolist()
print([round(t, 4) for t in trace])
#> [-2.2599, -3.8831]
