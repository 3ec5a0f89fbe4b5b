"""The whole site as one page, ``print/``, for paper or a PDF.

It is put together from the pages as they were built, so it says nothing that they do not say.
"""

import html
import itertools
import operator
import posixpath
import re
from pathlib import Path
from urllib.parse import urldefrag

from pipeline.html import whole
from pipeline.taken import noted
from proofread.hook import publish

PAGE = "print/index.html"
#: What only a screen has: buttons, links to a heading, the page's own foot.
SCREEN = "a.headerlink, aside.colophon, script, button, p.verified"
#: Attributes that name an element of the same page, several of them with spaces between.
NAMES = ("id", "for", "name", "aria-labelledby", "aria-describedby", "aria-controls")
LINKS = ("href", "src", "xlink:href")
#: A part of a drawing that another part uses, by its name.
PART = re.compile(r"url\(#([^)]+)\)")
#: It runs no script.
RULES = (
    "default-src 'none'; font-src 'self'; img-src 'self' data:; "
    "style-src 'self'; style-src-attr 'unsafe-inline'"
)
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{rules}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}: all of it on one page</title>
<meta name="description" content="{about}">
{styles}
</head>
<body class="paper" data-md-color-scheme="default" data-md-color-primary="custom">
<main class="md-typeset md-content">
<header>
<h1>{title}</h1>
<p>{about}</p>
<p class="verified">{copyright} {where}.</p>
</header>
<nav aria-label="Contents">
{contents}
</nav>
"""


def kept(output, page, config):
    """Keep the page's section when all that writes HTML is done; the notebooks are not in it."""
    anchors = config.extra["anchors"]
    if page.file.dest_uri in anchors:
        door = page.ancestors[-1].title if page.ancestors else ""
        section = apart(output, page.file.dest_uri, anchors)
        noted(page, config)["paper"] = [page.file.dest_uri, door, str(page.title), section]
    return output


def written(config):
    """Write the page that holds them all."""
    build = config.extra["taken"]
    pages = [build.written[uri] for uri in build.order]
    publish(Path(config.site_dir, PAGE), together(pages, config))


def together(pages, config):
    """Return the page of all ``pages``, as they were noted."""
    anchors, output = config.extra["anchors"], pages[0]["output"]
    sections = [page["paper"] for page in pages]
    styles = [
        f'<link rel="{link.attrs["rel"]}" href="{target(sections[0][0], link.attrs["href"], {})}">'
        for link in whole(output).css("link[rel=stylesheet], link[rel=icon]")
    ]
    head = HEAD.format(
        rules=RULES,
        title=html.escape(config.site_name),
        about=html.escape(config.site_description),
        copyright=config.copyright,
        where="Verified with PyTorch {torch}, Python {Python}, {platform}".format(
            **config.extra["environment"]
        ),
        styles="\n".join(styles),
        contents=listed(sections, anchors),
    )
    parts = [
        f'<section id="{anchors[uri]}" aria-label="{html.escape(title)}">{section}</section>\n'
        for uri, _, title, section in sections
    ]
    return head + "".join(parts) + "</main>\n</body>\n</html>\n"


def listed(pages, anchors):
    """Name each page, those of a door below its name."""
    lines = []
    for door, group in itertools.groupby(pages, key=operator.itemgetter(1)):
        named = [
            f'<li><a href="#{anchors[uri]}">{html.escape(title)}</a></li>'
            for uri, _, title, _ in group
        ]
        heading = f"<h2>{html.escape(door)}</h2>" if door else ""
        lines += [f"{heading}<ul>", *named, "</ul>"]
    return "\n".join(lines)


def anchor(uri):
    """Name a page within the one page: ``pitfalls-norm-at-zero``."""
    name = uri.removesuffix("index.html").removesuffix(".html").strip("/")
    return name.replace("/", "-") or "home"


def apart(output, uri, anchors):
    """Return a page's content with names of its own, and links that lead within the one page."""
    article, own = whole(output).css_first("article"), anchors[uri]
    for node in article.css(SCREEN):
        node.decompose()
    for node in article.css("*"):
        for name, value in node.attributes.items():
            if name in NAMES:
                node.attrs[name] = " ".join(f"{own}--{part}" for part in (value or "").split())
            elif name in LINKS:
                node.attrs[name] = target(uri, value or "", anchors)
            elif value and "url(#" in value:
                node.attrs[name] = PART.sub(rf"url(#{own}--\1)", value)
    return article.inner_html


def target(uri, href, anchors):
    """Return where a link of the page at ``uri`` leads, as the one page says it."""
    path, fragment = urldefrag(href)
    if ":" in path or path.startswith("/"):
        return href
    place = posixpath.normpath(posixpath.join(posixpath.dirname(uri), path)) if path else uri
    if path.endswith("/") or place == ".":
        place = posixpath.normpath(posixpath.join(place, "index.html"))
    if place in anchors:
        return f"#{anchors[place]}--{fragment}" if fragment else f"#{anchors[place]}"
    return posixpath.relpath(place, posixpath.dirname(PAGE)) + (f"#{fragment}" if fragment else "")
