"""Five courses of a tumour under treatment, one lane a patient."""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import people, small_cells
from immunolab.draw.palette import (
    ACTIVATES,
    ANTIBODY,
    GRID,
    INHIBITS,
    INK,
    MUTED,
    PAPER,
    PATIENT,
    T_CELL,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import BODY, Chart, Point, Scene, disc, rounded
from immunolab.tables import trial_outcomes

PSEUDO = trial_outcomes(outcome="pseudoprogression").iloc[0]
TITLE = "Five courses of a tumour"
ALT = (
    "Five lanes, one an invented patient, from the first dose over eighteen months; a tumour drawn at each scan shows by its size how it "
    "changes, and green marks the months with treatment. Lasting response: the tumour shrinks and stays small. Late "
    "progression: it shrinks and grows again after a year. Stopped early: treatment ends at month 4, and the tumour stays "
    "small. Pseudoprogression: it is larger on the first scan, with T cells inside, and then shrinks; "
    f"in one trial in melanoma {PSEUDO.successes:.0f} of {PSEUDO.n:.0f} patients. No response: it grows from scan to scan. A frame "
    "round the first scans of the last two says that they look alike: only a later scan tells growth from pseudoprogression."
)
CAPTION = (
    "Larger on the first scan: mostly true growth, sometimes not. Only a later scan tells the two apart."
)
SOURCES = ("Hodi2016",)

WIDTH, HEIGHT = 920, 620
CHART = Chart(236, 96, 640, 0, (0, 19), (0, 1))
SCANS = (0, 3, 6, 9, 12, 15, 18)  # months
TOP, LANE = 546, 96


class Lane(NamedTuple):
    """Size of the tumour at each scan as a share of the first, and the month of the last dose."""

    name: str
    remark: str
    sizes: tuple[float, ...]
    treated: float
    turn: tuple[int, str, str]  # the scan to look at, what it is called, its colour


LANES = (
    Lane(
        "Lasting response",
        "small, and stays so",
        (1, 0.6, 0.45, 0.35, 0.35, 0.35, 0.35),
        18,
        (1, "response", ACTIVATES),
    ),
    Lane(
        "Late progression",
        "shrinks, then grows",
        (1, 0.6, 0.45, 0.45, 0.5, 0.7, 0.95),
        15,
        (5, "progression", INHIBITS),
    ),
    Lane("Stopped early", "still responding", (1, 0.65, 0.5, 0.4, 0.4, 0.4, 0.4), 4, (2, "", INK)),
    Lane(
        "Pseudoprogression",
        f"{PSEUDO.successes:.0f} of {PSEUDO.n:.0f} patients\nof {PSEUDO.trial.split(',')[0]}",
        (1, 1.32, 0.8, 0.55, 0.4, 0.4, 0.4),
        18,
        (3, "response", ACTIVATES),
    ),
    Lane("No response", "grows from the start", (1, 1.32, 1.62), 5, (2, "progression", INHIBITS)),
)


def draw() -> Figure:
    """One lane a patient, a tumour at each scan."""
    scene = Scene(WIDTH, HEIGHT)
    for month in SCANS:
        x, _ = CHART.point(month, 0)
        scene.line([(x, 78), (x, HEIGHT - 38)], GRID, 1)
        scene.text((x, HEIGHT - 28), f"{month}", 13, MUTED, align="center")
    scene.text((CHART.left - 26, HEIGHT - 28), "scan in month", 13, MUTED, align="right")
    _same_scan(scene)
    for step, lane in enumerate(LANES):
        _lane(scene, TOP - step * LANE, lane)
    x, y = CHART.point(SCANS[1], 0)[0], TOP - 3 * LANE
    scene.label((x + 58, y + 44), "", "T cells have moved in", to=(x + 26, y + 8))
    _key(scene)
    scene.caption(CAPTION)
    return scene.figure


def _lane(scene: Scene, y: float, lane: Lane) -> None:
    start, dosed, end = (CHART.point(month, 0)[0] for month in (0, lane.treated, SCANS[len(lane.sizes) - 1]))
    scene.path(rounded(start, y - 5, end - start + 26, 10, 5), fill=mix(MUTED, PAPER, 0.78))
    scene.path(rounded(start, y - 5, dosed - start, 10, 5), fill=mix(ANTIBODY.tint, ANTIBODY.line, 0.45))
    if len(lane.sizes) == len(SCANS):
        scene.arrow((end + 10, y), (end + 42, y), 0, MUTED, 3)
    people(scene, [(24, y - 28)], 52, PATIENT)
    scene.label((46, y + 22), lane.name, lane.remark)
    for month, size in zip(SCANS, lane.sizes, strict=False):
        guests = 0.45 if lane.name == "Pseudoprogression" and size > 1 else 0.0
        _tumour(scene, (CHART.point(month, 0)[0], y), 25 * size, guests)
    scan, words, colour = lane.turn
    x, _ = CHART.point(SCANS[scan], 0)
    scene.text((x, y - 25 * lane.sizes[scan] - 18), words, BODY, colour, bold=True, align="center", halo=3)


def _same_scan(scene: Scene) -> None:
    """A frame round the first scans of the two lanes below: they look alike."""
    x, _ = CHART.point(SCANS[1], 0)
    low = TOP - 4 * LANE - 42
    scene.path(rounded(x - 44, low, 88, LANE + 86, 16), fill=mix(INHIBITS, PAPER, 0.94))
    scene.path(rounded(x - 44, low, 88, LANE + 86, 16), edge=INHIBITS, width=1.4, dashes=(5, 4))
    scene.text((x, low - 18), "alike here", BODY, INHIBITS, bold=True, align="center")


def _tumour(scene: Scene, at: Point, radius: float, guests: float = 0) -> None:
    """A lump of packed cells, a share of them T cells; its width is what a report of a scan gives."""
    number = round((radius / 4.9) ** 2)
    order = np.arange(number)
    reach, turn = (radius - 4.8) * np.sqrt(order / max(1, number - 1)), order * np.radians(137.5)
    places = np.column_stack([reach * np.cos(turn), reach * np.sin(turn)]) + at
    scene.path(disc(at, radius + 2), fill=PAPER)
    scene.path(disc(at, radius), fill=mix(TUMOUR.tint, TUMOUR.line, 0.25), edge=TUMOUR.line, width=1)
    guest = np.random.default_rng(4).random(number) < guests
    small_cells(scene, places[~guest], 4.8, TUMOUR)
    if guest.any():
        small_cells(scene, places[guest], 4.8, T_CELL)


def _key(scene: Scene) -> None:
    y = 56
    scene.path(rounded(CHART.left, y, 34, 10, 5), fill=mix(ANTIBODY.tint, ANTIBODY.line, 0.45))
    scene.text((CHART.left + 42, y), "on treatment", BODY)
    scene.path(rounded(CHART.left + 170, y, 34, 10, 5), fill=mix(MUTED, PAPER, 0.78))
    scene.text((CHART.left + 212, y), "no longer", BODY)
    scene.text((CHART.left + 310, y), "Invented courses", 13, MUTED)
