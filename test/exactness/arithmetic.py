"""Numbers as exact as Python has them: the order of values, quantiles, spread, bounds of outliers."""
import decimal
import math
from fractions import Fraction


def total(value):
    """The order of the engine: NaN is above every number."""
    if isinstance(value, float):
        return (1, 0.0) if math.isnan(value) else (0, value)
    return value.encode() if isinstance(value, str) else value


def is_nan(value):
    return isinstance(value, float) and math.isnan(value)


def plain(value):
    """Equal where the engine takes two values for the same: 0.0 is -0.0, and NaN is NaN."""
    if is_nan(value):
        return "nan"
    return value + 0.0 if isinstance(value, float) else value


def key_of(row, columns):
    return tuple(plain(row[c]) for c in columns)


def between(low, high, weight):
    """Infinities count, too."""
    if weight == 0 or low == high:
        return low
    if math.isfinite(low) and math.isfinite(high):
        return Fraction(low) * (1 - weight) + Fraction(high) * weight
    return low * (1 - float(weight)) + high * float(weight)


def quantile(values, share):
    """Of sorted numbers, none NaN; between two of them in proportion."""
    at = (len(values) - 1) * Fraction(share)
    low = math.floor(at)
    return between(values[low], values[min(low + 1, len(values) - 1)], at - low)


def as_decimal(value):
    """Of a fraction that ends in decimals."""
    with decimal.localcontext() as context:
        context.prec = 80
        return decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)


def mean(values):
    return sum(map(Fraction, values)) / len(values)


def deviation(values):
    """Of a sample; nothing of a single value."""
    if len(values) < 2:
        return None
    middle = mean(values)
    return root(sum((Fraction(v) - middle) ** 2 for v in values) / (len(values) - 1))


def root(square):
    """To more digits than a float has, however large or small."""
    if square == 0:
        return Fraction(0)
    scale = max(0, 240 + square.denominator.bit_length() - square.numerator.bit_length())
    scale += scale % 2
    return Fraction(math.isqrt((square.numerator << scale) // square.denominator), 1 << scale // 2)


class Bounds:
    """What lies outside is an outlier. Computed exactly from `values`, all finite."""

    def __init__(self, values, method, factor):
        values = sorted(map(Fraction, values))
        factor = Fraction(factor)
        if method == "iqr":
            self.low, self.high = quantile(values, Fraction(1, 4)), quantile(values, Fraction(3, 4))
            reach = factor * (self.high - self.low)
        else:
            middle = mean(values) if method == "zscore" else quantile(values, Fraction(1, 2))
            self.low = self.high = middle
            reach = self.reach_around(middle, values, method, factor)
        self.unbounded = reach is None
        self.low, self.high = self.low - (reach or 0), self.high + (reach or 0)
        # The least floats have no digits to spare: what is computed of them is rounded to others.
        self.slack = max(map(abs, values)) * Fraction(1, 10**9) + Fraction(1, 10**300)
        # Quarters of such numbers are exact in floating point, and so is what they are compared to.
        small = all(v.denominator <= 1024 and abs(v) < 2**40 for v in values)
        self.certain = small and (method == "iqr" or method == "mad" and reach == 0)

    @staticmethod
    def reach_around(middle, values, method, factor):
        if method == "zscore":
            spread = deviation(values)
            return None if spread is None else factor * spread
        return (factor * Fraction(1.4826)
                * quantile(sorted(abs(v - middle) for v in values), Fraction(1, 2)))

    def outside(self, value):
        return not self.unbounded and not self.low <= Fraction(value) <= self.high

    def decides(self, value):
        """Whether rounding cannot move the value across a bound."""
        if self.certain or self.unbounded:
            return True
        return min(abs(value - self.low), abs(value - self.high)) > self.slack


def outliers(numbers, method, factor):
    """Which of these floats are outliers, by index; None where rounding decides."""
    def is_fit(value):
        return math.isfinite(value) and (method != "zscore" or abs(value) <= 1e150)

    fit = [v for v in numbers if is_fit(v)]
    if not fit:
        return set(range(len(numbers)))
    bounds = Bounds(fit, method, factor)
    if not all(bounds.decides(Fraction(v)) for v in fit):
        return None
    return {i for i, v in enumerate(numbers) if not is_fit(v) or bounds.outside(v)}
