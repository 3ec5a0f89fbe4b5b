"""How a snippet looks on the site: what is wrong or raises, what was asserted, what failed.

Before the Markdown extensions run, each include becomes a fence with an id; afterwards the
highlighted block with that id is framed.
"""

import re
from functools import partial
from html import escape

from proofread.fault import FaultError
from proofread.judge.bind import alternative, bound_text, drawing, graph_stated, subgraph
from proofread.judge.verdict import FAILED, NOT_RUN
from proofread.read.page import Bound, Figure, Graph, Include, Listing, fence
from proofread.read.snippet import is_notebook
from proofread.show.draw import svg
from proofread.show.expand import graph_text
from proofread.show.figure import inline
from proofread.show.lists import listing

#: Where on the site the executed notebooks are.
NOTEBOOKS = "notebooks"
#: Where Pygments' block ends.
BLOCK_END = "</pre></div>"
#: Pygments' classes for comments, which is what expectations are.
COMMENT = re.compile(r'<span class="(c1|ch)">#(&gt;|!)')
#: Code in what a graph shows.
CODE = re.compile(r"`([^`]+)`")
KINDS = {"&gt;": "says", "!": "raises"}


def markdown(page, report):
    """Expand a page for the site. What cannot be shown is left to ``frame`` to explain."""

    def code(piece):
        snippet = _snippet(piece, report)
        first, last = snippet.span(piece.section) if snippet else (1, 0)
        text = snippet.code(first, last) if snippet else "# cannot be shown\n"
        return fence(piece.indent, f" {{ .python #{piece.anchor} }}", text)

    def careful(make, otherwise="**?**"):
        def made(piece):
            try:
                return make(piece)
            except FaultError:
                return otherwise

        return made

    says = careful(lambda piece: escape(alternative(piece, report.verdicts, page)), "")

    def figure(piece):
        return (
            f'{piece.indent}<span class="figure" id="{piece.anchor}" title="{says(piece)}"></span>'
        )

    def graph(piece):
        return fence(piece.indent, f" {{ .text #{piece.anchor} }}", graph_text(piece))

    value = careful(lambda piece: bound_text(piece, report.verdicts, page))
    made = careful(lambda piece: listing(piece, page, report))
    return page.expand({Include: code, Bound: value, Figure: figure, Graph: graph, Listing: made})


def warnings(page, report):
    """Return {anchor: what is wrong} of the page's blocks that nobody should copy."""
    found = {piece.anchor: _snippet(piece, report) for piece in page.includes}
    return {anchor: str(code.wrong) for anchor, code in found.items() if code and code.wrong}


def frame(html, page, report, faults, link):
    """Frame each snippet of a page's HTML; put faults of the page itself on top.

    ``link`` gives the relative URL of a page's source path or of a file of the site.
    """
    for piece in page.includes:
        html = _replaced(html, piece, "python", _Frame(piece, report, link).around)
    for piece in page.graphs:
        html = _replaced(html, piece, "text", lambda _, piece=piece: _graph(piece, page, report))
    for piece in page.figures:
        html = _draw(html, piece, page, report)
    html = _below_title(html, _run_it(page, report, link))
    verdicts = [report.verdicts[name] for name in page.names if name in report.verdicts]
    return _failure(faults) + html + _stamp(verdicts, report, faults, link)


def frame_notebook(html, name, report, link):
    """Lead from a notebook's page to the page that explains it, and to the files."""
    path, _ = report.anchors.get(name, (None, ""))
    file = name.rpartition("/")[2].removesuffix(".py")
    lead = f'<a href="{link(path)}">The page that explains it</a> · ' if path else ""
    lead += f'<a href="{file}.ipynb" download>Notebook</a> · '
    lead += f'<a href="{link(f"snippets/{name}")}" download="{file}.py">Script</a>'
    stamp = _stamp([report.verdicts[name]], report, (), link)
    return f'<p class="lead">{lead}</p>{html}{stamp}'


def _replaced(html, piece, language, make):
    """Replace a highlighted block by what ``make`` makes of it."""
    at = html.find(f'id="{piece.anchor}" class="language-{language}')
    start, end = html.rfind("<div", 0, at), html.find(BLOCK_END, at) + len(BLOCK_END)
    return html[:start] + make(html[start:end]) + html[end:]


def _graph(piece, page, report):
    """Draw an autograd graph, with what it shows and how to read it."""
    try:
        graph_stated(piece, report.verdicts, page)
        graph = subgraph(piece, report.verdicts, page)
        drawn = svg(graph, piece.anchor, piece.caption.replace("`", ""))
    except FaultError as error:
        return _failure([error.fault])
    cut = any(graph.nodes[number].missing for number in graph.reached)
    dashed = " Red and dashed with a ✗: no edge, though its code names that tensor." if cut else ""
    asserted = _mark("✓", "asserted", "Its nodes, edges and values were asserted in this build")
    caption = CODE.sub(r"<code>\1</code>", escape(piece.caption))
    return (
        f'<figure class="graph" id="{piece.anchor}" data-search-exclude>'
        f'<div class="graph-box" tabindex="0" role="group" aria-label="Graph">{drawn}</div>'
        f"<figcaption>{caption} "
        f"<small>Arrows go the way of the backward pass.{dashed} {asserted}</small>"
        "</figcaption></figure>"
    )


