"""How much drug is still on its antibody? ``cargo()`` follows antibody and drug after one dose."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.models import conjugate

DAYS = np.linspace(0, 21, 85)
LOTS = {"made": "T-DM1, mean 3.1", "fewer": "T-DM1, mean 1.5"}
PAIRED, FILLED = "paired", "filled"
MONKEY, RAT, STABLE = "monkey", "rat", "stable"
MOST_COPIES = 8  # bars of the histogram


@dataclass(frozen=True)
class Cargo:
    """Antibody in blood after one dose. Courses in percent of the start, shape of DAYS; ``mixture`` in percent of the antibodies
    left on ``day``, at 0 to 8 copies, and ``by_chance`` what a Poisson distribution with their mean gives."""

    day: float
    antibody: np.ndarray
    carrying: np.ndarray
    drug: np.ndarray
    mixture: np.ndarray
    by_chance: np.ndarray
    mean: float
    mean_at_start: float

    def now(self, course: np.ndarray) -> float:
        """A course on the chosen day."""
        return float(np.interp(self.day, DAYS, course))


def batch(name: str) -> np.ndarray:
    """Fractions of antibodies with 0 to 8 copies."""
    fractions = {
        PAIRED: lambda: conjugate.paired_dar(4),
        FILLED: lambda: conjugate.site_specific_dar(MOST_COPIES),
    }.get(name, lambda: tables.dar_lot(LOTS[name]))()
    return np.pad(fractions, (0, MOST_COPIES + 1 - len(fractions)))


@lru_cache(maxsize=16)
def _after_dose(lot: str, body: str) -> conjugate.Analytes:
    """One dose in a body, its antibody scaled to 100 at the start."""
    if body == STABLE:
        patient = tables.antibody("trastuzumab deruxtecan")
        level = conjugate.bolus_mg_L(1, patient.cl_L_d, patient.v1_L, [(patient.q_L_d, patient.v2_L)], DAYS)
        rates = 0.0
    else:
        animal = tables.disposition(body)
        level = conjugate.bolus_mg_L(1, animal.cl_mL_d, animal.v1_mL, animal.exchanges, DAYS)
        measured = tables.dar_losses(body)
        rates = (*measured, measured[-1])  # an eighth copy is lost as the seventh is
    return conjugate.analytes_after_bolus(DAYS, 100 * level / level[0], batch(lot), rates)


def load(lot: str, body: str, day: float) -> Cargo:
    """What is left of one dose on a day, and with how much drug."""
    after = _after_dose(lot, body)
    mixture = 100 * after.by_dar_nM[np.abs(DAYS - day).argmin()]
    mixture = mixture / mixture.sum()
    mean = conjugate.mean_dar(mixture)
    chance = np.zeros(MOST_COPIES + 1)
    poisson = conjugate.poisson_dar(mean)[: MOST_COPIES + 1]
    chance[: len(poisson)] = poisson
    return Cargo(
        day=day,
        antibody=after.total_nM,
        carrying=100 * after.conjugated_nM / after.total_nM[0],
        drug=100 * after.payload_nM / after.payload_nM[0],
        mixture=100 * mixture,
        by_chance=100 * chance,
        mean=mean,
        mean_at_start=after.mean_dar[0],
    )


def cargo_sentence(state: dict, result: Cargo) -> str:
    """What is left of antibody and drug, and how the copies are spread."""
    bare = (
        f"{plots.percent(result.mixture[0])} of the antibodies carry none"
        if result.mixture[0] > 1e-9
        else "every antibody carries some"
    )
    same = round(result.mean, 1) == round(result.mean_at_start, 1)
    mean = (
        f"is still {result.mean:.1f}"
        if same
        else f"has gone from {result.mean_at_start:.1f} to {result.mean:.1f}"
    )
    if result.day == 0:
        return f"In the vial an antibody carries {result.mean:.1f} copies on average; {bare}."
    return (
        f"On day {result.day:g}, {plots.percent(result.now(result.antibody))} of the antibody is left in the blood, and "
        f"{plots.percent(result.now(result.drug))} of the drug is still on antibody. The mean {mean} copies; {bare}."
    )


ANALYTES = {"antibody": palette.ANTIBODY, "carrying": palette.LINKER, "drug": palette.PAYLOAD}


class CargoPlot(LivePlot):
    """Left: the antibodies left, by copies. Right: antibody, antibody with drug, and drug over three weeks."""

    width, height = 680, 390

    def build(self):
        self.bars_axes, self.curves = self.figure.subplots(1, 2, width_ratios=(1, 1.12))
        self.margins(left=44, right=92, top=38, bottom=54, wspace=0.26)
        self._build_bars()
        self._build_curves()

    def _build_bars(self) -> None:
        """Antibodies by their copies, with diamonds for chance alone and strokes for before."""
        places = np.arange(MOST_COPIES + 1)
        self.bars_axes.set(
            xlim=(-0.7, MOST_COPIES + 0.7), ylim=(0, 104), xlabel="copies of drug on an antibody"
        )
        self.bars_axes.set_title("Of the antibodies left (%)")
        self.bars_axes.set_xticks(places)
        self.bars_axes.grid(axis="x", visible=False)
        self.bars = [
            self.moving(
                self.bars_axes.bar(
                    place, 0, width=0.74, color=colour.tint, edgecolor=colour.edge, linewidth=1.2
                )[0]
            )
            for place in places
            for colour in (palette.PAYLOAD if place else palette.LINKER,)
        ]
        marker = {"linestyle": "none", "markeredgewidth": 1.8, "zorder": 5}
        self.chance = self.moving(
            self.bars_axes.plot(
                [], [], "D", color="none", markeredgecolor=palette.INK, markersize=6, **marker
            )[0]
        )
        self.before = self.moving(
            self.bars_axes.plot(
                [], [], "_", color=palette.BEFORE, markersize=17, **marker | {"markeredgewidth": 2.4}
            )[0]
        )
        self.bars_axes.text(
            0.03,
            0.97,
            "diamonds: by chance,\nwith the same mean",
            transform=self.bars_axes.transAxes,
            va="top",
            fontsize=plots.small(),
            color=palette.INK,
        )

    def _build_curves(self) -> None:
        """Antibody, antibody with drug, and drug, each with a name at the right."""
        self.curves.set(xlim=(0, 21), ylim=(0.3, 130), yscale="log", xlabel="days since the dose")
        self.curves.set_title("Left of the start (%)")
        self.curves.set_yticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
        self.curves.minorticks_off()
        self.curves.set_xticks([0, 7, 14, 21])
        beside = self.curves.get_yaxis_transform()
        self.lines, self.dots, self.labels, self.ghosts = {}, {}, {}, {}
        words = {"antibody": "antibody", "carrying": "antibody\nwith drug", "drug": "drug on it"}
        for name, colour in ANALYTES.items():
            self.ghosts[name] = self.moving(plots.before_line(self.curves))
            self.lines[name] = self.moving(plots.now_line(self.curves, colour.line))
            self.dots[name] = self.moving(plots.now_dot(self.curves, colour.line))
            self.labels[name] = self.moving(
                self.curves.text(1.02, 1, words[name], transform=beside, va="center", color=colour.edge)
            )
        self.mark = plots.PredictionMark(self.curves)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        for bar, height in zip(self.bars, result.mixture, strict=True):
            bar.set_height(height)
        self.chance.set_data(np.arange(MOST_COPIES + 1), result.by_chance)
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(np.arange(MOST_COPIES + 1), previous.mixture)
        ends = [np.log10(max(getattr(result, name)[-1], 0.3)) for name in ANALYTES]
        heights = plots.spread(ends, 0.24 * self.scale)
        for name, height in zip(ANALYTES, heights, strict=True):
            course = getattr(result, name)
            self.lines[name].set_data(DAYS, course)
            self.dots[name].set_data([result.day], [result.now(course)])
            self.labels[name].set_y(10**height)
            self.ghosts[name].set_visible(previous is not None)
            if previous is not None:
                self.ghosts[name].set_data(DAYS, getattr(previous, name))
        self.mark.show(prediction)
        if prediction is not None:
            self._clear_of_curves(prediction)

    def _clear_of_curves(self, prediction: float) -> None:
        """The words of a mark: above it at the right, where the curves are low; a low one, below it at the left."""
        high = prediction > 20
        self.mark.text.xy = (0.98 if high else 0.02, prediction)
        self.mark.text.xyann = (0, 4 if high else -4)
        self.mark.text.set(ha="right" if high else "left", va="bottom" if high else "top")


def cargo() -> Explorer:
    """The interactive of segment 1."""
    monkey = {"lot": "made", "body": MONKEY}
    return Explorer(
        title="What is still on the antibody?",
        compute=load,
        draw=CargoPlot,
        controls=[
            Pick(
                "lot",
                "Batch",
                "made",
                {
                    "made": "T-DM1 as measured, mean 3.1",
                    "fewer": "T-DM1 with fewer copies, mean 1.5",
                    PAIRED: "in pairs at opened bonds, mean 4",
                    FILLED: "all eight places filled",
                },
                style="select",
            ),
            Pick(
                "body",
                "In",
                MONKEY,
                {
                    MONKEY: "a monkey, as T-DM1",
                    RAT: "a rat, as T-DM1",
                    STABLE: "a patient, as T-DXd with a perfect linker",
                },
                style="select",
            ),
            Slide("day", "Day", 0.0, 0.0, 21.0, 0.5),
        ],
        presets=[
            Preset("T-DM1 in a monkey, day 7", monkey | {"day": 7.0}, against=monkey),
            Preset("In a rat", {"lot": "made", "body": RAT, "day": 7.0}, against=monkey | {"day": 7.0}),
            Preset("Pairs in the vial", {"lot": PAIRED}, against={"lot": "made"}),
            Preset("Eight copies, perfect linker", {"lot": FILLED, "body": STABLE, "day": 7.0}),
        ],
        prediction="05.Q10",
        sentence=cargo_sentence,
        alt="Two panels. Left, bars: the antibodies that are left, by the copies of drug on them, with diamonds for chance alone. Right, "
        "three falling curves on a log axis: antibody, antibody with drug, and drug still on antibody.",
        explain=(
            "On day 7 the antibody has fallen to a quarter, the drug on it to half of that. Which of the two lines would you rather measure in a patient?",
            "It depends on the question, so trials measure several. Total antibody says who still holds the target, perhaps with nothing to deliver. "
            "The drug on antibody says what can still be delivered. The gap between them is drug that came off on the way, "
            "and that normal tissue may meet.",
        ),
        vary=Task(
            "T-DM1 as measured, in a monkey. From which day on does at least half of the antibody that is left carry no drug?",
            lambda state, result: state["lot"] == "made" and state["body"] == MONKEY and 50 <= result.mixture[0] < 52,
        ),
        limits=[
            "Rates in monkey and rat were fitted to animals that got T-DM1. An eighth copy is taken to come off as the seventh does. In "
            "patients the chain has not been measured copy by copy.",
            "A linker that loses nothing is an assumption for T-DXd. In monkeys it was found stable; how stable it is in patients is not modelled.",
            "An antibody with many copies is cleared no faster here. In life, heavily loaded ones often leave sooner.",
        ],
        tag=lambda state: "Model · "
        + ("two compartments, Yin 2021; the linker is our assumption" if state["body"] == STABLE
           else "loss copy by copy, Bender 2014, one dose in an animal"),
        sources=("Bender2014", "Yin2021", "Nagai2019"),
    )  # fmt: skip
