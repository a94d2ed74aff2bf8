"""Claims on cells: what affine forms show of a predicate, and how much mass of an event they show.

A leaf is confirmed where bounds of our own show what its rule claims; a cell is cut in halves where they are too
loose. A leaf is contradicted by one point at which an evaluation in intervals shows the opposite.
"""

from fractions import Fraction
from math import isqrt, lcm

from affine import Propagation, concat
from dyadic import BITS, ONE, UNITY, Undefined, enclose, exact, image, log_at, negative, over, phi_at, plus, times
from formats import atoms


def threshold(atom, single):
    """An enclosure of an atom's right side."""
    form, value = atom[3]
    if form == "rational":
        return enclose(value)

    def logit(p):
        if p == Fraction(1, 2):
            return 0, 0
        return log_at(enclose(p / (1 - p))[0])[0], log_at(enclose(p / (1 - p))[1])[1]

    if not single:
        return logit(value)
    # Computed values of the logistic function are within 8 units of 2^-24 and 2^-120 of the real ones.
    units, slack = Fraction(9, 2**24), Fraction(1, 2**119)
    low, high = value / (1 + units) - slack, value / (1 - units) + slack
    return (logit(low)[0] if low > 0 else -(1 << 200)), (logit(high)[1] if high < 1 else 1 << 200)


def decided(comparison, value, limit):
    """Whether `value comparison limit` holds, fails, or is open (None), of enclosures."""
    if comparison[0] == ">":
        value, limit = limit, value
    if len(comparison) == 1:
        return True if value[1] < limit[0] else False if value[0] >= limit[1] else None
    return True if value[1] <= limit[0] else False if value[0] > limit[1] else None


def truth(predicate, known):
    """Kleene's truth of a predicate from an iterator over what is known of its atoms in order."""
    if predicate[0] == "atom":
        return next(known)
    parts = [truth(part, known) for part in predicate[1]]
    deciding = predicate[0] == "any"
    return deciding if deciding in parts else None if None in parts else not deciding


def norm(parts, kind):
    """An enclosure of the norm of a vector of magnitudes."""
    if kind == "linf":
        return max(low for low, _ in parts), max(high for _, high in parts)
    if kind == "l1":
        return sum(low for low, _ in parts), sum(high for _, high in parts)
    return isqrt(sum(low * low for low, _ in parts)), isqrt(sum(high * high for _, high in parts)) + 1


def magnitude(x):
    return (max(0, x[0], -x[1]), max(abs(x[0]), abs(x[1])))


