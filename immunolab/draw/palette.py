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
HELPER_T = Colour("#4f6fd6", "#dbe3fa", "#30489f")
TUMOUR = Colour("#a96b59", "#efdcd5", "#74402f")
CLONE_B = Colour("#b5533a", "#f5dcd3", "#7a3220")  # offspring of TUMOUR that differ from it
CLONE_C = Colour("#7a3d58", "#e6d2db", "#522338")
DENDRITIC = Colour("#b0742a", "#f8e8cc", "#7d4e12")
MYELOID = Colour("#6f7f3c", "#e6ebd0", "#4b5726")
NEUTROPHIL = Colour("#9a8a22", "#f4f0cf", "#615510")
MAST_CELL = Colour("#87508f", "#ecdff0", "#592f61")
MDSC = Colour("#867a5f", "#ebe6da", "#554c36")
FIBROBLAST = Colour("#857d96", "#e9e6ef", "#544c66")
B_CELL = Colour("#8f6fb8", "#e7def2", "#5c3f86")
HEALTHY = Colour("#6a8f85", "#dfebe7", "#3f6158")
ENDOTHELIUM = Colour("#c76b5e", "#f9e1dc", "#8a3a30")

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
GM_CSF = Colour("#6a5acd", "#ddd9f5", "#40339a")
IL6 = Colour("#d1433f", "#f8d5d2", "#902420")
IL1 = Colour("#a8671c", "#f1dfc8", "#6e3f0a")
IL1R = Colour("#7a6a2f", "#e6e0c6", "#50451c")
IL6R = Colour("#52788f", "#d5e2e9", "#324f61")
IL12 = Colour("#3f8f4f", "#d3ead8", "#275f33")
INTERFERON_I = Colour("#c4661f", "#f7dcc6", "#84400c")
PERFORIN = Colour("#4a4fa3", "#dcddf2", "#2f3370")
TGF_BETA = Colour("#4c5a86", "#d9deec", "#313c60")
ADENOSINE = Colour("#7a8a1a", "#e9edc4", "#4d580a")
CD47 = Colour("#5e7d99", "#d9e4ee", "#37536c")
PHOSPHATE = Colour("#a98600", "#f6ebb8", "#6b5500")

# Parts of a CAR wear the colour of the molecule they come from: binder ANTIBODY, tail TCR, CD28 its own.
CD8 = Colour("#d4633f", "#f8d9cd", "#8f3a1e")
FOUR_1BB = Colour("#b58900", "#f3e5b3", "#6f5400")
IL2RB = Colour("#9a4f96", "#ecd7ea", "#652f62")
CD19 = Colour("#7048c8", "#ddd3f5", "#44248f")
BCMA = Colour("#c9346e", "#f6d0df", "#8a1746")
ANTIGEN_A = Colour("#5b50c9", "#d9d6f4", "#37309a")
ANTIGEN_B = Colour("#d6456a", "#f9d5de", "#97203f")
EGFRT = Colour("#57812c", "#dbe8cc", "#375518")
VECTOR = Colour("#8b4a7d", "#ecd9e7", "#5d2a53")

# Antibodies as drugs: what they hold, what holds them, what they carry.
HER2 = Colour("#5c4bb0", "#dcd7f3", "#392c7c")
NK_CELL = Colour("#b05f86", "#f1dde7", "#753554")
FC_GAMMA = Colour("#c0471f", "#f6d6ca", "#822b0e")
FC_RN = Colour("#7b6d2f", "#e8e3c9", "#51471a")
COMPLEMENT = Colour("#a8489c", "#f0d6ec", "#702a67")
GLYCAN = Colour("#b97f12", "#f5e3bd", "#76500a")
MURINE = Colour("#d0733c", "#f8e2d4", "#86390f")
ANTI_CD3 = Colour("#b87d00", "#f4e1b3", "#765000")
PAYLOAD = Colour("#d1330f", "#f8d2c8", "#8d1d04")
LINKER = Colour("#6b717d", "#dfe2e6", "#464b55")
NUCLIDE = Colour("#bf7d00", "#ffe9a8", "#7d5000")
ENDOSOME = Colour("#7d84ad", "#e6e8f2", "#4f5680")
LYSOSOME = Colour("#a2577f", "#efd9e4", "#6f3454")
EMPTY = Colour("#8d929c", "#f1f2f4", "#5a606b")  # a free site, a cell without a copy

# Syndromes; cytokine release wears CYTOKINE
ICANS = Colour("#3d6fb6", "#d5e2f3", "#264a80")

# Places
BLOOD = Colour("#c4514a", "#fae3e0", "#8a2f2a")
NODE = Colour("#5f8a72", "#e9f2ec", "#3d5f4c")
TISSUE = Colour("#b5776a", "#f8ece8", "#7a4437")
BONE = Colour("#a58a5a", "#f6efdf", "#685228")
THYMUS = Colour("#b86f83", "#f7e3e8", "#7d3f51")
SPLEEN = Colour("#96485f", "#f0dae0", "#672b3e")

# Trials: someone who takes part, who is in the control arm, small molecules as drugs
PATIENT = Colour("#4f7ea8", "#dbe6f0", "#2c5273")
CONTROL = Colour("#7c828d", "#e4e6ea", "#4d525b")
SMALL_MOLECULE = Colour("#7d8a2e", "#e9edc8", "#525c17")

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
