"""From the patient's blood to the factory and back, with days."""

from itertools import pairwise

from matplotlib.figure import Figure

from immunolab.draw.glyphs import bag, car_t_cell, red_cell, t_cell, vector, vessel
from immunolab.draw.palette import ACTIVATES, BLOOD, INK, MUTED, PAPER, SHADOW, T_CELL, mix
from immunolab.draw.scene import BODY, HEAD, LINE, Point, Scene, disc, smooth_line
from immunolab.tables import car_product, vein_to_vein

TITLE = "From vein to vein"
ALT = (
    "A blood vessel of the patient runs across the top, a row of stations of the factory along the bottom. On the left blood "
    "cells are collected from a vein into a bag, leukapheresis. In the factory T cells are sorted out and activated, often "
    "with beads, a viral vector brings the gene of the CAR, the cells multiply, are tested and frozen. On the right the bag is "
    "infused into a vein. Above, in the patient, bridging treatment and then lymphodepletion on days 5 to 3 before the "
    "infusion. The way takes weeks, about four to seven at the median, and the tumour goes on growing meanwhile."
)
CAPTION = (
    "The patient’s own T cells leave by a vein, get a new receptor, multiply, and come back weeks later."
)
SOURCES = ("V2V2023", "YescartaLabel")

WIDTH, HEIGHT = 920, 596
VEIN = 462
FLOOR = 186  # the middle of the stations
STATIONS = (190, 325, 460, 595, 730)
OUT, BACK = 62, 858  # x of the two bags
DAYS = vein_to_vein().query("setting == 'all studies' and region == 'all'").set_index("product").median_d


def draw() -> Figure:
    """The patient above, the factory below."""
    scene = Scene(WIDTH, HEIGHT)
    _tube(scene, [(OUT, VEIN - 10), (OUT, VEIN - 70), (OUT, 352)])
    _tube(scene, [(BACK, 352), (BACK, VEIN - 70), (BACK, VEIN - 10)])
    _patient(scene)
    _bags(scene)
    _days(scene)
    _factory(scene)
    scene.caption(CAPTION)
    return scene.figure


def _tube(scene: Scene, points: list[Point]) -> None:
    for colour, width in ((mix(MUTED, PAPER, 0.35), 9), (PAPER, 6), (mix(BLOOD.line, PAPER, 0.35), 3.4)):
        scene.path(smooth_line(points), edge=colour, width=width)


def _patient(scene: Scene) -> None:
    """The vein with red cells and T cells; treatment on the way."""
    way = [(-20, VEIN - 4), (230, VEIN + 5), (460, VEIN - 1), (690, VEIN + 5), (940, VEIN - 3)]
    vessel(scene, way, 58)
    for x, y, tilt in (
        (26, 8, 20), (98, -14, -30), (196, 14, 40), (262, -10, 0), (330, 12, -50), (420, -12, 25), (492, 8, 60),
        (560, -10, -20), (640, 14, 15), (712, -8, -40), (804, 14, 35), (900, -10, 0),
    ):  # fmt: skip
        red_cell(scene, (x, VEIN + y), 10, tilt)
    t_cell(scene, (146, VEIN + 2), 17, "naive", shadow=False)
    car_t_cell(scene, (768, VEIN - 2), 16, angles=(50, 140, 230, 320), nm=1.7)
    scene.name((18, HEIGHT - 34), "In the patient", BLOOD, align="left", size=HEAD)
    _while(scene, 216, 548, "bridging treatment, if the tumour cannot wait")
    _while(scene, 566, 728, "lymphodepletion")
    scene.text((647, VEIN + 78), "axi-cel: days −5, −4, −3", BODY, align="center")
    scene.name((BACK, VEIN + 58), "day 0", BLOOD)


def _while(scene: Scene, left: float, right: float, words: str) -> None:
    y = VEIN + 47
    scene.line([(left, y - 6), (left, y), (right, y), (right, y - 6)], BLOOD.line, 1.6, role=LINE)
    scene.text(((left + right) / 2, y + 10), words, BODY, BLOOD.edge, align="center")


