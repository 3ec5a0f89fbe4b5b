"""The component of energies, forces and stress, by itself."""

import numpy as np
import pytest
import torch

COMPONENT = "recipes/stress/cell.py"


@pytest.fixture
def cell(report):
    """The component's names, of its text as it is verified."""
    names = {}
    exec(report.verdicts[COMPONENT].snippet.text, names)
    return names


def pair_energy(cell, batch, pairs, net):
    """The energy of each structure, from a network of the distances."""

    def energy(x, cells):
        r = cell["distances"](x, cells, batch, pairs)[:, None]
        each = (net(r) * cell["envelope"](r, 2.0)).squeeze(1)
        return each.new_zeros(len(cells)).index_add(0, batch[pairs[0]], each)

    return energy


def network(*extra):
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Linear(1, 16), *extra, torch.nn.SiLU(), torch.nn.Linear(16, 1)
    )


def two_structures(dtype=torch.float64):
    """Three atoms in a skewed cell, and one atom in a small one."""
    x = torch.tensor([[0, 0, 0], [0.9, 0.1, 0], [0.2, 1.0, 1.5], [0.3, 0, 0]], dtype=dtype)
    cells = torch.tensor(
        [[[2, 0.2, 0], [0, 2.1, 0.3], [0.1, 0, 2.2]], [[1.5, 0, 0], [0, 1.4, 0], [0.2, 0, 1.6]]],
        dtype=dtype,
    )
    return x, cells, torch.tensor([0, 0, 0, 1])


def images(x, cell, cutoff):
    """The sorted distances of all pairs, over many images, in NumPy."""
    shifts = np.stack(np.meshgrid(*3 * [np.arange(-6, 7)]), -1).reshape(-1, 3) @ cell
    r = np.linalg.norm(x[None, :, None] - x[:, None, None] + shifts, axis=-1).ravel()
    return np.sort(r[(r > 1e-9) & (r < cutoff)])


@pytest.mark.parametrize("cutoff", [1.0, 2.0, 4.5])
def test_neighbors_are_those_of_all_images(cell, cutoff):
    """Each pair is found, also of atoms outside of their cell and beyond the next image."""
    x, cells, batch = two_structures()
    x = x + torch.tensor([[0.0, 0, 0], [4, 0, 0], [0, -4.2, 0.6], [0, 0, 0]])
    pairs = cell["neighbors"](x, cells, batch, cutoff)
    found = cell["distances"](x, cells, batch, pairs).numpy()
    for k in range(2):
        expected = images(x[batch == k].numpy(), cells[k].numpy(), cutoff)
        assert np.sort(found[batch[pairs[0]].numpy() == k]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("dtype", "step", "rel"), [(torch.float64, 1e-5, 1e-6), (torch.float32, 1e-2, 2e-2)]
)
def test_stress_and_forces_are_those_of_differences(cell, dtype, step, rel):
    """Strain the cell and its atoms by hand, or move an atom, and take differences."""
    x, cells, batch = two_structures(dtype)
    energy = pair_energy(cell, batch, cell["neighbors"](x, cells, batch, 2.0), network().to(dtype))
    E, F, S = cell["energy_forces_stress"](energy, x, cells, batch, False)
    assert E.dtype == F.dtype == S.dtype == dtype and not S.requires_grad
    for a, b in ((0, 0), (1, 2)):
        e = torch.zeros(3, 3, dtype=dtype)
        e[a, b] = e[b, a] = step
        ends = [energy(x + s * x @ e, cells + s * cells @ e).detach() for s in (1, -1)]
        slope = (ends[0] - ends[1]) / (2 * step) / (1 if a == b else 2)
        expected = slope / torch.linalg.det(cells)
        assert S[:, a, b].tolist() == pytest.approx(expected.tolist(), rel=rel, abs=rel * 0.1)
    moved = torch.zeros_like(x)
    moved[1, 2] = step
    ends = [energy(x + s * moved, cells)[0].item() for s in (1, -1)]
    assert F[1, 2].item() == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=rel, abs=rel * 0.1)
    assert torch.equal(S, S.mT)


def test_a_batch_is_its_structures(cell):
    """What one structure gets does not depend on the other one."""
    x, cells, batch = two_structures()
    net = network().double()
    pairs = cell["neighbors"](x, cells, batch, 2.0)
    both = cell["energy_forces_stress"](pair_energy(cell, batch, pairs, net), x, cells, batch, True)
    zero = torch.zeros(3, dtype=torch.long)
    pairs = cell["neighbors"](x[:3], cells[:1], zero, 2.0)
    one = cell["energy_forces_stress"](
        pair_energy(cell, zero, pairs, net), x[:3], cells[:1], zero, True
    )
    for together, alone in zip(both, one, strict=True):
        assert torch.allclose(together[: len(alone)], alone)


