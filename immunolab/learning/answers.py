"""Read the number a learner typed or passed: ``43.3``, ``"43,3"``, ``"43.3 mg/L"``, ``"4.3 × 10^1"``.

What cannot be read raises `UnreadableAnswer`, whose message says what to write instead. Nothing is guessed.
"""

import dataclasses
import math
import re
from numbers import Real
from typing import Any

_NUMBER = re.compile(
    r"""\s*[≈~=]?\s*
    (?P<mantissa>[+-]?(?:\d{1,3}(?:[\s']\d{3})+|\d+)?(?:[.,]\d*)*)
    (?:\s*[eE](?P<exponent>[+-]?\d+)|\s*[×x*·]\s*10\s*(?:\^|\*\*)?\s*(?P<power>[+-]?\d+))?
    \s*(?P<unit>.*?)\s*\.?\s*""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"}
    | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
)
_UNIT_SPELLING = str.maketrans({"μ": "µ", "·": " ", "*": " ", "²": "2", "³": "3", "^": ""})
_UNIT_WORDS = {"percent": "%", "day": "d", "days": "d", "hour": "h", "hours": "h"}


class UnreadableAnswer(ValueError):
    """The answer is not one number; the message tells the learner what to write instead."""


def read_number(answer: Any, unit: str = "") -> float:
    """The number in an answer, in ``unit``.

    Accepts any real number (also of numpy), an array that holds one value, and text with a decimal point or a
    decimal comma, a power of ten and the unit. Percent where a fraction is asked is converted. Raises
    `UnreadableAnswer` for anything else: another unit, several numbers, words, not-a-number.
    """
    if isinstance(answer, str):
        return _finite(_from_text(answer, unit))
    return _finite(_from_object(answer))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise UnreadableAnswer(
            f"The answer is {number}, which is no number to compare: look for a division by zero "
            "or the logarithm of zero on the way."
        )
    return number


def _from_text(text: str, unit: str) -> float:
    match = _NUMBER.fullmatch(text.translate(_PLAIN_SIGNS))
    mantissa = match["mantissa"] if match else ""
    if not any(character.isdigit() for character in mantissa):
        example = f"43.3 {unit}".strip()
        raise UnreadableAnswer(f"“{_short(text)}” has no number at its start. Write one, such as {example}.")
    number = float(f"{_plain_decimal(mantissa)}e{match['exponent'] or match['power'] or 0}")
    return number * _unit_factor(match["unit"], unit)


def _plain_decimal(mantissa: str) -> str:
    """The digits with a decimal point. A comma that could also part thousands is asked about, not guessed."""
    digits = re.sub(r"[\s']", "", mantissa)
    marks = re.findall(r"[.,]", digits)
    if len(marks) > 1:
        raise UnreadableAnswer(
            f"“{_short(mantissa)}” has more than one point or comma. Write it as in 1234.5."
        )
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", digits):
        decimal, thousands = digits.replace(",", "."), digits.replace(",", "")
        raise UnreadableAnswer(f"“{mantissa}” could be {decimal} or {thousands}. Write the one you mean.")
    return digits.replace(",", ".")


def _unit_factor(given: str, wanted: str) -> float:
    spelled, expected = _spelled(given), _spelled(wanted)
    if spelled in ("", expected):
        return 1.0
    if spelled == "%" and expected in ("", "fraction"):
        return 0.01
    asked = f"in {wanted}" if wanted else "as a bare number, without a unit"
    raise UnreadableAnswer(f"Your number carries “{_short(given)}”. Give it {asked}.")


def _spelled(unit: str) -> str:
    """One spelling for units that differ only on paper: ug/ml and µg/mL, um2 and µm², days and d."""
    unit = re.sub(r"\s*/\s*", "/", unit.translate(_UNIT_SPELLING))
    unit = re.sub(r"\bu(?=[gmML])", "µ", unit)
    unit = re.sub(r"\b([mµnd]?)l\b", r"\1L", unit)
    return " ".join(_UNIT_WORDS.get(word, word) for word in unit.split())


def _from_object(answer: Any) -> float:
    name = type(answer).__name__
    if isinstance(answer, bool) or name in ("bool_", "bool"):
        raise UnreadableAnswer(f"The answer is {answer}, a yes or no. Pass the number itself.")
    if isinstance(answer, Real):
        return float(answer)
    if callable(answer):
        function = getattr(answer, "__name__", name)
        raise UnreadableAnswer(f"You passed the function {function}. Call it, with brackets.")
    if dataclasses.is_dataclass(answer):
        fields = ", ".join(field.name for field in dataclasses.fields(answer))
        raise UnreadableAnswer(
            f"You passed a whole {name}. Pick the number you mean from its fields: {fields}."
        )
    values = answer.tolist() if hasattr(answer, "tolist") else answer  # arrays and series
    if isinstance(values, list | tuple):
        return _only_value(values, name)
    if values is not answer:  # an array of no dimension gave back its one value
        return read_number(values)
    raise UnreadableAnswer(f"You passed a value of type {name}. The check wants one number.")


def _only_value(values: list | tuple, name: str) -> float:
    if len(values) == 1:
        return read_number(values[0])
    if not values:
        raise UnreadableAnswer(f"You passed an empty {name}. The check wants one number.")
    if name == "tuple" and len(values) == 2 and all(type(value) is int for value in values):
        whole, part = values
        raise UnreadableAnswer(
            f"You passed two numbers, {whole} and {part}. If you meant {whole}.{part}, write it with a point."
        )
    raise UnreadableAnswer(
        f"You passed {len(values)} values ({name}). The check wants one number: "
        "pick it, for example with [-1] for the last one or max(...) for the largest."
    )


def _short(text: str, limit: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
