"""Graphs in the byte format of section 5, taken apart into few kinds of steps, and their values over rational boxes.

Steps are the input, affine maps of the joined operands, products and elementwise functions. Maxima, softmax and
normalizations are graphs of such steps, by the identities of section 8.
"""

from fractions import Fraction
from functools import cached_property
from math import inf, lcm, nextafter, prod, sqrt
from operator import itemgetter, mul

from dyadic import ONE, POINT, enclose, hull, image
from formats import Reader


class Step:
    """`kind` is `input`, `map`, `product` or an elementwise function; `lost` says how its results are rounded when they
    are deployed in single precision, None where they are exact or another step stands for the whole operator.
    """

    def __init__(self, kind, operands, count, map=None, limits=None, lost=None):
        self.kind, self.operands, self.count, self.lost = kind, tuple(operands), count, lost
        self.map, self.limits = map, limits


class Map:
    """An affine map: of each result the entries (operand's element, weight) and a bias."""

    def __init__(self, rows, bias=None):
        self.rows, self.bias = rows, bias or [0] * len(rows)

    @cached_property
    def integers(self):
        """Weights as integers over one denominator, exactly, by row and by operand's element, and sums of sizes."""
        ratios = [[(j, *w.as_integer_ratio()) for j, w in row if w] for row in self.rows]
        denominator, rows, columns = lcm(*(bottom for row in ratios for _, _, bottom in row)), [], {}
        for i, row in enumerate(ratios):
            places, weights = [j for j, _, _ in row], [top * (denominator // bottom) for _, top, bottom in row]
            take = itemgetter(*places) if len(row) > 1 else lambda vector, places=places: [vector[j] for j in places]
            rows.append((take, weights))
            for j, weight in zip(places, weights):
                columns.setdefault(j, []).append((i, weight))
        return denominator, rows, columns, [sum(map(abs, weights)) for _, weights in rows]

    def product(self, vector):
        denominator, rows, columns, _ = self.integers
        hot = [j for j, value in enumerate(vector) if value]
        if len(hot) == 1:
            result = [0] * len(rows)
            for i, weight in columns.get(hot[0], ()):
                result[i] = weight * vector[hot[0]] // denominator
            return result
        return [sum(map(mul, weights, take(vector))) // denominator for take, weights in rows]


MAPS = {}  # the maps of linear and sparse nodes by their bytes, which unrolled graphs repeat


def selection(columns):
    return [[(column, 1)] for column in columns]


class Graph:
    """A graph of one real input; `output` is the step of its result and `used` lists the steps that it depends on."""

    def __init__(self, data, code):
        reader = Reader(data, code)
        reader.need(reader.text() == "dspec graph 1", "the graph is of another version")
        self.steps, place, shapes, inputs = [], [], [], []
        for position in range(reader.count(8)):
            name, operands = reader.text(), reader.counts()
            shape, size = reader.shape()
            reader.need(all(operand < position for operand in operands), "an operand stands behind its node")
            given, self.at = [shapes[operand] for operand in operands], [place[operand] for operand in operands]
            if name == "Input":
                inputs.append(position)
                reader.text()
                reader.need(reader.byte(2) == 0, "the graph has an input that is not real")
            place.append(self.node(reader, name, given, shape, size))
            shapes.append((shape, size))
        found, outputs = reader.counts(), reader.counts()
        reader.end()
        reader.need(found == inputs and len(inputs) == len(outputs) == 1 and outputs[0] < len(place),
                    "the graph has not one real input and one output")
        self.output, self.input, self.count = place[outputs[0]], place[inputs[0]], shapes[outputs[0]][1]
        self.used = {self.output}
        for position in range(len(self.steps) - 1, -1, -1):
            if position in self.used:
                self.used.update(self.steps[position].operands)
        self.rectifiers = sum(step.count for step in self.steps if step.kind == "ReLU")

    def add(self, kind, operands, count, **more):
        self.steps.append(Step(kind, operands, count, **more))
        return len(self.steps) - 1

    def map(self, operands, rows, bias=None, lost=None, key=None):
        rows = list(rows)
        map = Map(rows, bias) if key is None else MAPS.setdefault(key, Map(rows, bias))
        return self.add("map", operands, len(rows), map=map, lost=lost)

    def node(self, reader, name, given, shape, size):
        """Adds the steps of a node; returns the place of its value."""
        at, sizes, start = self.at, [count for _, count in given], reader.at
        arity = {"Input": 0, "Constant": 0, "Add": 2, "Multiply": 2, "Concat": max(1, len(at))}.get(name, 1)
        reader.need(len(at) == arity, f"`{name}` has {len(at)} operands")

        def fits(condition):
            reader.need(condition, f"the shape of `{name}` does not follow from its operands")

        if name == "Input":
            return self.add("input", [], size, lost=("operation",))
        if name == "Constant":
            fits(reader.shape() == (shape, size))
            values = reader.doubles(size)
            return self.map([], [[]] * size, values, ("constant", values))
        if name == "Linear":
            inner, count = reader.shape()
            fits(len(inner) == 2 and size == inner[0] and sizes == [inner[1]])
            weights = reader.doubles(count)
            fits(reader.shape() == (inner[:1], inner[0]))
            rows = [list(enumerate(weights[i:i + inner[1]])) for i in range(0, count, inner[1])]
            bias = reader.doubles(inner[0])
            return self.map(at, rows, bias, ("sum",), (name, size, bytes(reader.data[start:reader.at])))
        if name in ("Sparse", "RoundedSparse"):
            fits(sizes == [reader.count()])
            rows, bias = [], []
            for _ in range(size):
                row = [(reader.count(), reader.doubles(1)[0]) for _ in range(reader.count(16))]
                columns = [column for column, _ in row]
                reader.need(columns == sorted(set(columns)) and all(j < sizes[0] and w for j, w in row),
                            "the entries of a row are zero, not ascending or beyond the operand")
                rows.append(row)
                bias += reader.doubles(1)
            how = ("sum",)
            if name == "RoundedSparse":
                how = ("sum", reader.count(), reader.doubles(size))
                reader.need(how[1] <= 2**24 and min(how[2]) >= 0, "an allowance for roundings is out of range")
            return self.map(at, rows, bias, how, (name, size, bytes(reader.data[start:reader.at])))
        if name == "Concat":
            axis, extents = reader.count(), [extent for extent, _ in given]
            fits(axis < len(shape) and all(len(extent) == len(shape) for extent in extents))
            rest = {tuple(extent[:axis] + extent[axis + 1:]) for extent in extents + [shape]}
            fits(len(rest) == 1 and shape[axis] == sum(extent[axis] for extent in extents))
            outer, starts = prod(shape[:axis]), [sum(sizes[:i]) for i in range(len(sizes))]
            columns = [start + block * (count // outer) + j for block in range(outer)
                       for start, count in zip(starts, sizes) for j in range(count // outer)]
            return self.map(at, selection(columns))
        if name == "Max":
            width = reader.count()
            fits(width > 0 and given[0][0] == shape + [width])
            return self.maximum(at[0], size, width)
        fits(all(count == size for count in sizes))
        if name == "Reshape":
            return at[0]
        if name in ("Add", "Multiply"):
            trimmed = [extent[next((i for i, e in enumerate(extent) if e > 1), len(extent)):] for extent, _ in given]
            fits(trimmed[0] == trimmed[1])
            if name == "Multiply":
                return self.add("product", at, size, lost=("operation",))
            return self.map(at, [[(i, 1), (size + i, 1)] for i in range(size)], None, ("operation",))
        if name in ("Scale", "Divide"):
            number, = reader.doubles(1)
            reader.need(name == "Scale" or number != 0, "a divisor is zero")
            factor = Fraction(number) if name == "Scale" else 1 / Fraction(number)
            return self.map(at, [[(i, factor)] for i in range(size)], None, ("factor", number))
        if name == "Clip":
            limits = reader.doubles(2)
            reader.need(limits[0] <= limits[1], "a clip is crossed")
            return self.add("Clip", at, size, limits=limits, lost=("clip", limits))
        if name == "Softmax":
            width, logarithm = reader.count(), reader.byte(2) == 1
            fits(width > 0 and size % width == 0)
            return self.softmax(at[0], size, width, logarithm)
        if name == "Normalize":
            width, (epsilon,) = reader.count(), reader.doubles(1)
            fits(0 < width <= 2**14 and size % width == 0 and epsilon >= 0)
            return self.normalize(at[0], size, width, epsilon)
        reader.need(name in POINT or name in ("ReLU", "Sign"), f"`{name}` is no operator that can be read")
        return self.add(name, at, size, lost=(name,) if name in POINT else None)

    def maximum(self, at, rows, width):
        """By halves: max(a, b) = b + max(a - b, 0); of an odd number the one in the middle stays."""
        while width > 1:
            half = (width + 1) // 2
            pairs = [(row * width + i, row * width + i + half if i + half < width else None)
                     for row in range(rows) for i in range(half)]
            gaps = self.map([at], [[] if b is None else [(a, 1), (b, -1)] for a, b in pairs])
            others = self.map([at], selection(a if b is None else b for a, b in pairs))
            steps = self.add("ReLU", [gaps], len(pairs)), others
            at = self.map(steps, [[(i, 1), (len(pairs) + i, 1)] for i in range(len(pairs))])
            width = half
        return at

    def softmax(self, at, size, width, logarithm):
        """1 / (1 + sum of exp(x_j - x_i) over the others), or minus the logarithm of the divisor."""
        group, others = lambda i: range(i - i % width, i - i % width + width), width - 1
        gaps = self.map([at], [[(j, 1), (i, -1)] for i in range(size) for j in group(i) if j != i])
        powers = self.add("Exp", [gaps], size * others)
        sums = self.map([powers], [[(i * others + j, 1) for j in range(others)] for i in range(size)], [1] * size)
        last, sign = self.add("Log" if logarithm else "Reciprocal", [sums], size), -1 if logarithm else 1
        return self.map([last], [[(i, sign)] for i in range(size)], None, ("softmax", width, logarithm, at))

    def normalize(self, at, size, width, epsilon):
        """d / sqrt(sum of d^2 / n + n^2 epsilon) with d = n x - sum of x, within +-sqrt(n - 1)."""
        group = lambda i: range(i * width, i * width + width)
        deviations = self.map([at], [[(j, width * (i == j) - 1) for j in group(i // width)] for i in range(size)])
        squares = self.add("Square", [deviations], size)
        moved = Fraction(epsilon) * width**2
        means = self.map([squares], [[(j, Fraction(1, width)) for j in group(i)] for i in range(size // width)],
                         [moved] * (size // width))
        inverse = self.add("Reciprocal", [self.add("Sqrt", [means], size // width)], size // width)
        spread = self.map([inverse], selection(i // width for i in range(size)))
        limit = nextafter(sqrt(width - 1), inf)
        product = self.add("product", [deviations, spread], size)
        return self.add("Clip", [product], size, limits=(-limit, limit), lost=("normalize", width, at, spread))

    def values(self, box):
        """Rational enclosures of the results over a box in interval arithmetic: exact at a point where the functions
        allow it, smooth functions are enclosed.
        """
        known = {}
        for position in sorted(self.used):
            step = self.steps[position]
            x = [pair for operand in step.operands for pair in known[operand]]
            if step.kind == "input":
                value = list(box)
            elif step.kind == "map":
                value = [tuple(Fraction(bias) + dot(row, x, side) for side in (0, 1))
                         for row, bias in zip(step.map.rows, step.map.bias)]
            elif step.kind == "product":
                value = [ends([p * q for p in a for q in b]) for a, b in zip(x, x[step.count:])]
            elif step.kind == "Square":
                value = [(Fraction(0) if a <= 0 <= b else min(a * a, b * b), max(a * a, b * b)) for a, b in x]
            elif step.kind == "Reciprocal" and all(a > 0 or b < 0 for a, b in x):
                value = [(1 / b, 1 / a) for a, b in x]
            elif step.kind in ("ReLU", "Clip", "Sign"):
                value = [tuple(piecewise(step)(v) for v in pair) for pair in x]
            else:
                images = [image(step.kind, hull(a, b)) for a, b in x]
                value = [(Fraction(a, ONE), Fraction(b, ONE)) for a, b in images]
            known[position] = value
        return known[self.output]


def ends(values):
    return min(values), max(values)


def piecewise(step):
    """A rising, piecewise linear function of rational numbers."""
    if step.kind == "Sign":
        return lambda x: Fraction((x > 0) - (x < 0))
    low, high = (Fraction(0), None) if step.kind == "ReLU" else map(Fraction, step.limits)
    return lambda x: max(x, low) if high is None else min(max(x, low), high)


def dot(row, box, side):
    """The lower (side 0) or upper end of a sum of products, over one common denominator."""
    terms = [Fraction(w) * box[j][side if w > 0 else 1 - side] for j, w in row if w]
    common = lcm(*(term.denominator for term in terms))
    return Fraction(sum(term.numerator * (common // term.denominator) for term in terms), common)
