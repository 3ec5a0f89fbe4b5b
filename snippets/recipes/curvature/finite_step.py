import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
policy = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
for p in policy.parameters():
    p.data *= 3  # not at the start of the training
states, actions = torch.randn(6, 3), torch.randint(3, (6,))
advantages = torch.randn(6)
params = list(policy.parameters())


def flat(tensors):
    return torch.cat([t.flatten() for t in tensors])


def drawn(logp):  # of the actions that were taken
    return logp.gather(1, actions[:, None]).squeeze(1)


def conjugate_gradients(product, b, steps=10):
    x, r = torch.zeros_like(b), b
    p, left = r, r @ r
    for _ in range(steps):
        q = product(p)
        a = left / (p @ q)
        x, r = x + a * p, r - a * q
        left, before = r @ r, left
        p = r + left / before * p
    return x


# --8<-- [start:step]
logp = policy(states).log_softmax(1)
loss = -(drawn(logp) * advantages).mean()
g = flat(torch.autograd.grad(loss, params, retain_graph=True))
# --8<-- [mark]
kl = (logp.exp().detach() * (logp.detach() - logp)).sum(1).mean()
kl_g = flat(torch.autograd.grad(kl, params, create_graph=True))


def product(v):
    # --8<-- [mark]
    return flat(torch.autograd.grad(kl_g, params, v, retain_graph=True)) + 1e-2 * v


x = conjugate_gradients(product, g)
curvature = x @ product(x)
# --8<-- [mark]
if not curvature > 0:  # nan too
    raise ArithmeticError("no step: skip this update, or raise the damping")
step = (2 * 0.01 / curvature).sqrt() * x
# --8<-- [end:step]
finite = bool(step.isfinite().all())
print(f"finite {finite}")
#> finite True
