"""``mkdocs serve`` at a save: it is noticed at once, what goes on is said, and the reader stays.

Nothing here changes what is built. A page that is served gets a script, ``reload.js``, which asks
whether the page is still the one that it shows.
"""

import json
import os
import shutil
import sys
import threading
import time
import traceback
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs

from mkdocs.plugins import get_plugin_logger
from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from pipeline.taken import PROGRAMS
from proofread import hook

log = get_plugin_logger("pipeline")
#: Where the server answers the script; no page is there.
ASK = "/_reload/"
SCRIPT = Path(__file__).with_suffix(".js")
TAG = '<script src="{}script.js" data-version="{}"></script>'
#: Of all that happens to files: what changes what they say.
CHANGES = (
    events.FileCreatedEvent,
    events.FileDeletedEvent,
    events.FileModifiedEvent,
    events.FileMovedEvent,
)
#: Files that are nobody's source.
PASSING = {".pyc", ".draft", ".swp", ".tmp"}
#: In seconds: how long a save may go on, how long a question waits for news, and how often files
#: are looked at where the system tells nothing of them, as on some network drives.
SAVE, PATIENCE, LOOK = 0.02, 20, 1


def begun(server, config, builder):
    """Before the server starts: take over from MkDocs what notices, builds and tells."""
    saves = Saves(server, builder, Path(config.config_file_path).parent)
    paths = (config.docs_dir, config.config_file_path)
    for path in paths:
        server.unwatch(path)
    server.observer = Watch(saves.note)
    theme = config.theme.custom_dir
    for path in (*paths, theme, *(saves.root / name for name in PROGRAMS)):
        if path and Path(path).exists():
            server.watch(str(path))
    server.build_delay, server.builder = SAVE, saves.rebuild
    if not callable(getattr(server, "_inject_js_into_html", None)):
        raise RuntimeError(
            "this MkDocs puts no script into pages, which pipeline/reload.py replaces"
        )
    server._inject_js_into_html = lambda page, _: with_script(page)
    server.set_app(saves.answer)
    return server


class Watch:
    """Notices that a file changed: at once where the system tells, and by looking."""

    def __init__(self, note):
        self.note, self.known = note, {}
        self.observers = [Observer(), PollingObserver(timeout=LOOK)]

    def schedule(self, handler, path, recursive):
        """Tell ``handler`` of each change below a path, once."""

        def told(event):
            places = (place for place in (event.src_path, event.dest_path) if place)
            fresh = [place for place in places if not is_passing(place) and self._is_fresh(place)]
            if fresh:
                self.note(fresh)
                handler.on_any_event(event)

        once = events.FileSystemEventHandler()
        once.on_any_event = told
        how = {"recursive": recursive, "event_filter": CHANGES}
        return [one.schedule(once, path, **how) for one in self.observers]

    def _is_fresh(self, place):
        try:
            found = Path(place).stat()
            now = found.st_mtime_ns, found.st_size
        except OSError:
            now = None
        before, self.known[place] = self.known.get(place, ()), now
        return before != now

    def start(self):
        """Begin; a system that can tell of no more files is no error."""
        for one in list(self.observers):
            try:
                one.start()
            except OSError as error:
                log.info(f"looking for saves each second, since the system says: {error}")
                self.observers.remove(one)

    def stop(self):
        """End."""
        for one in self.observers:
            one.stop()

    def join(self):
        """Wait for the end."""
        for one in self.observers:
            one.join()


def is_passing(place):
    """Tell whether a file is one that Python or an editor keeps for itself."""
    path = Path(place)
    return path.name.startswith(".") or path.suffix in PASSING or path.name.endswith("~")


class Saves:
    """What was saved, what is built for it, and what the pages that are open are told."""

    def __init__(self, server, builder, root):
        self.server, self.builder, self.root = server, builder, root
        self.changed = set()
        #: What goes on, and since when; or what went wrong.
        self.busy, self.since, self.failed = "", 0.0, ""
        self.news = threading.Condition()

    def note(self, places):
        """Remember which files changed."""
        with self.news:
            self.changed |= {Path(place) for place in places}

    def rebuild(self):
        """Build for what was saved; where programs changed, begin anew with those."""
        with self.news:
            changed, self.changed = self.changed, set()
        names = sorted(map(self.shown, changed))
        if programs := [name for name in names if name.split("/")[0] in PROGRAMS]:
            self.restart(programs[0])
        self.tell(busy=self.doing(names))
        failed = ""
        try:
            self.builder()
        except (Exception, SystemExit) as error:
            # MkDocs would answer nobody until it is mended.
            failed = str(error) or type(error).__name__
            if isinstance(error, Exception):
                traceback.print_exc()
            log.error("nothing is new on the pages until this is mended")
        self.tell(failed=failed)

    def shown(self, path):
        """Return a path as an author types it."""
        inside = path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if inside else str(path)

    def doing(self, names):
        """Say what a build does."""
        snippets = [name for name in names if name.endswith(".py")]
        what = f"Running {snippets[0]}" if snippets else f"Building {(names or ['the site'])[0]}"
        return what + (f" and {len(names) - 1} more" if len(names) > 1 else "")

    def tell(self, busy="", failed=""):
        """Tell the pages that are open."""
        with self.news:
            self.busy, self.since, self.failed = busy, time.monotonic(), failed
            self.news.notify_all()

    def answer(self, environ, start_response):
        """Answer the script of a page, or let MkDocs answer."""
        asked = environ["PATH_INFO"].removeprefix(ASK)
        if asked == environ["PATH_INFO"]:
            return self.server.serve_request(environ, start_response)
        kind, text = "text/javascript", SCRIPT.read_text(encoding="utf-8")
        if asked == "state":
            query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
            said = [query.get(word, [""])[0] for word in ("page", "version", "busy")]
            kind, text = "application/json", json.dumps(self.state(*said))
        data = text.encode()
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(data)))])
        return [data]

    def state(self, page, version, busy):
        """Say what is new for a page: at once, or as soon as something is."""
        with self.news:
            self.news.wait_for(lambda: self.is_news(page, version, busy), PATIENCE)
            is_now = version if self.busy else self.version(page)
            seconds = time.monotonic() - self.since
            doing = self.busy or (f"Not built: {self.failed}" if self.failed else "")
            return {"version": is_now, "busy": doing, "seconds": seconds if self.busy else 0}

    def is_news(self, page, version, busy):
        """Tell whether a page does not know what goes on, or is another one by now."""
        doing = self.busy or (f"Not built: {self.failed}" if self.failed else "")
        return doing != busy or (not self.busy and self.version(page) != version)

    def version(self, page):
        """Return the version of the page at a URL's path, or "" where there is none."""
        inside = page.removeprefix(self.server.mount_path)
        path = Path(self.server.root, inside, "index.html" if page.endswith("/") else "")
        with suppress(OSError):
            return version_of(path.read_bytes())
        return ""

    def restart(self, changed):
        """Begin anew, as another process in the place of this one."""
        log.info(f"starting again, since {changed} changed")
        self.server.shutdown()
        hook.on_shutdown()
        shutil.rmtree(self.server.root, ignore_errors=True)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def version_of(page):
    """Return what two versions of a page differ in."""
    return sha256(page).hexdigest()[:16]


def with_script(page):
    """Return a page with the script that keeps it the newest."""
    before, end, after = page.rpartition(b"</body>")
    return before + TAG.format(ASK, version_of(page)).encode() + end + after
