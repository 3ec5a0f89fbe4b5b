"""Pages that are taken as they were built: those that are made of the same as then.

There are two memories. What a page *is* (its content, its anchors and links, its twin) depends on
its ingredients, on the programs that write it, and on which files it can link to. What is *written*
(the HTML, and what the search, the print page and the font have of it) depends on that, on the
navigation and on the theme. MkDocs has no event for "this page needs no work", so its two functions
that work on a page are replaced, by name; where they are not what is known here, nothing is built.
"""

import inspect
import logging
import os
import time
import warnings
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mkdocs import utils
from mkdocs.commands import build as mkdocs
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.toc import get_toc

from pipeline.folder import copied, marked
from pipeline.memory import Memory
from pipeline.notebooks import token
from pipeline.twins import Twin
from proofread.hook import publish
from proofread.run.cache import digest, environment
from proofread.show.ingredients import folder

log = get_plugin_logger("pipeline")
#: The programs that write pages, and the data that they read.
PROGRAMS = ("proofread", "pipeline", "measured")
#: What the navigation shows of other pages' front matter.
SHOWN = ("icon", "subtitle", "status")
#: What says where a build writes, where it is published, and how strictly it is built: what a
#: page is does not depend on it.
ELSEWHERE = {"site_dir", "site_url", "strict", "dev_addr", "config_file", "quiet", "verbose"}
#: Folder -> its memory: it lives between the builds of a server.
memories = {}


@dataclass
class Taken:
    """What one build knows of its pages; ``config.extra["taken"]``."""

    memory: Memory
    #: The source paths of the pages in the navigation, in its order.
    order: list[str]
    #: Digests of what all pages depend on, and of what all that is written depends on.
    base: str
    shell: str = ""
    #: A page's source path -> the key of what it is, and what was written.
    keys: dict[str, str] = field(default_factory=dict)
    written: dict[str, dict] = field(default_factory=dict)
    count: Counter = field(default_factory=Counter)


