"""Who was compared with whom: CheckMate 067 and DREAMseq, as streams of patients."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import people, vial
from immunolab.draw.palette import (
    ANTIBODY,
    CTLA4,
    EMPTY,
    INK,
    MUTED,
    PAPER,
    PATIENT,
    PD1,
    SMALL_MOLECULE,
    Colour,
    mix,
)
from immunolab.draw.scene import BODY, HEAD, LINE, Point, Scene, disc, rounded
from immunolab.tables import trial_outcomes

TITLE = "Two trials, drawn as streams of patients"
OUTCOMES = trial_outcomes()


def _value(trial: str, arm: str, outcome: str, months: float | None = None, column: str = "value") -> float:
    rows = OUTCOMES[(OUTCOMES.trial == trial) & (OUTCOMES.arm == arm) & (OUTCOMES.outcome == outcome)]
    rows = rows if months is None else rows[rows.time_months == months]
    return float(rows[column].iloc[0])


BOTH, NIVO, IPI = "nivolumab and ipilimumab", "nivolumab", "ipilimumab"
FIRST = ("nivolumab and ipilimumab first", "dabrafenib and trametinib first")
N = {arm: int(_value("CheckMate 067", arm, "alive", 60, "n")) for arm in (BOTH, NIVO, IPI)}
ALIVE = {arm: _value("CheckMate 067", arm, "alive", 60) for arm in N}
SECOND = [int(_value("DREAMseq", arm, "response, second step", None, "n")) for arm in FIRST]
ORDERS = [_value("DREAMseq", arm, "alive", 24) for arm in FIRST]
ALL = int(_value("DREAMseq", "both arms", "reached the second step", None, "n"))

ALT = (
    f"Two schemes in which the width of a stream counts patients. CheckMate 067: {sum(N.values())} patients with untreated "
    f"advanced melanoma part by lot into three streams: nivolumab and ipilimumab, {N[BOTH]}, nivolumab, {N[NIVO]}, and ipilimumab, "
    f"{N[IPI]}; after five years {ALIVE[BOTH]:.0f}, {ALIVE[NIVO]:.0f} and {ALIVE[IPI]:.0f} % are alive. DREAMseq: {ALL} patients with a "
    "BRAF mutation part into two orders: the two antibodies first and the two tablets second, or the other way round. The streams "
    f"become thin: only {SECOND[0]} and {SECOND[1]} reached the second step; after two years {ORDERS[0]:.0f} and {ORDERS[1]:.0f} % are "
    "alive. What comes first matters, because many never reach what comes second."
)
CAPTION = (
    f"What is planned second reaches only some, in DREAMseq {sum(SECOND)} of {ALL}: what comes first matters."
)
SOURCES = ("Larkin2019", "Atkins2023")

WIDTH, HEIGHT = 920, 640
DRUGS = {NIVO: PD1, IPI: CTLA4}
ARMS: dict[str, Colour] = {BOTH: ANTIBODY, NIVO: PD1, IPI: CTLA4}
UPPER, LOWER = 456, 164  # the middle of each scheme
WIDE = 0.11, 0.40  # pixels of a stream's width for a patient, in each scheme


def draw() -> Figure:
    """CheckMate 067 above, DREAMseq below."""
    scene = Scene(WIDTH, HEIGHT)
    _three_arms(scene)
    scene.line([(24, 306), (WIDTH - 24, 306)], mix(MUTED, PAPER, 0.75), 1, role=LINE)
    _two_orders(scene)
    scene.caption(CAPTION)
    return scene.figure


def _three_arms(scene: Scene) -> None:
    scene.label((24, HEIGHT - 16), "CheckMate 067", "untreated advanced melanoma", size=HEAD)
    scene.label((598, HEIGHT - 20), "Alive after five years", "one figure stands for ten patients")
    total = sum(N.values())
    _start(scene, UPPER, total, WIDE[0])
    top = total * WIDE[0] / 2
    for (arm, n), y in zip(N.items(), (UPPER + 72, UPPER, UPPER - 72), strict=True):
        wide, colour = n * WIDE[0], ARMS[arm]
        _stream(
            scene,
            [(126, UPPER + top - wide / 2), (160, UPPER + top - wide / 2), (240, y), (276, y)],
            wide,
            colour,
        )
        top -= wide
        _stream(scene, [(276, y), (560, y)], wide, colour)
        drugs = [drug for drug in DRUGS if drug in arm]
        for step, drug in enumerate(drugs):
            vial(scene, (292 + 18 * step, y - 13), DRUGS[drug])
        x = 296 + 18 * len(drugs)
        scene.text((x, y + 2), " and ".join(drugs), BODY, colour.edge, bold=True)
        scene.text((x, y - 14), f"{n} patients", 13, INK)
        _crowd(scene, (604, y - 23), round(n / 10), ALIVE[arm] / 100, colour)
    _lot(scene, (200, UPPER))


def _crowd(scene: Scene, at: Point, number: int, alive: float, colour: Colour) -> None:
    """Two lines of people, those alive in colour, and their share."""
    places = [(at[0] + 12.5 * (n // 2), at[1] + 24 * (n % 2)) for n in range(number)]
    living = round(alive * number)
    with scene.faded(0.4):
        people(scene, places[living:], 22, EMPTY)
    people(scene, places[:living], 22, colour)
    scene.name((WIDTH - 92, at[1] + 17), f"{100 * alive:.0f} %", colour, align="left", size=HEAD)


def _two_orders(scene: Scene) -> None:
    scene.label((24, 292), "DREAMseq", "advanced melanoma with\na BRAF mutation", size=HEAD)
    _start(scene, LOWER - 16, ALL, WIDE[1])
    for x, name in ((374, "First step"), (650, "Second step")):
        scene.label((x, 284), name, align="center")
    scene.label((778, 284), "Alive after\ntwo years")
    half = ALL / 2 * WIDE[1]
    kinds = ((BOTH, ANTIBODY), ("dabrafenib and\ntrametinib", SMALL_MOLECULE))
    for arm, sign in enumerate((1, -1)):
        first, second = kinds[arm], kinds[1 - arm]
        y = LOWER + sign * 46 - 8
        start = LOWER - 16 + sign * half / 2
        _stream(scene, [(126, start), (160, start), (240, y), (277, y)], half, first[1])
        _stream(scene, [(276, y), (471, y)], half, first[1])
        thin = SECOND[arm] * WIDE[1]
        for share in np.linspace(0, 1, 12)[:-1]:
            x = 470 + 46 * share
            scene.path(rounded(x, y - half / 2, 5, half, 0.1), fill=mix(_fill(first[1]), PAPER, share))
        _stream(scene, [(470, y), (526, y), (557, y)], thin, first[1])
        _stream(scene, [(556, y), (760, y)], thin, second[1])
        scene.name((518, y + half / 2 - 8), f"{SECOND[arm]} go on", first[1])
        _drugs(scene, (288, y), *first)
        _drugs(scene, (572, y + 30), *second)
        scene.label((778, y + 14), f"{ORDERS[arm]:.0f} %", "of the whole arm", colour=first[1], size=HEAD)
    _lot(scene, (200, LOWER - 16))
    scene.text((760, 62), "The others had not progressed yet, or did not go on.", 13, MUTED, align="right")


def _drugs(scene: Scene, at: Point, words: str, colour: Colour) -> None:
    """Vials or tablets, and their names."""
    x, y = at
    if colour is ANTIBODY:
        for step, drug in enumerate(DRUGS):
            vial(scene, (x + 4 + 18 * step, y - 13), DRUGS[drug])
        words = words.replace(" and ", "\nand ")
    else:
        for step in range(2):
            _tablet(scene, (x + 4 + 18 * step, y), colour)
    scene.text((x + 40, y + 4), words, BODY, colour.edge, bold=True, valign="center")


def _tablet(scene: Scene, at: Point, colour: Colour) -> None:
    x, y = at
    scene.path(disc((x, y), 7.5), fill=mix(colour.tint, colour.line, 0.35), edge=colour.edge, width=1.4)
    scene.path(disc((x - 1.8, y + 2), 3.4), fill=mix(colour.tint, PAPER, 0.4))
    scene.line([(x - 4.5, y - 4.5), (x + 4.5, y + 4.5)], colour.edge, 1)


def _start(scene: Scene, y: float, n: int, wide: float) -> None:
    """All patients before the lot falls."""
    tall = n * wide
    scene.path(rounded(24, y - tall / 2, 104, tall, 12), fill=mix(PATIENT.tint, PAPER, 0.1))
    people(scene, [(36 + 16 * k, y + 2 + 12 * (k % 2 == 0)) for k in range(6)][::-1], 27, PATIENT)
    scene.text((76, y - 20), f"{n}", HEAD, PATIENT.edge, bold=True, align="center")
    scene.text((76, y - 38), "patients", BODY, PATIENT.edge, align="center")


def _fill(colour: Colour) -> str:
    return mix(colour.tint, PAPER, 0.15)


def _stream(scene: Scene, points: Sequence[Point], wide: float, colour: Colour) -> None:
    """A band of patients; its bends begin and end level."""
    if len(points) == 4:
        start, one, two, end = points
        middle = (one[0] + two[0]) / 2
        way = Path(
            [start, one, (middle, one[1]), (middle, two[1]), two, end],
            [Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO],
        )
    else:
        way = Path(list(points))
    scene.path(way, edge=_fill(colour), width=wide).set_capstyle("butt")


def _lot(scene: Scene, at: Point) -> None:
    """Where the lot falls."""
    scene.path(disc(at, 18), fill=PAPER, edge=INK, width=1.8)
    scene.text((at[0], at[1] - 5), "lot", BODY, INK, bold=True, align="center")
