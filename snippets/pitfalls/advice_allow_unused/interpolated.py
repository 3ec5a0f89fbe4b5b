# wrong: penalty is 1.0, the penalty is 16.0
# right: pitfalls/advice_allow_unused/interpolated_right.py
import torch

real, fake = torch.tensor([[3.0, 1.0]]), torch.tensor([[1.0, 1.0]])
w = torch.tensor([0.75, 2.0], requires_grad=True)


def mixed(share=0.5):
    return (share * real + (1 - share) * fake).requires_grad_()


y = (w * mixed() ** 2).sum()
y_x = torch.autograd.grad(y, mixed(), create_graph=True, materialize_grads=True)[0]
length = torch.linalg.vector_norm(y_x)
penalty = (length - 1) ** 2
print(f"length: {length.item()}, penalty: {penalty.item()}, requires_grad: {penalty.requires_grad}")
#> length: 0.0, penalty: 1.0, requires_grad: True
