"""Rotations, with respect to their parameters, at general points and at the identity."""

import roma
import torch

from measured.libraries.inside import twice

vector, matrix = torch.randn(3), torch.randn(3, 3)
still = torch.zeros(3)
twice("rotvec_to_rotmat", lambda: roma.rotvec_to_rotmat(vector), [vector])
twice("rotvec_to_rotmat at zero", lambda: roma.rotvec_to_rotmat(still), [still])
twice("rotvec_to_unitquat at zero", lambda: roma.rotvec_to_unitquat(still), [still])
twice("special_gramschmidt", lambda: roma.special_gramschmidt(matrix[:, :2]), [matrix])
twice("special_procrustes", lambda: roma.special_procrustes(matrix), [matrix])
twice("rotmat_to_rotvec", lambda: roma.rotmat_to_rotvec(roma.special_gramschmidt(matrix)), [matrix])
twice(
    "rotmat_to_unitquat",
    lambda: roma.rotmat_to_unitquat(roma.special_gramschmidt(matrix)),
    [matrix],
)
