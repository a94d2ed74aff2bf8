"""Seeded samples: the generator, the laws by inversion, and exact binomial tails (specs/certificate.md, section 9).

Sample points are defined in IEEE doubles, one rounding an operation, which Python's floats are.
"""

import hashlib
import struct
from decimal import Context, Decimal
from fractions import Fraction
from math import comb, inf, nextafter

from formats import need

MASK = 0xFFFFFFFF


def derive_seed(digest, count, checkpoint=None):
    rule, more = ("2", f"{checkpoint}\n") if checkpoint else ("1", "")
    return hashlib.sha256(f"dspec sample seed {rule}\n{digest}\n{count}\n{more}".encode()).digest()


def chacha_block(key, words):
    """The ChaCha20 block function (RFC 8439, 2.3) for eight key words and the words 12 to 15 of the state."""
    state = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key, *words]
    x = list(state)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for p, q, r, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[p] = (x[p] + x[q]) & MASK
                y = x[r] ^ x[p]
                x[r] = (y << turn | y >> (32 - turn)) & MASK
    return [(a + b) & MASK for a, b in zip(x, state)]


def numerators(seed, index, count):
    """The odd integers m of the variates m / 2^53 in the lanes 0 to count - 1 of stream 0 at an index."""
    key = struct.unpack("<8I", seed)
    words = []
    for block in range((count + 7) // 8):
        output = chacha_block(key, (block, index & MASK, index >> 32, 0))
        words += [output[2 * lane] | output[2 * lane + 1] << 32 for lane in range(8)]
    return [(word >> 12) << 1 | 1 for word in words[:count]]


CENTRAL = ((3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
            4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3),
           (1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4,
            3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3))
MIDDLE = ((1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
           1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
          (1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
           1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9))
TAIL = ((6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
         2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
        (1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
         1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15))


def quotient(coefficients, x):
    results = []
    for part in coefficients:
        value = 0.0
        for coefficient in reversed(part):
            value = value * x + coefficient
        results.append(value)
    return results


def logarithm(x):
    """log x in doubles, in the operations that the document lists."""
    bits = struct.unpack("<Q", struct.pack("<d", x))[0]
    k = float((bits >> 52) - 1023)
    m = struct.unpack("<d", struct.pack("<Q", bits & (1 << 52) - 1 | 1023 << 52))[0]
    if m > 1.4142:
        m, k = m * 0.5, k + 1
    s = (m - 1) / (m + 1)
    square, series = s * s, 0.0
    for n in range(10, 0, -1):
        series = (series + 1 / float(2 * n + 1)) * square
    return (k * float.fromhex("0x1.62e42fefa2000p-1")
            + (2 * s + (2 * s * series + k * float.fromhex("0x1.9ef35793c7673p-41"))))


def normal_quantile(u):
    """Wichura's AS 241."""
    q = u - 0.5
    if abs(q) <= 0.425:
        top, bottom = quotient(CENTRAL, 0.180625 - q * q)
        return q * (top / bottom)
    r = (-logarithm(u if q < 0 else 1 - u)) ** 0.5
    top, bottom = quotient(MIDDLE, r - 1.6) if r <= 5 else quotient(TAIL, r - 5)
    value = -top / bottom
    return value if q < 0 else -value


def around(value):
    """The greatest double at most, and the smallest at least, a rational number."""
    near = value.numerator / value.denominator
    return (near if near <= value else nextafter(near, -inf)), (near if near >= value else nextafter(near, inf))


def nearest(value):
    """The midpoint of the doubles around a rational number, in doubles."""
    low, high = around(value)
    return min(max(0.5 * low + 0.5 * high, low), high)


class Sampler:
    """The samples of an obligation's law; not `supported` where points depend on enclosures of the implementation."""

    def __init__(self, obligation, seed):
        need(sum(case.weight for case in obligation.cases) == 1, "EVIDENCE_MISSING", "the weights do not sum to one")
        self.seed, self.law, self.thresholds = seed, obligation.law, []
        total = Fraction(0)
        for case in obligation.cases:
            total += case.weight
            self.thresholds.append(-(-(total.numerator << 53) // total.denominator))
        self.supported = all(kind != 1 for kind, _, _, _ in self.law)

    def point(self, index):
        first, *others = numerators(self.seed, index, 1 + len(self.law))
        case = next(i for i, limit in enumerate(self.thresholds) if first < limit)
        point = []
        for (kind, mean, deviation, support), m in zip(self.law, others):
            u = float(m) * 2.0**-53
            if kind == 0:
                point.append(nearest(mean) + nearest(deviation) * normal_quantile(u))
            else:
                a, b = nearest(support[0]), nearest(support[1])
                value = min(max(a + u * (b - a), a), b)
                point.append(min(max(value, around(support[0])[1]), around(support[1])[0]))
        return case, tuple(point)


def binomial_tail(k, n, p):
    """An upper bound of P(X >= k) for X binomial (n, p), p rational, as a Fraction.

    Each term follows from the one before in a few operations of 80 digits, whose errors the last factor exceeds; past
    the mean the terms fall.
    """
    if k <= 0 or p >= 1:
        return Fraction(1)
    if k > n or p <= 0:
        return Fraction(0)
    work = Context(prec=80, Emax=10**9, Emin=-10**9)
    number = lambda value: work.divide(Decimal(value.numerator), Decimal(value.denominator))
    odds, total, smallest = number(p / (1 - p)), Decimal(0), Decimal(10) ** -60
    term = work.multiply(Decimal(comb(n, k)), work.multiply(work.power(number(p), k), work.power(number(1 - p), n - k)))
    for j in range(k, n + 1):
        total = work.add(total, term)
        if term < smallest and j > n * p:
            total = work.add(total, work.multiply(term, Decimal(n)))
            break
        term = work.multiply(term, work.multiply(odds, work.divide(Decimal(n - j), Decimal(j + 1))))
    return Fraction(total) * (1 + Fraction(1, 10**40))
