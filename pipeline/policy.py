"""A Content-Security-Policy in each page. Nothing is loaded from elsewhere."""

import base64
import hashlib

from pipeline.html import once, whole

CHARSET = '<meta charset="utf-8">'
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


def protected(output, page, config):
    """Allow the page's own files, and the scripts that stand in it, by their hashes.

    On the disk there is no origin to allow, and nothing to be protected from.
    """
    off = config.plugins["material/offline"].config.enabled
    return output if off else with_policy(output, page.file.src_uri)


def protected_template(output, template_name, config):
    """The same for the page that says that there is no such page."""
    return with_policy(output, template_name) if template_name.endswith(".html") else output


def with_policy(html, where):
    """Return the page with its policy as the first thing that it says."""
    rules = "; ".join([*RULES, f"script-src 'self' {' '.join(hashes(html))}"])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    return once(html, CHARSET, CHARSET + meta, where)


def hashes(html):
    """Return what CSP level 3 names a script in the page by, once each; data is no script."""
    scripts = whole(html).css("script:not([src]):not([type])")
    digests = (hashlib.sha256(script.text().encode()).digest() for script in scripts)
    return sorted({f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests})
