"""One colour per entity, the same in every lesson.

Line colours have a contrast of at least 3:1 on white; tints are for fills only and always carry a dark edge.
Edges have at least 4.5:1, so that a label may wear the colour of what it names.
"""

from dataclasses import dataclass

INK = "#22262e"
MUTED = "#5a606b"
GRID = "#e3e6ea"
PAPER = "#ffffff"
SHADOW = "#3a3f4b"  # laid on thinly


@dataclass(frozen=True)
class Colour:
    """A line colour, its pale tint for fills, and a darker edge for outlines and text."""

    line: str
    tint: str
    edge: str


# Cells. T cells are a family of blues; what they have become is told by shape and by how much colour is left.
T_CELL = Colour("#2f7fc1", "#d3e6f7", "#1d5588")
NAIVE_T = Colour("#4a90c9", "#e2eff9", "#2a628f")
STEM_LIKE_T = Colour("#16849c", "#cfe9ee", "#0d5464")
EXHAUSTED_T = Colour("#6f8aa3", "#e0e7ed", "#465b6e")
TREG = Colour("#6c6aa0", "#dedeed", "#45446f")
TUMOUR = Colour("#a96b59", "#efdcd5", "#74402f")
DENDRITIC = Colour("#b0742a", "#f8e8cc", "#7d4e12")
MYELOID = Colour("#6f7f3c", "#e6ebd0", "#4b5726")

# Molecules
TCR = Colour("#1f5fa8", "#bcd5ef", "#123f73")
MHC = Colour("#717581", "#d9dce1", "#464a54")
PEPTIDE = Colour("#bd1f01", "#f3c3ba", "#7f1500")
CD28 = Colour("#1b8a5a", "#c5e8d7", "#0f5b3a")
CTLA4 = Colour("#c2352b", "#f4c9c5", "#85201a")
CD80 = Colour("#c07a00", "#f5dfb4", "#7c4f00")
CD86 = Colour("#8a7a1f", "#ece4b5", "#5b5010")
PD1 = Colour("#832db6", "#e3cdf0", "#571a7c")
PDL1 = Colour("#e76300", "#fbd6b8", "#9a4200")
PDL2 = Colour("#b5507a", "#f2d0de", "#7b2f4e")
LAG3 = Colour("#3f6d8e", "#cddde8", "#27485f")
ANTIBODY = Colour("#00806b", "#bfe5de", "#005547")
CYTOKINE = Colour("#c02d8a", "#f4d3e7", "#831a5c")

# Places
BLOOD = Colour("#c4514a", "#fae3e0", "#8a2f2a")
NODE = Colour("#5f8a72", "#e9f2ec", "#3d5f4c")
TISSUE = Colour("#b5776a", "#f8ece8", "#7a4437")

# Signals
ACTIVATES = "#18794e"
INHIBITS = "#b42318"

# Series of a plot, in order of use
NOW = "#2f6fb5"
BEFORE = "#8b909b"
PREDICTION = "#b1470c"


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0 to 1) of ``other`` stirred in, both and the answer as ``#rrggbb``."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(colour: str, ground: str = PAPER) -> float:
    """Contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
