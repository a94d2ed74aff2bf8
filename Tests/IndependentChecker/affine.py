"""Affine forms: every value of a graph on a cell as centre + sum of coefficient * symbol +- remainder.

Symbols lie in [-1, 1]; one for each coordinate of the cell, and a fresh one for every error of a nonlinear step. For
each point of the cell there is one choice of all symbols and of numbers within the remainders with which all values in
hand are the graph's. All numbers are integers in units of 2^-BITS; what floors lose goes to the remainders.
"""

import struct

from dyadic import BITS, ONE, POINT, Undefined, curvature, enclose, image, magnitude, negative, norm, plus, times

SLOPE = 40  # bits of a slope
NARROW = 8  # widest value whose error symbols are joined where it is the only one alive


class Form:
    """Rows of an affine form: centres, one list of coefficients a symbol, and remainders."""

    def __init__(self, centre, columns, rest):
        self.centre, self.columns, self.rest = centre, columns, rest

    def radii(self):
        return list(map(sum, zip(self.rest, *(map(abs, column) for column in self.columns.values()))))

    def box(self):
        return [(c - r, c + r) for c, r in zip(self.centre, self.radii())]

    def sizes(self):
        return [abs(c) + r for c, r in zip(self.centre, self.radii())]


def line(slope, low, high):
    """(slope, offset, error) with f(x) in slope x + offset +- error where f(x) - slope x lies between low and high."""
    middle = (low + high) >> 1
    return slope, middle, max(high - middle, middle - low) + (low != high)


def relax(step, low, high):
    """A line with an error for a function on [low, high]; slopes are in units of 2^-SLOPE.

    f(x) - slope x takes its extremes, for any slope, at the ends and kinks of a piecewise linear function; of a smooth
    one it is within M h^2 / 8 of its linear interpolation for M >= |f''| and the width h. The image of a smooth
    function, with slope zero, is taken where it is narrower.
    """
    if step.kind == "Sign":
        return line(0, *(ONE * ((x > 0) - (x < 0)) for x in (low, high)))
    if step.kind in POINT:
        flat, bound = line(0, *image(step.kind, (low, high))), curvature(step.kind, (low, high))
        if bound is None or high == low:
            return flat
        kinks, function = [], POINT[step.kind]
        bend = ((high - low) ** 2 * bound >> (2 * BITS + 3)) + 2
    else:
        limits = [0] if step.kind == "ReLU" else [enclose(limit)[0] for limit in step.limits]
        if low >= limits[0] and (step.kind == "ReLU" or high <= limits[1]):
            return 1 << SLOPE, 0, 0
        # Limits are floored.
        flat, bend = None, 2 if step.kind == "Clip" else 0
        kinks = [kink for kink in limits if low < kink < high]

        def function(x):
            value = max(x, limits[0])
            value = value if step.kind == "ReLU" else min(value, limits[1])
            return value, value

    slope = 0 if high == low else ((function(high)[0] - function(low)[0]) << SLOPE) // (high - low)
    gaps = [end - (slope * x >> SLOPE) for x in (low, high, *kinks) for end in function(x)]
    bend += 1 if slope else 0
    chord = line(slope, min(gaps) - bend, max(gaps) + bend)
    return chord if flat is None or chord[2] < flat[2] else flat


