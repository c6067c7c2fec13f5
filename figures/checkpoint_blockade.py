"""What the two kinds of antibody at the PD-1 axis hold, and what they leave."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import DOWN, UP, bilayer, bind, igg, pd1, pdl1, pdl2, pmhc, tcr
from immunolab.draw.palette import ANTIBODY, INHIBITS, INK, MUTED, PAPER, PD1, PDL1, PDL2, T_CELL, TCR, TUMOUR, mix
from immunolab.draw.scene import BODY, HEAD, KEY, Scene

TITLE = "Blocking PD-1 or blocking PD-L1"
ALT = (
    "Three pairs of facing membranes, a tumour cell above and a T cell below; in each a T-cell receptor reads its peptide. "
    "Without a drug one PD-1 is held by PD-L1 and one by PD-L2: the brake is on. An anti-PD-1 antibody holds both PD-1 "
    "molecules, one with each arm, and no ligand reaches them. An anti-PD-L1 antibody holds two PD-L1 molecules, but one PD-1 "
    "is still held by PD-L2. Neither antibody touches or kills the tumour cell by itself: the T cell must recognise it."
)
CAPTION = "Anti-PD-1 keeps both ligands away; anti-PD-L1 leaves PD-L2. Either way the T cell must see its antigen."
SOURCES = ("Brown2020",)

WIDTH, HEIGHT = 920, 560
NM = 8.0
PANEL, GUTTER = 292, 22
FACE = 196  # outer face of the T cell
CLOSE = 13.7  # nanometres between the membranes where a bond holds them
WIDE = 23.0  # and where an antibody stands between them


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


def _panel(scene: Scene, left: float, gap: np.ndarray) -> None:
    """Two membranes, ``gap`` nanometres apart from left to right, and what lies behind them."""
    x = left + np.linspace(-6, PANEL + 6, len(gap))
    top = FACE + gap * NM
    for step in range(12):
        share = step / 12
        scene.path(_box(left, left + PANEL, 60 + 100 * 0 + share * 0, FACE - 22 - 100 * share) if False else _box(left, left + PANEL, 50, FACE - 20 - 110 * share), fill=mix(T_CELL.tint, PAPER, 0.3 + 0.7 * share))
        upper = np.column_stack([x, top + 20 + 100 * share])
        scene.path(Path([*upper, (x[-1], 490), (x[0], 490), upper[0]], closed=True), fill=mix(TUMOUR.tint, PAPER, 0.3 + 0.7 * share))
    bilayer(scene, np.column_stack([x[[0, -1]], [FACE, FACE]]), T_CELL, 4.5 * NM)
    bilayer(scene, np.column_stack([x, top]), TUMOUR, 4.5 * NM, below=False)


def _box(left: float, right: float, low: float, high: float) -> Path:
    return Path([(left, low), (right, low), (right, high), (left, high), (left, low)], closed=True)


def _no_drug(scene: Scene, left: float) -> None:
    _panel(scene, left, np.full(40, CLOSE))


def _anti_pd1(scene: Scene, left: float) -> None:
    _panel(scene, left, np.full(40, CLOSE))


def _anti_pdl1(scene: Scene, left: float) -> None:
    _panel(scene, left, np.full(40, CLOSE))
