"""``check --repeat`` names what differs from one machine, or one run, to the next."""

import pytest

from proofread.attack.repeat import conditions, repeat
from proofread.run.runner import Condition

#: What a reader's machine does otherwise -> a snippet that shows it, and the line at fault.
VARYING = {
    "a seed": ("import torch\n\nprint(torch.rand(()))\n", 3),
    "a seed of Python": ("import random\n\nprint(random.random())\n", 3),
    "the order of a set": ("print(set('abcdef'))\n", 1),
    "the number of threads": ("import torch\n\nprint(torch.get_num_threads())\n", 3),
    "an exception": ("raise ValueError(hash('a'))\n", 1),
    "a warning": ("import warnings\n\nwarnings.warn(str(hash('a')))\n", 3),
    "where it runs": ("import os\n\nprint(os.getcwd())\n", 3),
    "how it ends": ("import os\n\nos._exit(hash('a') % 200)\n", None),
    "later statements": ("a = hash('a') % 3\nprint(1)\nif a == 1:\n    print(2)\nprint(3)\n", 3),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory, runner):
    """All of them in one project, with stable ones among them, so that each server starts once."""
    from proofread.project import Project

    folder = tmp_path_factory.mktemp("varying")
    texts = {f"snippets/{n}.py": text for n, (text, _) in enumerate(VARYING.values())}
    texts["snippets/seeded.py"] = "import torch\n\ntorch.manual_seed(0)\nprint(torch.rand(()))\n"
    texts["snippets/open.py"] = "raise ValueError(hash('a'))\n#! ValueError: ...\n"
    texts["snippets/value.py"] = "a = hash('a')\nb = hash('a') % 1\n"
    texts["snippets/figure.py"] = (
        "import matplotlib.pyplot as plt\n\n"
        "curve, axes = plt.subplots()\nline = axes.plot([0, hash('a') % 97 + 1])\n"
    )
    names = [name.removeprefix("snippets/") for name in texts]
    page = "\n".join(f'```python\n--8<-- "{name}"\n```\n' for name in names)
    texts["docs/index.md"] = f"{page}\nIt is {{{{ value.py:a }}}}, not {{{{ value.py:b }}}}.\n"
    texts["docs/index.md"] += "<!-- measured: here --> It took {{ value.py:a }}.\n"
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    project = Project(folder)
    project.verifier.runner = runner
    return project


@pytest.fixture(scope="module")
def faults(project):
    """What varies when each runs twice more."""
    report = project.check()
    return repeat(project.verifier, report, list(report.verdicts), 2)


@pytest.mark.parametrize("name", VARYING)
def test_what_varies_is_named(name, faults):
    """Each is named with its line, and both outputs."""
    _, line = VARYING[name]
    path = f"snippets/{list(VARYING).index(name)}.py"
    found = [fault for fault in faults if fault.place.path == path]
    if line is None:
        # How it ends is compared, not with which code it crashed.
        assert found == []
        return
    assert found and {fault.place.line for fault in found} == {line}
    assert all("varies" in fault.message for fault in found)
    assert all("\n-#" in fault.diff or "\n+#" in fault.diff for fault in found)
    assert str(Condition()) in found[0].diff


def test_what_does_not_vary_is_not_named(faults):
    """A seed of its own makes a snippet stable, and what it leaves open may vary."""
    named = {fault.place.path for fault in faults}
    assert not named & {"snippets/seeded.py", "snippets/open.py", "snippets/value.py"}


def test_values_and_figures_on_pages_are_compared(faults):
    """What a page quotes or draws is output, too."""
    found = [str(fault) for fault in faults if "docs/index.md" in str(fault)]
    assert len(found) == 2 and all(": a varies: " in text for text in found)
    assert any("figure 'curve' varies" in fault.message for fault in faults)


def test_no_two_runs_are_alike():
    """Seeds differ, and both one thread and two are tried."""
    chosen = conditions(3)
    assert len({c.seed for c in chosen} | {Condition().seed}) == 4
    assert len({c.hash_seed for c in chosen} | {Condition().hash_seed}) == 4
    assert {c.threads for c in chosen} == {1, 2}


def test_the_command(build, command):
    """It fails with what varies, and says nothing of what is stable."""
    stable = build({"snippets/x.py": "print(1)\n#> 1\n"})
    stable.check()
    done = command("proofread", "check", "--repeat", "1")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "repeated 1 snippets 1 times")
    build({"snippets/x.py": "a = [*{'b', 'c', 'd', 'e'}]\nprint(a)\n"})
    stable.update(stable.check())
    done = command("proofread", "check", "--repeat", "1")
    assert done.returncode == 1
    assert done.stderr.startswith("snippets/x.py:2: varies from run to run: other output with seed")
