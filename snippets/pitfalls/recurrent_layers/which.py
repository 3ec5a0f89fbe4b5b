import re
from pathlib import Path

import torch
import torchgen

rules = Path(torchgen.__path__[0], "packaged/autograd/derivatives.yaml").read_text()
for name in ("_cudnn_rnn_backward", "_thnn_fused_lstm_cell_backward"):
    rule = re.search(rf"- name: {name}\b[^\n]*\n(.*?)\n\n", rules, re.DOTALL)
    text = rule[1] if rule else "no rule: written in differentiable operations"
    print(f"{name}: {'not_implemented' if 'not_implemented' in text else 'differentiable'}")
#> _cudnn_rnn_backward: not_implemented
#> _thnn_fused_lstm_cell_backward: differentiable
