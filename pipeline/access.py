"""A MkDocs hook: names and roles for screen readers, where Material and Markdown leave them out."""

import re

from mkdocs.plugins import event_priority

SEARCH = 'data-md-component="search" role="dialog"'
#: A part of the navigation, and the heading that it begins with.
PART = re.compile(
    r'(<nav class="md-nav" data-md-level="\d" aria-)labelledby="(__nav_[\d_]+)_label"'
    r'([^>]*>\s*<label class="md-nav__title" for="\2">\s*<span[^>]*></span>\s*(.*?)\s*</label>)',
    re.DOTALL,
)


def on_page_content(html, **_):
    """The empty corner of a table heads nothing; it is a cell like others."""
    return html.replace("<th></th>", "<td></td>")


@event_priority(-100)
def on_post_page(output, **_):
    """Name what every page has."""
    return named(output)


@event_priority(-100)
def on_post_template(output_content, template_name, **_):
    """The same for the page that says that there is no such page."""
    return named(output_content) if template_name.endswith(".html") else output_content


def named(html):
    """Name the search, and each part of the navigation: a part with a page of its own has none."""
    html = html.replace(SEARCH, f'{SEARCH} aria-label="Search"')
    return PART.sub(r'\1label="\4"\3', html)
