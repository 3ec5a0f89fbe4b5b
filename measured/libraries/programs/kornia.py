"""Warps, filters and losses of images, with respect to image and parameters."""

import kornia
import torch

from measured.libraries.inside import twice

image, other = torch.rand(1, 1, 6, 6), torch.rand(1, 1, 6, 6)
angle, center, scale = torch.tensor([20.0]), torch.tensor([[2.5, 2.5]]), torch.ones(1, 2)
twist = torch.tensor([[0.1, -0.2, 0.3]])


def rotated():
    matrix = kornia.geometry.get_rotation_matrix2d(center, angle, scale)
    return kornia.geometry.warp_affine(image, matrix, (6, 6))


def homography():
    points = torch.tensor([[[0.0, 0.0], [5.0, 0.0], [5.0, 5.0], [0.0, 5.0]]])
    return kornia.geometry.get_perspective_transform(points, points + moved)


moved = 0.3 * torch.randn(1, 4, 2)
weights = torch.tensor([0.5, 0.7, 0.9]).view(1, 3, 1, 1)
twice("warp_affine", rotated, [image, angle])
twice("get_perspective_transform", homography, [moved])
twice("gaussian_blur2d", lambda: kornia.filters.gaussian_blur2d(image, (3, 3), (1.0, 1.0)), [image])
twice("ssim_loss", lambda: kornia.losses.ssim_loss(image, other, 3), [image])
twice("total_variation", lambda: kornia.losses.total_variation(image), [image])
twice("rgb_to_hsv", lambda: kornia.color.rgb_to_hsv(image.expand(1, 3, 6, 6) * weights), [image])
twice(
    "axis_angle_to_rotation_matrix",
    lambda: kornia.geometry.axis_angle_to_rotation_matrix(twist),
    [twist],
)
twice("spatial_soft_argmax2d", lambda: kornia.geometry.spatial_soft_argmax2d(image), [image])
