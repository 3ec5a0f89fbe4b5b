"""The site, built once, and a browser that reads it from a local server."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
#: The date that the built site says of itself, so that each build is the same.
EPOCH = "1700000000"
#: Chromium must not look for hosts of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Where tests run on all cores, one process has a whole file: its tests share what is built."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="session")
def site(tmp_path_factory, build):
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
    build(ROOT, folder)
    return folder


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
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def browser():
    """Chromium. Where there is none, these tests are skipped; in CI they fail."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path and not os.environ.get("CI"):
        pytest.skip("no Chromium here: install it to run the browser tests")
    assert path, "CI installs chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address):
    """A new tab that fails the test on any script error or request to elsewhere."""
    allowed = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(base_url=address, permissions=allowed)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    own = (address, "data:", "blob:")
    page.on("request", lambda asked: asked.url.startswith(own) or faults.append(asked.url))
    yield page
    context.close()
    assert faults == []
