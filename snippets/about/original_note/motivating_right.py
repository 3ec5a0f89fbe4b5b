import torch

torch.manual_seed(0)
x, y = torch.randn(8, 3), torch.randn(8, 1)
w = torch.randn(3, 1, requires_grad=True)

partial_loss = torch.nn.functional.mse_loss(x @ w, y)
grad = torch.autograd.grad(partial_loss, w, create_graph=True)[0]
total_loss = partial_loss + torch.norm(grad)

total_loss.backward()
dL_dw = w.grad
H = 2 / 8 * x.T @ x
by_hand = grad + H @ grad / torch.norm(grad)
print("equals g + Hg/|g|:", torch.allclose(dL_dw, by_hand))
#> equals g + Hg/|g|: True
