import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
optimizer = torch.optim.SGD([w], lr=0.0)
loss = (w**3).sum()
scaled = torch.autograd.grad(scaler.scale(loss), w, create_graph=True)[0]
g = scaled / scaler.get_scale()
penalty = g.pow(2).sum()
scaler.scale(loss + penalty).backward()
scaler.unscale_(optimizer)
dL_dw = w.grad
print("penalty:", penalty.item(), "dL_dw:", dL_dw.tolist())
#> penalty: 153.0 dL_dw: [39.0, 300.0]
