"""A linear layer with adapters, with respect to the input and the adapters' weights."""

import peft
import torch

from measured.libraries.inside import twice

x = torch.randn(3, 4)
configs = {
    "LoraConfig": peft.LoraConfig(r=2, target_modules=["0", "2"]),
    "LoraConfig, use_dora=True": peft.LoraConfig(r=2, target_modules=["0", "2"], use_dora=True),
    "IA3Config": peft.IA3Config(target_modules=["0", "2"], feedforward_modules=["2"]),
    "OFTConfig": peft.OFTConfig(r=0, oft_block_size=2, target_modules=["0", "2"]),
    "LoHaConfig": peft.LoHaConfig(r=2, target_modules=["0", "2"]),
    "LoKrConfig": peft.LoKrConfig(r=2, target_modules=["0", "2"]),
}
for name, config in configs.items():
    torch.manual_seed(0)
    plain = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Tanh(), torch.nn.Linear(4, 4))
    net = peft.get_peft_model(plain, config).double()
    weights = [p for p in net.parameters() if p.requires_grad]
    with torch.no_grad():
        for weight in weights:  # Adapters begin at zero, which is a special point.
            weight += 0.3 * torch.randn_like(weight)
    twice(name, lambda n=net: n(x), [x, *weights])
