"""The door for MkDocs: its events call the project below. Nothing else in the engine knows of it.

Any site can name this file under ``hooks:``; one with steps of its own calls these functions.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import get_data

from proofread.fault import Fault, FaultError, Place
from proofread.judge.bind import Seen
from proofread.judge.verdict import VERIFIED, Report
from proofread.judge.witness import Placed, witness
from proofread.project import Project, progress
from proofread.read.page import Page
from proofread.read.snippet import is_notebook
from proofread.run.cache import write
from proofread.show import render
from proofread.show.frame import failure
from proofread.show.ingredients import Ingredients
from proofread.show.kinds import Figure, Include

log = get_plugin_logger("proofread")
#: What a page is dressed with; a file of any other kind is shown to who follows a link to it.
PARTS = {".css", ".js", ".mjs", ".map", ".woff2", ".webmanifest"}
TEXTS = {"OFL.txt", "LICENSE.txt", "robots.txt", "CNAME"}
#: What lives between rebuilds of ``mkdocs serve``.
serving, projects, notebooks = False, {}, {}


@dataclass
class Built:
    """What one build has verified; ``config.extra["proofread"]``."""

    project: Project
    report: Report
    #: What each page is made of.
    ingredients: Ingredients
    #: The lines of mkdocs.yml.
    settings: list[str] = field(default_factory=list)
    #: A page's source path -> its URL.
    urls: dict = field(default_factory=dict)
    #: A page's source path -> texts that steps of the site put on it, and vouch for.
    added: dict = field(default_factory=dict)
    #: The place of a notebook in the site -> its text.
    notebooks: dict = field(default_factory=dict)
    #: What was found wrong while pages were written, and shown.
    said: list = field(default_factory=list)

    def page(self, page) -> Page | None:
        """Return what is known of MkDocs' page, or None if it could not be read."""
        return self.report.pages.get(self.path(page.file.src_uri))

    def path(self, uri: str) -> str:
        """Return the path, relative to the project, of what MkDocs knows by its place in docs."""
        return (self.project.docs.relative_to(self.project.root) / uri).as_posix()

    def location(self, path: str) -> str:
        """Return where a page lies in the site, as MkDocs' search has it: nothing for home."""
        return self.urls[path].removeprefix("./")

    def seen(self, page, parsed: Page | None = None) -> Seen:
        """Return what a page's pieces are written from, with links relative to MkDocs' page."""

        def link(target):
            return get_relative_url(self.urls.get(target, target), page.url)

        parsed = parsed or self.page(page)
        part = self.ingredients.part(parsed) if parsed else self.report
        return Seen(parsed, part, link)

    def text(self, page) -> str | None:
        """Return what a page's file said when it was read, or None if it could not be read."""
        parsed = self.page(page)
        return self.ingredients.texts[parsed.path] if parsed else None

    def end_or_show(self, faults: list[Fault]):
        """End the build over these, or say them and go on serving."""
        end_or_show(faults)
        self.said += faults

    def snippet_of(self, page) -> str:
        """Return the snippet that a notebook's page shows."""
        return (
            PurePosixPath(page.file.src_uri)
            .relative_to(render.NOTEBOOKS)
            .with_suffix(".py")
            .as_posix()
        )


def on_startup(command, dirty):
    """Remember whether a failure ends the build, or is shown."""
    global serving
    serving = command == "serve"


def on_shutdown():
    """Stop what runs in the background."""
    while projects:
        projects.popitem()[1].close()


def on_pre_build(config):
    """Verify everything; say what is not true, and stop the build unless serving."""
    root = Path(config.config_file_path).parent
    project = projects.setdefault(root, None) or Project(root, docs=config.docs_dir)
    projects[root] = project
    try:
        report = project.check(progress=progress)
    except FaultError as error:
        raise PluginError(str(error)) from None
    findings = "\n\n".join(map(str, report.faults))
    if findings and not serving:
        raise PluginError(f"{findings}\n\n{len(report.faults)} not true; {report.closing_line()}")
    for line in report.not_run():
        log.info(line)
    if findings:
        # Not through the log: in strict mode an error there would end the server.
        print(f"\n{findings}\n", file=sys.stderr)
    log.info(report.closing_line())
    settings = Path(config.config_file_path).read_text(encoding="utf-8").split("\n")
    ingredients = project.ingredients(report)
    config.extra["proofread"] = Built(project, report, ingredients, settings)
    config.extra["environment"] = report.environment


@event_priority(100)
def on_files(files, config):
    """Add an executed notebook for each snippet in cells, before a plugin looks for notebooks."""
    built = config.extra["proofread"]
    folder = built.project.root / ".cache/notebooks"
    for verdict in built.report.verdicts.values():
        if verdict.status == VERIFIED and is_notebook(verdict.snippet):
            # Not at the top: it is slow to import, and most projects have no notebook.
            from proofread.show.notebook import notebook

            uri = PurePosixPath(render.NOTEBOOKS, verdict.name).with_suffix(".ipynb").as_posix()
            words = alternatives(verdict.name, built.report)
            key = (built.ingredients.digest(verdict.name), str(words))
            if notebooks.get(uri, ("",))[0] != key:
                notebooks[uri] = key, notebook(verdict.snippet, verdict.outcome, words)
            built.notebooks[uri] = notebooks[uri][1]
            if not known(folder / uri, built.notebooks[uri]):
                write(folder / uri, built.notebooks[uri])
            files.append(File(uri, str(folder), config.site_dir, config.use_directory_urls))
    return files


