"""Lesson 07: how CAR-T cells are coloured and counted in its interactives."""

import math

from immunolab.draw import palette, plots

CAR_T = palette.T_CELL


def cells(count: float) -> str:
    """A number of cells as people write it: ``2.3``, ``410,000``, ``1.64 × 10¹⁰``."""
    if count < 1e6:
        return plots.count(count) if count >= 100 else f"{count:.2g}"
    power = math.floor(math.log10(count))
    leading = f"{count / 10**power:.3g}"
    return ten_to(power) if leading == "1" else f"{leading} × {ten_to(power)}"


def ten_to(power: int) -> str:
    """A power of ten as people write it: ``10¹⁰``."""
    return "10" + str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
