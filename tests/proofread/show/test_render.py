"""A whole page on the site: what stands on it beside its pieces."""

import pytest

from proofread.judge.bind import Seen
from proofread.show import render

PAGE = """\
```python
--8<-- "x.py"
```
"""


@pytest.mark.parametrize("title", ["<h1>A</h1>", ""])
def test_a_page_leads_to_the_notebook_that_it_shows(build, title):
    """Below its title, or first on a page without one."""
    project = build({"snippets/x.py": "# %%\na = 1\n", "docs/index.md": PAGE})
    report = project.check()
    seen = Seen(report.pages["docs/index.md"], report, lambda path: path)
    html = render.html(f"{title}<p>b</p>", seen, [])
    _, found, rest = html.partition(f'{title}<p class="lead"><strong>Run it yourself:</strong>')
    assert found
    assert rest.index("x.ipynb") < rest.index("<p>b</p>")
