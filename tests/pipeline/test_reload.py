"""A running server: what is saved is on the page soon, and open pages are told what goes on."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

import dev
from pipeline import reload

#: Seconds that only a failure takes, even on a busy machine.
PATIENCE = 120


class Server:
    """``mkdocs serve`` of a small site."""

    def __init__(self, folder, port):
        self.folder, self.address = folder, f"http://127.0.0.1:{port}/"
        self.log = folder / "serve.log"
        environment = {**os.environ, "PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1"}
        command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=log, stderr=log
            )
        self.until("", "<html")

    def get(self, path):
        """What is served at a path, or "" where nothing is."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as response:
                return response.read().decode()
        except (OSError, urllib.error.URLError):
            return ""

    def until(self, path, words):
        """Ask for a page until it has these words."""
        deadline = time.monotonic() + PATIENCE
        while words not in (page := self.get(path)):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.05)
        return page

    def save(self, name, old, new):
        """Change a file as an author does."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    def state(self, page, version, busy=""):
        """Ask as the script on a page does."""
        words = urlencode({"page": page, "version": version, "busy": busy})
        return json.loads(self.get(f"_reload/state?{words}"))


@pytest.fixture
def server(small):
    """A server that has served its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(small, port)
    yield server
    server.process.terminate()
    server.process.wait()


def version(page):
    """The version that a served page says it is."""
    return re.search(r'script.js" data-version="(\w+)"', page)[1]


def test_each_kind_of_save_is_served(server):
    """A page, a snippet, a template, a data file, a page with another name: each over HTTP."""
    server.save("docs/guide/third.md", "Words", "A zebra")
    server.until("guide/third/", "A zebra")
    assert "A zebra" in server.until("search/search_index.json", "A zebra")
    (server.folder / "snippets/one.py").write_text("a = 7\nprint(a)\n#> 7\n")
    server.until("", "It is 7.")
    server.save("theme/partials/colophon.html", "Cite this page", "Quote this page")
    server.until("guide/third/", "Quote this page")
    (server.folder / "docs/guide/third.md").rename(server.folder / "docs/guide/last.md")
    server.save("mkdocs.yml", "guide/third.md", "guide/last.md")
    server.until("guide/last/", "A zebra")
    assert "guide/last/" in server.until("", "guide/last/")
    assert server.get("guide/third/") == ""
    assert "starting again" not in server.log.read_text()
    server.save("measured/operators/data.json", '"device": "', '"device": "striped ')
    server.until("guide/last/", "on the striped ")
    assert "starting again, since measured/operators/data.json" in server.log.read_text()
    with (server.folder / "pipeline/twins.py").open("a") as step:
        step.write('\n\nlisted = lambda twins, address: "- a zebra"\n')
    server.until("llms.txt", "- a zebra")


def test_the_last_of_many_saves_is_served(server):
    """Saves while a build goes on are not lost."""
    for number in range(12):
        (server.folder / "docs/guide/third.md").write_text(f"# Third\n\nSave {number} of it.\n")
        time.sleep(0.05)
    server.until("guide/third/", "Save 11 of it.")


def test_open_pages_are_told(server):
    """That a snippet runs, and which, for how long; then that the page is another one."""
    before = version(server.get("guide/other/"))
    assert before == server.state("/guide/other/", "")["version"]
    slow = "import time\n\ntime.sleep(1)\nb = 3\nprint(b)\n#> 3\n"
    (server.folder / "snippets/two.py").write_text(slow)
    told = server.state("/guide/other/", before)
    assert (told["version"], told["busy"]) == (before, "Running snippets/two.py")
    told = server.state("/guide/other/", before, told["busy"])
    assert told["version"] not in ("", before) and told["busy"] == ""
    assert version(server.get("guide/other/")) == told["version"]


def test_a_page_that_did_not_change_is_not_loaded_again(server):
    """Of a save, only the pages that are other ones are told."""
    third = version(server.get("guide/third/"))
    server.save("docs/guide/other.md", "and [home]", "and then [home]")
    server.until("guide/other/", "and then")
    assert server.state("/guide/third/", "")["version"] == third


