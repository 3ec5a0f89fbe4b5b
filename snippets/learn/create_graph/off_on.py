# wrong: dtotal_dw is [3.0, 12.0], the gradient is [39.0, 300.0]
# right: learn/create_graph/on_on.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(
    partial_loss, w, create_graph=False, retain_graph=True
)[0]
total_loss = partial_loss + (grad**2).sum()
total_loss.backward()
dtotal_dw = w.grad
print("gradient of total_loss:", dtotal_dw.tolist())
#> gradient of total_loss: [3.0, 12.0]
