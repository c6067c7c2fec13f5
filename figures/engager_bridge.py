"""Two ways to start a T cell: by its own receptor, and by a bridge."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    DOWN,
    MEMBRANE,
    UP,
    bilayer,
    bind,
    cd3_site,
    cd19,
    crowd,
    cytoplasm,
    pmhc,
    tandem_scfv,
    tcr,
)
from immunolab.draw.palette import ACTIVATES, ANTIBODY, CD19, MHC, T_CELL, TCR, TUMOUR
from immunolab.draw.scene import HEAD, Scene

TITLE = "A bridge between two cells"
ALT = (
    "Two pairs of facing membranes, a tumour cell above and a T cell below. On the left a T-cell receptor reads a peptide on an MHC molecule "
    "of the tumour cell: only a T cell with the fitting receptor can do so. On the right the tumour cell shows no peptide on MHC. A small "
    "engager, two binders on one string, holds CD19 of the tumour cell with one end and CD3 beside the T-cell receptor with the other. "
    "Both ways the T cell gets the signal to kill. A bridge turns T cells of any specificity on the tumour cell, without peptide and without MHC."
)
CAPTION = "An engager joins T cells of any specificity to cells with the target: no peptide, no MHC needed."
SOURCES = ("Clements2020",)

WIDTH, HEIGHT = 920, 486
NM = 9.0
PANEL = 446
FACE = 176
GAP = 13.9


def draw() -> Figure:
    """Nature's way on the left, the engager's on the right."""
    scene = Scene(WIDTH, HEIGHT)
    for left, name in ((8, "By its own receptor"), (466, "By an engager")):
        _membranes(scene, left, name)
    _own(scene, 8)
    _bridge(scene, 466)
    scene.caption(CAPTION)
    return scene.figure


def _membranes(scene: Scene, left: float, name: str) -> None:
    top = FACE + GAP * NM
    cytoplasm(scene, left, left + PANEL, FACE - 4 * NM, 42, T_CELL)
    cytoplasm(scene, left, left + PANEL, top + 4 * NM, HEIGHT - 50, TUMOUR)
    with scene.faded(0.85):
        crowd(scene, tcr, [(left + x, FACE + 8) for x in (40,)], UP, NM * 0.75)
        crowd(scene, cd19, [(left + x, top - 8) for x in (30, 92)], DOWN, NM * 0.75)
    bilayer(scene, [(left, FACE), (left + PANEL, FACE)], T_CELL, MEMBRANE * NM)
    bilayer(scene, [(left, top), (left + PANEL, top)], TUMOUR, MEMBRANE * NM, below=False)
    scene.name((left + PANEL / 2, HEIGHT - 34), name, size=HEAD)
    scene.name((left + 10, HEIGHT - 76), "Tumour cell", TUMOUR, align="left")
    scene.name((left + 10, 66), "T cell", T_CELL, align="left")


def _go(scene: Scene, x: float) -> None:
    scene.arrow((x, FACE - 88), (x, FACE - 118))
    scene.name((x + 14, FACE - 118), "kill", ACTIVATES, align="left")


def _own(scene: Scene, left: float) -> None:
    """The receptor reads a peptide."""
    x = left + 200
    bind(scene, tcr, pmhc, (x, FACE), (x, FACE + GAP * NM), NM, inside=True)
    _go(scene, x)
    scene.label(
        (left + 262, FACE + 104), "MHC with peptide", "must be there", colour=MHC, to=(x + 22, FACE + 80)
    )
    scene.label((left + 262, FACE + 52), "T-cell receptor", "must fit", colour=TCR, to=(x + 20, FACE + 48))


def _bridge(scene: Scene, left: float) -> None:
    """The engager holds CD3 and CD19."""
    x = left + 150
    low = tcr(scene, (x, FACE), UP, NM, inside=True)
    high = cd19(scene, (x + 98, FACE + GAP * NM), DOWN, NM, inside=True)
    tandem_scfv(scene, high.tip, cd3_site(low, NM), NM)
    _go(scene, x)
    scene.label((left + 300, FACE + 116), "CD19", "the target", colour=CD19, to=(x + 116, FACE + 99))
    scene.label(
        (left + 272, FACE + 54), "Engager", "two binders, one string", colour=ANTIBODY, to=(x + 74, FACE + 42)
    )
    scene.label((left + 84, FACE + 74), "CD3", "", colour=TCR, to=(x - 22, FACE + 16), align="center")
