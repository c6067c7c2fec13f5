"""A smooth curve goes below one cell; single cells die out, or they do not."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import dead_cell, leukaemia_cell
from immunolab.draw.palette import ACTIVATES, GRID, INHIBITS, INK, MUTED, NOW, PAPER, TUMOUR, mix
from immunolab.draw.scene import BODY, HEAD, LINE, Chart, Scene, disc, rounded
from immunolab.models.car_t import simulate_kimmel
from immunolab.tables import kimmel

TITLE = "Below one cell"
ALT = (
    "Two charts of tumour cells against days, on a logarithmic scale. On the left a smooth curve falls to less than one cell "
    "and grows back to a large tumour, which no real tumour can do. On the right sixteen patients with whole cells: in most "
    "the last cell dies and the line ends; where a few cells survive the tumour grows back. A mean of many "
    "patients can lie below one cell; one patient has a cell or has none."
)
CAPTION = "A curve can come back from less than one cell. A patient has a last cell: it dies, or it does not."
SOURCES = ("Kimmel2021", "Kendall1948")

WIDTH, HEIGHT = 920, 548
GROWTH = 0.08  # per day; slower than the typical value, so that the mean passes below one cell
COURSE = simulate_kimmel(kimmel(r_b_per_d=GROWTH), 320.0)
PATIENTS = COURSE.lineages(16, seed=4, steps=160)
FLOOR = 148  # the height of one cell
TALL = 320 / 7  # pixels for a factor of ten
TOP = 7  # powers of ten shown; the tumour starts far above


def draw() -> Figure:
    """The curve, then the patients."""
    scene = Scene(WIDTH, HEIGHT)
    for left, name in (
        (92, "The curve of the equations"),
        (534, f"{len(PATIENTS.cells)} patients, whole cells"),
    ):
        _frame(scene, left, name)
    _curve(scene, _chart(92))
    _patients(scene, _chart(534))
    scene.text((18, 50), f"model of Kimmel 2021, tumour growth {GROWTH:g} per day", 13, MUTED)
    scene.caption(CAPTION)
    return scene.figure


def _chart(left: float) -> Chart:
    return Chart(left, FLOOR, 352, TOP * TALL, (0, 320), (0, TOP))


def _frame(scene: Scene, left: float, name: str) -> None:
    """The axes, and the ground below one cell."""
    chart = _chart(left)
    scene.name((left + 176, HEIGHT - 34), name, size=HEAD)
    scene.path(rounded(left, FLOOR - 40, 352, 40, 1), fill=mix(INHIBITS, PAPER, 0.90))
    for power, words in ((0, "1 cell"), (2, "100"), (4, "10,000"), (6, "a million")):
        y = chart.point(0, power)[1]
        scene.line(
            [(left, y), (left + 352, y)], INK if power == 0 else GRID, 1.6 if power == 0 else 1, role=LINE
        )
        if left < 200:
            scene.text((left - 8, y - 4.7), words, 13, MUTED, align="right")
    for day in (0, 100, 200, 300):
        x = chart.point(day, 0)[0]
        scene.line([(x, FLOOR - 40), (x, FLOOR - 45)], MUTED, 1.2)
        scene.text((x, FLOOR - 61), f"{day}", 13, MUTED, align="center")
    scene.text((left + 176, FLOOR - 80), "days after the infusion", 13, MUTED, align="center")


def _curve(scene: Scene, chart: Chart) -> None:
    days = np.linspace(0, 320, 321)
    logs = COURSE.log_tumour_at(days) / np.log(10)
    shown = logs <= TOP
    for part in (days < COURSE.nadir[0], days >= COURSE.nadir[0] - 1):
        scene.line(chart.points(days[part & shown], logs[part & shown]), NOW, 3.4)
    day, low = COURSE.nadir
    lowest = chart.point(day, low / np.log(10))
    scene.path(disc(lowest, 5.5), fill=INHIBITS, edge=PAPER, width=1.5)
    scene.label(
        (206, 304),
        f"{np.exp(low):.2f} of a cell",
        f"on day {day:.0f}",
        colour=INHIBITS,
        to=(lowest[0] + 3, lowest[1] + 7),
    )
    scene.text((318, FLOOR - 27), "less than one cell", BODY, INHIBITS, align="left")


def _patients(scene: Scene, chart: Chart) -> None:
    """Lines that end where the last cell dies, and lines that come back."""
    for cells in PATIENTS.cells:
        alive = cells > 0
        end = len(cells) if alive.all() else int(np.argmin(alive))
        days, logs = PATIENTS.times_d[:end], np.log10(cells[:end])
        gone = end < len(cells)
        scene.line(
            chart.points(days[logs <= TOP], logs[logs <= TOP]),
            mix(MUTED, PAPER, 0.25) if gone else TUMOUR.line,
            1.8 if gone else 3.0,
        )
        if gone:
            x, y = chart.point(PATIENTS.times_d[end], 0)
            scene.line([(x, y - 6), (x, y - 20)], ACTIVATES, 2.4)
    gone = int(PATIENTS.extinct.sum())
    dead_cell(scene, (648, 446), 26, seed=3)
    leukaemia_cell(scene, (648, 374), 26, seed=2, shadow=False)
    every = len(PATIENTS.cells)
    scene.label((684, 462), f"{gone} of {every}", "the last cell dies", colour=ACTIVATES)
    scene.label((684, 388), f"{every - gone} of {every}", "it comes back", colour=TUMOUR)
    scene.text((640, FLOOR - 18), "a last cell dies", BODY, ACTIVATES)
