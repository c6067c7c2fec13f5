"""200 mg every 3 weeks and 400 mg every 6 weeks: the same average, not the same peaks and troughs."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.palette import ANTIBODY, INK, MUTED, PAPER, mix
from immunolab.draw.scene import BODY, HEAD, KEY, Chart, Scene
from immunolab.models.pharmacokinetics import Exposure, Regimen, simulate, steady_state
from immunolab.tables import antibody

TITLE = "Equal area, different peaks"
ALT = (
    "Two charts of the pembrolizumab concentration at steady state over twelve weeks, from the model of Ahamadi 2017. Left, "
    "200 mg every 3 weeks: low teeth. Right, 400 mg every 6 weeks: teeth half as many, with higher peaks and deeper troughs. "
    "In both, a dashed rectangle as high as the average and six weeks long has the same area as the shaded six weeks under the "
    "curve: double the dose at double the interval keeps the average, but not peak and trough."
)
CAPTION = "Double dose at double interval: the same area and so the same average, but a higher peak and a lower trough."
SOURCES = ("Ahamadi2017", "Lala2020")

WIDTH, HEIGHT = 920, 500
WEEK = 7.0
DRUG = antibody("pembrolizumab", study="Ahamadi 2017")
SCHEDULES = (
    ("200 mg every 3 weeks", Regimen.every(21, dose_mg=200, n_doses=24)),
    ("400 mg every 6 weeks", Regimen.every(42, dose_mg=400, n_doses=12)),
)


def draw() -> Figure:
    """Two charts with one scale, and what is equal between them."""
    scene = Scene(WIDTH, HEIGHT)
    for number, (name, regimen) in enumerate(SCHEDULES):
        chart = Chart(72 + 440 * number, 104, 356, 300, (0, 12), (0, 150))
        _schedule(scene, chart, name, regimen, names_axis=number == 0)
    scene.text((456, 236), "=", 34, ANTIBODY.edge, bold=True, align="center")
    scene.caption(CAPTION)
    return scene.figure


def _schedule(scene: Scene, chart: Chart, name: str, regimen: Regimen, names_axis: bool) -> None:
    """One saw-tooth with its rectangle."""
    start = regimen.end_d - 12 * WEEK
    days = np.unique(np.concatenate([np.linspace(0, 12 * WEEK, 337), regimen.starts_d - start + 1e-6, regimen.starts_d - start + 1 / 48]))
    days = days[(days >= 0) & (days <= 12 * WEEK)]
    curve = simulate(DRUG, regimen, start + days).conc_mg_L
    exposure = steady_state(DRUG, regimen)
    chart.axes(scene, range(0, 13, 3), range(0, 151, 50), "weeks, at steady state", "pembrolizumab, mg/L" if names_axis else "")
    window = days <= 6 * WEEK
    under = chart.points(days[window] / WEEK, curve[window])
    floor = [chart.point(6, 0), chart.point(0, 0)]
    scene.path(Path([*under, *floor, under[0]], closed=True), fill=mix(ANTIBODY.tint, PAPER, 0.2))
    scene.line(chart.points(days / WEEK, curve), ANTIBODY.line, 2.4)
    corners = [chart.point(x, y) for x, y in ((0, 0), (0, exposure.c_avg_mg_L), (6, exposure.c_avg_mg_L), (6, 0), (0, 0))]
    scene.line(corners, INK, 1.8, dashes=(6, 5))
    scene.text((chart.left, chart.low + chart.height + 34), name, HEAD, bold=True, halo=0)
    _values(scene, chart, exposure)


def _values(scene: Scene, chart: Chart, exposure: Exposure) -> None:
    x, y = chart.point(3, exposure.c_avg_mg_L / 2)
    scene.text((x, y), f"area {exposure.c_avg_mg_L * 42:,.0f}", KEY, ANTIBODY.edge, bold=True, align="center", halo=0)
