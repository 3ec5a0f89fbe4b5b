"""The one MkDocs hook of this site: each event is a list of steps, in the order in which they run.

A step takes what the one before it made, and the build; nothing is kept but on the build.
"""

from functools import reduce

from mkdocs.plugins import CombinedEvent, event_priority

from pipeline import (
    about,
    explorable,
    folder,
    font,
    machine,
    markdown,
    moved,
    notebooks,
    offline,
    paper,
    policy,
    preview,
    reload,
    search,
    spaces,
    tables,
    taken,
    templates,
    twins,
    versions,
)
from proofread import hook as engine

CONFIG = (offline.own_worker, explorable.one_script, markdown.dressed)
FILES = (explorable.joined, spaces.uncommented, notebooks.as_pages)
ENV = (about.words, templates.patched)
PAGE_MARKDOWN = (engine.on_page_markdown, versions.noted, twins.kept)
PAGE_CONTENT = (notebooks.cleaned, engine.on_page_content)
POST_PAGE = (
    notebooks.in_colab,
    paper.kept,
    font.kept,
    spaces.folded,
    policy.protected,
    engine.on_post_page,
    taken.kept,
)
POST_TEMPLATE = (policy.protected_template, engine.on_post_template)
POST_BUILD = (
    engine.on_post_build,
    tables.styled,
    font.subset,
    preview.drawn,
    notebooks.published,
    twins.written,
    machine.written,
    paper.written,
    moved.written,
    search.described,
)
#: When all others have written what they write.
END = (folder.swept, taken.said_how_many)

on_shutdown, on_pre_build = engine.on_shutdown, engine.on_pre_build
on_page_read_source = engine.on_page_read_source


def on_startup(command, dirty):
    """Before MkDocs' own functions are looked up."""
    engine.on_startup(command, dirty)
    taken.replaced()


def in_turn(steps, value, **build):
    """Let each step make something of what the one before it made."""
    return reduce(lambda made, step: step(made, **build), steps, value)


def on_config(config):
    """Before anything is read."""
    return in_turn(CONFIG, config)


def on_files(files, config):
    """When MkDocs has found its files."""
    return in_turn(FILES, engine.on_files(files, config), config=config)


def on_nav(nav, config, files):
    """Begin what is gathered page by page, in the order of the navigation."""
    engine.on_nav(nav, config, files)
    config.extra["anchors"] = {p.file.dest_uri: paper.anchor(p.file.dest_uri) for p in nav.pages}
    config.extra["twins"] = {page.file.src_uri: None for page in nav.pages}
    return taken.begun(nav, config, files)


def on_env(env, config, files):
    """Before the first page is put into a template."""
    return templates.kept(in_turn(ENV, env), config)


def on_serve(server, config, builder):
    """Before a server starts, when the site was built."""
    return reload.begun(server, config, builder)


def on_pre_page(page, config, files):
    """Before a page is read."""
    return notebooks.kept(page, config, files)


@event_priority(100)
def on_page_markdown(text, page, config, files):
    """Markdown to Markdown."""
    return in_turn(PAGE_MARKDOWN, text, page=page, config=config, files=files)


@event_priority(100)
def on_page_content(html, page, config, files):
    """The page's own HTML."""
    return in_turn(PAGE_CONTENT, html, page=page, config=config, files=files)


@event_priority(-100)
def on_post_page(output, page, config):
    """The whole file, when all that others write is in it."""
    return in_turn(POST_PAGE, output, page=page, config=config)


@event_priority(-100)
def on_post_template(output, template_name, config):
    """A file that is no page: the one for addresses that lead nowhere."""
    return in_turn(POST_TEMPLATE, output, template_name=template_name, config=config)


@event_priority(-50)
def _after_search(config):
    """After the search has written its index, and before Material copies that for the disk."""
    for step in POST_BUILD:
        step(config)


@event_priority(-200)
def _at_last(config):
    for step in END:
        step(config)


on_post_build = CombinedEvent(_after_search, _at_last)
