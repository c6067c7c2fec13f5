"""The cancer–immunity cycle: seven steps through three places, and the step each therapy acts on first."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import (
    bind,
    cd28,
    cd86,
    dead_cell,
    dendritic_cell,
    endothelium,
    pmhc,
    red_cell,
    t_cell,
    tcr,
    tumour_cell,
    vessel,
)
from immunolab.draw.palette import (
    ACTIVATES,
    BLOOD,
    INHIBITS,
    INK,
    MUTED,
    NODE,
    PAPER,
    PEPTIDE,
    SHADOW,
    TISSUE,
    Colour,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, LINE, Point, Scene, disc, rounded

TITLE = "The cancer–immunity cycle"
ALT = (
    "A wheel of seven steps, read clockwise. In the tumour, lower right: one, dying tumour cells set antigen free. In the lymph node, "
    "left: two, dendritic cells present it; three, T cells are primed. In the blood, top: four, armed T cells travel; five, they enter "
    "through the wall of the vessel. In the tumour, right: six, they recognise tumour cells; seven, tumour cells die, and the wheel "
    "turns again. Outside stand therapies at the step they mainly act on. One: oncolytic virus, radiotherapy, conjugate. Two: "
    "vaccine, alarm drug. Three: anti-CTLA-4, cytokine, TCR-T cell, also at four. Four: TIL. Five: VEGF blocker. Six: CAR-T "
    "cell, engager. Seven: anti-PD-1, also at three, and the antibody that flags. Most need the other steps as well."
)
CAPTION = "A therapy mends its own step; most of them need the rest of the cycle as well."
SOURCES = ("ChenMellman2013",)

WIDTH, HEIGHT = 920, 716
MIDDLE = np.array([460.0, 392.0])
REACH, RADIUS = 222, 60  # of the ring on which the steps lie, and of a step
STEP_TURN = 360 / 7
FIRST = -107.0  # direction of step 1, in degrees; the others follow clockwise

# The places: name, where it stands, colour, and the arc of the ring.
PLACES = (
    ("Lymph node", (86, 396), NODE, 228, 124),
    ("Blood", (640, 664), BLOOD, 124, 21),
    ("Tumour", (808, 316), TISSUE, 21, -132),
)
NAMES = ("antigen\nset free", "antigen\npresented", "T cells\nprimed", "T cells\ntravel", "T cells\nenter", "T cells\nrecognise",
         "tumour\ncells die")  # fmt: skip
AIMS = {"activation": Colour(ACTIVATES, "#dcefe5", "#0f5b3a"), "less suppression": Colour(INHIBITS, "#f8dedb", "#861a12"),
        "neither": Colour(MUTED, "#eceef0", "#464b55")}  # fmt: skip

# The therapies: steps, left edge and height of the tag, its width, words, direction.
THERAPIES = (
    ((1,), (196, 86), 124, "oncolytic virus", "activation"),
    ((1,), (208, 52), 112, "radiotherapy", "neither"),
    ((1,), (470, 62), 96, "conjugate", "neither"),
    ((2,), (14, 292), 84, "vaccine", "activation"),
    ((2,), (14, 258), 100, "alarm drug", "activation"),
    ((3,), (14, 492), 104, "anti-CTLA-4", "less suppression"),
    ((3,), (14, 526), 84, "cytokine", "activation"),
    ((3, 4), (190, 640), 100, "TCR-T cell", "activation"),
    ((4,), (306, 678), 50, "TIL", "activation"),
    ((5,), (716, 592), 120, "VEGF blocker", "less suppression"),
    ((6,), (780, 410), 100, "CAR-T cell", "activation"),
    ((6,), (780, 376), 84, "engager", "activation"),
    ((7,), (716, 214), 190, "anti-PD-1, -PD-L1; also 3", "less suppression"),
    ((7,), (716, 180), 150, "antibody that flags", "activation"),
)


def draw() -> Figure:
    """The places, the steps with their arrows, the therapies."""
    scene = Scene(WIDTH, HEIGHT)
    for name, at, colour, start, end in PLACES:
        _place(scene, colour, start, end)
        scene.name(at, name, colour, size=HEAD)
    for number, vignette in enumerate((_released, _presented, _primed, _travel, _enter, _recognise, _die), 1):
        _step(scene, number, vignette)
    for steps, at, wide, words, aim in THERAPIES:
        _therapy(scene, steps, at, wide, words, AIMS[aim])
    scene.text(tuple(MIDDLE), "one turn\nfeeds\nthe next", BODY, MUTED, align="center", valign="center")
    _key(scene)
    scene.caption(CAPTION)
    return scene.figure


def _spot(number: float, reach: float = REACH) -> Point:
    turn = np.radians(FIRST - STEP_TURN * (number - 1))
    return tuple(float(v) for v in MIDDLE + reach * np.array([np.cos(turn), np.sin(turn)]))


def _place(scene: Scene, colour: Colour, start: float, end: float) -> None:
    """The ground of the ring for one of the three places."""
    turn = np.radians(np.linspace(start - 3, end + 3, 60))
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    band = Path(MIDDLE + REACH * ring)
    for tone, width in (
        (mix(colour.line, colour.tint, 0.35), 2 * RADIUS + 26),
        (colour.tint, 2 * RADIUS + 21),
    ):
        patch = scene.path(band, edge=tone, width=width)
        patch.set_capstyle("butt")


def _step(scene: Scene, number: int, vignette: Callable[[Scene, Point], None]) -> None:
    """A medallion with its scene, its number, its name inside the wheel, and the arrow to the next."""
    at = _spot(number)
    scene.arrow(_spot(number + 0.345, REACH + 3), _spot(number + 0.655, REACH + 3), 0.07, MUTED, 4.5)
    scene.path(disc((at[0] + 1, at[1] - 3), RADIUS + 2), fill=SHADOW, alpha=0.07)
    scene.path(disc(at, RADIUS), fill=PAPER)
    vignette(scene, at)
    scene.path(disc(at, RADIUS), edge=PAPER, width=7)
    scene.path(disc(at, RADIUS + 1), edge=mix(INK, PAPER, 0.45), width=2.2)
    scene.step(_spot(number, REACH - RADIUS - 1), number)
    inwards = np.abs(np.subtract(at, MIDDLE)) / REACH
    spot = _spot(number, REACH - RADIUS - 24 - float(inwards @ (42, 18)))
    scene.name(spot, NAMES[number - 1], align="center", valign="center")


def _released(scene: Scene, at: Point) -> None:
    x, y = at
    dead_cell(scene, (x - 10, y + 4), 36, seed=2)
    spots = [(24, 30), (34, 8), (28, -18), (10, -36), (-18, -38), (42, -8), (12, 42), (40, 26), (22, -34)]
    _antigen(scene, [(x + a, y + b) for a, b in spots])


def _antigen(scene: Scene, places: list[Point]) -> None:
    scene.stamp(disc((0, 0), 3.6), places, PEPTIDE.line, PEPTIDE.edge, 0.8)


def _presented(scene: Scene, at: Point) -> None:
    x, y = at
    cell = dendritic_cell(scene, (x - 8, y), 24, arms=(70, 118, 160, 202, 244, 290))
    for angle in (32, 0, -32):
        pmhc(scene, *cell.surface(angle), 3.0)


def _primed(scene: Scene, at: Point) -> None:
    x, y = at
    shows = dendritic_cell(scene, (x - 30, y), 21, arms=(75, 118, 160, 202, 244, 285))
    naive = t_cell(scene, (x + 33, y), 26, "naive", shadow=False)
    for glyphs, side in (((tcr, pmhc), 6), ((cd28, cd86), -8)):
        bind(scene, *glyphs, naive.rim(180, -side), shows.rim(0, side), 1.6)


def _travel(scene: Scene, at: Point) -> None:
    x, y = at
    vessel(scene, [(x - 32, y - 6), (x, y + 4), (x + 32, y - 2)], 58)
    for a, b, tilt in ((-36, 10, 30), (-2, -16, -20), (36, -16, 60), (8, 26, 10)):
        red_cell(scene, (x + a, y + b), 8, tilt)
    for a, b in ((-20, -8), (24, 8)):
        t_cell(scene, (x + a, y + b), 15, facing=0, shadow=False)


def _enter(scene: Scene, at: Point) -> None:
    x, y = at
    t_cell(scene, (x - 28, y + 30), 16, facing=-60, shadow=False)
    endothelium(scene, x - 56, x - 9, y + 2, cells=1, thick=20)
    endothelium(scene, x + 9, x + 56, y + 2, cells=1, thick=20)
    t_cell(scene, (x, y + 2), 17, facing=-90, shadow=False)
    t_cell(scene, (x + 22, y - 32), 16, facing=-60, shadow=False)


def _recognise(scene: Scene, at: Point) -> None:
    x, y = at
    killer = t_cell(scene, (x - 31, y), 25, facing=0, shadow=False)
    target = tumour_cell(scene, (x + 32, y), 26, seed=3)
    for side in (10, -10):
        bind(scene, tcr, pmhc, killer.rim(0, side), target.rim(180, -side), 1.1)


def _die(scene: Scene, at: Point) -> None:
    x, y = at
    dead_cell(scene, (x + 20, y - 2), 29, seed=4)
    t_cell(scene, (x - 24, y + 4), 28, facing=0, shadow=False)


def _therapy(scene: Scene, steps: tuple[int, ...], at: Point, wide: float, words: str, aim: Colour) -> None:
    """A tag, and a line from it to each step it serves."""
    x, y = at
    for number in steps:
        to = np.array(_spot(number))
        beside = not x + 12 < to[0] < x + wide - 12
        start = np.array([np.clip(to[0], x, x + wide), y + 13.5 if beside else y + 27.0 * (to[1] > y)])
        along = (to - start) / np.hypot(*(to - start))
        scene.line([tuple(start), tuple(to - (RADIUS + 5) * along)], aim.line, 1.8, role=LINE)
    scene.path(rounded(x, y, wide, 27, 13), fill=aim.tint, edge=aim.line, width=1.5)
    scene.text((x + wide / 2, y + 8.5), words, BODY, aim.edge, align="center")


def _key(scene: Scene) -> None:
    """What the colours of the tags mean."""
    scene.text((690, 122), "Therapies, at the step\nthey mainly act on:", BODY, bold=True, valign="bottom")
    for y, words, aim in ((96, "press the accelerator", "activation"), (72, "release a brake", "less suppression"),
                          (48, "neither", "neither")):  # fmt: skip
        scene.path(rounded(690, y, 22, 15, 7), fill=AIMS[aim].tint, edge=AIMS[aim].line, width=1.5)
        scene.text((720, y + 2), words)
