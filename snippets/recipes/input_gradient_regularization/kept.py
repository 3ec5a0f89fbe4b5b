import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([[0.5, -1.0], [1.0, 0.3], [-0.6, 0.8]], requires_grad=True)
y = torch.tensor([1.0, 0.0, 1.0])
w = torch.tensor([1.0, -2.0], requires_grad=True)

E = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y, reduction="sum")
dE_dx = torch.autograd.grad(E, x, create_graph=True)[0]
P = dE_dx.pow(2).sum()
J = E + 3 * P

penalty = P.item()
print(f"penalty: {penalty:.4f}")
#> penalty: 5.8732
dJ_dw = torch.autograd.grad(J, w)[0]
print("dJ_dw:", [round(value, 4) for value in dJ_dw.tolist()])
#> dJ_dw: [13.8393, -15.0464]
