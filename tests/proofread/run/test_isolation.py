"""Each snippet runs alone, in the same surroundings, and as if it were run by hand."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from proofread.run import runner as runner_module
from proofread.run.cache import parts
from proofread.run.job import Job
from proofread.run.runner import Runner

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}

LEAK = """
import os
import random
import sys
import types

import torch

torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.set_default_device("meta")
torch.set_printoptions(precision=10)
torch.manual_seed(1)
random.seed(1)
os.environ["LEAK"] = "1"
os.chdir("/")
sys.modules["leak"] = types.ModuleType("leak")
torch.leak = True
"""

LOOK = """
import os
import random
import sys

import numpy
import torch

print(torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_default_device())
print(torch.tensor(1 / 3), hasattr(torch, "leak"), "leak" in sys.modules, "LEAK" in os.environ)
print(torch.initial_seed(), torch.get_num_threads(), os.getcwd() == "/")
numbers = [random.random(), numpy.random.rand(), torch.rand(()).item()]
"""

CLEAN = """\
torch.float32 True cpu
tensor(0.3333) False False False
0 1 False
"""

IN_ORDER = """
import os
import subprocess

print("Python", end=" ")
os.write(1, b"C ")
subprocess.run(["echo", "subprocess"])
print("Python again")
"""

AT_ONCE = """
import os

if True:
    print("Python")
    os.write(1, b"C\\n")
    print("Python again")
"""

AS_MAIN = """
import inspect
import pickle


class Layer:
    def forward(self):
        return 1


def f(x: Undefined):
    return x


print(__name__, inspect.getsource(Layer.forward).strip().splitlines()[0])
print(pickle.loads(pickle.dumps(Layer())).forward(), f.__annotations__)
"""

ORPHAN = """
# timeout: 1
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid)
child.wait()
"""

MANNERS = [
    LOOK,
    IN_ORDER,
    "print(1)\nraise ValueError('two')",
    "import warnings\nwarnings.warn('old')\nprint('é')",
    "import sys\nsys.stderr.write('noise')",
    "import os\nos._exit(3)",
    "import ctypes\nctypes.CDLL(None).printf(b'held back')\nprint(1)",
    "open(__file__, 'a')",
    "import os\nos.kill(os.getpid(), 11)",
]


def printed(outcome):
    """All that the snippet printed."""
    assert outcome.error is None, outcome.error
    return "".join(outcome.outputs)


def test_nothing_leaks(build):
    """What a snippet sets, and its process, are gone when the next one runs."""
    project = build({"snippets/a.py": LEAK, "snippets/b.py": LOOK, "snippets/c.py": LOOK})
    verdicts = project.verifier.verify(["a.py"]) | project.verifier.verify(["b.py", "c.py"])
    assert verdicts["a.py"].outcome.error is None
    assert printed(verdicts["b.py"].outcome) == CLEAN
    assert verdicts["b.py"].values["numbers"] == verdicts["c.py"].values["numbers"]


def test_a_leak_would_be_seen(run_snippet):
    """The snippet that looks for leaks sees them all."""
    seen = "".join(run_snippet(LEAK + LOOK).outputs).splitlines()
    assert len(seen) == 3
    assert set(CLEAN.splitlines()).isdisjoint(seen)


def test_the_working_folder_is_temporary(run_snippet, tmp_path):
    """A snippet works in an empty folder of its own, which is gone afterwards."""
    outcome = run_snippet("import os\nhere, found = os.getcwd(), os.listdir()\nopen('x', 'w')")
    assert outcome.values["found"] == []
    assert not Path(outcome.values["here"]).exists()
    assert not list(tmp_path.rglob("x"))


def test_it_runs_as_main(run_snippet):
    """Source code can be inspected, objects pickled, annotations postponed, as by hand."""
    outcome = run_snippet("from __future__ import annotations\n" + AS_MAIN)
    assert printed(outcome) == "__main__ def forward(self):\n1 {'x': 'Undefined'}\n"


def test_annotations_are_not_postponed_unasked(run_snippet):
    """The engine's own future imports are not the snippet's."""
    assert run_snippet(AS_MAIN).error.kind == "NameError"


def test_the_search_path_has_nothing_of_the_repository(run_snippet, tmp_path):
    """A snippet finds the interpreter and its packages, and stands alone otherwise."""
    path = run_snippet("import sys\npath = sys.path").values["path"]
    here = (sys.prefix, sys.base_prefix)
    packages = [entry for entry in sys.path if entry.endswith("-packages")]
    assert [entry for entry in path if not entry.startswith(here) and entry not in packages] == []


def test_output_is_captured_in_order(run_snippet):
    """Python, C and subprocesses write into one stream, as on a terminal."""
    assert printed(run_snippet(IN_ORDER)) == "Python C subprocess\nPython again\n"


def test_output_of_one_statement_is_captured_in_order(run_snippet):
    """The order is kept inside a statement, too."""
    assert printed(run_snippet(AT_ONCE)) == "Python\nC\nPython again\n"


def test_a_fresh_interpreter_does_the_same(build, runner, fresh):
    """Where fork is not safe each snippet gets an interpreter, with the same outcomes."""
    project = build({f"snippets/{n}.py": text for n, text in enumerate(MANNERS)})
    there, here = dict_of_outcomes(fresh, project), dict_of_outcomes(runner, project)
    for name, outcome in here.items():
        assert without_time(there[name]) == without_time(outcome)


WAYS = pytest.mark.parametrize("way", ["runner", "fresh"])


@WAYS
def test_a_timeout_leaves_no_orphan(build, way, request):
    """What a snippet started is ended with it; the limit has no import of PyTorch in it."""
    project = build({"snippets/x.py": ORPHAN.lstrip()})
    outcome = dict_of_outcomes(request.getfixturevalue(way), project)["x.py"]
    orphan = int(outcome.outputs[0])
    try:
        assert outcome.ended == "timeout"
        assert outcome.seconds < 10
        assert is_gone(orphan)
    finally:
        end(orphan)


@WAYS
def test_a_time_limit_is_apart_from_the_import_of_pytorch(build, way, request):
    """A snippet may have less time than the import takes, at whatever load."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    limit = (time.monotonic() - started) / 2
    project = build({"snippets/x.py": f"# timeout: {limit:.2f}\nimport torch\n"})
    outcome = dict_of_outcomes(request.getfixturevalue(way), project)["x.py"]
    assert outcome.ended == "done"


