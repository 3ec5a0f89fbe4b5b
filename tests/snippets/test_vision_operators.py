"""Oracles for docs/pitfalls/vision-operators.md: torchvision's kernels, as loops over points."""

import math

import numpy as np
import pytest
import torch

FILE = "pitfalls/vision_operators/sampled.py"


@pytest.fixture(scope="module")
def written(report):
    """What the snippet defines."""
    names = {}
    exec(report.verdicts[FILE].snippet.text, names)
    return names


def between(image, y, x):
    """Bilinear interpolation where each of four pixels counts if it is inside, in numbers."""
    total = 0.0
    for row in (math.floor(y), math.floor(y) + 1):
        for column in (math.floor(x), math.floor(x) + 1):
            if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
                total += image[row, column] * (1 - abs(y - row)) * (1 - abs(x - column))
    return total


def pooled(images, boxes, size, ratio, scale, aligned):
    """roi_align, bin by bin and point by point."""
    height, width = images.shape[2:]
    out = np.zeros((len(boxes), images.shape[1], size, size))
    for k, channel, i, j in np.ndindex(*out.shape):
        x1, y1, x2, y2 = (value * scale - 0.5 * aligned for value in boxes[k, 1:])
        least = 0.0 if aligned else 1.0
        h, w = max(y2 - y1, least) / size, max(x2 - x1, least) / size
        rows, columns = (ratio, ratio) if ratio > 0 else (math.ceil(h), math.ceil(w))
        for iy, ix in np.ndindex(rows, columns):
            y = y1 + i * h + (iy + 0.5) * h / rows
            x = x1 + j * w + (ix + 0.5) * w / columns
            if -1 <= y <= height and -1 <= x <= width:
                y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
                point = between(images[int(boxes[k, 0]), channel], y, x)
                out[k, channel, i, j] += point / (rows * columns)
    return out


