"""Full backward linear bounds (CROWN; Zhang et al. 2018), batched, plainly in NumPy.

The operands of every layer are bounded by substituting all layers before it back to the input box. Sums are as BLAS
rounds them: these bounds allow for no rounding, which is one pass less than a rigorous engine does.
"""

import numpy

from networks import Case, Layer

CHUNK = 64
"""Boxes that are substituted at once: enough for BLAS, few enough for the caches."""

NODES = 33


def logistic(x: numpy.ndarray) -> numpy.ndarray:
    """`1 / (1 + exp(-x))`."""
    return 1 / (1 + numpy.exp(-x))


def relu_lines(lower: numpy.ndarray, upper: numpy.ndarray) -> tuple[numpy.ndarray, ...]:
    """Slopes and offsets below and above the rectifier; below, the steeper or the flatter of its own two lines."""
    is_open = (lower < 0) & (upper > 0)
    chord = numpy.divide(upper, upper - lower, out=(lower >= 0).astype(float), where=is_open)
    below = numpy.where(is_open, (upper > -lower).astype(float), chord)
    return below, numpy.zeros_like(below), chord, numpy.where(is_open, -chord * lower, 0)


def silu_lines(lower: numpy.ndarray, upper: numpy.ndarray) -> tuple[numpy.ndarray, ...]:
    """Slopes and offsets of lines that hold at all nodes, moved by what may happen between them (|f''| <= 1/2).

    Of the chord's and three derivatives' slopes the one whose line is best in the middle is taken on each side.
    """

    def value(x: numpy.ndarray) -> numpy.ndarray:
        return x * logistic(x)

    def slope(x: numpy.ndarray) -> numpy.ndarray:
        s = logistic(x)
        return s * (1 + x * (1 - s))

    width = numpy.maximum(upper - lower, 1e-12)
    nodes = lower[..., None] + width[..., None] * numpy.linspace(0, 1, NODES)
    values = value(nodes)
    slack = 0.5 * (width / (NODES - 1)) ** 2 / 8
    middle = (lower + upper) / 2
    best: list[numpy.ndarray] = []
    candidates = [(values[..., -1] - values[..., 0]) / width, slope(middle), slope(lower), slope(upper)]
    for candidate in candidates:
        rest = values - candidate[..., None] * nodes
        low, high = rest.min(-1) - slack, rest.max(-1) + slack
        if not best:
            best = [candidate, low, candidate, high]
            continue
        is_higher = candidate * middle + low > best[0] * middle + best[1]
        is_lower = candidate * middle + high < best[2] * middle + best[3]
        best = [
            numpy.where(is_higher, candidate, best[0]),
            numpy.where(is_higher, low, best[1]),
            numpy.where(is_lower, candidate, best[2]),
            numpy.where(is_lower, high, best[3]),
        ]
    return tuple(best)


LINES = {"relu": relu_lines, "silu": silu_lines}


def substitute(
    layers: list[Layer], lines: list[tuple[numpy.ndarray, ...]], centre: numpy.ndarray, radius: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Bounds of the last layer's operands, given the lines of all layers before it."""
    batch = len(centre)
    bounds = []
    for sign in (1.0, -1.0):
        rows = numpy.broadcast_to(sign * layers[-1].weights, (batch, *layers[-1].weights.shape))
        constant = numpy.broadcast_to(sign * layers[-1].bias, (batch, len(layers[-1].bias))).copy()
        for layer, (below, floor, above, ceiling) in zip(reversed(layers[:-1]), reversed(lines)):
            positive, negative = numpy.maximum(rows, 0), numpy.minimum(rows, 0)
            constant += (positive @ floor[..., None] + negative @ ceiling[..., None])[..., 0]
            rows = positive * below[:, None, :] + negative * above[:, None, :]
            constant += rows @ layer.bias
            rows = rows @ layer.weights
        least = (rows @ centre[..., None] - numpy.abs(rows) @ radius[..., None])[..., 0] + constant
        bounds.append(sign * least)
    return bounds[0], bounds[1]


def output_bounds(case: Case) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Bounds of all outputs on all boxes."""
    lowers, uppers = [], []
    for start in range(0, len(case.lower), CHUNK):
        low, high = case.lower[start : start + CHUNK], case.upper[start : start + CHUNK]
        centre, radius = (low + high) / 2, (high - low) / 2
        lines: list[tuple[numpy.ndarray, ...]] = []
        for depth, layer in enumerate(case.layers, 1):
            lower, upper = substitute(case.layers[:depth], lines, centre, radius)
            if layer.activation:
                lines.append(LINES[layer.activation](lower, upper))
        lowers.append(lower)
        uppers.append(upper)
    return numpy.concatenate(lowers), numpy.concatenate(uppers)


def forward(case: Case, points: numpy.ndarray) -> numpy.ndarray:
    """The network's outputs."""
    for layer in case.layers:
        points = points @ layer.weights.T + layer.bias
        if layer.activation == "relu":
            points = numpy.maximum(points, 0)
        elif layer.activation == "silu":
            points = points * logistic(points)
    return points


def megaflop(case: Case) -> float:
    """Products and sums of the substitution of every layer's rows, both sides, in a box."""
    shapes = [layer.weights.shape for layer in case.layers]
    return sum(4 * rows * a * b for k, (rows, _) in enumerate(shapes) for a, b in shapes[:k]) / 1e6
