import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
seen = []
w.register_post_accumulate_grad_hook(lambda w: seen.append(w.grad.tolist()))
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
print("after grad:", seen)
#> after grad: []
g.pow(2).sum().backward()
print("after backward:", seen)
#> after backward: [[36.0, 288.0]]