def begun(nav, config, files):
    """Before the first page is read."""
    root = Path(config.config_file_path).parent
    memory = memories.setdefault(root, Memory(root / ".cache/pages"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        said = [{k: v for k, v in c.items() if k not in ELSEWHERE} for c in config.user_configs]
    base = [
        *([name, folder(root / name)] for name in PROGRAMS),
        environment(),
        os.environ.get("SOURCE_DATE_EPOCH"),
        [repr(said), config.use_directory_urls],
        sorted((file.src_uri, file.url) for file in files),
    ]
    order = [page.file.src_uri for page in nav.pages]
    config.extra["taken"] = Taken(memory, order, digest(base))
    return nav


def said_how_many(config):
    """Say what a build had to do."""
    count = config.extra["taken"].count
    log.info(f"built {count[False]} pages, and took {count[True]} as they were")


def populated(page, config, files, dirty=False):
    """Read a page, or take what it is."""
    build, built = config.extra["taken"], config.extra["proofread"]
    uri = page.file.src_uri
    key = build.keys[uri] = digest([build.base, uri, made_of(page, built)])
    if known := build.memory.get(f"is/{uri}", key):
        restored(page, known, config, files)
        return
    with silent(built) as all_is_well:
        MKDOCS["_populate_page"](page, config, files, dirty)
    if all_is_well():
        build.memory.keep(f"is/{uri}", key, what_it_is(page, config))


def written(page, config, doc_files, nav, env, dirty=False, excluded=False):
    """Write a page, or take what was written."""
    build, built = config.extra["taken"], config.extra["proofread"]
    build.shell = build.shell or digest(shell(nav, config))
    uri, index = page.file.src_uri, config.plugins["material/search"].search_index
    key = digest([build.keys[uri], build.shell, excluded])
    known = build.memory.get(f"written/{uri}", key)
    build.count[known is not None] += 1
    if known:
        build.written[uri] = known
        index.entries += known["entries"]
        publish(Path(page.file.abs_dest_path), known["output"])
        return
    before = len(index.entries)
    with silent(built) as all_is_well:
        MKDOCS["_build_page"](page, config, doc_files, nav, env, dirty, excluded)
    build.written[uri]["entries"] = index.entries[before:]
    if all_is_well():
        build.memory.keep(f"written/{uri}", key, build.written[uri])


def kept(output, page, config):
    """Remember what is written of a page; the last of the steps that change it."""
    noted(page, config)["output"] = output
    return output


def noted(page, config):
    """Return what is remembered of a page that is being written, to add to it."""
    return config.extra["taken"].written.setdefault(page.file.src_uri, {})


def made_of(page, built):
    """Return all that only this page depends on."""
    if parsed := built.page(page):
        return built.ingredients.key(parsed)
    if text := built.notebooks.get(page.file.src_uri):
        name = built.snippet_of(page)
        return [text, built.ingredients.digest(name), built.report.anchors.get(name)]
    # Nobody read it, which a server says in each build.
    return time.monotonic_ns()


def shell(nav, config):
    """Return what surrounds all pages."""

    def item(one):
        meta = one.meta if one.is_page else {}
        shown = [repr(meta.get(word)) for word in SHOWN]
        children = [item(child) for child in one.children or ()]
        return [str(one.title), getattr(one, "url", None), shown, children]

    theme = folder(Path(config.config_file_path).parent / "theme")
    return [theme, config.site_url, [item(one) for one in nav.items]]


def what_it_is(page, config):
    """Return what is known of a page once it was read, as JSON can hold it."""
    uri, built = page.file.src_uri, config.extra["proofread"]
    links, anchors = page.links_to_anchors, page.present_anchor_ids
    return {
        "own": {name: vars(page)[name] for name in OWN if name in vars(page)},
        "toc": [token(entry) for entry in page.toc],
        "links": links and {file.src_uri: found for file, found in links.items()},
        "anchors": anchors and sorted(anchors),
        "twin": twin and list(twin) if (twin := config.extra["twins"].get(uri)) else None,
        "added": built.added.get(built.path(uri), []),
    }


#: What MkDocs keeps of a page just as it is.
OWN = ("markdown", "content", "meta", "title", "_title_from_render")


def restored(page, known, config, files):
    """Let a page be what it was."""
    uri, built = page.file.src_uri, config.extra["proofread"]
    vars(page).update(known["own"])
    page.meta = dict(page.meta)
    page.toc = get_toc(known["toc"])
    if known["links"] is not None:
        found = {files.get_file_from_path(path): links for path, links in known["links"].items()}
        page.links_to_anchors = found
    page.present_anchor_ids = known["anchors"] and set(known["anchors"])
    if known["twin"]:
        config.extra["twins"][uri] = Twin(*known["twin"])
    if known["added"]:
        built.added[built.path(uri)] = known["added"]


@contextmanager
def silent(built):
    """Tell whether nothing was said meanwhile: what is said once is to be said each time."""
    heard, before = [], len(built.said)
    listener = logging.Handler(logging.WARNING)
    listener.emit = heard.append
    logging.getLogger("mkdocs").addHandler(listener)
    try:
        yield lambda: not heard and len(built.said) == before
    finally:
        logging.getLogger("mkdocs").removeHandler(listener)


#: What is replaced: MkDocs' module, the function's name and its parameters, what takes its place.
REPLACED = (
    (mkdocs, "_populate_page", "page config files dirty", populated),
    (mkdocs, "_build_page", "page config doc_files nav env dirty excluded", written),
    (utils, "clean_directory", "directory", marked),
    (utils, "copy_file", "source_path output_path", copied),
)
#: The functions that were replaced, by name.
MKDOCS = {}


def replaced():
    """Put our functions in their places. Raises PluginError where MkDocs has others than known."""
    for module, name, parameters, ours in REPLACED:
        found = getattr(module, name, None)
        if found is ours:
            continue
        if not found or " ".join(inspect.signature(found).parameters) != parameters:
            place = f"{module.__name__}.{name}({parameters.replace(' ', ', ')})"
            raise PluginError(f"this MkDocs has no {place}, which pipeline/taken.py replaces")
        MKDOCS[name] = found
        setattr(module, name, ours)
