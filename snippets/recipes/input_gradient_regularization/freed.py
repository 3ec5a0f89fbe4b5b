import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0], [1.0, 0.3], [-0.6, 0.8]], requires_grad=True)
y = torch.tensor([1.0, 0.0, 1.0])
w = torch.tensor([1.0, -2.0], requires_grad=True)

E = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y, reduction="sum")
dE_dx = torch.autograd.grad(E, x)[0]
P = dE_dx.pow(2).sum()
J = E + 3 * P
J.backward(inputs=[w])
#! RuntimeError: Trying to backward through the graph a second time (or directly
#!   access saved tensors after they have already been freed)...
