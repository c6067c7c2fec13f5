"""The two compartments of an antibody in the body, and a clearance that falls with time."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import igg, red_cell, tissue
from immunolab.draw.palette import ANTIBODY, BLOOD, INK, MUTED, PAPER, PREDICTION, SHADOW, TISSUE, TUMOUR, mix
from immunolab.draw.scene import (
    LINE,
    Chart,
    Point,
    Scene,
    disc,
    moved,
    rounded,
    smooth_line,
    smooth_polygon,
)
from immunolab.tables import antibody

TITLE = "Two compartments and a closing tap"
ALT = (
    "An infusion bag drips antibody into a vessel of blood, the volume V1. A double pipe, the flow Q, joins it to a vessel of "
    "tissue, the volume V2; antibody goes both ways. From the blood a tap, the clearance CL, lets antibody out; its handle has "
    "turned part of the way towards closed. A small chart shows the clearance of nivolumab falling within months to about "
    "three quarters of its start. The same dose then gives a higher concentration."
)
CAPTION = "The dose fills two compartments; for some antibodies the tap that empties them slowly closes."
SOURCES = ("Bajaj2017",)

WIDTH, HEIGHT = 920, 572
DRUG = antibody("nivolumab", study="Bajaj 2017")
MONTH = 365.25 / 12  # days
GLASS, SHINE = mix(MUTED, PAPER, 0.35), mix(MUTED, PAPER, 0.80)
CLEARANCE = PREDICTION
Box = tuple[float, float, float, float]  # left, low, width, height
BLOOD_TANK: Box = (196, 262, 260, 216)
TISSUE_TANK: Box = (614, 262, 276, 216)
BAG: Box = (50, 404, 92, 118)
TAP = (326, 196)

# Where antibodies float and how they are turned, and the red cells between them.
IN_BLOOD = (
    (272, 414, 70), (330, 452, 200), (302, 318, 120), (386, 374, 20), (420, 404, 300), (346, 340, 250), (262, 344, 0),
    (392, 326, 160),
)  # fmt: skip
IN_TISSUE = (
    (672, 420, 40),
    (760, 446, 150),
    (842, 404, 280),
    (712, 330, 100),
    (806, 318, 210),
    (770, 378, 330),
)
IN_BAG = ((76, 468, 80), (112, 446, 200), (80, 428, 310))
RED_CELLS = (
    (232, 440, 20), (300, 366, -30), (398, 446, 50), (420, 314, 10), (250, 300, -50), (352, 420, 75), (372, 290, 0),
    (240, 372, 60),
)  # fmt: skip


def draw() -> Figure:
    """From the bag to the tap."""
    scene = Scene(WIDTH, HEIGHT)
    _pipes(scene)
    _bag(scene)
    _blood(scene)
    _tissue(scene)
    _tap(scene)
    _falling(scene)
    tag = f"numbers: {DRUG.name}, model of {DRUG.study}"
    scene.text((WIDTH - 30, HEIGHT - 30), tag, 13, MUTED, align="right")
    scene.caption(CAPTION)
    return scene.figure


def _pipes(scene: Scene) -> None:
    """The double way between blood and tissue, the way in and the way out."""
    for y, start, end in ((402, 490, 580), (334, 580, 490)):
        _pipe(scene, [(440, y), (630, y)], 24, mix(BLOOD.tint, TISSUE.tint, 0.4))
        scene.arrow((start, y), (end, y), colour=ANTIBODY.line, width=3)
    scene.name((535, 363), "exchange Q")
    _pipe(scene, [(96, 400), (96, 372), (100, 348), (130, 336), (210, 336)], 9, ANTIBODY.tint)
    x, y = TAP
    _pipe(scene, [(x, 280), (x, y + 14)], 20, mix(ANTIBODY.tint, BLOOD.tint, 0.5))
    _pipe(scene, [(x, y - 14), (x, y - 44)], 14, mix(ANTIBODY.tint, PAPER, 0.3))


def _pipe(scene: Scene, points: list[Point], width: float, liquid: str) -> None:
    """A glass pipe with liquid."""
    way = smooth_line(points)
    for edge, wide in ((GLASS, width + 5), (SHINE, width + 1.5), (liquid, width - 2)):
        scene.path(way, edge=edge, width=wide)
    scene.path(moved(way, 0, 0.22 * width), edge=PAPER, width=0.2 * width, alpha=0.6)


def _tank(scene: Scene, box: Box, liquid: str, deep: str) -> None:
    """A glass vessel: its wall, and a liquid that is darker towards rim and bottom."""
    left, low, width, height = box
    scene.path(rounded(left + 4, low - 6, width, height, 30), fill=SHADOW, alpha=0.06)
    scene.path(rounded(*box, 30), fill=SHINE, edge=GLASS, width=3)
    for share in np.linspace(0, 1, 14):
        inset, lift = 5 + 9 * share, 22 * share
        size = width - 2 * inset, height - 2 * inset - lift
        layer = rounded(left + inset, low + inset + lift, *size, 27 - 4 * share)
        scene.path(layer, fill=mix(deep, liquid, share))


def _front(scene: Scene, box: Box, name: str, colour: str) -> None:
    """The bright edge of the glass, and the name above it."""
    left, low, width, height = box
    scene.path(rounded(left + 13, low + 34, 8, height - 68, 4), fill=PAPER, alpha=0.65)
    scene.name((left + width / 2, low + height + 16), name, colour)


def _blood(scene: Scene) -> None:
    """The first compartment: what a blood sample shows."""
    _tank(scene, BLOOD_TANK, mix(BLOOD.tint, PAPER, 0.25), mix(BLOOD.tint, BLOOD.line, 0.28))
    for x, y, tilt in RED_CELLS:
        red_cell(scene, (x, y), 13, tilt)
    _antibodies(scene, IN_BLOOD)
    _front(scene, BLOOD_TANK, f"Plasma and near it, V₁ = {DRUG.v1_L:.1f} L", BLOOD.edge)


def _tissue(scene: Scene) -> None:
    """The second compartment, between the cells of the tissue."""
    left, low, width, height = TISSUE_TANK
    _tank(scene, TISSUE_TANK, mix(TISSUE.tint, PAPER, 0.2), mix(TISSUE.tint, TISSUE.line, 0.22))
    inner = rounded(left + 2, low + 2, width - 4, height - 4, 28)
    tissue(scene, inner, TUMOUR, TISSUE, apart=50, haze=0.72, rim=False)
    _antibodies(scene, IN_TISSUE)
    _front(scene, TISSUE_TANK, f"Tissue, V₂ = {DRUG.v2_L:.1f} L", TISSUE.edge)


def _bag(scene: Scene) -> None:
    """The infusion bag."""
    left, low, width, height = BAG
    middle = left + width / 2
    scene.line([(middle, low + height), (middle, low + height + 20)], GLASS, 3)
    scene.path(disc((middle, low + height + 26), 6), edge=GLASS, width=3)
    scene.path(rounded(*BAG, 16), fill=mix(SHINE, PAPER, 0.5), edge=GLASS, width=3)
    deep, liquid = mix(ANTIBODY.tint, ANTIBODY.line, 0.18), mix(ANTIBODY.tint, PAPER, 0.4)
    for share in np.linspace(0, 1, 8):
        layer = rounded(left + 5 + 2 * share, low + 5 + 3 * share, width - 10 - 4 * share, 80 - 6 * share, 12)
        scene.path(layer, fill=mix(deep, liquid, share))
    _antibodies(scene, IN_BAG)
    scene.path(rounded(middle - 8, low - 20, 16, 22, 5), fill=PAPER, edge=GLASS, width=2.4)
    scene.name((middle, 304), "infusion", ANTIBODY)


def _antibodies(scene: Scene, floating: tuple[tuple[float, float, float], ...]) -> None:
    """Free antibodies, arms apart."""
    for x, y, turn in floating:
        sides = np.radians([turn - 38, turn + 38])
        arms = [(x + 20 * np.cos(side), y + 20 * np.sin(side)) for side in sides]
        igg(scene, arms, turn + 180, 2.3, silent=True)


def _tap(scene: Scene) -> None:
    """The outlet, its handle on the way to closed, and what drips out."""
    x, y = TAP
    for turn, fade in ((-74, 0.8), (-54, 0.62), (-30, 0.0)):
        end = (x + 64 * np.cos(np.radians(turn)), y + 64 * np.sin(np.radians(turn)))
        with scene.faded(fade):
            scene.line([(x, y), end], INK, 11)
            scene.line([(x, y), end], mix(MUTED, PAPER, 0.15), 8)
            scene.path(disc(end, 9), fill=CLEARANCE, edge=INK, width=1.6)
    scene.path(disc((x, y), 20), fill=mix(MUTED, PAPER, 0.55), edge=INK, width=1.6)
    scene.path(disc((x - 3, y + 4), 12), fill=mix(MUTED, PAPER, 0.75))
    drop = smooth_polygon([(0, 9), (5, -1), (3.6, -6), (0, -8), (-3.6, -6), (-5, -1)])
    places = [(x, y - 62), (x, y - 86), (x, y - 114)]
    scene.stamp(drop, places, mix(ANTIBODY.line, PAPER, 0.55), ANTIBODY.line, 1)
    scene.arrow((x + 34, y - 82), (x + 82, y - 50), -0.2, MUTED, width=2.6)
    scene.label((x + 96, y + 22), "Clearance CL,", "the tap, turns\nslowly towards closed", colour=CLEARANCE)


def _falling(scene: Scene) -> None:
    """Clearance against time, as fitted."""
    chart = Chart(622, 98, 266, 84, (0, 6), (0, 0.25))
    month = np.linspace(0, 6, 80)
    risen = (month * MONTH) ** DRUG.hill
    clearance = DRUG.cl_L_d * np.exp(DRUG.emax * risen / (DRUG.t50_d**DRUG.hill + risen))
    chart.axes(scene, (0, 2, 4, 6), (0, 0.1, 0.2), "months of treatment")
    scene.line(chart.points(month, clearance), CLEARANCE, 3, role=LINE)
    x, y = chart.point(6, clearance[-1])
    fall = 100 * (1 - clearance[-1] / DRUG.cl_L_d)
    scene.name((x, y - 20), f"−{fall:.0f} %", CLEARANCE, align="right")
    scene.name((chart.left, 204), "CL, L per day", CLEARANCE, align="left")
