#!/usr/bin/env python3
"""Tests of the independent checker itself: enclosures against the C library, affine forms and masses against points.

The C library is not exact, so that its values count to a relative 1e-13 only; everything else is compared in rationals.
"""

import math
import random
import unittest
from fractions import Fraction

import dyadic
from affine import Propagation, single
from dyadic import BITS, ONE, Undefined, exact
from formats import Invalid, Node, Reader, parse_rational, Tree
from leaves import CaseOnCells, box_mass, cell, evaluate
from samples import binomial_tail, chacha_block, normal_quantile

REFERENCE = {
    "Sigmoid": lambda x: 1 / (1 + math.exp(-x)), "Tanh": math.tanh, "Softplus": lambda x: math.log1p(math.exp(x)),
    "SiLU": lambda x: x / (1 + math.exp(-x)), "GELU": lambda x: x * math.erfc(-x / math.sqrt(2)) / 2, "Exp": math.exp,
    "Sin": math.sin, "Cos": math.cos, "Square": lambda x: x * x, "Reciprocal": lambda x: 1 / x, "Sqrt": math.sqrt,
    "Log": math.log, "Erf": math.erf}
POSITIVE = ("Sqrt", "Log", "Reciprocal")


class SmallGraph:
    """A graph made node by node, of values with `width` elements."""

    def __init__(self, width):
        self.nodes = [Node("Input", (), (width,), "x", 0)]
        self.inputs, self.width = [0], width

    def add(self, name, *operands, a=None, b=None, shape=None):
        self.nodes.append(Node(name, operands, shape or (self.width,), a, b, raw=(len(self.nodes), id(self))))
        self.outputs = [len(self.nodes) - 1]
        self.used = set(range(len(self.nodes)))
        return len(self.nodes) - 1


def random_graph(draw):
    width = draw.choice((1, 2, 3))
    graph = SmallGraph(width)
    number = lambda: draw.uniform(-2, 2)
    last = 0
    for _ in range(draw.randint(1, 6)):
        other = draw.randrange(len(graph.nodes))
        name = draw.choice(["Linear", "Linear", "Sparse", "Add", "Multiply", "Scale", "Divide", "ReLU", "ReLU", "Sign",
                            "Clip", "Reshape", "Concat", *REFERENCE])
        if name == "Linear":
            last = graph.add(name, last, a=[[number() for _ in range(width)] for _ in range(width)],
                             b=[number() for _ in range(width)])
        elif name == "Sparse":
            last = graph.add(name, last, a=[[(draw.randrange(width), number())] for _ in range(width)],
                             b=[number() for _ in range(width)])
        elif name in ("Add", "Multiply"):
            last = graph.add(name, last, other)
        elif name in ("Scale", "Divide"):
            last = graph.add(name, last, a=number() or 1.0)
        elif name == "Clip":
            a, b = sorted((number(), number()))
            last = graph.add(name, last, a=a, b=b)
        elif name == "Concat":
            joined = graph.add(name, last, other, a=0, shape=(2 * width,))
            last = graph.add("Sparse", joined, a=[[(draw.randrange(2 * width), 1.0)] for _ in range(width)], b=[0.0] * width)
        elif name in POSITIVE:
            squared = graph.add("Square", last)
            moved = graph.add("Sparse", squared, a=[[(i, 1.0)] for i in range(width)], b=[0.5] * width)
            last = graph.add(name, moved)
        else:
            last = graph.add(name, last)
    return graph


class Enclosures(unittest.TestCase):
    def test_functions_enclose_the_c_library(self):
        draw = random.Random(1)
        for name, reference in REFERENCE.items():
            for _ in range(400):
                x = draw.uniform(-9, 9) * draw.random() ** 2
                x = abs(x) + 1e-6 if name in POSITIVE else x
                low, high = dyadic.POINT[name](exact(x)[0])
                self.assertLessEqual(low, high)
                self.assertLessEqual(high - low, 1 << (BITS - 90) if name != "Reciprocal" else ONE)
                slack = Fraction(1e-13) * max(abs(Fraction(reference(x))), Fraction(1, 1000))
                self.assertLessEqual(Fraction(low, ONE) - slack, Fraction(reference(x)), (name, x))
                self.assertGreaterEqual(Fraction(high, ONE) + slack, Fraction(reference(x)), (name, x))

    def test_images_hold_every_point(self):
        draw = random.Random(2)
        for name in REFERENCE:
            for _ in range(200):
                a, b = sorted(draw.uniform(-5, 5) for _ in range(2))
                if name in POSITIVE:
                    a, b = abs(a) + 0.01, abs(a) + 0.01 + b - a
                low, high = dyadic.image(name, (exact(a)[0], exact(b)[1]))
                for _ in range(10):
                    value = dyadic.POINT[name](exact(min(max(draw.uniform(a, b), a), b))[0])
                    self.assertTrue(low <= value[1] + 1 and value[0] - 1 <= high, name)

    def test_known_numbers(self):
        self.assertEqual(str(dyadic.PI[0] * 10**30 >> BITS), "3141592653589793238462643383279")
        self.assertEqual(str(dyadic.exp_at(ONE)[0] * 10**30 >> BITS), "2718281828459045235360287471352")
        self.assertEqual(str(dyadic.log_at(2 * ONE)[0] * 10**30 >> BITS), "693147180559945309417232121458")
        self.assertEqual(str(dyadic.phi_at(ONE)[0] * 10**30 >> BITS), "841344746068542948585232545632")


