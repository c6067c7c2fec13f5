"""Who is who: the cells of the course in the shape and colour they keep, and the organs where they live."""

from collections.abc import Callable
from functools import partial

from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    Cell,
    b_cell,
    bone,
    dendritic_cell,
    lymph_node,
    macrophage,
    mast_cell,
    mdsc,
    neutrophil,
    nk_cell,
    plasma_cell,
    small_antibodies,
    spleen,
    t_cell,
    thymus,
)
from immunolab.draw.palette import (
    ACTIVATES,
    B_CELL,
    BONE,
    DENDRITIC,
    HELPER_T,
    INHIBITS,
    MAST_CELL,
    MDSC,
    MYELOID,
    NEUTROPHIL,
    NK_CELL,
    NODE,
    PAPER,
    SPLEEN,
    T_CELL,
    THYMUS,
    TREG,
    Colour,
    mix,
)
from immunolab.draw.scene import HEAD, Point, Scene, disc, rounded, smooth_polygon

TITLE = "Who is who"
ALT = (
    "Two rooms of cells, with the dendritic cell, itself innate, between them. Innate cells, which use the same fixed receptors all life long: "
    "the natural killer cell, the macrophage, the neutrophil, the mast cell, and the myeloid-derived suppressor cell. Adaptive "
    "cells, each with a receptor of its own: the CD8 T cell, the CD4 helper T cell, the regulatory T cell, the B cell and the "
    "plasma cell that B cells become. A sign at each cell says what it does: strike, help, hold back or present. Below, four "
    "organs: bone marrow, where nearly all are born; thymus, where T cells are tested; lymph nodes, where T cells meet dendritic "
    "cells; spleen, which watches the blood. Both rooms hold cells that strike and cells that hold back."
)
CAPTION = "Both rooms hold cells that strike and cells that hold back; dendritic cells carry news from one to the other."
SOURCES = ("Janeway2001", "Vivier2011", "Mantovani2017", "Banchereau1998", "Gabrilovich2009", "Sakaguchi2008")

WIDTH, HEIGHT = 920, 664
ROOMS = {"Innate": (12, MYELOID), "Adaptive": (518, T_CELL)}  # left edge, colour
ROOM_WIDTH, ROOM_LOW, ROOM_HEIGHT = 390, 240, 414
TOP_ROW, LOW_ROW = 556, 366
RADIUS = 43

Glyph = Callable[[Scene, Point, float], Cell]

# Where, how drawn, its name, what it does or recognises, its colour, its signs.
CELLS: tuple[tuple[Point, Glyph, str, str, Colour, tuple[str, ...]], ...] = (
    ((74, TOP_ROW), nk_cell, "NK cell", "kills cells without\nMHC class I", NK_CELL, ("strikes",)),
    ((208, TOP_ROW), macrophage, "Macrophage", "eats and cleans up;\nmay serve a tumour", MYELOID, ("strikes", "holds back")),
    ((338, TOP_ROW), neutrophil, "Neutrophil", "first on the spot", NEUTROPHIL, ("strikes",)),
    ((112, LOW_ROW), mast_cell, "Mast cell", "sounds the alarm;\nallergy", MAST_CELL, ("strikes",)),
    ((286, LOW_ROW), mdsc, "Suppressor cell (MDSC)", "young myeloid cell,\nstops T cells", MDSC, ("holds back",)),
    ((588, TOP_ROW), t_cell, "CD8 T cell", "kills what shows\nits peptide", T_CELL, ("strikes",)),
    ((714, TOP_ROW), partial(t_cell, state="helper"), "CD4 helper T", "tells others\nwhat to do", HELPER_T, ("helps",)),
    ((842, TOP_ROW), partial(t_cell, state="regulatory"), "Regulatory T", "keeps the peace", TREG, ("holds back",)),
    ((630, LOW_ROW), b_cell, "B cell", "its receptor is\nan antibody", B_CELL, ("presents",)),
    ((800, LOW_ROW), plasma_cell, "Plasma cell", "sends antibodies\ninto the blood", B_CELL, ("strikes",)),
)  # fmt: skip

# Middle, how drawn, its size, where its words begin, its name, what happens there, its colour.
ORGANS = (
    ((68, 118), bone, 56, 138, "Bone marrow", "blood cells\nare born here", BONE),
    ((288, 118), thymus, 52, 338, "Thymus", "T cells are\ntested here", THYMUS),
    ((492, 118), lymph_node, 52, 568, "Lymph node", "T cells meet\ndendritic cells", NODE),
    ((738, 118), spleen, 52, 786, "Spleen", "watches\nthe blood", SPLEEN),
)


