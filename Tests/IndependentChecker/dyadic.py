"""Enclosures in integers: a number x is kept as a pair (low, high) with low <= 2^BITS x <= high.

Every elementary function states the series and the bound of its remainder from which the enclosure follows.
"""

from math import isqrt

BITS = 128
ONE = 1 << BITS
UNITY = (ONE, ONE)


class Undefined(Exception):
    """A function is applied outside of its domain, or nothing useful is known there."""


def floor(value):
    """The greatest integer at most 2^BITS value."""
    return (value.numerator << BITS) // value.denominator


def enclose(value):
    """The enclosure of a rational number."""
    return floor(value), -floor(-value)


def exact(value):
    """The enclosure of a double."""
    top, bottom = value.as_integer_ratio()
    return (top << BITS) // bottom, -((-top << BITS) // bottom)


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


def rising(function):
    """The enclosure of a rising function over an interval, from enclosures at its ends."""
    return lambda x: (function(x[0])[0], function(x[1])[1])


def exp_at(n):
    """exp(n / 2^BITS): Taylor of y = x / 2^s <= 2^-8, whose terms more than halve, squared s times."""
    if n < 0:
        if -n > BITS << BITS:
            return 0, 1
        low, high = exp_at(-n)
        return (ONE << BITS) // high, (ONE << BITS) // low + 1
    if n > 4096 << BITS:
        raise Undefined("an exponential is too large to follow")
    # Squaring doubles the relative error and x = 2^s y adds as many bits in front.
    halvings = max(0, n.bit_length() - BITS + 8)
    work = BITS + 2 * halvings + (n >> BITS) * 2 + 40
    y_low = n << (work - BITS) >> halvings
    y_high = y_low + 1
    low = high = term_low = term_high = 1 << work
    step = 1
    while term_high > 1:
        term_low = term_low * y_low >> work
        term_low //= step
        term_high = (term_high * y_high >> work) + 1
        term_high = term_high // step + 1
        low += term_low
        high += term_high
        step += 1
        if step > 4 * work:
            break
    high += 2 * term_high
    for _ in range(halvings):
        low = low * low >> work
        high = (high * high >> work) + 1
    return low >> (work - BITS), (high >> (work - BITS)) + 1


