"""Run a documentation site's snippets, compare them with what they state, expand the pages.

The rooms read one way, from the doors at the top to pure parsing at the bottom::

    hook.py, __main__.py   the two doors: MkDocs events, and the command line
    attack/                changes one thing, and sees who notices
    project.py             a repository's pages and snippets, checked as a whole
    show/                  verdicts -> what a reader sees
    judge/                 what is stated against what happened
    run/                   isolated execution, and its memory
    run/inside/            what executes in the snippet's own process
    read/                  files -> statements, expectations, pieces
    fault.py               one line for an author: what, where, what to do
"""
