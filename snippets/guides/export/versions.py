import torch

version = torch.__version__.partition("+")[0]
