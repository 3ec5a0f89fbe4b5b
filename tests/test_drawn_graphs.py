"""The graphs on the pages change when what they are about is taken away."""

from contextlib import suppress
from dataclasses import replace

from proofread.fault import FaultError
from proofread.judge.bind import Seen
from proofread.read.snippet import parse
from proofread.run.job import Job
from proofread.show.kinds import Graph

#: Where the argument is there and changes nothing, which is what the page is about.
CUT_ANYWAY = {
    "pitfalls/hidden_intermediates/only_intermediate.py": "its Function saved a number",
}


def test_without_create_graph_no_drawn_graph_is_the_same(project, report):
    """Whoever deletes the argument from a drawn snippet cannot build the site."""
    drawn = [
        (page, piece)
        for page in report.pages.values()
        for piece in page.of(Graph)
        if "create_graph=True" in report.verdicts[piece.name].snippet.text
    ]
    assert len(drawn) >= 10
    known = {piece.name: report.verdicts[piece.name].snippet for _, piece in drawn}
    cut = [
        parse(s.name, s.path, s.text.replace("create_graph=True", "create_graph=False"), s.file)
        for s in known.values()
    ]
    outcomes = {job.name: outcome for job, outcome in project.verifier.runner.run(map(Job.of, cut))}
    same = set()
    for page, piece in drawn:
        verdict = replace(report.verdicts[piece.name], outcome=outcomes[piece.name])
        cut_off = replace(report, verdicts={piece.name: verdict})
        with suppress(FaultError):
            piece.check(Seen(page, cut_off))
            same.add(piece.name)
    assert same == set(CUT_ANYWAY)
