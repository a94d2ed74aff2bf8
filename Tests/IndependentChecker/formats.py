"""The byte formats of obligations, evidence and masses of leaves (specs/certificate.md, sections 5 to 7)."""

import struct
from fractions import Fraction

COMPARISONS = ("<", "<=", ">", ">=")
SMOOTH = {"Sigmoid", "Tanh", "Softplus", "SiLU", "GELU", "Exp", "Sin", "Cos", "Square", "Reciprocal", "Sqrt", "Log",
          "Erf"}
ARITY = {"Input": 0, "Constant": 0, "Add": 2, "Multiply": 2, "Gather": 2, "Concat": None}
RULES = {0x80: "interval", 0x81: "zonotope", 0x82: "linear bounds", 0x83: "attained", 0x84: "full linear bounds",
         0x85: "phases", 0x8F: "open"}
PHASES, OPEN = 0x85, 0x8F
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

    def bytes(self, count):
        need(0 <= count <= len(self.data) - self.at, self.code, "the bytes end early")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self, limit=256):
        value = self.bytes(1)[0]
        need(value < limit, self.code, f"the code {value} is not known")
        return value

    def count(self, unit=0):
        value = struct.unpack("<q", self.bytes(8))[0]
        need(value >= 0 and value * unit <= len(self.data) - self.at, self.code, f"{value} items do not fit")
        return value

    def doubles(self, count):
        values = struct.unpack(f"<{count}d", self.bytes(8 * count))
        need(all(value - value == 0 for value in values), self.code, "a number is not finite")
        return values

    def block(self):
        return self.bytes(self.count(1))

    def text(self):
        try:
            return self.block().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Invalid(self.code, f"a text is not UTF-8: {error}") from error

    def rational(self):
        text = self.text()
        return parse_rational(text, self.code)

    def end(self):
        need(self.at == len(self.data), self.code, "bytes follow the end")


def parse_rational(text, code):
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise Invalid(code, f"`{text[:40]}` is no rational number") from error
    need(str(value) == text, code, f"`{text[:40]}` is not the one spelling of a rational number")
    return value


class Node:
    """One operator: its name, operands, shape and parameters `a` and `b`; `raw` identifies equal maps."""

    def __init__(self, name, operands, shape, a=None, b=None, raw=None):
        self.name, self.operands, self.shape, self.a, self.b, self.raw = name, operands, shape, a, b, raw
        self.count = 1
        for extent in shape:
            self.count *= extent


def parse_shape(reader):
    shape = tuple(reader.count() for _ in range(reader.count(8)))
    size = 1
    for extent in shape:
        size *= extent
        need(extent > 0 and size <= 2**31, reader.code, "a shape has an extent that is not positive, or is too large")
    return shape


def parse_tensor(reader):
    shape = parse_shape(reader)
    size = 1
    for extent in shape:
        size *= extent
    return shape, reader.doubles(size)


def squeezed(shape):
    start = 0
    while start < len(shape) and shape[start] == 1:
        start += 1
    return shape[start:]


def parse_node(reader, earlier):
    code = reader.code
    name = reader.text()
    operands = tuple(reader.count() for _ in range(reader.count(8)))
    shape = parse_shape(reader)
    need(all(0 <= operand < len(earlier) for operand in operands), code, "an operand stands behind its node")
    arity = ARITY.get(name, 1)
    need(arity is None and operands or arity == len(operands), code, f"`{name}` has {len(operands)} operands")
    node = Node(name, operands, shape)
    given = [earlier[operand] for operand in operands]
    if name == "Input":
        node.a, node.b = reader.text(), reader.byte(2)
    elif name == "Constant":
        inner, node.a = parse_tensor(reader)
        need(inner == shape, code, "a constant has another shape")
    elif name == "Linear":
        start = reader.at
        (inner, weights), (rows, node.b) = parse_tensor(reader), parse_tensor(reader)
        need(len(inner) == 2 and rows == inner[:1] and node.count == inner[0] and given[0].count == inner[1], code,
             "a linear map does not fit")
        node.raw = bytes(reader.data[start:reader.at])
        node.a = [weights[row * inner[1]:(row + 1) * inner[1]] for row in range(inner[0])]
    elif name == "Sparse":
        start = reader.at
        width = reader.count()
        node.a, node.b = [], []
        for _ in range(node.count):
            entries = [(reader.count(), reader.doubles(1)[0]) for _ in range(reader.count(16))]
            columns = [column for column, _ in entries]
            need(columns == sorted(set(columns)) and all(column < width for column in columns), code,
                 "the entries of a row are not ascending")
            need(all(weight != 0 for _, weight in entries), code, "a weight of a sparse map is zero")
            node.a.append(entries)
            node.b.append(reader.doubles(1)[0])
        need(given[0].count == width, code, "a sparse map does not fit")
        node.raw = bytes(reader.data[start:reader.at])
    elif name in ("Scale", "Divide"):
        node.a = reader.doubles(1)[0]
        need(name == "Scale" or node.a != 0, code, "a divisor is zero")
    elif name == "Clip":
        node.a, node.b = reader.doubles(2)
        need(node.a <= node.b, code, "a clip is crossed")
    elif name == "Concat":
        node.a = reader.count()
        need(all(len(item.shape) == len(shape) > node.a for item in given), code, "a concatenation does not fit")
        for axis, extent in enumerate(shape):
            parts = [item.shape[axis] for item in given]
            need(extent == (sum(parts) if axis == node.a else parts[0]) and (axis == node.a or len(set(parts)) == 1),
                 code, "a concatenation does not fit")
    elif name in ("Add", "Multiply"):
        need(squeezed(given[0].shape) == squeezed(given[1].shape) == squeezed(shape), code, "two shapes do not fit")
    else:
        need(name in SMOOTH or name in ("ReLU", "Sign", "Reshape", "Gather"), code, f"`{name}` is no operator")
    if name not in ("Input", "Constant", "Linear", "Sparse", "Concat", "Gather"):
        need(all(item.count == node.count for item in given), code, f"the shape of `{name}` does not follow")
    return node