def distance(form, quantity):
    """The distance of an affine form to a point; |y| >= v.y / |v|* for every vector v, * the dual norm."""
    _, start, point, kind = quantity
    rows = range(start, start + len(point))
    offsets = [form.centre[row] - exact(p)[0] for row, p in zip(rows, point)]
    radii = form.radii()
    box = [magnitude((c - radii[row] - 1, c + radii[row] + 1)) for row, c in zip(rows, offsets)]
    low, high = norm(box, kind)
    if kind == "linf":
        return low, high
    direction = [c >> (BITS - 40) for c in offsets] if kind == "l2" else [1 if c >= 0 else -1 for c in offsets]
    total = sum(v * c for v, c in zip(direction, offsets))
    for column in form.columns.values():
        total -= abs(sum(v * column[row] for v, row in zip(direction, rows)))
    total -= sum(abs(v) * (form.rest[row] + 1) for v, row in zip(direction, rows))
    length = isqrt(sum(v * v for v in direction)) + 1 if kind == "l2" else 1
    return max(low, total // length), high


class CaseOnCells:
    """One case of an obligation, ready for many cells."""

    def __init__(self, case, cache):
        self.case, self.graph, self.cache = case, case.graph, cache
        self.atoms = atoms(case.predicate)
        self.limits = [threshold(atom, case.single) for atom in self.atoms]

    def truth(self, known):
        return truth(self.case.predicate, iter(known))

    def known(self, values):
        return [decided(atom[2], value, limit) for atom, value, limit in zip(self.atoms, values, self.limits)]

    def propagate(self, box):
        return Propagation(self.graph, box, self.case.single, self.cache)

    def values(self, form):
        box = form.box()
        return [box[q[1]] if q[0] == "element" else distance(form, q) for _, q, _, _ in self.atoms]

    def at(self, point):
        """Truth at a point, given as enclosures of its coordinates; None where it is open."""
        try:
            return self.truth(self.known(self.values(self.propagate(point).output)))
        except Undefined:
            return None

    def exactly_on(self, box):
        """Truth on a box of rational numbers by interval arithmetic without any rounding but in smooth functions."""
        if self.case.single:
            return None
        output, known = evaluate(self.graph, box), []
        for (_, quantity, comparison, (form, value)), limit in zip(self.atoms, self.limits):
            if form == "logit" and value == Fraction(1, 2):
                form, value = "rational", Fraction(0)
            if form == "logit":
                if quantity[0] == "distance":
                    known.append(None)
                    continue
                low, high = output[quantity[1]]
                known.append(decided(comparison, (enclose(low)[0], enclose(high)[1]), limit))
                continue
            if quantity[0] == "element":
                found = output[quantity[1]]
            else:
                parts = [magnitude((output[quantity[1] + i][0] - Fraction(p), output[quantity[1] + i][1] - Fraction(p)))
                         for i, p in enumerate(quantity[2])]
                # An Euclidean distance compares as its square does.
                if quantity[3] == "l2" and value >= 0:
                    found, value = norm([(a * a, b * b) for a, b in parts], "l1"), value * value
                else:
                    found = norm(parts, "l1")
                    found = norm(parts, quantity[3]) if quantity[3] != "l2" else (Fraction(0), found[1])
            known.append(decided(comparison, found, (value, value)))
        return self.truth(known)

    def holds(self, lower, upper, budget, ends=(None, None), claims=True):
        """Whether the predicate (if `claims`) and limits of all quantities are shown on a cell, in `budget` parts."""
        pending = [(lower, upper)]
        while pending:
            low, high = pending.pop()
            budget -= 1
            try:
                values = self.values(self.propagate(cell(low, high)).output)
                answer = self.truth(self.known(values)) if claims else True
                if answer and within(values, ends):
                    continue
            except Undefined:
                answer = None
            if answer is False or budget < len(pending) + 2:
                return False
            halves = split(low, high)
            if not halves:
                return False
            pending += halves
        return True

    def masses(self, lower, upper, law, wanted, budget):
        """Lower bounds of the mass of a cell where the event holds and fails; stops where `wanted` is reached."""
        inside = outside = 0
        pending = [(0, lower, upper)]
        while pending and budget > 0 and not (inside >= wanted[0] and outside >= wanted[1]):
            pending.sort(key=lambda item: item[0])
            _, low, high = pending.pop()
            budget -= 1
            found = self.part(low, high, law)
            total = found[2]
            halves = split(low, high)
            # A part is only cut further where that can still add something.
            if found[0] + found[1] >= total - (total >> 20) or not halves or (
                    inside + found[0] >= wanted[0] and outside + found[1] >= wanted[1]):
                inside, outside = inside + found[0], outside + found[1]
                continue
            if budget <= len(pending):
                inside, outside = inside + found[0], outside + found[1]
                continue
            open_mass = total - found[0] - found[1]
            pending += [(open_mass, *half) for half in halves]
        for _, low, high in pending:
            found = self.part(low, high, law)
            inside, outside = inside + found[0], outside + found[1]
        return inside, outside

    def part(self, lower, upper, law):
        total = box_mass(law, lower, upper)
        try:
            propagation = self.propagate(cell(lower, upper))
            values = self.values(propagation.output)
        except Undefined:
            return 0, 0, total[1]
        known = self.known(values)
        answer = self.truth(known)
        if answer is not None:
            return (total[0], 0, total[1]) if answer else (0, total[0], total[1])
        result = [0, 0]
        open_atoms = [i for i, value in enumerate(known) if value is None]
        for position in open_atoms:
            cases = [self.truth(known[:position] + [value] + known[position + 1:]) for value in (True, False)]
            if None in cases or self.atoms[position][1][0] != "element":
                continue
            holds, fails = half_spaces(propagation, self.atoms[position], self.limits[position], lower, upper, law)
            for value, mass in zip(cases, (holds, fails)):
                result[0 if value else 1] += mass
            break
        return result[0], result[1], total[1]


def within(values, ends):
    """Whether all values are known to lie between two ends, of which either may be absent."""
    return all((ends[0] is None or low >= ends[0]) and (ends[1] is None or high <= ends[1]) for low, high in values)


def cell(lower, upper):
    return [(exact(a)[0], exact(b)[1]) for a, b in zip(lower, upper)]


def split(lower, upper):
    """The halves of a cell along its widest axis; none where it is a point."""
    for axis in sorted(range(len(lower)), key=lambda i: lower[i] - upper[i]):
        middle = lower[axis] / 2 + upper[axis] / 2
        if lower[axis] < middle < upper[axis]:
            return [(lower, upper[:axis] + (middle,) + upper[axis + 1:]),
                    (lower[:axis] + (middle,) + lower[axis + 1:], upper)]
    return []


def cdf(axis, x, kept={}):
    """An enclosure of the distribution function of one coordinate at the number x / 2^BITS."""
    if (axis, x) in kept:
        return kept[axis, x]
    kind, mean, deviation, support = axis
    at = Fraction(x, ONE)
    if support is not None:
        at = min(max(at, support[0]), support[1])
    if kind == 2:
        result = enclose((at - support[0]) / (support[1] - support[0]))
    else:
        def phi(y):
            low, high = enclose((y - mean) / deviation)
            return phi_at(low)[0], phi_at(high)[1]
        result = phi(at)
        if kind == 1:
            first, last = phi(support[0]), phi(support[1])
            low, high = over(plus(result, negative(first)), plus(last, negative(first)))
            result = max(low, 0), min(high, ONE)
    if len(kept) > 200_000:
        kept.clear()
    kept[axis, x] = result
    return result


def stretch_mass(axis, lower, upper):
    """An enclosure of the mass of a stretch of one coordinate, in units of 2^-BITS."""
    if lower >= upper:
        return 0, 0
    low, high = plus(cdf(axis, upper), negative(cdf(axis, lower)))
    return max(low, 0), max(high, 0)


def box_mass(law, lower, upper):
    low, high = UNITY
    for axis, a, b in zip(law, lower, upper):
        # The ends are doubles; outwards and inwards they may differ by a unit.
        inner = stretch_mass(axis, exact(a)[1], exact(b)[0])
        outer = stretch_mass(axis, exact(a)[0], exact(b)[1])
        low, high = low * inner[0] >> BITS, (high * outer[1] >> BITS) + 1
    return low, high


SLABS = 48


def half_spaces(propagation, atom, limit, lower, upper, law):
    """Mass of the parts of a cell on which an element's affine bounds show that an atom holds and that it fails.

    The steepest axis is integrated exactly; the next two are cut into slabs on which their terms count with their
    largest values, and the others count with the largest on the whole cell. Boundaries have no mass where the steepest
    slope is not zero.
    """
    form, row = propagation.output, atom[1][1]
    rest = form.rest[row] + sum(abs(column[row]) for symbol, column in form.columns.items()
                                if symbol >= propagation.axes)
    slopes = [form.columns[axis][row] if axis in form.columns else 0 for axis in range(propagation.axes)]
    source = cell(lower, upper)
    centre = [(a + b) >> 1 for a, b in source]

    def below(constant, slopes, limit):
        """Mass of constant + slopes . t <= limit."""
        order = sorted(range(len(slopes)), key=lambda i: -abs(slopes[i]))
        steep, cut = order[0], order[1:3]
        if slopes[steep] == 0 or propagation.radius[steep] == 0:
            return 0
        room = limit - constant - sum(abs(slopes[i]) for i in order[3:])
        weight = ONE
        for axis in order[3:]:
            weight = weight * stretch_mass(law[axis], source[axis][0] + 1, source[axis][1] - 1)[0] >> BITS
        parts = [(room, weight)]
        for axis in cut:
            (a, b), radius = source[axis], propagation.radius[axis]
            count = SLABS if len(cut) == 1 else 16
            points = [a + (b - a) * i // count for i in range(count + 1)]
            slabs = []
            for first, last in zip(points, points[1:]):
                mass = stretch_mass(law[axis], first + (first == a), last - (last == b))[0]
                worst = last if slopes[axis] > 0 else first
                term = -(-slopes[axis] * (worst - centre[axis]) // radius) + 1 if radius else abs(slopes[axis])
                slabs.append((term, mass))
            parts = [(left - term, w * mass >> BITS) for left, w in parts for term, mass in slabs if w and mass]
        slope, radius, middle, (a, b) = slopes[steep], propagation.radius[steep], centre[steep], source[steep]
        total = 0
        for left, w in parts:
            # slope t <= left, t = (x - middle) / radius
            if slope > 0:
                mass = stretch_mass(law[steep], a + 1, min(middle + left * radius // slope, b - 1))
            else:
                mass = stretch_mass(law[steep], max(middle - left * radius // -slope, a + 1), b - 1)
            total += w * mass[0] >> BITS
        return total

    value = form.centre[row]
    low = below(value + rest, slopes, limit[0])
    high = below(-(value - rest), [-x for x in slopes], -limit[1])
    return (low, high) if atom[2][0] == "<" else (high, low)


def evaluate(graph, box):
    """Rational enclosures of the results over a box, by the definitions of section 5 in interval arithmetic.

    Exact at a point where the graph's functions allow it; smooth functions are enclosed.
    """
    values = {}
    for position in sorted(graph.used):
        node = graph.nodes[position]
        given = [values[operand] for operand in node.operands]
        name, x = node.name, given[0] if given else None
        if name == "Input":
            value = list(box)
        elif name == "Constant":
            value = [(Fraction(v), Fraction(v)) for v in node.a]
        elif name in ("Linear", "Sparse"):
            value = [tuple(Fraction(b) + dot(row if name == "Sparse" else enumerate(row), x, side) for side in (0, 1))
                     for row, b in zip(node.a, node.b)]
        elif name == "Add":
            value = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(*given)]
        elif name in ("Multiply", "Scale", "Divide", "Square"):
            factor = Fraction(node.a or 1) if name != "Divide" else 1 / Fraction(node.a)
            others = given[-1] if name in ("Multiply", "Square") else [(factor, factor)] * len(x)
            products = [[p * q for p in a for q in b] for a, b in zip(x, others)]
            value = [(min(p), max(p)) for p in products]
            if name == "Square":
                value = [(Fraction(0) if a[0] <= 0 <= a[1] else v[0] if a[0] > 0 else a[1] ** 2, v[1])
                         for a, v in zip(x, value)]
        elif name in ("ReLU", "Clip"):
            low, high = (0, None) if name == "ReLU" else (Fraction(node.a), Fraction(node.b))
            value = [tuple(max(v, low) if high is None else min(max(v, low), high) for v in pair) for pair in x]
        elif name == "Sign":
            value = [tuple(Fraction((v > 0) - (v < 0)) for v in pair) for pair in x]
        elif name == "Concat":
            value = concat(node, given)
        elif name == "Reshape":
            value = x
        elif name == "Gather":
            raise Undefined("no rule for Gather")
        else:
            images = [image(name, (enclose(a)[0], enclose(b)[1])) for a, b in x]
            value = [(Fraction(a, ONE), Fraction(b, ONE)) for a, b in images]
        values[position] = value
    return values[graph.outputs[0]]


def dot(row, box, side):
    """The lower (side 0) or upper end of a sum of products, over one common denominator."""
    terms = [Fraction(w) * box[j][side if w > 0 else 1 - side] for j, w in row if w]
    common = lcm(*(term.denominator for term in terms))
    return Fraction(sum(term.numerator * (common // term.denominator) for term in terms), common)
