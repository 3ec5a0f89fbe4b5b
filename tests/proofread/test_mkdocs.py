"""The door for MkDocs: a build stops at what is untrue, a server shows it and goes on."""

import json
import os
import re
import shutil
import socket
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = f"""\
site_name: Tiny
strict: true
theme:
  name: material
  font: false
hooks:
  - {ROOT}/proofread/hook.py
watch:
  - snippets
plugins: []
markdown_extensions:
  - attr_list
  - md_in_html
  - pymdownx.highlight:
      pygments_lang_class: true
  - pymdownx.superfences
"""
PAGE = """\
# Tiny

```python
--8<-- "learn/x.py"
```

```python
--8<-- "learn/y.py:last"
```

It is {{ learn/x.py:a }}.
"""
TRUE = {
    "mkdocs.yml": CONFIG,
    "docs/index.md": PAGE,
    "snippets/learn/x.py": "a = 4\nprint(a)\n#> 4\n",
    "snippets/learn/y.py": (
        "b = 2\n# --8<-- [start:last]\nraise ValueError(b)\n#! ValueError: 2\n# --8<-- [end:last]\n"
    ),
}
WRONG_DIGIT = "a = 4\nprint(a)\n#> 5\n"
UNTRUE = {
    **TRUE,
    "docs/index.md": PAGE + "It is {{ learn/x.py:nothing }} or 0.5.\n",
    "snippets/learn/x.py": WRONG_DIGIT,
    "snippets/learn/y.py": TRUE["snippets/learn/y.py"].replace("[end:last]", "[end:first]"),
    "snippets/z.py": "import os\nos._exit(3)\n",
}


@pytest.fixture
def mkdocs(build, command):
    """Return a function that writes a project, fills its cache, and builds its site."""

    def mkdocs(files, *words):
        build(files).check()
        return command("mkdocs", "build", *words)

    return mkdocs


def test_an_untrue_site_is_not_built(mkdocs, tmp_path):
    """Everything that is untrue is named at once, with both places, and the build fails."""
    done = mkdocs(UNTRUE)
    assert done.returncode != 0
    for expected in (
        "snippets/learn/x.py:3: prints something else than it states",
        "shown on docs/index.md:3",
        "-#> 5",
        "+#> 4",
        "to accept what happened: make update WHAT=snippets/learn/x.py",
        "snippets/learn/y.py:5: section 'first' ends but never started",
        "shown on docs/index.md:7",
        "docs/index.md:12: learn/x.py has no value 'nothing' (has: a)",
        "docs/index.md:12: 0.5 is typed",
        "snippets/z.py:2: the process ended with code 3",
        "snippets/z.py:1: no page shows this snippet",
        "6 not true; verified 0 snippets: ",
    ):
        assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site/index.html").exists()


def test_a_quiet_strict_build_fails_too(mkdocs):
    """No option of MkDocs hides a failure."""
    done = mkdocs({**TRUE, "snippets/learn/x.py": WRONG_DIGIT}, "-q", "--strict")
    assert done.returncode != 0
    assert "snippets/learn/x.py:3: prints something else than it states" in done.stderr


def test_code_that_is_no_block_ends_the_build(mkdocs):
    """An include that Markdown takes for text is named, before a frame stands anywhere else."""
    body = 'A word.\n\n    ```python\n    --8<-- "learn/x.py"\n    ```\n'
    done = mkdocs({**TRUE, "docs/other.md": f"# Other\n\n{body}"}, "-q")
    assert done.returncode != 0
    assert "docs/other.md:5: an indented block is shown as code" in done.stderr
    assert "Traceback" not in done.stderr


