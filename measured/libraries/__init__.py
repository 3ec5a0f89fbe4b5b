"""Second derivatives through libraries: what is known without PyTorch, on both sides."""

import re

#: An error up to this is none.
RIGHT = 1e-3
#: What PyTorch says of a result without a graph.
ALONE = "does not have a grad_fn"
#: A folder of a machine, which a message may hold.
FOLDER = re.compile(r"(?<![\w/:])(?:/[\w.+-]+)+/(?=[\w.+-]+)")
