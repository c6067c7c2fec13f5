"""Five steps from a dish to a longer life, and what can mislead on each."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import healthy_cell, mouse, people, small_cells, t_cell, tumour_cell, vial
from immunolab.draw.palette import (
    ANTIBODY,
    CONTROL,
    INHIBITS,
    INK,
    MUTED,
    PAPER,
    PATIENT,
    SHADOW,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, Chart, Point, Scene, disc, rounded
from immunolab.models.survival import kaplan_meier
from immunolab.tables import comparison

TITLE = "The ladder of evidence"
ALT = (
    "Five steps that rise from left to right, each with a picture, what it can show and what can mislead. A dish with cells: a "
    "mechanism; a dish is no body. A mouse with a tumour: an effect in a body; a mouse tumour grows in weeks. One group of "
    "patients, all treated: tumours shrink; nobody says how they would have fared without. Two groups by lot, with a "
    "surrogate such as time without growth: a delay; a delay need not lengthen life. Two groups by lot, and who is alive: a longer life; "
    "later treatment in the control arm can hide it. Each step answers a question that the step below leaves open."
)
CAPTION = "Each step answers what the step below leaves open; none is free of traps."
SOURCES = ("Long2019", "Hodi2018")

WIDTH, HEIGHT = 920, 536
LEFT, STEP, RISE, FOOT = 16, 179, 20, 58  # pixels: first step, its width, how much each is higher, ground
BLOCK = 200  # the height of the first step


def draw() -> Figure:
    """The stairs, a picture on each, words in each."""
    scene = Scene(WIDTH, HEIGHT)
    for number, (name, shows, misleads, picture) in enumerate(STEPS):
        left, top = LEFT + STEP * number, FOOT + BLOCK + RISE * number
        wide = STEP - 7
        tone = mix(PATIENT.line, PAPER, 0.92 - 0.055 * number)
        scene.path(rounded(left + 3, FOOT - 4, wide, top - FOOT, 12), fill=SHADOW, alpha=0.07)
        scene.path(rounded(left, FOOT, wide, top - FOOT, 12), fill=tone)
        picture(scene, (left + wide / 2, top))
        scene.step((left + 20, top - 22), number + 1, PATIENT.edge)
        scene.text((left + 38, top - 27), name, BODY, PATIENT.edge, bold=True)
        scene.text((left + 12, top - 56), "can show", 13, MUTED)
        scene.text((left + 12, top - 62), shows, BODY, valign="top")
        scene.text((left + 12, top - 130), "can mislead", 13, INHIBITS, bold=True)
        scene.text((left + 12, top - 136), misleads, BODY, valign="top")
    scene.label(
        (20, HEIGHT - 18), "Do patients live longer?", "Each step comes nearer to this question.", size=HEAD
    )
    for x, words, colour in ((20, "treated", ANTIBODY), (110, "control arm", CONTROL)):
        people(scene, [(x + 8, HEIGHT - 96)], 28, colour)
        scene.text((x + 22, HEIGHT - 88), words, BODY, colour.edge)
    scene.caption(CAPTION)
    return scene.figure


def _dish(scene: Scene, at: Point) -> None:
    x, y = at
    scene.path(disc((x, y + 34), 70, 22), fill=mix(MUTED, PAPER, 0.8), edge=MUTED, width=1.6)
    scene.path(rounded(x - 70, y + 34, 140, 12, 1), fill=mix(MUTED, PAPER, 0.8))
    scene.path(disc((x, y + 46), 70, 22), fill=mix(PAPER, INHIBITS, 0.08), edge=MUTED, width=1.8)
    tumour_cell(scene, (x + 14, y + 50), 17, seed=3, shadow=False)
    t_cell(scene, (x - 20, y + 48), 14, "effector", shadow=False)
    healthy_cell(scene, (x + 46, y + 46), 10, shadow=False)


def _mouse(scene: Scene, at: Point) -> None:
    x, y = at
    flank = mouse(scene, (x - 14, y + 31), 104, CONTROL)
    places = [
        (flank[0] + 2 + 6 * dx, flank[1] + 8 + 6 * dy)
        for dx, dy in ((0, 0), (1, 0.2), (0.5, 1), (-0.5, 0.9), (1.4, 1))
    ]
    small_cells(scene, places, 4.8, TUMOUR)


def _one_arm(scene: Scene, at: Point) -> None:
    x, y = at
    people(scene, [(x - 54 + 27 * k, y + 30) for k in range(5)], 46, ANTIBODY)
    people(scene, [(x - 41 + 27 * k, y + 8) for k in range(4)], 50, ANTIBODY)
    vial(scene, (x + 72, y + 8), ANTIBODY)


def _two_arms(scene: Scene, at: Point) -> None:
    x, y = at
    for side, colour in ((-1, ANTIBODY), (1, CONTROL)):
        people(scene, [(x + side * 52 + dx, y + 20) for dx in (-20, 0, 20)], 38, colour)
        people(scene, [(x + side * 52 + dx, y + 6) for dx in (-10, 10)], 42, colour)


def _surrogate(scene: Scene, at: Point) -> None:
    """Two groups, and the scan that is watched in their place."""
    _two_arms(scene, at)
    x, y = at[0], at[1] + 94
    for dx, radius in ((-50, 8), (50, 17)):
        scene.path(rounded(x + dx - 30, y - 24, 60, 48, 8), fill=mix(INK, PAPER, 0.1))
        scene.path(disc((x + dx, y), 25, 19), fill=mix(INK, PAPER, 0.5))
        scene.path(disc((x + dx + 5, y - 1), radius, 0.8 * radius), fill=mix(TUMOUR.tint, PAPER, 0.3))


def _survival(scene: Scene, at: Point) -> None:
    """Two groups, and who of them is alive."""
    _two_arms(scene, at)
    trial = comparison("CheckMate 067, both antibodies")
    chart = Chart(at[0] - 66, at[1] + 76, 138, 62, (0, 48), (0, 1))
    scene.line([chart.point(0, 1), chart.point(0, 0), chart.point(48, 0)], MUTED, 1.6)
    for patients, colour in zip(trial.patients, (ANTIBODY, CONTROL), strict=True):
        curve, months = kaplan_meier(patients), np.linspace(0, 48, 60)
        scene.line(chart.points(months, curve.at(months)), colour.line, 3)


STEPS: tuple[tuple[str, str, str, Callable[[Scene, Point], None]], ...] = (
    ("Laboratory", "how a drug\ncould work", "a dish has no blood,\nno organs, no time", _dish),
    (
        "Animal",
        "that it can work\nin a living body",
        "mice are much alike,\ntheir tumours grow\nin weeks",
        _mouse,
    ),
    (
        "One arm",
        "that tumours shrink;\nfrequent harms",
        "nobody to compare\nwith; epacadostat\nlooked good until\nECHO-301",
        _one_arm,
    ),
    (
        "By lot: surrogate",
        "a delay of growth\nor of return",
        "a delay need not\nlengthen life; not all\ngrowth on a scan\nis growth",
        _surrogate,
    ),
    (
        "By lot: survival",
        "that patients\nlive longer",
        "later treatment in\nthe control arm can\nhide it; the tail\nrests on few",
        _survival,
    ),
)
