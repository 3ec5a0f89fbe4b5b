"""Forces of a SchNet and a PaiNN, with respect to weights."""

import schnetpack.nn
import torch
from schnetpack import properties
from schnetpack.atomistic import Atomwise, Forces, PairwiseDistances
from schnetpack.model import NeuralNetworkPotential
from schnetpack.representation import PaiNN, SchNet

from measured.libraries.inside import once

place = torch.tensor([[0.0, 0.0, 0.1], [0.0, 0.8, -0.5], [0.1, -0.7, -0.5]])
pairs = torch.tensor([(i, j) for i in range(3) for j in range(3) if i != j]).T
inputs = {
    properties.Z: torch.tensor([8, 1, 1]), properties.R: place,
    properties.idx_i: pairs[0], properties.idx_j: pairs[1],
    properties.offsets: torch.zeros(6, 3), properties.idx_m: torch.zeros(3, dtype=torch.long),
    properties.n_atoms: torch.tensor([3]),
}  # fmt: skip
torch.set_default_dtype(torch.float32)  # Its layers are made so, and are made double below.
basis = {
    "radial_basis": schnetpack.nn.GaussianRBF(5, 4.0),
    "cutoff_fn": schnetpack.nn.CosineCutoff(4.0),
}
for kind in (SchNet, PaiNN):
    model = NeuralNetworkPotential(
        kind(n_atom_basis=4, n_interactions=2, **basis),
        input_modules=[PairwiseDistances()],
        output_modules=[Atomwise(n_in=4, output_key="energy"), Forces()],
    ).double()
    weights = [p for p in model.parameters() if p.requires_grad]
    for mode in (True, False):
        once(
            f"forces of {kind.__name__}, train({mode})",
            lambda m=model, mode=mode: m.train(mode)(dict(inputs))["forces"],
            weights,
        )
