import torch


def show(name, node, depth=0):
    print("  " * depth + name)
    for child, _ in node.next_functions if node else ():
        if child:
            show(child.name(), child, depth + 1)


a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
show("c: " + c.grad_fn.name(), c.grad_fn)
#> c: MulBackward0
#>   MulBackward0
#>     torch::autograd::AccumulateGrad
#>     torch::autograd::AccumulateGrad

constant = torch.autograd.grad(c, a, retain_graph=True)[0]
show(f"dc_da without create_graph: {constant.grad_fn}", constant.grad_fn)
#> dc_da without create_graph: None

dc_da = torch.autograd.grad(
    c, a, create_graph=True
)[0]
show("dc_da with create_graph=True: " + dc_da.grad_fn.name(), dc_da.grad_fn)
#> dc_da with create_graph=True: AddBackward0
#>   MulBackward0
#>     torch::autograd::AccumulateGrad
#>   MulBackward0
#>     torch::autograd::AccumulateGrad
