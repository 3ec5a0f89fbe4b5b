"""One process: keys of entries come in, a line each; records go out, a JSON line each."""

import json
import sys
import time

import torch

from measured.operators.entries import entries
from measured.operators.measure import measure
from measured.operators.record import record

#: Samples of each entry whose routes are compared; gradgradcheck takes every sample.
ROUTED = 6


def main():
    torch.set_num_threads(1)
    known = {(entry.kind, entry.key): entry for entry in entries()}
    print(json.dumps({"ready": len(known)}), flush=True)
    for line in sys.stdin:
        kind, key = json.loads(line)
        print(json.dumps(examine(known[kind, key])), flush=True)


def examine(entry):
    """Measure all samples of an entry."""
    started, found, why = time.monotonic(), [], ""
    try:
        for number, (function, inputs) in enumerate(entry.samples()):
            found.append(measure(function, inputs, number < ROUTED, entry.nondeterminism))
    except Exception as error:
        # PyTorch's own samples need what is not here, such as a GPU.
        why = f"its samples cannot be made here: {type(error).__name__}"
    return record(entry, found, time.monotonic() - started, why)


if __name__ == "__main__":
    main()
