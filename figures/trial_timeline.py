"""Melanoma from 2010 to 2026: what was approved, what was shown, what failed."""

from datetime import date
from typing import NamedTuple

from matplotlib.figure import Figure

from immunolab.draw.glyphs import people, vial
from immunolab.draw.palette import ANTIBODY, INHIBITS, INK, MUTED, NOW, PAPER, PATIENT, mix
from immunolab.draw.scene import BODY, LINE, Chart, Point, Scene, disc, rounded
from immunolab.tables import melanoma_timeline, trial_outcomes

TITLE = "Melanoma from 2010 to 2026"
ALT = (
    "Four bands over the years 2010 to 2026. Approved in the US for advanced melanoma: ipilimumab in 2011, pembrolizumab and "
    "nivolumab in 2014, both antibodies together and a virus in 2015, relatlimab with nivolumab in 2022, and lifileucel, a cell "
    "therapy, in 2024. Approved after surgery: ipilimumab in 2015, nivolumab in 2017, pembrolizumab in 2019 and 2021. Randomised "
    "trials with their main numbers: MDX010-20 in 2010, KEYNOTE-006 and CheckMate 067 in 2015, DREAMseq in 2022, SWOG S1801 in 2023, "
    "NADINA and ten years of CheckMate 067 in 2024. Trials that missed their end point: ECHO-301 in 2018, RELATIVITY-098 "
    "in 2025 and fianlimab in 2026. Most steps rest on randomised trials, some approvals first on responses alone; and some combinations that "
    "looked promising failed in such a trial."
)
CAPTION = "Most steps forward rest on randomised trials, and some hopes ended in one."
SOURCES = (
    "Hodi2010", "Robert2015", "Larkin2015", "Approvals2016", "Atkins2023", "Patel2023", "Blank2024", "Wolchok2025", "Long2019", "Long2025", "Regeneron2026",
)  # fmt: skip

WIDTH, HEIGHT = 920, 678
YEARS = Chart(36, 0, 848, 0, (2010, 2027), (0, 1))
LEVEL = 38  # pixels from one line of labels to the next
EVENTS = set(melanoma_timeline().date)
OUTCOMES = trial_outcomes()


class Entry(NamedTuple):
    """One event of the table, by its date: its name, a remark, the level of its label, the side on which it stands."""

    day: str
    name: str
    remark: str = ""
    level: int = 0
    align: str = "left"


def _percent(trial: str, outcome: str, months: float) -> str:
    """The shares of a trial's arms at a time, the larger one first."""
    rows = OUTCOMES[
        (OUTCOMES.trial == trial) & (OUTCOMES.outcome == outcome) & (OUTCOMES.time_months == months)
    ]
    return " against ".join(f"{share:.0f}" for share in sorted(rows.value, reverse=True)) + " %"


def _months(arms: tuple[str, str]) -> str:
    """The median survival of two arms of MDX010-20."""
    rows = OUTCOMES[
        (OUTCOMES.trial == "MDX010-20") & (OUTCOMES.outcome == "median overall survival")
    ].set_index("arm")
    return " against ".join(f"{rows.value[arm]:.0f}" for arm in arms) + " months"


