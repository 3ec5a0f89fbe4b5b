# wrong: dloss_dw is 80.0, the derivative is 8.0
# right: recipes/fast_laplacians/two_estimates.py
import torch

w = torch.tensor(1.0, requires_grad=True)
H = w * torch.tensor([[2.0, 3.0], [3.0, 0.0]])  # of u = w (x² + 3xy)
signs = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
estimates = ((signs @ H) * signs).sum(1)  # all that can be drawn
laplacian = estimates.mean().item()
loss = estimates.square().mean()
dloss_dw = torch.autograd.grad(loss, w)[0].item()
print(laplacian, loss.item(), dloss_dw)
#> 2.0 40.0 80.0
