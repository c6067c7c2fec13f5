"""Too little, right, too much: why more engager makes fewer bridges."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import MEMBRANE, bilayer, cytoplasm, tandem_scfv
from immunolab.draw.palette import (
    CD19,
    MUTED,
    PAPER,
    PREDICTION,
    T_CELL,
    TCR,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, LINE, Chart, Point, Scene, disc
from immunolab.draw.shapes import DOWN, UP, Molecule
from immunolab.models.ternary import peak, ternary
from immunolab.tables import bridge

TITLE = "Why more engager is not better"
ALT = (
    "Three panels, each with three targets on a tumour cell above and three CD3 molecules on a T cell below. With too little engager one bridge "
    "stands and most places are empty. At the right dose all three places are bridged. With too much, every target and every CD3 holds an "
    "engager of its own, none is free for the second end, and no bridge stands. Below, the number of bridges against the dose on a logarithmic "
    "axis: a bell with three marks. A bridge needs one engager between two places; past the peak, more of it fills both sides apart."
)
CAPTION = "A bridge is one engager between two places. When each place has its own, hardly a bridge is left: the hook."
SOURCES = ("Douglass2013",)

WIDTH, HEIGHT = 920, 560
NM = 6.2
PANEL, GUTTER = 286, 15
FACE, GAP = 290, 20.5
PLACES = (56, 143, 230)
PARTNERS = bridge("equal arms")
DOSES = (0.12, 1.0, 40.0)


def draw() -> Figure:
    """Three panels above, the bell below."""
    scene = Scene(WIDTH, HEIGHT)
    for number, (name, links, apart) in enumerate(
        (("Too little", (1,), ()), ("Right", (0, 1, 2), ()), ("Too much", (), (0, 1, 2)))
    ):
        _panel(scene, 16 + number * (PANEL + GUTTER), name, links, apart)
    _bell(scene)
    scene.caption(CAPTION)
    return scene.figure


def _panel(scene: Scene, left: float, name: str, links: tuple[int, ...], apart: tuple[int, ...]) -> None:
    """Two membranes with three places each; ``links`` are bridged, at those in ``apart`` each side holds its own."""
    top = FACE + GAP * NM
    cytoplasm(scene, left, left + PANEL, FACE - 4 * NM, FACE - 72, T_CELL)
    cytoplasm(scene, left, left + PANEL, top + 4 * NM, top + 88, TUMOUR)
    bilayer(scene, [(left, FACE), (left + PANEL, FACE)], T_CELL, MEMBRANE * NM)
    bilayer(scene, [(left, top), (left + PANEL, top)], TUMOUR, MEMBRANE * NM, below=False)
    scene.name((left + PANEL / 2, HEIGHT - 30), name, size=HEAD)
    for number, x in enumerate(PLACES):
        at = left + x
        below, above = _cd3(scene, (at, FACE)), _target(scene, (at, top))
        if number in links:
            tandem_scfv(scene, above, below, NM)
        if number in apart:
            tandem_scfv(scene, (below[0] + 34, below[1] + 32), below, NM * 0.92)
            tandem_scfv(scene, above, (above[0] - 34, above[1] - 32), NM * 0.92)
    if left < 20:
        scene.name((left + 8, top + 52), "Tumour cell", TUMOUR, align="left")
        scene.name((left + 8, FACE - 62), "T cell", T_CELL, align="left")


def _cd3(scene: Scene, at: Point) -> Point:
    """CD3 alone, the place on the T cell."""
    m = Molecule(scene, at, UP, NM, TCR)
    m.stem((0, 0), (0, 1.3)).bead(0, 2.1, 2.4, 2.6)
    return m.done([(0, 3.4)]).tip


def _target(scene: Scene, at: Point) -> Point:
    """The target, the place on the tumour cell."""
    m = Molecule(scene, at, DOWN, NM, CD19)
    m.stem((0, 0), (0, 1.1)).bead(0, 2.3, 3.0, 2.6)
    return m.done([(0, 3.6)]).tip


def _bell(scene: Scene) -> None:
    """Bridges against dose, with the three panels marked."""
    chart = Chart(120, 92, 660, 104, (-2, 3), (0, 1))
    dose = np.logspace(-2, 3, 300)
    most = peak(**PARTNERS).ternary_nM
    curve = np.asarray(ternary(dose, **PARTNERS).ternary_nM) / most
    ground = chart.points([-2, *np.log10(dose), 3], [0, *curve, 0])
    scene.path(Path([*ground, ground[0]]), fill=mix(PREDICTION, PAPER, 0.86))
    scene.line([(chart.left, chart.low), (chart.left + chart.width, chart.low)], MUTED, 1.4)
    scene.line(chart.points(np.log10(dose), curve), PREDICTION, 3, role=LINE)
    for number, at in enumerate(DOSES):
        height = float(np.interp(np.log10(at), np.log10(dose), curve))
        x, y = chart.point(np.log10(at), height)
        scene.path(disc((x, y), 7), fill=PREDICTION, edge=PAPER, width=2)
        scene.text(
            (x + (-14 if number == 0 else 14), y + 5),
            ("too little", "right", "too much")[number],
            BODY,
            bold=True,
            align="right" if number == 0 else "left",
        )
    for power in range(-2, 4):
        x = chart.point(power, 0)[0]
        scene.line([(x, chart.low), (x, chart.low - 5)], MUTED, 1.2)
        scene.text((x, chart.low - 20), f"{10.0**power:,g}", 13, MUTED, align="center")
    scene.text((chart.left + chart.width + 22, chart.low - 20), "nM of engager", 13, MUTED)
    note = f"model: {PARTNERS['a_nM']:g} nM of places on each side,\n$\\mathregular{{K_D}}$ {PARTNERS['kd_a_nM']:g} nM at both ends"
    scene.text((WIDTH - 20, chart.low + 92), note, 13, MUTED, align="right", valign="top")
    scene.name((20, chart.low + 88), "bridges", PREDICTION, align="left")
