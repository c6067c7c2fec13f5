"""A hazard ratio of 0.6: two crowds that empty at rates in that ratio, looked at three times."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import people
from immunolab.draw.palette import ANTIBODY, CONTROL, EMPTY, INK, MUTED, PAPER, Colour, mix
from immunolab.draw.scene import BODY, HEAD, KEY, Scene, moved, rounded, smooth_polygon
from immunolab.models.survival import exponential_survival

TITLE = "A hazard ratio is a ratio of rates"
RATES = (10, 6)  # deaths in 100 patient-months: control, treatment
MONTHS = (6, 24, 60)
ALIVE = [
    [round(100 * float(exponential_survival(t, 100 * np.log(2) / rate))) for t in MONTHS] for rate in RATES
]
DEAD = [[100 - alive for alive in row] for row in ALIVE]
ALT = (
    "Left, two vessels with taps, with invented rates: in the control arm 10 die in 100 patient-months, in the treatment arm 6, a ratio of "
    "0.6. Right, what is left of 100 patients in each arm after 6, 24 and 60 months, as crowds of small figures, those who died pale. "
    f"Dead are {DEAD[0][0]} and {DEAD[1][0]}, then {DEAD[0][1]} and {DEAD[1][1]}, then {DEAD[0][2]} and {DEAD[1][2]}: a ratio that "
    f"grows from {DEAD[1][0] / DEAD[0][0]:.2f} to {DEAD[1][1] / DEAD[0][1]:.2f} and {DEAD[1][2] / DEAD[0][2]:.2f}, while the ratio of "
    "the rates is 0.6 all the time. A hazard ratio compares how fast those still there die, not how many have died in the end."
)
CAPTION = "A hazard ratio of 0.6 is a ratio of paces: it does not say that 40 % fewer have died in the end."
SOURCES = ("Cox1972",)

WIDTH, HEIGHT = 920, 572
ROWS = (356, 166)  # feet of the lowest line of people: control, treatment
COLUMNS = (286, 506, 726)
ARMS: tuple[tuple[str, Colour], ...] = (("Control", CONTROL), ("Treatment", ANTIBODY))


def draw() -> Figure:
    """Tanks left, crowds right, the two ratios below."""
    scene = Scene(WIDTH, HEIGHT)
    for row, (base, (name, colour), rate) in enumerate(zip(ROWS, ARMS, RATES, strict=True)):
        _tank(scene, base, name, colour, rate)
        for column, left in enumerate(COLUMNS):
            _crowd(scene, left, base, colour, ALIVE[row][column])
    for left, month in zip(COLUMNS, MONTHS, strict=True):
        scene.name((left + 76, HEIGHT - 36), f"after {month} months", INK, size=HEAD)
    scene.text((34, HEIGHT - 36), "invented, constant rates", 13, MUTED)
    _ratios(scene)
    scene.caption(CAPTION)
    return scene.figure


def _tank(scene: Scene, base: float, name: str, colour: Colour, rate: float) -> None:
    """A vessel with a tap that lets out more or less."""
    left, low, wide, tall = 34, base + 46, 124, 84
    scene.path(moved(rounded(left, low, wide, tall, 14), 3, -5), fill=mix(MUTED, PAPER, 0.8))
    scene.path(rounded(left, low, wide, tall, 14), fill=mix(MUTED, PAPER, 0.95))
    deep, pale = mix(colour.tint, colour.line, 0.55), mix(colour.tint, colour.line, 0.15)
    for share in np.linspace(0, 1, 8):
        inset = 4 + 3 * share
        liquid = rounded(left + inset, low + inset, wide - 2 * inset, tall - 20 - 2 * inset, 11)
        scene.path(liquid, fill=mix(deep, pale, share))
    scene.path(rounded(left, low, wide, tall, 14), edge=mix(MUTED, PAPER, 0.2), width=2.4)
    scene.line([(left + 12, low + 16), (left + 12, low + tall - 34)], PAPER, 4)
    x = left + wide
    for thick, tone in ((14, mix(MUTED, PAPER, 0.1)), (9, mix(MUTED, PAPER, 0.72))):
        scene.line([(x + 3, low + 14), (x + 22, low + 14), (x + 22, low + 5)], tone, thick)
    scene.line([(x + 12, low + 22), (x + 12, low + 31)], MUTED, 4)
    scene.line([(x + 4, low + 32), (x + 20, low + 32)], MUTED, 5)
    for drop in range(rate):
        across, down = drop % 2, drop // 2
        _drop(scene, (x + 17 + 10 * across, low - 14 - 11 * down - 5 * across), colour)
    scene.name((left, low + tall + 12), name, colour, align="left", size=HEAD)
    scene.label((left, low - 11), f"{rate} deaths", "in 100\npatient-months", colour=colour)


def _drop(scene: Scene, at: tuple[float, float], colour: Colour) -> None:
    shape = [(0, 6.5), (3, 0.5), (0, -3.5), (-3, 0.5)]
    scene.path(
        moved(smooth_polygon(shape, 0.8), *at),
        fill=mix(colour.tint, colour.line, 0.6),
        edge=colour.edge,
        width=0.9,
    )


def _crowd(scene: Scene, left: float, base: float, colour: Colour, alive: int) -> None:
    """A hundred people in ten lines; those who died are pale."""
    scene.path(rounded(left - 14, base - 10, 180, 172, 14), fill=_ground(colour))
    places = [(left + 4 + 16 * (n % 10), base + 15.4 * (n // 10)) for n in range(100)]
    with scene.faded(0.55, _ground(colour)):
        people(scene, places[alive:], 12.6, EMPTY)
    people(scene, places[:alive], 12.6, colour)


def _ground(colour: Colour) -> str:
    return mix(colour.tint, PAPER, 0.6)


def _ratios(scene: Scene) -> None:
    """Under each column how many died, and the two ratios."""
    y = 122
    scene.text((250, y), "died", BODY, align="right")
    scene.text((250, y - 24), "ratio of those who died", BODY, align="right")
    scene.text((250, y - 48), "ratio of the rates", BODY, bold=True, align="right")
    for column, left in enumerate(COLUMNS):
        control, treatment = DEAD[0][column], DEAD[1][column]
        x = left + 76
        scene.text((x, y), f"{treatment} against {control} of 100", BODY, align="center")
        scene.text((x, y - 24), f"{treatment / control:.2f}", KEY, INK, bold=True, align="center")
        scene.text((x, y - 48), f"{RATES[1] / RATES[0]:.2f}", KEY, ANTIBODY.edge, bold=True, align="center")
