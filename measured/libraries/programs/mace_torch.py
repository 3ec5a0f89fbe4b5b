"""Forces of a small MACE, with respect to positions and weights."""

import os

import numpy
import torch

os.environ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"] = "1"  # Its e3nn loads its constants by pickle.

from e3nn import o3
from mace import data, modules, tools
from mace.tools import torch_geometric

from measured.libraries.inside import once

numbers = tools.AtomicNumberTable([1, 8])
model = modules.MACE(
    r_max=4.0, num_bessel=4, num_polynomial_cutoff=5, max_ell=2,
    interaction_cls=modules.interaction_classes["RealAgnosticResidualInteractionBlock"],
    interaction_cls_first=modules.interaction_classes["RealAgnosticInteractionBlock"],
    num_interactions=2, num_elements=2, hidden_irreps=o3.Irreps("4x0e + 4x1o"),
    MLP_irreps=o3.Irreps("4x0e"), gate=torch.nn.functional.silu,
    atomic_energies=numpy.zeros(2), avg_num_neighbors=2, atomic_numbers=[1, 8], correlation=2,
)  # fmt: skip
water = data.Configuration(
    atomic_numbers=numpy.array([8, 1, 1]),
    positions=numpy.array([[0.0, 0.0, 0.1], [0.0, 0.8, -0.5], [0.1, -0.7, -0.5]]),
    properties={}, property_weights={},
)  # fmt: skip
atoms = data.AtomicData.from_config(water, z_table=numbers, cutoff=4.0)
batch = next(iter(torch_geometric.dataloader.DataLoader([atoms], batch_size=1))).to_dict()
place = batch["positions"]


def forces(training):
    return model(dict(batch), training=training, compute_force=True)["forces"]


weights = list(model.parameters())
for training in (True, False):
    once(f"forces, training={training}", lambda t=training: forces(t), [place, *weights])
