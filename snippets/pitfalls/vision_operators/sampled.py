import torch
import torch.nn.functional as F


# --8<-- [start:sampled]
def sampled(image, y, x):
    """Read images (..., H, W) at points between pixels; zero outside."""
    height, width = image.shape[-2:]
    top, left = y.detach().floor(), x.detach().floor()
    total = 0
    for row in top, top + 1:
        for column in left, left + 1:
            weight = (1 - (y - row).abs()) * (1 - (x - column).abs())
            inside = (row >= 0) & (row < height)
            inside &= (column >= 0) & (column < width)
            row_ = row.clamp(0, height - 1).long()
            column_ = column.clamp(0, width - 1).long()
            total = total + image[..., row_, column_] * weight * inside
    return total
# --8<-- [end:sampled]


# --8<-- [start:roi]
def roi_align(images, boxes, size, ratio, scale=1.0, aligned=False):
    """As torchvision's: boxes are rows of image, x1, y1, x2, y2."""
    height, width = images.shape[-2:]
    corners = boxes[:, 1:] * scale - (0.5 if aligned else 0.0)
    start, extent = corners[:, :2], corners[:, 2:] - corners[:, :2]
    if not aligned:
        extent = extent.clamp(min=1.0)
    steps = torch.arange(size * ratio).to(images) + 0.5
    found = []
    for index, (x1, y1), (w, h) in zip(boxes[:, 0].long(), start, extent):
        y = (y1 + steps * h / (size * ratio))[:, None]
        x = (x1 + steps * w / (size * ratio))[None]
        near = (y >= -1) & (y <= height) & (x >= -1) & (x <= width)
        y, x = y.clamp(0, height - 1), x.clamp(0, width - 1)
        points = sampled(images[index], *torch.broadcast_tensors(y, x))
        found.append(F.avg_pool2d(points * near, ratio))
    return torch.stack(found)
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
    """As torchvision's, with one group; offset holds pairs of y and x."""
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
            for image, move in zip(images, offset)
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
