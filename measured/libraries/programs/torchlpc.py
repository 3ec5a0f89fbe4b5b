"""An all-pole filter, with respect to signal and coefficients."""

import torch
from torchlpc import sample_wise_lpc

from measured.libraries.inside import twice

signal, poles = torch.randn(1, 6), 0.3 * torch.randn(1, 6, 2)
twice("sample_wise_lpc", lambda: sample_wise_lpc(signal, poles), [signal, poles])
