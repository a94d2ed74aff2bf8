"""The byte formats of obligations, evidence, phases and masses of leaves (specs/certificate.md, sections 5 to 8)."""

import hashlib
import struct
from collections import Counter
from fractions import Fraction

COMPARISONS = ("<", "<=", ">", ">=")
NORMS = ("l1", "l2", "linf")
RULES = {0x80: "interval", 0x81: "zonotope", 0x82: "linear bounds", 0x83: "attained", 0x84: "full linear bounds",
         0x85: "phases", 0x86: "weighed clauses", 0x87: "linear bounds, weighed clauses", 0x8E: "outside", 0x8F: "open"}
INTERVAL, ATTAINED, PHASES, OUTSIDE, OPEN = 0x80, 0x83, 0x85, 0x8E, 0x8F
DEEPEST = 4096


class Invalid(Exception):
    """What a certificate states does not hold; the first argument is an error code of the document."""


def need(condition, code, message):
    if not condition:
        raise Invalid(code, message)


class Reader:
    """Reads fixed-width fields, least significant byte first; `code` names the error of malformed bytes."""

    def __init__(self, data, code):
        self.data, self.at, self.code = data, 0, code

    def need(self, condition, message):
        need(condition, self.code, message)

    def bytes(self, count):
        self.need(0 <= count <= len(self.data) - self.at, "the bytes end early")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self, limit=256):
        value = self.bytes(1)[0]
        self.need(value < limit, f"the code {value} is not known")
        return value

    def pair(self):
        return int.from_bytes(self.bytes(2), "little")

    def count(self, unit=0):
        value = struct.unpack("<q", self.bytes(8))[0]
        self.need(value >= 0 and value * unit <= len(self.data) - self.at, f"{value} items do not fit")
        return value

    def counts(self):
        return [self.count() for _ in range(self.count(8))]

    def doubles(self, count):
        values = struct.unpack(f"<{count}d", self.bytes(8 * count))
        self.need(all(value - value == 0 for value in values), "a number is not finite")
        return values

    def block(self):
        return self.bytes(self.count(1))

    def text(self):
        try:
            return self.block().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Invalid(self.code, f"a text is not UTF-8: {error}") from error

    def rational(self):
        return parse_rational(self.text(), self.code)

    def range(self):
        lower, upper = self.rational(), self.rational()
        self.need(lower <= upper, "a range is crossed")
        return lower, upper

    def shape(self):
        shape, size = self.counts(), 1
        for extent in shape:
            size *= extent
            self.need(extent > 0 and size <= 2**31, "a shape has an extent that is not positive, or is too large")
        return shape, size

    def end(self):
        self.need(self.at == len(self.data), "bytes follow the end")


def parse_rational(text, code):
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise Invalid(code, f"`{text[:40]}` is no rational number") from error
    need(str(value) == text, code, f"`{text[:40]}` is not the one spelling of a rational number")
    return value


def parse_predicate(reader, depth=0):
    """`("atom", quantity, comparison, threshold)`, `("all", parts)` or `("any", parts)`."""
    reader.need(depth < 500, "a predicate is nested too deeply")
    kind = reader.byte(3)
    if kind > 0:
        return "all" if kind == 1 else "any", [parse_predicate(reader, depth + 1) for _ in range(reader.count(1))]
    if reader.byte(2) == 0:
        quantity = ("element", reader.count())
    else:
        start, norm = reader.count(), NORMS[reader.byte(3)]
        quantity = ("distance", start, reader.doubles(reader.count(8)), norm)
        reader.need(quantity[2], "an atom measures a distance to nothing")
    comparison, form, value = COMPARISONS[reader.byte(4)], ("rational", "logit")[reader.byte(2)], reader.rational()
    reader.need(form == "rational" or 0 < value < 1, f"the logit of {value} does not exist")
    return "atom", quantity, comparison, (form, value)


def atoms(predicate):
    return [predicate] if predicate[0] == "atom" else [atom for part in predicate[1] for atom in atoms(part)]


def clauses(predicate):
    """The numbers of atoms of the clauses of a conjunction of disjunctions of elements; None of another form."""
    def read(part):
        if part[0] == "atom":
            return [1] if part[1][0] == "element" else None
        inner = [read(item) for item in part[1]]
        if None in inner or part[0] == "any" and any(len(item) != 1 for item in inner):
            return None
        return sum(inner, []) if part[0] == "all" else [sum(item[0] for item in inner)]
    return read(predicate)


