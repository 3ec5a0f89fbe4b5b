from types import SimpleNamespace

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)


class Model(nn.Module):
    """A Hugging Face classifier, as far as the step below needs it."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)
        self.attend = nn.MultiheadAttention(16, 2, batch_first=True)
        self.head = nn.Linear(16, 2)

    def get_input_embeddings(self):
        return self.embed

    def forward(self, inputs_embeds, labels, attention_mask):
        h = inputs_embeds
        pad = attention_mask == 0
        h = h + self.attend(h, h, h, key_padding_mask=pad)[0]
        logits = self.head(h[:, 0])
        loss = F.cross_entropy(logits, labels)
        return SimpleNamespace(loss=loss, logits=logits)


# --8<-- [start:step]
def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
    inputs = dict(inputs)
    embed = self.model.get_input_embeddings()
    with torch.enable_grad():  # the Trainer evaluates without
        words = embed(inputs.pop("input_ids")).requires_grad_()
        out = model(inputs_embeds=words, **inputs)
        (slope,) = torch.autograd.grad(
            out.loss, words, create_graph=True
        )
        # The loss is a mean over the batch: undo its division.
        slope = (slope * len(slope)).flatten(1)
        loss = out.loss + 0.1 * slope.square().sum(1).mean()
    return (loss, out) if return_outputs else loss


# --8<-- [end:step]
model = Model()
trainer = SimpleNamespace(model=model)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
batch = {
    "input_ids": torch.randint(50, (8, 6)),
    "attention_mask": torch.ones(8, 6, dtype=torch.long),
    "labels": torch.randint(2, (8,)),
}
losses = []
for _ in range(5):
    loss = compute_loss(trainer, model, batch)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss: {losses[0]:.2f}, after 5 steps: {losses[-1]:.2f}")
#> loss: 1.02, after 5 steps: 0.49
model.embed.requires_grad_(False)
with torch.no_grad():
    evaluated = compute_loss(trainer, model, batch).item()
print(f"evaluated: {evaluated:.2f}")
#> evaluated: 0.37
