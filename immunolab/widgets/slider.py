"""A slider on a native range input: named, spoken in words, moved by keys, with a box to type a value."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from numbers import Integral, Real

import traitlets as t

from immunolab.widgets._base import Checked, CourseWidget, require_text, script, style

MOST_POSITIONS = 2001  # a drag across a screen meets fewer pixels than this
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain_number(value: float) -> str:
    """A number as it is read in a text: 0.5, 1200, 3×10⁻⁶; short enough for the box of a slider."""
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return f"{value:.10g}"
    mantissa, exponent = f"{value:.3g}".split("e")
    return f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPT)}"


class Slider(CourseWidget):
    """One number, chosen from a fixed row of values.

    Parameters
    ----------
    label : str
        What is set; the visible and spoken name.
    value : float
        Where it starts; must be one of the values.
    min, max, step : float
        An even scale: ``max`` lies a whole number of steps above ``min``.
    values : sequence of float
        Any other scale instead (logarithmic, irregular), in rising order.
    unit : str
        Shown beside the value.
    words : callable
        ``words(value) -> str``: what is spoken, as in "20 nanomolar". Left out: the shown value and the unit.
    format : callable
        ``format(value) -> str``: what is shown. Left out: the plain number.
    box : bool
        Whether a value can be typed. Left out: yes, unless ``format`` shows something else than the number.
    disabled : bool

    Raises
    ------
    ValueError
        If the scale is not one, or the value does not lie on it; also when ``value`` is set later.
    """

    _esm = script("slider")
    _css = style("slider")

    label = t.Unicode().tag(sync=True)
    unit = t.Unicode().tag(sync=True)
    value = Checked().tag(sync=True)
    values = t.Tuple(read_only=True).tag(sync=True)
    shown = t.Tuple(read_only=True, help="the values as they are read, position by position").tag(sync=True)
    spoken = t.Tuple(read_only=True, help="the values in words, position by position").tag(sync=True)
    box = t.Bool(True).tag(sync=True)
    group = t.Unicode(help="set by LiveFigure.follow").tag(sync=True)
    name = t.Unicode(help="set by LiveFigure.follow").tag(sync=True)

    def __init__(
        self,
        label: str,
        value: float,
        min: float | None = None,
        max: float | None = None,
        step: float | None = None,
        *,
        values: Sequence[float] | None = None,
        unit: str = "",
        words: Callable[[float], str] | None = None,
        format: Callable[[float], str] | None = None,
        box: bool | None = None,
        disabled: bool = False,
    ):
        require_text("Slider", "label", label)
        scale = (
            _even_scale(label, min, max, step)
            if values is None
            else _given_scale(label, values, (min, max, step))
        )
        shown = tuple((format or plain_number)(number) for number in scale)
        spoken = tuple(map(words, scale)) if words else tuple(f"{text} {unit}".strip() for text in shown)
        self.set_trait("values", scale)
        self.set_trait("shown", shown)
        self.set_trait("spoken", spoken)
        super().__init__(
            label=label, unit=unit, value=value, box=format is None if box is None else box, disabled=disabled
        )

    @property
    def text(self) -> str:
        """The present value in words, as it is spoken."""
        return self.spoken[self.values.index(self.value)]

    def token(self, value: float | None = None) -> str:
        """A short exact name of a value (its position), for the keys of frames drawn ahead."""
        return str(self.values.index(self.value if value is None else self._on_scale(value)))

    def _on_scale(self, value: object) -> float:
        if isinstance(value, Real) and not isinstance(value, bool):
            for known in self.values:
                if math.isclose(
                    known, value, rel_tol=1e-9, abs_tol=1e-12 * abs(self.values[-1] - self.values[0])
                ):
                    return known
        raise ValueError(f"{self.label or 'Slider'}: value is {value!r}; {_describe(self.values)}")

    @t.validate("value")
    def _valid_value(self, proposal) -> float:
        return self._on_scale(proposal["value"])


def _describe(values: tuple[float, ...]) -> str:
    listed = [plain_number(value) for value in values]
    if len(listed) > 8:
        listed = [*listed[:3], "...", *listed[-2:]]
    return f"the values of this slider are {', '.join(listed)}."


def _number(label: str, argument: str, number: object) -> int | float:
    if isinstance(number, bool) or not isinstance(number, Real) or not math.isfinite(number):
        raise ValueError(f"{label}: {argument} is {number!r}; give a number (or all of `values`).")
    return int(number) if isinstance(number, Integral) else float(number)


def _even_scale(label: str, low: object, high: object, step: object) -> tuple[float, ...]:
    low, high, step = (_number(label, *pair) for pair in (("min", low), ("max", high), ("step", step)))
    if step <= 0:
        raise ValueError(f"{label}: step is {step}; give a number above 0.")
    if high <= low:
        raise ValueError(f"{label}: max is {high}; give a number above min, which is {low}.")
    # Decimals, so that the third step from 0 by 0.1 is 0.3 and not 0.30000000000000004.
    first, width, last = Decimal(repr(low)), Decimal(repr(step)), Decimal(repr(high))
    count = (last - first) / width
    if count != int(count):
        raise ValueError(
            f"{label}: max is {high}; it must lie a whole number of steps of {step} above {low}."
        )
    if count >= MOST_POSITIONS:
        raise ValueError(
            f"{label}: step is {step}, which makes {int(count) + 1} positions; at most {MOST_POSITIONS}."
        )
    kind = int if all(isinstance(number, int) for number in (low, step)) else float
    return tuple(kind(first + position * width) for position in range(int(count) + 1))


def _given_scale(label: str, values: Sequence[float], even: tuple) -> tuple[float, ...]:
    if any(part is not None for part in even):
        raise ValueError(f"{label}: values are given; leave out min, max and step.")
    scale = tuple(_number(label, f"values[{place}]", number) for place, number in enumerate(values))
    if not 2 <= len(scale) <= MOST_POSITIONS:
        raise ValueError(f"{label}: values has {len(scale)} entries; give 2 to {MOST_POSITIONS}.")
    if any(later <= earlier for earlier, later in pairwise(scale)):
        raise ValueError(f"{label}: values is not in rising order.")
    return scale
