"""The site, built once, and a browser that reads it from a local server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from measured.questions.__main__ import served

ROOT = Path(__file__).resolve().parents[2]
#: The date that the built site says of itself, so that each build is the same.
EPOCH = "1700000000"
#: Milliseconds that a busy machine may take for what is sure to come.
PATIENCE = 60_000
#: Material's script has run, then ours, and the toy example has fetched its own.
READY = """() => document.readyState === "complete" && window.component$
  && [...document.querySelectorAll(".explorable")].every((one) => "ready" in one.dataset)"""
#: What was to happen in this frame, or when the browser is idle, has happened.
SETTLED = "new Promise((done) => requestIdleCallback(() => requestAnimationFrame(done)))"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Several sites are built, one by one."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(scope="session")
def site(tmp_path_factory, build):
    """The folder of the built site: built once, for all processes that look at it."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with FileLock(folder / "site.lock"):
        if not (folder / "site.whole").exists():
            build(ROOT, folder / "site")
            (folder / "site.whole").touch()
    return folder / "site"


@pytest.fixture(scope="session")
def build():
    """Return a function that builds the site of a working tree into a folder.

    One build at a time: the first verifies, and the others find what it found.
    """

    def build(root, folder, **environment):
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **environment}
        how = {"capture_output": True, "text": True, "check": False}
        with FileLock(ROOT / ".cache/tests.lock"):
            done = subprocess.run(command, cwd=root, env=environment, **how)
        assert done.returncode == 0, done.stderr

    return build


@pytest.fixture(scope="session")
def address(site):
    """The address at which the built site is served."""
    with served(site) as address:
        yield address


@pytest.fixture
def page(browser, address):
    """A new tab that fails the test on any script error or request to elsewhere."""
    allowed = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(base_url=address, permissions=allowed)
    context.set_default_timeout(PATIENCE)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    own = (address, "data:", "blob:")
    page.on("request", lambda asked: asked.url.startswith(own) or faults.append(asked.url))
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def ready():
    """Return a function that opens a page and waits until its scripts are at work."""

    def ready(page, path):
        page.goto(path, timeout=PATIENCE)
        page.wait_for_function(READY, timeout=PATIENCE)
        settled(page)

    return ready


@pytest.fixture(scope="session", name="settled")
def settled_fixture():
    """Return a function that waits until a page has done what it was about to do."""
    return settled


def settled(page):
    page.evaluate(SETTLED)
