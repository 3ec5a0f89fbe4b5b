# wrong: dL_dw is [3.0, 12.0], the gradient is [39.0, 300.0]
# right: pitfalls/default_flags/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
grad = torch.autograd.grad((w**3).sum(), w)[0]
loss = (w**3).sum() + (grad**2).sum()
dL_dw = torch.autograd.grad(loss, w)[0]
print("dL_dw:", dL_dw.tolist())
#> dL_dw: [3.0, 12.0]
