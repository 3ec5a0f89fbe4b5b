"""Operators with their own kernels, with respect to the image and the places."""

import torch
from torchvision import models, ops

from measured.libraries.inside import twice

image = torch.randn(1, 4, 6, 6)
boxes = torch.tensor([[0.0, 0.6, 0.7, 4.3, 4.6]])
offset = 0.3 * torch.randn(1, 18, 6, 6)
kernel = torch.randn(2, 4, 3, 3)
twice("roi_align", lambda: ops.roi_align(image, boxes, 2, sampling_ratio=2), [image])
twice("roi_pool", lambda: ops.roi_pool(image, boxes, 2), [image])
twice("ps_roi_align", lambda: ops.ps_roi_align(image, boxes, 2, sampling_ratio=2), [image])
twice("ps_roi_pool", lambda: ops.ps_roi_pool(image, boxes, 2), [image])
twice(
    "deform_conv2d",
    lambda: ops.deform_conv2d(image, offset, kernel, padding=1),
    [image, offset, kernel],
)
logits, target = torch.randn(5), torch.rand(5).round()
twice("sigmoid_focal_loss", lambda: ops.sigmoid_focal_loss(logits, target), [logits])
a = torch.tensor([[0.0, 0.0, 2.0, 2.1]])
b = torch.tensor([[1.0, 0.9, 3.2, 3.0]])
for name in ("generalized_box_iou_loss", "distance_box_iou_loss", "complete_box_iou_loss"):
    twice(name, lambda n=name: getattr(ops, n)(a, b), [a, b])
resnet = models.resnet18(num_classes=2).double().eval()
picture = torch.randn(1, 3, 32, 32)
twice("resnet18, eval()", lambda: resnet(picture), [picture])