@WAYS
def test_what_is_imported_depends_on_the_text_alone(build, way, request):
    """Not on how many snippets run together, nor on which."""
    look = "import sys\nlazy = 'torch._dynamo' in sys.modules\n"
    use = f"import torch\n{look}compiler = torch.compile\n"
    names = [f"snippets/{n}.py" for n in range(6)]
    runner = request.getfixturevalue(way)
    many = dict_of_outcomes(runner, build({**dict.fromkeys(names, use), "snippets/x.py": look}))
    assert {name: outcome.values["lazy"] for name, outcome in many.items()} == {
        **{f"{n}.py": True for n in range(6)},
        "x.py": False,
    }


AMBIENT = """
import locale
import os
import sys
import time

found = [dict(os.environ), time.tzname, locale.getpreferredencoding(), sys.flags.optimize]
own = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP")
found[0] = sorted((name, value) for name, value in found[0].items() if name not in own)
found = str(found)
"""
CALLER = {
    "PYTHONOPTIMIZE": "1",
    "PYTHONWARNINGS": "error",
    "PYTHONPATH": "/",
    "PYTHONHASHSEED": "7",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "de_DE.UTF-8",
    "LANG": "de_DE",
    "TORCHDYNAMO_DISABLE": "1",
    "OMP_NUM_THREADS": "7",
    "HOME": "/nowhere",
    "PATH": "/nowhere",
    "SECRET": "1",
}


@WAYS
def test_the_callers_environment_is_not_the_snippets(build, way, request, monkeypatch):
    """Whatever is set around it, a snippet finds the same."""
    project = build({"snippets/x.py": AMBIENT})
    known = dict_of_outcomes(request.getfixturevalue(way), project)["x.py"].values["found"]
    with monkeypatch.context() as patch:
        for name, value in CALLER.items():
            patch.setenv(name, value)
        with Runner(processes=1, forks=way == "runner") as runner:
            there = dict_of_outcomes(runner, project)["x.py"].values["found"]
    assert there.replace("/nowhere/.cache", str(Path.home() / ".cache")) == known
    assert "SECRET" not in known