class Case:
    def __init__(self, reader):
        self.label, self.weight = reader.text(), reader.rational()
        self.single = reader.byte(2) == 1
        self.data, self.code, self.parsed = reader.block(), reader.code, None
        self.predicate = parse_predicate(reader)
        reader.need(self.weight >= 0, "a weight is negative")

    @property
    def graph(self):
        from graphs import Graph
        if self.parsed is None:
            self.parsed = Graph(self.data, self.code)
            for _, quantity, _, _ in atoms(self.predicate):
                last = quantity[1] if quantity[0] == "element" else quantity[1] + len(quantity[2]) - 1
                need(last < self.parsed.count, self.code, "an atom reaches beyond the output")
        return self.parsed


class Ball:
    """A closed ball of the coordinates from `start` on."""

    def __init__(self, reader):
        self.start, self.norm, self.radius = reader.count(), NORMS[reader.byte(2)], reader.rational()
        self.centre = [reader.rational() for _ in range(reader.count(9))]
        reader.need(self.centre and self.radius >= 0, "a ball has no coordinates or a negative radius")
        self.end = self.start + len(self.centre)
        self.power, self.limit = (2, self.radius**2) if self.norm == "l2" else (1, self.radius)

    def parts(self, box):
        """Least distances of the centre's coordinates from their ranges, to the power that the norm adds up."""
        return [max(a - c, c - b, 0) ** self.power for c, (a, b) in zip(self.centre, box[self.start:self.end])]

    def meets(self, box):
        return sum(self.parts(box)) <= self.limit


class Obligation:
    """A question: `region` and `balls` of a claim about every point, `law` and `bounds` those of a measure."""

    def __init__(self, data, code="FORMULA_DIGEST"):
        reader = Reader(data, code)
        reader.need(reader.text() == "dspec obligation 2", "the obligation is of another version")
        self.region, self.law, self.balls = None, None, []
        kind = reader.byte(3)
        if kind == 1:
            self.law = [self.axis(reader) for _ in range(reader.count(16))]
            self.bounds = [(COMPARISONS[reader.byte(4)], reader.rational()) for _ in range(reader.count(9))]
        else:
            self.region = [reader.range() for _ in range(reader.count(16))]
            if kind == 2:
                self.balls = [Ball(reader) for _ in range(reader.count(9))]
                ends = [0] + [ball.end for ball in self.balls]
                reader.need(self.balls and ends[-1] <= len(self.region) and all(
                    ball.start >= end and ball.meets(self.region) for ball, end in zip(self.balls, ends)),
                    "balls are absent, overlap, or leave no point of the region")
        self.dimension = len(self.region if self.law is None else self.law)
        self.cases = [Case(reader) for _ in range(reader.count(8))]
        reader.end()
        reader.need(self.cases, "the obligation has no cases")

    @staticmethod
    def axis(reader):
        kind = reader.byte(3)
        mean, deviation = (reader.rational(), reader.rational()) if kind < 2 else (None, None)
        support = reader.range() if kind > 0 else None
        reader.need(kind == 2 or deviation > 0, "a law has no deviation")
        reader.need(support is None or support[0] < support[1], "a law has no mass")
        return kind, mean, deviation, support


def tokens(nodes):
    """The code of each node of a tree in pre-order, its axis if it is a split, and the place behind it."""
    at = 0
    while at < len(nodes):
        code = nodes[at]
        at += 3 if code == 0x7F else 1
        yield code, int.from_bytes(nodes[at - 2:at], "little") if code == 0x7F else code, at


def packed(nodes):
    """The rule of most leaves and the nodes without them; None of what is no tree or no shorter by two bytes."""
    counts = Counter(code for code, _, _ in tokens(nodes) if code >= 0x80)
    rule, data = min(counts, key=lambda code: (-counts[code], code), default=None), bytearray()
    pending, end = [(None, 0)], 0  # of each node to come the place of the split above, and its bit there
    for code, axis, end in tokens(nodes):
        if not pending:
            return None
        place, bit = pending.pop()
        if code < 0x80:
            pending += [(len(data), 0x40), (len(data), 0x20)]
            data += bytes([axis]) if axis < 0x1F else struct.pack("<BH", 0x1F, axis)
        elif code == rule and place is not None:
            data[place] |= bit
        else:
            data.append(code)
    return (rule, bytes(data)) if not pending and end == len(nodes) and len(data) + 2 <= len(nodes) else None