def test_gradient_of_a_loss_is_that_of_differences(cell):
    """Trained on forces and stress, the weights get the derivative of the loss."""
    x, cells, batch = two_structures()
    net = network().double()
    energy = pair_energy(cell, batch, cell["neighbors"](x, cells, batch, 2.0), net)

    def loss():
        _, F, S = cell["energy_forces_stress"](energy, x, cells, batch, True)
        return F.square().mean() + S.square().mean()

    weight, step, ends = net[0].weight, 1e-5, []
    (slope,) = torch.autograd.grad(loss(), weight)
    direction = torch.randn_like(weight)
    for sign in (1, -1):
        with torch.no_grad():
            weight += sign * step * direction
        ends.append(loss().item())
        with torch.no_grad():
            weight -= sign * step * direction
    found = (slope * direction).sum().item()
    assert found == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


def test_on_the_meta_device(cell):
    """Derivatives are made where the positions are; pairs depend on data, and cannot be."""
    x, cells, batch = two_structures(torch.float32)
    pairs = [part.to("meta") for part in cell["neighbors"](x, cells, batch, 2.0)]
    x, cells, batch = x.to("meta"), cells.to("meta"), batch.to("meta")
    energy = pair_energy(cell, batch, pairs, network().to("meta"))
    found = cell["energy_forces_stress"](energy, x, cells, batch, True)
    assert [part.shape for part in found] == [(2,), (4, 3), (2, 3, 3)]
    assert {part.device.type for part in found} == {"meta"}


def test_training_a_network(cell):
    """A network with layer norm, dropout and a frozen layer learns forces and stress."""
    x, cells, batch = two_structures(torch.float32)
    pairs = cell["neighbors"](x, cells, batch, 2.0)
    with torch.no_grad():
        r = cell["distances"](x, cells, batch, pairs)
    assert not r.requires_grad
    net = network(torch.nn.LayerNorm(16), torch.nn.Dropout(0.1))
    net[0].requires_grad_(False)
    reference = pair_energy(cell, batch, pairs, lambda r: (r - 1) ** 2)
    _, F, S = cell["energy_forces_stress"](reference, x, cells, batch, False)
    energy = pair_energy(cell, batch, pairs, net)
    optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=0.03)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        _, F_net, S_net = cell["energy_forces_stress"](energy, x, cells, batch, True)
        loss = (F_net - F).square().mean() + (S_net - S).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


def test_envelope_ends_with_two_derivatives(cell):
    """At the cutoff the function and its first two differences vanish, beyond it all is zero."""
    h = 1e-3
    at = [
        cell["envelope"](torch.tensor(2 + k * h, dtype=torch.float64), 2.0) for k in (-2, -1, 0, 1)
    ]
    assert [at[2].item(), at[3].item()] == [0, 0]
    assert abs((at[1] - at[3]).item() / (2 * h)) < 1e-5
    assert abs((at[0] - 2 * at[1] + at[2]).item() / h**2) < 1e-2


def test_what_is_refused(cell):
    """Flat cells, coinciding atoms, wrong shapes and cut graphs each have a message."""
    x, cells, batch = two_structures()
    run = cell["energy_forces_stress"]
    w = torch.ones((), dtype=torch.float64, requires_grad=True)
    with pytest.raises(ValueError, match="without volume"):
        run(lambda x, c: c.sum((1, 2)), x, 0 * cells, batch, False)
    with pytest.raises(ValueError, match=r"each of 2 cells, not \(\)"):
        run(lambda x, c: x.sum() + c.sum(), x, cells, batch, False)
    with pytest.raises(RuntimeError, match="does not use the positions"):
        run(lambda _, c: cells.sum((1, 2)) * w, x, cells, batch, False)
    with pytest.raises(RuntimeError, match="are constants"):
        run(lambda x, c: c.sum((1, 2)) + x.sum(), x, cells, batch, True)
    with pytest.raises(ValueError, match="two atoms of structure 0 are at the same place"):
        cell["neighbors"](torch.cat([x[:1], x[:1], x[2:]]), cells, batch, 2.0)


def test_springs_pull_at_their_cell(values):
    """Six springs of length 1, stretched by a half: three pairs of faces, each with 2 / 4.5."""
    energy, stress = 6 * 0.5**2 / 2, 2 * 0.5 * 1.5 / 1.5**3
    for name, expected in (("kept", stress), ("cut", 0)):
        found = values(f"recipes/stress/{name}.py")
        assert found["stress"] == pytest.approx(expected, abs=6e-5)
        assert found["E"] == pytest.approx(energy)


def test_the_notebook(values):
    """Closed forms are met, and only what is trained on stress learns it well."""
    found = values("recipes/stress.py")
    assert max(found["force_error"], found["stress_error"], found["phonon_error"]) < 1e-10
    assert np.abs(found["S"]).max() > 0.1
    assert max(found["right"]) < min(found["cut"]) / 2
