import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
labeled = torch.autograd.grad(loss, w, retain_graph=True)[0]
labeled.requires_grad_()
recorded = torch.autograd.grad(loss, w, create_graph=True)[0]
for name, grad in (("labeled", labeled), ("recorded", recorded)):
    print(f"{name}: {grad.requires_grad}, is_leaf {grad.is_leaf}")
#> labeled: True, is_leaf True
#> recorded: True, is_leaf False