def convolved(images, offset, weight, stride, padding, dilation, mask):
    """deform_conv2d, product by product."""
    count, channels, kh, kw = weight.shape
    out = np.zeros((len(images), count, *offset.shape[2:]))
    for n, o, y, x in np.ndindex(*out.shape):
        for c, i, j in np.ndindex(channels, kh, kw):
            k = i * kw + j
            row = y * stride - padding + i * dilation + offset[n, 2 * k, y, x]
            column = x * stride - padding + j * dilation + offset[n, 2 * k + 1, y, x]
            point = between(images[n, c], row, column)
            out[n, o, y, x] += weight[o, c, i, j] * point * mask[n, k, y, x]
    return out


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("ratio", [1, 2, -1])
def test_roi_align(written, ratio, aligned):
    """Boxes inside, across the border, far outside, and smaller than a pixel."""
    images = torch.randn(2, 2, 5, 6, dtype=torch.float64)
    boxes = torch.tensor(
        [
            [0, 0.6, 0.7, 4.3, 4.6],
            [1, -3.5, -2.8, 9.5, 8.5],
            [1, 2.0, 2.0, 2.2, 2.3],
            [0, -9, -9, -5, -5],
            [0, 0, 0, 5, 3],
        ],
        dtype=torch.float64,
    )
    for scale in (1.0, 0.5):
        got = written["roi_align"](images, boxes, 3, ratio, scale, aligned)
        true = pooled(images.numpy(), boxes.numpy(), 3, ratio, scale, aligned)
        assert got.numpy() == pytest.approx(true, abs=1e-12)


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, 2, 2)])
def test_deform_conv2d(written, stride, padding, dilation):
    """Offsets of several pixels, which leave the image, with a mask and a bias."""
    torch.manual_seed(0)
    images, weight = (torch.randn(s, dtype=torch.float64) for s in ((2, 2, 5, 6), (3, 2, 3, 3)))
    h, w = ((n + 2 * padding - 2 * dilation - 1) // stride + 1 for n in (5, 6))
    offset, mask = (torch.randn(2, n, h, w, dtype=torch.float64) for n in (18, 9))
    got = written["deform_conv2d"](
        images, 3 * offset, weight, torch.ones(3), stride, padding, dilation, mask
    )
    arrays = (part.numpy() for part in (images, 3 * offset, weight))
    true = convolved(*arrays, stride, padding, dilation, mask.numpy())
    assert got.numpy() - 1 == pytest.approx(true, abs=1e-12)


def test_slopes_at_pixels(written):
    """With offsets of zero, and boxes on pixels, each slope is that to the right."""
    torch.manual_seed(0)
    images, weight = (torch.randn(s, dtype=torch.float64) for s in ((1, 2, 5, 6), (3, 2, 3, 3)))
    offset = torch.zeros(1, 18, 3, 4, dtype=torch.float64, requires_grad=True)
    boxes = torch.tensor([[0.0, 1, 1, 3, 3]], dtype=torch.float64, requires_grad=True)

    def bent(offset):
        ones = np.ones((1, 9, 3, 4))
        return np.tanh(convolved(images.numpy(), offset, weight.numpy(), 1, 0, 1, ones)).sum()

    def taken(boxes):
        return np.tanh(pooled(images.numpy(), boxes, 2, 1, 1.0, True)).sum()

    ours = {
        "offset": (written["deform_conv2d"](images, offset, weight), offset, bent),
        "boxes": (written["roi_align"](images, boxes, 2, 1, aligned=True), boxes, taken),
    }
    for out, place, loops in ours.values():
        (slope,) = torch.autograd.grad(out.tanh().sum(), place)
        start = place.detach().numpy()
        for index in [(0, 1), (0, 2), (0, 4)]:
            index = (*index, *(1,) * (start.ndim - 2))
            moved = start.copy()
            moved[index] += 1e-7
            right = (loops(moved) - loops(start)) / 1e-7
            assert slope[index].item() == pytest.approx(right, rel=1e-5, abs=1e-5)


def test_pooled(written):
    """What the page hands to gradgradcheck: boxes that have an inside, in float64."""
    images = torch.randn(1, 2, 5, 6, dtype=torch.float64)
    corners = torch.tensor([[0.1, 0.2, 0.7, 0.9]], dtype=torch.float64)
    got = written["pooled"](images, corners)
    boxes = np.array([[0, 1.1, 1.2, 3.7, 3.9]])
    assert got.dtype == torch.float64
    assert got.numpy() == pytest.approx(pooled(images.numpy(), boxes, 2, 2, 1.0, False))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_what_a_detector_hands_over(written, dtype):
    """No box at all, and boxes in float32; the result has the type of the image."""
    images = torch.randn(2, 3, 5, 6).to(dtype).requires_grad_()
    boxes = torch.tensor([[1, 0.3, 0.4, 4.2, 3.3]])
    for chosen in (boxes, boxes[:0]):
        got = written["roi_align"](images, chosen, 2, -1)
        assert got.shape == (len(chosen), 3, 2, 2) and got.dtype == dtype and got.requires_grad


def test_groups_are_refused(written):
    """A weight for one channel would be broadcast, as the weight of every channel."""
    with pytest.raises(ValueError, match="one group"):
        written["deform_conv2d"](*map(torch.ones, ((1, 2, 4, 4), (1, 2, 4, 4), (2, 1, 1, 1))))


def test_penalty(values):
    """The gradient of the penalty, by differences of differences of the loops above."""
    found = values(FILE)
    torch.manual_seed(0)
    shapes = (1, 2, 5, 6), (1, 4), (1, 18, 3, 4), (2, 2, 3, 3)
    images, _, offset, weight = (torch.rand(s, dtype=torch.float64).numpy() for s in shapes)
    ones = np.ones((1, 9, 3, 4))

    def total(images, weight):
        return np.tanh(convolved(images, offset, weight, 1, 0, 1, ones)).sum()

    def penalty(weight):
        slopes = []
        for index in np.ndindex(*images.shape):
            move = np.zeros_like(images)
            move[index] = 1e-4
            slopes.append((total(images + move, weight) - total(images - move, weight)) / 2e-4)
        return np.square(slopes).sum()

    assert found["penalty"] == pytest.approx(penalty(weight), rel=1e-5)
    direction = np.array(found["dP_dw"]) / np.linalg.norm(found["dP_dw"])
    slope = (penalty(weight + 1e-3 * direction) - penalty(weight - 1e-3 * direction)) / 2e-3
    assert np.linalg.norm(found["dP_dw"]) == pytest.approx(slope, rel=1e-3)