def on_nav(nav, config, files):
    """Remember where each page will be."""
    built = config.extra["proofread"]
    built.urls = {built.path(f.src_uri): f.url for f in files.documentation_pages()}
    built.urls |= {f.src_uri: f.url for f in files if f.src_uri in built.notebooks}
    icons = {config.theme.get("favicon"), config.theme.get("logo")}
    end_or_show([*unknown_pages(files, built), *unknown_files(files, built, icons)])


def on_page_read_source(page, config):
    """Let MkDocs read what was read, and not what was saved since."""
    return config.extra["proofread"].text(page)


@event_priority(100)
def on_page_markdown(markdown, page, config, files):
    """Expand the page; the result is Markdown that any extension can work on."""
    built = config.extra["proofread"]
    return get_data(render.markdown(built.seen(page)))[0] if built.page(page) else markdown


def on_page_content(html, page, config, files):
    """Dress each piece; say below what the page was verified with."""
    built = config.extra["proofread"]
    if page.file.src_uri.startswith(f"{render.NOTEBOOKS}/"):
        return render.notebook(html, built.snippet_of(page), built.seen(page))
    parsed = built.page(page)
    if parsed is None:
        return html
    # Other pages may link to a block; MkDocs checks that, and has not seen the frames.
    page.present_anchor_ids.update(piece.anchor for piece in parsed.of(Include))
    faults = built.project.page_faults(parsed, built.ingredients.part(parsed))
    known = len(faults)
    try:
        html = render.html(html, built.seen(page), faults)
    except FileNotFoundError as error:  # Graphviz
        raise PluginError(str(error)) from None
    built.end_or_show(faults[known:])
    return html


def on_post_page(output, page, config):
    """Look at the finished page as a reader gets it: nothing on it that nobody ran."""
    built, uri = config.extra["proofread"], page.file.src_uri
    if uri in built.notebooks:
        snippet = built.report.verdicts[built.snippet_of(page)].snippet
        placed = render.placed_notebook(snippet, built.notebooks[uri])
    elif parsed := built.page(page):
        added = built.added.get(parsed.path, ())
        placed = render.placed(built.seen(page), built.text(page), added)
    else:
        return output
    placed.failing, placed.around = serving, built.settings
    faults = witness(output, placed)
    built.end_or_show(faults)
    return re.sub(r"<h1\b|\Z", lambda h1: failure(faults) + h1[0], output, count=1)


def on_post_template(output, template_name, config):
    """Look at a file that is no page, such as the one for addresses that lead nowhere."""
    if template_name.endswith(".html"):
        settings = config.extra["proofread"].settings
        end_or_show(witness(output, Placed(template_name, output.split("\n"), around=settings)))
    return output


def on_post_build(config):
    """Publish the snippets as files, and ``verified.json``."""
    site, report = Path(config.site_dir), config.extra["proofread"].report
    text = json.dumps(report.to_json(), indent=1) + "\n"
    publish(site / "verified.json", text)
    for verdict in report.verdicts.values():
        if verdict.snippet:
            publish(site / "snippets" / verdict.name, verdict.snippet.whole())


def unknown_pages(files, built: Built) -> list[Fault]:
    """Find what is published and was never read, and what was read and is not published."""
    published = {f.src_uri for f in files.documentation_pages()} - built.notebooks.keys()
    paths, known = {built.path(uri) for uri in published}, built.report.pages.keys()
    unread = "is published, and nothing here reads it: make it a page, *.md, below the docs folder"
    unseen = "is read, and MkDocs does not publish it: what it shows is shown to nobody"
    found = [(path, unread) for path in paths - known] + [(path, unseen) for path in known - paths]
    return [Fault(Place(path, 1), message) for path, message in sorted(found)]


def unknown_files(files, built: Built, icons: set) -> Iterator[Fault]:
    """Find what a browser would show as a page of its own, and nothing here reads."""
    for file in files:
        path = Path(file.abs_src_path or "")
        ours = path.is_relative_to(built.project.docs) and not file.is_documentation_page()
        known = path.suffix in PARTS or path.name in TEXTS or file.src_uri in icons
        if ours and not known:
            message = "is published as it is, and nothing here reads it: make it a page, *.md"
            yield Fault(Place(built.path(file.src_uri), 1), message)


def end_or_show(faults: list[Fault]):
    """End the build over these, or say them and go on serving."""
    findings = "\n\n".join(map(str, faults))
    if findings and not serving:
        raise PluginError(findings)
    if findings:
        print(f"\n{findings}\n", file=sys.stderr)


def alternatives(name: str, report: Report) -> dict[str, str]:
    """Return {figure: what it shows} of a snippet, as the first page that draws it says."""
    return {
        piece.value: piece.words(Seen(page, report))
        for page in reversed(report.pages.values())
        for piece in page.of(Figure)
        if piece.name == name
    }


def publish(file: Path, text: str):
    """Write a file of the site; one that holds just that gets a new date, and is not touched."""
    data = text.encode("utf-8", "xmlcharrefreplace")
    if file.exists() and file.read_bytes() == data:
        os.utime(file)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def known(file: Path, text: str) -> bool:
    """Tell whether a file holds just that; one that is not written anew keeps its date."""
    return file.exists() and file.read_text(encoding="utf-8") == text
