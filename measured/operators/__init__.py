"""Measure which operations of PyTorch can be differentiated twice, and by which route rightly.

__main__.py   run all, or some; resume; say what changed against the committed file
run.py        worker processes, each entry with a time limit
worker.py     one process: entries from standard input, records to standard output
entries.py    what is measured: PyTorch's own samples, and what people call
measure.py    one callable at one point: gradgradcheck, and the second derivative by each route
record.py     measurements of all samples -> one record with a status
"""
