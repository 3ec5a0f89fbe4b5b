"""A small Llama and a small BERT by each attention, with respect to embeddings and weights."""

import torch
from transformers import BertConfig, BertModel, LlamaConfig, LlamaModel

from measured.libraries.inside import twice

x = torch.randn(1, 3, 8)
sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "vocab_size": 5}


def model(kind, config, attention):
    made = config(num_attention_heads=2, attn_implementation=attention, **sizes)
    return kind(made).double().eval()


for kind, config in ((LlamaModel, LlamaConfig), (BertModel, BertConfig)):
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


net = model(LlamaModel, LlamaConfig, "eager")
for reentrant in (False, True):
    twice(f"LlamaModel, gradient checkpointing, use_reentrant={reentrant}", checkpointed, [x])
