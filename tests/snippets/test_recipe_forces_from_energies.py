"""Oracles for forces from energies: SymPy, symmetries, a central difference."""

import pytest
import sympy
import torch

RECIPE = "recipes/forces_from_energies.py"
EXACT = 1e-13


@pytest.fixture(scope="module")
def derivatives():
    """By SymPy: dL/dw of the energy's error and of the forces' error, for three atoms on a line."""
    x, w = sympy.symbols("x:3"), sympy.symbols("w:3")
    pairs = [(0, 1), (1, 2), (0, 2)]
    E = sum(w[0] * sympy.tanh(w[1] * (x[j] - x[i]) + w[2]) for i, j in pairs)
    F_true = [1, sympy.Rational(-1, 2), sympy.Rational(-1, 2)]
    of_energy = (E - 1) ** 2
    of_forces = sum((-E.diff(x_i) - true) ** 2 for x_i, true in zip(x, F_true, strict=True))
    numbers = [0, "0.9", "2.3", "1.5", "0.8", "-0.5"]
    at = dict(zip((*x, *w), map(sympy.Rational, numbers), strict=True))
    return [
        [float(loss.diff(w_k).subs(at).evalf(30)) for w_k in w] for loss in (of_energy, of_forces)
    ]


def test_gradient_of_energies_and_forces(values, derivatives):
    """With create_graph the gradient is that of both errors, to the last digits."""
    both = [a + b for a, b in zip(*derivatives, strict=True)]
    right = values("recipes/forces_from_energies/kept.py")["dL_dw"]
    cut = values("recipes/forces_from_energies/cut.py")["dL_dw"]
    assert right == pytest.approx(both, rel=EXACT)
    assert cut != pytest.approx(both, rel=1e-2)


def test_cut_is_the_gradient_of_the_energies_alone(values, derivatives):
    """Cut, the loss on forces adds nothing."""
    cut = values("recipes/forces_from_energies/cut.py")["dL_dw"]
    assert cut == pytest.approx(derivatives[0], rel=EXACT)


def test_gradient_of_forces_alone(values, derivatives):
    """Forces alone are differentiated too; without the argument, they raise."""
    found = values("recipes/forces_from_energies/forces_only.py")["dL_dw"]
    assert found == pytest.approx(derivatives[1], rel=EXACT)
    error = values("recipes/forces_from_energies/forces_only_cut.py")["error"]
    assert "does not require grad" in error
    assert "a second time" in values("recipes/forces_from_energies/freed.py")["error"]


def test_forces_are_the_closed_form(values):
    """The forces of the Morse cluster are those of NumPy's closed form."""
    assert values(RECIPE)["force_difference"] < EXACT


def test_momenta_are_kept(values):
    """Whatever the weights, forces have no sum and no torque, and turn with the cluster."""
    found = values(RECIPE)
    assert found["net_force"] < EXACT
    assert found["net_torque"] < EXACT
    assert found["turn_difference"] < EXACT


def test_gradient_of_the_network_agrees_with_itself(values):
    """Along a direction of the weights, the loss has the slope of a central difference."""
    found = values(RECIPE)
    assert found["slope_right"] == pytest.approx(found["slope_difference"], rel=1e-8)
    assert found["slope_cut"] != pytest.approx(found["slope_difference"], rel=1e-2)


def test_a_cut_loss_on_forces_is_inert(values):
    """From each seed, the cut training is that on energies alone, and the right one is not."""
    found = values(RECIPE)
    assert found["inert"] is True
    assert found["of_cut"] == found["of_energies"]
    assert all(b < c / 3 for b, c in zip(found["of_both"], found["of_cut"], strict=True))


def test_forces_leave_a_constant(values):
    """Fitted to forces alone, the energy is off by a constant, and by little more."""
    found = values(RECIPE)
    assert min(found["before"]) > 40
    assert max(found["after"]) < 0.02
    assert found["before"] == pytest.approx([-offset for offset in found["offsets"]], abs=0.02)


DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


@pytest.fixture
def parts(component):
    """The page's potential, forces and loss, without its dtype."""
    return component(RECIPE, "distances", "forces", "potential", "loss")


def cluster(dtype, count=6, atoms=5):
    """Make a batch of corners of a simplex, shaken, with energies and forces of springs."""
    generator = torch.Generator().manual_seed(0)
    noise = 0.1 * torch.randn(count, atoms, 3, generator=generator, dtype=torch.float64)
    corners = torch.tensor([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1], [0, 0, 0]]) / 2
    x = corners[:atoms] + noise
    return x.to(dtype), (x**2).sum(dim=(1, 2)).to(dtype), (-2 * x).to(dtype)


