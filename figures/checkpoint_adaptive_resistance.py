"""Adaptive resistance: the attack itself raises PD-L1, and so puts on its own brake."""

from random import Random

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import (
    Cell,
    bind,
    cytokines,
    macrophage,
    pd1,
    pdl1,
    pmhc,
    t_cell,
    tcr,
    tissue,
    tumour_cell,
)
from immunolab.draw.palette import (
    CYTOKINE,
    INHIBITS,
    MUTED,
    MYELOID,
    PDL1,
    T_CELL,
    TCR,
    TISSUE,
    TUMOUR,
    Colour,
)
from immunolab.draw.scene import HEAD, Point, Scene, smooth_polygon

TITLE = "Adaptive resistance"
ALT = (
    "Two scenes side by side with the same three cells. First, a T cell recognises a peptide on a tumour cell and releases "
    "interferon-gamma, which spreads to the tumour cell and to a macrophage. Then both cells carry PD-L1 all over, and "
    "PD-1 of the T cell is held by it: a red bar marks the brake inside the T cell. The attack itself raises the brake."
)
CAPTION = "The attack raises its own brake: interferon-γ makes tumour and myeloid cells show PD-L1."
SOURCES = ("Spranger2013", "Taube2012", "Tumeh2014")

WIDTH, HEIGHT = 920, 506
NM = 4.2
SHIFT = 484  # from the first scene to the second
NAMES = ((98, 374, "T cell", T_CELL), (318, 384, "Tumour cell", TUMOUR), (304, 84, "Macrophage", MYELOID))
QUIET = ((205, 414, 190), (336, 132, 140), (336, 152, 140), *((x, y, 100) for x, y, *_ in NAMES))


def draw() -> Figure:
    """The whole picture, from left to right."""
    scene = Scene(WIDTH, HEIGHT)
    _attack(scene)
    _answer(scene)
    scene.arrow((428, 262), (494, 262), colour=MUTED, width=7)
    scene.caption(CAPTION)
    return scene.figure


def _cells(scene: Scene, left: float, title: str) -> tuple[Cell, Cell, Cell]:
    """The same three cells in their tissue."""
    scene.name((left + 18, 474), title, align="left", size=HEAD)
    tissue(
        scene,
        _patch(left + 214),
        TUMOUR,
        TISSUE,
        apart=54,
        haze=0.86,
        clear=[(left + x, y, w) for x, y, w in QUIET],
    )
    effector = t_cell(scene, (left + 108, 286), 70, "effector", facing=15)
    tumour = tumour_cell(scene, (left + 318, 290), 80, seed=3)
    myeloid = macrophage(scene, (left + 202, 128), 56)
    for x, y, name, colour in NAMES:
        scene.name((left + x, y - 5), name, colour)
    return effector, tumour, myeloid


def _patch(middle: float) -> Path:
    """A patch of tissue, nearly square, with uneven edges."""
    around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    uneven = 1 + 0.012 * np.cos(5 * around + 1) + 0.012 * np.cos(9 * around)
    x, y = (uneven * np.sign(wave) * np.abs(wave) ** 0.52 for wave in (np.cos(around), np.sin(around)))
    return smooth_polygon(np.column_stack([middle + 203 * x, 252 + 198 * y]))


def _attack(scene: Scene) -> None:
    """Recognition and interferon-gamma; PD-1 is there and free."""
    effector, tumour, myeloid = _cells(scene, 0, "The T cell attacks")
    cytokines(scene, _cloud(effector, (tumour, myeloid)), 4.8)
    seen, _ = bind(scene, tcr, pmhc, effector.rim(0, 26), tumour.rim(180, -22), NM)
    for angle in (-4, -28, -75):
        pd1(scene, *effector.surface(angle), NM)
    _step(scene, (148, 414), 1, "sees its antigen", TCR)
    scene.leader((seen.tip[0], 400), (seen.tip[0], seen.tip[1] + 14))
    _step(scene, (281, 138), 2, "releases\ninterferon-γ", CYTOKINE)


def _cloud(source: Cell, others: tuple[Cell, ...]) -> list[Point]:
    """Messengers that leave one cell and thin out with distance, never inside a cell."""
    fate = Random(11)
    places: list[Point] = []
    while len(places) < 44:
        turn, far = np.radians(fate.uniform(-88, 4)), source.radius + 12 + 170 * fate.random() ** 1.5
        x, y = source.at[0] + far * np.cos(turn), source.at[1] + far * np.sin(turn)
        within = 92 < y < 290 and x < 290 and (y > 168 or x < 200)
        free = all(np.hypot(x - cell.at[0], y - cell.at[1]) > cell.radius + 10 for cell in (source, *others))
        if within and free and all(np.hypot(x - a, y - b) > 12.5 for a, b in places):
            places.append((x, y))
    return places


def _answer(scene: Scene) -> None:
    """PD-L1 on both kinds of cell; it holds PD-1."""
    effector, tumour, myeloid = _cells(scene, SHIFT, "The tissue answers")
    for cell, angles in ((tumour, (-142, -118, -95, -72, -49)), (myeloid, (38, 62, 158, 184, 210))):
        for angle in angles:
            pdl1(scene, *cell.surface(angle), NM)
    bind(scene, tcr, pmhc, effector.rim(0, 26), tumour.rim(180, -22), NM)
    toward = float(np.degrees(np.arctan2(*np.subtract(myeloid.at, effector.at)[::-1])))
    for aside in (-13, 13):
        bind(scene, pd1, pdl1, effector.rim(toward, aside), myeloid.rim(toward + 180, -aside), NM)
    for aside in (-1, -27):
        held, _ = bind(scene, pd1, pdl1, effector.rim(0, aside), tumour.rim(180, -aside), NM)
    x, y = held.foot
    scene.bar((x - 2, y + 1), (x - 32, y + 5))
    _step(scene, (SHIFT + 281, 138), 3, "PD-L1 rises\non both cells", PDL1)
    _step(scene, (SHIFT + 126, 414), 4, "PD-1 held: brake on", INHIBITS)


def _step(scene: Scene, at: Point, number: int, words: str, colour: Colour | str) -> None:
    scene.step(at, number, colour.edge if isinstance(colour, Colour) else colour)
    scene.name((at[0] + 18, at[1]), words, colour, align="left", valign="center")
