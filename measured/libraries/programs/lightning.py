"""A gradient penalty in a LightningModule: in training, and in validation."""

import warnings

import lightning
import torch

from measured.libraries.inside import hvp, same

warnings.simplefilter("ignore")
x = torch.randn(5, 3)


def critic():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))


def penalty(net):
    inputs = x.clone().requires_grad_()
    gradient = torch.autograd.grad(net(inputs).sum(), inputs, create_graph=True)[0]
    return (gradient.norm(dim=1) - 1).pow(2).mean()


class Module(lightning.LightningModule):
    def __init__(self, enable=False):
        super().__init__()
        self.net, self.enable, self.found = critic(), enable, None

    def training_step(self, batch, _):
        return penalty(self.net)

    def on_after_backward(self):
        self.found = self.net[0].weight.grad.flatten().clone()

    def validation_step(self, batch, _):
        with torch.set_grad_enabled(self.enable or torch.is_grad_enabled()):
            self.found = penalty(self.net).detach()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.0)


data = torch.utils.data.DataLoader(x, batch_size=5)
quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False,
         "enable_checkpointing": False, "accelerator": "cpu", "max_epochs": 1}  # fmt: skip


def fitted():
    module = Module()
    lightning.Trainer(**quiet).fit(module, data)
    return module.found


def validated(enable=False, **options):
    module = Module(enable)
    lightning.Trainer(**quiet, **options).validate(module, data, verbose=False)
    return module.found


class Manual(Module):
    """The inner gradient by manual_backward with a graph, in .grad, and a second backward."""

    def __init__(self):
        super().__init__()
        self.automatic_optimization = False

    def training_step(self, batch, _):
        weight = self.net[0].weight
        self.manual_backward((self.net(x) ** 2).mean(), create_graph=True)
        half = (weight.grad**2).sum() / 2
        self.found = torch.autograd.grad(half, weight)[0].flatten()
        self.net.zero_grad()


def manual():
    module = Manual()
    lightning.Trainer(**quiet).fit(module, data)
    return module.found


def product():
    """The Hessian times the gradient, as a difference of gradients."""
    net = critic()

    def gradient():
        return torch.autograd.grad((net(x) ** 2).mean(), net[0].weight)

    return hvp(gradient, [net[0].weight], gradient())[0].flatten()


def slope(step=1e-5):
    net, found = critic(), []
    flat = net[0].weight.data.view(-1)
    for place in range(len(flat)):
        flat[place] += step
        up = penalty(net).item()
        flat[place] -= 2 * step
        found.append((up - penalty(net).item()) / (2 * step))
        flat[place] += step
    return torch.tensor(found)


same("a gradient penalty in training_step", fitted, slope)
same("the penalty in validation_step", validated, lambda: penalty(critic()).detach())
for mode in (True, False):
    same(
        f"validation_step under torch.enable_grad, inference_mode={mode}",
        lambda m=mode: validated(True, inference_mode=m),
        lambda: penalty(critic()).detach(),
    )
same("manual_backward(loss, create_graph=True), .grad in a loss", manual, product)
