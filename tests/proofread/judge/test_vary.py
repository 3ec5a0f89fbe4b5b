"""Which snippets run once more, since they can depend on chance or on the time."""

import pytest

STEADY = {
    "a seed first": "import torch\ntorch.manual_seed(0)\na = torch.rand(1).item()",
    "a seed in a function": (
        "import torch\ndef f(n):\n    torch.manual_seed(n)\nf(0)\ntorch.rand(1)"
    ),
    "another generator": (
        "import torch\ng = torch.Generator().manual_seed(1)\ntorch.rand(1, generator=g)"
    ),
    "a seeded one of NumPy's": "import numpy as np\na = np.random.default_rng(0).random()",
    "a folder that is gone": (
        "import tempfile\nwith tempfile.TemporaryDirectory() as f:\n    pass\ndel f"
    ),
    "a library that draws when it is imported": "from sklearn.datasets import load_digits",
    "nothing": "a = 1",
}
UNSTEADY = {
    "no seed": "import torch\ntorch.rand(1)",
    "a seed too late": "import torch\ntorch.rand(1)\ntorch.manual_seed(0)",
    "a seed too late, in a function": (
        "import torch\ndef f(n):\n    torch.rand(1)\n    torch.manual_seed(n)\nf(0)"
    ),
    "a method that is called seed": (
        "import torch\nclass A:\n    def seed(self, n):\n        torch.rand(1)\n"
        "        torch.manual_seed(n)\nA().seed(0)"
    ),
    "the seed of another generator": "import numpy as np, torch\nnp.random.seed(0)\ntorch.rand(1)",
    "no seed for NumPy": "import numpy as np\nnp.random.rand()",
    "none for a library": "from sklearn.utils import shuffle\nshuffle([1, 2])",
    "the system's chance in a library": "from scipy.stats import qmc\nqmc.Sobol(1).random(2)",
    "a layer": "import torch\ntorch.nn.Linear(1, 1)",
    "a generator that is put back": (
        "import torch\nwith torch.random.fork_rng():\n    torch.rand(1)"
    ),
    "a clock": "import time",
    "a folder that is kept": "import tempfile\na = tempfile.mkdtemp()",
    "an address": "a = str(object())",
}


@pytest.fixture
def again(build):
    """Return a function that tells whether a text is run once more."""

    def again(text):
        report = build({"snippets/x.py": text}).check()
        return report.verdicts["x.py"].outcome.again is not None

    return again


@pytest.mark.parametrize("text", STEADY.values(), ids=STEADY)
def test_what_is_steady_runs_once(text, again):
    """Whoever sets the seed before drawing has it."""
    assert not again(f"{text}\n")


@pytest.mark.parametrize("text", UNSTEADY.values(), ids=UNSTEADY)
def test_what_may_vary_runs_twice(text, again):
    """Whatever drew before, or may look at a clock."""
    assert again(f"{text}\n")