class Graph:
    def __init__(self, data, code):
        reader = Reader(data, code)
        need(reader.text() == "dspec graph 1", code, "the graph is of another version")
        self.nodes = []
        for _ in range(reader.count(8)):
            self.nodes.append(parse_node(reader, self.nodes))
        self.inputs = [reader.count() for _ in range(reader.count(8))]
        self.outputs = [reader.count() for _ in range(reader.count(8))]
        reader.end()
        need(all(position < len(self.nodes) for position in self.inputs + self.outputs), code,
             "an input or output does not exist")
        found = [position for position, node in enumerate(self.nodes) if node.name == "Input"]
        need(sorted(self.inputs) == found and len(self.inputs) == len(self.outputs) == 1
             and self.nodes[self.inputs[0]].b == 0, code, "the graph has not one real input and one output")
        self.source, self.result = self.nodes[self.inputs[0]], self.nodes[self.outputs[0]]
        used = {self.outputs[0]}
        for position in range(len(self.nodes) - 1, -1, -1):
            if position in used:
                used.update(self.nodes[position].operands)
        self.used = used
        self.exact = all(self.nodes[i].name not in SMOOTH - {"Square"} for i in used)


def parse_predicate(reader, count, depth=0):
    """`("atom", quantity, comparison, threshold)`, `("all", parts)` or `("any", parts)`."""
    code = reader.code
    need(depth < 500, code, "a predicate is nested too deeply")
    kind = reader.byte(3)
    if kind > 0:
        return ("all" if kind == 1 else "any",
                [parse_predicate(reader, count, depth + 1) for _ in range(reader.count(1))])
    if reader.byte(2) == 0:
        quantity = ("element", reader.count())
        need(quantity[1] < count, code, "an atom compares an element that does not exist")
    else:
        start, norm = reader.count(), ("l1", "l2", "linf")[reader.byte(3)]
        point = reader.doubles(reader.count(8))
        quantity = ("distance", start, point, norm)
        need(point and start + len(point) <= count, code, "an atom measures a distance in another space")
    comparison = COMPARISONS[reader.byte(4)]
    form = ("rational", "logit")[reader.byte(2)]
    value = reader.rational()
    need(form == "rational" or 0 < value < 1, code, f"the logit of {value} does not exist")
    return ("atom", quantity, comparison, (form, value))


class Case:
    def __init__(self, reader):
        self.label, self.weight = reader.text(), reader.rational()
        self.single = reader.byte(2) == 1
        self.data, self.code, self.parsed = reader.block(), reader.code, None
        self.predicate = parse_predicate(reader, 2**31)
        need(self.weight >= 0, reader.code, "a weight is negative")

    @property
    def graph(self):
        if self.parsed is None:
            self.parsed = Graph(self.data, self.code)
            for _, quantity, _, _ in atoms(self.predicate):
                last = quantity[1] if quantity[0] == "element" else quantity[1] + len(quantity[2]) - 1
                need(last < self.parsed.result.count, self.code, "an atom reaches beyond the output")
        return self.parsed


def atoms(predicate):
    if predicate[0] == "atom":
        return [predicate]
    return [atom for part in predicate[1] for atom in atoms(part)]


