import torch

torch.set_default_dtype(torch.float64)
x, y, x_new, y_new = torch.tensor([[1.0, -2.0], [0.5, 1.0], [-0.4, 1.5], [1.0, 0.2]])


def J(v, steps, detached):
    """The validation loss after steps on a loss in which a second network v stands."""
    w = torch.tensor([0.6, 0.8], requires_grad=True)  # encoder and head
    for _ in range(steps):
        h = (w[0] * x).tanh()
        given = h.detach() if detached else h
        L = (w[1] * ((v * given).tanh() + h) - y).square().mean()
        w = w - 0.5 * torch.autograd.grad(L, w, create_graph=True)[0]
    return (w[1] * (w[0] * x_new).tanh() - y_new).square().mean()


v = torch.tensor(0.7, requires_grad=True)
found, moved = {}, {}
for steps in (1, 3):
    for detached in (False, True):
        key = f"steps: {steps}, {'detached' if detached else 'attached'}"
        found[key] = torch.autograd.grad(J(v, steps, detached), v)[0].item()
        ahead, behind = (J(v.detach() + h, steps, detached) for h in (1e-5, -1e-5))
        moved[key] = ((ahead - behind) / 2e-5).item()
        print(f"{key}: {found[key]:.5f}, by a difference {moved[key]:.5f}")
#> steps: 1, attached: 0.36353, by a difference 0.36353
#> steps: 1, detached: 0.00643, by a difference 0.00643
#> steps: 3, attached: -0.09045, by a difference -0.09045
#> steps: 3, detached: -0.02791, by a difference -0.03677
slopes, differences = list(found.values()), list(moved.values())
