"""Affine forms: every value of a graph on a cell as centre + sum of coefficient * symbol +- remainder.

Symbols lie in [-1, 1]; one for each coordinate of the cell, and a fresh one for every error of a nonlinear operator.
For each point of the cell there is one choice of all symbols and of numbers within the remainders with which all
values in hand are the graph's. All numbers are integers in units of 2^-BITS; what floors lose goes to the remainders.
"""

import struct
from fractions import Fraction
from operator import mul

import dyadic
from dyadic import BITS, ONE, Undefined, curvature, defined, exact, image
from fractions import Fraction

SLOPE = 40  # bits of a slope
NARROW = 8  # widest value whose error symbols are joined where it is the only one alive


class Form:
    """Rows of an affine form: centres, one list of coefficients a symbol, and remainders."""

    def __init__(self, centre, columns, rest):
        self.centre, self.columns, self.rest = centre, columns, rest

    def radii(self):
        if not self.columns:
            return list(self.rest)
        sizes = [map(abs, column) for column in self.columns.values()]
        return list(map(sum, zip(self.rest, *sizes)))

    def box(self):
        return [(c - r, c + r) for c, r in zip(self.centre, self.radii())]


class Weights:
    """Rows of a map as integers over 2^shift, exactly, with what its rows and columns need besides."""

    def __init__(self, rows, bias, width):
        dense = [dict(row) if row and isinstance(row[0], tuple) else dict(enumerate(row)) for row in rows]
        ratios = [{j: w.as_integer_ratio() for j, w in row.items() if w} for row in dense]
        self.shift = max([d.bit_length() - 1 for row in ratios for _, d in row.values()], default=0)
        self.rows = [[(j, n << (self.shift - d.bit_length() + 1)) for j, (n, d) in row.items()] for row in ratios]
        self.full = width <= 4 * max(1, max(map(len, self.rows)))
        if self.full:
            self.rows = [[dict(row).get(j, 0) for j in range(width)] for row in self.rows]
            self.columns = list(zip(*self.rows))
        self.bias = [exact(b)[0] for b in bias]
        self.norms = [sum(abs(w) for w in row) if self.full else sum(abs(w) for _, w in row) for row in self.rows]

    def product(self, vector):
        if self.full:
            return [sum(map(mul, row, vector)) for row in self.rows]
        return [sum(w * vector[j] for j, w in row) for row in self.rows]


def weights(node, width, cache):
    """The integers of a linear or sparse node of an operand of `width` elements; equal maps share them."""
    if node.raw not in cache:
        cache[node.raw] = Weights(node.a, node.b, width)
    return cache[node.raw]


def piecewise(name, node, low, high):
    """(slope, offset, error) with f(x) in slope x + offset +- error on [low, high]; slope in units of 2^-SLOPE.

    f(x) - slope x is linear between the ends and the kinks, so that its extremes lie there, for any slope.
    """
    inexact = False
    if name == "ReLU":
        bottom, top = 0, None
    else:
        bottom, top = exact(node.a), exact(node.b)
        if low >= bottom[1] and high <= top[0]:
            return 1 << SLOPE, 0, 0
        inexact = bottom[0] < bottom[1] or top[0] < top[1]
        bottom, top = bottom[0], top[0]

    def value(x):
        x = max(x, bottom)
        return x if top is None else min(x, top)

    if low >= bottom and (top is None or high <= top) and name == "ReLU":
        return 1 << SLOPE, 0, 0
    slope = 0 if high == low else ((value(high) - value(low)) << SLOPE) // (high - low)
    points = [low, high] + [kink for kink in (bottom, top) if kink is not None and low < kink < high]
    gaps = [value(x) - (slope * x >> SLOPE) for x in points]
    # The product is floored, and so are the limits of a clip.
    slack = (1 if slope else 0) + (2 if inexact else 0)
    return line(slope, min(gaps) - slack, max(gaps) + slack)


def line(slope, low, high):
    if low == high == 0:
        return slope, 0, 0
    middle = (low + high) >> 1
    return slope, middle, max(high - middle, middle - low) + 1


def smooth(name, low, high):
    """The same for a smooth function.

    With e = f - slope x, |e - (its linear interpolation)| <= M h^2 / 8 for M >= |f''|, h the width; the alternative
    is the function's image with slope zero, taken where it is narrower.
    """
    if not defined(name, (low, high)):
        raise Undefined(f"{name} is not defined on the whole interval")
    flat = line(0, *image(name, (low, high)))
    bound = curvature(name, (low, high))
    if bound is None or high == low:
        return flat
    at_low, at_high = dyadic.POINT[name](low), dyadic.POINT[name](high)
    slope = ((at_high[0] - at_low[0]) << SLOPE) // (high - low)
    ends = [value[side] - (slope * x >> SLOPE) for x, value in ((low, at_low), (high, at_high)) for side in (0, 1)]
    bend = ((high - low) ** 2 * bound >> (2 * BITS + 3)) + 1
    chord = line(slope, min(ends) - bend - 1, max(ends) + bend + 1)
    return chord if chord[2] < flat[2] else flat


