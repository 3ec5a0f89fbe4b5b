"""Old addresses of pages lead on: at each lies a page with nothing but the way."""

from html import escape
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.utils import get_relative_url

from pipeline import policy
from pipeline.folder import MARK
from pipeline.html import whole
from proofread.hook import publish

PAGE = (
    '<!doctype html><html lang="en"><head>{charset}<title>Moved</title>'
    '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
    '<link rel="canonical" href="{canonical}"><meta http-equiv="refresh" content="0; url={way}">'
    '</head><body><main><h1>This page has moved</h1><p><a href="{way}">{title}</a></p></main>'
    "</body></html>"
)


def written(config):
    """Write a page for each line of ``extra: moved:`` in mkdocs.yml, from an old address to a new.

    Raises PluginError if there is no such new place, or if a page has the old address.
    """
    if not config.use_directory_urls:
        return  # What is read from the disk has no old addresses.
    for old, new in config.extra.get("moved", {}).items():
        where, (path, _, anchor) = f"mkdocs.yml: moved: {old}", new.partition("#")
        target, file = (Path(config.site_dir, one, "index.html") for one in (path, old))
        there = whole(target.read_text(encoding="utf-8")) if target.is_file() else whole("")
        ids = {node.attributes["id"] for node in there.css("[id]")}
        if not target.is_file() or (anchor and anchor not in ids):
            raise PluginError(f"{where}: there is no {new}")
        if file.is_file() and file.stat().st_mtime != MARK:
            raise PluginError(f"{where}: there is a page")
        html = PAGE.format(
            charset=policy.CHARSET,
            canonical=escape(f"{config.site_url}{new}"),
            way=escape(get_relative_url(new, old)),
            title=escape(there.css_first("h1").text(strip=True)),
        )
        publish(file, policy.with_policy(html, where))
