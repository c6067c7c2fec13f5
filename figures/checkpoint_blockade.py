"""What the two kinds of antibody at the PD-1 axis hold, and what they leave."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import DOWN, MEMBRANE, UP, bilayer, bind, crowd, igg, pd1, pdl1, pdl2, pmhc, tcr
from immunolab.draw.palette import ACTIVATES, INHIBITS, PAPER, PD1, PDL1, PDL2, T_CELL, TUMOUR, Colour, mix
from immunolab.draw.scene import BODY, HEAD, Point, Scene

TITLE = "Blocking PD-1 or blocking PD-L1"
ALT = (
    "Three pairs of facing membranes, a tumour or myeloid cell above and a T cell below; in each a T-cell receptor reads its peptide. "
    "Without a drug one PD-1 is held by PD-L1 and one by PD-L2: the brake is on. An anti-PD-1 antibody holds both PD-1 "
    "molecules, one with each arm, and no ligand reaches them. An anti-PD-L1 antibody holds two PD-L1 molecules, but one PD-1 "
    "is still held by PD-L2. Neither antibody kills the tumour cell by itself: the T cell must recognise it."
)
CAPTION = (
    "Anti-PD-1 keeps both ligands away; anti-PD-L1 leaves PD-L2. Either way the T cell must see its antigen."
)
SOURCES = ("Cheng2013", "Brown2020")

WIDTH, HEIGHT = 920, 544
NM = 8.0
PANEL, GUTTER = 292, 22
FACE = 196  # outer face of the T cell
CLOSE = 13.7  # nanometres between the membranes where a bond holds them
WIDE = 23.0  # and where an antibody stands between them


def draw() -> Figure:
    """Three panels that differ in one thing."""
    scene = Scene(WIDTH, HEIGHT)
    for number, panel in enumerate((_no_drug, _anti_pd1, _anti_pdl1)):
        panel(scene, number * (PANEL + GUTTER))
    for gutter in (PANEL, 2 * PANEL + GUTTER):
        scene.path(_box(gutter, gutter + GUTTER, 40, HEIGHT), fill=PAPER)
    scene.caption(CAPTION)
    return scene.figure


def _panel(scene: Scene, left: float, name: str, gap: np.ndarray) -> Callable[[float], Point]:
    """Two membranes, ``gap`` nanometres apart from left to right; the answer gives points of the upper one."""
    x = left + np.linspace(-6, PANEL + 6, len(gap))
    top = FACE + gap * NM
    _cytoplasm(scene, left, x, top)
    _behind(scene, left, x, top)
    bilayer(scene, [(x[0], FACE), (x[-1], FACE)], T_CELL, MEMBRANE * NM)
    bilayer(scene, np.column_stack([x, top]), TUMOUR, MEMBRANE * NM, below=False)
    scene.name((left + PANEL / 2, HEIGHT - 30), name, size=HEAD)

    def roof(nanometres: float) -> Point:
        at = left + nanometres * NM
        return at, float(np.interp(at, x, top))

    low, _ = bind(scene, tcr, pmhc, (left + 5 * NM, FACE), roof(5), NM, inside=True)
    scene.arrow((low.tail[0], low.tail[1] - 6), (low.tail[0], low.tail[1] - 38))
    scene.name((low.tail[0], low.tail[1] - 58), "go", ACTIVATES)
    return roof


def _gap(*turns: tuple[float, float, float]) -> np.ndarray:
    """Nanometres between the membranes over a panel: CLOSE, with a soft step at each (where, width, change)."""
    along = np.linspace(0, PANEL / NM, 60)
    steps = (change / (1 + np.exp(-4 * (along - where) / width)) for where, width, change in turns)
    return np.full_like(along, CLOSE) + sum(steps)


def _cytoplasm(scene: Scene, left: float, x: np.ndarray, top: np.ndarray) -> None:
    """Both cells fade away from their membranes."""
    for share in np.linspace(0, 1, 15):
        pale = 0.25 + 0.75 * share
        scene.path(_box(left, left + PANEL, 40, FACE - 20 - 125 * share), fill=mix(T_CELL.tint, PAPER, pale))
        edge = np.column_stack([x, top + 20 + 95 * share])
        above = Path([*edge, (x[-1], HEIGHT - 30), (x[0], HEIGHT - 30), edge[0]], closed=True)
        scene.path(above, fill=mix(TUMOUR.tint, PAPER, pale))


def _behind(scene: Scene, left: float, x: np.ndarray, top: np.ndarray) -> None:
    """A row of molecules further back, pale and small."""
    places = [left + 18 + 37 * step for step in range(8)]
    nearer = 0.1 * CLOSE * NM
    low = [(at, FACE + nearer) for at in places]
    high = [(at, float(np.interp(at, x, top)) - nearer) for at in places]
    with scene.faded(0.86):
        crowd(scene, tcr, low[0::3], UP, NM * 0.8)
        crowd(scene, pd1, low[1::3] + low[2::3], UP, NM * 0.8)
        for start, step, glyph in ((1, 3, pmhc), (0, 3, pdl1), (2, 6, pdl2)):
            crowd(scene, glyph, high[start::step], DOWN, NM * 0.8)


def _no_drug(scene: Scene, left: float) -> None:
    """Both ligands hold a PD-1."""
    roof = _panel(scene, left, "No drug", _gap())
    for at, ligand in ((18, pdl1), (29, pdl2)):
        bind(scene, pd1, ligand, (left + at * NM, FACE), roof(at), NM, inside=True)
    _brake(scene, left, 29, "brake on", 4.4)
    _ligands(scene, (roof(18), "PD-L1", PDL1, 70), (roof(29), "PD-L2", PDL2, 70))
    scene.name((left + 23.4 * NM, FACE - 66), "PD-1", PD1)
    scene.name((14, HEIGHT - 104), "Tumour or\nmyeloid cell", TUMOUR, align="left")
    scene.name((236, 52), "T cell", T_CELL, align="left")


def _anti_pd1(scene: Scene, left: float) -> None:
    """One antibody holds both PD-1; both ligands stay empty."""
    roof = _panel(scene, left, "Anti-PD-1", _gap((12.5, 6, WIDE - CLOSE)))
    pdl1(scene, roof(16), DOWN, NM, inside=True)
    pdl2(scene, roof(33), DOWN, NM, inside=True)
    held = [pd1(scene, (left + at * NM, FACE), UP, NM, inside=True).tip for at in (18.5, 29)]
    igg(scene, held, UP, NM, silent=True, fc_turn=8)
    _ligands(scene, (roof(16), "PD-L1", PDL1, 70), (roof(33), "PD-L2", PDL2, 70))
    scene.name((left + 23.6 * NM, FACE - 66), "PD-1", PD1)
    words = "no brake: both\nligands stay away"
    scene.text((left + 24 * NM, 84), words, BODY, align="center", valign="center")


def _anti_pdl1(scene: Scene, left: float) -> None:
    """One antibody holds both PD-L1; PD-L2 still holds a PD-1."""
    roof = _panel(scene, left, "Anti-PD-L1", _gap((11.5, 6, WIDE - CLOSE), (27, 3.2, CLOSE - WIDE)))
    held = [pdl1(scene, roof(at), DOWN, NM, inside=True).tip for at in (14.2, 23)]
    igg(scene, held, DOWN, NM, silent=True, fc_turn=60)
    pd1(scene, (left + 14 * NM, FACE), UP, NM, inside=True)
    bind(scene, pd1, pdl2, (left + 32.5 * NM, FACE), roof(32.5), NM, inside=True)
    _brake(scene, left, 32.5, "PD-L2 can still brake", 2.6)
    _ligands(scene, (roof(18.6), "PD-L1", PDL1, 70), (roof(32.2), "PD-L2", PDL2, 96))
    scene.name((left + 23 * NM, FACE - 66), "PD-1", PD1)


def _brake(scene: Scene, left: float, last: float, words: str, width: float) -> None:
    """The brake signal from the last bound PD-1 to the go signal."""
    scene.bar((left + last * NM, FACE - 95), (left + 8.4 * NM, FACE - 95), width=width)
    scene.name((left + 21 * NM, FACE - 122), words, INHIBITS)


def _ligands(scene: Scene, *ligands: tuple[Point, str, Colour, float]) -> None:
    """Names of the ligands, so many pixels above the face of the membrane that carries them."""
    for (x, y), name, colour, lift in ligands:
        scene.name((x, y + lift), name, colour)


def _box(left: float, right: float, low: float, high: float) -> Path:
    return Path([(left, low), (right, low), (right, high), (left, high), (left, low)], closed=True)
