"""The solution of a convex problem, with respect to its parameters."""

import cvxpy
import torch
from cvxpylayers.torch import CvxpyLayer

from measured.libraries.inside import twice

A, b = torch.randn(4, 3), torch.randn(4)
x, left, right = cvxpy.Variable(3), cvxpy.Parameter((4, 3)), cvxpy.Parameter(4)
problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(left @ x - right) + cvxpy.sum_squares(x)))
layer = CvxpyLayer(problem, parameters=[left, right], variables=[x])


def solution():
    return layer(A, b)[0]


def by_conditions():
    return torch.linalg.solve(A.T @ A + torch.eye(3), A.T @ b)


twice("CvxpyLayer", solution, [A, b], step=1e-3)
twice("its optimality conditions, by torch.linalg.solve", by_conditions, [A, b])
