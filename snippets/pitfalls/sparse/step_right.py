import torch
from torch import nn

torch.manual_seed(0)
embedding, head = nn.Embedding(10, 4, sparse=True), nn.Linear(4, 1)
sparse = torch.optim.SparseAdam(embedding.parameters(), lr=1e-2)
dense = torch.optim.Adam(head.parameters(), lr=1e-2)
tokens, target = torch.randint(10, (16,)), torch.randn(16, 1)


# --8<-- [start:loss]
def smooth_loss(tokens, target):
    loss = ((head(embedding(tokens)) - target) ** 2).mean()
    grad = torch.autograd.grad(loss, embedding.weight, create_graph=True)[0]
    # --8<-- [mark]
    return loss + grad.to_dense().norm()


# --8<-- [end:loss]
losses = []
for _ in range(20):
    loss = smooth_loss(tokens, target)
    for optimizer in (sparse, dense):
        optimizer.zero_grad()
    loss.backward()
    for optimizer in (sparse, dense):
        optimizer.step()
    losses.append(loss.item())
print(f"loss: {losses[0]:.2f}, after 20 steps: {losses[-1]:.2f}")
#> loss: 1.42, after 20 steps: 0.79
print(embedding.weight.grad.layout)
#> torch.sparse_coo
