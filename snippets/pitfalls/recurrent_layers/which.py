import re
from pathlib import Path

import torchgen

folder = Path(torchgen.__path__[0], "packaged/autograd")
rules = Path(folder, "derivatives.yaml").read_text()
formula = r"not_implemented\([^)]*\)|GradMode::is_enabled\(\) \? \w+"
layers = {
    "cuDNN, backward": "_cudnn_rnn_backward",
    "MIOpen, backward": "miopen_rnn_backward",
    "MPS, backward": "lstm_mps_backward",
    "fused cell": "_thnn_fused_lstm_cell",
    "oneDNN on the CPU": "mkldnn_rnn_layer",
}
for name, function in layers.items():
    rule = re.search(rf"- name: {function}\(.*?\n\n", rules, re.DOTALL)[0]
    found = re.search(formula, rule)
    print(f"{name}: {found[0] if found else 'no formula'}")
#> cuDNN, backward: not_implemented("_cudnn_rnn_backward", kCudnnDoubleBackwardMsg)
#> MIOpen, backward: no formula
#> MPS, backward: no formula
#> fused cell: GradMode::is_enabled() ? _thnn_differentiable_lstm_cell_backward
#> oneDNN on the CPU: GradMode::is_enabled() ? mkldnn_rnn_layer_differentiable_backward