def _draw(html, piece, page, report):
    """Put a figure's drawing in its place."""
    place = re.compile(rf'(<p>)?<span class="figure" id="{piece.anchor}"[^>]*></span>(?(1)</p>)')
    try:
        svg = drawing(piece, report.verdicts, page)
        text = alternative(piece, report.verdicts, page)
    except FaultError as error:
        framed = _failure([error.fault])
    else:
        drawn = inline(svg, piece.anchor, text)
        framed = f'<figure class="drawing" tabindex="0" id="{piece.anchor}">{drawn}</figure>'
    return place.sub(lambda _: framed, html)


def _below_title(html, added):
    head, end, rest = html.partition("</h1>")
    return f"{head}{end}{added}{rest}" if end else html


def _run_it(page, report, link):
    """Lead from a page to the notebook whose code it shows."""
    verdicts = [report.verdicts.get(piece.name) for piece in (*page.includes, *page.figures)]
    shown = {v.name: v for v in verdicts if v and v.snippet and is_notebook(v.snippet)}
    return "".join(map(partial(_notebook_links, link=link), shown))


def _notebook_links(name, link):
    folder, _, file = name.removesuffix(".py").rpartition("/")
    page = link(f"{NOTEBOOKS}/{folder}/{file}.ipynb")
    return (
        f'<p class="lead"><strong>Run it yourself:</strong> '
        f'<a href="{page}">executed notebook</a>, '
        f'<a href="{page}{file}.ipynb" download>as .ipynb</a>, '
        f'<a href="{link(f"snippets/{name}")}" download="{file}.py">as .py</a></p>'
    )


class _Frame:
    """The frame around one snippet."""

    def __init__(self, piece, report, link):
        self.piece, self.link, self.report = piece, link, report
        self.verdict = report.verdicts.get(piece.name)
        self.snippet = _snippet(piece, report)

    def around(self, block):
        if not self.snippet:
            faults = self.verdict.faults if self.verdict else ()
            return f'<figure class="snippet">{block}{_failure(faults)}</figure>'
        block = COMMENT.sub(lambda m: f'<span class="{m[1]} {KINDS[m[2]]}">#{m[2]}', block)
        kind, caption = self._caption()
        whole = f' data-copy="{escape(self.snippet.whole())}"' if self.piece.section else ""
        return (
            f'<figure class="snippet{kind}"{whole}>{caption}{block}'
            f"{_failure(self.verdict.faults)}{self._foot()}</figure>"
        )

    def _caption(self):
        snippet = self.snippet
        if snippet.wrong:
            text = f"{escape(str(snippet.wrong))}. {self._right()}"
            return " wrong", _figcaption("Wrong", text)
        if snippet.name in self.report.truths:
            return " right", _figcaption("Right", escape(self.report.truths[snippet.name]) + ".")
        if snippet.raises and self._shows_end():
            right = f" {self._right()}" if snippet.right else ""
            return " error", _figcaption("Raises", f"{escape(snippet.raises.kind)}.{right}")
        return "", ""

    def _shows_end(self):
        return self.snippet.span(self.piece.section)[1] >= self.snippet.statements[-1].start

    def _right(self):
        path, anchor = self.report.anchors.get(self.snippet.right, (None, ""))
        if path is None:
            return ""
        return f'<a href="{self.link(path)}#{anchor}">The right way</a>'

    def _foot(self):
        file = self.piece.name.rpartition("/")[2]
        url = self.link(f"snippets/{self.piece.name}")
        return (
            f'<footer class="snippet-foot">{self._mark()}'
            f'<a href="{url}" download="{file}">Download {file}</a></footer>'
        )

    def _mark(self):
        if self.verdict.status == FAILED:
            return _mark("✗", "not true", "What this block states is not what happened")
        if self.verdict.status == NOT_RUN:
            why = f"Recorded on {self.snippet.recorded}; {self.verdict.reason}"
            return _mark("○", f"recorded on {self.snippet.recorded}, not run in this build", why)
        if not self.snippet.asserted:
            return _mark("✓", "ran", "This block ran without error or output in this build")
        return _mark("✓", "asserted", "Its output was asserted in this build")


def _snippet(piece, report):
    """Return the snippet to show, or None if it or its section cannot be shown."""
    verdict = report.verdicts.get(piece.name)
    snippet = verdict.snippet if verdict else None
    known = snippet and (piece.section is None or piece.section in snippet.sections)
    return snippet if known else None


def _figcaption(word, text):
    return f'<figcaption><strong class="verdict">{word}</strong> {text}</figcaption>'


def _mark(sign, text, title):
    return (
        f'<span class="mark" title="{escape(title)}"><span aria-hidden="true">{sign}</span> '
        f'<span aria-hidden="true">{escape(text)}</span>'
        f'<span class="for-screen-readers">{escape(title)}.</span></span>'
    )


def _failure(faults):
    if not faults:
        return ""
    text = escape("\n\n".join(map(str, faults)))
    return f'<div class="failure" role="alert"><strong>Not true</strong><pre>{text}</pre></div>'


def _stamp(verdicts, report, faults, link):
    failed = faults or any(verdict.status == FAILED for verdict in verdicts)
    ran = [report.date(v) for v in verdicts or report.verdicts.values() if v.outcome]
    env = report.environment
    python, date = env["Python"].split()[0], min(ran, default="")
    what = "Not verified" if failed else "Verified"
    return (
        f'<p class="verified"><a href="{link("verified.json")}">{what}</a> with PyTorch '
        f"{escape(env['torch'])}, Python {python} on {escape(env['platform'])}, {date}</p>"
    )
