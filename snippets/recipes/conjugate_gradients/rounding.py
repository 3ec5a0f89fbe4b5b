import torch

torch.manual_seed(0)
n = 20
Q = torch.linalg.qr(torch.randn(n, n, dtype=torch.float64)).Q
H = Q * torch.logspace(-3, 0, n, dtype=torch.float64) @ Q.T
b = torch.randn(n, dtype=torch.float64)


def solve(product, b, steps):
    """Plain conjugate gradients: x, the residual of the recursion, and the directions."""
    x, r, p, left, directions = torch.zeros_like(b), b, b, b @ b, []
    for _ in range(steps):
        directions.append(p)
        Hp = product(p)
        a = left / (p @ Hp)
        x, r = x + a * p, r - a * Hp
        left, before = r @ r, left
        p = r + left / before * p
    return x, r, torch.stack(directions)


# --8<-- [start:report]
single = H.float()
ways = {
    "float32": (lambda v: single @ v, b.float()),
    "float32 products": (lambda v: (single @ v.float()).double(), b),
    "float64": (lambda v: H @ v, b),
}
found = {}
for way, (product, right) in ways.items():
    x, r, P = solve(product, right, 4 * n)
    true = ((b - H @ x.double()).norm() / b.norm()).item()
    said = (r.double().norm() / b.norm()).item()
    P = P[:10].double()  # the first ten of them
    lengths = ((P @ H) * P).sum(1).sqrt()
    lost = ((P @ H @ P.T / lengths / lengths[:, None]).triu(1).abs().max()).item()
    found[way] = true, said, lost
    print(f"{way}: 1e-8 by recursion {said < 1e-8}, in truth {true < 1e-8}")
#> float32: 1e-8 by recursion True, in truth False
#> float32 products: 1e-8 by recursion True, in truth False
#> float64: 1e-8 by recursion True, in truth True
# --8<-- [end:report]
(true32, said32, lost32), (true_products, *_), (true64, _, lost64) = found.values()
