import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (w**2).sum() / 2
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
length = torch.linalg.vector_norm(grad)
history = [length.detach().numpy().item()]
total = loss + length
dT_dw = torch.autograd.grad(total, w)[0]
print("history:", history, "dT_dw:", [round(value, 4) for value in dT_dw.tolist()])
#> history: [5.0] dT_dw: [3.6, 4.8]
