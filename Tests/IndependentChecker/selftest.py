#!/usr/bin/env python3
"""Tests of the independent checker itself: enclosures against the C library, affine forms and masses against points.

The C library is not exact, so that its values count to a relative 1e-13 only; everything else is compared in rationals.
"""

import math
import random
import unittest
from fractions import Fraction

import dyadic
from affine import Propagation, is_single
from dyadic import BITS, ONE, Undefined, enclose
from formats import Ball, Invalid, Reader, Tree, check_phases, packed, parse_nodes, parse_rational, unpacked
from graphs import Graph, Map, Step
from leaves import CaseOnCells, box_mass, cell
from samples import binomial_tail, chacha_block, normal_quantile

REFERENCE = {
    "Sigmoid": lambda x: 1 / (1 + math.exp(-x)), "Tanh": math.tanh, "Softplus": lambda x: math.log1p(math.exp(x)),
    "SiLU": lambda x: x / (1 + math.exp(-x)), "GELU": lambda x: x * math.erfc(-x / math.sqrt(2)) / 2, "Exp": math.exp,
    "Sin": math.sin, "Cos": math.cos, "Square": lambda x: x * x, "Reciprocal": lambda x: 1 / x, "Sqrt": math.sqrt,
    "Log": math.log, "Erf": math.erf, "QuotientGELU": lambda x: x * math.erfc(-x / 1.4142135381698608) / 2,
    "ProductGELU": lambda x: x * math.erfc(-x * 0.7071067690849304) / 2,
    "TanhGELU": lambda x: x / (1 + math.exp(-math.sqrt(8 / math.pi) * (x + 0.044715 * x**3)))}
POSITIVE = ("Sqrt", "Log", "Reciprocal")


class SmallGraph(Graph):
    """A graph made step by step, of values with `width` elements."""

    def __init__(self, width):
        self.steps, self.input, self.width = [Step("input", (), width, lost=("operation",))], 0, width

    def add(self, kind, operands, count, **more):
        self.output = super().add(kind, operands, count, **more)
        self.used = set(range(len(self.steps)))
        return self.output


def softmax(x):
    powers = [math.exp(value - max(x)) for value in x]
    return [power / sum(powers) for power in powers]


def normalize(x, epsilon):
    mean = sum(x) / len(x)
    return [(v - mean) / math.sqrt(sum((w - mean) ** 2 for w in x) / len(x) + epsilon) for v in x]


def random_graph(draw):
    width = draw.choice((1, 2, 3))
    graph, last, all_of = SmallGraph(width), 0, range(width)
    number = lambda: draw.uniform(-2, 2)
    for _ in range(draw.randint(1, 6)):
        other = draw.randrange(len(graph.steps))
        if graph.steps[other].count != width:
            other = last
        name = draw.choice(["Linear", "Linear", "Sparse", "Add", "Multiply", "Divide", "ReLU", "ReLU", "Sign", "Clip", "Max",
                            "Softmax", "LogSoftmax", "Normalize", *REFERENCE])
        if name == "Linear":
            last = graph.map([last], [[(j, number()) for j in all_of] for _ in all_of], [number() for _ in all_of], ("sum",))
        elif name == "Sparse":
            last = graph.map([last], [[(draw.randrange(width), number())] for _ in all_of], None, ("sum",))
        elif name == "Add":
            last = graph.map([last, other], [[(i, 1), (width + i, 1)] for i in all_of], None, ("operation",))
        elif name == "Multiply":
            last = graph.add("product", [last, other], width, lost=("operation",))
        elif name == "Divide":
            divisor = number() or 1.0
            last = graph.map([last], [[(i, 1 / Fraction(divisor))] for i in all_of], None, ("factor", divisor))
        elif name == "Clip":
            limits = sorted((number(), number()))
            last = graph.add(name, [last], width, limits=limits, lost=("clip", limits))
        elif name == "Max":
            greatest = graph.maximum(last, 1, width)
            last = graph.map([greatest], [[(0, 1)]] * width)
        elif name in ("Softmax", "LogSoftmax"):
            last = graph.softmax(last, width, width, name == "LogSoftmax")
        elif name == "Normalize":
            last = graph.normalize(last, width, width, 0.5)
        elif name in POSITIVE:
            squared = graph.add("Square", [last], width, lost=("Square",))
            moved = graph.map([squared], [[(i, 1.0)] for i in all_of], [0.5] * width, ("sum",))
            last = graph.add(name, [moved], width, lost=(name,))
        else:
            last = graph.add(name, [last], width, lost=(name,) if name in REFERENCE else None)
    return graph


