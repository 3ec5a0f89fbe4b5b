# uses: recipes/flows_and_neural_odes/flow.py
# timeout: 60
# %% [markdown]
# # Flows and neural ODEs
#
# A density that a neural ODE carries along, and a pendulum whose energy is a network. Both train
# through a derivative with respect to the state.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from flow import divergence, flow, hamiltonian
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from sklearn.datasets import make_moons

torch.manual_seed(0)
torch.set_num_threads(1)

# %% [markdown]
# ## A linear field
#
# The flow is a matrix exponential, and the log-density changes by minus the trace.

# %%
# --8<-- [start:linear]
A = torch.tensor([[0.3, -1.0], [2.0, 0.4]], dtype=torch.float64)
start = torch.randn(5, 2, dtype=torch.float64)
end, change = flow(lambda t, x: x @ A.T, start, steps=50)
flow_error = np.abs(end.detach().numpy() - start.numpy() @ expm(A.numpy()).T).max()
trace_error = (change + A.trace()).abs().max().item()
print(f"as SciPy has it: {flow_error < 1e-6}, minus the trace: {trace_error < 1e-12}")
#> as SciPy has it: True, minus the trace: True
# --8<-- [end:linear]

# %% [markdown]
# ## A density
#
# Points flow from the data, at time 1, to a normal distribution, at time 0.

# %%
field = torch.nn.Sequential(torch.nn.Linear(3, 32), torch.nn.Tanh(), torch.nn.Linear(32, 2))


# --8<-- [start:density]
def velocity(t, x):
    return field(torch.cat([x, torch.full_like(x[:, :1], t)], 1))


def log_density(x, probe=None):
    z, change = flow(velocity, x, t0=1.0, t1=0.0, steps=6, probe=probe)
    normal = torch.distributions.Normal(0.0, 1.0)
    return normal.log_prob(z).sum(1) - change


# --8<-- [end:density]
points = torch.from_numpy(make_moons(256, noise=0.1, random_state=0)[0]).float()
points = 2 * (points - points.mean(0))
optimizer = torch.optim.Adam(field.parameters(), lr=2e-2)
losses = []
for _ in range(80):
    loss = -log_density(points).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
first_loss, last_loss = losses[0], losses[-1]
print(f"minus the log-density: {losses[0]:.1f}, then {losses[-1]:.1f}")
#> minus the log-density: 3.9, then 2.7

# %% [markdown]
# A density integrates to one. Without the divergence it would not.

# %%
# --8<-- [start:mass]
axis = torch.linspace(-8, 8, 161)
grid = torch.cartesian_prod(axis, axis)
with torch.no_grad():
    z, change = flow(velocity, grid, t0=1.0, t1=0.0, steps=6)
normal = torch.exp(-z.pow(2).sum(1) / 2) / (2 * torch.pi)
mass = (0.1**2 * (normal * torch.exp(-change)).sum()).item()
without = (0.1**2 * normal.sum()).item()
print(f"{mass:.2f} with the divergence, {without:.1f} without")
#> 1.00 with the divergence, 1.4 without
# --8<-- [end:mass]

# %% [markdown]
# Hutchinson's estimate has the right mean. One probe serves a whole solve.

# %%
with torch.no_grad():
    _, exact = divergence(velocity, 0.5, points)
    signs = [torch.randint(2, points.shape) * 2.0 - 1 for _ in range(400)]
    estimates = torch.stack([divergence(velocity, 0.5, points, probe)[1] for probe in signs])
probe_one = ((estimates - exact).norm(dim=1) / exact.norm()).mean().item()
probe_mean = ((estimates.mean(0) - exact).norm() / exact.norm()).item()
print(f"one probe is off by {probe_one:.1f}, the mean of 400 by {probe_mean:.2f}")
#> one probe is off by 1.2, the mean of 400 by 0.06

# %% [markdown]
# ## A pendulum
#
# A network for the energy learns from velocities. Its loss contains a gradient of the energy, so
# training differentiates twice.

# %%
energy = torch.nn.Sequential(
    torch.nn.Linear(2, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh(),
    torch.nn.Linear(32, 1),
)
states = 4 * torch.rand(256, 2) - 2
truth = torch.stack([states[:, 1], -states[:, 0].sin()], 1)
optimizer = torch.optim.Adam(energy.parameters(), lr=1e-2)
# --8<-- [start:pendulum]
for _ in range(500):
    # --8<-- [mark]
    loss = (hamiltonian(energy)(0.0, states) - truth).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# --8<-- [end:pendulum]
print(f"the velocities are learned: {loss.item() < 1e-2}")
#> the velocities are learned: True

with torch.no_grad():
    path, volume = [torch.tensor([[1.2, 0.0]])], 0.0
    for _ in range(60):
        end, change = flow(hamiltonian(energy), path[-1], t1=0.1, steps=1)
        path.append(end)
        volume = max(volume, change.abs().item())
    energies = energy(torch.cat(path))
drift = (energies - energies[0]).abs().max().item()
exact_path = solve_ivp(
    lambda t, s: [s[1], -np.sin(s[0])], (0, 6), [1.2, 0.0], t_eval=np.linspace(0, 6, 61), rtol=1e-9
).y.T
path_error = np.abs(torch.cat(path).numpy() - exact_path).max()
volume_bound = 1e-5
print(f"its energy is kept: {drift < 1e-3}, and the volume: {volume < volume_bound}")
#> its energy is kept: True, and the volume: True
print(f"off the pendulum of SciPy by less than 0.1: {path_error < 0.1}")
#> off the pendulum of SciPy by less than 0.1: True

# %%
flow_figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.0), layout="constrained")
with torch.no_grad():
    density = log_density(grid).exp().view(161, 161).numpy()
left.pcolormesh(axis.numpy(), axis.numpy(), density.T, cmap="Blues", rasterized=True)
left.plot(*points[::4].numpy().T, "C1.", markersize=2)
left.set_xlim(-4, 4)
left.set_ylim(-4, 4)
left.set_title("density of a flow")
right.plot(*exact_path.T, "C0", label="SciPy")
right.plot(*torch.cat(path)[::3].numpy().T, "C1o", markersize=3, label="learned energy")
right.set_xlabel("angle")
right.set_ylabel("momentum")
right.legend()
