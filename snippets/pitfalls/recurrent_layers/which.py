import re
from pathlib import Path

import torchgen

rules = Path(torchgen.__path__[0], "packaged/autograd/derivatives.yaml").read_text()
for name in ("_cudnn_rnn_backward", "_thnn_fused_lstm_cell", "mkldnn_rnn_layer"):
    rule = re.search(rf"- name: {name}\(.*?\n\n", rules, re.DOTALL)[0]
    found = re.search(r"not_implemented\([^)]*\)|GradMode::is_enabled\(\) \? \w+", rule)
    print(f"{name}: {found[0]}")
#> _cudnn_rnn_backward: not_implemented("_cudnn_rnn_backward", kCudnnDoubleBackwardMsg)
#> _thnn_fused_lstm_cell: GradMode::is_enabled() ? _thnn_differentiable_lstm_cell_backward
#> mkldnn_rnn_layer: GradMode::is_enabled() ? mkldnn_rnn_layer_differentiable_backward
