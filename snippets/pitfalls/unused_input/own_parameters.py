import torch

torch.manual_seed(0)
# --8<-- [start:step]
actor, critic = torch.nn.Linear(3, 2), torch.nn.Linear(3, 1)
optimizer = torch.optim.Adam([*actor.parameters(), *critic.parameters()])
states, actions, advantages = torch.randn(8, 3), torch.randint(2, (8,)), torch.randn(8)

log_p = actor(states).log_softmax(1).gather(1, actions[:, None])[:, 0]
loss = -(log_p * advantages).mean()
# --8<-- [mark]
params = [*actor.parameters()]  # of this loss
g = torch.autograd.grad(loss, params, create_graph=True)
penalty = sum(one.square().sum() for one in g)
(loss + 0.1 * penalty + critic(states).square().mean()).backward()
optimizer.step()  # one for both
# --8<-- [end:step]
print([p.grad is not None for p in [*actor.parameters(), *critic.parameters()]])
#> [True, True, True, True]
