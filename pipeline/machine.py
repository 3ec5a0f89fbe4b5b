"""One file to download that runs the site's snippets on a reader's machine: ``reader.py``, filled.

It holds what needs nothing but PyTorch and NumPy, each with the page that shows it first.
"""

import json
import sys
from pathlib import Path

from proofread.hook import publish
from proofread.judge.verify import missing
from proofread.read.snippet import is_notebook
from proofread.run.cache import torch_build
from proofread.show.kinds import Include

FILE = "on-your-machine.py"
PROGRAM = Path(__file__).with_name("reader.py")
#: What a reader has, beside the standard library.
PACKAGES = {"numpy", "torch"}
EMPTY = 'SITE, REPOSITORY, STATED, EXAMPLES = "", "", "", {}\n'


def written(config) -> None:
    """Write the file into the site."""
    built = config.extra["proofread"]
    found = {}
    for path, page in built.report.pages.items():
        for name in {piece.name: None for piece in page.of(Include)}:
            verdict = built.report.verdicts.get(name)
            if name not in found and path in built.urls and verdict and fits(verdict.snippet):
                found[name] = example(verdict.snippet, built.location(path))
    publish(Path(config.site_dir, FILE), filled(found, config.site_url, config.repo_url))


def fits(snippet) -> bool:
    """Tell whether a snippet runs anywhere, alone."""
    if snippet is None or snippet.uses or is_notebook(snippet) or missing(snippet):
        return False
    return {module for _, module in snippet.imports} <= PACKAGES | sys.stdlib_module_names


def example(snippet, url: str) -> dict:
    """What the program needs of a snippet."""
    return {
        "page": url,
        "text": snippet.text,
        "states": [list(one.output) for one in snippet.statements],
        "raises": str(snippet.raises) if snippet.raises else "",
    }


def filled(examples: dict, site: str, repository: str) -> str:
    """The program with these examples."""
    values = f"SITE, REPOSITORY = {site or ''!r}, {repository or ''!r}\n"
    values += f"STATED = {'PyTorch ' + torch_build()[0]!r}\n"
    # As text: it is read in a tenth of the time that Python takes to compile so long a literal.
    values += f"EXAMPLES = json.loads({json.dumps(examples)!r})\n"
    text = PROGRAM.read_text(encoding="utf-8")
    if text.count(EMPTY) != 1:
        raise ValueError(f"{PROGRAM.name} has no line {EMPTY.strip()!r} to fill")
    return text.replace(EMPTY, values)