IN_A_COMMENT = '# Other\n\n<!--\n```python\n--8<-- "learn/x.py"\n```\n-->\n'
UNREAD = {
    "another ending": (
        {"docs/other.markdown": "It is 7.25.\n"},
        "docs/other.markdown:1: 7.25 is typed",
    ),
    "an ending of old": ({"docs/other.mkd": "It is 7.25.\n"}, "docs/other.mkd:1: 7.25 is typed"),
    "nobody sees it": (
        {"docs/other.md": "# Other\n", "mkdocs.yml": CONFIG + "exclude_docs: other.md\n"},
        "docs/other.md:1: is read, and MkDocs does not publish it",
    ),
    "beside the index": (
        {"docs/README.md": "# Other\n"},
        "docs/README.md:1: MkDocs leaves this out",
    ),
    "in a comment": (
        {"docs/other.md": IN_A_COMMENT},
        "docs/other.md:3: a comment, code or a formula hides",
    ),
    "a page of HTML": (
        {"docs/other.html": "<pre>print(2)</pre>"},
        "docs/other.html:1: is published as it is, and nothing here reads it",
    ),
    "a picture that is linked": (
        {"docs/plot.svg": "<svg/>"},
        "docs/plot.svg:1: is published as it is, and nothing here reads it",
    ),
    "around every page": (
        {"mkdocs.yml": CONFIG + "copyright: It is 7.25\n"},
        "mkdocs.yml:17: '7.25' stands around the page",
    ),
    "typed": (
        {"docs/other.md": "# Other\n\n    >>> 2\n"},
        "docs/other.md:3: an indented block is shown as code",
    ),
}


@pytest.mark.parametrize(("files", "says"), UNREAD.values(), ids=UNREAD)
def test_what_the_engine_did_not_read_is_not_published(mkdocs, files, says):
    """Pages that only MkDocs knows, or only the engine, and blocks that only one of them sees."""
    done = mkdocs({**TRUE, **files}, "-q")
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_linked_folder_is_read_or_named(mkdocs, tmp_path):
    """MkDocs follows links; what it finds there is a page like others."""
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra/page.md").write_text("# Other\n\nIt is 7.25.\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/extra").symlink_to("../extra")
    done = mkdocs(TRUE, "-q")
    assert done.returncode != 0
    assert re.search(r"docs/extra/page.md:(1: is published|3: 7.25 is typed)", done.stderr)


def test_a_server_shows_what_only_it_would_show(serve):
    """A block that nobody ran is a red box on its page."""
    server = serve({**TRUE, "docs/index.md": PAGE + "\n    >>> 2\n"})
    assert "docs/index.md:13:" in server.box()
    assert "in a block of text looks like Python" in server.box()
    server.edit("docs/index.md", PAGE)
    assert server.box() == ""


def test_a_page_that_is_not_utf8_is_one_clear_line(mkdocs):
    """A page that cannot be read fails the build as a finding, not as a traceback."""
    done = mkdocs({**TRUE, "docs/other.md": "naïve".encode("latin-1")}, "-q")
    assert done.returncode != 0
    assert "docs/other.md:1: not UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_true_site_is_built(mkdocs, tmp_path):
    """Each block is shown with its mark, each value in its place, and the page says when."""
    done = mkdocs(TRUE)
    assert done.returncode == 0, done.stderr
    assert "verified 2 snippets: 0 run, 2 from cache, 0 not run here, in " in done.stderr
    html = (tmp_path / "site/index.html").read_text()
    assert html.count('<figure class="snippet') == 2
    assert html.count("Its output was asserted in this build.") == 2
    assert '<figure class="snippet error" data-copy="b = 2\n' in html
    assert "It is 4." in html
    assert re.search(r">Verified</a> with PyTorch 2\.\S+, Python 3\.\S+ on \w+ \w+, 20\d\d-", html)
    assert "failure" not in html
    assert not re.search(r"--8<--|\{\{", html)


def test_the_site_publishes_what_was_verified(mkdocs, tmp_path):
    """The site has ``verified.json``, and each snippet as a file that runs."""
    assert mkdocs(TRUE).returncode == 0
    published = json.loads((tmp_path / "site/verified.json").read_text())
    assert {"Python", "torch", "torch build", "platform", "seed"} <= set(published["environment"])
    x, y = published["snippets"]
    keys = {"path", "pages", "sha256", "asserted", "status", "reason", "seconds", "date"}
    assert set(x) == set(y) == keys
    assert (x["path"], x["pages"], x["asserted"]) == ("snippets/learn/x.py", ["docs/index.md"], 1)
    assert (x["status"], x["reason"], len(x["sha256"])) == ("verified", "", 64)
    downloads = tmp_path / "site/snippets/learn"
    assert (downloads / "x.py").read_text() == TRUE["snippets/learn/x.py"]
    assert (downloads / "y.py").read_text() == "b = 2\nraise ValueError(b)\n#! ValueError: 2\n"


