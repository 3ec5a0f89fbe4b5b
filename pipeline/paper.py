"""A MkDocs hook: the whole site as one page, ``print/``, for paper or a PDF.

It is put together from the pages as they were built, so it says nothing that they do not say.
"""

import html
import itertools
import operator
import posixpath
import re
from pathlib import Path
from urllib.parse import urldefrag

from mkdocs.plugins import event_priority

PAGE = "print/index.html"
ARTICLE = re.compile(r"<article[^>]*>(.*)</article>", re.DOTALL)
STYLES = re.compile(r'<link rel="(stylesheet|icon)" href="([^"]+)"')
#: What only a screen has: buttons, links to a heading, the page's own foot.
SCREEN = re.compile(
    r'<a class="headerlink".*?</a>|<aside class="colophon".*?</aside>|<script.*?</script>'
    r'|<button.*?</button>|<p class="verified".*?</p>',
    re.DOTALL,
)
TAG = re.compile(r"<[a-zA-Z][^>]*>")
#: Attributes that name an element of the same page, several of them with spaces between.
NAMES = re.compile(r'\s(id|for|name|aria-labelledby|aria-describedby|aria-controls)="([^"]*)"')
LINKS = re.compile(r'\s(href|src|xlink:href)="([^"]*)"')
PIECES = re.compile(r"url\(#([^)]+)\)")
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

_pages = {}


def on_nav(nav, **_):
    """Begin anew, in the order of the navigation; the notebooks are not in it."""
    _pages.clear()
    _pages.update((page.url, None) for page in nav.pages)
    return nav


@event_priority(-100)
def on_post_page(output, page, **_):
    """Keep the page when all that writes HTML is done."""
    if page.url in _pages:
        door = page.ancestors[-1].title if page.ancestors else ""
        _pages[page.url] = (page.file.dest_uri, door, str(page.title), output)
    return output


@event_priority(-100)
def on_post_build(config, **_):
    """Write the page that holds them all."""
    file = Path(config.site_dir, PAGE)
    file.parent.mkdir(exist_ok=True)
    file.write_text(whole(list(filter(None, _pages.values())), config), encoding="utf-8")


def whole(pages, config):
    """Return the page of all ``pages``: (where it lies in the site, its door, its title, HTML)."""
    anchors = {uri: anchor(uri) for uri, *_ in pages}
    styles = [
        f'<link rel="{kind}" href="{target(pages[0][0], href, {})}">'
        for kind, href in STYLES.findall(pages[0][3])
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
        contents=listed(pages, anchors),
    )
    parts = [
        f'<section id="{anchors[uri]}" aria-label="{html.escape(title)}">'
        f"{apart(ARTICLE.search(output)[1], uri, anchors)}</section>\n"
        for uri, _, title, output in pages
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


def apart(content, uri, anchors):
    """Return a page's content with names of its own, and links that lead within the one page."""
    own = anchors[uri]

    def names(match):
        return f' {match[1]}="{" ".join(f"{own}--{name}" for name in match[2].split())}"'

    def links(match):
        return f' {match[1]}="{target(uri, match[2], anchors)}"'

    def tag(match):
        text = LINKS.sub(links, NAMES.sub(names, match[0]))
        return PIECES.sub(rf"url(#{own}--\1)", text)

    return TAG.sub(tag, SCREEN.sub("", content))


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
