"""A twice differentiable autograd.Function around compiled kernels: copy, and replace the kernels.

The example is y = log sum exp x over the last dimension, with p = softmax(x).
"""

# --8<-- [start:kernels]
import numpy
import torch


# Stand for compiled code. They know nothing of autograd, and take any leading dimensions.
def kernel(x):
    """Return y: (..., n) -> (...)."""
    x = x.numpy()
    top = x.max(-1, keepdims=True)
    return tensor(numpy.log(numpy.exp(x - top).sum(-1)) + top[..., 0])


def tensor(array):
    return torch.from_numpy(numpy.asarray(array))


def softmax(x):
    x = x.numpy()
    e = numpy.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def kernel_backward(x, outer):
    """Return outer · dy/dx: (..., n), (...) -> (..., n)."""
    return tensor(outer.numpy()[..., None] * softmax(x))


def kernel_double(x, outer, outer_2):
    """Return the gradients of <outer_2, kernel_backward(x, outer)> for x and for outer."""
    p, outer_2 = softmax(x), outer_2.numpy()
    mean = (p * outer_2).sum(-1, keepdims=True)
    to_x = outer.numpy()[..., None] * p * (outer_2 - mean)
    return tensor(to_x), tensor(mean[..., 0])
# --8<-- [end:kernels]


# --8<-- [start:batched]
def batched(function):
    """Return a vmap rule for kernels that take any leading dimensions: the batch goes first."""

    def vmap(info, in_dims, *inputs):
        def first(x, dim):
            if not isinstance(x, torch.Tensor):  # a number, which all samples share
                return x
            return x.expand(info.batch_size, *x.shape) if dim is None else x.movedim(dim, 0)

        inputs = map(first, inputs, in_dims)
        outputs = function().apply(*inputs)
        return outputs, (0,) * len(outputs) if isinstance(outputs, tuple) else 0

    return staticmethod(vmap)
# --8<-- [end:batched]


# --8<-- [start:forward]
class LogSumExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return kernel(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        return LogSumExpBackward.apply(*ctx.saved_tensors, outer)

    @staticmethod
    def jvp(ctx, x_t):
        (x,) = ctx.saved_tensors
        return (LogSumExpBackward.apply(x, torch.ones_like(x[..., 0])) * x_t).sum(-1)

    vmap = batched(lambda: LogSumExp)
# --8<-- [end:forward]


# --8<-- [start:backward]
class LogSumExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(x, outer):
        return kernel_backward(x, outer)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer_2):
        return LogSumExpDouble.apply(*ctx.saved_tensors, outer_2)

    @staticmethod
    def jvp(ctx, x_t, outer_t):
        x, outer = ctx.saved_tensors
        # The Hessian is symmetric, so its product with x_t is what backward computes.
        along_x = LogSumExpDouble.apply(x, outer, x_t)[0]
        return along_x + LogSumExpBackward.apply(x, outer_t)

    vmap = batched(lambda: LogSumExpBackward)
# --8<-- [end:backward]


# --8<-- [start:double]
class LogSumExpDouble(torch.autograd.Function):
    @staticmethod
    def forward(x, outer, outer_2):
        return kernel_double(x, outer, outer_2)

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, *outer_3):
        raise NotImplementedError("LogSumExp has no third derivative")

    @staticmethod
    def jvp(ctx, *tangents):
        raise NotImplementedError("LogSumExp has no third derivative")

    vmap = batched(lambda: LogSumExpDouble)
# --8<-- [end:double]


# --8<-- [start:public]
def log_sum_exp(x):
    """Return log sum exp x over the last dimension, differentiable twice."""
    if x.is_complex():  # whose gradients PyTorch conjugates, and these kernels do not
        raise TypeError("log_sum_exp takes real numbers")
    return LogSumExp.apply(x)
# --8<-- [end:public]
