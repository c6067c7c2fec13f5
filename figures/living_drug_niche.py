"""Room for CAR-T cells: normal T cells, CAR-T cells and tumour cells, with and without lymphodepletion."""

from random import Random

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import dead_cell, leukaemia_cell, small_cells
from immunolab.draw.palette import ANTIBODY, GRID, MUTED, NAIVE_T, NODE, PAPER, T_CELL, TUMOUR, mix
from immunolab.draw.scene import BODY, HEAD, LINE, Point, Scene, disc
from immunolab.models.car_t import simulate_kimmel
from immunolab.tables import kimmel

TITLE = "Room for CAR-T cells"
ALT = (
    "Two panels show the same niche, an oval with a limited number of places, above tumour cells. On the left normal T cells "
    "hold nearly all places; the few CAR-T cells find no room and reach the tumour with a thin line. On the right "
    "lymphodepletion has emptied the niche; CAR-T cells have filled most of it and hold the tumour back with a thick line. "
    "The peak of CAR-T cells in the model is about sixteen times as high. Normal T cells do not kill CAR-T cells; they take "
    "the room."
)
CAPTION = "Normal T cells and CAR-T cells share one niche: lymphodepletion makes room, and CAR-T cells grow into it."
SOURCES = ("Kimmel2021",)

WIDTH, HEIGHT = 920, 590
PANELS = (230, 690)  # middles
NICHE, TARGET = 354, 132
NORMAL = NAIVE_T
START = (
    kimmel().lymphocytes0_per_uL,
    30.0,
)  # normal T cells per µL on the day of infusion: after lymphodepletion, and with little of it
PEAKS = [simulate_kimmel(kimmel(n0_cells=kimmel().n0_cells * n / START[0]), 60.0).peak[1] for n in START]


def draw() -> Figure:
    """Little room, then much."""
    scene = Scene(WIDTH, HEIGHT)
    scene.line([(460, 60), (460, HEIGHT - 20)], GRID, 1.5)
    for x, name, blood, peak, filled, width in (
        (PANELS[0], "Little lymphodepletion", START[1], PEAKS[1], (22, 3), 2.0),
        (PANELS[1], "After lymphodepletion", START[0], PEAKS[0], (5, 17), 6.5),
    ):
        scene.name((x, HEIGHT - 34), name, size=HEAD)
        scene.text(
            (x, HEIGHT - 56),
            f"{blood:.0f} normal T cells per µL on the day of infusion",
            BODY,
            align="center",
        )
        _niche(scene, x, *filled)
        scene.bar((x, NICHE - 122), (x, TARGET + 58), width=width)
        scene.text((x + 26, TARGET + 76), f"peak {peak:.0f} CAR-T cells per µL", BODY, T_CELL.edge, bold=True)
        _target(scene, x, filled[1] > 10)
    scene.text((18, 50), "numbers: model of Kimmel 2021", 13, MUTED)
    scene.caption(CAPTION)
    return scene.figure


def _niche(scene: Scene, x: float, normal: int, engineered: int) -> None:
    """An oval with places; what is free is a dashed ring."""
    scene.path(
        disc((x, NICHE), 202, 119),
        fill=mix(NODE.tint, PAPER, 0.15),
        edge=mix(NODE.line, PAPER, 0.3),
        width=2.6,
        role=LINE,
    )
    scene.path(disc((x, NICHE), 196, 113), edge=PAPER, width=2)
    places = _places(x)
    fate = Random(7)
    fate.shuffle(places)
    for place in places[normal + engineered :]:
        scene.path(disc(place, 15), edge=mix(NODE.line, PAPER, 0.25), width=1.4, dashes=(3.5, 4))
    with scene.faded(0.4):
        small_cells(scene, places[engineered : engineered + normal], 17, NORMAL, nucleus=0.68)
    small_cells(scene, places[:engineered], 15.5, T_CELL, car=ANTIBODY)
    if normal > engineered:
        cell = _nearest(places[engineered : engineered + normal], (x - 130, NICHE + 60))
        scene.label((x - 216, NICHE + 136), "Normal T cells", colour=NORMAL, to=cell)
        cell = _nearest(places[:engineered], (x + 20, NICHE + 80))
        scene.label((cell[0], NICHE + 142), "CAR-T cells", colour=T_CELL, to=cell, align="center")
    else:
        free = _nearest(places[normal + engineered :], (x + 150, NICHE - 40))
        scene.label((x + 216, NICHE - 104), "Free place", colour=NODE, to=free, align="right")


def _nearest(places: list[Point], to: Point) -> Point:
    return min(places, key=lambda place: np.hypot(place[0] - to[0], place[1] - to[1]))


def _places(x: float) -> list[Point]:
    places = []
    for row, y in enumerate(np.arange(-76, 77, 38)):
        for column in np.arange(-180 + (row % 2) * 22, 181, 44):
            if (column / 172) ** 2 + (y / 92) ** 2 < 1.0:
                places.append((float(x + column), float(NICHE + y)))
    return places


def _target(scene: Scene, x: float, held: bool) -> None:
    for step, dx in enumerate((-120, -60, 0, 60, 120)):
        at = (x + dx, TARGET - (8 if step % 2 else 0))
        if held and step != 3:
            dead_cell(scene, at, 27, seed=step + 2)
        else:
            leukaemia_cell(scene, at, 28, seed=step + 1, shadow=False)
    scene.name((x, TARGET - 60), "Tumour cells", TUMOUR)
