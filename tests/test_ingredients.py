"""Each page of this site is the same, whether its pieces see everything or its part alone."""

from proofread.judge.bind import Seen
from proofread.show import render
from proofread.show.frame import Frame
from proofread.show.kinds import Include, Made


def link(target):
    return f"/{target}"


def shown(page, report):
    """What a page is written from a report: Markdown, what stands on it, and its frames."""
    seen = Seen(page, report, link)
    frames = []
    for piece in page.of(Include):
        snippet = seen.snippet(piece.name, piece.section)
        code = snippet.code(*snippet.span(piece.section))
        frames.append(Frame(piece, seen).around(f"<pre><code>{code}</code></pre>"))
    return render.markdown(seen), render.placed(seen, ""), frames


def test_a_page_is_written_from_its_part(project, report):
    """A page without lists sees only its own snippets, and those that they are compared with."""
    ingredients = project.ingredients(report)
    parts = {path: ingredients.part(page) for path, page in report.pages.items()}
    own = {path for path, page in report.pages.items() if page.names and not page.of(Made)}
    assert {path for path, part in parts.items() if part is not report} == own
    for path, page in report.pages.items():
        if parts[path] is not report:
            assert shown(page, parts[path]) == shown(page, report), path
