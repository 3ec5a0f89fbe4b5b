import torch


def prepare(R):  # of a library: for atoms of any kind
    R = torch.as_tensor(R.tolist())
    i, j = torch.triu_indices(len(R), len(R), offset=1)
    return {"positions": R, "i": i, "j": j}


def model(data):
    R = data["positions"]
    return (R[data["i"]] - R[data["j"]]).norm(dim=1).pow(2).sum()


R = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 2, 0]])
data = prepare(R)
R = data["positions"].requires_grad_()  # the tensor that the model is given
E = model(data)
forces = -torch.autograd.grad(E, R, create_graph=True)[0]
print(forces.requires_grad, forces.tolist())
#> True [[2.0, 4.0, -0.0], [-4.0, 4.0, -0.0], [2.0, -8.0, -0.0]]