class Propagation:
    """Affine forms of the steps of a graph on one cell, given by enclosures (low, high) of its coordinates."""

    def __init__(self, graph, box, single=False, balls=()):
        self.steps, self.symbols, self.balls, last = graph.steps, 0, balls, {}
        needed = {position: self.steps[position].operands for position in sorted(graph.used)}
        if single:  # a rounded result depends on operands of the whole operator, which stand at the end of `lost`
            for position, step in needed.items():
                how = self.steps[position].lost or ("",)
                needed[position] = step + {"softmax": how[3:], "normalize": how[2:]}.get(how[0], ())
        for position, operands in needed.items():
            last.update((operand, position) for operand in operands)
        self.values, alive = {}, set()
        for position, operands in needed.items():
            step = self.steps[position]
            self.values[position] = form = self.apply(step, box)
            if single and step.lost is not None:
                self.errors(form, losses(step, form.sizes(), lambda place: self.values[place].sizes()))
            alive.update([position] if step.operands or step.kind == "input" else [])
            for operand in set(operands):
                if last[operand] == position and operand != graph.output:
                    alive.discard(operand)
                    del self.values[operand]
            if alive == {position} and step.count <= NARROW and step.kind != "input":
                self.reduce(form)
        self.output = self.values[graph.output]

    def apply(self, step, box):
        operands = [self.values[operand] for operand in step.operands]
        if step.kind == "input":
            return self.input(box)
        if step.kind == "product":
            return self.multiply(*operands)
        given = operands[0] if len(operands) == 1 else join(operands)
        return self.affine(step.map, given) if step.kind == "map" else self.elementwise(step, given)

    def input(self, box):
        self.middle = centre = [(a + b) >> 1 for a, b in box]
        self.radius = [max(b - c, c - a) for (a, b), c in zip(box, centre)]
        self.axes = 0 if max(self.radius) <= 8 else len(centre)  # a point needs no symbols
        if self.axes == 0:
            return Form(centre[:], {}, self.radius[:])
        self.symbols = self.axes
        form = Form(centre[:], {}, [0] * self.axes)
        for axis, size in enumerate(self.radius):
            form.columns[axis] = single_entry(self.axes, axis, size)
        return form

    def reduce(self, form):
        """Joins all symbols but the coordinates' into a fresh one for each row: a box that holds them."""
        others = [symbol for symbol in form.columns if symbol >= self.axes]
        if len(others) > len(form.centre):
            self.errors(form, list(map(sum, zip(*(map(abs, form.columns.pop(symbol)) for symbol in others)))))

    def affine(self, rows, given):
        columns = {symbol: rows.product(column) for symbol, column in given.columns.items() if any(column)}
        denominator, *_, norms = rows.integers
        # Remainders are roundings alone, so that the largest may stand for all.
        lost, most = len(columns) + 4, max(given.rest, default=0)
        return Form([x + enclose(b)[0] for x, b in zip(rows.product(given.centre), rows.bias)], columns,
                    [norm * most // denominator + lost for norm in norms])

    def multiply(self, left, right):
        """c d + c y + d x +- |x| |y| for centres c, d and deviations x, y."""
        radii, columns = (left.radii(), right.radii()), {}
        for form, other in ((left, right.centre), (right, left.centre)):
            for symbol, column in form.columns.items():
                part = [x * c >> BITS for x, c in zip(column, other)]
                known = columns.get(symbol)
                columns[symbol] = part if known is None else [a + b for a, b in zip(known, part)]
        rest = [(abs(c) * s + abs(d) * r >> BITS) + 2 * len(columns) + 4
                for c, d, r, s in zip(left.centre, right.centre, left.rest, right.rest)]
        form = Form([a * b >> BITS for a, b in zip(left.centre, right.centre)], columns, rest)
        self.errors(form, [(a * b >> BITS) + 1 for a, b in zip(*radii)])
        return form

    def elementwise(self, step, given):
        lines = [relax(step, low, high) for low, high in self.ranges(given)]
        slopes, lost = [slope for slope, _, _ in lines], len(given.columns) + 2
        form = Form([(slope * c >> SLOPE) + offset for (slope, offset, _), c in zip(lines, given.centre)],
                    {symbol: [slope * x >> SLOPE for slope, x in zip(slopes, column)]
                     for symbol, column in given.columns.items()},
                    [(abs(slope) * r >> SLOPE) + lost for slope, r in zip(slopes, given.rest)])
        self.errors(form, [error for _, _, error in lines])
        return form

    def ranges(self, form):
        """Enclosures of the rows on what the balls leave of the cell."""
        box = form.box()
        return [self.cut(form, row, value) for row, value in enumerate(box)] if self.balls and self.axes else box

    def cut(self, form, row, value):
        """The range of a row on the balls: what a linear function adds over a ball to its value in the centre is at
        most the radius times the dual norm of its slopes (Hoelder). Coordinates of the cell that end at the centre
        count with the whole cell, and all of them where that is less.
        """
        low, high, rest = 0, 0, dict(form.columns)
        for ball in self.balls:
            axes = [axis for axis in range(ball.start, ball.end) if axis in rest and self.radius[axis]]
            sizes = {axis: abs(rest.pop(axis)[row]) for axis in axes}

            def most(sign):
                total, bent = 0, []
                for axis in axes:
                    centre = enclose(ball.centre[axis - ball.start])
                    slope = sign * (form.columns[axis][row] << BITS) // self.radius[axis]
                    end = self.middle[axis] + (self.radius[axis] if slope > 0 else -self.radius[axis])
                    if (centre[0] < end) if slope > 0 else (centre[1] > end):
                        bent.append(magnitude((slope, slope + 1)))
                        step = plus(centre, negative((self.middle[axis], self.middle[axis])))
                        total += times((slope, slope + 1), step)[1]
                    else:
                        total += sizes[axis]
                dual = norm(bent, {"l1": "linf", "l2": "l2"}[ball.norm])[1] if bent else 0
                return min(sum(sizes.values()), total + (enclose(ball.radius)[1] * dual >> BITS) + 1)

            low, high = low - most(-1), high + most(1)
        reach = form.rest[row] + sum(abs(column[row]) for column in rest.values())
        return max(value[0], form.centre[row] + low - reach), min(value[1], form.centre[row] + high + reach)

    def errors(self, form, sizes):
        """Adds an error to each row, by a fresh symbol where it is more than rounding."""
        for row, size in enumerate(sizes):
            if size > 8:
                form.columns[self.symbols] = single_entry(len(sizes), row, size)
                self.symbols += 1
            else:
                form.rest[row] += size


def single_entry(count, row, size):
    return [0] * row + [size] + [0] * (count - row - 1)


def join(forms):
    """The rows of several forms one after the other."""
    columns = {}
    for symbol in sorted({symbol for form in forms for symbol in form.columns}):
        columns[symbol] = [x for form in forms for x in form.columns.get(symbol) or [0] * len(form.centre)]
    return Form([x for form in forms for x in form.centre], columns, [x for form in forms for x in form.rest])


GREATEST = ONE << 98
TINY = ONE >> 76  # exceeds the sum of all absolute terms of section 6


def is_single(value):
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


def losses(step, results, sizes):
    """Upper bounds of the rounding errors of binary32 (section 6), in units of 2^-BITS.

    `results` bounds the magnitudes of the exact results, `sizes(place)` those of the values of another step.
    """
    how, *more = step.lost
    operands = [size for place in step.operands for size in sizes(place)]
    if how == "constant":
        return [0 if is_single(x) else relative(1, v) for x, v in zip(more[0], results)]
    if how == "clip":
        rounded = [enclose(abs(x))[1] for x in more[0] if not is_single(x) and abs(x) <= 2.0**101]
        return [max((relative(1, x) for x in rounded), default=0)] * step.count
    if how == "factor":
        return [relative(1 if is_single(more[0]) else 3, v) + (s >> 140) for v, s in zip(results, operands)]
    if how == "sum":
        errors, (roundings, allowed) = [], more or (0, [0] * step.count)
        for entries, bias, allowance in zip(step.map.rows, step.map.bias, allowed):
            terms = [(abs(w), operands[j]) for j, w in entries]
            constants = enclose(abs(bias))[1] + enclose(allowance)[1]
            total = constants + sum((enclose(w)[1] * s >> BITS) + 1 for w, s in terms)
            most = sum(s for _, s in terms)
            is_move = not more and bias == 0 and [w for w, _ in terms if w] in ([], [1])
            errors.append(0 if is_move else relative(len(terms) + roundings + 3, max(total, most >> 100)))
        return errors
    if how == "softmax":
        count, logarithm, place = more
        relative(1, 4 * max(sizes(place)))  # known at all
        bits = count.bit_length()  # log n <= bits log 2
        units = 8 + 2 * bits + count
        if units > 1 << 18:
            raise Undefined("a softmax of so many elements is not followed")
        # In half units, with (1 - b)^-1 <= 1 + 4 b <= 17 / 16.
        return [relative(1, v * (2 * 2 if logarithm else 2 * (units + 10)) + (
            2 * (8 * (bits + 1) + 2 * units) if logarithm else 2) * ONE) * 17 // 32 + TINY for v in results]
    if how == "normalize":
        count, place, inverses = more
        errors, bounds, inverse = [], sizes(place), sizes(inverses)
        for row, value in enumerate(results):
            start = row - row % count
            most, root = max(bounds[start:start + count]), inverse[row] * count  # X; R = 1 / sqrt(v + epsilon)
            if max(most >> 40, root >> 20, value >> 20) > ONE:
                raise Undefined("a normalization of such numbers is not followed")
            deviation = relative(count + 5, most)
            drift = (root * deviation >> BITS) + relative(count + 8, ONE)  # t
            if drift > ONE >> 5:
                raise Undefined("a normalization of so little variance is not followed")
            spread = root * (deviation + relative(5, most)) >> BITS
            errors.append(spread * 17 // 16 + (value * (drift * 27 // 25 + relative(4, ONE)) >> BITS) + TINY)
        return errors
    if how in ("operation", "Square", "Reciprocal", "Sqrt"):
        return [relative(1, v) for v in results]
    scale = {"Softplus": lambda s, v: ONE + v, "Sigmoid": lambda s, v: ONE + v,
             "SiLU": lambda s, v: max(s, v) * 9 // 4 + 1, "GELU": max, "QuotientGELU": max, "ProductGELU": max,
             "TanhGELU": max}.get(how, lambda s, v: v)
    return [relative(8, scale(s, v)) for s, v in zip(operands, results)]
