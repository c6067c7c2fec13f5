"""200 mg every 3 weeks and 400 mg every 6 weeks: the same average, not the same peaks and troughs."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import vial
from immunolab.draw.palette import ANTIBODY, INK, MUTED, PAPER, PREDICTION, mix
from immunolab.draw.scene import BODY, HEAD, LINE, Chart, Scene
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

WIDTH, HEIGHT = 920, 536
WEEK = 7.0
SHOWN, WINDOW = 12, 6  # weeks drawn, weeks whose area is compared
DRUG = antibody("pembrolizumab", study="Ahamadi 2017")
ONE, TWO = 200, 400  # mg


def draw() -> Figure:
    """Two charts with one scale, and what is equal between them."""
    scene = Scene(WIDTH, HEIGHT)
    for left, dose_mg, weeks in ((62, ONE, 3), (514, TWO, 6)):
        chart = Chart(left, 112, 366, 318, (0, SHOWN), (0, 160))
        chart.axes(scene, range(0, SHOWN + 1, 3), range(0, 151, 50))
        _schedule(scene, chart, dose_mg, weeks)
    scene.label((556, 304), "", "what stands out\nabove the average", to=chart.point(0.55, 58))
    scene.label((578, 254), "", "fills what is\nmissing below it", to=chart.point(4.6, 37))
    scene.name((471, 150), "=", ANTIBODY, size=40)
    scene.text((471, 62), "weeks, at steady state", 13, MUTED, align="center")
    scene.text((WIDTH - 40, 62), f"Model: {DRUG.study}", 13, MUTED, align="right")
    scene.caption(CAPTION)
    return scene.figure


def _schedule(scene: Scene, chart: Chart, dose_mg: float, weeks: int) -> None:
    """One saw-tooth, the rectangle of its average, and where the two differ."""
    regimen = Regimen.every(weeks * WEEK, dose_mg=dose_mg, n_doses=72 // weeks)
    exposure = steady_state(DRUG, regimen)
    week, conc = _teeth(regimen, weeks)
    _areas(scene, chart, week[week <= WINDOW], conc[week <= WINDOW], exposure.c_avg_mg_L)
    scene.line(chart.points(week, conc), ANTIBODY.line, 2.6, role=LINE)
    top = chart.low + chart.height
    scene.name((chart.left, top + 74), f"{dose_mg} mg every {weeks} weeks", align="left", size=HEAD)
    scene.text((chart.left, top + 52), f"{DRUG.name} in serum, mg/L", 13, MUTED)
    for dose in range(0, SHOWN, weeks):
        _vials(scene, chart.point(dose, 0)[0], top + 8, dose_mg // ONE)
    _values(scene, chart, exposure, weeks)


def _teeth(regimen: Regimen, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Weeks and concentrations of the last twelve weeks of a long course, each rise drawn upright."""
    start = regimen.end_d - SHOWN * WEEK
    one = np.concatenate([[0.0], np.linspace(regimen.infusions_d[0], weeks * WEEK - 1e-6, 90)])
    days = np.concatenate([one + weeks * WEEK * tooth for tooth in range(SHOWN // weeks)])
    return days / WEEK, simulate(DRUG, regimen, start + days).conc_mg_L


def _areas(scene: Scene, chart: Chart, week: np.ndarray, conc: np.ndarray, average: float) -> None:
    """What curve and rectangle share, what stands out, what is missing; and the rectangle itself."""
    level = np.full_like(week, average)
    for low, high, fill in (
        (0 * level, np.minimum(conc, level), mix(ANTIBODY.tint, PAPER, 0.35)),
        (level, np.maximum(conc, level), mix(ANTIBODY.line, ANTIBODY.tint, 0.45)),
        (np.minimum(conc, level), level, mix(PREDICTION, PAPER, 0.72)),
    ):
        outline = [*chart.points(week, high), *chart.points(week[::-1], low[::-1])]
        scene.path(Path([*outline, outline[0]], closed=True), fill=fill)
    corners = ((0, 0), (0, average), (WINDOW, average), (WINDOW, 0), (0, 0))
    scene.line([chart.point(*corner) for corner in corners], INK, 1.6, dashes=(5, 5), role=LINE)


def _vials(scene: Scene, x: float, base: float, number: int) -> None:
    """One vial for each 200 mg, where a dose is given."""
    for step in range(number):
        vial(scene, (x + 18 * (step - (number - 1) / 2), base), ANTIBODY)


def _values(scene: Scene, chart: Chart, exposure: Exposure, weeks: int) -> None:
    """Average and area inside the rectangle; peak and trough beside the last tooth."""
    x, y = chart.point(WINDOW / 2, 0)
    scene.name((x, y + 27), f"average {exposure.c_avg_mg_L:.1f} mg/L", ANTIBODY)
    area = exposure.c_avg_mg_L * WINDOW * WEEK
    scene.text((x, y + 9), f"area {area:,.0f} mg·d/L", BODY, ANTIBODY.edge, align="center")
    x, y = chart.point(SHOWN - weeks, exposure.c_max_mg_L)
    scene.name((x + 12, y - 8), f"peak {exposure.c_max_mg_L:.1f}", align="left")
    x, y = chart.point(SHOWN, exposure.c_min_mg_L)
    scene.name((x, y - 24), f"trough {exposure.c_min_mg_L:.1f}", align="right")
