import torch
from torch.func import functional_call

torch.manual_seed(0)
policy = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
states, actions = torch.randn(6, 4), torch.randint(3, (6,))
rewards = torch.randn(6)


# --8<-- [start:meta]
def loss(params, gamma):  # of everything that is to be differentiated
    logp = functional_call(policy, params, states).log_softmax(1)
    logp = logp.gather(1, actions[:, None]).squeeze(1)
    returns, total = [], torch.zeros(())
    for reward in rewards.flip(0):
        total = reward + gamma * total  # a tensor: no float(gamma)
        returns.append(total)
    return -(logp * torch.stack(returns).flip(0)).mean()


gamma = torch.tensor(0.9, requires_grad=True)
params = dict(policy.named_parameters())
inner = loss(params, gamma)
grads = torch.autograd.grad(inner, params.values(), create_graph=True)
adapted = {k: p - 0.1 * g for (k, p), g in zip(params.items(), grads)}
outer = loss(adapted, torch.tensor(1.0))  # what is to be good after the step
(slope,) = torch.autograd.grad(outer, gamma)
# --8<-- [end:meta]
print(f"{slope.item():.4f}")
#> -2.9991
