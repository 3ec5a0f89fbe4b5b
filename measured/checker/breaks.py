"""Kinds of break, put into the text of a right loss; each knows the line that it breaks."""

import inspect
import linecache
import re
import textwrap

#: In place of ``create_graph=True``, on the line that computes the inner gradient.
FLAG = {
    "no flag": ("create_graph=True", "create_graph=False, retain_graph=True"),
    "requires_grad_": ("create_graph=True)[0]", "retain_graph=True)[0].requires_grad_()"),
}
#: A line after the inner gradient, called {g}.
INSERT = {
    "detach": "{g} = {g}.detach()",
    "data": "{g} = {g}.data",
    "half": "{g} = ({g} + {g}.detach()) / 2",
    "no_grad": "with torch.no_grad(): {g} = {g} * 1.0",
    "inference_mode": "with torch.inference_mode(): {g} = {g} * 1.0",
    "set_grad_enabled": "with torch.set_grad_enabled(False): {g} = {g} * 1.0",
    "torch.tensor": "{g} = torch.tensor({g})",
    "Parameter": "{g} = torch.nn.Parameter({g})",
    "numpy": "{g} = torch.from_numpy({g}.detach().numpy())",
    "tolist": "{g} = torch.tensor({g}.tolist())",
    "hidden": "{g} = Hidden.apply({g})",
}
#: A line after the penalty.
OF_PENALTY = {
    "item": "pen = pen.item()",
    "float": "pen = float(pen)",
    "no_grad on the penalty": "with torch.no_grad(): pen = pen * 1.0",
}
#: A stop that a list of calls cannot show: question 2 finds it, and names the gradient's line.
HIDDEN = {"hidden"}
KINDS = (*FLAG, *INSERT, *OF_PENALTY)
#: What the inserted lines use.
PREAMBLE = '''
class Hidden(torch.autograd.Function):
    """x + x * x / 2 whose backward pass takes it for x."""

    @staticmethod
    def forward(ctx, x):
        return x + x * x / 2

    @staticmethod
    def backward(ctx, outer):
        return outer
'''


def text_of(factory, kind=None):
    """The loss's text with the break in it, and the line that is broken; None if none applies."""
    lines = textwrap.dedent(inspect.getsource(factory)).splitlines()
    lines = [line for line in lines if not line.startswith("@")]
    if kind is None:
        return "\n".join(lines), None
    mark = r"# pen$" if kind in OF_PENALTY else r"# gs?$"
    numbers = [i for i, line in enumerate(lines) if re.search(mark, line)]
    if not numbers:
        return None
    number = numbers[-1]
    line = lines[number]
    if kind in FLAG:
        old, new = FLAG[kind]
        lines[number] = line.replace(old, new)
        if lines[number] == line:
            return None
    else:
        pad = re.match(" *", line)[0]
        added = (OF_PENALTY | INSERT)[kind]
        if line.endswith("# gs"):
            added = _of_each(added)
        lines.insert(number + 1, pad + added.format(g="g"))
        number += 1
    return "\n".join(lines), number + 1


def _of_each(added):
    """The same for a list of gradients."""
    head, _, value = added.partition("{g} = ")
    return f"{head}gs = [{value} for g in gs]"


def build(factory, kind=None):
    """(the factory with the break in it, the place that should be named), or None."""
    made = text_of(factory, kind)
    if made is None:
        return None
    text, line = made
    name = f"{factory.__name__}-{(kind or 'right').replace(' ', '_')}.py"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace = dict(factory.__globals__)
    exec(compile(PREAMBLE, "preamble.py", "exec"), namespace)
    exec(compile(text, name, "exec"), namespace)
    return namespace[factory.__name__], f"{name}:{line}"
