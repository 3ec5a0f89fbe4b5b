# --8<-- [start:setup]
from textwrap import fill

import torch
from torch.autograd import Function


def said(call, *inputs):
    """Print the message of what a call raises."""
    try:
        call(*inputs)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        print(fill(text, 72, break_long_words=False, break_on_hyphens=False))


def run(function, *inputs):
    """Call a function of yours, and its backward pass."""
    function.apply(*inputs).sum().backward()


x = torch.tensor([1.0, 2.0], requires_grad=True)
# --8<-- [end:setup]


# --8<-- [start:returned]
class Cube(Function):
    @staticmethod
    def forward(ctx, x, n):
        ctx.save_for_backward(x)
        return x**n

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g  # one for x, and none for n


said(run, Cube, x, 3)
#> RuntimeError: function CubeBackward returned an incorrect number of
#> gradients (expected 2, got 1)


class Mean(Cube):
    @staticmethod
    def backward(ctx, g):
        return g.new_ones(3), None  # x has two entries


said(run, Mean, x, 3)
#> RuntimeError: Function MeanBackward returned an invalid gradient at
#> index 0 - got [3] but expected shape compatible with [2]


class Listed(Cube):
    @staticmethod
    def backward(ctx, g):
        return g.tolist(), None  # no tensor


said(run, Listed, x, 3)
#> RuntimeError: expected Variable or None (got list)


class Fixed(Cube):
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g, None  # as many as forward's arguments


said(run, Fixed, x, 3)
# --8<-- [end:returned]


# --8<-- [start:missing]
class Forward(Function):
    @staticmethod
    def forward(ctx, x):
        return x**3


said(run, Forward, x)
#> NotImplementedError: You must implement either the backward or vjp
#> method for your custom autograd.Function to use it with backward mode
#> AD.


class Attribute(Cube):
    @staticmethod
    def forward(ctx, x, n):
        ctx.power = n
        return x**n

    @staticmethod
    def backward(ctx, g):
        return ctx.exponent * g, None  # forward said ctx.power


said(run, Attribute, x, 3)
#> AttributeError: 'AttributeBackward' object has no attribute 'exponent'


class Setup(Function):
    @staticmethod
    def forward(x):  # without ctx, so it needs a setup_context
        return x**3


said(run, Setup, x)
#> TypeError: Setup.forward() takes 1 positional argument but 2 were given


class Unstatic(Function):
    def forward(ctx, x):
        return x**3


said(lambda: Unstatic()(x))
#> RuntimeError: Legacy autograd function with non-static forward method is
#> deprecated. Please use new-style autograd function with static forward
#> method. (Example:
#> https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)
#! DeprecationWarning: <class '__main__.Unstatic'> should not be instantiated. Methods on
#!   autograd functions are all static, so you should invoke them on the class itself.
#!   Instantiating an autograd function will raise an error in a future version of PyTorch.
# --8<-- [end:missing]


# --8<-- [start:saved]
class Number(Cube):
    @staticmethod
    def forward(ctx, x, n):
        ctx.save_for_backward(x, n)  # n is no tensor: ctx.n = n
        return x**n


said(run, Number, x, 3)
#> TypeError: save_for_backward can only save variables, but argument 1 is
#> of type int


class AsIs(Function):
    @staticmethod
    def forward(x):
        return x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)  # the input itself: save inputs[0]

    @staticmethod
    def backward(ctx, g):
        return g


said(torch.func.grad(lambda x: AsIs.apply(x).sum()), x.detach())
#> RuntimeError: An input that has been returned as-is as output is being
#> saved for backward. This is not supported if you override setup_context.
#> You should return and save a view of the input instead, e.g. with
#> x.view_as(x) or setup ctx inside the forward function itself.


class Lazy(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x**2, x**3

    @staticmethod
    def backward(ctx, g, h):
        return 2 * g + h  # h is None if nobody used the second output


said(lambda: Lazy.apply(x)[0].sum().backward())
#> TypeError: unsupported operand type(s) for +: 'Tensor' and 'NoneType'
# --8<-- [end:saved]


# --8<-- [start:in_place]
class Doubled(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return 1 * x.mul_(2)  # return x itself

    @staticmethod
    def backward(ctx, g):
        return 2 * g


said(run, Doubled, x * 1)
#> RuntimeError: Some elements marked as dirty during the forward method
#> were not returned as output. The inputs that are modified inplace must
#> all be outputs of the Function.


class Flat(Function):
    @staticmethod
    def forward(ctx, x):
        return x.view(-1)

    @staticmethod
    def backward(ctx, g):
        return g


said(lambda: Flat.apply(x * 1).add_(1))
#> RuntimeError: Output 0 of Flat is a view and is being modified inplace.
#> This view was created inside a custom Function (or because an input was
#> returned as-is) and the autograd logic to handle view+inplace would
#> override the custom backward associated with the custom Function,
#> leading to incorrect gradients. This behavior is forbidden. You can fix
#> this by cloning the output of the custom Function.
print(Flat.apply(x * 1).add(1))  # not in place
#> tensor([2., 3.], grad_fn=<AddBackward0>)
# --8<-- [end:in_place]
