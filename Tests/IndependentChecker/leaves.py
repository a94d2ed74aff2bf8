"""Claims on cells: what affine forms show of a predicate, and how much mass of an event they show.

A leaf is confirmed where bounds of our own show what its rule claims; a cell is cut in halves where they are too loose.
It is contradicted by one point at which an evaluation in intervals shows the opposite.
"""

from fractions import Fraction
from functools import lru_cache
from math import isqrt

from affine import Propagation
from dyadic import BITS, ONE, UNITY, Undefined, enclose, hull, log_at, magnitude, negative, norm, over, phi_at, plus
from formats import atoms

# Stretches of one axis beside the steepest, and of all axes together at most.
STRETCHES, MOST_STRETCHES = 16, 512


def threshold(atom, single):
    """An enclosure of an atom's right side."""
    form, value = atom[3]
    if form == "rational":
        return enclose(value)

    def logit(p):
        low, high = enclose(p / (1 - p))
        return (0, 0) if p == Fraction(1, 2) else (log_at(low)[0], log_at(high)[1])

    if not single:
        return logit(value)
    # A value y of the logistic function is computed between y (1 - e) - e and y (1 + e) + e.
    e = Fraction(9, 2**24)
    low, high = (value - e) / (1 + e), (value + e) / (1 - e)
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


