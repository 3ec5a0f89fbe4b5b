"""Maps and distances of manifolds, with respect to points and vectors."""

import geoopt
import torch

from measured.libraries.inside import twice

point, other = 0.3 * torch.randn(2, 3), 0.3 * torch.randn(2, 3)
vector = 0.3 * torch.randn(2, 3)
ball, sphere = geoopt.PoincareBall(), geoopt.Sphere()


def on_sphere(x):
    return x / x.norm(dim=-1, keepdim=True)


twice("PoincareBall.dist", lambda: ball.dist(point, other), [point, other])
twice("PoincareBall.expmap", lambda: ball.expmap(point, vector), [point, vector])
twice("PoincareBall.logmap", lambda: ball.logmap(point, other), [point, other])
twice("PoincareBall.expmap0", lambda: ball.expmap0(vector), [vector])
twice("PoincareBall.dist at equal points", lambda: ball.dist(point, point), [point])
twice("Sphere.dist", lambda: sphere.dist(on_sphere(point), on_sphere(other)), [point, other])
twice(
    "Sphere.expmap",
    lambda: sphere.expmap(on_sphere(point), sphere.proju(on_sphere(point), vector)),
    [point, vector],
)
lorentz = geoopt.Lorentz()
up, over = torch.randn(2, 4), torch.randn(2, 4)
twice("Lorentz.dist", lambda: lorentz.dist(lorentz.projx(up), lorentz.projx(over)), [up, over])
spd = geoopt.SymmetricPositiveDefinite()


def positive(x):
    return x @ x.mT + torch.eye(3)


a, b = torch.randn(3, 3), torch.randn(3, 3)
twice("SymmetricPositiveDefinite.dist", lambda: spd.dist(positive(a), positive(b)), [a, b])
