"""The door for MkDocs: its events call the project below. Nothing else knows of MkDocs."""

import json
import os
import sys
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import get_data

from proofread.fault import FaultError
from proofread.judge.bind import alternative
from proofread.judge.verdict import VERIFIED
from proofread.project import Project
from proofread.read.snippet import is_notebook
from proofread.show import render

log = get_plugin_logger("proofread")


class Door:
    """What lives from one event to the next, and between rebuilds of ``mkdocs serve``."""

    def __init__(self):
        self.serving = False
        self.project = None
        self.report = None
        #: A page's source path -> its URL, in the build that is going on.
        self.urls = {}

    def check(self, config):
        """Verify everything; say what is not true, and stop the build unless serving."""
        self.project = self.project or Project(
            Path(config.config_file_path).parent, docs=config.docs_dir, snippets="snippets"
        )
        try:
            self.report = self.project.check(progress=self.progress)
        except FaultError as error:
            raise PluginError(str(error)) from None
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

    def link_from(self, page):
        """Return a function from a page's source path, or a path on the site, to a relative URL."""
        return lambda target: get_relative_url(self.urls.get(target, target), page.url)

    def alternatives(self, name):
        """Return {figure: what it shows} of a snippet, as the first page that draws it says."""
        return {
            piece.value: alternative(piece, self.report.verdicts, page)
            for page in reversed(self.report.pages.values())
            for piece in page.figures
            if piece.name == name
        }

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
    config.extra["environment"] = door.report.environment


@event_priority(100)
def on_files(files, config):
    """Add an executed notebook for each snippet in cells, before mkdocs-jupyter looks."""
    folder = door.project.root / ".cache/notebooks"
    for verdict in door.report.verdicts.values():
        if verdict.status == VERIFIED and is_notebook(verdict.snippet):
            # Not at the top: it is slow to import, and most projects have no notebook.
            from proofread.show.notebook import notebook

            uri = Path(render.NOTEBOOKS, verdict.name).with_suffix(".ipynb")
            text = notebook(verdict.snippet, verdict.outcome, door.alternatives(verdict.name))
            target = folder / uri
            target.parent.mkdir(parents=True, exist_ok=True)
            # mkdocs-jupyter keeps what it made of a file that did not change.
            if not target.exists() or target.read_text(encoding="utf-8") != text:
                draft = target.with_suffix(f".{os.getpid()}")
                draft.write_text(text, encoding="utf-8")
                draft.replace(target)
            files.append(
                File(uri.as_posix(), str(folder), config.site_dir, config.use_directory_urls)
            )
    return files


def on_nav(nav, config, files):
    """Remember where each page will be."""
    docs = door.project.docs.relative_to(door.project.root)
    door.urls = {(docs / f.src_uri).as_posix(): f.url for f in files.documentation_pages()}
    door.urls |= {f.src_uri: f.url for f in files if f.src_uri.startswith(f"{render.NOTEBOOKS}/")}


@event_priority(100)
def on_page_markdown(markdown, page, config, files):
    """Expand the page; the result is Markdown that any extension can work on."""
    parsed = door.page(page)
    if not parsed:
        return markdown
    page.meta["wrong"] = render.warnings(parsed, door.report)
    return get_data(render.markdown(parsed, door.report))[0]


def on_page_content(html, page, config, files):
    """Frame each block, with its mark; say below what the page was verified with."""
    parsed = door.page(page)
    if page.file.src_uri.startswith(f"{render.NOTEBOOKS}/"):
        name = Path(page.file.src_uri).relative_to(render.NOTEBOOKS).with_suffix(".py").as_posix()
        return render.frame_notebook(html, name, door.report, door.link_from(page))
    if parsed is None:
        return html
    faults = door.project.page_faults(parsed, door.report)
    # Other pages may link to a block; MkDocs checks that, and has not seen the frames.
    page.present_anchor_ids.update(piece.anchor for piece in parsed.includes)
    try:
        return render.frame(html, parsed, door.report, faults, door.link_from(page))
    except FileNotFoundError as error:  # Graphviz
        raise PluginError(str(error)) from None


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