def draw() -> Figure:
    """Two rooms, the go-between, the organs."""
    scene = Scene(WIDTH, HEIGHT)
    for name, (left, colour) in ROOMS.items():
        _room(scene, name, left, colour)
    for at, glyph, name, remark, colour, signs in CELLS:
        _player(scene, at, glyph, name, remark, colour, signs)
    small_antibodies(scene, [(866, 396, 60), (882, 360, 10), (866, 328, -50)], 2.2)
    _between(scene)
    _key(scene)
    _organs(scene)
    scene.caption(CAPTION)
    return scene.figure


def _room(scene: Scene, name: str, left: float, colour: Colour) -> None:
    remark = {
        "Innate": "fixed receptors; acts within hours",
        "Adaptive": "each its own receptor; days, memory",
    }[name]
    ground = rounded(left, ROOM_LOW, ROOM_WIDTH, ROOM_HEIGHT, 30)
    scene.path(ground, fill=mix(colour.tint, PAPER, 0.62), edge=mix(colour.line, PAPER, 0.55), width=1.8)
    top = ROOM_LOW + ROOM_HEIGHT
    scene.name((left + 22, top - 32), name, colour, align="left", size=HEAD)
    scene.text((left + (90 if name == "Innate" else 112), top - 32), remark)


def _player(
    scene: Scene, at: Point, glyph: Glyph, name: str, remark: str, colour: Colour, signs: tuple[str, ...]
) -> None:
    glyph(scene, at, RADIUS)
    for step, kind in enumerate(signs):
        _sign(scene, (at[0] + 40 - 2 * step, at[1] + 36 - 24 * step), kind)
    scene.label((at[0], at[1] - 53), name, remark, colour=colour, align="center")


def _sign(scene: Scene, at: Point, kind: str) -> None:
    """What a cell does, by shape and colour: a spark strikes, a cross helps, a bar holds back, a plate presents."""
    x, y = at
    tone = {"strikes": ACTIVATES, "helps": HELPER_T.edge, "holds back": INHIBITS, "presents": DENDRITIC.edge}[
        kind
    ]
    scene.path(disc(at, 11), fill=tone, edge=PAPER, width=2)
    if kind == "strikes":
        bolt = [(1.5, 7), (-5, -1), (-0.6, -1), (-1.5, -7), (5, 1), (0.6, 1)]
        scene.path(smooth_polygon([(x + a, y + b) for a, b in bolt], 0), fill=PAPER)
    elif kind == "helps":
        for run in ([(x - 5, y), (x + 5, y)], [(x, y - 5), (x, y + 5)]):
            scene.line(run, PAPER, 2.6)
    elif kind == "holds back":
        scene.line([(x - 5.5, y), (x + 5.5, y)], PAPER, 3.4)
    else:
        plate = [
            (-6, 3.5),
            (-3, 0.5),
            (3, 0.5),
            (6, 3.5),
            (3, -3),
            (0.9, -4),
            (0.9, -6.5),
            (-0.9, -6.5),
            (-0.9, -4),
            (-3, -3),
        ]
        scene.path(smooth_polygon([(x + a, y + b) for a, b in plate], 0.2), fill=PAPER)


def _between(scene: Scene) -> None:
    """The dendritic cell reaches into both rooms."""
    dendritic_cell(scene, (460, 432), 50, arms=(20, 70, 118, 160, 205, 250, 298, 340), seed=4)
    _sign(scene, (502, 482), "presents")
    scene.label(
        (460, 344),
        "Dendritic\ncell",
        "innate; shows\nT cells what\nit has found",
        colour=DENDRITIC,
        align="center",
    )


def _key(scene: Scene) -> None:
    """What the signs mean."""
    for x, kind, name, remark, after in (
        (40, "strikes", "effector", "strikes", 66),
        (216, "helps", "helper", "steers others", 54),
        (420, "holds back", "suppressor", "holds back", 88),
        (648, "presents", "presenter", "shows what it found", 76),
    ):
        _sign(scene, (x, 211), kind)
        scene.text((x + 18, 206), name, bold=True)
        scene.text((x + 18 + after, 206), remark)


def _organs(scene: Scene) -> None:
    for at, glyph, size, left, name, remark, colour in ORGANS:
        glyph(scene, at, size)
        scene.label((left, at[1] + 30), name, remark, colour=colour)
