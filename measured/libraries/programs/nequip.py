"""Forces of a small NequIP, with respect to positions and weights."""

import torch
from nequip.data import AtomicDataDict
from nequip.model import NequIPGNNModel
from nequip.utils.global_state import set_global_state

from measured.libraries.inside import once

set_global_state(allow_tf32=False)
model = NequIPGNNModel(
    seed=1, model_dtype="float64", type_names=["H", "O"], r_max=4.0, num_layers=2, l_max=1,
    parity=True, num_features=2, radial_mlp_depth=1, radial_mlp_width=4, avg_num_neighbors=2.0,
)  # fmt: skip
place = torch.tensor([[0.0, 0.0, 0.1], [0.0, 0.8, -0.5], [0.1, -0.7, -0.5]])
pairs = torch.tensor([(i, j) for i in range(3) for j in range(3) if i != j]).T
inputs = {
    AtomicDataDict.EDGE_INDEX_KEY: pairs,
    AtomicDataDict.ATOM_TYPE_KEY: torch.tensor([1, 0, 0]),
    AtomicDataDict.BATCH_KEY: torch.zeros(3, dtype=torch.long),
    AtomicDataDict.NUM_NODES_KEY: torch.tensor([3]),
}


def forces(training):
    model.train(training)
    return model({**inputs, AtomicDataDict.POSITIONS_KEY: place.clone()})["forces"]


weights = [p for p in model.parameters() if p.requires_grad and p.numel()]
for training in (True, False):
    once(f"forces, train({training})", lambda t=training: forces(t), weights)
