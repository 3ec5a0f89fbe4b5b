"""Run a documentation site's snippets, compare them with what they state, expand the pages.

The modules read one way, from the doors at the top to pure parsing at the bottom::

    hook.py, __main__.py   the two doors: MkDocs events, and the command line
    mutate.py              changes one thing at a time, and says what notices
    oracle.py              a mutant and its verdict -> the test that catches it
    mutation.py            a text -> the same text with one thing changed
    render.py              how a snippet looks on the site
    project.py             a repository's pages and snippets, checked as a whole
    notebook.py            a snippet in cells and its outcome -> an executed notebook
    expand.py              a page and its verdicts -> Markdown that needs no engine
    figure.py              a drawing -> one that follows the page's scheme
    catalogue.py           front matter -> lists of pages, and the index of messages
    bind.py                values and drawings for the places that name them
    page.py                a page's Markdown -> prose, includes, values, figures, lists
    verify.py              which snippets must run; gathers a verdict for each
    compare.py             what a snippet states against what it did
    cache.py               outcomes on disk, keyed on everything that can change them
    runner.py              isolated, parallel execution with a time limit
    server.py, child.py    the fork server's own program; one snippet in one process
    snippet.py             a file -> statements, expectations, sections, header
    fault.py               one line for an author: what, where, what to do
"""
