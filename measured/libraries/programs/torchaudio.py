"""Filters and losses with their own kernels, with respect to signal and coefficients."""

import torch
import torchaudio

from measured.libraries.inside import twice

functional = torchaudio.functional
signal = torch.randn(1, 12)
a, b = torch.tensor([1.0, -0.4, 0.1]), torch.tensor([0.3, 0.2, 0.1])
twice("lfilter", lambda: functional.lfilter(signal, a, b, clamp=False), [signal, a, b])
twice("fftconvolve", lambda: functional.fftconvolve(signal, b[None]), [signal, b])
long = torch.randn(1, 256)
spectrum = torchaudio.transforms.MelSpectrogram(n_fft=64, n_mels=4)
twice("MelSpectrogram", lambda: spectrum(long), [long])
logits = torch.randn(1, 3, 3, 4, dtype=torch.float32)
labels = [torch.tensor(v, dtype=torch.int32) for v in ([[1, 2]], [3], [2])]
twice(
    "functional.rnnt_loss",
    lambda: functional.rnnt_loss(logits, *labels, blank=0),
    [logits],
    step=1e-2,
)
