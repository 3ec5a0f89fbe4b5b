"""A small GPT-2 and a small BERT by each attention, with respect to embeddings and weights."""

import torch
from transformers import BertConfig, BertModel, GPT2Config, GPT2Model

from measured.libraries.inside import twice

x = torch.randn(1, 3, 8)
#: What each of the two calls its sizes.
SIZES = {
    BertConfig: {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1},
    GPT2Config: {"n_embd": 8, "n_inner": 8, "n_layer": 1, "n_positions": 4}
    | {f"{where}_pdrop": 0.0 for where in ("resid", "embd", "attn")},
}


def model(kind, config, attention):
    made = config(
        num_attention_heads=2, vocab_size=5, attn_implementation=attention, **SIZES[config]
    )
    return kind(made).double().eval()


for kind, config in ((GPT2Model, GPT2Config), (BertModel, BertConfig)):
    for attention in ("eager", "sdpa", "flex_attention"):
        try:
            net = model(kind, config, attention)
        except Exception as error:
            net = error
        name = f"{kind.__name__}, attn_implementation='{attention}'"

        def states(net=net):
            if isinstance(net, Exception):
                raise net
            return net(inputs_embeds=x).last_hidden_state

        twice(name, states, [x])


def checkpointed():
    net.train()
    net.gradient_checkpointing_enable({"use_reentrant": reentrant})
    return net(inputs_embeds=x).last_hidden_state


net = model(GPT2Model, GPT2Config, "eager")
for reentrant in (False, True):
    twice(f"GPT2Model, gradient checkpointing, use_reentrant={reentrant}", checkpointed, [x])
