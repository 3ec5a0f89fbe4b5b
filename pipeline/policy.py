"""A MkDocs hook: a Content-Security-Policy in each page. Nothing is loaded from elsewhere."""

import base64
import hashlib
import re

from mkdocs.plugins import event_priority

#: Scripts that stand in the page: Material's own, a few lines each. Data is no script.
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
#: Drawings keep their colors in style attributes; no style may come from a script or elsewhere.
RULES = (
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "worker-src 'self'",
)


@event_priority(-200)
def on_post_page(output, config, **_):
    """Allow the page's own files, and the scripts that stand in it, by their hashes.

    On the disk there is no origin to allow, and nothing to be protected from.
    """
    return output if config.plugins["material/offline"].config.enabled else protected(output)


@event_priority(-200)
def on_post_template(output_content, template_name, **_):
    """The same for the page that says that there is no such page."""
    return protected(output_content) if template_name.endswith(".html") else output_content


def protected(html):
    """Return the page with its policy as the first thing that it says."""
    rules = "; ".join([*RULES, f"script-src 'self' {' '.join(hashes(html))}"])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{meta}', 1)


def hashes(html):
    """Return what CSP level 3 names a script in the page by, once each."""
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE.findall(html))
    return sorted({f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
