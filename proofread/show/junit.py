"""The report as JUnit's XML, which CI servers read: a test case for each snippet."""

import platform
import re
from collections import defaultdict
from datetime import UTC, datetime
from xml.etree import ElementTree as xml

from proofread.judge.verdict import Report

#: What XML cannot hold, even escaped.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> bytes:
    """Write the report; what is wrong with a page, or with its lists, is a case of its own."""
    faults = defaultdict(list)
    for fault in report.faults:
        faults[fault.place.path].append(fault)
    cases = []
    for name, verdict in report.verdicts.items():
        path, outcome = f"{report.folder}/{name}", verdict.outcome
        case = _case(path, outcome.seconds if outcome else 0, faults.pop(path, ()))
        if verdict.reason and not len(case):
            xml.SubElement(case, "skipped", message=_allowed(f"not run here: {verdict.reason}"))
        cases.append(case)
    cases += [_case(path, 0, found) for path, found in faults.items()]
    suite = xml.Element(
        "testsuite",
        name="proofread",
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors="0",
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        time=f"{report.seconds:.3f}",
        timestamp=datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        hostname=platform.node() or "localhost",
    )
    suite.extend(cases)
    root = xml.Element("testsuites")
    root.append(suite)
    return xml.tostring(root, encoding="utf-8", xml_declaration=True)


def _case(path, seconds, faults):
    folder, _, name = _allowed(path).rpartition("/")
    case = xml.Element("testcase", classname=folder or ".", name=name, time=f"{seconds:.3f}")
    if faults:
        failure = xml.SubElement(case, "failure", message=_allowed(faults[0].message))
        failure.text = _allowed("\n\n".join(map(str, faults)))
    return case


def _allowed(text):
    return FORBIDDEN.sub("\ufffd", str(text))