class Enclosures(unittest.TestCase):
    def test_functions_enclose_the_c_library(self):
        draw = random.Random(1)
        for name, reference in REFERENCE.items():
            for _ in range(150):
                x = draw.uniform(-9, 9) * draw.random() ** 2
                x = abs(x) + 1e-6 if name in POSITIVE else x
                low, high = dyadic.POINT[name](enclose(x)[0])
                self.assertLessEqual(low, high)
                self.assertLessEqual(high - low, 1 << (BITS - 90) if name != "Reciprocal" else ONE)
                slack = Fraction(1e-13) * max(abs(Fraction(reference(x))), Fraction(1, 1000))
                self.assertLessEqual(Fraction(low, ONE) - slack, Fraction(reference(x)), (name, x))
                self.assertGreaterEqual(Fraction(high, ONE) + slack, Fraction(reference(x)), (name, x))

    def test_images_hold_every_point(self):
        draw = random.Random(2)
        for name in REFERENCE:
            for _ in range(100):
                a, b = sorted(draw.uniform(-5, 5) for _ in range(2))
                if name in POSITIVE:
                    a, b = abs(a) + 0.01, abs(a) + 0.01 + b - a
                low, high = dyadic.image(name, (enclose(a)[0], enclose(b)[1]))
                for _ in range(10):
                    value = dyadic.POINT[name](enclose(min(max(draw.uniform(a, b), a), b))[0])
                    self.assertTrue(low <= value[1] + 1 and value[0] - 1 <= high, name)

    def test_known_numbers(self):
        self.assertEqual(str(dyadic.PI[0] * 10**30 >> BITS), "3141592653589793238462643383279")
        self.assertEqual(str(dyadic.exp_at(ONE)[0] * 10**30 >> BITS), "2718281828459045235360287471352")
        self.assertEqual(str(dyadic.log_at(2 * ONE)[0] * 10**30 >> BITS), "693147180559945309417232121458")
        self.assertEqual(str(dyadic.erf_at(ONE)[0] * 10**30 >> BITS), "842700792949714869341220635082")
        self.assertEqual(str(dyadic.POINT["Sin"](ONE)[0] * 10**30 >> BITS), "841470984807896506652502321630")
        self.assertEqual(str(dyadic.phi_at(ONE)[0] * 10**30 >> BITS), "841344746068542948585232545632")


