"""CAR-T, TCR-T and TIL: what each can see, and what is left when a tumour loses its MHC."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import Cell, antigen_a, bind, car, car_t_cell, pmhc, t_cell, tcr, tumour_cell
from immunolab.draw.palette import ACTIVATES, CD80, GRID, INHIBITS, MHC, MYELOID, PEPTIDE, T_CELL
from immunolab.draw.scene import HEAD, KEY, Scene

TITLE = "What CAR-T cells, TCR-T cells and TIL can see"
ALT = (
    "Three columns, each with T cells on the left, a tumour cell with MHC above on the right, and one that has lost its MHC "
    "below. A CAR-T cell holds a protein on the surface of both tumour cells. A TCR-T cell, given one T-cell receptor, reads "
    "one peptide on MHC above and finds nothing below. Of the tumour-infiltrating lymphocytes, TIL, each has a receptor of "
    "its own: two read different peptides above, the third finds nothing below. Only the CAR does not depend on MHC; it "
    "depends on a protein at the surface."
)
CAPTION = (
    "A CAR needs a protein on the surface. T-cell receptors also read what lies inside, but only through MHC."
)
SOURCES = ("June2018", "Rohaan2022")

WIDTH, HEIGHT = 920, 536
NM = 4.9
COLUMNS = (153, 460, 767)
UPPER, LOWER, BETWEEN = 352, 158, 255
HEADS = (
    ("CAR-T", "made to hold one protein\non the surface"),
    ("TCR-T", "given one receptor for one\npeptide on one HLA type"),
    ("TIL", "grown from the tumour,\neach with a receptor of its own"),
)


def draw() -> Figure:
    """Column by column."""
    scene = Scene(WIDTH, HEIGHT)
    for x in (306, 614):
        scene.line([(x, 62), (x, HEIGHT - 20)], GRID, 1.5)
    for x, (name, remark), column in zip(COLUMNS, HEADS, (_car, _tcr, _til), strict=True):
        scene.label((x, HEIGHT - 14), name, remark, colour=T_CELL, align="center", size=HEAD)
        upper, lower = (tumour_cell(scene, (x + 62, y), 52, seed=3) for y in (UPPER, LOWER))
        for cell in (upper, lower):
            for turn in (58, 10):
                antigen_a(scene, *cell.surface(turn), 3.2)
        shown = pmhc(scene, *upper.surface(104), 3.4)
        if column is _car:
            scene.label((COLUMNS[0] - 118, UPPER + 78), "MHC shown", colour=MHC, to=shown.middle)
        column(scene, x, upper, lower)
    scene.label((COLUMNS[0] - 118, LOWER - 42), "MHC lost", colour=MHC)
    scene.caption(CAPTION)
    return scene.figure


def _car(scene: Scene, x: float, upper: Cell, lower: Cell) -> None:
    cell = car_t_cell(scene, (x - 68, BETWEEN), 40, angles=(100, 150, 200, 250), nm=3.2)
    for tumour, aside in ((upper, 9), (lower, -9)):
        _bond(scene, cell, tumour, aside, partial(car, inside=False), antigen_a)
    _verdict(scene, x, UPPER, True, "sees it")
    _verdict(scene, x, LOWER, True, "sees it")


def _tcr(scene: Scene, x: float, upper: Cell, lower: Cell) -> None:
    cell = t_cell(scene, (x - 68, BETWEEN), 40)
    _bond(scene, cell, upper, 5, tcr, pmhc)
    tcr(scene, *cell.surface(-34), NM)
    _verdict(scene, x, UPPER, True, "sees it")
    _verdict(scene, x, LOWER, False, "blind")


def _til(scene: Scene, x: float, upper: Cell, lower: Cell) -> None:
    for y, tumour, state, peptide in (
        (UPPER + 26, upper, "stem-like", CD80),
        (BETWEEN + 6, upper, "effector", PEPTIDE),
        (LOWER + 4, lower, "exhausted", MYELOID),
    ):
        cell = t_cell(scene, (x - 80, y), 31, state, seed=4)
        if tumour is upper:
            _bond(scene, cell, tumour, 0, tcr, partial(pmhc, peptide=peptide))
        else:
            tcr(scene, *cell.surface(0), NM)
    _verdict(scene, x, UPPER, True, "see it")
    _verdict(scene, x, LOWER, False, "blind")


def _bond(scene: Scene, one: Cell, other: Cell, aside: float, receptor, ligand) -> None:
    """Receptor and ligand on the line between two cells, ``aside`` pixels from it."""
    angle = float(np.degrees(np.arctan2(*np.subtract(other.at, one.at)[::-1])))
    bind(scene, receptor, ligand, one.rim(angle, aside), other.rim(angle + 180, -aside), NM)


def _verdict(scene: Scene, x: float, y: float, good: bool, words: str) -> None:
    sign, colour = ("✓", ACTIVATES) if good else ("✗", INHIBITS)
    scene.text((x + 62, y - 88), f"{sign} {words}", KEY, colour, bold=True, align="center")
