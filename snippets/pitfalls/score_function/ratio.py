import torch

A = torch.tensor(2.0)
logp = torch.tensor(-0.7, requires_grad=True)
ways = {
    "logp * A": logp * A,
    "exp(logp - logp.detach()) * A": torch.exp(logp - logp.detach()) * A,
}
rows = []
for way, loss in ways.items():
    (first,) = torch.autograd.grad(loss, logp, create_graph=True)
    second = first
    if first.requires_grad:
        (second,) = torch.autograd.grad(first, logp)
    else:
        second = torch.zeros(())  # linear in logp
    rows.append([loss.item(), first.item(), second.item()])
    print(f"{way:30}", *(f"{n:.1f}" for n in rows[-1]))
#> logp * A                       -1.4 2.0 0.0
#> exp(logp - logp.detach()) * A  2.0 2.0 2.0
