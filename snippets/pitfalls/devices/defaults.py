import torch

print("convolutions in TF32:", torch.backends.cudnn.allow_tf32)
#> convolutions in TF32: True
print("products in TF32:", torch.backends.cuda.matmul.allow_tf32)
#> products in TF32: False
print("cuDNN tries algorithms:", torch.backends.cudnn.benchmark)
#> cuDNN tries algorithms: False

torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True
