import torch

theta = torch.tensor(0.5, requires_grad=True)  # of the guide and the model
logq = torch.log_softmax(theta * torch.tensor([1.0, 0.0, -1.0]), 0)
logp = -(theta - torch.tensor([0.2, 1.0, 2.0])) ** 2 / 2
often = logq.exp().detach()  # each latent value, as often as it is drawn

cost = logq - logp
# --8<-- [mark]
each = torch.exp(logq - logq.detach()) * cost
loss = often @ each
(first,) = torch.autograd.grad(loss, theta, create_graph=True)
second = round(torch.autograd.grad(first, theta)[0].item(), 4)
print(f"{loss.item():.4f}, {first.item():.4f}, {second}")
#> -0.7494, -0.2595, 2.7133
