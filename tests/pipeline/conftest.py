"""A small site with this site's configuration, theme and pipeline, built in the tests' process."""

import re
import shutil
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from pipeline import taken, templates
from proofread import hook

ROOT = Path(__file__).resolve().parents[2]
#: What a build of any page needs of this repository.
COPIED = ("pipeline", "proofread", "measured", "theme", "docs/assets")
PAGES = {
    "docs/index.md": """\
---
title: Home
description: A small site.
---
# Home

It is {{ one.py:a }}. See [the other](guide/other.md#what-it-shows).

```python
--8<-- "one.py"
```

{{ pages small }}
""",
    "docs/guide/other.md": """\
---
title: Other
description: Another page.
group: small
symptom: It is {{ two.py:b }}.
fix: Add.
---
# Other

## What it shows {#what-it-shows}

The formula $a + b$ and [home](../index.md).

```python
--8<-- "two.py"
```
""",
    "docs/guide/third.md": """\
---
title: Third
description: No code.
---
# Third

Words.

{{ measured operators:summary }}
""",
}
SNIPPETS = {
    "snippets/one.py": "a = 4\nprint(a)\n#> 4\n",
    "snippets/two.py": "b = 2\nprint(b)\n#> 2\n",
}
EPOCH = "1700000000"
NAV = "nav:\n  - index.md\n  - Guide:\n      - guide/other.md\n      - guide/third.md\n"


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    """A small site that was built: its memory is full."""
    folder = tmp_path_factory.mktemp("small")
    written(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        made(folder)
    forgotten()
    return folder


@pytest.fixture
def small(built_once, tmp_path, monkeypatch):
    """A copy of it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    folder = tmp_path / "small"
    shutil.copytree(built_once, folder)
    yield folder
    forgotten()


def written(folder):
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"^extra:\n(?:  .*\n)+\n", "", config, flags=re.M)  # where old pages lead
    files = {**PAGES, **SNIPPETS, "mkdocs.yml": re.sub(r"^nav:\n(?s:.*)", NAV, config, flags=re.M)}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def make():
    """Return a function that builds the site of a folder: {path: bytes}, and the pages built.

    As by a process of its own, unless ``anew`` is False: then as a server builds again.
    """
    return made


def made(folder, target="site", anew=True):
    if anew:
        forgotten()
    config = load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / target), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    site = folder / target
    files = [path for path in sorted(site.rglob("*")) if path.is_file()]
    contents = {path.relative_to(site).as_posix(): path.read_bytes() for path in files}
    return contents, config.extra["taken"].count[False]


def forgotten():
    """Forget what only a process remembers."""
    hook.on_shutdown()
    for memory in (taken.memories, templates.environments, hook.notebooks):
        memory.clear()
