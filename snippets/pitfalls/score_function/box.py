import torch

reward = torch.tensor([1.0, 3.0, 2.0])
theta = torch.tensor(0.5, requires_grad=True)
logp = torch.log_softmax(theta * torch.tensor([1.0, 0.0, -1.0]), 0)
often = logp.exp().detach()  # each action, as often as it is drawn

# --8<-- [mark]
box = torch.exp(logp - logp.detach())
surrogate = often @ (box * reward)
(first,) = torch.autograd.grad(surrogate, theta, create_graph=True)
second = round(torch.autograd.grad(first, theta)[0].item(), 4)
print(f"first {first.item():.4f}, second {second}")
#> first -0.4427, second -0.085
