"""The course's typeface, for diagrams and plots alike.

The fonts in ``fonts/`` are three cuts of Inter, reduced to what the course writes (SIL Open Font License, see
``fonts/OFL.txt``). They travel with the package, so a figure looks the same on every machine.
"""

from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager

from .palette import INK

FAMILY = "ImmunoLab Sans"
FONTS = Path(__file__).parent / "fonts"


@cache
def register_fonts() -> None:
    """Make the course's fonts known to matplotlib. Further calls cost nothing."""
    for file in sorted(FONTS.glob("*.otf")):
        font_manager.fontManager.addfont(file)


def course_style() -> dict[str, object]:
    """The matplotlib settings behind every picture of the course: typeface, mathematics, stable SVG.

    Use it for one figure, ``with matplotlib.rc_context(course_style()):``. Inter keeps its even spacing only
    without hinting, and stays crisp in Agg from 11 px on.
    """
    register_fonts()
    return {
        "font.family": FAMILY,
        "font.size": 10.0,
        "text.color": INK,
        "text.hinting": "none",
        "text.usetex": False,
        "axes.unicode_minus": True,
        "mathtext.fontset": "custom",
        "mathtext.rm": FAMILY,
        "mathtext.it": f"{FAMILY}:italic",
        "mathtext.bf": f"{FAMILY}:semibold",
        "mathtext.sf": FAMILY,
        "mathtext.cal": FAMILY,
        "mathtext.tt": FAMILY,
        "mathtext.fallback": "stixsans",
        "svg.fonttype": "path",
        "svg.hashsalt": "immunolab",
        "path.simplify": False,
    }


def use_course_style() -> None:
    """Set the course's typeface for everything matplotlib draws from here on."""
    matplotlib.rcParams.update(course_style())