def test_what_decides_on_libraries_and_devices_is_in_the_key(build, monkeypatch):
    """A snippet's process takes two variables from the caller, and runs again if they change."""
    verifier = build({"snippets/x.py": "print(1)\n#> 1\n"}).verifier
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    before = parts(verifier.load("x.py"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert parts(verifier.load("x.py")) != before


FENCED = """
import ctypes
import os
import subprocess
from pathlib import Path

import torch

C = ctypes.CDLL(None)
TOP = Path({top!r})
AT, NAME = os.open(TOP.parent, os.O_PATH), TOP.name
PLACES = [os.path.join({top!r}, *at) for at in (("docs", "index.md"), ("new",), ("..", "new"))]


def attempt(do):
    try:
        return bool(do())
    except (OSError, RuntimeError):
        return False


def runs(text):
    place = "cd '%s'; cd '%s'; " % (TOP.parent, NAME)
    return subprocess.run(["sh", "-c", place + text], stderr=subprocess.DEVNULL).returncode == 0


read = [
    attempt(lambda: runs("cat docs/index.md")),
    attempt(lambda: runs("ls d*")),
    attempt(lambda: runs("python3 -c 'import os; os.listdir()'")),
    attempt(lambda: C.open(PLACES[0].encode(), 0) >= 0),
    attempt(lambda: torch.from_file(PLACES[0], size=1, dtype=torch.uint8).tolist()),
    attempt(lambda: os.open(f"{{NAME}}/docs/index.md", os.O_RDONLY, dir_fd=AT)),
    attempt(lambda: os.path.exists(TOP / "docs")),
    attempt(lambda: TOP.is_dir()),
    attempt(lambda: os.access(PLACES[0], os.R_OK)),
]
written = [
    attempt(lambda: runs("touch new")),
    attempt(lambda: runs("touch ../new")),
    attempt(lambda: runs("rm docs/index.md")),
    attempt(lambda: C.mkdir(PLACES[1].encode(), 0o777) == 0),
    attempt(lambda: C.mkdir(PLACES[2].encode(), 0o777) == 0),
    attempt(lambda: C.truncate(PLACES[0].encode(), 0) == 0),
]
mine = attempt(lambda: subprocess.run(["sh", "-c", "echo a > a && cat a"]).returncode == 0)
"""


@WAYS
@pytest.mark.skipif(sys.platform != "linux", reason="only there programs are bound, too")
def test_no_program_and_no_c_code_leaves_the_fence(build, way, request, tmp_path):
    """Whatever reads or writes, and however it names the place, it finds only what it may."""
    project = build({"snippets/x.py": FENCED.format(top=str(tmp_path))})
    outcome = dict_of_outcomes(request.getfixturevalue(way), project)["x.py"]
    assert outcome.error is None
    assert not any(outcome.values["read"] + outcome.values["written"]), outcome.values
    assert outcome.values["mine"] is True
    assert (tmp_path / "docs/index.md").read_text()
    assert not (tmp_path / "new").exists()
    assert not (tmp_path.parent / "new").exists()


@pytest.fixture
def heard():
    """Let what is started hear that a terminal is closed, also where nohup runs the tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@WAYS
@pytest.mark.skipif(sys.platform != "linux", reason="only there a session of its own is followed")
@pytest.mark.parametrize("ending", ["SIGKILL", "SIGHUP"])
def test_nothing_outlasts_a_killed_check(tmp_path, build, way, ending, tmp_path_factory, heard):
    """Neither what runs, nor what it started in a session of its own, nor the folder of the run."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    text = (
        "# timeout: 600\nimport os, subprocess, time\n"
        "left = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "file = open('pids', 'w')\n"
        "print(os.getpid(), left.pid, file=file, flush=True)\ntime.sleep(600)\n"
    )
    build({"snippets/x.py": text})
    chosen = {"TMPDIR": str(elsewhere), "PROOFREAD_NO_FORK": "1" * (way == "fresh")}
    environment = {**ENVIRONMENT, **chosen}
    command = [sys.executable, "-m", "proofread", "check"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True)
    while not (pids := "".join(note.read_text() for note in elsewhere.glob("*/*/work/pids"))):
        assert process.poll() is None
        time.sleep(0.05)
    # A terminal that is closed tells all that it started; the other comes to one process alone.
    send = os.killpg if ending == "SIGHUP" else os.kill
    send(process.pid, getattr(signal, ending))
    process.wait()
    assert all(is_gone(int(pid)) for pid in pids.split())
    while list(elsewhere.iterdir()):
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="looks at processes")
def test_where_no_system_ends_it_a_process_watches_its_parent():
    """On macOS and Windows a process notices that nobody holds its input any more."""
    program = (
        "import os, sys, time; sys.platform = 'other'\n"
        "from proofread.run.inside.processes import end_with\n"
        "os.setsid(); end_with(0, os.dup(0)); print('ready', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    process.stdout.readline()
    process.stdin.close()
    try:
        assert process.wait(60) == -signal.SIGKILL
    finally:
        process.kill()
        process.stdout.close()


def test_a_killed_server_is_replaced(build):
    """A fork server that dies between two runs is replaced, and nobody notices."""
    project = build({"snippets/x.py": "print(1)"})
    with Runner(processes=1) as runner:
        assert dict_of_outcomes(runner, project)["x.py"].ended == "done"
        first = runner.servers[False].pid
        end(first)
        assert dict_of_outcomes(runner, project)["x.py"].outputs == ["1\n"]
        assert runner.servers[False].pid != first


def test_a_server_killed_at_work_is_replaced(build):
    """What a dying fork server was running is run again from the start by its successor."""
    texts = {"a": "print(1)", "b": "import time\nprint('a')\ntime.sleep(1)\nprint('b')"}
    project = build({f"snippets/{name}.py": text for name, text in texts.items()})
    with Runner(processes=2) as runner:
        outcomes = {}
        jobs = [Job.of(project.verifier.load(name)) for name in ("a.py", "b.py")]
        for job, outcome in runner.run(jobs):
            outcomes[job.name] = outcome
            if len(outcomes) == 1:
                end(runner.servers[False].pid)
    assert outcomes["b.py"].detail == ""
    assert "".join(outcomes["b.py"].outputs) == "a\nb\n"


def test_the_server_ends_with_its_client(command, tmp_path):
    """A process that uses the runner and is killed leaves no server behind."""
    (tmp_path / "x.py").write_text("print(1)")
    program = (
        "import os; from proofread.run.runner import Runner\n"
        "from proofread.run.job import Job\n"
        "runner = Runner(); list(runner.run([Job('x.py', 'x.py', '.', 'print(1)')]))\n"
        "print(runner.servers[False].pid, flush=True); os.kill(os.getpid(), 9)"
    )
    (tmp_path / "client.py").write_text(program)
    done = command("client")
    assert done.returncode == -signal.SIGKILL
    assert is_gone(int(done.stdout))


def test_what_runs_is_what_was_read(build, runner):
    """A file that changes between reading and running does not change what is recorded."""
    project = build({"snippets/x.py": "print(1)\n#> 1\n"})
    snippet = project.verifier.load("x.py")
    (project.snippets / "x.py").write_text("print(2)\n#> 2\n")
    ((_, outcome),) = runner.run([Job.of(snippet)])
    assert outcome.outputs == ["1\n"]


def test_what_runs_snippets_needs_nothing_installed():
    """Also an interpreter that has an old PyTorch, and nothing of this site, can do it."""
    folder = Path(runner_module.__file__).parents[1]
    names = [path.relative_to(folder.parent) for path in (folder / "run").rglob("*.py")]
    modules = ", ".join(".".join(name.with_suffix("").parts) for name in names)
    program = f"import sys; sys.path.insert(0, {str(folder.parent)!r}); import {modules}"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)
    assert "proofread.run.inside.child" in modules