def unpacked(rule, data):
    """The nodes of which the leaves of a rule are left out."""
    reader, nodes, pending = Reader(data, "TREE_SHAPE"), bytearray(), [False]
    while pending:
        is_left_out = pending.pop()
        code = rule if is_left_out else reader.byte()
        if is_left_out or code >= 0x80:
            nodes.append(code)
            continue
        axis = reader.pair() if code & 0x1F == 0x1F else code & 0x1F
        pending += [bool(code & 0x40), bool(code & 0x20)]
        nodes += bytes([axis]) if axis < 0x7F else struct.pack("<BH", 0x7F, axis)
    reader.end()
    return bytes(nodes)


def parse_nodes(reader):
    """The nodes of a tree as they are or packed: one of the two is right."""
    found = (reader.byte(), reader.block()) if reader.byte(2) else None
    nodes = unpacked(*found) if found else reader.block()
    reader.need(packed(nodes) == found, "nodes are not packed as they have to be")
    return nodes


class Tree:
    def __init__(self, reader, may_be_packed):
        axes = reader.count(16)
        self.lower, self.upper = reader.doubles(axes), reader.doubles(axes)
        self.nodes, self.annexes = parse_nodes(reader) if may_be_packed else reader.block(), reader.block()

    def walk(self):
        """Every leaf's cell, rule and annex; the shape is checked on the way."""
        nodes, annexes = Reader(self.nodes, "TREE_SHAPE"), Reader(self.annexes, "TREE_SHAPE")
        nodes.need(self.lower and all(low <= high for low, high in zip(self.lower, self.upper)), "the root is no box")
        pending = [(self.lower, self.upper, 0)]
        while pending:
            lower, upper, depth = pending.pop()
            axis = nodes.byte()
            if axis >= 0x80:
                nodes.need(axis in RULES, f"leaf rule {axis} is not known")
                length = int.from_bytes(annexes.bytes(4), "little") if axis == PHASES else 0
                yield lower, upper, axis, annexes.bytes(length)
                continue
            short, axis = axis, nodes.pair() if axis == 0x7F else axis
            nodes.need(min(axis, 0x7F) == short, f"axis {axis} is written in three bytes")
            nodes.need(axis < len(lower), f"axis {axis} does not exist")
            nodes.need(depth < DEEPEST, f"a path is deeper than {DEEPEST}")
            middle = lower[axis] / 2 + upper[axis] / 2
            nodes.need(lower[axis] < middle < upper[axis], "a cell is split along an axis on which it is a point")
            pending.append((lower[:axis] + (middle,) + lower[axis + 1:], upper, depth + 1))
            pending.append((lower, upper[:axis] + (middle,) + upper[axis + 1:], depth + 1))
        nodes.end()
        annexes.end()


def chunk_hashes(trees):
    """The hashes of chunks of up to 4,096 leaves of one tree, with the splits before them and their annexes."""
    hashes = []
    for index, tree in enumerate(trees):
        annex = leaves = first = node_start = annex_start = 0
        for code, _, at in tokens(tree.nodes):
            if code < 0x80:
                continue
            if code == PHASES:
                annex += 4 + int.from_bytes(tree.annexes[annex:annex + 4], "little")
            leaves += 1
            if leaves - first == 4096 or at >= len(tree.nodes):
                nodes, annexes, axes = tree.nodes[node_start:at], tree.annexes[annex_start:annex], len(tree.lower)
                data = (struct.pack("<q13s4q", 13, b"dspec chunk 1", index, first, leaves - first, axes)
                        + struct.pack(f"<{2 * axes}d", *tree.lower, *tree.upper)
                        + b"".join(struct.pack("<q", len(block)) + block for block in (nodes, annexes)))
                hashes.append(hashlib.sha256(b"\0" + data).digest())
                first, node_start, annex_start = leaves, at, annex
    return hashes


def merkle_root(hashes):
    """RFC 6962, section 2.1, over hashes of leaves."""
    if len(hashes) == 1:
        return hashes[0]
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle_root(hashes[:cut]) + merkle_root(hashes[cut:])).digest()


