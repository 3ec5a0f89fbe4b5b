"""Losses of snippets that ``replay`` cannot replay: the same computation as a function.

``claimed`` ones are derivatives; the checker gets the function that they should be the
derivative of, with what the snippet computes as its gradient.
"""

ADAPTED = {}
