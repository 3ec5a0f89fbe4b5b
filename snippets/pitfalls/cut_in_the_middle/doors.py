import numpy
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
grad = torch.autograd.grad((w**2).sum(), w, create_graph=True)[0]


def outcome(convert):
    try:
        return type(convert(grad)).__name__
    except RuntimeError as error:
        return str(error).split(".")[0]


print("grad.numpy():", outcome(lambda g: g.numpy()))
#> grad.numpy(): Can't call numpy() on Tensor that requires grad
print("numpy.asarray(grad):", outcome(numpy.asarray))
#> numpy.asarray(grad): Can't call numpy() on Tensor that requires grad
print("numpy.abs(grad):", outcome(numpy.abs))
#> numpy.abs(grad): Can't call numpy() on Tensor that requires grad
print("grad.numpy(force=True):", outcome(lambda g: g.numpy(force=True)))
#> grad.numpy(force=True): ndarray
print("grad.tolist():", outcome(lambda g: g.tolist()))
#> grad.tolist(): list
with torch.no_grad():
    print("under no_grad:", outcome(lambda g: g.numpy()))
#> under no_grad: ndarray
