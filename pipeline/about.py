"""What a page says of itself: to search engines, to who cites it or corrects it."""

from urllib.parse import urlencode

from pipeline.search import bound
from proofread.judge.messages import front

#: The whole site's author, as CITATION.cff has it.
AUTHOR = "The authors of Double backpropagation in PyTorch"


def words(env):
    """Give the templates their words."""
    env.filters.update(structured=structured, citation=citation, report_url=report_url)
    return env


def structured(page, config):
    """Return schema.org's description of a page: an article, and the way to it."""
    way = [("Home", config.site_url)]
    for parent in reversed(page.ancestors):
        index = next(
            (child for child in parent.children if getattr(child, "is_index", False)), None
        )
        if index and index is not page:
            way.append((parent.title, index.canonical_url))
    if not page.is_homepage:
        way.append((str(page.title), page.canonical_url))
    article = {
        "@type": "TechArticle",
        "headline": str(page.meta.get("title") or page.title),
        "description": page.meta.get("description", config.site_description),
        "url": page.canonical_url,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "author": {"@type": "Organization", "name": AUTHOR},
        "about": "PyTorch",
    }
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(way, start=1)
        ],
    }
    return {"@context": "https://schema.org", "@graph": [article, crumbs, *question(page, config)]}


def question(page, config):
    """Yield what a reader sees, and the cause and the fix, where a page begins with that."""
    built = config.extra["proofread"]
    parsed = built.page(page)
    if parsed and (texts := front(parsed)).whose:
        said = [
            bound(parsed, key, getattr(texts, key), built.report).replace("`", "")
            for key in ("symptom", "cause", "fix")
        ]
        answer = {"@type": "Answer", "text": " ".join(said[1:])}
        asked = {"@type": "Question", "name": said[0], "acceptedAnswer": answer}
        yield {"@type": "FAQPage", "mainEntity": [asked]}


def citation(page, config):
    """Return a BibTeX entry for a page, with the PyTorch that it was verified with."""
    key = page.url.strip("/").replace("/", "-") or "double-backpropagation"
    torch = config.extra["environment"]["torch"].partition("+")[0]
    return "\n".join(
        [
            f"@misc{{{key},",
            f"  title        = {{{page.meta.get('title') or page.title}}},",
            f"  author       = {{{{{AUTHOR}}}}},",
            f"  howpublished = {{{config.site_name}}},",
            f"  url          = {{{page.canonical_url}}},",
            f"  note         = {{Every output verified with PyTorch {torch}}},",
            "}",
        ]
    )


def report_url(page, config):
    """Return the address of a new issue that names the page and the versions."""
    environment = config.extra["environment"]
    body = "\n".join(
        [
            f"Page: {page.canonical_url}",
            f"Verified with: PyTorch {environment['torch']}, Python {environment['Python']}, "
            f"{environment['platform']}",
            "",
            "The output that is wrong on the page, and what you see instead:",
            "",
            "Your versions (python -m torch.utils.collect_env):",
        ]
    )
    words = urlencode({"title": f"Wrong output: {page.title}", "body": body})
    return f"{config.repo_url.rstrip('/')}/issues/new?{words}"
