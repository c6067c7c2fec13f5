"""Bad input is answered with its name, its value, and what to pass instead."""

from collections.abc import Callable, Collection
from dataclasses import fields

import numpy as np


def positive(name: str, value, what: str):
    """A finite number above 0, or an array of them."""
    return _checked(name, value, lambda x: x > 0, f"{what}, above 0")


def not_negative(name: str, value, what: str):
    """A finite number, 0 or more, or an array of them."""
    return _checked(name, value, lambda x: x >= 0, f"{what}, 0 or more")


def within(name: str, value, low: float, high: float, what: str):
    """A number from ``low`` to ``high``, both included, or an array of them."""
    return _checked(name, value, lambda x: (x >= low) & (x <= high), f"{what}, between {low:g} and {high:g}")


def finite(name: str, value, what: str):
    """A finite number of either sign, or an array of them."""
    return _checked(name, value, lambda x: np.full(x.shape, True), what)


def one_number(name: str, value):
    """``value`` itself, if it is one and not an array of them."""
    if np.ndim(value):
        raise ValueError(f"{name} has the shape {np.shape(value)}: give one number")
    return value


def flag(name: str, value):
    """0 or 1 (False or True), or an array of them."""
    return _checked(name, value, lambda x: (x == 0) | (x == 1), "1 for yes or 0 for no")


def whole(name: str, value, low: int, high: int, what: str) -> int:
    """A whole number from ``low`` to ``high``."""
    if np.ndim(value) == 0:
        number = within(name, value, low, high, f"{what}, a whole number")
        if number == int(number):
            return int(number)
    raise ValueError(f"{name} is {value}: give {what}, a whole number between {low} and {high}")


def whole_numbers(name: str, value, low: int, what: str):
    """A whole number, ``low`` or more, or an array of them; as floats."""
    return _checked(
        name, value, lambda x: (x >= low) & (x == np.floor(x)), f"{what}, a whole number, {low} or more"
    )


def one_of(name: str, value, choices: Collection[str]):
    """One of a few words."""
    if value not in tuple(choices):  # a tuple, so that a list is refused in words too
        raise ValueError(f"{name} is {value!r}: give one of {', '.join(map(repr, choices))}")
    return value


def each(instance, check: Callable, *what: str, names: Collection[str] | None = None) -> None:
    """Fields of a dataclass pass a check of this module, as in ``each(self, positive, "a rate per day")``.

    All of its fields, or those of these ``names``.
    """
    for name in [field.name for field in fields(instance)] if names is None else names:
        check(name, getattr(instance, name), *what)


def keep(frozen, **checked) -> None:
    """Put values into a frozen dataclass as they were checked, from its ``__post_init__``."""
    for name, value in checked.items():
        object.__setattr__(frozen, name, value)


def one_shape(**values) -> tuple[int, ...]:
    """The shape that several values have in common: () for numbers, (n,) where some are arrays of n."""
    shapes = {np.shape(value) for value in values.values()} - {()}
    if len(shapes) > 1 or any(len(shape) > 1 for shape in shapes):
        raise ValueError(f"{', '.join(values)} have the shapes {shapes}: give numbers or (n,) each")
    return shapes.pop() if shapes else ()


def _checked(name: str, value, good: Callable, accepted: str):
    """``value`` as a float, or as an array of floats where it has a shape."""
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}: give {accepted}") from None
    bad = ~(np.isfinite(numbers) & good(numbers))
    if not bad.any():
        return numbers if numbers.ndim else float(numbers)
    if numbers.ndim:
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        name, value = f"{name}[{', '.join(map(str, place))}]", numbers[place]
    raise ValueError(f"{name} is {value}: give {accepted}")
