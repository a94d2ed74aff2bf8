"""Networks and boxes on which bound engines are compared: seeded, so that every run measures the same."""

import dataclasses
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


@dataclasses.dataclass(frozen=True)
class Layer:
    """`activation(weights @ x + bias)`; the activation is `relu`, `silu` or nothing."""

    weights: numpy.ndarray
    bias: numpy.ndarray
    activation: str


@dataclasses.dataclass(frozen=True)
class Case:
    """A network with boxes of one size around seeded centres."""

    name: str
    layers: list[Layer]
    lower: numpy.ndarray
    upper: numpy.ndarray
    published: tuple[float, float] | None
    """Milliseconds a box of auto_LiRPA 0.7.1 with torch 2.13, measured on a quiet AVX2 machine of two cores, with one
    thread and with two."""


def layered(widths: list[int], activation: str, seed: int) -> list[Layer]:
    """A network of float32 weights of the usual size."""
    generator = numpy.random.default_rng(seed)
    layers = []
    for index, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        weights = generator.standard_normal((outputs, inputs)) * numpy.sqrt(2 / inputs)
        bias = generator.uniform(-0.1, 0.1, outputs)
        is_last = index == len(widths) - 2
        layers.append(
            Layer(
                weights.astype(numpy.float32).astype(float),
                bias.astype(numpy.float32).astype(float),
                "" if is_last else activation,
            )
        )
    return layers


def boxes(count: int, dimension: int, reach: float, radius: float, seed: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Lower and upper ends of boxes of a half width around uniform centres in `[-reach, reach]`."""
    centres = numpy.random.default_rng(seed).uniform(-reach, reach, (count, dimension))
    return centres - radius, centres + radius


def cases() -> list[Case]:
    """The three shapes that are compared."""
    return [
        Case(
            "ACAS size, 5-50x6-5, ReLU, 1,024 boxes ± .02",
            layered([5] + 6 * [50] + [5], "relu", 1),
            *boxes(1024, 5, 0.5, 0.02, 11),
            published=(0.82, 0.91),
        ),
        Case(
            "16-128x3-16, SiLU, 1,024 boxes ± .05",
            layered([16, 128, 128, 128, 16], "silu", 2),
            *boxes(1024, 16, 1, 0.05, 12),
            published=(6.6, 4.5),
        ),
        Case(
            "784-256-256-10, ReLU, 64 boxes ± .01",
            layered([784, 256, 256, 10], "relu", 3),
            *boxes(64, 784, 0.5, 0.01, 13),
            published=None,
        ),
    ]


def save(case: Case, path: pathlib.Path) -> None:
    """Writes the network as ONNX."""
    nodes, weights, value = [], [], "x"
    for index, layer in enumerate(case.layers):
        names = [f"W{index}", f"b{index}"]
        weights.append(numpy_helper.from_array(layer.weights.astype(numpy.float32), names[0]))
        weights.append(numpy_helper.from_array(layer.bias.astype(numpy.float32), names[1]))
        result = "y" if index == len(case.layers) - 1 else f"h{index}"
        before = f"p{index}" if layer.activation else result
        nodes.append(helper.make_node("Gemm", [value, *names], [before], transB=1))
        if layer.activation == "relu":
            nodes.append(helper.make_node("Relu", [before], [result]))
        elif layer.activation == "silu":
            nodes.append(helper.make_node("Sigmoid", [before], [f"g{index}"]))
            nodes.append(helper.make_node("Mul", [before, f"g{index}"], [result]))
        value = result
    inputs, outputs = case.layers[0].weights.shape[1], len(case.layers[-1].bias)
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, inputs])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, outputs])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def save_boxes(case: Case, path: pathlib.Path) -> None:
    """Writes little-endian doubles: of each box all lower and then all upper ends."""
    path.write_bytes(numpy.concatenate([case.lower, case.upper], axis=1).astype("<f8").tobytes())
