"""Where the dose goes: a way out that fills up, and one that does not."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import MEMBRANE, UP, bilayer, cytoplasm, her2, igg, small_antibodies, soft_body
from immunolab.draw.palette import (
    BLOOD,
    ENDOSOME,
    GRID,
    INK,
    LYSOSOME,
    MUTED,
    NOW,
    PAPER,
    PREDICTION,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import HEAD, LINE, Chart, Point, Scene, disc, rounded
from immunolab.models.target_mediated import Dosing, simulate
from immunolab.tables import target_mediated

TITLE = "Where does the dose go?"
ALT = (
    "Two panels and a chart. With a small dose nearly every antibody finds a free target on a cell, is swallowed with it and digested; "
    "a thick arrow leads into the cell and a thin one to the slow digestion that all antibodies share. With a large dose all targets are "
    "held and many antibodies stay free; now more than half leave by the slow way. The chart shows the free drug against time for three doses: "
    "small doses fall steeply, a large one falls slowly for weeks and then steeply, once targets are free again. The target itself "
    "clears the drug, until it is full."
)
CAPTION = "The target clears the drug, and it can be full: a larger dose then gives more than its share of exposure."
SOURCES = ("Peletier2012",)

WIDTH, HEIGHT = 920, 480
PANEL, NM, FACE = 286, 4.4, 214
SMALL, LARGE = PREDICTION, NOW
MODEL = target_mediated("a membrane target")


def draw() -> Figure:
    """Small dose, large dose, and what a blood sample shows."""
    scene = Scene(WIDTH, HEIGHT)
    _dose(scene, 8, "Small dose", SMALL, full=False)
    _dose(scene, 8 + PANEL + 14, "Large dose", LARGE, full=True)
    _chart(scene)
    scene.caption(CAPTION)
    return scene.figure


def _dose(scene: Scene, left: float, name: str, tone: str, *, full: bool) -> None:
    """A cell with targets under the blood."""
    scene.path(rounded(left, FACE - 10, PANEL, HEIGHT - FACE - 46, 16), fill=mix(BLOOD.tint, PAPER, 0.5))
    scene.name((left + PANEL / 2, HEIGHT - 34), name, tone, size=HEAD)
    cytoplasm(scene, left, left + PANEL, FACE - 4 * NM, 44, TUMOUR)
    bilayer(scene, [(left, FACE), (left + PANEL, FACE)], TUMOUR, MEMBRANE * NM)
    pairs = ((24, 60), (90, 126), (156, 192))
    for number, pair in enumerate(pairs):
        tips = [her2(scene, (left + x, FACE), UP, NM).tip for x in pair]
        if full or number == 0:
            igg(scene, tips, UP, NM)
    free = [
        (30, 384, 30),
        (84, 398, 140),
        (140, 376, 250),
        (196, 400, 20),
        (250, 380, 310),
        (106, 350, 80),
        (44, 340, 200),
    ]
    small_antibodies(scene, [(left + x, y, turn) for x, y, turn in (free if full else free[3:4])], 2.3)
    _swallowed(scene, (left + 70, 96))
    by_target, slowly = ("the rest", "more than half") if full else ("nearly all", "very little")
    wide, thin = (4.2, 5.6) if full else (7.5, 1.8)
    scene.arrow((left + 116, FACE - 34), (left + 100, 122), 0.0, LYSOSOME.line, wide)
    scene.label((left + 140, 158), by_target, "with the target;\nthis way can fill up", colour=LYSOSOME)
    scene.arrow((left + 222, 276), (left + 278, 276), 0.0, INK, thin)
    scene.label((left + 278, 344), slowly, "slowly, by\nall cells", align="right")


def _swallowed(scene: Scene, at: Point) -> None:
    soft_body(scene, disc(at, 36), at, ENDOSOME, membrane=4, rings=9, depth=0.3, shadow=False)
    small_antibodies(scene, [(at[0] - 8, at[1] + 4, 80), (at[0] + 14, at[1] - 12, 200)], 2.0)


def _chart(scene: Scene) -> None:
    """Free drug after three doses, logarithmic."""
    chart = Chart(666, 112, 236, 300, (0, 70), (-2, 3))
    days = np.linspace(0, 70, 240)
    for power in range(-2, 4):
        y = chart.point(0, power)[1]
        scene.line([(chart.left, y), (chart.left + chart.width, y)], GRID, 1, role=LINE)
        scene.text((chart.left - 8, y - 5), f"{10.0**power:,g}", 13, MUTED, align="right")
    chart.axes(scene, (0, 20, 40, 60), (), "days")
    scene.name((chart.left + chart.width / 2, HEIGHT - 34), "Free drug, mg/L", size=16)
    for dose, tone in ((30, SMALL), (100, MUTED), (300, LARGE)):
        course = simulate(MODEL, Dosing(dose), days)
        keep = course.free_nM > 1.05e-2
        points = chart.points(days[keep], np.log10(course.free_nM[keep]))
        scene.line(points, PAPER, 5)
        scene.line(points, tone, 2.8, role=LINE)
        steep = float(np.interp(-np.log10(0.5), -np.log10(course.free_nM), days))
        scene.name((chart.point(steep, 0)[0] + 8, chart.point(0, -0.44)[1]), f"{dose}", tone, align="left")
    scene.text(
        (chart.left + chart.width, chart.point(0, 2.72)[1]),
        "start: 30, 100 or 300 mg/L",
        13,
        MUTED,
        align="right",
    )
