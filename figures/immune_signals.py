"""Three signals arm a naive T cell; an armed one needs only the first to kill."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import (
    DOWN,
    MEMBRANE,
    UP,
    Anchors,
    bilayer,
    bind,
    cd8,
    cd28,
    cd80,
    cd86,
    cytoplasm,
    membrane_pore,
    messenger_receptor,
    messengers,
    pmhc,
    reach,
    tcr,
)
from immunolab.draw.palette import (
    CD8,
    CD28,
    CD80,
    CD86,
    DENDRITIC,
    IL12,
    INTERFERON_I,
    MHC,
    NAIVE_T,
    PAPER,
    PERFORIN,
    T_CELL,
    TCR,
    TUMOUR,
    Colour,
    mix,
)
from immunolab.draw.scene import HEAD, Scene, disc

TITLE = "Three signals to arm, one to kill"
ALT = (
    "Two close views of facing membranes. On the left a dendritic cell above, a naive CD8 T cell below, and three signals. First, "
    "the T-cell receptor reads a peptide on MHC class I, and CD8 holds the MHC molecule by the side. Second, CD28 holds CD80 "
    "or CD86. Third, messengers of the dendritic cell, interleukin-12 or type I interferon, reach their receptors. On the right "
    "the same T cell, now armed, below a tumour cell without CD80 or CD86: only the receptor reads its peptide, and granules "
    "open towards the tumour cell. All three signals are needed to arm a naive T cell; to kill, the first is enough."
)
CAPTION = "A naive T cell needs three signals to be armed; an armed T cell kills on signal 1 alone."
SOURCES = ("Janeway2001", "Curtsinger2010")

WIDTH, HEIGHT = 920, 596
NM = 9.0
LOW, HIGH = 268, 396  # outer faces of the two membranes
LEFT, RIGHT = (0, 586), (616, 920)
HEADS = HEIGHT - 32
CONTACT = 836  # where the granule opens


def draw() -> Figure:
    """From back to front: cytoplasm, membranes, molecules, words."""
    scene = Scene(WIDTH, HEIGHT)
    _cells(scene, LEFT, DENDRITIC, NAIVE_T)
    _cells(scene, RIGHT, TUMOUR, T_CELL, dip=CONTACT)
    _arming(scene)
    _killing(scene)
    _words(scene)
    scene.caption(CAPTION)
    return scene.figure


def _cells(scene: Scene, span: tuple[float, float], above: Colour, below: Colour, dip: float = 0.0) -> None:
    """Two facing membranes; with a ``dip``, a granule has opened at that place of the lower one."""
    left, right = span
    across = np.linspace(left, right, 160)
    face = LOW - 78 * np.exp(-(((across - dip) / 36) ** 2)) * bool(dip)
    cytoplasm(scene, left, right, HIGH + MEMBRANE * NM, HIGH + 176, above)
    cytoplasm(scene, left, right, LOW - MEMBRANE * NM, LOW - 196, below)
    if dip:
        edge = zip(across, face, strict=True)
        scene.path(Path([*edge, (right, LOW), (left, LOW)], closed=False), fill=PAPER)
    bilayer(scene, [(left, HIGH), (right, HIGH)], above, MEMBRANE * NM, below=False)
    bilayer(scene, np.column_stack([across, face]), below, MEMBRANE * NM)


def _arming(scene: Scene) -> None:
    """Signals 1, 2 and 3, from left to right."""
    _reads(scene, 132)
    for x, ligand, site in ((262, cd86, 0), (352, cd80, 1)):
        low, _ = bind(scene, cd28, ligand, (x, LOW), (x, HIGH), NM, sites=(0, site), inside=True)
        _onwards(scene, low)
    for x, kind, colour in ((458, "IL-12", IL12), (540, "type I interferon", INTERFERON_I)):
        held = messenger_receptor(scene, (x, LOW), UP, NM, inside=True, colour=colour)
        messengers(scene, [held.tip], kind, 10)
        messengers(scene, [(x - 14, HIGH - 40), (x + 20, HIGH - 22), (x + 4, HIGH - 64)], kind, 8)
        _onwards(scene, held)


def _reads(scene: Scene, x: float) -> None:
    """Signal 1: the receptor on its peptide, and CD8 at the side of the MHC molecule."""
    reach(scene, cd8, (x - 52, LOW), (x - 2.6 * NM, HIGH - 2.6 * NM), NM, inside=True)
    low, _ = bind(scene, tcr, pmhc, (x, LOW), (x, HIGH), NM, inside=True)
    _onwards(scene, low)


def _onwards(scene: Scene, receptor: Anchors) -> None:
    x, y = receptor.tail
    scene.arrow((x, y - 5), (x, y - 32))


def _killing(scene: Scene) -> None:
    """Signal 1 alone: a granule has opened at the contact, perforin has built a pore, granzymes pass."""
    _reads(scene, 716)
    membrane_pore(scene, (CONTACT, HIGH), DOWN, 6.0, colour=PERFORIN)
    ways = [
        (-12, -44), (9, -36), (-4, -22), (17, -16), (-18, -10), (5, -4), (-7, 12), (12, 20), (0, 40), (0, 176), (-18, 192), (15, 196),
    ]  # fmt: skip
    granzymes = [(CONTACT + x, LOW + y) for x, y in ways]
    scene.stamp(disc((0, 0), 5.5), granzymes, PERFORIN.line, PERFORIN.edge, 1.0)
    scene.stamp(disc((-1.4, 1.8), 1.8), granzymes, mix(PERFORIN.line, PAPER, 0.6))


def _words(scene: Scene) -> None:
    """Names above for the upper cell, below for the lower one."""
    for left, name, remark, after in (
        (18, "Arming", "a naive T cell meets a dendritic cell", 76),
        (RIGHT[0] + 6, "Killing", "no CD28 needed", 70),
    ):
        scene.name((left, HEADS), name, align="left", size=HEAD)
        scene.text((left + after, HEADS), remark)
    for x, name, colour, align in (
        (124, "Peptide on MHC class I", MHC, "center"),
        (258, "CD86", CD86, "center"),
        (352, "CD80", CD80, "center"),
        (578, "Dendritic cell", DENDRITIC, "right"),
        (706, "Peptide on MHC class I", MHC, "center"),
        (914, "Tumour cell", TUMOUR, "right"),
    ):
        scene.name((x, HIGH + 112), name, colour, align=align)
    for x, number, name, remark, colour, wide in (
        (132, 1, "T-cell receptor", "what is it?", TCR, 116),
        (307, 2, "CD28", "is there danger?", CD28, 42),
        (496, 3, "IL-12, type I interferon", "how to respond?", IL12, 172),
        (716, 1, "T-cell receptor", "enough", TCR, 116),
    ):
        scene.label((x, 126), name, remark, colour=colour, align="center")
        scene.step((x - wide / 2 - 18, 118), number, colour.edge)
    for x in (60, 646):
        scene.name((x, HIGH - 32), "CD8", CD8)
    scene.label((846, 126), "Granzymes", "through perforin", colour=PERFORIN, align="center")
    scene.name((18, 54), "Naive CD8 T cell", NAIVE_T, align="left")
    scene.name((RIGHT[0] + 6, 54), "Armed CD8 T cell", T_CELL, align="left")
