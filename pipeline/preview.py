"""The picture that other sites show beside a link, drawn while the site is built."""

import os
import subprocess
import sys
from pathlib import Path

#: In a process of its own: importing matplotlib takes longer than most builds.
DRAW = """
import sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

figure = plt.figure(figsize=(12, 6.3), dpi=100, facecolor="#0f2438")
figure.text(0.07, 0.78, "Double backpropagation", color="#ffffff", fontsize=50, weight="bold")
figure.text(0.07, 0.66, "in PyTorch", color="#ffffff", fontsize=50, weight="bold")
by_a, inner = r"\\dfrac{\\partial}{\\partial a}", r"\\dfrac{\\partial c}{\\partial a}"
formula = rf"${by_a}\\,\\left(a + {inner}\\right) b$"
figure.text(0.07, 0.36, formula, color="#ffffff", fontsize=44)
figure.text(0.52, 0.44, "2", color="#ff8a80", fontsize=58, weight="bold", ha="right")
figure.text(0.55, 0.455, "without create_graph", color="#ff8a80", fontsize=28)
figure.text(0.52, 0.29, "10", color="#81d99b", fontsize=58, weight="bold", ha="right")
figure.text(0.55, 0.305, "with create_graph=True", color="#81d99b", fontsize=28)
promise = "Every example executed, every output asserted."
figure.text(0.07, 0.11, promise, color="#b9c7d6", fontsize=24)
figure.savefig(sys.argv[1], metadata={"Software": None})
"""


def drawn(config):
    """Draw the picture once; it is kept until this file changes."""
    kept = Path(config.config_file_path).parent / ".cache/preview.png"
    if not kept.exists() or kept.stat().st_mtime < Path(__file__).stat().st_mtime:
        kept.parent.mkdir(exist_ok=True)
        # Nobody, interrupted or beside this, finds half a picture.
        draft = kept.with_suffix(f".{os.getpid()}.png")
        subprocess.run([sys.executable, "-c", DRAW, str(draft)], check=True)
        draft.replace(kept)
    Path(config.site_dir, "assets/preview.png").write_bytes(kept.read_bytes())
