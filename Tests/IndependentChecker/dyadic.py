"""Enclosures in integers: a number x is kept as a pair (low, high) with low <= 2^BITS x <= high.

Exponentials and logarithms come from `decimal`, which rounds both correctly; the other functions state their series and
its remainder.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt

BITS = 128
ONE = 1 << BITS
UNITY = (ONE, ONE)
DIGITS = 80
ROUNDED = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emax=10**9, Emin=-10**9)
UNROUNDED = Context(prec=10**5, Emax=10**9, Emin=-10**9)
LARGEST = 4096  # of the arguments that functions are followed to


class Undefined(Exception):
    """A function is applied outside of its domain, or nothing useful is known there."""


def enclose(value):
    """The enclosure of a rational number or a double."""
    top, bottom = value.as_integer_ratio()
    return (top << BITS) // bottom, -((-top << BITS) // bottom)


def hull(low, high):
    return enclose(low)[0], enclose(high)[1]


def negative(x):
    return -x[1], -x[0]


def plus(x, y):
    return x[0] + y[0], x[1] + y[1]


def times(x, y):
    products = (x[0] * y[0], x[0] * y[1], x[1] * y[0], x[1] * y[1])
    return min(products) >> BITS, -(-max(products) >> BITS)


def over(x, y):
    """The quotient by an interval without zero."""
    if y[0] <= 0 <= y[1]:
        raise Undefined("a divisor may be zero")
    if y[1] < 0:
        x, y = negative(x), negative(y)
    low, high = x[0] << BITS, x[1] << BITS
    return low // (y[1] if low >= 0 else y[0]), -(-high // (y[0] if high >= 0 else y[1]))


def root(x):
    if x[0] < 0:
        raise Undefined("the root of a number that may be negative")
    return isqrt(x[0] << BITS), isqrt(x[1] << BITS) + 1


def norm(parts, kind):
    """An enclosure of the norm of a vector of magnitudes in units of 2^-BITS."""
    if kind == "l2":
        return isqrt(sum(low * low for low, _ in parts)), isqrt(sum(high * high for _, high in parts)) + 1
    return tuple(map(max if kind == "linf" else sum, zip(*parts)))


def magnitude(x):
    return max(0, x[0], -x[1]), max(abs(x[0]), abs(x[1]))


def rising(function):
    """The enclosure of a rising function over an interval, from enclosures at its ends."""
    return lambda x: (function(x[0])[0], function(x[1])[1])


def _correctly_rounded(function, n):
    """The function is within half a unit in the last of DIGITS digits of what `decimal` gives."""
    exact = UNROUNDED.scaleb(Decimal(n * 5**BITS), -BITS)  # n / 2^BITS = n 5^BITS / 10^BITS
    value = int(UNROUNDED.multiply(function(exact), Decimal(ONE)))
    slack = abs(value) // 10 ** (DIGITS - 2) + 2
    return value - slack, value + slack


def exp_at(n):
    if n > LARGEST << BITS:
        raise Undefined("an exponential is too large to follow")
    low, high = (0, 1) if n < -BITS << BITS else _correctly_rounded(ROUNDED.exp, n)
    return max(low, 0), high


def log_at(n):
    if n <= 0:
        raise Undefined("the logarithm of a number that may not be positive")
    return _correctly_rounded(ROUNDED.ln, n)


PI = hull(*(Fraction(314159265358979323846264338327950288419716939937510 + i, 10**50) for i in (0, 1)))


def _series(n, size, first, divisor, weight=lambda j: 1):
    """sum of t_j / weight(j) with t_0 = `first` (x or 1) and t_(j+1) = -t_j x^2 / divisor(j + 1).

    The terms first rise to at most e^size, which the working bits make up for and every rounding grows by at most, and
    then fall and alternate, so that what is left out is less than the last.
    """
    work = BITS + 2 * size + 40
    x = n << (work - BITS)
    square = x * x >> work
    total = term = x if first else 1 << work
    j = 0
    while j <= 2 * size + 2 or abs(term) > 1:
        j += 1
        term = -(term * square >> work) // divisor(j)
        total += term // weight(j)
    slack = 8 * (j + 2) * ((1 << (2 * size)) + 1)
    return (total - slack) >> (work - BITS), ((total + slack) >> (work - BITS)) + 1


def _trigonometric(first):
    def at(n):
        if abs(n) > 256 << BITS:
            raise Undefined("an angle is too large to follow")
        return _series(n, (abs(n) >> BITS) + 1, first, lambda j: (2 * j) * (2 * j + (1 if first else -1)))
    return at


def erf_at(n):
    if (abs(n) >> BITS) ** 2 >= BITS:  # erfc(x) < exp(-x^2) < 2^-BITS
        return (ONE - 1, ONE) if n > 0 else (-ONE, 1 - ONE)
    integral = _series(n, (n * n >> 2 * BITS) + 1, True, lambda j: j, lambda j: 2 * j + 1)
    low, high = times(integral, over((2 * ONE, 2 * ONE), root(PI)))
    return max(low, -ONE), min(high, ONE)


def phi_at(n):
    """The normal distribution function, (1 + erf(x / sqrt 2)) / 2."""
    low, high = rising(erf_at)(over((n, n), root((2 * ONE, 2 * ONE))))
    return max((low + ONE >> 1), 0), min((high + ONE >> 1) + 1, ONE)


def _phi_of(scale):
    """The normal distribution function of a multiple."""
    return lambda n: rising(phi_at)(times((n, n), scale))


def sigmoid_at(n):
    return over(UNITY, plus(UNITY, exp_at(-n))) if n >= 0 else over(exp_at(n), plus(UNITY, exp_at(n)))


def tanh_at(n):
    low, high = sigmoid_at(2 * n)
    return 2 * low - ONE, 2 * high - ONE


def softplus_at(n):
    return plus((max(n, 0), max(n, 0)), rising(log_at)(plus(UNITY, exp_at(-abs(n)))))


def tanh_gelu_gate(n):
    """The logistic function of sqrt(8 / pi) (x + 0.044715 x^3)."""
    x = (n, n)
    cubic = plus(x, times(enclose(Fraction(44715, 10**6)), times(times(x, x), x)))
    low, high = times(root(over((8 * ONE, 8 * ONE), PI)), cubic)
    far = LARGEST << BITS
    return sigmoid_at(max(low, -far))[0] if low > -far else 0, sigmoid_at(min(high, far))[1]


def _gated(gate):
    return lambda n: times((n, n), gate(n))


# The binary32 number next to the root of two; half of it is the one next to the root of one half.
ROOT_OF_TWO = Fraction(11863283, 2**23)
POINT = {
    "Sigmoid": sigmoid_at, "Tanh": tanh_at, "Softplus": softplus_at, "SiLU": _gated(sigmoid_at),
    "GELU": _gated(phi_at), "QuotientGELU": _gated(_phi_of(over(root((2 * ONE, 2 * ONE)), enclose(ROOT_OF_TWO)))),
    "ProductGELU": _gated(_phi_of(times(root((2 * ONE, 2 * ONE)), enclose(ROOT_OF_TWO / 2)))),
    "TanhGELU": _gated(tanh_gelu_gate), "Exp": exp_at, "Sin": _trigonometric(True),
    "Cos": _trigonometric(False), "Square": lambda n: times((n, n), (n, n)), "Log": log_at, "Erf": erf_at,
    "Reciprocal": lambda n: over(UNITY, (n, n)), "Sqrt": lambda n: root((n, n))}
# Upper bounds of the second derivative's magnitude, in hundredths; where it depends on the interval, see `curvature`.
FLAT = {"Sigmoid": 10, "Tanh": 77, "Softplus": 25, "SiLU": 50, "GELU": 80, "QuotientGELU": 80, "ProductGELU": 80,
        "TanhGELU": 80, "Sin": 100, "Cos": 100,
        "Square": 200, "Erf": 97}
# Functions that fall up to a point and rise from there: twelve digits of minus it, and the least value in millionths.
VALLEY = {"SiLU": (1278464542761, -278465), "GELU": (751791524693, -169972), "QuotientGELU": (751791511827, -169972),
          "ProductGELU": (751791537559, -169972), "TanhGELU": (752461422071, -170041)}
MONOTONE = {"Sigmoid", "Tanh", "Softplus", "Exp", "Sqrt", "Log", "Erf"}


def curvature(name, x):
    """An upper bound of |f''| over an interval, or None where there is none."""
    if name in FLAT:
        return FLAT[name] * ONE // 100 + 1
    if name == "Exp":
        return exp_at(x[1])[1]
    least = min(abs(x[0]), abs(x[1]))
    if x[0] <= 0 and (name != "Reciprocal" or x[1] >= 0):
        return None
    size = (least, least)
    square = times(size, size)
    power = {"Reciprocal": times(square, size), "Log": square, "Sqrt": times(size, root(size))}[name]
    factor = {"Reciprocal": 2 * ONE, "Log": ONE, "Sqrt": ONE // 4}[name]
    return over((factor, factor), power)[1] if power[0] > 0 else None


def image(name, x):
    """An enclosure of a smooth function's values over an interval.

    From the ends where the function rises or falls. Else values at the ends and a bound M of |f''|: sine and cosine are
    within M h^2 / 8 of their chord (the classical remainder of linear interpolation), and in [-1, 1].
    """
    if name == "Reciprocal" and x[0] <= 0 <= x[1] or name == "Sqrt" and x[0] < 0 or name == "Log" and x[0] <= 0:
        raise Undefined(f"{name} is not defined on the whole interval")
    if name in MONOTONE:
        return rising(POINT[name])(x)
    if name == "Reciprocal":
        return over(UNITY, x)
    if name == "Square":
        low, high = sorted((abs(x[0]), abs(x[1])))
        return (0 if x[0] <= 0 <= x[1] else low * low >> BITS), (high * high >> BITS) + 1
    at_low, at_high = POINT[name](x[0]), POINT[name](x[1])
    low, high = min(at_low[0], at_high[0]), max(at_low[1], at_high[1])
    if name in VALLEY:
        place, least = VALLEY[name]
        is_inside = x[0] * 10**12 < -place * ONE < x[1] * 10**12 + ONE
        return (least * ONE // 10**6 if is_inside else low), high
    bend = ((x[1] - x[0]) ** 2 * curvature(name, x) >> (2 * BITS + 3)) + 1
    return max(low - bend, -ONE), min(high + bend, ONE)
