"""Each page of the site says what a browser may load, and which scripts it may run."""

import base64
import hashlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, SoupStrainer

RULES = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "connect-src": {"'self'"},
    "font-src": {"'self'"},
    "form-action": {"'none'"},
    "img-src": {"'self'", "data:"},
    "manifest-src": {"'self'"},
    "style-src": {"'self'"},
    "style-src-attr": {"'unsafe-inline'"},
    "worker-src": {"'self'"},
}
#: The parts of a page that say or break its policy; the rest of a large page takes long to read.
SAYS = SoupStrainer(["head", "meta", "base", "script"])
#: What the page for paper needs: it has no script at all.
PAPER = ("default-src", "font-src", "img-src", "style-src", "style-src-attr")
#: Each breaks a page in one way.
BREAKS = {
    "no policy": lambda html: html.replace("Content-Security-Policy", "Refresh", 1),
    "later": lambda html: html.replace('<meta charset="utf-8">', '<meta charset="utf-8"><base>', 1),
    "another script": lambda html: html.replace("</head>", "<script>let a = 1</script></head>", 1),
    "a hash too many": lambda html: html.replace("script-src", "script-src 'sha256-AAAA'", 1),
    "a wider rule": lambda html: html.replace("connect-src 'self'", "connect-src *", 1),
    "twice": lambda html: html.replace("</head>", "<meta http-equiv='content-security-policy'>", 1),
}


def faults(html, paper=False):
    """Say what is wrong with the policy of a page, or ""."""
    page = BeautifulSoup(html, "html.parser", parse_only=SAYS)
    first, second = [part for part in page.head.children if part.name][:2]
    if not first.get("charset") or second.get("http-equiv") != "Content-Security-Policy":
        return "the policy is not what the page says first, after its charset"
    policies = [m for m in page("meta") if m.get("http-equiv", "").lower().startswith("content-s")]
    if len(policies) != 1:
        return "two policies"
    rules = dict(rule.split(" ", 1) for rule in second["content"].split("; "))
    scripts = {"'self'", *map(digest, filter(stands_in_page, page("script")))}
    said = {name: set(sources.split()) for name, sources in rules.items()}
    if paper and not page("script"):
        return "" if said == {name: RULES[name] for name in PAPER} else str(said)
    return "" if said == {**RULES, "script-src": scripts} else f"{said}, but {scripts}"


def stands_in_page(script):
    """Data is no script."""
    return not script.get("src") and script.get("type", "module") in ("module", "text/javascript")


def digest(script):
    found = hashlib.sha256("".join(script.strings).encode()).digest()
    return f"'sha256-{base64.b64encode(found).decode()}'"


def test_each_page_has_its_policy(site):
    """First thing in the head, after the charset; with the scripts in the page by their hashes."""
    pages = {path.relative_to(site).as_posix(): path for path in Path(site).rglob("*.html")}
    assert {"index.html", "404.html", "print/index.html"} <= {*pages}
    wrong = {}
    for name, path in pages.items():
        found = faults(path.read_text(encoding="utf-8"), paper=name == "print/index.html")
        wrong |= {name: found} if found else {}
    assert wrong == {}


@pytest.mark.parametrize("name", BREAKS)
def test_a_page_without_it_is_found(site, name):
    """Whatever is taken from it or added."""
    html = Path(site, "index.html").read_text(encoding="utf-8")
    broken = BREAKS[name](html)
    assert broken != html
    assert faults(html) == ""
    assert faults(broken)


def test_a_browser_obeys(browser, address, ready):
    """A script that was not written by the site does not run, and nothing is asked elsewhere."""
    page = browser.new_page(base_url=address)
    ready(page, "/")
    blocked = page.evaluate("""() => new Promise((done) => {
        const told = []
        document.addEventListener("securitypolicyviolation", (event) => {
          told.push(event.effectiveDirective)
          if (told.length === 2) done(told.sort())
        })
        document.head.append(Object.assign(document.createElement("script"), { text: "ran = 1" }))
        fetch("http://elsewhere.invalid/").catch(() => 0)
    })""")
    ran = page.evaluate("typeof ran")
    page.close()
    assert blocked == ["connect-src", "script-src-elem"]
    assert ran == "undefined"