def distance(form, quantity):
    """The distance of an affine form to a point; |y| >= v.y / |v|* for every vector v, * the dual norm."""
    _, start, point, kind = quantity
    rows, radii = range(start, start + len(point)), form.radii()
    offsets = [form.centre[row] - enclose(p)[0] for row, p in zip(rows, point)]
    low, high = norm([magnitude((c - radii[row] - 1, c + radii[row] + 1)) for row, c in zip(rows, offsets)], kind)
    if kind == "linf":
        return low, high
    direction = [c >> (BITS - 40) for c in offsets] if kind == "l2" else [1 if c >= 0 else -1 for c in offsets]
    total = sum(v * c - abs(v) * (form.rest[row] + 1) for v, c, row in zip(direction, offsets, rows))
    total -= sum(abs(sum(v * column[row] for v, row in zip(direction, rows))) for column in form.columns.values())
    length = isqrt(sum(v * v for v in direction)) + 1 if kind == "l2" else 1
    return max(low, total // length), high


def cell(lower, upper):
    return [hull(a, b) for a, b in zip(lower, upper)]


def split(lower, upper):
    """The halves of a cell along its widest axis; none where it is a point."""
    for axis in sorted(range(len(lower)), key=lambda i: lower[i] - upper[i]):
        middle = lower[axis] / 2 + upper[axis] / 2
        if lower[axis] < middle < upper[axis]:
            return [(lower, upper[:axis] + (middle,) + upper[axis + 1:]),
                    (lower[:axis] + (middle,) + lower[axis + 1:], upper)]
    return []


class CaseOnCells:
    """One case of an obligation, ready for many cells of a region that balls may cut."""

    def __init__(self, case, balls=()):
        self.case, self.graph, self.balls = case, case.graph, balls
        self.atoms = atoms(case.predicate)
        self.limits = [threshold(atom, case.single) for atom in self.atoms]

    def truth(self, known):
        return truth(self.case.predicate, iter(known))

    def known(self, values):
        return [decided(atom[2], value, limit) for atom, value, limit in zip(self.atoms, values, self.limits)]

    def propagate(self, box):
        return Propagation(self.graph, box, self.case.single, self.balls)

    def values(self, propagation):
        box = propagation.ranges(propagation.output)
        return [box[q[1]] if q[0] == "element" else distance(propagation.output, q) for _, q, _, _ in self.atoms]

    def contracted(self, box):
        """The part of a box of rational numbers that the balls may reach; None where there is none.

        |x_i - c_i| to the power that a norm adds up is at most what the other coordinates leave of the radius.
        """
        box = list(box)
        for ball in self.balls:
            parts = ball.parts(box)
            if sum(parts) > ball.limit:
                return None
            for axis, centre, part in zip(range(ball.start, ball.end), ball.centre, parts):
                room = ball.limit - sum(parts) + part
                if ball.power == 2:
                    room = Fraction(isqrt(enclose(room)[1] << BITS) + 1, ONE)
                box[axis] = max(box[axis][0], centre - room), min(box[axis][1], centre + room)
        return box

    def at(self, point):
        """Truth at a point, given as enclosures of its coordinates; None where it is open."""
        try:
            return self.truth(self.known(self.values(self.propagate(point))))
        except Undefined:
            return None

    def exactly_on(self, box, ends=(None, None)):
        """Truth on a box of rational numbers by interval arithmetic without any rounding but in smooth functions; None
        where not all quantities are known to lie between the ends.
        """
        if self.case.single:
            return None
        output, known = self.graph.values(box), []
        for (_, quantity, comparison, (form, value)), limit in zip(self.atoms, self.limits):
            if form == "logit" and value == Fraction(1, 2):
                form, value = "rational", Fraction(0)
            found = output[quantity[1]]
            if ends != (None, None) and (quantity[0] == "distance" or not within([found], ends)):
                return None
            if quantity[0] == "distance":
                _, start, point, kind = quantity
                gaps = [magnitude((a - Fraction(p), b - Fraction(p))) for (a, b), p in zip(output[start:], point)]
                if kind == "l2":  # compares as its square does
                    gaps, kind, value = [(a * a, b * b) for a, b in gaps], "l1", value * value if value >= 0 else value
                found = norm(gaps, kind)
            if form == "rational":
                known.append(decided(comparison, found, (value, value)))
            else:
                known.append(decided(comparison, hull(*found), limit) if quantity[0] == "element" else None)
        return self.truth(known)

    def holds(self, lower, upper, budget, ends=(None, None), claims=True):
        """Whether the predicate (if `claims`) and limits of all quantities are shown on a cell, in `budget` parts."""
        pending = [(lower, upper)]
        while pending:
            low, high = pending.pop()
            budget -= 1
            answer, box = True, self.contracted([(Fraction(a), Fraction(b)) for a, b in zip(low, high)])
            try:
                if box is not None:
                    values = self.values(self.propagate([hull(a, b) for a, b in box]))
                    answer = not claims or self.truth(self.known(values))
                    if answer and within(values, ends):
                        box = None
            except Undefined:
                answer = None
            if box is None:
                continue
            halves = split(low, high)
            if answer is False or budget < len(pending) + 2 or not halves:
                return False
            pending += halves
        return True

    def masses(self, lower, upper, law, wanted, budget):
        """Lower bounds of the mass of a cell where the event holds and fails; stops where `wanted` is reached."""
        parts = [(self.part(lower, upper, law), lower, upper)]
        while True:
            sums = [sum(found[side] for found, _, _ in parts) for side in (0, 1)]
            parts.sort(key=lambda item: item[0][2] - item[0][0] - item[0][1])
            budget -= 2
            halves = split(*parts[-1][1:])
            if budget < 0 or not halves or sums[0] >= wanted[0] and sums[1] >= wanted[1]:
                return sums
            parts.pop()
            parts += [(self.part(*half, law), *half) for half in halves]

    def part(self, lower, upper, law):
        """Masses of a cell where the event holds and fails, at least, and of the whole, at most."""
        low, high = box_mass(law, lower, upper)
        try:
            propagation = self.propagate(cell(lower, upper))
            known = self.known(self.values(propagation))
        except Undefined:
            return 0, 0, high
        answer = self.truth(known)
        if answer is not None:
            return (low, 0, high) if answer else (0, low, high)
        for position in [i for i, value in enumerate(known) if value is None]:
            outcomes = [self.truth(known[:position] + [value] + known[position + 1:]) for value in (True, False)]
            if None not in outcomes and self.atoms[position][1][0] == "element":
                masses = half_spaces(propagation, self.atoms[position], self.limits[position], cell(lower, upper), law)
                return *(sum(m for m, event in zip(masses, outcomes) if event == side) for side in (True, False)), high
        return 0, 0, high


def within(values, ends):
    """Whether all values are known to lie between two ends, of which either may be absent."""
    return all((ends[0] is None or low >= ends[0]) and (ends[1] is None or high <= ends[1]) for low, high in values)


@lru_cache(200_000)
def cdf(axis, x):
    """An enclosure of the distribution function of one coordinate at the number x / 2^BITS."""
    kind, mean, deviation, support = axis
    at = Fraction(x, ONE) if support is None else min(max(Fraction(x, ONE), support[0]), support[1])
    if kind == 2:
        return enclose((at - support[0]) / (support[1] - support[0]))

    def phi(y):
        low, high = enclose((y - mean) / deviation)
        return phi_at(low)[0], phi_at(high)[1]

    if kind == 0:
        return phi(at)
    first = negative(phi(support[0]))
    low, high = over(plus(phi(at), first), plus(phi(support[1]), first))
    return max(low, 0), min(high, ONE)


def stretch_mass(axis, lower, upper):
    """An enclosure of the mass of a stretch of one coordinate, in units of 2^-BITS."""
    if lower >= upper:
        return 0, 0
    low, high = plus(cdf(axis, upper), negative(cdf(axis, lower)))
    return max(low, 0), max(high, 0)


def box_mass(law, lower, upper):
    low, high = UNITY
    for axis, (a, b) in zip(law, cell(lower, upper)):
        # The ends are doubles; inwards they may differ by a unit.
        low, high = low * stretch_mass(axis, a + 1, b - 1)[0] >> BITS, (high * stretch_mass(axis, a, b)[1] >> BITS) + 1
    return low, high


def half_spaces(propagation, atom, limit, source, law):
    """Mass of the parts of a cell on which an element's affine bounds show that an atom holds and that it fails.

    The steepest axis is integrated exactly. The others are cut into stretches on which their terms count with multiples
    of one step, so that stretches of one sum count together. Boundaries have no mass where the steepest slope is not
    zero.
    """
    form, row, radius = propagation.output, atom[1][1], propagation.radius
    rest = form.rest[row] + sum(abs(c[row]) for symbol, c in form.columns.items() if symbol >= propagation.axes)
    columns = [form.columns[axis][row] if axis in form.columns else 0 for axis in range(propagation.axes)]
    order = sorted(range(len(columns)), key=lambda axis: -abs(columns[axis]))
    if not order or columns[order[0]] == 0 or radius[order[0]] == 0:
        return 0, 0
    sizes = [abs(columns[axis]) for axis in order[1:]]
    # Short beside the root of the sum of squares, but not so short that there are thousands.
    length = isqrt(sum(size * size for size in sizes))
    cut = max(length**3 // (STRETCHES * sum(sizes)**2), 2 * sum(sizes) // MOST_STRETCHES) + 1 if any(sizes) else 1
    step = cut + (cut >> 30) + 1  # so that rounding pushes no end of a stretch beyond its multiple

    def below(constant, sign, limit):
        """Mass of constant + sign * columns . t <= limit."""
        left, weights, slopes = limit - constant, {0: ONE}, [sign * column for column in columns]
        for axis in order[1:]:
            (a, b), size, found = source[axis], abs(slopes[axis]), {}
            count = max(1, -(-2 * size // cut)) if radius[axis] else 1
            left += size if count > 1 else -size
            points = [a + (b - a) * i // count for i in range(count + 1)]
            for first, last in zip(points, points[1:]):
                worst = (last if slopes[axis] > 0 else first) - propagation.middle[axis]
                rise = -(-slopes[axis] * worst // radius[axis]) + 1 + size if count > 1 else 0
                mass = stretch_mass(law[axis], first + (first == a), last - (last == b))[0]
                for units, weight in weights.items() if mass else ():
                    units += max(0, -(-rise // step))
                    found[units] = found.get(units, 0) + (weight * mass >> BITS)
            weights = found
        steep, total = order[0], 0
        (a, b), slope = source[steep], slopes[steep]
        for units, weight in weights.items():  # slope (x - middle) / radius <= left - units step
            bound = (left - units * step) * radius[steep] // abs(slope)
            low, high = (a + 1, min(propagation.middle[steep] + bound, b - 1)) if slope > 0 else (
                max(propagation.middle[steep] - bound, a + 1), b - 1)
            total += weight * stretch_mass(law[steep], low, high)[0] >> BITS
        return total

    masses = below(form.centre[row] + rest, 1, limit[0]), below(rest - form.centre[row], -1, -limit[1])
    return masses if atom[2][0] == "<" else masses[::-1]