class Obligation:
    """A question: `region` holds the ranges of a claim about every point, `law` and `bounds` those of a measure."""

    def __init__(self, data, code="FORMULA_DIGEST"):
        reader = Reader(data, code)
        need(reader.text() == "dspec obligation 2", code, "the obligation is of another version")
        self.region = self.law = None
        if reader.byte(2) == 0:
            self.region = [self.range(reader) for _ in range(reader.count(16))]
        else:
            self.law = [self.axis(reader) for _ in range(reader.count(16))]
            self.bounds = [(COMPARISONS[reader.byte(4)], reader.rational()) for _ in range(reader.count(9))]
        self.dimension = len(self.region if self.law is None else self.law)
        self.cases = [Case(reader) for _ in range(reader.count(8))]
        reader.end()
        need(self.cases, code, "the obligation has no cases")

    @staticmethod
    def range(reader):
        lower, upper = reader.rational(), reader.rational()
        need(lower <= upper, reader.code, "a range is crossed")
        return lower, upper

    @classmethod
    def axis(cls, reader):
        kind = reader.byte(3)
        mean, deviation = (reader.rational(), reader.rational()) if kind < 2 else (None, None)
        support = cls.range(reader) if kind > 0 else None
        need(kind == 2 or deviation > 0, reader.code, "a law has no deviation")
        need(support is None or support[0] < support[1], reader.code, "a law has no mass")
        return kind, mean, deviation, support


class Tree:
    def __init__(self, reader):
        axes = reader.count(16)
        self.lower, self.upper = reader.doubles(axes), reader.doubles(axes)
        self.nodes, self.annexes = reader.block(), reader.block()

    def walk(self):
        """Every leaf's cell and rule; the shape is checked on the way."""
        code, nodes, at, annex = "TREE_SHAPE", self.nodes, 0, 0
        need(self.lower and all(low <= high for low, high in zip(self.lower, self.upper)), code,
             "the root is not a box")
        pending = [(self.lower, self.upper, 0)]
        while pending:
            lower, upper, depth = pending.pop()
            need(at < len(nodes), code, "the tree ends before its last leaf")
            byte = nodes[at]
            at += 1
            if byte >= 0x80:
                need(byte in RULES, code, f"leaf rule {byte} is not known")
                if byte == PHASES:
                    length = int.from_bytes(self.annexes[annex:annex + 4], "little")
                    annex += 4 + length
                    need(annex <= len(self.annexes), code, "an annex is missing or truncated")
                yield lower, upper, byte
                continue
            if byte == 0x7F:
                need(at + 2 <= len(nodes), code, "a split ends in the middle")
                byte = int.from_bytes(nodes[at:at + 2], "little")
                at += 2
            need(byte < len(lower), code, f"axis {byte} does not exist")
            need(depth < DEEPEST, code, f"a path is deeper than {DEEPEST}")
            middle = lower[byte] / 2 + upper[byte] / 2
            need(lower[byte] < middle < upper[byte], code, "a cell is split along an axis on which it is a point")
            pending.append((lower[:byte] + (middle,) + lower[byte + 1:], upper, depth + 1))
            pending.append((lower, upper[:byte] + (middle,) + upper[byte + 1:], depth + 1))
        need(at == len(nodes), code, "bytes follow the last leaf")
        need(annex == len(self.annexes), code, "bytes follow the last annex")


def parse_evidence(data):
    """`("trees", [Tree])`, `("witness", case, point)` or `("samples", seed, count, hits, undecided)`."""
    magic = b"dspec evidence 2\n"
    need(data.startswith(magic), "TREE_SHAPE", "the file does not start as evidence of version 2")
    reader = Reader(data, "TREE_SHAPE")
    reader.at = len(magic)
    kind = reader.byte(4)
    if kind == 1:
        evidence = ("trees", [Tree(reader) for _ in range(reader.count(8))])
    elif kind == 2:
        evidence = ("witness", reader.count(), reader.doubles(reader.count(8)))
    else:
        need(kind == 3, "TREE_SHAPE", "evidence of kind 0 is not known")
        evidence = ("samples", reader.block(), reader.count(), reader.count(), reader.count())
    reader.end()
    return evidence


def parse_masses(data):
    """For each tree the triples (inside, outside, total) that dspec-replay derived of its leaves."""
    reader = Reader(data, "MASSES")
    need(reader.text() == "dspec masses 1", "MASSES", "the masses are of another version")
    trees = []
    for _ in range(reader.count(8)):
        values = reader.doubles(3 * reader.count(24))
        trees.append(list(zip(values[::3], values[1::3], values[2::3])))
    reader.end()
    return trees
