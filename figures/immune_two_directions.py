"""A map of the course: therapies that raise an immune response, and therapies that lower it."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    conjugate,
    cytokines,
    dendritic_cell,
    healthy_cell,
    igg,
    messengers,
    pd1,
    pmhc,
    red_cell,
    small_antibodies,
    small_cells,
    t_cell,
    tandem_scfv,
    tumour_cell,
    vessel,
)
from immunolab.draw.palette import (
    ACTIVATES,
    ANTIBODY,
    HEALTHY,
    INHIBITS,
    INK,
    MUTED,
    PAPER,
    SHADOW,
    T_CELL,
    TREG,
    TUMOUR,
    Colour,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, Point, Scene, disc, rounded, smooth_line

TITLE = "Two directions: a map of the course"
ALT = (
    "In the middle a track from too little response, where a tumour grows, to too much, where T cells attack healthy cells; a T cell, lesson 1, "
    "stands between. A green arrow above points to more response, activation: lessons 2 and 3 release a brake; lessons 4 to 9, antibodies, "
    "conjugates and engagers, CAR-T cells, vaccines, cytokines, press the accelerator (a conjugate alone does neither); so do BCG, imiquimod, interferon alfa, "
    "G-CSF and the HPV vaccine. A violet arrow below points to less response, suppression: lesson 13, teplizumab in early type 1 diabetes, CAR-T cells in lupus. Lessons 10 and 12 ask "
    "which and for whom, lesson 11 what too much does. Immunotherapy means changing a response, up or down."
)
CAPTION = "Immunotherapy changes an immune response: up against a cancer, down where it attacks the body."
SOURCES = (
    "ChenMellman2013",
    "Muller2024",
    "Herold2019",
    "Sylvester2002",
    "Williams2017",
    "Kuderer2007",
    "Mocellin2013",
)

WIDTH, HEIGHT = 920, 706
UP = Colour(ACTIVATES, "#dcefe5", "#0f5b3a")
BRAKE = Colour(INHIBITS, "#f8dedb", "#861a12")
BOTH = Colour(MUTED, "#eceef0", INK)
RADIUS = 36
TOP, TRACK, FOOT = 590, 374, 146
STEP = 113


def draw() -> Figure:
    """Lessons that raise above the track, those that lower below it."""
    scene = Scene(WIDTH, HEIGHT)
    _groups(scene)
    for step, (number, name, picture) in enumerate(RAISE):
        _lesson(scene, (64 + STEP * step, TOP), number, name, picture, BRAKE if number < 4 else UP)
    for x, (number, name, picture, colour) in zip((70, 392, 510, 650), LOWER, strict=True):
        _lesson(scene, (x, FOOT), number, name, picture, colour)
    _track(scene)
    _words(scene)
    scene.caption(CAPTION)
    return scene.figure


def _groups(scene: Scene) -> None:
    """Brake and accelerator above; below what calms, what concerns both, and what too much does."""
    for left, right, middle, words, colour in (
        (10, 232, TOP, "Release a brake", BRAKE),
        (240, 910, TOP, "Press the accelerator", UP),
        (10, 318, FOOT, "Calm a response", TREG),
        (326, 576, FOOT, "Which, for whom?", BOTH),
        (584, 910, FOOT, "When it is too much", HEALTHY),
    ):
        ground, edge = mix(colour.tint, PAPER, 0.55), mix(colour.line, PAPER, 0.55)
        scene.path(rounded(left, middle - 96, right - left, 202, 22), fill=ground, edge=edge, width=1.6)
        scene.name((left + 18, middle + 78), words, colour, align="left", size=HEAD)


def _lesson(
    scene: Scene, at: Point, number: int, name: str, picture: Callable[[Scene, Point], None], colour: Colour
) -> None:
    """A medallion with a scene of the lesson, its number, its title."""
    scene.path(disc((at[0] + 1, at[1] - 3), RADIUS + 2), fill=SHADOW, alpha=0.08)
    scene.path(disc(at, RADIUS), fill=PAPER)
    picture(scene, at)
    scene.path(disc(at, RADIUS + 1), edge=PAPER, width=5)
    scene.path(disc(at, RADIUS + 3), edge=colour.line, width=2.4)
    badge = (at[0] - 30, at[1] + 32)
    scene.path(disc(badge, 13), fill=colour.edge, edge=PAPER, width=2)
    scene.text((badge[0], badge[1] - 5), f"{number:02d}", 13.5, PAPER, bold=True, align="center")
    scene.text((at[0], at[1] - 48), name, BODY, align="center", valign="top")


# The lessons in small -------------------------------------------------------------------------------------------


def _checkpoint(scene: Scene, at: Point) -> None:
    cell = t_cell(scene, (at[0] - 9, at[1] - 9), 19, shadow=False)
    igg(scene, [pd1(scene, *cell.surface(angle), 1.8).tip for angle in (68, 24)], 46, 1.8, silent=True)


def _trial(scene: Scene, at: Point) -> None:
    x, y = at
    scene.line([(x - 22, y + 22), (x - 22, y - 20), (x + 24, y - 20)], MUTED, 1.8)
    for steps, colour in (((20, 9, -1, -8, -13, -15), MUTED), ((20, 14, 9, 5, 3, 3), T_CELL.line)):
        way = [(x - 22 + 9 * i + d, y + h) for i, h in enumerate(steps) for d in (0, 9)]
        scene.line(way[:-1], colour, 2.6)


def _antibody(scene: Scene, at: Point) -> None:
    small_cells(scene, [at], 14, TUMOUR)
    turns = np.radians((90, 162, 234, 306, 18))
    small_antibodies(
        scene, [(at[0] + 21 * np.cos(t), at[1] + 21 * np.sin(t), float(np.degrees(t))) for t in turns], 1.6
    )


def _conjugate(scene: Scene, at: Point) -> None:
    x, y = at
    for side, colour in ((-20, T_CELL), (20, TUMOUR)):
        small_cells(scene, [(x + side, y + 7)], 14, colour)
    tandem_scfv(scene, (x + 6, y + 7), (x - 6, y + 7), 1.3)
    conjugate(scene, [(x - 9, y - 28), (x + 9, y - 28)], 90, 1.5, payloads=4, size=2.8)


def _car(scene: Scene, at: Point) -> None:
    small_cells(scene, [at], 19, T_CELL, car=ANTIBODY)


def _in_blood(scene: Scene, at: Point) -> None:
    x, y = at
    vessel(scene, [(x - 9, y - 1), (x, y + 1), (x + 9, y)], 40)
    for a, b in ((-20, 8), (18, -11), (20, 10)):
        red_cell(scene, (x + a, y + b), 5.5, 30 * a)
    small_cells(scene, [(x - 2, y)], 12, T_CELL, car=ANTIBODY)


def _vaccine(scene: Scene, at: Point) -> None:
    x, y = at
    cell = dendritic_cell(scene, (x - 6, y), 14, arms=(75, 120, 165, 210, 255, 290))
    for angle in (30, -6, -42):
        pmhc(scene, *cell.surface(angle), 2.1)


def _messenger(scene: Scene, at: Point) -> None:
    x, y = at
    cytokines(scene, [(x - 16, y + 12), (x + 4, y - 18), (x - 2, y + 20)], 6)
    messengers(scene, [(x + 16, y + 8), (x - 18, y - 12)], "IL-12", 7)
    messengers(scene, [(x, y), (x + 20, y - 12)], "type I interferon", 7)


def _dynamics(scene: Scene, at: Point) -> None:
    turn = np.linspace(0, 4.6 * np.pi, 60)
    spiral = np.column_stack([np.cos(turn), 0.8 * np.sin(turn)]) * (27 * np.exp(-0.13 * turn))[:, None] + at
    scene.path(smooth_line(spiral), edge=T_CELL.line, width=2.4)
    scene.path(disc(tuple(spiral[0]), 3.5), fill=TUMOUR.line, edge=TUMOUR.edge)
    scene.path(disc(tuple(spiral[-1]), 3.5), fill=T_CELL.line, edge=T_CELL.edge)


def _price(scene: Scene, at: Point) -> None:
    healthy_cell(scene, (at[0] + 14, at[1] - 2), 18, shadow=False)
    small_cells(scene, [(at[0] - 15, at[1] + 4)], 16, T_CELL)


def _for_whom(scene: Scene, at: Point) -> None:
    x, y = at
    scene.line([(x - 22, y - 22), (x + 22, y + 22)], MUTED, 1.6, dashes=(4, 4))
    spots = [(-18, -20), (-10, -6), (-3, -8), (4, 8), (11, 5), (18, 20)]
    scene.stamp(disc((0, 0), 4), [(x + a, y + b) for a, b in spots], ANTIBODY.line, ANTIBODY.edge, 1)


def _calm(scene: Scene, at: Point) -> None:
    guard = t_cell(scene, (at[0] - 14, at[1]), 17, "regulatory", shadow=False)
    small_cells(scene, [(at[0] + 20, at[1])], 13, T_CELL)
    scene.bar(guard.rim(0), (at[0] + 7, at[1]), width=2.2)


RAISE = (
    (2, "Immune\ncheckpoints", _checkpoint),
    (3, "Checkpoint\ntrials", _trial),
    (4, "Antibody\ntargeting", _antibody),
    (5, "Conjugates,\nengagers", _conjugate),
    (6, "CAR-T:\nthe receptor", _car),
    (7, "CAR-T in\nthe patient", _in_blood),
    (8, "Cancer\nvaccines", _vaccine),
    (9, "Cytokines,\nalarm drugs", _messenger),
)
LOWER = (
    (13, "Tolerance,\nfrontiers", _calm, TREG),
    (10, "Dynamics,\ncombinations", _dynamics, BOTH),
    (12, "Biomarkers:\nfor whom?", _for_whom, BOTH),
    (11, "Side\neffects", _price, HEALTHY),
)


def _track(scene: Scene) -> None:
    """From too little response to too much, and the two arrows."""
    left, right = 150, 770
    for share in np.linspace(0, 1, 40)[:-1]:
        tone = mix(mix(TUMOUR.tint, TUMOUR.line, 0.25), mix(T_CELL.tint, PAPER, 0.2), share * 2) if share < 0.5 else mix(
            mix(T_CELL.tint, PAPER, 0.2), mix(HEALTHY.tint, HEALTHY.line, 0.25), share * 2 - 1)  # fmt: skip
        scene.path(rounded(left + (right - left) * share, TRACK - 9, (right - left) / 36, 18, 2), fill=tone)
    t_cell(scene, (460, TRACK), 40, facing=0)
    for spots, seed in ((((-30, 14), (30, 2)), 2), (((4, 28), (2, -22)), 3)):
        with scene.copies([(84 + a, TRACK + b) for a, b in spots]):
            tumour_cell(scene, (0, 0), 24, seed=seed, shadow=False)
    with scene.copies([(838 + a, TRACK + b) for a in (-22, 22) for b in (-22, 22)]):
        healthy_cell(scene, (0, 0), 21, shadow=False)
    with scene.copies([(838 - 52, TRACK + 4), (838 - 12, TRACK + 52)]):
        t_cell(scene, (0, 0), 20, facing=-40, shadow=False)
    scene.arrow((196, TRACK + 52), (724, TRACK + 52), 0, UP.line, 7)
    scene.arrow((724, TRACK - 52), (196, TRACK - 52), 0, TREG.line, 7)
    scene.name((84, TRACK - 74), "too little", TUMOUR)
    scene.name((838, TRACK - 74), "too much", HEALTHY)


def _words(scene: Scene) -> None:
    """The directions, and what else the word covers."""
    scene.name((200, TRACK + 72), "Activation", UP, align="left", size=HEAD)
    scene.text((306, TRACK + 72), "also: BCG, imiquimod, interferon alfa, G-CSF, HPV vaccine")
    scene.name((720, TRACK - 84), "Suppression", TREG, align="right", size=HEAD)
    scene.text(
        (128, FOOT + 24), "and CAR-T cells in lupus,\nteplizumab against\ntype 1 diabetes", valign="top"
    )
    scene.text((708, FOOT + 24), "a response that also\nattacks healthy tissue", valign="top")
    badge = (516, TRACK)
    scene.path(disc(badge, 13), fill=T_CELL.edge, edge=PAPER, width=2)
    scene.text((badge[0], badge[1] - 5), "01", 13.5, PAPER, bold=True, align="center")
