"""Adaptive resistance: the attack itself raises PD-L1, and so puts on its own brake."""

from random import Random

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import Cell, bind, cytokines, macrophage, pd1, pdl1, pmhc, t_cell, tcr, tissue, tumour_cell
from immunolab.draw.palette import CYTOKINE, INHIBITS, MUTED, MYELOID, PDL1, T_CELL, TCR, TISSUE, TUMOUR
from immunolab.draw.scene import HEAD, KEY, Point, Scene, smooth_polygon

TITLE = "Adaptive resistance"
ALT = (
    "Two scenes side by side with the same three cells. First, a T cell recognises a peptide on a tumour cell and releases "
    "interferon-gamma, which spreads to the tumour cell and to a macrophage. Then both cells carry PD-L1 all over, and "
    "PD-1 of the T cell is held by it: a red bar marks the brake inside the T cell. The attack itself raises the brake."
)
CAPTION = "The attack raises its own brake: interferon-γ makes tumour and myeloid cells show PD-L1."
SOURCES = ("Spranger2013", "Taube2012")

WIDTH, HEIGHT = 920, 506
NM = 4.2
SHIFT = 484  # from the first scene to the second
NAMES = ((98, 374, "T cell", T_CELL), (318, 384, "Tumour cell", TUMOUR), (306, 76, "Macrophage", MYELOID))


def draw() -> Figure:
    """The whole picture, from left to right."""
    scene = Scene(WIDTH, HEIGHT)
    _attack(scene)
    _answer(scene)
    scene.arrow((428, 262), (494, 262), colour=MUTED, width=7)
    scene.caption(CAPTION)
    return scene.figure


def _cells(scene: Scene, left: float, clear: tuple) -> tuple[Cell, Cell, Cell]:
    """The same three cells in their tissue."""
    names = [(left + x, y, 100) for x, y, *_ in NAMES]
    tissue(scene, _patch(left + 214), TUMOUR, TISSUE, apart=54, clear=(*names, *clear), haze=0.86)
    effector = t_cell(scene, (left + 108, 286), 70, "effector", facing=15)
    tumour = tumour_cell(scene, (left + 318, 290), 80, seed=3)
    myeloid = macrophage(scene, (left + 206, 128), 56)
    for x, y, name, colour in NAMES:
        scene.text((left + x, y - 5), name, KEY, colour.edge, bold=True, align="center", halo=0)
    return effector, tumour, myeloid


def _patch(middle: float) -> Path:
    """A patch of tissue, nearly square, with uneven edges."""
    around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    uneven = 1 + 0.012 * np.cos(5 * around + 1) + 0.012 * np.cos(9 * around)
    x, y = (uneven * np.sign(wave) * np.abs(wave) ** 0.52 for wave in (np.cos(around), np.sin(around)))
    return smooth_polygon(np.column_stack([middle + 203 * x, 252 + 198 * y]))


def _attack(scene: Scene) -> None:
    scene.text((18, 474), "The T cell attacks", HEAD, bold=True)
    effector, tumour, myeloid = _cells(scene, 0, ((205, 414, 160), (330, 118, 130), (330, 138, 130)))
    cytokines(scene, _cloud(effector, (tumour, myeloid)), 4.8)
    seen, _ = bind(scene, tcr, pmhc, effector.rim(0, 26), tumour.rim(180, -22), NM)
    for angle in (-4, -28, -75):
        pd1(scene, *effector.surface(angle), NM)
    _step(scene, (148, 414), 1, "sees its antigen", TCR.edge)
    scene.leader((seen.tip[0], 400), (seen.tip[0], seen.tip[1] + 14))
    _step(scene, (290, 128), 2, "releases\ninterferon-γ", CYTOKINE.edge)


def _cloud(source: Cell, others: tuple[Cell, ...]) -> list[Point]:
    """Messengers that leave one cell and thin out with distance, never inside a cell."""
    fate = Random(11)
    places: list[Point] = []
    while len(places) < 44:
        turn, far = np.radians(fate.uniform(-88, 4)), source.radius + 12 + 170 * fate.random() ** 1.5
        x, y = source.at[0] + far * np.cos(turn), source.at[1] + far * np.sin(turn)
        free = all(np.hypot(x - c.at[0], y - c.at[1]) > c.radius + 10 for c in (source, *others))
        if free and all(np.hypot(x - a, y - b) > 12.5 for a, b in places) and x < 290 and y < 290 and (y > 150 or x < 200) and y > 92:
            places.append((x, y))
    return places


def _answer(scene: Scene) -> None:
    scene.text((SHIFT + 26, 474), "The tissue answers", HEAD, bold=True)
    effector, tumour, myeloid = _cells(scene, SHIFT, ((SHIFT + 205, 414, 190), (SHIFT + 340, 118, 140), (SHIFT + 340, 138, 140)))
    for angle in (-142, -118, -95, -72, -49):
        pdl1(scene, *tumour.surface(angle), NM)
    for angle in (38, 62, 158, 184, 210):
        pdl1(scene, *myeloid.surface(angle), NM)
    bind(scene, tcr, pmhc, effector.rim(0, 26), tumour.rim(180, -22), NM)
    toward = float(np.degrees(np.arctan2(128 - 286, 98)))
    held = [bind(scene, pd1, pdl1, effector.rim(0, aside), tumour.rim(180, -aside), NM)[0] for aside in (-1, -27)]
    held += [bind(scene, pd1, pdl1, effector.rim(toward, aside), myeloid.rim(toward + 180, -aside), NM)[0] for aside in (-13, 13)]
    foot = held[1].foot
    scene.bar((foot[0] - 2, foot[1] + 1), (foot[0] - 32, foot[1] + 5))
    _step(scene, (SHIFT + 290, 128), 3, "PD-L1 rises\non both cells", PDL1.edge)
    _step(scene, (SHIFT + 126, 414), 4, "PD-1 held: brake on", INHIBITS)


def _step(scene: Scene, at: Point, number: int, words: str, colour: str) -> None:
    scene.step(at, number, colour)
    scene.text((at[0] + 18, at[1]), words, KEY, colour, bold=True, valign="center", halo=0)