def test_a_build_that_fails_is_said_and_mended(server):
    """The pages stay as they were, and are told why, until it is mended."""
    server.save("docs/guide/third.md", "Words", "Words $\\frac{a$ and")
    before = version(server.get("guide/other/"))
    deadline = time.monotonic() + PATIENCE
    busy = ""
    while not busy.startswith("Not built") and time.monotonic() < deadline:
        busy = server.state("/guide/other/", before, busy)["busy"]
    assert busy.startswith("Not built")
    assert "Words" in server.get("guide/third/")
    server.save("docs/guide/third.md", "$\\frac{a$", "$a$")
    server.until("guide/third/", "<math")
    assert server.state("/guide/other/", "")["busy"] == ""


@pytest.fixture
def tab(browser):
    """A tab of a browser; it fails where a script does, or is forbidden."""
    tab, faults = browser.new_page(), []
    tab.set_default_timeout(1000 * PATIENCE)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: "Policy" in said.text and faults.append(said.text))
    yield tab
    tab.close()
    assert faults == []


def test_a_reader_stays_where_they_are(server, tab):
    """What is read is at the same height when a page is loaded anew, though more stands above."""
    words = "Some words.\n\n" * 40
    page = f"# Third\n\n{words}## Here {{#here}}\n\n{words}"
    (server.folder / "docs/guide/third.md").write_text(page)
    server.until("guide/third/", 'id="here"')
    tab.goto(f"{server.address}guide/third/")
    tab.evaluate("document.getElementById('here').scrollIntoView()")
    top = "Math.round(document.getElementById('here').getBoundingClientRect().top)"
    before = tab.evaluate(top)
    (server.folder / "docs/guide/third.md").write_text(
        page.replace("# Third\n", "# Third\n\nZebra.\n")
    )
    tab.get_by_text("Zebra.").wait_for(state="attached")
    tab.wait_for_function(f"Math.abs({top} - {before}) < 3")


def test_a_reader_is_told_what_goes_on(server, tab):
    """Which snippet runs, with the seconds, until the page is there."""
    tab.goto(f"{server.address}guide/other/")
    tab.wait_for_function("document.querySelector('[role=status]')")
    slow = "import time\n\ntime.sleep(2)\nb = 3\nprint(b)\n#> 3\n"
    (server.folder / "snippets/two.py").write_text(slow)
    tab.get_by_text(re.compile(r"Running snippets/two.py: \d+ s")).wait_for()
    tab.get_by_text("time.sleep").wait_for()


def test_each_change_is_told_once(tmp_path):
    """The system tells of a save, and then it is seen by looking, too."""
    file, told, noted = tmp_path / "x.md", [], []
    file.write_text("a")
    watch = reload.Watch(noted.append)
    handler = reload.events.FileSystemEventHandler()
    handler.on_any_event = told.append
    scheduled = []
    for observer in watch.observers:
        observer.schedule = lambda one, *_, **__: scheduled.append(one)
    watch.schedule(handler, str(tmp_path), recursive=True)
    for one in scheduled:
        one.on_any_event(reload.events.FileModifiedEvent(str(file)))
    assert (len(told), noted) == (1, [[str(file)]])
    file.write_text("ab")
    scheduled[1].on_any_event(reload.events.FileModifiedEvent(str(file)))
    for passing in (".x.md.swp", "x.md~", "__pycache__/x.pyc"):
        scheduled[0].on_any_event(reload.events.FileCreatedEvent(str(tmp_path / passing)))
    assert len(told) == 2


@pytest.mark.parametrize("asked", [False, True])
def test_a_port_is_looked_for_before_anything_is_built(monkeypatch, capsys, asked):
    """One that is taken is left to who has it: the next is taken, or the one asked for named."""
    ran = []
    monkeypatch.setattr(dev, "run", lambda *words: ran.append(words) or 0)
    monkeypatch.setattr(dev, "is_free", lambda host, port: port not in (8000, 8001))
    if asked:
        assert dev.serve("-a", "127.0.0.1:8001") == 1
        assert "port 8001 is taken" in capsys.readouterr().err
        assert ran == []
        assert dev.serve("-a", "127.0.0.1:9000", "--open") == 0
        assert ran == [("-m", "mkdocs", "serve", "-a", "127.0.0.1:9000", "--open")]
    else:
        assert dev.serve() == 0
        said = "port 8000 is taken: this will be at http://127.0.0.1:8002\n"
        assert capsys.readouterr().out == said
        assert ran[0][-1] == "127.0.0.1:8002"


def test_a_port_that_somebody_listens_at_is_not_free():
    """Found by asking the system."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not dev.is_free("127.0.0.1", taken.getsockname()[1])
    assert dev.is_free("127.0.0.1", 0)
