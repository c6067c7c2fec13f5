"""The four phases of a drug that grows."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import car_t_cell, dead_cell, small_cells
from immunolab.draw.palette import (
    ACTIVATES,
    ANTIBODY,
    INHIBITS,
    INK,
    MUTED,
    NOW,
    PAPER,
    STEM_LIKE_T,
    T_CELL,
    mix,
)
from immunolab.draw.scene import BODY, LINE, Chart, Point, Scene, rounded
from immunolab.tables import car_kinetics

TAIL = car_kinetics("tisa-cel").slow_fraction  # liso-cel's paper prints the times, not the height of the tail
CURVE = car_kinetics("liso-cel", c_max=1.0, slow_fraction=TAIL)
TITLE = "Four phases of a living drug"
ALT = (
    "Four panels side by side above one curve of CAR-T cells in the blood, as shares of the peak on a logarithmic scale. "
    "Lag: for about three days a few cells, no more than were infused. Expansion: they double in less than a day until "
    "about day nine, drawn as a crowd. Contraction: over weeks most die. Persistence: a few long-lived cells remain for "
    "months. Most drugs only fall after the infusion; this one rises first, because its cells divide in the patient."
)
CAPTION = (
    "Most drugs fall from the end of the infusion. This one grows first, and its growth decides the exposure."
)
SOURCES = ("Ogasawara2021", "Stein2019")

WIDTH, HEIGHT = 920, 580
LOW, TALL = 116, 196
LEFT, RIGHT = 84, 896
BREAK = 14.0  # days: before it the axis runs faster
FAST = Chart(LEFT, LOW, 470, TALL, (0, BREAK), (-3.4, 0.15))
SLOW = Chart(LEFT + 470, LOW, RIGHT - LEFT - 470, TALL, (BREAK, 90), (-3.4, 0.15))
PANELS = (336, 500)  # foot and head of the panels with cells


def draw() -> Figure:
    """Curve below, cells above, one column a phase."""
    scene = Scene(WIDTH, HEIGHT)
    edges = [_x(day) for day in (0, CURVE.lag_d, CURVE.t_max_d, CURVE.crossover_d, 90)]
    tints = (
        mix(T_CELL.tint, PAPER, 0.75),
        mix(ACTIVATES, PAPER, 0.9),
        mix(INHIBITS, PAPER, 0.93),
        mix(STEM_LIKE_T.tint, PAPER, 0.55),
    )
    for (left, right), tint in zip(pairwise(edges), tints, strict=True):
        scene.path(rounded(left + 1.5, LOW, right - left - 3, HEIGHT - LOW - 14, 12), fill=tint)
    _names(scene, [(left + right) / 2 for left, right in pairwise(edges)])
    _cells(scene, edges)
    _curve(scene)
    scene.text((18, 56), "times: liso-cel; height of the tail: tisa-cel", 13, MUTED)
    scene.caption(CAPTION)
    return scene.figure


def _x(day: float) -> float:
    return (FAST if day <= BREAK else SLOW).point(day, 0)[0]


def _names(scene: Scene, middles: list[float]) -> None:
    for x, name, remark, colour in zip(
        middles,
        ("Lag", "Expansion", "Contraction", "Persistence"),
        (
            f"{CURVE.lag_d:.0f} days",
            f"doubles in {24 * CURVE.doubling_d:.0f} hours",
            f"halves in {CURVE.fast_half_life_d:.0f} days",
            "a few, for months",
        ),
        (T_CELL.edge, ACTIVATES, INHIBITS, STEM_LIKE_T.edge),
        strict=True,
    ):
        scene.label((x, HEIGHT - 24), name, remark, colour=colour, align="center")


def _cells(scene: Scene, edges: list[float]) -> None:
    """One full cell a phase, and how many there are beside it."""
    y = 420
    (lag, expansion, contraction, persistence) = [(a + b) / 2 for a, b in pairwise(edges)]
    car_t_cell(scene, (lag, y + 4), 27, "effector", angles=(45, 135, 225, 315), nm=2.5)
    small_cells(scene, _ring((expansion, y), 13, 75, 66), 11, T_CELL, car=ANTIBODY)
    car_t_cell(scene, (expansion, y + 2), 27, "effector", angles=(0, 60, 120, 180, 240, 300), nm=2.5)
    for dx, dy, seed in ((-92, 34, 3), (-38, -38, 4), (18, 36, 5), (66, -36, 6), (96, 26, 7)):
        dead_cell(scene, (contraction + dx, y + dy), 19, T_CELL, seed=seed)
    small_cells(
        scene,
        [(contraction - 84, y - 30), (contraction + 56, y + 22), (contraction + 8, y - 44)],
        11,
        T_CELL,
        car=ANTIBODY,
    )
    car_t_cell(scene, (contraction - 28, y + 10), 25, "effector", angles=(60, 180, 300), nm=2.5)
    car_t_cell(scene, (persistence - 24, y), 27, "stem-like", angles=(45, 135, 225, 315), nm=2.5)
    small_cells(scene, [(persistence + 42, y + 28)], 11, STEM_LIKE_T, nucleus=0.66, car=ANTIBODY)


def _ring(at: Point, n: int, wide: float, tall: float) -> list[Point]:
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False) + 0.3
    return [(at[0] + wide * np.cos(t), at[1] + tall * np.sin(t)) for t in turn]


def _curve(scene: Scene) -> None:
    for power, words in ((0, "peak"), (-1, "1 in 10"), (-2, "1 in 100"), (-3, "1 in 1,000")):
        y = FAST.point(0, power)[1]
        scene.line([(LEFT, y), (RIGHT, y)], mix(MUTED, PAPER, 0.72), 1, role=LINE)
        scene.text((LEFT - 7, y - 4.7), words, 13, MUTED, align="right")
    scene.line([(LEFT, LOW), (RIGHT, LOW)], MUTED, 1.2)
    for day in (0, 3, 6, 9, 12, 30, 60, 90):
        x = _x(day)
        scene.line([(x, LOW), (x, LOW - 5)], MUTED, 1.2)
        scene.text((min(x, RIGHT - 4), LOW - 21), f"{day}", 13, MUTED, align="center")
    scene.text(
        ((LEFT + RIGHT) / 2, LOW - 42),
        "days after the infusion (the axis changes pace at day 14)",
        13,
        MUTED,
        align="center",
    )
    days = np.concatenate([np.linspace(0, BREAK, 141), np.linspace(BREAK, 90, 120)])
    curve = [
        (_x(day), FAST.point(0, level)[1])
        for day, level in zip(days, np.log10(CURVE.conc(days)), strict=True)
    ]
    scene.line(curve, PAPER, 7)
    scene.line(curve, NOW, 3.6)
    x = _x(BREAK)
    scene.path(rounded(x - 4, LOW - 3, 8, TALL + 4, 1), fill=PAPER)
    for side in (x - 4, x + 4):
        scene.line([(side - 3, LOW - 7), (side + 3, LOW + 7)], MUTED, 1.6)
    x, y = _x(CURVE.t_max_d), FAST.point(0, 0)[1]
    scene.text((x + 10, y + 6), f"peak on day {CURVE.t_max_d:.0f}", BODY, INK)