def _atanh_twice(top, bottom, work):
    """2 atanh(z), z = top / bottom in [0, 1/3]: the terms beyond one are at most 9/8 of it in all."""
    low = high = 0
    z = (top << work) // bottom
    power_low, power_high = z, z + 1
    square_low, square_high = z * z >> work, ((z + 1) * (z + 1) >> work) + 1
    odd = 1
    while power_high // odd > 1:
        low += power_low // odd
        high += power_high // odd + 1
        power_low = power_low * square_low >> work
        power_high = (power_high * square_high >> work) + 1
        odd += 2
    return 2 * low, 2 * (high + 2 * (power_high // odd + 1))


_WORK = BITS + 40
_LOG2 = _atanh_twice(1, 3, _WORK)


def log_at(n):
    """log(n / 2^BITS) = k log 2 + 2 atanh((m - 1) / (m + 1)) with 1 <= m < 2."""
    if n <= 0:
        raise Undefined("the logarithm of a number that may not be positive")
    bits = n.bit_length() - 1
    unit = 1 << bits
    low, high = _atanh_twice(n - unit, n + unit, _WORK)
    k = bits - BITS
    low += k * _LOG2[0 if k >= 0 else 1]
    high += k * _LOG2[1 if k >= 0 else 0]
    shift = _WORK - BITS
    return low >> shift, -(-high >> shift)


def _machin():
    """pi = 16 atan(1/5) - 4 atan(1/239), alternating series with falling terms."""
    work = BITS + 64

    def atan(inverse):
        total, power, odd, sign = 0, (1 << work) // inverse, 1, 1
        while power:
            total += sign * (power // odd)
            power //= inverse * inverse
            odd, sign = odd + 2, -sign
        return total

    value = 16 * atan(5) - 4 * atan(239)
    # Fewer than 200 terms are each off by less than two units, times 20.
    return (value - 10_000) >> 64, ((value + 10_000) >> 64) + 1


PI = _machin()


def _sine_at(n, start):
    """Taylor at |x| <= 4 of sine (start 1) or cosine (0): past x^2 < j (j + 1) the terms alternate and fall."""
    work = BITS + 24
    x = n << 24
    total = term = x if start else 1 << work
    index, steps = start, 0
    while term or index < 6:
        term = -(term * x >> work) * x >> work
        term //= (index + 1) * (index + 2)
        total += term
        index, steps = index + 2, steps + 1
    # A step's roundings, at most four units, grow by less than 2^6 in what follows.
    slack = 256 * steps + 256
    return (total - slack) >> 24, ((total + slack) >> 24) + 1


def _trigonometric(start):
    def at(n):
        turns = (n + PI[0]) // (2 * PI[0])
        low, high = n - 2 * max(turns * PI[0], turns * PI[1]), n - 2 * min(turns * PI[0], turns * PI[1])
        if max(-low, high) > 4 << BITS:
            raise Undefined("an angle is too large to follow")
        value = _sine_at(low, start)
        # The derivative is at most 1.
        return value[0] - (high - low), value[1] + (high - low)
    return at


def _gauss(n, half):
    """sum of (-u)^j / (j! (2j + 1)) times x, u = x^2 (or x^2 / 2): the integral of exp(-t^2) (or exp(-t^2 / 2)).

    The terms alternate and fall once j > u; their size is at most e^u x, which the working bits make up for.
    """
    whole = (n * n >> (2 * BITS + half)) + 1
    work = BITS + 2 * whole + 40
    x = n << (work - BITS)
    square = x * x >> (work + half)
    total, term, j = x, x, 0
    while j <= whole or abs(term) > 1:
        j += 1
        term = -(term * square >> work) // j
        total += term // (2 * j + 1)
    slack = 8 * (j + 2) * ((1 << (2 * whole)) + 1)
    return (total - slack) >> (work - BITS), ((total + slack) >> (work - BITS)) + 1


_ERF_SCALE = over((2 * ONE, 2 * ONE), root(PI))
_PHI_SCALE = over(UNITY, root(plus(PI, PI)))


def erf_at(n):
    if (abs(n) >> BITS) ** 2 >= BITS:  # erfc(x) < exp(-x^2) < 2^-BITS
        return (ONE - 1, ONE) if n > 0 else (-ONE, 1 - ONE)
    low, high = times(_gauss(n, 0), _ERF_SCALE)
    return max(low, -ONE), min(high, ONE)


def phi_at(n):
    """The normal distribution function."""
    if (abs(n) >> BITS) ** 2 >= 2 * BITS:  # the tail beyond x is below exp(-x^2 / 2) < 2^-BITS
        return (ONE - 1, ONE) if n > 0 else (0, 1)
    low, high = times(_gauss(n, 1), _PHI_SCALE)
    return max(low + ONE // 2, 0), min(high + ONE // 2, ONE)


def sigmoid_at(n):
    return over(UNITY, plus(UNITY, exp_at(-n))) if n >= 0 else over(exp_at(n), plus(UNITY, exp_at(n)))


def tanh_at(n):
    low, high = sigmoid_at(2 * n)
    return 2 * low - ONE, 2 * high - ONE


def softplus_at(n):
    rest = rising(log_at)(plus(UNITY, exp_at(-abs(n))))
    return plus((max(n, 0), max(n, 0)), rest)


def _gated(gate):
    return lambda n: times((n, n), gate(n))


POINT = {
    "Sigmoid": sigmoid_at, "Tanh": tanh_at, "Softplus": softplus_at, "SiLU": _gated(sigmoid_at),
    "GELU": _gated(phi_at), "Exp": exp_at, "Sin": _trigonometric(1), "Cos": _trigonometric(0),
    "Square": lambda n: times((n, n), (n, n)), "Reciprocal": lambda n: over(UNITY, (n, n)),
    "Sqrt": lambda n: root((n, n)), "Log": log_at, "Erf": erf_at,
}
# Upper bounds of the second derivative's magnitude, in hundredths; where it depends on the interval, see `curvature`.
FLAT = {"Sigmoid": 10, "Tanh": 77, "Softplus": 25, "SiLU": 50, "GELU": 80, "Sin": 100, "Cos": 100, "Square": 200,
        "Erf": 97}
# What the values cannot leave, whatever the operand, in thousandths; SiLU and GELU have no upper end.
RANGE = {"Sigmoid": (0, 1000), "Tanh": (-1000, 1000), "Erf": (-1000, 1000), "Sin": (-1000, 1000),
         "Cos": (-1000, 1000), "SiLU": (-279, None), "GELU": (-170, None), "Softplus": (0, None), "Exp": (0, None),
         "Square": (0, None), "Sqrt": (0, None)}
MONOTONE = {"Sigmoid": 1, "Tanh": 1, "Softplus": 1, "Exp": 1, "Sqrt": 1, "Log": 1, "Erf": 1}


def curvature(name, x):
    """An upper bound of |f''| over an interval, or None where there is none."""
    if name in FLAT:
        return FLAT[name] * ONE // 100 + 1
    if name == "Exp":
        return exp_at(x[1])[1]
    least = min(abs(x[0]), abs(x[1]))
    if x[0] <= 0 <= x[1] or x[0] <= 0 and name != "Reciprocal":
        return None
    size = (least, least)
    power = {"Reciprocal": lambda: times(times(size, size), size), "Log": lambda: times(size, size),
             "Sqrt": lambda: times(plus(plus(size, size), plus(size, size)), root(size))}[name]()
    top = 2 * ONE if name == "Reciprocal" else ONE
    return over((top, top), power)[1] if power[0] > 0 else None


def defined(name, x):
    if name == "Reciprocal":
        return not x[0] <= 0 <= x[1]
    return not (name == "Sqrt" and x[0] < 0 or name == "Log" and x[0] <= 0)


def image(name, x):
    """An enclosure of a smooth function's values over an interval.

    For a rising function from the ends. Else values at the ends and a bound M of |f''|: the function is within
    M h^2 / 8 of its chord (the classical remainder of linear interpolation), cut to the function's range.
    """
    if not defined(name, x):
        raise Undefined(f"{name} is not defined on the whole interval")
    if name in MONOTONE:
        return rising(POINT[name])(x)
    if name == "Reciprocal":
        return over(UNITY, x)
    if name == "Square":
        low, high = sorted((abs(x[0]), abs(x[1])))
        return (0 if x[0] <= 0 <= x[1] else low * low >> BITS), (high * high >> BITS) + 1
    at_low, at_high = POINT[name](x[0]), POINT[name](x[1])
    bend = (x[1] - x[0]) ** 2 * curvature(name, x) >> (2 * BITS + 3)
    low, high = min(at_low[0], at_high[0]) - bend - 1, max(at_low[1], at_high[1]) + bend + 1
    bottom, top = RANGE[name]
    low = max(low, bottom * ONE // 1000)
    return low, high if top is None else min(high, top * ONE // 1000)