class Propagation:
    """Affine forms of all nodes of a graph on one cell, given by enclosures (low, high) of its coordinates."""

    def __init__(self, graph, box, single=False, cache=None):
        self.graph, self.single, self.cache = graph, single, {} if cache is None else cache
        self.symbols = 0
        nodes = graph.nodes
        last = {}
        for position in sorted(graph.used):
            for operand in nodes[position].operands:
                last[operand] = position
        last[graph.outputs[0]] = len(nodes)
        self.values = {graph.inputs[0]: self.input(box)}
        self.axes = self.symbols
        alive = {graph.inputs[0]}
        for position in sorted(graph.used):
            node = nodes[position]
            if node.name != "Input":
                self.values[position] = self.apply(node, [self.values[operand] for operand in node.operands])
            elif single:
                self.lose(node, [], self.values[position])
            if node.name != "Constant":
                alive.add(position)
            for operand in set(node.operands):
                if last[operand] == position:
                    alive.discard(operand)
                    del self.values[operand]
            if alive == {position} and node.count <= NARROW and node.name != "Input":
                self.reduce(self.values[position])
        self.output = self.values[graph.outputs[0]]

    def fresh(self):
        self.symbols += 1
        return self.symbols - 1

    def input(self, box):
        centre = [(a + b) >> 1 for a, b in box]
        self.radius = [max(b - c, c - a) for (a, b), c in zip(box, centre)]
        if max(self.radius) <= 8:  # a point
            return Form(centre, {}, self.radius[:])
        columns = {}
        for axis, size in enumerate(self.radius):
            columns[self.fresh()] = [size if row == axis else 0 for row in range(len(centre))]
        return Form(centre, columns, [0] * len(centre))

    def reduce(self, form):
        """Joins all symbols but the coordinates' into a fresh one for each row: a box that holds them."""
        others = [symbol for symbol in form.columns if symbol >= self.axes]
        if len(others) <= len(form.centre):
            return
        sizes = list(map(sum, zip(*(map(abs, form.columns.pop(symbol)) for symbol in others))))
        for row, size in enumerate(sizes):
            form.columns[self.fresh()] = [size if index == row else 0 for index in range(len(sizes))]

    def apply(self, node, operands):
        name, given = node.name, operands[0] if operands else None
        if name == "Constant":
            form = Form([exact(x)[0] for x in node.a], {}, [1] * node.count)
        elif name in ("Linear", "Sparse"):
            form = self.affine(weights(node, len(given.centre), self.cache), given)
        elif name == "Add":
            left, right = operands
            columns = dict(left.columns)
            for symbol, column in right.columns.items():
                known = columns.get(symbol)
                columns[symbol] = column if known is None else [a + b for a, b in zip(known, column)]
            form = Form([a + b for a, b in zip(left.centre, right.centre)], columns,
                        [a + b for a, b in zip(left.rest, right.rest)])
        elif name in ("Scale", "Divide"):
            form = self.scale(Fraction(node.a) if name == "Scale" else 1 / Fraction(node.a), given)
        elif name == "Multiply":
            form = self.multiply(*operands)
        elif name == "Reshape":
            form = Form(list(given.centre), dict(given.columns), list(given.rest))
        elif name == "Concat":
            symbols = sorted({symbol for form in operands for symbol in form.columns})
            columns = {symbol: concat(node, [form.columns.get(symbol) or [0] * len(form.centre) for form in operands])
                       for symbol in symbols}
            form = Form(concat(node, [form.centre for form in operands]), columns,
                        concat(node, [form.rest for form in operands]))
        elif name == "Gather":
            raise Undefined("no rule for Gather")
        else:
            form = self.elementwise(node, given)
        if self.single:
            self.lose(node, operands, form)
        return form

    def affine(self, map_, given):
        shift = map_.shift
        centre = [(s >> shift) + b for s, b in zip(map_.product(given.centre), map_.bias)]
        columns = {}
        for symbol, column in given.columns.items():
            hot = [row for row, value in enumerate(column) if value]
            if len(hot) == 1 and map_.full:
                value = column[hot[0]]
                columns[symbol] = [w * value >> shift for w in map_.columns[hot[0]]]
            elif hot:
                columns[symbol] = [s >> shift for s in map_.product(column)]
        # Remainders are roundings alone, so that the largest may stand for all.
        lost, most = len(columns) + 3, max(given.rest)
        return Form(centre, columns, [(norm * most >> shift) + lost for norm in map_.norms])

    def scale(self, factor, given):
        top, bottom = factor.numerator, factor.denominator
        columns = {symbol: [x * top // bottom for x in column] for symbol, column in given.columns.items()}
        lost = len(columns) + 2
        return Form([x * top // bottom for x in given.centre], columns,
                    [abs(top) * x // bottom + lost for x in given.rest])

    def multiply(self, left, right):
        """c d + c y + d x +- |x| |y| for centres c, d and deviations x, y."""
        radii = left.radii(), right.radii()
        columns = {}
        for form, other in ((left, right.centre), (right, left.centre)):
            for symbol, column in form.columns.items():
                part = [x * c >> BITS for x, c in zip(column, other)]
                known = columns.get(symbol)
                columns[symbol] = part if known is None else [a + b for a, b in zip(known, part)]
        lost = 2 * len(columns) + 4
        rest = [(abs(c) * s + abs(d) * r >> BITS) + lost
                for c, d, r, s in zip(left.centre, right.centre, left.rest, right.rest)]
        form = Form([a * b >> BITS for a, b in zip(left.centre, right.centre)], columns, rest)
        self.errors(form, [(a * b >> BITS) + 1 for a, b in zip(*radii)])
        return form

    def elementwise(self, node, given):
        lines = []
        for low, high in given.box():
            if node.name == "Sign":
                lines.append(line(0, *(ONE * ((x > 0) - (x < 0)) for x in (low, high))))
            elif node.name in ("ReLU", "Clip"):
                lines.append(piecewise(node.name, node, low, high))
            else:
                lines.append(smooth(node.name, low, high))
        slopes = [slope for slope, _, _ in lines]
        centre = [(slope * c >> SLOPE) + offset for (slope, offset, _), c in zip(lines, given.centre)]
        columns = {symbol: [slope * x >> SLOPE for slope, x in zip(slopes, column)]
                   for symbol, column in given.columns.items()}
        lost = len(columns) + 2
        rest = [(abs(slope) * r >> SLOPE) + (lost if slope not in (0, 1 << SLOPE) else 1 if r else 0)
                for slope, r in zip(slopes, given.rest)]
        form = Form(centre, columns, rest)
        self.errors(form, [error for _, _, error in lines])
        return form

    def errors(self, form, sizes):
        count = len(sizes)
        for row, size in enumerate(sizes):
            if size > 8:
                column = [0] * count
                column[row] = size
                form.columns[self.fresh()] = column
            else:
                form.rest[row] += size

    def lose(self, node, operands, form):
        """Adds what the deployed operator may lose, see section 6 of specs/certificate.md."""
        sizes = [[max(abs(low), abs(high)) for low, high in operand.box()] for operand in operands]
        values = [max(abs(low), abs(high)) for low, high in form.box()]
        self.errors(form, single_errors(node, sizes, values))


def concat(node, parts):
    """The parts of a concatenation in the order of its elements."""
    outer = 1
    for extent in node.shape[:node.a]:
        outer *= extent
    return [x for block in range(outer) for part in parts
            for x in part[block * (len(part) // outer):(block + 1) * (len(part) // outer)]]


GREATEST = ONE << 100
TINY = ONE >> 100  # exceeds the sum of all absolute terms of the theorem


def single(value):
    """Whether a double is a number of binary32."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0] == value
    except OverflowError:
        return False


def relative(units, size):
    """g(units) size with g(n) = n 2^-24 / (1 - n 2^-24), rounded upwards."""
    if size > GREATEST:
        raise Undefined("a number may overflow in single precision")
    return units * size // ((1 << 24) - units) + 1 + TINY


def single_errors(node, sizes, values):
    """Upper bounds of the rounding errors of binary32 for each element, in units of 2^-BITS."""
    name = node.name
    if name in ("ReLU", "Sign", "Gather", "Reshape", "Concat"):
        return [0] * node.count
    if name == "Constant":
        return [0 if single(x) else relative(1, v) for x, v in zip(node.a, values)]
    if name == "Clip":
        return [max(0 if single(x) or abs(x) > 2.0**100 else relative(1, exact(abs(x))[1])
                    for x in (node.a, node.b))] * node.count
    if name in ("Scale", "Divide"):
        return [relative(1 if single(node.a) else 3, v) + (0 if single(node.a) else s >> 140)
                for v, s in zip(values, sizes[0])]
    if name in ("Linear", "Sparse"):
        errors = []
        for row, bias in zip(node.a, node.b):
            terms = [(w, sizes[0][j]) for j, w in (row if name == "Sparse" else enumerate(row))]
            if bias == 0 and all(abs(w) in (0, 1) for w, _ in terms) and sum(1 for w, _ in terms if w) <= 1:
                errors.append(0)
                continue
            total = exact(abs(bias))[1] + sum((exact(abs(w))[1] * s >> BITS) + 1 for w, s in terms)
            operands = sum(s for _, s in terms)
            if operands > GREATEST:
                raise Undefined("a sum may overflow in single precision")
            errors.append(relative(len(terms) + 3, total) + (operands >> 140) + len(terms))
        return errors
    if name in ("Input", "Add", "Multiply", "Square", "Reciprocal", "Sqrt"):
        return [relative(1, v) for v in values]
    scales = values
    if name in ("SiLU", "GELU"):
        scales = [max(a, b) for a, b in zip(sizes[0], values)]
    elif name == "Softplus":
        scales = [ONE + v for v in values]
    return [relative(8, s) for s in scales]
