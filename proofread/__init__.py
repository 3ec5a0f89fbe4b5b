"""Run a documentation site's snippets, compare them with what they state, expand the pages.

The modules read one way, from the doors at the top to pure parsing at the bottom::

    hook.py, __main__.py   the two doors: MkDocs events, and the command line
    project.py             a repository's pages and snippets, checked as a whole
    page.py                a page's Markdown -> expanded Markdown
    verify.py              which snippets must run; gathers a verdict for each
    compare.py             what a snippet stated against what it did
    runner.py, server.py   isolated, parallel execution; the fork server's own program
    cache.py               outcomes on disk, keyed on everything that can change them
    snippet.py             a file -> statements, expectations, sections, header
    fault.py               one line for an author: what, where, what to do
"""
