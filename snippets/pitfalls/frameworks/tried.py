import torch


def force_loss(net, x, y):
    with torch.inference_mode(False), torch.enable_grad():
        x = x.clone().requires_grad_()
        energy = net(x)
        forces = -torch.autograd.grad(
            energy.sum(),
            x,
            create_graph=True,
        )[0]
        return ((energy - y) ** 2).mean() + forces.pow(2).mean()
