"""What a snippet may use up is one table, which sets the limits and words them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from proofread.read.snippet import parse
from proofread.run.inside import limits
from proofread.run.job import Job

LOOK = """\
import resource
found = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for name in %r}
data, *others = found.values()
"""


def test_the_system_bounds_what_the_table_says(build, runner):
    """Each entry with a resource is set; a job may ask for as much memory as there is."""
    wanted = {limit.resource: limit.value for limit in limits.LIMITS if limit.resource}
    project = build({"snippets/x.py": LOOK % (sorted(wanted),)})
    usual = Job.of(project.verifier.load("x.py"))
    found = {
        job.memory: [outcome.values["data"], *outcome.values["others"]]
        for job, outcome in runner.run([usual, replace(usual, memory=None)])
    }
    assert found[limits.MEMORY.value] == [wanted[name] for name in sorted(wanted)]
    data, *others = found[None]
    assert data != wanted["DATA"]
    assert others == found[limits.MEMORY.value][1:]


def test_a_page_quotes_as_many_elements_as_the_table_says(run_snippet):
    """Of a list, an array and a tensor; with one more, nothing is kept of it."""
    most = limits.ELEMENTS.value
    lines = [
        f"{name}_{kind} = {make}({length})"
        for kind, make in (("list", "[0] * "), ("array", "numpy.zeros"), ("tensor", "torch.zeros"))
        for name, length in (("kept", most), ("lost", most + 1))
    ]
    values = run_snippet("\n".join(["import numpy", "import torch", *lines])).values
    assert {name: len(value) for name, value in values.items()} == {
        "kept_list": most,
        "kept_array": most,
        "kept_tensor": most,
    }


def test_each_limit_is_a_row():
    """In words that have the number, and where it holds."""
    rows = list(limits.rows())
    assert len(rows) == len(limits.LIMITS)
    assert ("4 GiB of memory for each process", "Linux") in rows
    assert ("1 MB of output, as plain text in UTF-8", "everywhere") in rows
    assert not [row for row in rows if "{" in "".join(row)]


@pytest.mark.parametrize("message", ["MemoryError", "OSError: File too large"])
def test_a_message_names_its_limit(message):
    """Whoever exceeded a limit that Python knows nothing of is told which."""
    assert re.match("a .*snippet.* [0-9]+ [GM]iB", limits.why(message))


def test_other_messages_name_none():
    """Most errors are no limit's."""
    assert limits.why("ValueError: 4") == ""


HEADERS = {
    "": (limits.TIMEOUT.value, limits.MEMORY.value),
    "# timeout: 0.5\n": (0.5, limits.MEMORY.value),
    "# requires: cuda\n# recorded: a GPU, torch 2.13.0, 2026-11-01\n": (limits.TIMEOUT.value, None),
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_decides_what_its_job_has(header):
    """A snippet for CUDA has all memory, since CUDA maps more than the limit."""
    snippet = parse("a/x.py", "snippets/a/x.py", f"{header}a = 1\n", Path("/top/snippets/a/x.py"))
    job = Job.of(snippet)
    assert (job.timeout, job.memory) == HEADERS[header]
    assert (job.name, job.path, job.root) == ("a/x.py", "/top/snippets/a/x.py", "/top")
