"""Each fault of ``faults.toml``: a clear line, the right status, and nothing lost."""

import errno
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
import tomllib
import venv
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from proofread import __main__, project
from proofread.run import cache, runner
from proofread.run.job import Job

FAULTS = tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))["fault"]
KEYS = {"group", "name", "says", "exit", "snippet", "files", "links", "inject", "command"}
GOOD = "print(1)\n#> 1\n"
#: A finding, as it begins: file and line.
FINDING = re.compile(r"^\S[^:\n]*\.(?:py|md):\d+: .*|^/[^\n]*:1: .*|^interrupted.*", re.MULTILINE)


@dataclass
class Stage:
    """A tiny project with one good snippet, which was verified before anything went wrong."""

    folder: Path
    build: object
    capsys: object
    monkeypatch: object
    runner: object
    files: dict = field(default_factory=dict)

    def proofread(self, *words):
        """Run a command; return its status and all that it said."""
        self.monkeypatch.setattr("proofread.judge.verify.Runner", lambda *_: Borrowed(self.runner))
        status = __main__.main(list(words))
        said = self.capsys.readouterr()
        return status, said.err + said.out

    def sources(self):
        """The bytes of all files that an author wrote."""
        found = [*self.folder.glob("docs/**/*"), *self.folder.glob("snippets/**/*")]
        return {path: path.read_bytes() for path in found if path.is_file()}

    def entry(self, name="good.py"):
        """The cache entry of a snippet."""
        (path,) = (self.folder / ".cache/proofread" / name).glob("*.json")
        return path

    def verified(self):
        """What the cache knows of the good snippet."""
        outcome = json.loads(self.entry().read_text())["outcome"]
        return {**outcome, "seconds": 0.0}


class Borrowed:
    """The tests' runner, which stays when a project is closed."""

    def __init__(self, runner):
        self.run, self.processes, self.forks = runner.run, runner.processes, runner.forks

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


#: Which of the faults are tried with an interpreter for each snippet, too: those of processes.
#: ALL_FAULTS=1 tries all.
FRESH = ("come to its end", "wants too much", "at once, and interrupts", "PyTorch")


@pytest.fixture(params=["forked", "fresh"])
def stage(request, tmp_path, build, capsys, monkeypatch):
    if request.param == "fresh":
        monkeypatch.setenv("PROOFREAD_NO_FORK", "1")
    runner = request.getfixturevalue("runner" if request.param == "forked" else "fresh")
    return Stage(tmp_path, build, capsys, monkeypatch, runner)


def both_ways(fault):
    """Tell whether a fault is tried with fresh interpreters, too."""
    return "ALL_FAULTS" in os.environ or any(words in fault["group"] for words in FRESH)


TRIED = [(fault, "forked") for fault in FAULTS]
TRIED += [(fault, "fresh") for fault in FAULTS if both_ways(fault)]


def files_of(fault):
    """All files of the project that has the fault."""
    texts = {"snippets/good.py": GOOD}
    if "snippet" in fault:
        texts["snippets/x.py"] = fault["snippet"]
    texts |= fault.get("files", {})
    links = [name for name in fault.get("links", {}) if name.startswith("snippets/")]
    names = re.findall(r"^snippets/[^/]*?\.py", "\n".join([*texts, *links]), re.MULTILINE)
    fences = [f'```python\n--8<-- "{name.removeprefix("snippets/")}"\n```\n' for name in names]
    # With the line that they were wrapped in removed.
    texts = {name: text.removeprefix("\n") for name, text in texts.items()}
    return {"docs/index.md": "\n".join(fences), **texts}


@pytest.mark.parametrize(
    ("fault", "stage"),
    TRIED,
    indirect=["stage"],
    ids=[f"{fault['name']}, {way}" for fault, way in TRIED],
)
def test_fault(fault, stage):
    """The author sees one line that says what, where and what to do, and loses nothing."""
    stage.build({"snippets/good.py": GOOD, "docs/index.md": files_of({})["docs/index.md"]}).check()
    verified = stage.verified()
    stage.files = files_of(fault)
    stage.build(stage.files)
    for name, target in fault.get("links", {}).items():
        (stage.folder / name).symlink_to(target)
    before = stage.sources()
    bring_about = globals()[fault["inject"]] if "inject" in fault else Stage.proofread
    status, said = bring_about(stage, fault.get("command", "check"))
    assert "Traceback" not in said
    assert status == fault["exit"]
    assert before.items() <= stage.sources().items()
    found = FINDING.findall(said) or said.splitlines()[-1:]
    assert len(found) == 1, said
    assert re.fullmatch(pattern(fault["says"]), found[0]), said
    if "good.py" not in fault.get("files", {}) and stage.files["snippets/good.py"] == GOOD:
        assert stage.verified() == verified


def pattern(says):
    """A regular expression for a line in which "..." stands for any text."""
    return ".*".join(map(re.escape, says.split("...")))