def _bags(scene: Scene) -> None:
    """What leaves and what comes back."""
    for x, colour in ((OUT, BLOOD), (BACK, T_CELL)):
        bag(scene, x - 33, 254, 66, 92, colour, 0.72)
    t_cell(scene, (OUT - 8, 288), 12, "naive", shadow=False)
    red_cell(scene, (OUT + 13, 304), 7, -30)
    scene.label((OUT + 44, 352), "Leukapheresis", "white cells of the blood\nare collected", colour=BLOOD)
    scene.label((BACK - 44, 352), "Infusion", "once", colour=T_CELL, align="right")


def _days(scene: Scene) -> None:
    """How long it takes, from the table."""
    axi, tisa = (DAYS[car_product(short).name] for short in ("axi-cel", "tisa-cel"))
    words = f"{axi:.0f} (axi-cel), {tisa:.0f} (tisa-cel)"
    y = 262
    scene.line([(OUT + 46, y), (BACK - 46, y)], INK, 1.4, role=LINE)
    for x in (OUT + 46, BACK - 46):
        scene.line([(x, y - 6), (x, y + 6)], INK, 1.4)
    scene.label(
        (460, 312), "Days from vein to vein", f"medians of studies in lymphoma: {words}", align="center"
    )


def _factory(scene: Scene) -> None:
    """Five stations."""
    for x in STATIONS:
        scene.path(disc((x, FLOOR - 46), 52, 9), fill=SHADOW, alpha=0.07)
        scene.path(
            disc((x, FLOOR), 54), fill=mix(T_CELL.tint, PAPER, 0.6), edge=mix(MUTED, PAPER, 0.45), width=2.4
        )
        scene.path(disc((x, FLOOR), 49), edge=PAPER, width=3)
    for left, right in pairwise(STATIONS):
        scene.arrow((left + 57, FLOOR), (right - 56, FLOOR), 0, MUTED, 3)
    scene.arrow((OUT, 232), (132, FLOOR + 4), 0.25, MUTED, 3)
    scene.arrow((788, FLOOR + 4), (BACK, 232), 0.25, MUTED, 3)
    _sorted(scene, STATIONS[0])
    _activated(scene, STATIONS[1])
    _transduced(scene, STATIONS[2])
    _grown(scene, STATIONS[3])
    _released(scene, STATIONS[4])
    for number, (x, name, remark) in enumerate(
        zip(
            STATIONS,
            ("Sorted", "Activated", "Transduced", "Grown", "Released"),
            (
                "T cells kept",
                "often by beads for\nCD3 and CD28",
                "a vector brings\nthe CAR’s gene",
                "cells divide",
                "tested, frozen,\nor rejected",
            ),
            strict=True,
        ),
        1,
    ):
        scene.step((x - 42, FLOOR + 42), number, T_CELL.edge)
        scene.label((x, FLOOR - 62), name, remark, colour=T_CELL, align="center")
    scene.name((18, 84), "In the factory", T_CELL, align="left", size=HEAD)


def _sorted(scene: Scene, x: float) -> None:
    t_cell(scene, (x - 8, FLOOR + 8), 25, "naive", shadow=False)
    with scene.faded(0.55):
        red_cell(scene, (x + 28, FLOOR - 18), 9, 30)
        red_cell(scene, (x + 12, FLOOR - 33), 9, -20)


def _activated(scene: Scene, x: float) -> None:
    t_cell(scene, (x, FLOOR), 27, "effector", shadow=False)
    for dx, dy in ((30, 16), (-32, 8), (10, -34)):
        for size, fill in ((9, mix(INK, PAPER, 0.35)), (5, mix(INK, PAPER, 0.6))):
            scene.path(disc((x + dx, FLOOR + dy), size), fill=fill, edge=INK if size > 5 else None, width=1)


def _transduced(scene: Scene, x: float) -> None:
    t_cell(scene, (x - 6, FLOOR - 6), 28, "effector", shadow=False)
    vector(scene, (x + 25, FLOOR + 23), 10, tilt=-40)
    vector(scene, (x - 24, FLOOR + 31), 8, tilt=20)


def _grown(scene: Scene, x: float) -> None:
    for dx, dy, turns in ((-18, 13, (90, 160)), (20, 8, (20, 80)), (0, -24, (200, 330))):
        car_t_cell(scene, (x + dx, FLOOR + dy), 17, angles=turns, nm=1.7)


def _released(scene: Scene, x: float) -> None:
    bag(scene, x - 16, FLOOR - 25, 32, 44, T_CELL, 0.75)
    scene.text((x + 26, FLOOR - 6), "✓", 20, ACTIVATES, bold=True, align="center")
