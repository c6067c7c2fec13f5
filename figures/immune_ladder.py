"""Kinetic proofreading: a bond must last for several steps before it counts."""

from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import MEMBRANE, bilayer, pmhc, tcr
from immunolab.draw.palette import (
    ACTIVATES,
    DENDRITIC,
    EMPTY,
    HEALTHY,
    INHIBITS,
    NAIVE_T,
    PAPER,
    PEPTIDE,
    PHOSPHATE,
    TCR,
    Colour,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, Scene, disc
from immunolab.models.proofreading import Ladder

TITLE = "A ladder against the clock"
ALT = (
    "A ladder of five steps in the middle; at each step the T-cell receptor gains one mark, and one step takes a second on average. "
    "On the left 32 receptors have bound a peptide of the body that lets go after one second on average: 16 reach the first step, "
    "then 8, 4, 2, and one reaches the top. On the right 32 receptors have bound a foreign peptide that holds for ten seconds: 29 "
    "reach the first step, then 26, 24, 22, and 20 reach the top and signal. Who lets go loses all marks and begins again. Held "
    "ten times longer, the foreign peptide reaches the top twenty times as often."
)
CAPTION = "Held ten times longer, at the top twenty times as often: each step sharpens a difference in time."
SOURCES = ("McKeithan1995",)

WIDTH, HEIGHT = 920, 652
STEPS, STEPS_PER_S = 5, 1.0
BOUND = 32  # receptors at the foot of the ladder: halved five times, one is left
MIDDLE, FOOT, RISE = WIDTH / 2, 116, 64
INNER, PITCH = (
    74,
    10.6,
)  # where the rows begin on either side of the middle, and from one receptor to the next
SIDES = (
    (-1, 1.0, HEALTHY, "A peptide of the body", "lets go after 1 second\non average"),
    (1, 0.1, PEPTIDE, "A foreign peptide", "lets go after 10 seconds\non average"),
)


def draw() -> Figure:
    """The ladder, the climbers on both sides, and what they hold."""
    scene = Scene(WIDTH, HEIGHT)
    _ladder(scene)
    for side, koff_per_s, peptide, name, remark in SIDES:
        shares = Ladder.at_rate(STEPS, STEPS_PER_S).rungs(koff_per_s)
        climbers = [round(BOUND * float(share)) for share in shares]
        for step, still in enumerate(climbers):
            _row(scene, side, FOOT + RISE * step, still, peptide)
        for step, (before, still) in enumerate(pairwise(climbers), 1):
            _lost(scene, side, step, before, still)
        _bond(scene, side, peptide, name, remark)
    _falling(scene)
    scene.caption(CAPTION)
    return scene.figure


def _ladder(scene: Scene) -> None:
    """Rails and rungs; each rung holds one mark more."""
    top = FOOT + RISE * STEPS
    for x in (MIDDLE - 40, MIDDLE + 40):
        for tone, width in ((NAIVE_T.edge, 8), (mix(NAIVE_T.line, PAPER, 0.45), 5)):
            scene.line([(x, FOOT - 22), (x, top + 20)], tone, width)
    for step in range(STEPS + 1):
        y = FOOT + RISE * step
        for tone, width in ((NAIVE_T.edge, 7), (mix(NAIVE_T.line, PAPER, 0.45), 4.4)):
            scene.line([(MIDDLE - 40, y), (MIDDLE + 40, y)], tone, width)
        marks = [(MIDDLE + 13 * (i - (step - 1) / 2), y + 10) for i in range(step)]
        scene.stamp(disc((0, 0), 6), marks, PHOSPHATE.line, PHOSPHATE.edge, 1.0)
        scene.stamp(disc((-1.6, 2.0), 2), marks, mix(PHOSPHATE.line, PAPER, 0.6))
        if step < STEPS:
            scene.arrow((MIDDLE, y + 22), (MIDDLE, y + RISE - 8), width=2.6)
    scene.arrow((MIDDLE, top + 24), (MIDDLE, top + 66), width=5)
    scene.name((MIDDLE, top + 76), "signal", ACTIVATES)


def _row(scene: Scene, side: int, y: float, still: int, peptide: Colour) -> None:
    """Those that still hold, next to the ladder, and the places of those that have let go."""
    end = MIDDLE + side * (INNER + PITCH * (BOUND - 0.4))
    scene.line([(MIDDLE + side * 44, y - 11), (end, y - 11)], mix(NAIVE_T.line, PAPER, 0.55), 2.2)
    spots = [(MIDDLE + side * (INNER + PITCH * i), y) for i in range(BOUND)]
    scene.stamp(disc((0, 2), 3.6), spots[still:], None, mix(EMPTY.line, PAPER, 0.45), 0.9)
    scene.stamp(Path([(-3, -9), (-1, -2), (1, -2), (3, -9)]), spots[:still], None, TCR.edge, 1.6)
    scene.stamp(disc((0, -1.5), 3.9, 5.5), spots[:still], TCR.line, TCR.edge, 0.8)
    scene.stamp(disc((0, 6), 3.6), spots[:still], peptide.line, peptide.edge, 0.8)
    scene.text((MIDDLE + side * (INNER + PITCH * BOUND + 12), y - 5), f"{still}", bold=True, align="center")


def _falling(scene: Scene) -> None:
    """What the steps take, and what becomes of those that let go."""
    scene.text((MIDDLE, FOOT - 44), "a step takes 1 second on average", align="center")
    for side in (-1, 1):
        outer = MIDDLE + side * (INNER + PITCH * BOUND)
        scene.text((outer, FOOT - 44), "32 have bound", align="right" if side > 0 else "left")
    scene.name((60, FOOT + 2.5 * RISE - 6), "Who lets go loses all marks.", INHIBITS, align="left")


def _lost(scene: Scene, side: int, step: int, before: int, still: int) -> None:
    """An arrow down from the middle of the places that have just become empty, as thick as they are many."""
    x, y = MIDDLE + side * (INNER + PITCH * ((before + still - 1) / 2)), FOOT + RISE * step
    scene.arrow((x, y - 14), (x, y - RISE + 14), colour=INHIBITS, width=1.8 + (before - still) / 5)


def _bond(scene: Scene, side: int, peptide: Colour, name: str, remark: str) -> None:
    """The bond itself, seen close: T cell on the left, dendritic cell on the right."""
    nm, y, left = 6.2, HEIGHT - 70, MIDDLE + side * 248 - 194
    apart = 16.8 if side < 0 else 14.2  # the one on the left has just let go
    near, far = left + MEMBRANE * nm, left + (MEMBRANE + apart) * nm
    for x, colour, below in ((near, NAIVE_T, False), (far, DENDRITIC, True)):
        bilayer(scene, [(x, y + 56), (x, y - 56)], colour, MEMBRANE * nm, below=not below)
    tcr(scene, (near, y), 0, nm)
    pmhc(scene, (far, y), 180, nm, peptide=peptide)
    scene.text((near - 14, y - 74), "T cell", BODY, NAIVE_T.edge, align="center")
    scene.text((far + 14, y - 74), "dendritic cell", BODY, DENDRITIC.edge, align="center")
    words = far + MEMBRANE * nm + 16
    scene.label((words, y + 32), name, remark, colour=peptide, size=HEAD)
