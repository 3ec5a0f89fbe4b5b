# right: recipes/library_potentials/prepared.py
import torch


# --8<-- [start:copied]
def prepare(R):  # of a library: for atoms of any kind
    R = torch.as_tensor(R.tolist())
    i, j = torch.triu_indices(len(R), len(R), offset=1)
    return {"positions": R, "i": i, "j": j}


def model(data):
    R = data["positions"]
    return (R[data["i"]] - R[data["j"]]).norm(dim=1).pow(2).sum()


R = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 2, 0]], requires_grad=True)
data = prepare(R)
E = model(data)
forces = -torch.autograd.grad(E, R, create_graph=True)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:copied]
