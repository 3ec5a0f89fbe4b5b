# wrong: dtotal_dw is [0.8767, -1.0749, -0.6054], the gradient is [0.8742, -1.2199, -1.4505]
# right: learn/the_issue/create_graph.py
import torch

torch.manual_seed(0)
x, y = torch.randn(8, 3), torch.randn(8, 1)
w = torch.randn(3, 1, requires_grad=True)

partial_loss = ((torch.tanh(x @ w) - y) ** 2).mean()
grad = torch.autograd.grad(partial_loss, w, retain_graph=True)[0]
total_loss = partial_loss + torch.linalg.vector_norm(grad)
total_loss.backward()

dtotal_dw = w.grad.flatten()
print("gradient of total_loss:", [round(value, 4) for value in dtotal_dw.tolist()])
#> gradient of total_loss: [0.8767, -1.0749, -0.6054]
partial = grad.flatten().tolist()
print("gradient of partial_loss:", [round(value, 4) for value in partial])
#> gradient of partial_loss: [0.8767, -1.0749, -0.6054]
