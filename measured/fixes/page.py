"""The line that says in which settings a page's fix was tried, and where it does not hold."""

from pathlib import Path

from measured import kit

FILE = Path(__file__).with_name("data.json")
#: What the trial of a fix that does what it should ends with.
HOLDS = "holds"
#: Setting -> the page, beside the pitfalls, that says what to do there.
LEADS = {
    "code under `no_grad`": "no-grad.md",
    "a compiled network": "compile.md",
}


def tried(seen) -> str:
    """Where this page's fixes hold, and where not. Raises LookupError if they were not tried."""
    results = kit.load(FILE)["pages"].get(seen.page.path)
    if not results:
        raise LookupError(f"no fix of {seen.page.path} was tried: make measure WHAT=fixes")
    return "\n\n".join(line(place, found, len(results)) for place, found in results.items())


def line(place: str, found: dict[str, str], fixes: int) -> str:
    """One fix: where it holds, and where not."""
    which = f" (`{place.partition(':')[2]}`)" if fixes > 1 else ""
    fails = [f"{name(setting)} ({said})" for setting, said in found.items() if said != HOLDS]
    holds = [setting for setting, said in found.items() if said == HOLDS]
    said = f"**The fix{which} was tried in** {'; '.join(holds)}."
    return f"{said} **Not in** {'; '.join(fails)}." if fails else said


def name(setting: str) -> str:
    """A setting, leading to the page about it."""
    return f"[{setting}]({LEADS[setting]})" if setting in LEADS else setting


PIECES = {"tried": tried}