def test_what_was_not_run_is_said(mkdocs, tmp_path):
    """A snippet that cannot run here is shown as recorded, listed, and published as such."""
    text = "# requires: nowhere\n# recorded: a GPU, torch 2.13.0, 2026-11-01\nprint(1)\n#> 1\n"
    named = {"pyproject.toml": "[project]\ndependencies = ['nowhere']\n"}
    done = mkdocs({**TRUE, **with_another(text), **named})
    html = (tmp_path / "site/index.html").read_text()
    assert done.returncode == 0, done.stderr
    assert (
        "not run here: snippets/z.py (needs nowhere); recorded on a GPU, torch 2.13.0, 2026-11-01"
        in done.stderr
    )
    assert "recorded on a GPU, torch 2.13.0, 2026-11-01, not run in this build" in html
    entry = json.loads((tmp_path / "site/verified.json").read_text())["snippets"]
    found = {snippet["path"]: (snippet["status"], snippet["reason"]) for snippet in entry}
    assert found["snippets/z.py"] == ("not run here", "needs nowhere")


def test_a_server_shows_what_is_untrue_and_goes_on(serve, tmp_path):
    """A failure is a box on the page and a message on the terminal; mending it clears both."""
    server = serve({**TRUE, "snippets/learn/x.py": WRONG_DIGIT})
    assert "snippets/learn/x.py:3: prints something else" in server.box()
    assert "snippets/learn/x.py:3: prints something else" in server.said()
    assert ">Not verified</a>" in server.page()
    server.edit("snippets/learn/x.py", TRUE["snippets/learn/x.py"])
    assert server.box() == ""
    server.edit("snippets/learn/x.py", "a = (\n")
    assert "snippets/learn/x.py:1: syntax error" in server.box()
    server.edit("docs/index.md", PAGE + "\nIt is 0.5.\n")
    assert "docs/index.md:13: 0.5 is typed" in server.box()
    server.edit("docs/index.md", PAGE)
    server.edit("snippets/learn/x.py", TRUE["snippets/learn/x.py"])
    assert server.box() == ""


def test_a_server_runs_only_what_changed(serve):
    """An edit of a page runs nothing, an edit of a snippet runs that one."""
    server = serve(TRUE)
    assert server.edit("docs/index.md", PAGE + "\nMore.\n") == ": 0 run, 2 from cache"
    assert "More." in server.page()
    assert server.edit("snippets/learn/x.py", "a = 5\nprint(a)\n#> 5\n") == ": 1 run, 1 from cache"
    assert "It is 5." in server.page()


def with_another(text):
    """A third snippet, shown on the page."""
    return {"snippets/z.py": text, "docs/index.md": PAGE + '\n```python\n--8<-- "z.py"\n```\n'}


#: Seconds that only a failure takes, even on a busy machine.
PATIENCE = 120


class Server:
    """A running ``mkdocs serve``, as its user sees it."""

    def __init__(self, folder, process, port, log):
        self.folder, self.process, self.log = folder, process, log
        self.address = f"http://127.0.0.1:{port}/"
        self.wait_for("Serving on")

    def said(self):
        """All that was printed on the terminal."""
        return self.log.read_text()

    def wait_for(self, words, times=1):
        """Wait until the server has said this so many times; fail if it has ended."""
        deadline = time.monotonic() + PATIENCE
        while self.said().count(words) < times:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def page(self):
        """The page as it is served now."""
        with urllib.request.urlopen(self.address, timeout=PATIENCE) as response:
            return response.read().decode()

    def box(self):
        """The text of the failures on the page."""
        return "".join(re.findall(r'<div class="failure".*?</div>', self.page(), re.DOTALL))

    def edit(self, path, text):
        """Save a file, wait for the rebuild, and return what it ran."""
        built = self.said().count("Reloading browsers")
        (self.folder / path).write_text(text)
        self.wait_for("Reloading browsers", built + 1)
        return re.findall(r"verified \d+ snippets(: \d+ run, \d+ from cache)", self.said())[-1]