class Forms(unittest.TestCase):
    def test_forms_hold_every_point(self):
        draw = random.Random(3)
        checked = 0
        for _ in range(200):
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
                value = graph.values([(x, x) for x in point])
                for (low, high), (least, most) in zip(box, value):
                    checked += 1
                    self.assertTrue(Fraction(low, ONE) <= most and least <= Fraction(high, ONE),
                                    [step.kind for step in graph.steps])
        self.assertGreater(checked, 1000)

    def test_forms_are_not_idle(self):
        """An affine graph has exact bounds, and shared symbols cancel."""
        graph = SmallGraph(2)
        graph.map([0], [[(0, 1.0), (1, -1.0)], [(0, -1.0), (1, 1.0)]])
        graph.map([0, 1], [[(0, 1), (2, 1)], [(1, 1), (3, 1)]])
        box = Propagation(graph, cell((0.0, 0.0), (1.0, 1.0))).output.box()
        for (low, high), (wanted_low, wanted_high) in zip(box, ((-1, 2), (-1, 2))):
            self.assertTrue(wanted_low * ONE - 99 <= low and high <= wanted_high * ONE + 99)


    def test_composite_operators(self):
        draw = random.Random(7)
        for _ in range(60):
            width = draw.randint(1, 5)
            x = [draw.uniform(-3, 3) for _ in range(width)]
            for name, build, wanted in (
                    ("softmax", lambda graph: graph.softmax(0, width, width, False), softmax(x)),
                    ("logarithm", lambda graph: graph.softmax(0, width, width, True), [math.log(p) for p in softmax(x)]),
                    ("normalize", lambda graph: graph.normalize(0, width, width, 0.25), normalize(x, 0.25)),
                    ("max", lambda graph: graph.maximum(0, 1, width), [max(x)])):
                graph = SmallGraph(width)
                graph.output, graph.used = 0, {0}
                build(graph)
                found = graph.values([(Fraction(v), Fraction(v)) for v in x])
                deployed = Propagation(graph, cell(x, x), True).output.box()
                self.assertEqual(len(found), len(wanted), name)
                for (low, high), (least, most), value in zip(found, deployed, wanted):
                    self.assertTrue(low - 1e-9 <= value <= high + 1e-9 and high - low < 1e-30, name)
                    self.assertTrue(least / ONE <= value + 1e-9 and value - 1e-9 <= most / ONE, name)
                    self.assertLess((most - least) / ONE, 1e-4, name)

    def test_balls(self):
        """Linear functions on cell and ball: bounds hold at points of both, and are close where the cell holds the ball."""
        draw = random.Random(8)

        class Case:
            single, predicate = False, ("all", [])

        for norm in ("l1", "l2"):
            for round in range(60):
                ball, graph = Ball.__new__(Ball), SmallGraph(3)
                ball.start, ball.end, ball.norm, ball.radius = 0, 2, norm, Fraction(1)
                ball.centre = [Fraction(draw.uniform(-1, 1)) for _ in range(2)]
                ball.power, ball.limit = (2, Fraction(1)) if norm == "l2" else (1, Fraction(1))
                weights = [draw.uniform(-1, 1) for _ in range(3)]
                graph.map([0], [list(enumerate(weights))])
                Case.graph, size = graph, 2 if round < 10 else draw.uniform(0.2, 1)
                lower = [float(c) - size * draw.choice((1, 0.5)) for c in ball.centre] + [-1.0]
                upper = [a + 2 * size for a in lower[:2]] + [1.0]
                box = CaseOnCells(Case, [ball]).contracted([(Fraction(a), Fraction(b)) for a, b in zip(lower, upper)])
                if box is None:
                    continue
                propagation = Propagation(graph, [dyadic.hull(a, b) for a, b in box], balls=[ball])
                (least, most), = propagation.ranges(propagation.output)
                for _ in range(200):
                    point = [Fraction(draw.uniform(a, b)) for a, b in zip(lower, upper)]
                    if ball.meets([(x, x) for x in point]):
                        self.assertTrue(all(a <= x <= b for x, (a, b) in zip(point, box)))
                        value = sum(Fraction(w) * x for w, x in zip(weights, point)) * ONE
                        self.assertTrue(least <= value <= most)
                if size == 2 and lower[0] < ball.centre[0] - 1 and lower[1] < ball.centre[1] - 1:
                    dual = math.hypot(*weights[:2]) if norm == "l2" else max(map(abs, weights[:2]))
                    self.assertAlmostEqual((most - least) / ONE, 2 * dual + 2 * abs(weights[2]), places=9)


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
            graph.map([0], [[(0, a), (1, b)], []])
            Case.graph, Case.predicate = graph, ("atom", ("element", 0), "<=", ("rational", Fraction(c)))
            item = CaseOnCells(Case)
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
            return [(lower, upper) for lower, upper, *_ in Tree(Reader(data, "T"), False).walk()]

        self.assertEqual(tree(b"\0\x81\0\x81\x81"), [((0.0,), (0.5,)), ((0.5,), (0.75,)), ((0.75,), (1.0,))])
        for nodes in (b"", b"\0\x81", b"\x81\x81", b"\1\x81\x81", b"\x7f\0", b"\x88", b"\x85"):
            with self.assertRaises(Invalid, msg=nodes):
                tree(nodes)

    def test_packed_nodes(self):
        block = lambda data: len(data).to_bytes(8, "little") + data
        for data, nodes in ((b"\x40\x20\x82", b"\0\0\x81\x82\x81"), (b"\x7f\x1f\0", b"\x1f\x81\x81"),
                            (b"\x7f\x2c\1", b"\x7f\x2c\1\x81\x81"), (b"\x60", b"\0\x81\x81")):
            self.assertEqual(unpacked(0x81, data), nodes)
            is_shorter = len(nodes) >= len(data) + 2
            self.assertEqual(packed(nodes), (0x81, data) if is_shorter else None)
            for form, text in ((True, b"\1\x81" + block(data)), (False, b"\0" + block(nodes))):
                if form == is_shorter:
                    self.assertEqual(parse_nodes(Reader(text, "T")), nodes)
                else:
                    self.assertRaises(Invalid, parse_nodes, Reader(text, "T"))
        for data in (b"", b"\0", b"\x20", b"\x60\x81", b"\x7f\3\0", b"\x40\x81", b"\x20\x81", b"\x7f\0", b"\x81"):
            for rule in (0x81, 0x7F, 0):
                with self.assertRaises(Invalid, msg=data):
                    parse_nodes(Reader(bytes([1, rule]) + block(data), "T"))
        # Of two rules with as many leaves it is the smaller one; what is no tree is never packed.
        self.assertEqual(packed(b"\0\0\x82\x82\0\x81\x81"), (0x81, b"\0\0\x82\x82\x60"))
        for nodes in (b"", b"\0\x81", b"\x81\x81", b"\0\0\x81\x81\x81\x81", b"\0\0\x81\x81\x7f\0"):
            self.assertEqual(packed(nodes), None)
            self.assertEqual(parse_nodes(Reader(b"\0" + block(nodes), "T")), nodes)

    def test_phases(self):
        for sizes, annex in (([1], b""), ([1], b"\2"), ([1], b"\1\0\0\2\2"), ([1], b"\3\x80\xff\1\1\0\0\x80\x3f\2"),
                             ([1, 1], b"\2\2"), ([2], b"\2\1"), ([1, 2], b"\2\2\1"), ([1, 2], b"\2\1"),
                             ([1], b"\4\1\0\0\0\1\0\x80\x80\x40\x05"),
                             ([1], b"\x08" + b"\0" * 6 + b"\xf0\x3f" + b"\0" * 16)):
            self.assertTrue(check_phases(annex, sizes, 2), (sizes, annex))
        for sizes, annex in ((None, b""), ([1], b"\2\2"), ([1], b"\1\2\0\2\2"), ([1], b"\1\0\0\2"), ([1], b"\5"),
                             ([1], b"\1\0\0\1\0\0\2\2\2"), ([1], b"\6"), ([1], b"\7"), ([1], b"\x09"), ([2], b"\2\2"),
                             ([1], b"\1\0\0\0\1\x80\2"), ([1], b"\x08" + b"\0" * 6 + b"\xf0\xbf" + b"\0" * 16)):
            self.assertFalse(check_phases(annex, sizes, 2), (sizes, annex))


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
        self.assertTrue(is_single(0.5) and not is_single(0.1) and not is_single(1e300))


if __name__ == "__main__":
    unittest.main()