class Forms(unittest.TestCase):
    def test_forms_hold_every_point(self):
        draw = random.Random(3)
        checked = 0
        for _ in range(400):
            graph = random_graph(draw)
            lower = tuple(draw.uniform(-1, 1) for _ in range(graph.width))
            upper = tuple(a + draw.choice((0, 0.01, 0.5)) for a in lower)
            deployed = draw.random() < 0.3
            try:
                box = Propagation(graph, cell(lower, upper), deployed).output.box()
            except Undefined:
                continue
            for _ in range(6):
                point = [Fraction(min(max(draw.uniform(a, b), a), b)) for a, b in zip(lower, upper)]
                value = evaluate(graph, [(x, x) for x in point])
                for (low, high), (least, most) in zip(box, value):
                    checked += 1
                    self.assertTrue(Fraction(low, ONE) <= most and least <= Fraction(high, ONE),
                                    [node.name for node in graph.nodes])
        self.assertGreater(checked, 2000)

    def test_forms_are_not_idle(self):
        """An affine graph has exact bounds, and shared symbols cancel."""
        graph = SmallGraph(2)
        graph.add("Linear", 0, a=[[1.0, -1.0], [-1.0, 1.0]], b=[0.0, 0.0])
        graph.add("Add", 0, 1)
        box = Propagation(graph, cell((0.0, 0.0), (1.0, 1.0))).output.box()
        for (low, high), (wanted_low, wanted_high) in zip(box, ((-1, 2), (-1, 2))):
            self.assertTrue(wanted_low * ONE - 99 <= low and high <= wanted_high * ONE + 99)


class Masses(unittest.TestCase):
    def test_half_planes(self):
        """Mass of a x + b y <= c under the normal law, against the distribution function of the sum."""
        draw = random.Random(4)
        law = [(0, Fraction(0), Fraction(1), None)] * 2

        class Case:
            single = False

        for _ in range(6):
            a, b, c = draw.uniform(0.2, 2), draw.uniform(-2, 2), draw.uniform(-1, 1)
            graph = SmallGraph(2)
            graph.add("Linear", 0, a=[[a, b], [0.0, 0.0]], b=[0.0, 0.0])
            Case.graph, Case.predicate = graph, ("atom", ("element", 0), "<=", ("rational", Fraction(c)))
            item = CaseOnCells(Case, {})
            inside, outside, total = item.part((-7.0, -7.0), (7.0, 7.0), law)
            truth = 0.5 * math.erfc(-c / math.hypot(a, b) / math.sqrt(2))
            self.assertLessEqual(inside / ONE, truth + 1e-12)
            self.assertLessEqual(outside / ONE, 1 - truth + 1e-12)
            self.assertGreater(inside / ONE, truth - 0.25)
            self.assertLessEqual(inside + outside, total)

    def test_boxes(self):
        for axis in ((0, Fraction(1), Fraction(2), None), (1, Fraction(0), Fraction(1), (Fraction(-1), Fraction(2))),
                     (2, None, None, (Fraction(-1), Fraction(3)))):
            low, high = box_mass([axis], (-100.0,), (100.0,))
            self.assertTrue(low <= ONE <= high + 2 and high - low < 1 << 40)
            parts = [box_mass([axis], (a,), (b,)) for a, b in ((-100.0, 0.25), (0.25, 100.0))]
            self.assertTrue(sum(p[0] for p in parts) <= ONE <= sum(p[1] for p in parts) + 4)


class Formats(unittest.TestCase):
    def test_second_spellings_are_refused(self):
        for text in ("1/1", "2/4", "+1", " 1", "1.0", "01", "-0", "1/-2", "1_0", "1e3"):
            with self.assertRaises(Invalid, msg=text):
                parse_rational(text, "X")

    def test_trees(self):
        def tree(nodes):
            data = (1).to_bytes(8, "little") + b"\0" * 8 + b"\0" * 6 + b"\xf0\x3f"
            data += len(nodes).to_bytes(8, "little") + nodes + b"\0" * 8
            return [(lower, upper) for lower, upper, _ in Tree(Reader(data, "T")).walk()]

        self.assertEqual(tree(b"\0\x81\0\x81\x81"), [((0.0,), (0.5,)), ((0.5,), (0.75,)), ((0.75,), (1.0,))])
        for nodes in (b"", b"\0\x81", b"\x81\x81", b"\1\x81\x81", b"\x7f\0", b"\x86"):
            with self.assertRaises(Invalid, msg=nodes):
                tree(nodes)


class Samples(unittest.TestCase):
    def test_block_function(self):
        """RFC 8439, 2.3.2."""
        key = [0x03020100, 0x07060504, 0x0B0A0908, 0x0F0E0D0C, 0x13121110, 0x17161514, 0x1B1A1918, 0x1F1E1D1C]
        block = chacha_block(key, (1, 0x09000000, 0x4A000000, 0))
        self.assertEqual(block[:4] + block[-1:], [0xE4E7F110, 0x15593BD1, 0x1FDD0F50, 0xC47120A3, 0x4E3C50A2])

    def test_tails(self):
        for k, n, p in ((3, 10, Fraction(1, 3)), (9, 10, Fraction(1, 2)), (1, 50, Fraction(1, 100)), (40, 50, Fraction(9, 10))):
            exact_tail = sum(math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))
            bound = binomial_tail(k, n, p)
            self.assertTrue(exact_tail <= bound <= exact_tail + Fraction(1, 10**30), (k, n, p))

    def test_quantiles(self):
        for x in (-7.5, -3.0, -1.0, 0.0, 0.3, 2.5):
            self.assertAlmostEqual(normal_quantile(0.5 * math.erfc(-x / math.sqrt(2))), x, places=9)

    def test_single(self):
        self.assertTrue(single(0.5) and not single(0.1) and not single(1e300))


if __name__ == "__main__":
    unittest.main()
