# wrong: dloss_dw is [7.1378, -28.5212], the derivative is [4.6832, -23.8895]
# right: recipes/explanations_in_a_loss/cam_kept.py
import torch

x = torch.tensor([[0.5, -1.0, 2.0]])
w = torch.tensor([[0.7], [-0.4]], requires_grad=True)
A = torch.tanh(w * x)  # two channels of three pixels
score = (torch.tensor([1.0, -2.0]) @ A).square().sum()

A.retain_grad()  # or a backward hook that keeps it
score.backward(retain_graph=True)  # adds to w.grad as well
cam = torch.relu((A.grad.mean(1, keepdim=True) * A).sum(0))
loss = cam.square().sum()
loss.backward()
print(f"{loss.item():.4f}")
#> 6.0310
dloss_dw = [round(s, 4) for s in w.grad.flatten().tolist()]
print(dloss_dw)
#> [7.1378, -28.5212]
