from itertools import product
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
answers = {}
for create, retain in product((False, True), repeat=2):
    c = a * a * b
    dc_da = torch.autograd.grad(
        c, a, create_graph=create, retain_graph=retain
    )[0]
    d = (a + dc_da) * b
    dd_da = torch.autograd.grad(d, a)[0]
    answers[create, retain] = dd_da.item()
    print(f"create_graph={create}, retain_graph={retain}: {dd_da}")
#> create_graph=False, retain_graph=False: 2.0
#> create_graph=False, retain_graph=True: 2.0
#> create_graph=True, retain_graph=False: 10.0
#> create_graph=True, retain_graph=True: 10.0

off_off, off_on, on_off, on_on = answers.values()
