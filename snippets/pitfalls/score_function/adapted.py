# wrong: dJ_dtheta is 0.0222, the derivative is -0.322
# right: pitfalls/score_function/adapted_right.py
import torch

reward = torch.tensor([1.0, 3.0, 2.0])
theta = torch.tensor(0.5, requires_grad=True)


def log_policy(theta):
    return torch.log_softmax(theta * torch.tensor([1.0, 0.0, -1.0]), 0)


logp = log_policy(theta)
often = logp.exp().detach()
# --8<-- [mark]
inner = often @ (logp * reward)
(g,) = torch.autograd.grad(inner, theta, create_graph=True)
J = log_policy(theta + g).exp() @ reward  # after one step of ascent
dJ_dtheta = round(torch.autograd.grad(J, theta)[0].item(), 4)
print(f"J {J.item():.4f}, dJ_dtheta {dJ_dtheta}")
#> J 1.9804, dJ_dtheta 0.0222
