"""Ten patients who enter one after another, aligned at entry, and the curve they make."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import people
from immunolab.draw.palette import GRID, INK, MUTED, NOW, PAPER, PATIENT, mix
from immunolab.draw.scene import BODY, HEAD, LINE, Chart, Point, Scene, disc, rounded
from immunolab.models.survival import KaplanMeier, Patients, kaplan_meier

TITLE = "From ten patients to a survival curve"
ALT = (
    "Three charts with ten invented patients. Left, by the calendar: each patient is a bar that begins at the month of entry and "
    "ends with a filled dot, died, or with an upright tick, alive when last seen; most ticks lie on the day of the analysis, one "
    "earlier. Right above, the same ten bars all begin at month 0 and are ordered by length. Below it the curve: "
    "it steps down under each dot and carries a tick, without a step, under each tick. Under the curve the numbers "
    "at risk fall from ten to one. A censored patient counts until last seen, so each step is larger when fewer are left."
)
CAPTION = (
    "Each death makes a step; each patient alive when last seen makes none, but leaves fewer to count on."
)
SOURCES = ("KaplanMeier1958",)

WIDTH, HEIGHT = 920, 640
ANALYSIS = 24  # month of the calendar in which the trial is read
MONTHS = range(0, 21, 4)  # where the numbers at risk are given
LANE = 21  # pixels from one patient to the next
TOP = 562  # the first lane


class Person(NamedTuple):
    """An invented patient: month of entry, months until the end, and whether the end was death."""

    entry: float
    months: float
    died: bool


PEOPLE = (
    Person(0, 15, True),
    Person(1, 4, True),
    Person(3, 2, True),
    Person(4, 20, False),
    Person(6, 18, False),
    Person(7, 12, True),
    Person(8, 5, False),
    Person(11, 7, True),
    Person(15, 9, False),
    Person(16, 8, False),
)
CURVE = kaplan_meier(Patients([p.months for p in PEOPLE], [int(p.died) for p in PEOPLE]))
CALENDAR = Chart(52, TOP - 9 * LANE - 14, 348, 0, (0, 26), (0, 1))
ALIGNED = Chart(520, TOP - 9 * LANE - 14, 372, 0, (0, 21), (0, 1))
STEPS = Chart(520, 118, 372, 178, (0, 21), (0, 1))


def draw() -> Figure:
    """Left the calendar, right the same bars from entry on, below them the curve."""
    scene = Scene(WIDTH, HEIGHT)
    last = min(PEOPLE, key=lambda p: p.entry + p.months if not p.died else np.inf)
    _heads(scene)
    _analysis(scene)
    scene.arrow((430, TOP - 95), (482, TOP - 95), colour=MUTED)
    _lanes(scene, CALENDAR, PEOPLE, lambda p: p.entry)
    _lanes(scene, ALIGNED, sorted(PEOPLE, key=lambda p: p.months), lambda p: 0)
    x, _ = CALENDAR.point(last.entry + last.months, 0)
    scene.text((x + 12, TOP - LANE * PEOPLE.index(last) - 5), "moved away", 13, MUTED)
    _key(scene)
    _drops(scene)
    _curve(scene)
    scene.caption(CAPTION)
    return scene.figure


def _heads(scene: Scene) -> None:
    for chart, name, remark in (
        (CALENDAR, "Ten invented patients", "month of the calendar"),
        (ALIGNED, "Moved to a common start", "months since each one’s entry"),
    ):
        scene.label((chart.left, HEIGHT - 14), name, remark, size=HEAD)
        for month in (0, 12, 24) if chart is CALENDAR else MONTHS:
            x, y = chart.point(month, 0)
            scene.line([(x, y), (x, TOP + 12)], GRID, 1, role=LINE)
            if chart is CALENDAR:
                scene.text((x, y - 16), f"{month}", 13, MUTED, align="center")


def _analysis(scene: Scene) -> None:
    x, y = CALENDAR.point(ANALYSIS, 0)
    scene.line([(x, y - 1), (x, TOP + 12)], INK, 1.4, dashes=(5, 4), role=LINE)
    scene.text((x + 6, y - 36), "the trial is read", BODY, bold=True, align="right")


def _lanes(scene: Scene, chart: Chart, order: Sequence[Person], start: Callable[[Person], float]) -> None:
    for step, person in enumerate(order):
        y = TOP - step * LANE
        left, right = (chart.point(start(person) + month, 0)[0] for month in (0, person.months))
        scene.path(
            rounded(left, y - 4, right - left, 8, 3.5),
            fill=mix(PATIENT.tint, PATIENT.line, 0.35),
            edge=PATIENT.line,
            width=1,
        )
        scene.line([(left + 5, y + 1.6), (right - 6, y + 1.6)], mix(PATIENT.tint, PAPER, 0.6), 1.8)
        people(scene, [(left - 8, y - 8)], 18, PATIENT)
        _end(scene, (right, y), died=person.died)


def _end(scene: Scene, at: Point, *, died: bool) -> None:
    """A dot for a death, an upright tick for someone alive when last seen."""
    x, y = at
    if died:
        scene.path(disc(at, 5.5), fill=INK, edge=PAPER, width=1.6)
    else:
        scene.line([(x, y - 7.5), (x, y + 7.5)], PAPER, 5)
        scene.line([(x, y - 7.5), (x, y + 7.5)], PATIENT.edge, 2.4)


def _key(scene: Scene) -> None:
    """What the ends mean, and two steps of the calculation."""
    _end(scene, (60, 255), died=True)
    scene.text((76, 250), "died", BODY, bold=True)
    _end(scene, (60, 229), died=False)
    scene.label((76, 234), "", "alive when last seen: censored")
    first, later = _step(0), _step(2)
    scene.name((52, 180), "How the curve is made", align="left")
    for y, (at_risk, before, after, month) in ((158, first), (116, later)):
        scene.text((52, y), f"month {month:g}: 1 of {at_risk} at risk dies", BODY)
        scene.text(
            (68, y - 18), f"{before:.2f} × {at_risk - 1}/{at_risk} = {after:.2f} alive", BODY, PATIENT.edge
        )


def _step(number: int) -> tuple[int, float, float, float]:
    """At risk, height before and after, and the month of one of the curve's steps, counted from 0."""
    row = np.flatnonzero(CURVE.events)[number]
    before = CURVE.survival[row - 1] if row else 1.0
    return int(CURVE.at_risk[row]), before, CURVE.survival[row], CURVE.time[row]