@DTYPES
def test_a_potential_trains_on_forces(parts, dtype):
    """In either dtype, and with another number of atoms than on the page."""
    torch.manual_seed(0)
    potential, data = parts["Potential"]().to(dtype), cluster(dtype)
    optimizer = torch.optim.Adam(potential.parameters(), lr=0.02)
    losses = []
    for _ in range(60):
        loss = parts["loss_of"](potential, data, 0, 1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert loss.dtype == dtype
    assert losses[-1] < 0.8 * losses[0]
    assert "centers" in potential.state_dict()


def test_the_gradient_of_the_loss_is_that_of_differences(parts):
    """Along a bias, where the energies alone have another slope."""
    torch.manual_seed(0)
    potential, data = parts["Potential"]().double(), cluster(torch.float64)
    bias, step, losses = potential.atom[2].bias, 1e-5, []
    (right,) = torch.autograd.grad(parts["loss_of"](potential, data, 1, 100), bias)
    (energies,) = torch.autograd.grad(parts["loss_of"](potential, data, 1, 0), bias)
    for move in (step, -2 * step):
        with torch.no_grad():
            bias[0] += move
        losses.append(parts["loss_of"](potential, data, 1, 100).item())
    difference = (losses[0] - losses[1]) / (2 * step)
    assert right[0].item() == pytest.approx(difference, rel=1e-6)
    assert energies[0].item() != pytest.approx(difference, rel=1e-2)


def test_a_potential_follows_to_another_device(parts):
    """Its centers and its sums are where the positions are."""
    potential = parts["Potential"]().to("meta")
    x, E, F = (part.to("meta") for part in cluster(torch.float32))
    loss = parts["loss_of"](potential, (x, E, F), 1, 1)
    loss.backward()
    assert loss.device.type == potential.centers.device.type == "meta"


def test_shapes_that_would_broadcast_are_refused(parts):
    """One energy for each configuration, forces like the positions, and a batch of positions."""
    potential, (x, E, F) = parts["Potential"](), cluster(torch.float32)
    with pytest.raises(ValueError, match="do not fit"):
        parts["loss_of"](potential, (x, E[:, None], F), 1, 1)
    with pytest.raises(ValueError, match="do not fit"):
        parts["loss_of"](potential, (x, E, F[0]), 1, 1)
    with pytest.raises(ValueError, match=r"needs \(6,\)"):
        parts["loss_of"](lambda x: potential(x)[:, None], (x, E, F), 1, 1)
    with pytest.raises(ValueError, match=r"needs \(batch, atoms, 3\)"):
        potential(x[0])


def test_atoms_at_one_place_exert_no_force_on_each_other(parts):
    """The slope of their distance is taken to be zero, and no gradient is nan."""
    torch.manual_seed(0)
    potential, (x, E, F) = parts["Potential"]().double(), cluster(torch.float64, atoms=2)
    x[0, 1] = x[0, 0]
    x.requires_grad_()
    found = parts["forces"](potential(x), x)
    assert found[0].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert found[1].abs().max() > 1e-3
    parts["loss_of"](potential, (x, E, F), 1, 1).backward()
    assert all(p.grad.isfinite().all() for p in potential.parameters())
    hessian = torch.autograd.functional.hessian(lambda x: potential(x).sum(), x.detach()[:1])
    assert hessian.isnan().any()


def test_under_autocast(parts):
    """Energies come out in bfloat16, whose digits are few."""
    torch.manual_seed(0)
    potential, (x, _, _) = parts["Potential"](), cluster(torch.float32)
    exact = potential(x)
    with torch.autocast("cpu", torch.bfloat16):
        found = potential(x)
    assert found.dtype == torch.bfloat16
    assert 1e-4 < ((found - exact).abs().max() / exact.abs().max()).item() < 1e-1


def test_forces_jump_with_relu(parts):
    """Along a path of 4000 short steps, the largest change of the forces is one of many, or not."""
    jumps = []
    for activation in (torch.nn.SiLU, torch.nn.ReLU):
        torch.manual_seed(0)
        potential, (x, _, _) = parts["Potential"]().double(), cluster(torch.float64)
        potential.atom[1] = potential.atom[3] = activation()
        moves = torch.zeros(4000, *x.shape[1:], dtype=torch.float64)
        moves[:, 0, 0] = torch.linspace(0, 0.4, 4000)
        path = (x[:1] + moves).requires_grad_()
        changes = parts["forces"](potential(path), path).diff(dim=0).flatten(1).norm(dim=1)
        jumps.append((changes.max() / changes.median()).item())
    assert jumps[0] < 10 < 100 < jumps[1]


def test_one_list_of_atoms(report):
    """The forces are differences of the energies, of each graph alone."""
    names = {}
    exec(report.verdicts["recipes/forces_from_energies/flat_batch.py"].snippet.text, names)
    model, z, batch, pos = (names[name] for name in ("model", "z", "batch", "pos"))
    step, atom, graphs = 1e-5, 3, []
    with torch.no_grad():
        for sign in (1, -1):
            moved = pos.clone()
            moved[atom, 1] += sign * step
            graphs.append(model(z, moved, batch))
    change = (graphs[0] - graphs[1]) / (2 * step)
    assert change[0] == 0 and abs(change[1]) > 1e-3
    assert names["F"][atom, 1].item() == pytest.approx(-change[1].item(), rel=1e-6)
    torch.set_default_dtype(torch.float32)
