"""A whole page on the site: its Markdown with the pieces in it, then its HTML with them dressed."""

import json
from collections.abc import Iterable
from contextlib import suppress
from html import escape

from proofread.fault import Fault, FaultError
from proofread.judge.bind import Seen
from proofread.judge.verdict import FAILED
from proofread.judge.witness import Placed
from proofread.read.snippet import Snippet, is_notebook
from proofread.show import frame

#: Where on the site the executed notebooks are.
NOTEBOOKS = "notebooks"


def markdown(seen: Seen) -> str:
    """Expand a page for the site. What cannot be shown is left to ``html`` to explain."""
    return "".join(p if isinstance(p, str) else _careful(p, seen) for p in seen.page.pieces)


def html(html: str, seen: Seen, faults: list[Fault]) -> str:
    """Dress the pieces of a page's HTML, and put its faults on top.

    Adds to ``faults`` those pieces that are not on the page, exactly once.
    """
    for piece in seen.page.pieces:
        if not isinstance(piece, str):
            try:
                html = piece.html(html, seen)
            except FaultError as error:
                faults.append(error.fault)
    verdicts = [v for name in seen.page.names if (v := seen.report.verdicts.get(name))]
    # Below its title; a page that has none begins with it.
    title, end, rest = html.partition("</h1>") if "</h1>" in html else ("", "", html)
    html = f"{title}{end}{_run_it(seen)}{rest}"
    return frame.failure(faults) + html + _stamp(verdicts, seen, faults)


def notebook(html: str, name: str, seen: Seen) -> str:
    """Lead from a notebook's page to the page that explains it, and to the files."""
    path, _ = seen.report.anchors.get(name, (None, ""))
    file = name.rpartition("/")[2].removesuffix(".py")
    lead = f'<a href="{seen.link(path)}">The page that explains it</a> · ' if path else ""
    lead += f'<a href="{file}.ipynb" download>Notebook</a> · '
    lead += f'<a href="{seen.link(f"snippets/{name}")}" download="{file}.py">Script</a>'
    stamp = _stamp([seen.report.verdicts[name]], seen, [])
    return f'<p class="lead">{lead}</p>{html}{stamp}'


def placed(seen: Seen, source: str, added: Iterable[str] = ()) -> Placed:
    """Tell what stands on a page, given its source, and texts that others have asserted."""
    found = Placed(seen.page.path, source.split("\n"), words=list(added))
    for piece in seen.page.pieces:
        if not isinstance(piece, str):
            with suppress(FaultError):  # It is said on the page already.
                piece.place(found, seen)
    return found


def placed_notebook(snippet: Snippet, notebook: str) -> Placed:
    """Tell what stands on a notebook's page: its cells, and what they printed."""
    cells = json.loads(notebook)["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    printed = ["".join(output.get("text", "")) for output in outputs]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    # What they show in words is read on the page that draws them.
    drawn = [
        o["metadata"]["image/svg+xml"]["alt"]
        for o in outputs
        if "image/svg+xml" in o.get("data", ())
    ]
    stands = (snippet.path, snippet.text.split("\n"))
    words = [*printed, *drawn]
    return Placed(*stands, loose=[*code, *printed], words=words, drawings=len(drawn))


def _careful(piece, seen):
    try:
        return piece.markdown(seen)
    except FaultError:
        return "**?**"


def _run_it(seen):
    """Lead from a page to the notebooks whose own work it shows; a value in prose does not."""
    pieces = [piece for piece in seen.page.pieces if hasattr(piece, "anchor")]
    shown = [seen.snippet(name) for piece in pieces for name in piece.names]
    names = dict.fromkeys(s.name for s in shown if s and is_notebook(s))
    return "".join(_notebook_links(name, seen) for name in names)


def _notebook_links(name, seen):
    folder, _, file = name.removesuffix(".py").rpartition("/")
    page = seen.link(f"{NOTEBOOKS}/{folder}/{file}.ipynb")
    return (
        f'<p class="lead"><strong>Run it yourself:</strong> '
        f'<a href="{page}">executed notebook</a>, '
        f'<a href="{page}{file}.ipynb" download>as .ipynb</a>, '
        f'<a href="{seen.link(f"snippets/{name}")}" download="{file}.py">as .py</a></p>'
    )


def _stamp(verdicts, seen, faults):
    report = seen.report
    failed = faults or any(verdict.status == FAILED for verdict in verdicts)
    ran = [report.date(v) for v in verdicts or report.verdicts.values() if v.outcome]
    env = report.environment
    python, date = env["Python"].split()[0], min(ran, default="")
    what = "Not verified" if failed else "Verified"
    return (
        f'<p class="verified"><a href="{seen.link("verified.json")}">{what}</a> with PyTorch '
        f"{escape(env['torch'])}, Python {python} on {escape(env['platform'])}, {date}</p>"
    )