def test_the_table():
    """Each fault has a name of its own, and says what the site's table needs."""
    names = [fault["name"] for fault in FAULTS]
    assert len(set(names)) == len(names)
    for fault in FAULTS:
        assert set(fault) <= KEYS
        assert all(fault[key] for key in ("group", "name", "says"))
        assert fault["exit"] in (0, 1, 2, 130, 143)
        assert "\n" not in fault["says"]


def truncate(stage, command):
    rewrite(stage, lambda text: text[:-20])
    return stage.proofread(command)


def alter(stage, command):
    rewrite(stage, lambda text: text.replace('"1\\n"', '"2\\n"'))
    return stage.proofread(command)


def craft(stage, command):
    """Whoever can write the entry can write its checksum, too."""

    def crafted(text):
        body = json.loads(text)
        body["outcome"] |= {"outputs": [["1\n"]], "warnings": [[0, 1]], "values": "a"}
        return sign(body)

    rewrite(stage, crafted)
    return stage.proofread(command)


def swap(stage, command):
    """A whole and valid entry, but of a snippet that printed something else."""

    def swapped(text):
        body = json.loads(text)
        body["parts"]["snippet"] = cache.digest("print(2)\n")
        body["outcome"]["outputs"] = ["2\n"]
        return sign(body)

    rewrite(stage, swapped)
    return stage.proofread(command)


def nest(stage, command):
    rewrite(stage, lambda _: "[" * 100_000)
    return stage.proofread(command)


def pickled(stage, command):
    rewrite(stage, lambda _: pickle.dumps(Exit(), protocol=0).decode())
    return stage.proofread(command)


class Exit:
    """Ends the process of whoever unpickles it."""

    def __reduce__(self):
        return os._exit, (7,)


def rewrite(stage, change):
    """Change the entry of the good snippet; afterwards it must be as it was."""
    text = stage.entry().read_text()
    assert change(text) != text
    stage.entry().write_text(change(text))


def sign(body):
    body = {"parts": body["parts"], "outcome": body["outcome"]}
    return json.dumps({**body, "digest": cache.digest(body)})


def full_cache(stage, command):
    stage.entry().unlink()
    with full_disk(stage.monkeypatch, lambda path: path.suffix == ".draft"):
        status, said = stage.proofread(command)
    assert not list(stage.folder.glob(".cache/**/*.draft"))
    assert not list(stage.folder.glob(".cache/**/*.json"))
    stage.proofread(command)  # With room again, it is kept.
    return status, said


def full_temporary_folder(stage, command):
    stage.entry().rename(stage.folder / "kept")
    with full_disk(stage.monkeypatch, lambda path: path.name == "source"):
        found = stage.proofread(command)
    (stage.folder / "kept").rename(stage.folder / entry_path(stage))
    return found


def entry_path(stage):
    snippet = project.Project(stage.folder).verifier.load("good.py")
    return cache.Cache(".cache/proofread").path(snippet)


def full_update(stage, command):
    with full_disk(stage.monkeypatch, lambda path: path.name == "x.py.draft"):
        status, said = stage.proofread(command)
    assert {path.name for path in stage.folder.glob("snippets/*")} == {"good.py", "x.py"}
    return status, said


def full_disk(monkeypatch, concerns):
    """Let the disk be full for some files: they are begun, and cannot be finished."""
    write = Path.write_text

    def write_text(path, text, *words, **options):
        if concerns(path):
            write(path, text[:10], *words, **options)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, text, *words, **options)

    patch = pytest.MonkeyPatch.context()

    class Full:
        def __enter__(self):
            self.patch = patch.__enter__()
            self.patch.setattr(Path, "write_text", write_text)

        def __exit__(self, *error):
            patch.__exit__(*error)

    return Full()


def clock(stage, command):
    """More entries than are kept, all of them from the future; the newest is kept nevertheless."""
    entry = stage.entry()
    text, path = entry.read_text(), entry
    for count in range(cache.KEPT):
        old = path.with_name(f"{count}.json")
        old.write_text("{}")
        os.utime(old, (2**32, 2**32))
    path.unlink()
    assert ": 1 run, 0 from cache" in stage.proofread(command)[1]
    found = stage.proofread(command)
    for count in range(cache.KEPT):
        path.with_name(f"{count}.json").unlink(missing_ok=True)
    entry.write_text(text)
    return found


def two_at_once(stage, _):
    """Both start with nothing but the good snippet in the cache, and run the others."""
    texts = {f"snippets/{n}.py": f"print({n})\n#> {n}\n" for n in range(3)}
    names = ["good.py", *(name.removeprefix("snippets/") for name in texts)]
    page = "\n".join(f'```python\n--8<-- "{name}"\n```\n' for name in names)
    for name in texts:
        (stage.folder / name).write_text(texts[name])
    (stage.folder / "docs/index.md").write_text(page)
    both = [begin(stage) for _ in range(2)]
    ended = [(process.communicate()[0], process.returncode) for process in both]
    assert ended[0][1] == ended[1][1] == 0, ended
    assert all(re.search(pattern("verified 4 snippets: ..."), said) for said, _ in ended)
    for name in texts:
        assert stage.entry(name.removeprefix("snippets/"))
        (stage.folder / name).unlink()
    (stage.folder / "docs/index.md").write_text(stage.files["docs/index.md"])
    return ended[0][1], ended[0][0]


