# wrong: dL_dw is [3.0, 12.0], the gradient is [39.0, 300.0]
# right: pitfalls/second_time/recorded.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(partial_loss, w, retain_graph=True)[0]
penalty = grad.pow(2).sum()
total_loss = partial_loss + penalty
total_loss.backward()
dL_dw = w.grad
print("penalty:", penalty.item(), "dL_dw:", dL_dw.tolist())
#> penalty: 153.0 dL_dw: [3.0, 12.0]
print("the same as without a penalty:", torch.equal(dL_dw, grad))
#> the same as without a penalty: True
