"""What ``benchmarks/peers.py`` compares: the same examples, tools that run them, and clocks."""