def phase_tree(reader, sizes, neurons):
    """Reads the tree of one clause with `sizes` atoms where `neurons` rectifiers are open; returns its leaves."""
    def multipliers(count):
        for bits in (reader.pair() for _ in range(count)):
            reader.need(bits < 0x7F80 or bits == 0x8000, "a multiplier is negative or not finite")

    leaves, pending = 0, [((), False)]  # of each part the neurons that were split, and whether bounds are in force
    while pending:
        path, narrowed = pending.pop()
        code = reader.byte(11)
        atom = reader.byte() if sizes > 1 and code in (0, 2, 3, 4, 9, 10) else 0
        reader.need(code not in (6, 7) and atom < sizes, "a part is open, or an atom does not exist")
        if code == 1:
            neuron = reader.pair()
            reader.need(neuron < neurons and neuron not in path, "a neuron does not exist or is split twice")
            pending += [(path + (neuron,), narrowed)] * 2
            continue
        if code == 3:
            reader.bytes(neurons)
        elif code == 4:
            count = reader.pair()
            reader.need(count <= 2 * neurons, "there are more bounds than operands have")
            for _ in range(count):
                reader.need(reader.pair() < neurons and reader.byte(2) < 2, "a bound is of no neuron")
                multipliers(1 + len(path))
                reader.bytes(neurons)
        elif code == 8:
            numbers = reader.doubles(sizes + neurons)
            slopes = numbers[sizes + len(path):]
            reader.need(min(numbers) >= 0 and max(slopes, default=0) <= 1, "a weight or slope is out of range")
        elif code == 9:
            for _ in range(reader.byte()):
                reader.need(reader.pair() < neurons, "a slope is of no neuron")
                reader.byte()
        elif code == 10:
            mask = int.from_bytes(reader.bytes((len(path) + 7) // 8), "little")
            reader.need(mask >> len(path) == 0, "a multiplier is of no split")
            multipliers(bin(mask).count("1"))
        elif code == 0:
            multipliers(len(path))
        reader.need(code != 5 or narrowed, "bounds cannot contradict each other where there are none")
        if code in (3, 4, 9):
            pending.append((path, narrowed or code == 4))
        else:
            leaves += 1
    return leaves


def check_phases(annex, sizes, most):
    """Whether an annex is of the form of section 8 for some number of open neurons, at most `most`, and of some of the
    clauses in order; which ones a checker leaves open depends on its arithmetic.
    """
    def fits(at, index, neurons):
        if at == len(annex):
            return True
        for position in range(index, len(sizes)):
            if position > index and sizes[position] == sizes[position - 1]:
                continue
            reader = Reader(annex, "TREE_SHAPE")
            reader.at = at
            try:
                phase_tree(reader, sizes[position], neurons)
            except Invalid:
                continue
            if fits(reader.at, position + 1, neurons):
                return True
        return False
    return sizes is not None and any(fits(0, 0, neurons) for neurons in range(most + 1))


def parse_evidence(data):
    """`("trees", [Tree])`, `("witness", case, point)` or `("samples", seed, count, hits, undecided)`."""
    reader = Reader(data, "TREE_SHAPE")
    start, kind = reader.bytes(17), reader.byte(4)
    reader.need(start in (b"dspec evidence 2\n", b"dspec evidence 3\n"), "this is no evidence of version 2 or 3")
    reader.need(kind > 0, "evidence of kind 0 is not known")
    if kind == 1:
        evidence = ("trees", [Tree(reader, b"3" in start) for _ in range(reader.count(8))])
    elif kind == 2:
        evidence = ("witness", reader.count(), reader.doubles(reader.count(8)))
    else:
        evidence = ("samples", reader.block(), reader.count(), reader.count(), reader.count())
    reader.end()
    return evidence


def parse_masses(data):
    """For each tree the triples (inside, outside, total) that dspec-replay derived of its leaves."""
    reader = Reader(data, "MASSES")
    reader.need(reader.text() == "dspec masses 1", "the masses are of another version")
    trees = []
    for _ in range(reader.count(8)):
        values = reader.doubles(3 * reader.count(24))
        trees.append(list(zip(values[::3], values[1::3], values[2::3])))
    reader.end()
    return trees
