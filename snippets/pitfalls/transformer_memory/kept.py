import torch
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

B, H, T, D, V = 2, 4, 64, 8, 1000  # batch, heads, tokens, width, words


def kept(run, size):
    """What a graph keeps in large tensors, in units of so many numbers."""
    stores = {}

    def pack(tensor):
        store = tensor.untyped_storage()
        if tensor.numel() >= size / 4 and tensor.dtype == torch.float32:
            stores[store.data_ptr()] = store.nbytes() / 4
        return tensor

    same = lambda tensor: tensor
    with torch.autograd.graph.saved_tensors_hooks(pack, same):
        graph = run()
    assert graph.requires_grad
    return round(sum(stores.values()) / size, 1)


# --8<-- [start:attention]
q, k, v = torch.randn(3, B, H, T, D, requires_grad=True).unbind()


def attended(kernel=SDPBackend.MATH, dropout=0.0):
    with sdpa_kernel(kernel):
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=dropout)
    return y.square().sum()


def penalty(dropout=0.0):
    y = attended(dropout=dropout)
    slope = torch.autograd.grad(y, q, create_graph=True)[0]
    return slope.square().sum()


weights = B * H * T * T
fused = kept(lambda: attended(SDPBackend.FLASH_ATTENTION), weights)
math, twice = kept(attended, weights), kept(penalty, weights)
print("fused:", fused, "math:", math, "penalty:", twice)
#> fused: 0.0 math: 1.0 penalty: 3.0
dropped = kept(lambda: penalty(0.1), weights)
print("penalty with dropout:", dropped)
#> penalty with dropout: 5.0
# --8<-- [end:attention]


# --8<-- [start:logits]
W = torch.randn(V, D, requires_grad=True)
h = torch.randn(B * T, D, requires_grad=True)
words = torch.randint(V, (B * T,))


def cost(h, words):
    return F.cross_entropy(h @ W.T, words, reduction="sum")


def chunked(h, words):
    parts = zip(h.chunk(4), words.chunk(4))
    saving = lambda part: checkpoint(cost, *part, use_reentrant=False)
    return sum(map(saving, parts))


def penalty_of(loss):
    slope = torch.autograd.grad(loss(h, words), h, create_graph=True)[0]
    return slope.square().sum()


logits = B * T * V
loss = kept(lambda: cost(h, words), logits)
loss_twice = kept(lambda: penalty_of(cost), logits)
chunks = kept(lambda: chunked(h, words), logits)
chunks_twice = kept(lambda: penalty_of(chunked), logits)
print("loss:", loss, "penalty:", loss_twice)
#> loss: 1.0 penalty: 3.0
print("in checkpointed chunks:", chunks, "penalty:", chunks_twice)
#> in checkpointed chunks: 0.0 penalty: 3.0
# --8<-- [end:logits]
