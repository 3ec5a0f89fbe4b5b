import torch
from torch.nn import functional as F

label = torch.tensor([0, 2])
functions = {
    "hardsigmoid": F.hardsigmoid,
    "cdist": lambda x: torch.cdist(x, x.flip(1)),
    "pdist": F.pdist,
    "embedding_bag": lambda x: F.embedding_bag(torch.tensor([[0, 1]]), x),
    "ctc_loss": lambda x: F.ctc_loss(
        x[:, None].log_softmax(-1), label[None, 1:], (2,), (1,)
    ),
    "multi_margin_loss": lambda x: F.multi_margin_loss(x, label),
    "multilabel_margin_loss": lambda x: F.multilabel_margin_loss(
        x, torch.zeros(2, 3).long()
    ),
    "gamma": lambda x: torch.distributions.Gamma(x.exp(), 1.0).rsample(),
    "segment_reduce": lambda x: torch.segment_reduce(
        x, "max", lengths=torch.tensor([2])
    ),
}
torch.manual_seed(0)
x = torch.randn(2, 3, requires_grad=True)
for name, function in functions.items():
    first = torch.autograd.grad(
        function(x).pow(2).sum(), x, create_graph=True
    )[0]
    try:
        torch.autograd.grad(first.sum(), x)
    except RuntimeError as error:
        print(f"{name}: {error}")
#> hardsigmoid: derivative for aten::hardsigmoid_backward is not implemented
#> cdist: the derivative for '_cdist_backward' is not implemented.
#> pdist: the derivative for '_pdist_backward' is not implemented.
#> embedding_bag: the derivative for '_embedding_bag_backward' is not implemented.
#> ctc_loss: derivative for aten::_ctc_loss_backward is not implemented
#> multi_margin_loss: derivative for aten::multi_margin_loss_backward is not implemented
#> multilabel_margin_loss: derivative for aten::multilabel_margin_loss_backward is not implemented
#> gamma: the derivative for '_standard_gamma_grad' is not implemented.
#> segment_reduce: derivative for aten::_segment_reduce_backward is not implemented
