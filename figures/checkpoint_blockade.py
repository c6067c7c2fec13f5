"""What the two kinds of antibody at the PD-1 axis hold, and what they leave."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import DOWN, UP, bilayer, bind, crowd, igg, pd1, pdl1, pdl2, pmhc, tcr
from immunolab.draw.palette import ACTIVATES, INHIBITS, PAPER, PD1, PDL1, PDL2, T_CELL, TUMOUR, Colour, mix
from immunolab.draw.scene import BODY, HEAD, KEY, Point, Scene

TITLE = "Blocking PD-1 or blocking PD-L1"
ALT = (
    "Three pairs of facing membranes, a tumour cell above and a T cell below; in each a T-cell receptor reads its peptide. "
    "Without a drug one PD-1 is held by PD-L1 and one by PD-L2: the brake is on. An anti-PD-1 antibody holds both PD-1 "
    "molecules, one with each arm, and no ligand reaches them. An anti-PD-L1 antibody holds two PD-L1 molecules, but one PD-1 "
    "is still held by PD-L2. Neither antibody touches or kills the tumour cell by itself: the T cell must recognise it."
)
CAPTION = "Anti-PD-1 keeps both ligands away; anti-PD-L1 leaves PD-L2. Either way the T cell must see its antigen."
SOURCES = ("Brown2020",)

WIDTH, HEIGHT = 920, 544
NM = 8.0
PANEL, GUTTER = 292, 22
FACE = 196  # outer face of the T cell
CLOSE = 13.7  # nanometres between the membranes where a bond holds them
WIDE = 23.0  # and where an antibody stands between them
INSIDE = {"inside": True}


def draw() -> Figure:
    """Three panels that differ in one thing."""
    scene = Scene(WIDTH, HEIGHT)
    _no_drug(scene, 0)
    _anti_pd1(scene, PANEL + GUTTER)
    _anti_pdl1(scene, 2 * (PANEL + GUTTER))
    for gutter in (PANEL, 2 * PANEL + GUTTER):
        scene.path(_box(gutter, gutter + GUTTER, 40, HEIGHT), fill=PAPER)
    scene.caption(CAPTION)
    return scene.figure


def _panel(scene: Scene, left: float, name: str, gap: np.ndarray) -> Callable[[float], Point]:
    """Two membranes, ``gap`` nanometres apart from left to right; the answer gives points of the upper one."""
    x = left + np.linspace(-6, PANEL + 6, len(gap))
    top = FACE + gap * NM
    for step in range(14):
        share = step / 14
        scene.path(_box(left, left + PANEL, 40, FACE - 20 - 125 * share), fill=mix(T_CELL.tint, PAPER, 0.25 + 0.75 * share))
        upper = np.column_stack([x, top + 20 + 95 * share])
        above = Path([*upper, (x[-1], HEIGHT - 30), (x[0], HEIGHT - 30), upper[0]], closed=True)
        scene.path(above, fill=mix(TUMOUR.tint, PAPER, 0.25 + 0.75 * share))
    _behind(scene, left, x, top)
    bilayer(scene, np.column_stack([x[[0, -1]], [FACE, FACE]]), T_CELL, 4.5 * NM)
    bilayer(scene, np.column_stack([x, top]), TUMOUR, 4.5 * NM, below=False)
    scene.text((left + PANEL / 2, HEIGHT - 30), name, HEAD, bold=True, align="center", halo=0)

    def roof(nanometres: float) -> Point:
        at = left + nanometres * NM
        return at, float(np.interp(at, x, top))

    low, _ = bind(scene, tcr, pmhc, (left + 5 * NM, FACE), roof(5), NM, receptor_how=INSIDE, ligand_how=INSIDE)
    scene.arrow((low.tail[0], low.tail[1] - 6), (low.tail[0], low.tail[1] - 38))
    scene.text((low.tail[0], low.tail[1] - 58), "go", KEY, ACTIVATES, bold=True, align="center", halo=0)
    return roof


def _bulge(*turns: tuple[float, float, float]) -> np.ndarray:
    """Gap between the membranes over a panel: from CLOSE, at each (nanometres, width, change) a soft step."""
    along = np.linspace(0, PANEL / NM, 60)
    return np.full(60, CLOSE) + sum(change / (1 + np.exp(-4 * (along - at) / width)) for at, width, change in turns)


def _behind(scene: Scene, left: float, x: np.ndarray, top: np.ndarray) -> None:
    """A row of molecules further back, pale and small."""
    places = [left + 18 + 37 * step for step in range(8)]
    eye = FACE + CLOSE * NM / 2
    with scene.faded(0.86):
        for glyph, picks in ((tcr, places[0::3]), (pd1, places[1::3] + places[2::3])):
            crowd(scene, glyph, [(at, FACE + 0.2 * (eye - FACE)) for at in picks], UP, NM * 0.8)
        for glyph, picks in ((pmhc, places[1::3]), (pdl1, places[0::3]), (pdl2, places[2::6])):
            crowd(scene, glyph, [(at, float(np.interp(at, x, top)) - 0.2 * (eye - FACE)) for at in picks], DOWN, NM * 0.8)


def _no_drug(scene: Scene, left: float) -> None:
    roof = _panel(scene, left, "No drug", _bulge())
    for at, ligand in ((18, pdl1), (29, pdl2)):
        bind(scene, pd1, ligand, (left + at * NM, FACE), roof(at), NM, receptor_how=INSIDE, ligand_how=INSIDE)
    _brake(scene, left, 29, "brake on", 4.4)
    _ligands(scene, roof, (18, "PD-L1", PDL1), (29, "PD-L2", PDL2))
    _name(scene, (left + 23.4 * NM, FACE - 66), "PD-1", PD1)
    scene.text((14, HEIGHT - 104), "Tumour or\nmyeloid cell", KEY, TUMOUR.edge, bold=True, halo=0)
    scene.text((236, 52), "T cell", KEY, T_CELL.edge, bold=True, halo=0)


def _anti_pd1(scene: Scene, left: float) -> None:
    roof = _panel(scene, left, "Anti-PD-1", _bulge((12.5, 6, WIDE - CLOSE)))
    pdl1(scene, roof(16), DOWN, NM, inside=True)
    pdl2(scene, roof(33), DOWN, NM, inside=True)
    held = [pd1(scene, (left + at * NM, FACE), UP, NM, inside=True) for at in (18.5, 29)]
    igg(scene, [site.tip for site in held], UP, NM, silent=True, fc_turn=8)
    scene.text((left + 24 * NM, 84), "no brake: both\nligands stay away", BODY, align="center", valign="center", halo=0)
    _ligands(scene, roof, (16, "PD-L1", PDL1), (33, "PD-L2", PDL2))
    _name(scene, (left + 23.6 * NM, FACE - 66), "PD-1", PD1)


def _anti_pdl1(scene: Scene, left: float) -> None:
    roof = _panel(scene, left, "Anti-PD-L1", _bulge((11.5, 6, WIDE - CLOSE), (27, 3.2, CLOSE - WIDE)))
    held = [pdl1(scene, roof(at), DOWN, NM, inside=True) for at in (14.2, 23)]
    igg(scene, [site.tip for site in held], DOWN, NM, silent=True, fc_turn=60)
    pd1(scene, (left + 14 * NM, FACE), UP, NM, inside=True)
    bind(scene, pd1, pdl2, (left + 32.5 * NM, FACE), roof(32.5), NM, receptor_how=INSIDE, ligand_how=INSIDE)
    _brake(scene, left, 32.5, "PD-L2 can still brake", 2.6)
    _ligands(scene, roof, (18.6, "PD-L1", PDL1), (32.2, "PD-L2", PDL2, 96))
    _name(scene, (left + 23 * NM, FACE - 66), "PD-1", PD1)


def _brake(scene: Scene, left: float, last: float, words: str, width: float) -> None:
    """The brake signal from the last bound PD-1 to the go signal."""
    scene.bar((left + last * NM, FACE - 95), (left + 8.4 * NM, FACE - 95), width=width)
    scene.text((left + 21 * NM, FACE - 122), words, KEY, INHIBITS, bold=True, align="center", halo=0)


def _ligands(scene: Scene, roof: Callable[[float], Point], *ligands: tuple) -> None:
    """Names of the ligands, above the membrane that carries them."""
    for at, name, colour, *lift in ligands:
        x, y = roof(at)
        _name(scene, (x, y + (lift[0] if lift else 70)), name, colour)


def _name(scene: Scene, at: Point, name: str, colour: Colour) -> None:
    scene.text(at, name, KEY, colour.edge, bold=True, align="center", halo=0)


def _box(left: float, right: float, low: float, high: float) -> Path:
    return Path([(left, low), (right, low), (right, high), (left, high), (left, low)], closed=True)
