"""Where and when the two brakes act: a lymph node, the blood, a tumour."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    Anchors,
    Cell,
    bind,
    cd28,
    cd80,
    cd86,
    ctla4,
    dendritic_cell,
    macrophage,
    pd1,
    pdl1,
    pmhc,
    red_cell,
    t_cell,
    tcr,
    tissue,
    tumour_cell,
    vessel,
    wavy,
)
from immunolab.draw.palette import (
    CTLA4,
    DENDRITIC,
    MUTED,
    MYELOID,
    NAIVE_T,
    NODE,
    PAPER,
    PD1,
    PDL1,
    T_CELL,
    TISSUE,
    TREG,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, Scene, smooth_polygon

TITLE = "Two brakes, two places"
ALT = (
    "On the left a lymph node: a dendritic cell shows a peptide to a T cell; CTLA-4 on a regulatory T cell and on the T cell "
    "itself holds CD80, a ligand that CD28 needs. On the right a tumour: an effector T cell recognises a tumour cell, and its "
    "PD-1 is held by PD-L1 of the tumour cell and of a macrophage. A blood vessel carries T cells from the node to the "
    "tumour. CTLA-4 acts first, where a response starts; PD-1 acts later, mostly where it is carried out."
)
CAPTION = "CTLA-4 mainly limits how a response starts in the lymph node; PD-1 mainly how it is carried out in the tissue."
SOURCES = ("Wei2017", "Qureshi2011", "Tumeh2014")

WIDTH, HEIGHT = 920, 580
NM = 4.2  # pixels for a nanometre: receptors are drawn far too large beside the cells

# Names of cells and molecules: what, its colour, where, and the width of the quiet ground it needs.
NODE_NAMES = (
    ("Dendritic cell", DENDRITIC, (66, 252), 110),
    ("T cell being primed", NAIVE_T, (312, 430), 150),
    ("Regulatory\nT cell", TREG, (112, 182), 90),
)
TUMOUR_NAMES = (
    ("Effector T cell", T_CELL, (624, 438), 110),
    ("Tumour cell", TUMOUR, (806, 446), 90),
    ("Macrophage", MYELOID, (708, 126), 95),
)
QUIET = [(*at, wide) for *_, at, wide in NODE_NAMES + TUMOUR_NAMES] + [
    (312, 254, 60),
    (575, 224, 40),
    (790, 246, 50),
]


def draw() -> Figure:
    """The whole picture, from back to front."""
    scene = Scene(WIDTH, HEIGHT)
    _journey(scene)
    _places(scene)
    _priming(scene)
    _attack(scene)
    for name, colour, (x, y), _ in NODE_NAMES + TUMOUR_NAMES:
        scene.name((x, y - 5), name, colour)
    scene.caption(CAPTION)
    return scene.figure


def _journey(scene: Scene) -> None:
    """Activated T cells leave the node and reach the tumour with the blood."""
    vessel(scene, [(250, 190), (340, 116), (462, 84), (585, 116), (670, 190)], 50)
    for x, y, tilt in (
        (352, 104, -40),
        (392, 100, 10),
        (430, 76, -15),
        (500, 98, 30),
        (528, 82, 0),
        (592, 130, 55),
    ):
        red_cell(scene, (x, y), 9.5, tilt)
    for x, y in ((462, 86), (560, 106)):
        t_cell(scene, (x, y), 17, "effector", facing=30, shadow=False)
    scene.arrow((398, 146), (528, 146), -0.1, MUTED)
    scene.text((462, 150), "in the blood", BODY, MUTED, align="center")


def _places(scene: Scene) -> None:
    """The node in its capsule, the tumour with its uneven edge."""
    bean = [
        (-40, 330), (-20, 200), (50, 118), (170, 108), (300, 136), (368, 190), (380, 250),
        (424, 310), (412, 410), (340, 486), (220, 512), (90, 505), (-20, 450),
    ]  # fmt: skip
    capsule = smooth_polygon(bean)
    tissue(scene, capsule, NODE, NODE, apart=30, clear=QUIET)
    scene.path(capsule, edge=mix(NODE.line, NODE.tint, 0.25), width=8)
    scene.path(capsule, edge=mix(NODE.tint, PAPER, 0.3), width=4.2)
    tumour = smooth_polygon(wavy((738, 306), 232, {3: 0.03, 5: 0.035, 8: 0.02}, 4, 30))
    tissue(scene, tumour, TUMOUR, TISSUE, apart=58, clear=QUIET)


def _priming(scene: Scene) -> None:
    """The start: signal 1 and 2, and CTLA-4 that takes what signal 2 needs."""
    scene.name((24, 546), "Lymph node: the start", NODE, align="left", size=HEAD)
    dendritic = dendritic_cell(scene, (116, 350), 66, arms=(82, 114, 146, 180, 212))
    primed = t_cell(scene, (312, 350), 78, "naive")
    regulatory = t_cell(scene, (222, 194), 58, "regulatory")
    _bond(scene, primed, dendritic, 180, -34, tcr, pmhc)
    _bond(scene, primed, dendritic, 180, -3, cd28, cd86)
    brake, _ = _bond(scene, primed, dendritic, 180, 31, ctla4, cd80, (1, 1))
    toward = _direction(regulatory, dendritic)
    taking = [_bond(scene, regulatory, dendritic, toward, aside, ctla4, cd80)[0] for aside in (-13, 15)]
    scene.bar(brake.foot, (brake.foot[0] + 30, brake.foot[1] + 5), width=3)
    scene.label((290, 262), "CTLA-4", to=brake.middle, colour=CTLA4)
    scene.leader((285, 253), taking[0].middle)


def _attack(scene: Scene) -> None:
    """The attack, and PD-1 held by the tumour cell and by a macrophage."""
    scene.name((500, 546), "Tumour: the attack", TUMOUR, align="left", size=HEAD)
    effector = t_cell(scene, (594, 350), 74, "effector", facing=20)
    tumour = tumour_cell(scene, (806, 350), 80, seed=3)
    myeloid = macrophage(scene, (708, 194), 56)
    _bond(scene, effector, tumour, 0, 30, tcr, pmhc)
    _bond(scene, effector, tumour, 0, 0, pd1, pdl1)
    brake, _ = _bond(scene, effector, tumour, 0, -27, pd1, pdl1)
    toward = _direction(effector, myeloid)
    (held, _), (_, holding) = (
        _bond(scene, effector, myeloid, toward, aside, pd1, pdl1) for aside in (-13, 13)
    )
    scene.bar(brake.foot, (brake.foot[0] - 34, brake.foot[1] + 2), width=3)
    scene.label((560, 232), "PD-1", to=held.middle, colour=PD1)
    scene.label((768, 254), "PD-L1", to=holding.middle, colour=PDL1)


def _direction(one: Cell, other: Cell) -> float:
    return float(np.degrees(np.arctan2(*np.subtract(other.at, one.at)[::-1])))


def _bond(
    scene: Scene,
    one: Cell,
    other: Cell,
    angle: float,
    aside: float,
    receptor: Callable[..., Anchors],
    ligand: Callable[..., Anchors],
    sites: tuple[int, int] = (0, 0),
) -> tuple[Anchors, Anchors]:
    """Receptor and ligand between two cells that face each other along ``angle``."""
    return bind(
        scene, receptor, ligand, one.rim(angle, aside), other.rim(angle + 180, -aside), NM, sites=sites
    )
