import torch
import torch.nn.functional as F


# --8<-- [start:sampled]
def sampled(image, y, x):
    """Read images (..., H, W) at points between pixels; zero outside."""
    height, width = image.shape[-2:]
    top, left = y.detach().floor(), x.detach().floor()
    # Written so, a point on a pixel has the slope to the next one.
    below, right = y - top, x - left
    total = 0
    for row, share in (top, 1 - below), (top + 1, below):
        for column, part in (left, 1 - right), (left + 1, right):
            inside = (row >= 0) & (row < height)
            inside &= (column >= 0) & (column < width)
            row_ = row.clamp(0, height - 1).long()
            column_ = column.clamp(0, width - 1).long()
            pixels = image[..., row_, column_]
            total = total + pixels * share * part * inside
    return total
# --8<-- [end:sampled]


# --8<-- [start:roi]
def roi_align(images, boxes, size, ratio, scale=1.0, aligned=False):
    """As torchvision's, of images (N, C, H, W): (K, C, size, size).

    boxes (K, 5) are rows of image, x1, y1, x2, y2. A ratio of -1 or 0
    gives each box its own number of points, as in torchvision.
    """
    height, width = images.shape[-2:]
    corners = boxes[:, 1:] * scale - (0.5 if aligned else 0.0)
    start, extent = corners[:, :2], corners[:, 2:] - corners[:, :2]
    if not aligned:
        extent = extent.clamp(min=1.0)
    found = [images[:0, :, :1, :1].expand(-1, -1, size, size)]
    for index, (x1, y1), (w, h) in zip(boxes[:, 0].long(), start, extent):
        y, near_y, rows = side(y1, h, size, ratio, height)
        x, near_x, columns = side(x1, w, size, ratio, width)
        grid = torch.meshgrid(y, x, indexing="ij")
        points = sampled(images[index], *grid) * (near_y[:, None] & near_x)
        found.append(F.avg_pool2d(points, (rows, columns))[None])
    return torch.cat(found).to(images)


def side(first, length, size, ratio, limit):
    """Points along a side of a box, which count, and how many a bin."""
    count = ratio
    if ratio <= 0:
        count = max(1, int((length.detach() / size).ceil()))
    steps = torch.arange(size * count).to(length) + 0.5
    at = first + steps * length / (size * count)
    near = (at >= -1) & (at <= limit)
    return at.clamp(0, limit - 1), near, count
# --8<-- [end:roi]


# --8<-- [start:deform]
def deform_conv2d(
    images,
    offset,
    weight,
    bias=None,
    stride=1,
    padding=0,
    dilation=1,
    mask=None,
):
    """As torchvision's, with one group: (N, C_out, height, width).

    images (N, C, H, W), weight (C_out, C, kh, kw), offset (N, 2 kh kw,
    height, width) in pairs of y and x, mask (N, kh kw, height, width).
    """
    if weight.shape[1] != images.shape[1]:
        raise ValueError("one group: split the channels, call it for each")
    (height, width), (kh, kw) = offset.shape[-2:], weight.shape[-2:]
    offset = offset.unflatten(1, (kh * kw, 2))
    rows, columns = torch.meshgrid(
        torch.arange(kh), torch.arange(kw), indexing="ij"
    )
    rows = rows.reshape(-1, 1, 1) * dilation - padding
    columns = columns.reshape(-1, 1, 1) * dilation - padding
    y = (rows + torch.arange(height)[:, None] * stride).to(images)
    x = (columns + torch.arange(width) * stride).to(images)
    points = torch.stack(
        [
            sampled(image, y + move[:, 0], x + move[:, 1])
            for image, move in zip(images, offset, strict=True)
        ]
    )
    if mask is not None:
        points = points * mask.unsqueeze(1)
    out = torch.einsum("ock,nckhw->nohw", weight.flatten(2), points)
    return out if bias is None else out + bias.view(-1, 1, 1)
# --8<-- [end:deform]


# --8<-- [start:checked]
torch.manual_seed(0)
images, boxes, offset, weight = (
    torch.rand(shape, dtype=torch.float64, requires_grad=True)
    for shape in ((1, 2, 5, 6), (1, 4), (1, 18, 3, 4), (2, 2, 3, 3))
)


def pooled(images, corners):
    corners = torch.cat([1 + corners[:, :2], 3 + corners[:, 2:]], 1)
    zeros = torch.zeros(1, 1, dtype=torch.float64)
    return roi_align(images, torch.cat([zeros, corners], 1), 2, 2)


print(torch.autograd.gradgradcheck(pooled, (images, boxes)))
#> True
print(
    torch.autograd.gradgradcheck(deform_conv2d, (images, offset, weight))
)
#> True
still = deform_conv2d(images, torch.zeros_like(offset), weight)
print(torch.allclose(still, F.conv2d(images, weight)))
#> True

y = deform_conv2d(images, offset, weight).tanh().sum()
y_x = torch.autograd.grad(y, images, create_graph=True)[0]
penalty = y_x.pow(2).sum()
dP_dw = torch.autograd.grad(penalty, weight)[0]
print(f"penalty {penalty:.4f}, its gradient {dP_dw.norm():.4f}")
#> penalty 0.1030, its gradient 0.3612
# --8<-- [end:checked]
