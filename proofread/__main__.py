"""The command line: ``python -m proofread check | update | why | expand | mutate``."""

import argparse
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from proofread.attack.repeat import repeat
from proofread.attack.trial import Attack, counts, sample, table
from proofread.fault import FaultError
from proofread.project import Project, progress
from proofread.run.cache import write
from proofread.show.junit import junit


def main(arguments=None):
    """Run one command; return the exit status: 0 true, 1 something is not, 2 bad usage."""
    options = _parser().parse_args(arguments)
    try:
        with Project() as project:
            project.must_exist()
            return options.run(project, options)
    except FaultError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print("interrupted; what was verified is kept", file=sys.stderr)
        return 128 + (interrupt.args[0] if interrupt.args else signal.SIGINT)


def _interrupt(number, _):
    """Let whoever terminates this process find nothing left behind, as with Ctrl-C."""
    raise KeyboardInterrupt(number)


def _count(text):
    """Read a number of things, at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, not {text!r}")
    return int(text)


def _parser():
    parser = argparse.ArgumentParser(prog="python -m proofread", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(run, paths="*"):
        added = commands.add_parser(run.__name__, help=run.__doc__, description=run.__doc__)
        added.add_argument("paths", nargs=paths, metavar="PATH")
        added.set_defaults(run=run)
        return added.add_argument

    option = command(check)
    option("--json", action="store_true", help="print the report as JSON")
    option("--no-cache", action="store_true", help="run every snippet")
    text = "then run each N times more, as other machines would"
    option("--repeat", type=int, metavar="N", help=text)
    option("--junitxml", metavar="FILE", help="write the report for a CI server")
    text = "list the N snippets that take longest (default: 10)"
    option("--slowest", type=_count, nargs="?", const=10, default=0, metavar="N", help=text)
    command(update)
    command(why, paths="+")
    command(expand, paths=1)
    option = command(mutate)
    option("--sample", type=int, metavar="N", help="try N mutants, by chance")
    option("--seed", type=int, default=0, metavar="S", help="which N (default: 0)")
    option("--since", metavar="REF", help="only of files that changed since REF")
    option("--write", metavar="FILE", help="write the counts of each page as JSON")
    return parser


def check(project, options):
    """verify snippets and the pages that show them"""
    report = project.check(options.paths, not options.no_cache, progress)
    if options.repeat and not report.faults:
        names = list(report.verdicts)
        report.faults += repeat(project.verifier, report, names, options.repeat, progress)
        if not options.json:
            print(f"repeated {len(names)} snippets {options.repeat} times")
    if options.junitxml:
        try:
            write(Path(options.junitxml), junit(report).decode())
        except OSError as error:
            raise FaultError(options.junitxml, 1, f"was not written: {error.strerror}") from None
    if options.json:
        faults = [str(fault) for fault in report.faults]
        print(json.dumps({**report.to_json(), "faults": faults}, indent=1))
    else:
        show(report)
        for seconds, path in report.slowest(options.slowest):
            print(f"{seconds:8.2f} s  {path}")
    return 1 if report.faults else 0


def update(project, options):
    """rewrite expectations from a fresh run, and print the diff"""
    report = project.check(options.paths, progress=progress)
    changed = project.update(report)
    for fault in report.faults:
        if fault.place.path in changed and fault.diff:
            print(fault.diff)
    print(f"updated {len(changed)} files{''.join(f'{chr(10)}  {path}' for path in changed)}")
    left = project.check(options.paths, progress=progress)
    show(left)
    return 1 if left.faults else 0


def why(project, options):
    """say why a snippet would run, or that it would not"""
    for name, reasons in project.why(options.paths).items():
        print(f"{name}: " + ("; ".join(reasons) or "would not run: nothing changed"))
    return 0


def expand(project, options):
    """write expanded pages to a folder"""
    report = project.check(progress=progress)
    if report.faults:
        show(report)
        return 1
    count = project.expand(options.paths[0], report)
    print(f"wrote {count} pages to {options.paths[0]}")
    return 0


def mutate(project, options):
    """change one thing at a time, and list what nobody notices"""
    report = project.check(progress=progress)
    if report.faults:
        show(report)
        return 1
    attack = Attack(project, report)
    mutants = attack.below(attack.mutants, options.paths)
    if options.since:
        mutants = attack.since(mutants, options.since)
    if options.sample is not None:
        mutants = sample(mutants, options.sample, options.seed)
    trials = attack.try_out(mutants, progress)
    if options.write:
        score = {
            "date": datetime.now(UTC).date().isoformat(),
            "tried": len(trials),
            "seed": options.seed,
            "pages": counts(attack, trials),
        }
        Path(options.write).write_text(json.dumps(score, indent=1) + "\n", encoding="utf-8")
    survivors = [trial.mutant for trial in trials if trial.survives]
    stale = list(attack.stale(trials))
    print(*table(attack, trials), *survivors, *stale, sep="\n")
    return 1 if survivors or stale else 0


def show(report):
    """Print faults, what was not run, and the closing line."""
    for fault in report.faults:
        print(fault, end="\n\n", file=sys.stderr)
    for line in report.not_run():
        print(line)
    print(report.closing_line() + failed(report))


def failed(report):
    """Say how many findings there are, or nothing."""
    return f"; {len(report.faults)} not true" if report.faults else ""


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())
