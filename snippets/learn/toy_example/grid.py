from torch import float64, linspace, tensor
from torch.autograd import grad


# --8<-- [start:example]
def example(a, b, power, flag):
    c = a**power * b
    dc_da = grad(c, a, create_graph=flag)[0]
    d = (a + dc_da) * b
    dd_da = grad(d, a)[0]
    return d, dd_da


# --8<-- [end:example]
def answers(a, b, power):
    """Return d, and its derivative without and with create_graph."""
    leaf = tensor(a, dtype=float64, requires_grad=True)
    (d, silent), (_, derivative) = (example(leaf, b, power, flag) for flag in (False, True))
    return d.item(), silent.item(), derivative.item()


numbers = linspace(-2.5, 2.5, 11, dtype=float64).tolist()
grid = [[[answers(a, b, power) for b in numbers] for a in numbers] for power in (2, 3)]

for power, rows in zip((2, 3), grid):
    pairs = [pair for row in rows for _, *pair in row]
    wrong = sum(silent != derivative for silent, derivative in pairs)
    sign = sum(silent * derivative < 0 for silent, derivative in pairs)
    print(f"a**{power} * b: of {len(pairs)} answers {wrong} are wrong, {sign} even in sign")
#> a**2 * b: of 121 answers 110 are wrong, 44 even in sign
#> a**3 * b: of 121 answers 100 are wrong, 50 even in sign
