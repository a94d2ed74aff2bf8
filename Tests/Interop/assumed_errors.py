#!/usr/bin/env python3
"""Measure the errors of onnxruntime's elementary functions against what assumption A3 of certificates allows.

usage: assumed_errors.py

Each function runs as a network of one node in single precision, SiLU also as a logistic function and a product, GELU
also as exporters write it. Operands are finite numbers of every size, and many where functions bend. The real values
come from binary64, whose errors are a millionth of a unit of 2^-24. A value may be off by eight units of what section 6
of specs/certificate.md multiplies them with, or by 2^-120.

Exit status: 0 within what is assumed, 1 beyond it.
"""

import math
import sys

import numpy
import onnxruntime
from onnx import TensorProto, helper

UNIT = 2.0**-24
OPSET = 20


def logistic(x):
    return numpy.where(x < 0, numpy.exp(numpy.minimum(x, 0)), 1) / (1 + numpy.exp(-numpy.abs(x)))


def softplus(x):
    return numpy.maximum(x, 0) + numpy.log1p(numpy.exp(-numpy.abs(x)))


def gelu(x):
    return x / 2 * numpy.vectorize(math.erfc)(-x / math.sqrt(2))


def tanh_gelu(x):
    return x * logistic(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


def of_value(x, y):
    return numpy.abs(y)


def of_value_and_one(x, y):
    return 1 + numpy.abs(y)


def of_operand(x, y):
    return numpy.maximum(numpy.abs(x), numpy.abs(y))


def node(operator, **attributes):
    return [helper.make_node(operator, ["x"], ["y"], **attributes)], {}


def written_silu():
    return [helper.make_node("Sigmoid", ["x"], ["s"]), helper.make_node("Mul", ["x", "s"], ["y"])], {}


def written_gelu():
    nodes = [
        helper.make_node("Div", ["x", "root"], ["z"]),
        helper.make_node("Erf", ["z"], ["e"]),
        helper.make_node("Add", ["e", "one"], ["g"]),
        helper.make_node("Mul", ["x", "g"], ["t"]),
        helper.make_node("Mul", ["t", "half"], ["y"]),
    ]
    return nodes, {"root": math.sqrt(2), "one": 1.0, "half": 0.5}


def power(exponent):
    return [helper.make_node("Pow", ["x", "p"], ["y"])], {"p": exponent}


# Nodes and constants, the real function, the units that are allowed and of what, the range of operands.
CASES = {
    "Exp": (node("Exp"), numpy.exp, 8, of_value, (-130, 69)),
    "Log": (node("Log"), numpy.log, 8, of_value, (1e-37, 1e30)),
    "Tanh": (node("Tanh"), numpy.tanh, 8, of_value, (-1e30, 1e30)),
    "Erf": (node("Erf"), numpy.vectorize(math.erf), 8, of_value, (-1e30, 1e30)),
    "Sin": (node("Sin"), numpy.sin, 8, of_value, (-1e30, 1e30)),
    "Cos": (node("Cos"), numpy.cos, 8, of_value, (-1e30, 1e30)),
    "Sigmoid": (node("Sigmoid"), logistic, 8, of_value_and_one, (-1e30, 1e30)),
    "Softplus": (node("Softplus"), softplus, 8, of_value_and_one, (-1e30, 1e30)),
    "Gelu": (node("Gelu"), gelu, 8, of_operand, (-1e30, 1e30)),
    "Gelu, tanh": (node("Gelu", approximate="tanh"), tanh_gelu, 8, of_operand, (-1e9, 1e9)),
    "Pow 0.3": (power(0.3), lambda x: x ** float(numpy.float32(0.3)), 8, of_value, (1e-37, 1e30)),
    "Pow 2.5": (power(2.5), lambda x: x**2.5, 8, of_value, (1e-12, 1e12)),
    "Sigmoid and Mul": (written_silu(), lambda x: x * logistic(x), 18, of_operand, (-1e30, 1e30)),
    "Div, Erf, Add, Mul, Mul": (written_gelu(), gelu, 8, of_operand, (-1e30, 1e30)),
}


def session(nodes, constants):
    network = helper.make_graph(
        nodes,
        "function",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None])],
        [helper.make_tensor(name, TensorProto.FLOAT, [], [value]) for name, value in constants.items()],
    )
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def operands(draw, low, high):
    """Numbers of every size, and of those that functions bend at, within a range."""
    sizes = draw.integers(0, 2**32, 2**19, dtype=numpy.uint64).astype(numpy.uint32).view(numpy.float32)
    spread = [draw.uniform(-bound, bound, 2**18).astype(numpy.float32) for bound in (2, 20, 130)]
    together = numpy.concatenate([sizes[numpy.isfinite(sizes)], *spread])
    return together[(together >= low) & (together <= high)]


def main():
    draw = numpy.random.default_rng(1)
    failed = False
    for name, (network, function, units, scale, (low, high)) in CASES.items():
        x = operands(draw, low, high)
        (computed,) = session(*network).run(None, {"x": x})
        wide = x.astype(numpy.float64)
        exact = function(wide)
        error = numpy.maximum(numpy.abs(computed - exact) - 2.0**-120, 0)
        # A quotient by zero is one where the value is zero, of which nothing is left to compare.
        off = error / numpy.maximum(UNIT * scale(wide, exact), 2.0**-1000)
        worst = int(numpy.argmax(numpy.nan_to_num(off, nan=numpy.inf)))
        is_within = bool(off[worst] <= units)
        failed |= not is_within
        print(
            f"{'within' if is_within else 'BEYOND'}  {name}: {off[worst]:.2f} of {units} units at {x[worst]:.9g},"
            f" {len(x)} operands"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
