"""Run the site's snippets with other versions of PyTorch, and keep what is different there.

__main__.py     run all versions, or some; resume; say what changed against the committed file
place.py        a version -> the interpreter of a virtual environment that has it
run.py          snippets -> what they did with that interpreter
inside.py       the program that runs there; needs nothing but the standard library and torch
difference.py   what a snippet states against what it did there -> a difference of one kind
data.py         the committed file, ``versions.json``
"""
