# wrong: used is 6, the number of backward passes needed is 1
# right: pitfalls/loops/batched.py
import torch

W = torch.tensor([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]], requires_grad=True)
x = torch.tensor([[0.5, -1.0], [1.0, 2.0]], requires_grad=True)
h = torch.tanh(x @ W.T)
calls = 0


def count(grad):
    global calls
    calls += 1


h.register_hook(count)
# --8<-- [start:rows]
rows = []
for i in range(2):
    for k in range(3):
        g = torch.autograd.grad(h[i, k], x, create_graph=True)[0]
        rows.append(g[i])
J = torch.stack(rows).reshape(2, 3, 2)
# --8<-- [end:rows]
used = calls
P = J.pow(2).sum()
dP_dW = torch.autograd.grad(P, W)[0]
first = dP_dW[0, 0].item()
print("J:", list(J.shape), f"P: {P:.4f}", "backward passes:", used)
#> J: [2, 3, 2] P: 1.0279 backward passes: 6
print("dP_dW:", [round(value, 4) for value in dP_dW.flatten().tolist()])
#> dP_dW: [0.3609, -0.4605, 0.0923, 0.4065, -0.4261, 1.9953]