@pytest.fixture
def serve(build, start, tmp_path):
    """Return a function that writes a project, fills its cache, and serves it."""

    def serve(files):
        build(files).check()
        log = tmp_path / "serve.log"
        for _ in range(5):
            with socket.socket() as free, log.open("w") as output:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
                free.close()  # For the server to take, unless another is quicker.
                words = ("mkdocs", "serve", "-a", f"127.0.0.1:{port}")
                process = start(*words, stdout=output, stderr=output)
            try:
                return Server(tmp_path, process, port, log)
            except AssertionError:
                if "in use" not in log.read_text():
                    raise
        raise AssertionError("no port is free for long enough")

    return serve


def test_a_figure_is_drawn_in_the_page(mkdocs, tmp_path):
    """A figure stands in the page as an SVG: named, without foreign ids or fixed colors."""
    picture = "import matplotlib.pyplot as plt\n\ncurve, axes = plt.subplots()\n"
    picture += "line = axes.plot([0, 1], [1, 0])\n"
    page = '# Tiny\n\n```python\n--8<-- "x.py"\n```\n\n![It "falls"](x.py:curve)\n'
    done = mkdocs({"mkdocs.yml": CONFIG, "docs/index.md": page, "snippets/x.py": picture})
    assert done.returncode == 0, done.stderr
    html = Path(tmp_path, "site/index.html").read_text(encoding="utf-8")
    figure = re.search(
        r'<figure class="drawing" tabindex="0" id="x-curve">.*?</figure>', html, re.DOTALL
    )[0]
    assert 'role="img" aria-label="It &quot;falls&quot;"' in figure
    assert "var(--figure-0)" in figure
    assert not re.search(r"#[0-9a-f]{6}\b|<style", figure)
    assert all(name.startswith("x-curve-") for name in re.findall(r'\bid="([^"]+)', figure)[1:])
    assert re.findall(r'(?:href="|url\()#x-curve-', figure)


NOTEBOOK = """\
# %% [markdown]
# # A notebook

# %%
import matplotlib.pyplot as plt

names = sorted({"b", "a"})
print(names)
#> ['a', 'b']
curve, axes = plt.subplots()
line = axes.plot([0, 1], [1, 0], label="it falls")
legend = axes.legend()
"""


def test_two_cold_builds_and_a_warm_one_are_equal(build, command, tmp_path, tmp_path_factory):
    """With SOURCE_DATE_EPOCH, byte for byte: in another folder, with other hashes, or cached."""
    page = PAGE + '\n```python\n--8<-- "z.py"\n```\n\n![It falls](z.py:curve)\n'
    build({**TRUE, "docs/index.md": page, "snippets/z.py": NOTEBOOK})
    other = tmp_path_factory.mktemp("other") / "other"
    shutil.copytree(tmp_path, other)
    sites = [tmp_path / "cold", other / "cold", other / "warm"]
    for number, site in enumerate(sites):
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": str(number),
            "SOURCE_DATE_EPOCH": "1700000000",
        }
        done = command("mkdocs", "build", "-d", str(site), cwd=site.parent, env=environment)
        assert done.returncode == 0, done.stderr
        ran = "0 run, 3 from cache" if site.name == "warm" else "3 run, 0 from cache"
        assert ran in done.stderr
    first, *others = map(contents, sites)
    assert "verified.json" in first and "notebooks/z.ipynb" in first
    for found in others:
        assert [name for name in first if found[name] != first[name]] == []
        assert found.keys() == first.keys()


def contents(folder):
    """{path: bytes} of all files below a folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