def test_what_this_pytorch_lacks_is_not_preloaded(build, monkeypatch):
    """Versions differ in what they import lazily; one that cannot be found is no error."""
    monkeypatch.setattr(runner_module, "LAZY", ("torch.no_such_module", "torch.fx"))
    project = build({"snippets/x.py": "import torch.optim, sys\nfx = 'torch.fx' in sys.modules"})
    with Runner(processes=1) as runner:
        assert dict_of_outcomes(runner, project)["x.py"].values == {"fx": True}


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux")
def test_only_cores_that_may_be_used_are_counted():
    """A process that may use one core of many starts one snippet at a time."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert Runner().processes == 1
    finally:
        os.sched_setaffinity(0, allowed)


def dict_of_outcomes(runner, project):
    """Run all snippets of a project."""
    names = sorted(path.name for path in project.snippets.glob("*.py"))
    jobs = [Job.of(project.verifier.load(name)) for name in names]
    return {job.name: outcome for job, outcome in runner.run(jobs)}


def without_time(outcome):
    """What of an outcome must be the same each time."""
    return {**outcome.to_json(), "seconds": 0.0}


def is_gone(pid, patience=60):
    """Tell whether a process ends; only a failure takes so many seconds. A zombie has ended."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()
        if not state or state.startswith("Z"):
            return True
        time.sleep(0.05)
    return False


def end(pid):
    """Kill a process that a test started, if it still runs."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of a process are POSIX")
def test_a_copy_of_a_snippet_ends_as_by_hand(build):
    """A snippet that forks is reported once, and sees that its copy came to a good end."""
    text = "import os\n\nif copy := os.fork():\n    print(os.waitpid(copy, 0)[1])\n#> 0\n"
    report = build({"snippets/x.py": text}).check()
    assert [str(fault) for fault in report.faults] == []