SLOW = """
import os
import subprocess
import time

left = subprocess.Popen(["sleep", "600"])
os.kill({pid}, 0)
with open("pid", "w") as note:
    note.write(str(left.pid))
time.sleep(600)
"""


def interrupt(stage, _, number=signal.SIGINT):
    """A signal to the whole group, as a terminal sends it, while a snippet runs."""
    elsewhere = stage.folder.with_name(f"{stage.folder.name}-elsewhere")
    elsewhere.mkdir()
    slow = stage.folder / "snippets/slow.py"
    slow.write_text("# timeout: 600" + SLOW.format(pid=os.getpid()))
    process = begin(stage, TMPDIR=str(elsewhere))
    try:
        wait_until(lambda: any(map(Path.read_text, elsewhere.glob("*/*/work/pid"))))
        left = int(next(elsewhere.glob("*/*/work/pid")).read_text())
        os.killpg(process.pid, number)
        said = process.communicate()[0]
    finally:
        end(process.pid)
        slow.unlink()
    wait_until(lambda: is_gone(left))
    assert not list(elsewhere.iterdir())
    return process.returncode, said


def terminate(stage, command):
    return interrupt(stage, command, signal.SIGTERM)


def no_torch(stage, command):
    return without_torch(stage, command, "raise ModuleNotFoundError(\"No module named 'torch'\")")


def broken_torch(stage, command):
    return without_torch(stage, command, "raise OSError('libc10.so: cannot open it')")


def crashing_torch(stage, command):
    return without_torch(stage, command, "import os; os._exit(7)")


def without_torch(stage, command, text):
    """Run with an interpreter whose PyTorch is like that."""
    elsewhere = stage.folder.with_name(f"{stage.folder.name}-venv")
    venv.create(elsewhere, symlinks=os.name == "posix")
    python = elsewhere / ("bin/python" if os.name == "posix" else "Scripts/python.exe")
    (packages,) = elsewhere.rglob("site-packages")
    (packages / "others.pth").write_text("\n".join(filter(os.path.exists, sys.path[1:])))
    (packages / "torch").mkdir()
    (packages / "torch/__init__.py").write_text(text)
    stage.entry().rename(stage.folder / "kept")
    with stage.monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(python))
        stage.runner = runner.Runner(2, stage.runner.forks)
        found = stage.proofread(command)
        stage.runner.close()
    (stage.folder / "kept").rename(stage.folder / entry_path(stage))
    return found


def daemon(stage, command):
    status, said = stage.proofread(command)
    pid = json.loads(stage.entry("x.py").read_text())["outcome"]["values"]["pid"]
    wait_until(lambda: is_gone(pid))
    return status, said


def begin(stage, **environment):
    """Start a check of the project, in a process group of its own."""
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-m", "proofread", "check"],
        cwd=stage.folder,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until(happens, patience=60.0):
    """Wait for a condition; only a failure takes so many seconds."""
    deadline = time.monotonic() + patience
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_gone(pid):
    """Tell whether a process has ended; a zombie has."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return not state or state.startswith("Z")


def end(pid):
    """End a process group that a test started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_an_interrupted_run_answers_no_later_one(build):
    """What ran when somebody stopped listening is ended, and not taken for the next answer."""
    wait = "import time\ntime.sleep({0})\nprint({0})\n"
    tiny = build({f"snippets/{n}.py": wait.format(n) for n in (0, 1, 3)})

    def job(name):
        return Job.of(tiny.verifier.load(name))

    with runner.Runner(processes=2) as mine:
        for _ in mine.run([job("0.py"), job("1.py")]):
            break
        found = {one.name: outcome for one, outcome in mine.run([job("0.py"), job("3.py")])}
    assert found["3.py"].outputs[-1:] == ["3\n"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("moment", [0.1, 0.6, 1.4, 3.0])
def test_an_interrupt_at_any_moment_leaves_no_process(moment, stage):
    """Whatever it is doing, and whatever its snippets have started, all of it ends."""
    left = "subprocess.Popen(['sleep', '600'], start_new_session={})"
    lines = ["# timeout: 600", "import subprocess, time", left.format(False), left.format(True)]
    text = "\n".join([*lines, "time.sleep(600)\n"])
    stage.files = files_of({"files": {f"snippets/{n}.py": text for n in range(3)}})
    stage.build(stage.files)
    mark = f"{stage.folder.name}-{os.getpid()}-{moment}"
    (elsewhere := stage.folder.with_name(mark)).mkdir()
    process = begin(stage, TMPDIR=str(elsewhere))
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode != 0
    wait_until(lambda: not marked(mark))


def marked(mark):
    """The processes with this mark in their environment: in the name of their temporary folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path)
        except OSError:  # It has ended, or is not ours.
            continue
    return found
