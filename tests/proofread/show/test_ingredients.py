"""What a page is made of is in its key, and nothing else is."""

import pytest

from proofread.show.ingredients import folder

FILES = {
    "snippets/right.py": "a = 10.0\n",
    "snippets/wrong.py": "# wrong: a is 2.0, the answer is 10.0\n# right: right.py\na = 2.0\n",
    "snippets/other.py": "b = 1\nprint(b)\n#> 1\n",
    "docs/right.md": '# Right\n\n```python\n--8<-- "right.py"\n```\n',
    "docs/wrong.md": '# Wrong\n\n```python\n--8<-- "wrong.py"\n```\n',
    "docs/other.md": (
        "---\ntitle: Other\ngroup: g\nsymptom: It is {{ other.py:b }}.\nfix: Add.\n---\n"
        '# Other\n\n```python\n--8<-- "other.py"\n```\n'
    ),
    "docs/list.md": "# List\n\n{{ pages g }}\n",
    "docs/plain.md": "# Plain\n\nWords.\n",
}
WRONG = FILES["snippets/wrong.py"]
#: What is saved -> the pages that are made of it.
SAVED = {
    "nothing": ({}, set()),
    "a page": ({"docs/plain.md": "# Plain\n\nOther words.\n"}, {"plain"}),
    "a snippet": ({"snippets/other.py": "b = 2\nprint(b)\n#> 2\n"}, {"other", "list"}),
    "the right one": ({"snippets/right.py": "a = 5 + 5.0\n"}, {"right", "wrong"}),
    "the wrong one": ({"snippets/wrong.py": f"{WRONG}c = 1\n"}, {"wrong", "right"}),
    "what a list shows": (
        {"docs/other.md": FILES["docs/other.md"].replace("Add", "Subtract")},
        {"other", "list"},
    ),
    "what a list does not": ({"docs/other.md": FILES["docs/other.md"] + "\nMore.\n"}, {"other"}),
    # It is shown there first, so that others link to it.
    "where a right one is": (
        {"docs/early.md": FILES["docs/right.md"]},
        {"early", "right", "wrong"},
    ),
}


def keys(project):
    report = project.check()
    assert [str(fault) for fault in report.faults] == []
    ingredients = project.ingredients(report)
    return {
        path.removeprefix("docs/").removesuffix(".md"): ingredients.key(page)
        for path, page in report.pages.items()
    }


@pytest.mark.parametrize(("saved", "made_of_it"), SAVED.values(), ids=SAVED)
def test_a_key_is_another_where_the_page_may_be(build, saved, made_of_it, monkeypatch):
    """No page is forgotten, and no other page is made anew."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    project = build(FILES)
    before = keys(project)
    assert set(before) == {"right", "wrong", "other", "list", "plain"}
    build(saved | {"docs/plain.md": FILES["docs/plain.md"]} | saved)
    after = keys(project)
    assert {name for name in after if after[name] != before.get(name)} == made_of_it


def test_a_folder_is_what_its_files_say(tmp_path):
    """Their names and contents; not what Python wrote beside them, nor when."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.py").write_text("1")
    first = folder(tmp_path)
    (tmp_path / "a/b.pyc").write_text("2")
    (tmp_path / "a/b.py").touch()
    assert folder(tmp_path) == first
    (tmp_path / "a/b.py").write_text("2")
    changed = folder(tmp_path)
    (tmp_path / "a/b.py").rename(tmp_path / "a/c.py")
    assert len({first, changed, folder(tmp_path)}) == 3
