import torch
from torch import nn

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
lstm = nn.LSTM(2, 16, batch_first=True).to(device)
head = nn.Linear(16, 1).to(device)
optimizer = torch.optim.Adam(
    [*lstm.parameters(), *head.parameters()], lr=1e-2
)
real, fake = torch.randn(2, 8, 5, 2, device=device)


# --8<-- [start:loss]
def critic(x):
    # --8<-- [mark]
    with torch.backends.cudnn.flags(enabled=False):
        states, _ = lstm(x)
    return head(states[:, -1])


# --8<-- [end:loss]
def critic_loss(real, fake):
    x = real.detach().requires_grad_()
    score = critic(x)
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    penalty = slope.square().flatten(1).sum(dim=1).mean()
    return (critic(fake) - score).mean() + 5 * penalty


losses = []
for _ in range(20):
    loss = critic_loss(real, fake)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss after 20 steps: {losses[-1]:.2f}")
#> loss after 20 steps: -0.28
