"""Try each fix that a page recommends in the settings that people have.

``make measure WHAT=fixes`` takes about a minute, writes ``data.json`` and prints what changed. What
is tried stands in the front matter of the page: a function of a snippet that it shows, and the
settings that cannot apply, each with the reason.

    tried:
      - fix: pitfalls/norm_at_zero/right.py:loss
        apart:
          a transformer block: it has no distances

A page whose fix is no function of a network says so: ``untried: why``.
"""

from collections.abc import Iterator

from measured import kit
from measured.fixes.page import FILE
from measured.fixes.settings import SETTINGS
from measured.fixes.trial import load, try_out
from proofread.project import Project


def main() -> None:
    """Try all, say what changed, and write."""
    before, after = kit.load(FILE).get("pages", {}), {}
    with Project(kit.ROOT) as project:
        fixes = list(entries(project))
    for number, (page, fix, settings) in enumerate(fixes, 1):
        after.setdefault(page, {})[fix] = results(fix, settings)
        kit.progress(number, len(fixes), fix)
    for change in kit.changes(flat(before), flat(after)):
        print(change)
    kit.save(FILE, {"environment": kit.stamp(), "pages": after}, depth=4)


def entries(project: Project) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (page, fix, settings that can apply) of all pages. Raises LookupError."""
    for path in sorted(project.docs.rglob("*.md")):
        page = project.page(path)
        for entry in page.meta.get("tried", ()):
            apart = entry.get("apart", {})
            if unknown := apart.keys() - SETTINGS.keys():
                raise LookupError(f"{page.path}: no such setting: {', '.join(unknown)}")
            yield page.path, entry["fix"], [one for one in SETTINGS if one not in apart]


def results(fix: str, settings: list[str]) -> dict[str, str]:
    """What becomes of a fix in each setting."""
    function = load(fix)
    return {setting: try_out(function, setting) for setting in settings}


def flat(pages: dict) -> dict[str, str]:
    """Return {what: result} of all that was tried."""
    return {
        f"{fix} in {setting}": said
        for fixes in pages.values()
        for fix, found in fixes.items()
        for setting, said in found.items()
    }


if __name__ == "__main__":
    main()
