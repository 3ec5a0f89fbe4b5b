"""What the oracles share: parts of a snippet, to be run with other inputs."""

import linecache

import pytest
import torch


@pytest.fixture
def component(report):
    """Return a function from a snippet's name and some of its sections to what these define."""

    def load(name, *sections, **given):
        snippet = report.verdicts[name].snippet
        names = {"torch": torch, **given}
        for section in sections:
            code = snippet.code(*snippet.span(section))
            file = f"{name}:{section}"
            linecache.cache[file] = (len(code), None, code.splitlines(True), file)
            exec(compile(code, file, "exec"), names)
        return names

    return load
