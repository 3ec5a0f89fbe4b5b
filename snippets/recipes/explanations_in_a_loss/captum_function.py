import torch


def picked(forward_fn, inputs, target_ind=None, additional_forward_args=None):
    """Stands for captum._utils.common._run_forward here: one score for each sample."""
    return forward_fn(*inputs)[:, target_ind]


_run_forward = picked  # with Captum: from captum._utils.common import _run_forward


# --8<-- [start:recorded]
def recorded(forward_fn, inputs, target_ind=None, additional_forward_args=None):
    with torch.enable_grad():
        scores = _run_forward(forward_fn, inputs, target_ind, additional_forward_args)
        # --8<-- [mark]
        return torch.autograd.grad(torch.unbind(scores), inputs, create_graph=True)


# with Captum: method = Saliency(net); method.gradient_func = recorded
# --8<-- [end:recorded]
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Softplus(), torch.nn.Linear(4, 2))
x = torch.randn(5, 3, requires_grad=True)
(g,) = recorded(net, (x,), 0)
print(g.requires_grad)
#> True
