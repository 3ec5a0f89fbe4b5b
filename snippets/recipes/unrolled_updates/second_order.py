# uses: recipes/unrolled_updates/unrolled.py
import torch
from unrolled import LearnedOptimizer, unroll

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
learned = LearnedOptimizer()
start = torch.tensor([1.0, -0.5], requires_grad=True)
slopes = []
for second_order in (True, False):
    total, _, _ = unroll(
        learned,
        lambda theta: (theta**4).sum(),
        start,
        learned.start(start),
        steps=20,
        second_order=second_order,
    )
    bias = torch.autograd.grad(total, learned.update.bias)[0].item()
    slopes.append(bias)
    print(f"second_order={second_order}: {bias:.4f}")
#> second_order=True: 20.1115
#> second_order=False: 25.7308
