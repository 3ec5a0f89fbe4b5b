import torch

x = torch.tensor([[0.5, -1.0, 2.0]])
w = torch.tensor([[0.7], [-0.4]], requires_grad=True)
A = torch.tanh(w * x)  # two channels of three pixels
score = (torch.tensor([1.0, -2.0]) @ A).square().sum()

(g,) = torch.autograd.grad(score, A, create_graph=True)
cam = torch.relu((g.mean(1, keepdim=True) * A).sum(0))
loss = cam.square().sum()
(slope,) = torch.autograd.grad(loss, w)
print(f"{loss.item():.4f}")
#> 6.0310
dloss_dw = [round(s, 4) for s in slope.flatten().tolist()]
print(dloss_dw)
#> [4.6832, -23.8895]
