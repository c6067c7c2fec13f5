"""The ICE card at the bedside, and when the two syndromes begin."""

from matplotlib.figure import Figure

from immunolab.draw.palette import CYTOKINE, ICANS, INHIBITS, INK, MUTED, PAPER, SHADOW, mix
from immunolab.draw.scene import BODY, HEAD, KEY, Chart, Scene, disc, moved, rounded
from immunolab.tables import table

TITLE = "The ICE score and the timing of CRS and ICANS"
ALT = (
    "On the left a card with the five tasks of the ICE score and their points as dots: name year, month, city and hospital, "
    "four points; name three things, three; follow a command, one; write a sentence, one; count back from 100 by tens, one. "
    "Below, the ten points on a scale: 10 is no ICANS by this test, 7 to 9 grade 1, 3 to 6 grade 2, 0 to 2 grade 3, and a "
    "patient who cannot be woken grade 4. On the right days after infusion, in children and young adults with leukaemia: CRS "
    "begins at a median of day 5, ICANS at day 7. After two weeks hardly any began among 475 adults with lymphoma. CRS mostly "
    "comes first; the mind is tested each day."
)
CAPTION = "Ten points, asked for at the bedside. ICANS tends to begin after CRS; after two weeks a first sign is rare."
SOURCES = ("Lee2019", "CIBMTRonset", "Ahmed2024")

WIDTH, HEIGHT = 920, 540
TASKS = (
    ("Says year, month, city, hospital", 4),
    ("Names three things shown", 3),
    ("Follows a command", 1),
    ("Writes a sentence", 1),
    ("Counts from 100 down by tens", 1),
)
BANDS = (
    ("0 to 2", 0, 2, "grade 3", 0.62),
    ("3 to 6", 3, 6, "grade 2", 0.76),
    ("7 to 9", 7, 9, "grade 1", 0.88),
    ("10", 10, 10, "none", 1.0),
)
CARD = (20, 62, 500, 460)
ONSET = table("toxicity_onset")
COLOURS = {"CRS": CYTOKINE, "ICANS": ICANS}
COUNTED = {0: "none", 1: "one"}


def draw() -> Figure:
    """The card, then the days."""
    scene = Scene(WIDTH, HEIGHT)
    _card(scene)
    _bands(scene)
    _days(scene)
    scene.caption(CAPTION)
    return scene.figure


def _card(scene: Scene) -> None:
    """Five tasks, a dot a point."""
    left, low, wide, tall = CARD
    scene.path(moved(rounded(*CARD, 18), 4, -6), fill=SHADOW, alpha=0.08)
    scene.path(rounded(*CARD, 18), fill=mix(ICANS.tint, PAPER, 0.7), edge=ICANS.line, width=1.8)
    scene.path(
        rounded(left + wide / 2 - 42, low + tall - 12, 84, 24, 8),
        fill=mix(MUTED, PAPER, 0.45),
        edge=MUTED,
        width=1.6,
    )
    scene.name((left + 24, low + tall - 42), "ICE: ten points", ICANS, align="left", size=HEAD)
    for row, (words, points) in enumerate(TASKS):
        y = low + tall - 90 - 46 * row
        scene.line([(left + 20, y - 17), (left + wide - 20, y - 17)], mix(ICANS.line, PAPER, 0.7), 1)
        scene.text((left + 24, y), words, KEY)
        for point in range(points):
            scene.path(
                disc((left + wide - 34 - 24 * point, y + 5), 8.5), fill=ICANS.line, edge=ICANS.edge, width=1.2
            )
            scene.path(disc((left + wide - 36.5 - 24 * point, y + 8), 2.8), fill=PAPER, alpha=0.55)


def _bands(scene: Scene) -> None:
    """What the points mean."""
    left, low, wide, _ = CARD
    step = (wide - 48) / 11
    y = low + 86
    for words, first, last, grade, pale in BANDS:
        x = left + 24 + step * first
        span = step * (last - first + 1)
        scene.path(
            rounded(x + 2, y, span - 4, 34, 8),
            fill=mix(INHIBITS, PAPER, pale),
            edge=mix(INHIBITS, PAPER, max(pale - 0.35, 0.3)),
            width=1.3,
        )
        scene.text((x + span / 2, y + 11), words, BODY, bold=True, align="center")
        scene.text((x + span / 2, y - 19), grade, BODY, align="center")
    scene.text((left + 24, low + 40), "Cannot be woken for the test:", BODY)
    scene.name((left + 228, low + 40), "grade 4", INHIBITS, align="left")
    scene.text((left + 24, low + 19), "Seizures, weakness and brain swelling count as well.", BODY)


def _days(scene: Scene) -> None:
    """When each begins."""
    chart = Chart(562, 128, 324, 250, (0, 21), (0, 1))
    scene.name((562, 480), "First sign, days after infusion", INK, align="left", size=HEAD)
    scene.text((562, 456), "tisa-cel, children and young adults in practice;", BODY, MUTED)
    scene.text((562, 437), "line: median, bar: quartiles", BODY, MUTED)
    rare = rounded(chart.point(14, 0)[0], 129, chart.left + chart.width - chart.point(14, 0)[0] + 14, 290, 10)
    scene.path(rare, fill=mix(MUTED, PAPER, 0.88))
    for day in (0, 7, 14, 21):
        x = chart.point(day, 0)[0]
        scene.line([(x, 128), (x, 121)], MUTED, 1.4)
        scene.text((x, 104), f"{day}", 13, MUTED, align="center")
    scene.line([(562, 128), (902, 128)], MUTED, 1.4)
    first = ONSET[ONSET["measure"] == "first sign"]
    for (name, median, low, high), y in zip(
        first[["syndrome", "value", "low", "high"]].to_numpy(), (370, 262), strict=True
    ):
        colour = COLOURS[name]
        left, right = chart.point(low, 0)[0], chart.point(high, 0)[0]
        scene.path(rounded(left, y - 17, right - left, 34, 15), fill=colour.tint, edge=colour.line, width=2)
        x = chart.point(median, 0)[0]
        scene.line([(x, y - 17), (x, y + 17)], colour.edge, 4)
        scene.name((left, y + 27), name, colour, align="left")
        scene.text((x, y - 36), f"day {median:g}", BODY, colour.edge, bold=True, align="center", halo=4)
    late = ONSET[ONSET["unit"] == "patients"]
    words = [f"{row.syndrome} in {COUNTED[row.value]}" for row in late.itertuples()]
    scene.label(
        (845, 404),
        "After day 14",
        "\n".join([f"of {late.treated_n.iloc[0]} adults", *words]),
        align="center",
    )