BOTH = "nivolumab and ipilimumab"
TEN_YEARS = trial_outcomes("CheckMate 067", "alive").query("time_months == 120").set_index("arm").value
APPROVED = (
    Entry("2011-03-25", "ipilimumab", level=1),
    Entry("2014-09-04", "pembrolizumab", align="right"),
    Entry("2014-12-22", "nivolumab", level=1, align="right"),
    Entry("2015-09-30", BOTH, level=1),
    Entry("2015-10-27", "T-VEC, a virus"),
    Entry("2022-03-18", "relatlimab and nivolumab", align="right"),
    Entry("2024-02-16", "lifileucel", "T cells; accelerated"),
)
AFTER_SURGERY = (
    Entry("2015-10-28", "ipilimumab", align="right"),
    Entry("2017-12-20", "nivolumab", align="right"),
    Entry("2019-02-15", "pembrolizumab"),
    Entry("2021-12-03", "pembrolizumab", "earlier stage (IIB, IIC)"),
)
TRIALS = (
    Entry("2010-06-05", "MDX010-20", f"median {_months(('ipilimumab', 'gp100'))}"),
    Entry("2015-06-25", "KEYNOTE-006", "pembrolizumab or ipilimumab", 1, "right"),
    Entry("2015-07-02", "CheckMate 067", "two drugs or one"),
    Entry(
        "2022-09",
        "DREAMseq",
        f"antibodies first: {_percent('DREAMseq', 'alive', 24)} alive",
        align="right",
    ),
    Entry(
        "2023-03-02",
        "SWOG S1801",
        f"doses before surgery: {_percent('SWOG S1801', 'without an event', 24)} event-free",
        1,
        "right",
    ),
    Entry(
        "2024-06-02",
        "NADINA",
        f"antibodies before surgery: {_percent('NADINA', 'without an event', 12)} event-free",
        2,
        "right",
    ),
    Entry(
        "2024-09-15",
        "CheckMate 067 after ten years",
        f"alive: both {TEN_YEARS[BOTH]:.0f}, nivolumab {TEN_YEARS['nivolumab']:.0f}, ipilimumab {TEN_YEARS['ipilimumab']:.0f} %",
        3,
        "right",
    ),
)
FAILED = (
    Entry("2018-04-06", "ECHO-301", "epacadostat added nothing"),
    Entry("2025-02-13", "RELATIVITY-098", "relatlimab after surgery", align="right"),
    Entry("2026-05-15", "fianlimab", "reported by the company", 1, "right"),
)
BANDS = (
    ("Approved in the US: advanced", APPROVED, 550, 2, ANTIBODY.line),
    ("Approved in the US: after surgery", AFTER_SURGERY, 452, 1, ANTIBODY.line),
    ("Randomised trials", TRIALS, 240, 4, NOW),
    ("End point missed", FAILED, 104, 2, INHIBITS),
)


def draw() -> Figure:
    """Four bands over one axis of years."""
    scene = Scene(WIDTH, HEIGHT)
    for year in range(2010, 2028):
        x, _ = YEARS.point(year, 0)
        scene.line([(x, 74), (x, HEIGHT - 14)], mix(MUTED, PAPER, 0.86), 1)
        if year % 2 == 0:
            scene.text((x, 56), f"{year}", 13, MUTED, align="center")
    for name, entries, base, levels, colour in BANDS:
        _band(scene, name, base, levels, colour)
        for entry in entries:
            _event(scene, entry, base, colour)
    scene.caption(CAPTION)
    return scene.figure


def _band(scene: Scene, name: str, base: float, levels: int, colour: str) -> None:
    tall = 52 + LEVEL * levels
    scene.path(rounded(16, base - 16, WIDTH - 32, tall, 12), fill=mix(colour, PAPER, 0.91), alpha=0.8)
    _sign(scene, (40, base + tall - 47), colour)
    scene.name((58, base + tall - 40), name, mix(colour, INK, 0.3), align="left")
    scene.line([(24, base), (WIDTH - 24, base)], mix(colour, PAPER, 0.45), 2, role=LINE)


def _sign(scene: Scene, foot: Point, colour: str) -> None:
    """What a band is about: a drug, people who took part, a stop."""
    if colour == ANTIBODY.line:
        vial(scene, foot, ANTIBODY)
    elif colour == NOW:
        people(
            scene,
            [(foot[0] - 8, foot[1] + 2), (foot[0] + 6, foot[1] + 2), (foot[0] - 1, foot[1] - 3)],
            25,
            PATIENT,
        )
    else:
        scene.path(disc((foot[0], foot[1] + 12), 11), fill=PAPER, edge=colour, width=3)
        scene.line([(foot[0] - 5, foot[1] + 12), (foot[0] + 5, foot[1] + 12)], colour, 3.4)


def _event(scene: Scene, entry: Entry, base: float, colour: str) -> None:
    """A dot on the line of its band, a stem and a label."""
    if entry.day not in EVENTS:
        raise ValueError(f"The table melanoma_timeline has no event on {entry.day}.")
    day = date.fromisoformat(f"{entry.day}-15"[:10])  # the middle of a month where no day is known
    x, _ = YEARS.point(day.year + (day.timetuple().tm_yday - 1) / 365, 0)
    low = base + 12 + LEVEL * entry.level
    scene.line([(x, base), (x, low + 28)], colour, 1.4, role=LINE)
    scene.path(disc((x, base), 5.5), fill=colour, edge=PAPER, width=1.6)
    shift = 5 if entry.align == "left" else -5
    remark = entry.remark or f"{day:%B %Y}"
    scene.text((x + shift, low + 16), entry.name, BODY, INK, bold=True, align=entry.align)
    scene.text((x + shift, low), remark, 13, INK, align=entry.align)
