"""What to look at in a survival curve, on CheckMate 057."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.palette import ACTIVATES, ANTIBODY, CONTROL, INHIBITS, INK, MUTED, PAPER, Colour, mix
from immunolab.draw.scene import BODY, LINE, Chart, Scene, rounded
from immunolab.models.survival import KaplanMeier, crossings, kaplan_meier
from immunolab.tables import comparison

TRIAL = comparison("CheckMate 057")
CURVES = tuple(kaplan_meier(patients) for patients in TRIAL.patients)
CROSSING = crossings(*TRIAL.patients)[-1]

TITLE = "Anatomy of a survival curve"
ALT = (
    "Two survival curves from the trial CheckMate 057 in lung cancer over 24 months, nivolumab against docetaxel, with four zones. "
    "Until about month 7 the curve of nivolumab runs a little below the other: more early deaths. There the curves cross. Then "
    "they separate. At the right end, the tail, fewer than 35 patients in an arm are left, shown by wide pale bands. Dashed "
    "lines mark the medians, where half are alive, and a landmark, the shares alive at month 18. Rows below count those at "
    "risk every three months. One number, a median or a hazard ratio, cannot show all of this."
)
CAPTION = (
    "Early deaths, a crossing, a late separation, a thin tail: no single number holds what the curves show."
)
SOURCES = ("Borghaei2015", "KaplanMeier1958")

WIDTH, HEIGHT = 920, 620
CHART = Chart(118, 164, 770, 356, (0, 25), (0, 1))
LANDMARK, TAIL, END = 18, 20.5, 24  # months
ARMS: tuple[Colour, ...] = (ANTIBODY, CONTROL)


def draw() -> Figure:
    """Zones behind, then bands, lines to read from, curves, words."""
    scene = Scene(WIDTH, HEIGHT)
    _zones(scene)
    _scales(scene)
    for curve, colour in zip(CURVES, ARMS, strict=True):
        _band(scene, curve, colour)
    _medians(scene)
    _landmark(scene)
    for curve, colour in list(zip(CURVES, ARMS, strict=True))[::-1]:
        time, height = _stairs(curve)
        scene.line(CHART.points(time, height), PAPER, 6)
        scene.line(CHART.points(time, height), colour.line, 3, role=LINE)
    _names(scene)
    _at_risk(scene)
    scene.caption(CAPTION)
    return scene.figure


def _zones(scene: Scene) -> None:
    """Four grounds with a number and a name above the chart."""
    edges = (0, CROSSING - 0.45, CROSSING + 0.45, TAIL, CHART.x_span[1])
    tints = (
        mix(INHIBITS, PAPER, 0.92),
        mix(MUTED, PAPER, 0.84),
        mix(ACTIVATES, PAPER, 0.91),
        mix(MUTED, PAPER, 0.92),
    )
    heads = (
        ("Early", "more deaths\nwith nivolumab", 0.5),
        ("Crossing", f"month {CROSSING:.0f}", 0.5),
        ("Separation", "more alive at each later month", 0.42),
        ("Tail", "few are left", 0.5),
    )
    top = CHART.low + CHART.height
    for number, (left, right, tint, (name, remark, share)) in enumerate(
        zip(edges[:-1], edges[1:], tints, heads, strict=True), 1
    ):
        a, b = (CHART.point(x, 0)[0] for x in (left, right))
        scene.path(rounded(a + 1.5, CHART.low, b - a - 3, CHART.height + 10, 8), fill=tint)
        x = a + share * (b - a)
        scene.step((x, top + 80), number, MUTED)
        scene.label((x, top + 62), name, remark, align="center")


def _scales(scene: Scene) -> None:
    CHART.axes(scene, range(0, END + 1, 3))
    x, y = CHART.point(0, 0)
    scene.text((x, y - 43), "months since randomisation", 13, MUTED)
    source = f"{TRIAL.trial}, {TRIAL.cancer}: rebuilt from the published curves"
    scene.text((x + CHART.width, y - 43), source, 13, MUTED, align="right")
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = CHART.point(0, share)
        scene.line([(x, y), (x + CHART.width, y)], mix(MUTED, PAPER, 0.75), 1, role=LINE)
        scene.text((x - 8, y - 4.7), f"{100 * share:.0f} %", 13, MUTED, align="right")


def _band(scene: Scene, curve: KaplanMeier, colour: Colour) -> None:
    """The 95 % interval."""
    time, low = _stairs(curve, curve.low)
    _, high = _stairs(curve, curve.high)
    outline = [*CHART.points(time, high), *CHART.points(time[::-1], low[::-1])]
    scene.line(outline, colour.tint, 0.5).set(facecolor=colour.tint, alpha=0.55)


def _medians(scene: Scene) -> None:
    x, y = CHART.point(0, 0.5)
    ends = [CHART.point(curve.median.value, 0) for curve in CURVES]
    scene.line([(x, y), (max(end[0] for end in ends), y)], INK, 1.4, dashes=(5, 4), role=LINE)
    for curve, (end, low), colour, align in zip(CURVES, ends, ARMS, ("left", "right"), strict=True):
        scene.line([(end, y), (end, low)], colour.edge, 1.6, dashes=(5, 4), role=LINE)
        shift = 6 if align == "left" else -6
        scene.text(
            (end + shift, low + 12),
            f"{curve.median.value:.1f} months",
            BODY,
            colour.edge,
            bold=True,
            align=align,
        )
    scene.label((x + 12, y - 8), "Median", "half are alive")


def _landmark(scene: Scene) -> None:
    x, low = CHART.point(LANDMARK, 0)
    top = CHART.point(0, CURVES[0].at(LANDMARK))[1]
    scene.line([(x, low), (x, top)], INK, 1.4, dashes=(2, 4), role=LINE)
    scene.label((x - 9, low + 50), "Landmark", f"month {LANDMARK}", align="right")


def _names(scene: Scene) -> None:
    """Each curve's name, and its height at the landmark."""
    for curve, colour, month, name, up, beside in zip(
        CURVES, ARMS, (13.6, 13.2), (TRIAL.treatment, TRIAL.control), (21, -62), (9, -22), strict=True
    ):
        x, y = CHART.point(month, curve.at(month))
        scene.name((x, y + up), name, colour, align="left")
        x, y = CHART.point(LANDMARK, curve.at(LANDMARK))
        side = np.sign(beside)
        words = f"{100 * curve.at(LANDMARK):.0f} %"
        align = "left" if side > 0 else "right"
        scene.text((x + 7 * side, y + beside), words, BODY, colour.edge, bold=True, align=align)


def _at_risk(scene: Scene) -> None:
    scene.text((20, 98), "at risk", 13, MUTED)
    for step, (curve, colour, name) in enumerate(
        zip(CURVES, ARMS, (TRIAL.treatment, TRIAL.control), strict=True)
    ):
        y = 80 - 21 * step
        scene.text((20, y), name, BODY, colour.edge, bold=True)
        for month in range(0, END + 1, 3):
            x, _ = CHART.point(month, 0)
            scene.text((x, y), f"{curve.at_risk_at(month):.0f}", BODY, colour.edge, align="center")


def _stairs(curve: KaplanMeier, values: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the stairs from month 0 to the end of the chart."""
    shown = curve.time <= END
    time = np.concatenate([[0], curve.time[shown]])
    height = np.concatenate([[1], (curve.survival if values is None else values)[shown]])
    return np.append(np.repeat(time, 2)[1:], END), np.repeat(height, 2)
