# right: pitfalls/unused_input/own_parameters.py
import torch

# --8<-- [start:step]
actor, critic = torch.nn.Linear(3, 2), torch.nn.Linear(3, 1)
optimizer = torch.optim.Adam([*actor.parameters(), *critic.parameters()])
states, actions, advantages = torch.randn(8, 3), torch.randint(2, (8,)), torch.randn(8)

log_p = actor(states).log_softmax(1).gather(1, actions[:, None])[:, 0]
loss = -(log_p * advantages).mean()
# --8<-- [mark]
params = [p for group in optimizer.param_groups for p in group["params"]]
g = torch.autograd.grad(loss, params)
#! RuntimeError: The differentiated Tensor at index 2 appears to not have been used in the graph.
#!   Set allow_unused=True if this is the desired behavior.
# --8<-- [end:step]
