"""Derivatives of functions that are given on a grid, which can be trained."""

import torch
from torch import Tensor


# --8<-- [start:spectral]
def spectral_derivative(
    u: Tensor,
    length: float,
    order: int = 1,
    dim: int = -1,
    waves: int | None = None,
) -> Tensor:
    """Return a derivative of periodic u along dim, by Fourier series.

    What is faster than so many waves, if given, is taken for rounding.
    The grid has n equal steps of length / n and leaves out the endpoint,
    which is the start of the next period. Raises TypeError for half
    precision, whose rounding a derivative multiplies, and other dtypes.
    """
    if u.dtype not in {torch.float32, torch.float64}:
        raise TypeError(f"u is {u.dtype}: compute it in float32 or float64")
    n = u.shape[dim]
    k = torch.fft.rfftfreq(n, length / n, dtype=u.dtype, device=u.device)
    factor = (2j * torch.pi * k) ** order
    if n % 2 == 0 and order % 2:
        factor[-1] = 0  # the fastest wave has no odd derivative on the grid
    if waves is not None:
        factor[waves + 1 :] = 0
    shape = [1] * u.dim()
    shape[dim] = len(k)
    modes = torch.fft.rfft(u, dim=dim) * factor.reshape(shape)
    return torch.fft.irfft(modes, n=n, dim=dim)


# --8<-- [end:spectral]
# --8<-- [start:difference]
def difference(u: Tensor, step: float, order: int = 1, dim: int = -1) -> Tensor:
    """Return the first or second derivative of u along dim, periodic or not.

    Central differences, on interior points only, so that the result has two
    points less. The error is of order step squared. Raises ValueError for
    fewer than three points, or another order.
    """
    n = u.shape[dim] - 2
    if n < 1:
        raise ValueError(f"{n + 2} points along dimension {dim}: needs three")
    behind, here, ahead = (u.narrow(dim, start, n) for start in range(3))
    if order == 1:
        return (ahead - behind) / (2 * step)
    if order == 2:
        return (ahead - 2 * here + behind) / step**2
    raise ValueError(f"order 1 or 2, not {order}")
# --8<-- [end:difference]