def _drops(scene: Scene) -> None:
    """From the end of each bar down to the curve."""
    for step, person in enumerate(sorted(PEOPLE, key=lambda p: p.months)):
        x, _ = STEPS.point(person.months, 0)
        y = STEPS.point(0, CURVE.at(person.months))[1]
        scene.line([(x, TOP - step * LANE - 9), (x, y + 8)], mix(MUTED, PAPER, 0.55), 1, dashes=(1, 4))


def _curve(scene: Scene) -> None:
    STEPS.axes(scene, MONTHS)
    for share in (0, 0.5, 1):
        _, y = STEPS.point(0, share)
        scene.line([(STEPS.left, y), (STEPS.left + STEPS.width, y)], GRID, 1, role=LINE)
        scene.text((STEPS.left - 30, y - 4.7), f"{share:.0%}".replace("%", " %"), 13, MUTED, align="right")
    scene.name((STEPS.left - 30, STEPS.point(0, 0.75)[1] - 5), "alive", NOW, align="right")
    time, height = _stairs(CURVE)
    line = STEPS.points(time, height)
    scene.line(line, PAPER, 6)
    scene.line(line, NOW, 3, role=LINE)
    for month, censored in zip(CURVE.time, CURVE.censored, strict=True):
        if censored:
            _end(scene, STEPS.point(month, CURVE.at(month)), died=False)
    left = STEPS.left - 30
    scene.text((left, 66), "at risk", 13, PATIENT.edge, bold=True, align="right")
    for month in MONTHS:
        x, _ = STEPS.point(month, 0)
        scene.text((x, 66), f"{CURVE.at_risk_at(month):.0f}", BODY, PATIENT.edge, bold=True, align="center")


def _stairs(curve: KaplanMeier) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the stairs, from month 0 to the last patient."""
    time = np.concatenate([[0], curve.time])
    height = np.concatenate([[1], curve.survival])
    return np.repeat(time, 2)[1:], np.repeat(height, 2)[:-1]
