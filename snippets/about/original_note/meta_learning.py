import torch


def outer_derivative(create_graph):
    w = torch.tensor(1.0, requires_grad=True)
    inner_loss = w**4
    dinner_dw = torch.autograd.grad(inner_loss, w, create_graph=create_graph)[0]
    adapted = w - 0.1 * dinner_dw
    outer_loss = adapted**2
    return torch.autograd.grad(outer_loss, w)[0].item()


second_order = outer_derivative(create_graph=True)
first_order = outer_derivative(create_graph=False)
print(f"create_graph=True: {second_order:.2f}, create_graph=False: {first_order:.2f}")
#> create_graph=True: -0.24, create_graph=False: 1.20
