"""The bystander effect: a mixed tumour under a payload that can leave its cell, and under one that cannot."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import dead_cell, her2, payload, small_antibodies, tumour_cell
from immunolab.draw.palette import HER2, PAPER, PAYLOAD, TISSUE, TUMOUR, mix
from immunolab.draw.scene import BODY, HEAD, Point, Scene, rounded

TITLE = "The bystander effect"
ALT = (
    "Two panels show the same mixed tumour: three cells with HER2, which have taken up a conjugate, and four cells without. On the left the "
    "payload crosses membranes: hexagons spread from the dying cells to their neighbours, and the neighbours without HER2 die as well; one "
    "cell further off survives. On the right the payload is charged, discs with a cross, and stays where it was set free: the three cells "
    "with HER2 die, the four without live. In a mixed tumour the chemistry of the payload decides who else is reached."
)
CAPTION = (
    "Where only some cells carry the target, a payload that crosses membranes reaches their neighbours too."
)
SOURCES = ("Ogitani2016", "Maass2016")

WIDTH, HEIGHT = 920, 516
PANEL = 440
POSITIVE = ((118, 250), (214, 330), (206, 176))  # cells with HER2
NEAR = ((298, 248), (108, 372), (110, 132))  # neighbours without
FAR = (386, 154)
R = 43
UP = 18  # the group stands this much higher


def draw() -> Figure:
    """Two panels that differ in the payload."""
    scene = Scene(WIDTH, HEIGHT)
    _tumour(scene, 10, "Payload crosses membranes", charged=False)
    _tumour(scene, 470, "Payload is charged, stays inside", charged=True)
    scene.caption(CAPTION)
    return scene.figure


def _tumour(scene: Scene, left: float, name: str, *, charged: bool) -> None:
    scene.path(
        rounded(left, 52, PANEL, HEIGHT - 104, 24),
        fill=mix(TISSUE.tint, PAPER, 0.35),
        edge=mix(TISSUE.line, PAPER, 0.7),
        width=1.6,
    )
    scene.name((left + PANEL / 2, HEIGHT - 34), name, PAYLOAD, size=HEAD)
    fate = np.random.default_rng(7)
    for number, (x, y) in enumerate(POSITIVE):
        cell = dead_cell(scene, (left + x, y + UP), R, TUMOUR, seed=number + 2)
        for angle in range(20 + 11 * number, 380, 72):
            her2(scene, *cell.surface(angle), 2.6)
        payload(scene, _inside(fate, (left + x, y + UP), 0.42 * R, 5), 6, charged=charged)
    for number, (x, y) in enumerate(NEAR):
        if charged:
            tumour_cell(scene, (left + x, y + UP), R, seed=number + 4)
        else:
            dead_cell(scene, (left + x, y + UP), R, TUMOUR, seed=number + 6)
            payload(scene, _inside(fate, (left + x, y + UP), 0.42 * R, 3), 6)
    tumour_cell(scene, (left + FAR[0] - 4, FAR[1]), R - 2, seed=9)
    if not charged:
        payload(
            scene,
            [
                (left + x, y + UP)
                for x, y in (
                    (163, 292),
                    (246, 286),
                    (256, 218),
                    (160, 214),
                    (160, 358),
                    (140, 322),
                    (116, 190),
                    (170, 140),
                    (232, 246),
                )
            ],
            6,
        )
    small_antibodies(scene, [(left + 316, 388, 40), (left + 384, 330, 160)], 2.6, payloads=4)
    scene.label((left + 300, 442), "conjugate")
    _key(scene, left, charged=charged)


def _inside(fate: np.random.Generator, at: Point, reach: float, count: int) -> list[Point]:
    """Places in a cell, none on another."""
    places: list[Point] = []
    while len(places) < count:
        x, y = fate.uniform(-reach, reach, 2)
        if np.hypot(x, y) < reach and all(np.hypot(at[0] + x - a, at[1] + y - b) > 14 for a, b in places):
            places.append((at[0] + x, at[1] + y))
    return places


def _key(scene: Scene, left: float, *, charged: bool) -> None:
    her2(scene, (left + 30, 70), 90, 2.6)
    scene.text((left + 42, 76), "cells with HER2", BODY, HER2.edge)
    words = "cells without: live" if charged else "far off: lives"
    scene.text((left + PANEL - 16, 76), words, BODY, TUMOUR.edge, align="right")
