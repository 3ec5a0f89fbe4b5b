import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.inference_mode():
    x = torch.tensor([1.0, 3.0])
    with torch.enable_grad():
        print("enable_grad:", (w * x).sum().requires_grad)
    with torch.inference_mode(False):
        y = (w * x.clone()).sum()
        print("inference_mode(False):", y.requires_grad)
#> enable_grad: False
#> inference_mode(False): True
