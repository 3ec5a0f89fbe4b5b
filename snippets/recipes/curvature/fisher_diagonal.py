import torch
from torch import nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
x = torch.randn(20, 4)


# --8<-- [start:fisher]
def fisher_diagonal(net, x, chunk_size=None):
    """Return {name: mean squared score}, with labels drawn from the network."""
    weights = {n: p.detach() for n, p in net.named_parameters()}
    labels = torch.distributions.Categorical(logits=net(x)).sample()

    def log_likelihood(weights, sample, label):
        logits = functional_call(net, weights, (sample.unsqueeze(0),))
        return logits.log_softmax(1)[0].gather(0, label.unsqueeze(0)).squeeze()

    scores = vmap(grad(log_likelihood), (None, 0, 0), chunk_size=chunk_size)
    return {n: s.square().mean(0) for n, s in scores(weights, x, labels).items()}


fisher = fisher_diagonal(net, x)
old = {n: p.detach().clone() for n, p in net.named_parameters()}


def elastic(net):  # added to the loss of the next task
    return sum(
        (fisher[n] * (p - old[n]).square()).sum()
        for n, p in net.named_parameters()
    )
# --8<-- [end:fisher]
loss = net(x).square().mean() + 10 * elastic(net)
loss.backward()
print(elastic(net).item())
#> 0.0

# The same for each sample in a loop, with the same labels.
torch.manual_seed(1)
batched = fisher_diagonal(net, x, chunk_size=5)["2.bias"]
torch.manual_seed(1)
labels = torch.distributions.Categorical(logits=net(x)).sample()
looped = torch.zeros(3)
probabilities = net(x).softmax(1).detach()
for sample, label in zip(x, labels):
    score = net(sample).log_softmax(0)[label]
    looped += torch.autograd.grad(score, net[2].bias)[0].square() / len(x)
print(torch.allclose(batched, looped))
#> True
