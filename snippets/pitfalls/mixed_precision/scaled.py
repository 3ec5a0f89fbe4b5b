# wrong: dL_dw is [37748740.0, 301989888.0], the gradient is [39.0, 300.0]
# right: pitfalls/mixed_precision/unscaled.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
optimizer = torch.optim.SGD([w], lr=0.0)
loss = (w**3).sum()
g = torch.autograd.grad(scaler.scale(loss), w, create_graph=True)[0]
penalty = g.pow(2).sum()
scaler.scale(loss + penalty).backward()
scaler.unscale_(optimizer)
dL_dw = w.grad
print("penalty:", penalty.item(), "dL_dw:", dL_dw.tolist())
#> penalty: 160432128.0 dL_dw: [37748740.0, 301989888.0]
