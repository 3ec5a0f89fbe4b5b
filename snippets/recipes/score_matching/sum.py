# wrong: trace is [-0.0499, -1.4026], the trace is [-2.2599, -3.8831]
# right: recipes/score_matching/trace.py
import torch

A = torch.tensor([[-1.0, 2.0], [0.5, -3.0]])
x = torch.tensor([[1.0, 0.5], [0.2, 0.1]], requires_grad=True)
s = torch.tanh(x @ A.T)
(columns,) = torch.autograd.grad(s.sum(), x)
trace = columns.sum(dim=1).tolist()
print([round(t, 4) for t in trace])
#> [-0.0499, -1.4026]
