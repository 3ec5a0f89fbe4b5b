"""A circuit's expectation, by each way to differentiate it, with respect to its angles."""

import pennylane
import torch

from measured.libraries.inside import twice

angles = torch.tensor([0.3, -0.7, 1.1])


def circuit(angles):
    pennylane.RX(angles[0], wires=0)
    pennylane.CNOT(wires=[0, 1])
    pennylane.RY(angles[1], wires=1)
    pennylane.RZ(angles[2], wires=0)
    pennylane.RX(angles[0] * angles[2], wires=0)
    return pennylane.expval(pennylane.PauliZ(0) @ pennylane.PauliX(1))


device = pennylane.device("default.qubit", wires=2)
for method, options in (
    ("backprop", {}),
    ("adjoint", {}),
    ("parameter-shift", {}),
    ("parameter-shift", {"max_diff": 2}),
):
    node = pennylane.QNode(circuit, device, interface="torch", diff_method=method, **options)
    name = f"diff_method='{method}'" + ", max_diff=2" * bool(options)
    twice(name, lambda n=node: n(angles), [angles])
