import torch
from torch import nn

torch.manual_seed(0)
curved = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
frozen = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
frozen.requires_grad_(False)
linear = nn.Linear(2, 1).requires_grad_(False)
data = torch.randn(8, 2)


class Unrecorded(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad):
        with torch.no_grad():
            return 3 * grad * ctx.saved_tensors[0] ** 2


# --8<-- [start:ask]
def ask(net, x, create_graph=True, after=lambda slope: slope):
    said = [torch.is_grad_enabled()]
    output = net(x).sum()
    said.append(output.requires_grad)
    if output.requires_grad:
        slope = torch.autograd.grad(output, x, create_graph=create_graph)[0]
        penalty = after(slope).pow(2).sum()
        said += [slope.requires_grad, penalty.requires_grad]
    return said


x = data.clone().requires_grad_()
with torch.no_grad():
    print("grad mode off:", *ask(curved, x))
#> grad mode off: False False
print("a frozen model on data:", *ask(frozen, data))
#> a frozen model on data: True False
with torch.inference_mode(), torch.enable_grad():
    print("enable_grad in inference mode:", *ask(curved, data))
#> enable_grad in inference mode: True False
said = []
torch.vmap(lambda sample: said.extend(ask(curved, sample)) or sample)(x)
print("inside vmap:", *said)
#> inside vmap: True False
print("argmax:", *ask(lambda x: curved(x).argmax().float(), x))
#> argmax: True False
print("no flag:", *ask(curved, x, create_graph=False))
#> no flag: True True False False
print("a custom function:", *ask(Unrecorded.apply, x))
#> a custom function: True True False False
print("a linear function:", *ask(linear, x))
#> a linear function: True True False False
print("a cut:", *ask(curved, x, after=torch.detach))
#> a cut: True True True False
print("none of them:", *ask(curved, x))
#> none of them: True True True True
# --8<-- [end:ask]
