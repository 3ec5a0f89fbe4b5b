"""A graph -> an SVG element that lives in a page. Graphviz places nodes and edges."""

import os
import re
import shutil
import subprocess
import sysconfig
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from proofread.judge.graph import LEAF

SVG = "http://www.w3.org/2000/svg"
#: Points of Graphviz in one em of the drawing's text. It has the width of code: the same on every
#: machine, whichever font that is.
EM = 13
HEAD = f"""\
digraph {{
graph [bgcolor=transparent ranksep=0.3 nodesep=0.25 ordering=out]
node [shape=box height=0.3 margin="0.12,0.06" fontname=Courier fontsize={EM}]
edge [arrowsize=0.7 fontname=Courier fontsize={EM}]
"""
#: Stands at an edge that is missing; Graphviz knows the width of an "x".
CROSS = "✗"
#: What the page's style decides, and ids.
STYLE = {"id", "fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size"}
STYLE |= {"font-weight", f"{{{'http://www.w3.org/XML/1998/namespace'}}}space"}
NUMBER = re.compile(r"-?\d+\.\d+")


def svg(graph, anchor, title):
    """Draw a graph; ``title`` says what it shows, and the graph's own words describe it.

    Raises FileNotFoundError if Graphviz is not installed.
    """
    drawn = ElementTree.fromstring(_placed(dot(graph)))
    _strip(drawn)
    words = escape(graph.words())
    named = f'<title id="{anchor}-title">{escape(title)}</title>'
    named += f'<desc id="{anchor}-words">{words}</desc>'
    inside = "".join(ElementTree.tostring(part, "unicode") for part in drawn)
    box = drawn.get("viewBox")
    width = float(box.split()[2]) / EM
    return (
        f'<svg viewBox="{box}" style="--width: {width:.1f}em" role="img" '
        f'aria-labelledby="{anchor}-title" aria-describedby="{anchor}-words">'
        f"{named}{inside}</svg>"
    )


def dot(graph):
    """Write a graph in Graphviz' language: what is asked for on top, leaves below."""
    lines = []
    for number in graph.reached:
        node = graph.nodes[number]
        lines.append(f"n{number} [{_node(graph, number)}]")
        for end in node.below:
            style = " [class=constant]" if graph.nodes[end].is_constant else ""
            lines.append(f"n{number} -> n{end}{style}")
        for end in node.missing:
            lines.append(f'n{number} -> n{end} [class=missing style=dashed label="x"]')
    return HEAD + "\n".join(lines) + "\n}\n"


def _node(graph, number):
    node = graph.nodes[number]
    first = " = ".join(filter(None, map(", ".join, (node.names, node.values))))
    if node.is_constant:
        kind, second = "constant", "no grad_fn" if node.missing else ""
    else:
        kind = "leaf" if node.op == LEAF else "op"
        second = node.op + graph.kept(number)
    kind += " named" * bool(node.names) + " cut" * bool(node.missing)
    # Graphviz reads "&lt;" as HTML does.
    lines = [line.replace("&", "&amp;") for line in (first, second) if line]
    lines = [re.sub(r'[\\"]', r"\\\g<0>", line) for line in lines]
    label = "\\n".join(lines)
    small = "" if first else f" fontsize={EM - 2} height=0.22"
    return f'class="{kind}" label="{label}"{small}'


@lru_cache(maxsize=256)
def _placed(text):
    # Beside this Python, wherever the shell looks.
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    program = shutil.which("graphviz-pure", path=path)
    if not program:
        raise FileNotFoundError("graphviz-pure is not installed: pip install graphviz-pure")
    done = subprocess.run(
        [program, "-Tsvg"], input=text.encode(), stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode()


def _strip(element):
    """Drop what the page's style decides, ids, namespaces, and titles that would show as hints."""
    for part in list(element):
        part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        if part.tag == "title":
            element.remove(part)
            continue
        for name, value in list(part.items()):
            if name in STYLE:
                del part.attrib[name]
            elif name in ("points", "d", "x", "y"):
                part.set(name, NUMBER.sub(lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), value))
        if part.tag == "text" and "missing" in element.get("class", ""):
            part.text = CROSS
        elif part.tag != "text":
            part.text = None
        part.tail = None
        _strip(part)
