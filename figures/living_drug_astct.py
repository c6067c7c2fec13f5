"""The grades of cytokine release syndrome as a grid of three rows."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.palette import BLOOD, INHIBITS, INK, MUTED, NOW, PAPER, mix
from immunolab.draw.scene import (
    BODY,
    HEAD,
    Point,
    Scene,
    disc,
    rounded,
    smooth_line,
    smooth_polygon,
)

TITLE = "Grades of cytokine release syndrome"
ALT = (
    "A grid of three rows and four columns, one a grade. Fever of 38 degrees or more is in all four. Blood pressure: normal; "
    "low, fluids are enough; one vasopressor; several vasopressors. Oxygen: none needed; low flow of up to 6 litres a "
    "minute; high flow or a mask; pressure by CPAP, BiPAP or a ventilator. A patient with 38.6 degrees, noradrenaline alone and "
    "3 litres of oxygen is marked in all three rows; the blood pressure lies furthest to the right, in grade 3. The worst "
    "row decides the grade."
)
CAPTION = "Fever opens the scale; then the worse of blood pressure and oxygen decides the grade."
SOURCES = ("Lee2019",)

WIDTH, HEIGHT = 920, 536
LEFT, TOP = 190, 464
COLUMN, ROW, GAP = 179, 112, 7
HEAT = (0.92, 0.84, 0.72, 0.58)  # how pale the ground of each grade is
ROWS = (
    ("Temperature", ("38 °C or more, in every grade",), 0),
    ("Blood pressure", ("normal", "low; fluids\nare enough", "one\nvasopressor", "several\nvasopressors"), 2),
    ("Oxygen", ("none needed", "low flow,\nup to 6 L/min", "high flow,\nor a mask", "by pressure: CPAP,\nBiPAP, ventilator"), 1),
)  # fmt: skip
EXAMPLE = ("38.6 °C", "noradrenaline", "3 L/min")


def draw() -> Figure:
    """Grades from left to right, what is measured from above downwards."""
    scene = Scene(WIDTH, HEIGHT)
    scene.name((16, TOP + 22), "CRS grade", INK, align="left", size=HEAD)
    for grade in range(4):
        middle = LEFT + COLUMN * grade + COLUMN / 2
        scene.step((middle, TOP + 28), grade + 1)
    for row, (name, words, marked) in enumerate(ROWS):
        low = TOP - ROW * (row + 1)
        (_thermometer, _cuff, _mask)[row](scene, (46, low + ROW / 2 + 4))
        scene.name((76, low + ROW / 2), name.replace(" ", "\n"), align="left", valign="center")
        for grade, text in enumerate(words):
            left = LEFT + COLUMN * grade
            wide = COLUMN * 4 // len(words)
            _cell(scene, left, low, wide, text, HEAT[grade])
            if grade == marked:
                _mark(scene, left, low, wide, EXAMPLE[row], row == 1)
    scene.text((16, 92), "Example: 38.6 °C, noradrenaline alone, 3 L/min of oxygen.", BODY)
    scene.text((16, 70), "The blood pressure lies furthest to the right:", BODY)
    scene.name((312, 70), "grade 3", INHIBITS, align="left")
    scene.text((904, 92), "After tocilizumab or a steroid the", BODY, MUTED, align="right")
    scene.text((904, 70), "temperature no longer has to be high.", BODY, MUTED, align="right")
    scene.caption(CAPTION)
    return scene.figure


def _cell(scene: Scene, left: float, low: float, wide: float, words: str, pale: float) -> None:
    box = rounded(left + GAP / 2, low + GAP / 2, wide - GAP, ROW - GAP, 12)
    scene.path(box, fill=mix(INHIBITS, PAPER, pale), edge=mix(INHIBITS, PAPER, pale - 0.25), width=1.2)
    scene.text((left + wide / 2, low + ROW / 2 + 14), words, BODY, align="center", valign="center")


def _mark(scene: Scene, left: float, low: float, wide: float, words: str, decides: bool) -> None:
    """Where the example stands; bold where it decides."""
    colour = INHIBITS if decides else INK
    box = rounded(left + GAP / 2, low + GAP / 2, wide - GAP, ROW - GAP, 12)
    scene.path(box, edge=colour, width=3.4 if decides else 2.2)
    scene.path(rounded(left + wide / 2 - 68, low + 13, 136, 26, 13), fill=colour)
    scene.text((left + wide / 2, low + 20.5), words, BODY, PAPER, bold=True, align="center")


def _thermometer(scene: Scene, at: Point) -> None:
    x, y = at
    scene.path(rounded(x - 7, y - 12, 14, 48, 7), fill=PAPER, edge=MUTED, width=2)
    scene.path(disc((x, y - 18), 12), fill=BLOOD.line, edge=MUTED, width=2)
    scene.path(rounded(x - 3, y - 18, 6, 40, 3), fill=BLOOD.line)
    for step in range(4):
        scene.line([(x + 9, y + 4 + 8 * step), (x + 14, y + 4 + 8 * step)], MUTED, 1.6)


def _cuff(scene: Scene, at: Point) -> None:
    """A manometer: its needle has fallen."""
    x, y = at
    scene.path(disc((x, y), 22), fill=PAPER, edge=MUTED, width=2.4)
    for turn in np.radians(np.arange(-30, 211, 40)):
        scene.line(
            [(x + 15 * np.cos(turn), y + 15 * np.sin(turn)), (x + 19 * np.cos(turn), y + 19 * np.sin(turn))],
            MUTED,
            1.6,
        )
    scene.line([(x, y), (x - 11, y - 7)], BLOOD.line, 3)
    scene.path(disc(at, 3.6), fill=INK)
    scene.path(smooth_line([(x + 8, y - 21), (x + 14, y - 32), (x + 4, y - 38)]), edge=MUTED, width=3)


def _mask(scene: Scene, at: Point) -> None:
    """An oxygen mask and its tube."""
    x, y = at
    mask = [(-17, 12), (0, 26), (17, 12), (20, -6), (9, -18), (-9, -18), (-20, -6)]
    scene.path(smooth_polygon(np.add(mask, at)), fill=mix(NOW, PAPER, 0.78), edge=NOW, width=2.2)
    scene.path(disc((x, y - 4), 6), fill=PAPER, edge=NOW, width=1.8)
    scene.path(
        smooth_line([(x, y - 18), (x + 3, y - 29), (x + 14, y - 33), (x + 22, y - 42)]), edge=NOW, width=3
    )
