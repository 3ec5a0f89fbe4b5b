"""The door for MkDocs: its events call the project below. Nothing else knows of MkDocs."""

import json
import sys
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import get_data

# MkDocs loads this file by its path, so the package is not importable yet.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from proofread import render
from proofread.project import Project

log = get_plugin_logger("proofread")


class Door:
    """What lives from one event to the next, and between rebuilds of ``mkdocs serve``."""

    def __init__(self):
        self.serving = False
        self.project = None
        self.report = None

    def check(self, config):
        """Verify everything; say what is not true, and stop the build unless serving."""
        self.project = self.project or Project(
            Path(config.config_file_path).parent, docs=config.docs_dir, snippets="snippets"
        )
        self.report = self.project.check(progress=self.progress)
        findings = "\n\n".join(map(str, self.report.faults))
        if findings and not self.serving:
            count = len(self.report.faults)
            raise PluginError(f"{findings}\n\n{count} not true; {self.report.closing_line()}")
        for line in self.report.not_run():
            log.info(line)
        if findings:
            # Not through the log: in strict mode an error there would end the server.
            print(f"\n{findings}\n", file=sys.stderr)
        log.info(self.report.closing_line())

    def page(self, page):
        """Return what is known of MkDocs' page, or None if it could not be read."""
        docs = self.project.docs.relative_to(self.project.root)
        return self.report.pages.get((docs / page.file.src_uri).as_posix())

    @staticmethod
    def progress(done, total):
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\rrunning snippets: {done} of {total}", end=end, file=sys.stderr, flush=True)


door = Door()


def on_startup(command, dirty):
    door.serving = command == "serve"


def on_shutdown():
    if door.project:
        door.project.close()


def on_pre_build(config):
    door.check(config)


@event_priority(100)
def on_page_markdown(markdown, page, config, files):
    """Expand the page; the result is Markdown that any extension can work on."""
    parsed = door.page(page)
    return get_data(render.markdown(parsed, door.report))[0] if parsed else markdown


def on_page_content(html, page, config, files):
    """Frame each block, with its mark; say below what the page was verified with."""
    parsed = door.page(page)
    if parsed is None:
        return html
    faults = door.project.page_faults(parsed, door.report)
    return render.frame(html, parsed, door.report, faults, _linker(page, files))


def on_post_build(config):
    """Publish the snippets as files, and ``verified.json``."""
    site = Path(config.site_dir)
    text = json.dumps(door.report.to_json(), indent=1) + "\n"
    (site / "verified.json").write_text(text, encoding="utf-8")
    for verdict in door.report.verdicts.values():
        if verdict.snippet:
            target = site / "snippets" / verdict.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(verdict.snippet.whole(), encoding="utf-8")


def _linker(page, files):
    """Return a function from a page's source path, or a path on the site, to a relative URL."""
    docs = door.project.docs.relative_to(door.project.root)
    urls = {(docs / f.src_uri).as_posix(): f.url for f in files.documentation_pages()}

    def link(target):
        return get_relative_url(urls.get(target, target), page.url)

    return link
