"""Lesson 05: what a learner can move.

``cargo()`` asks how much drug is still on its antibody, ``neighbours()`` what becomes of cells without the antigen,
``reach()`` how far and how long a radionuclide acts, and ``bell()`` how many bridges a dose builds. ``products()`` and
``carriers()`` are tables, ``hours_and_weeks()`` and ``trials()`` pictures.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot, encode_png
from immunolab.interactives import lecture
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, nearest, steps
from immunolab.interactives.page import table
from immunolab.models import (
    bystander,
    conjugate,
    injection,
    pharmacokinetics,
    proportions,
    radionuclide,
    ternary,
)
from immunolab.widgets.static import static_figure

# How much drug is still on its antibody?

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


# What becomes of the neighbours?

WEEKS_9 = np.linspace(0, 63, 64)
DOSES_D = (0, 21, 42)
SHARES = (1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99, 100)
CROSSES, CHARGED = "crosses", "charged"
# Illustrative numbers of our own; the limits under the picture say so.
UPTAKE_NM_D, UPTAKE_HALF_LIFE_D, GROWTH_PER_D = 300, 5, 0.03
DRUG = {"wash_per_d": 5, "half_nM": 20, "kill_per_d": 0.6, "lost_per_d": 0.5}
PAYLOADS = {
    CROSSES: bystander.Payload(out_per_d=20, in_per_d=20, **DRUG),
    CHARGED: bystander.Payload(out_per_d=0, in_per_d=0, **DRUG),
}
NEAR_ZERO = 1e-7  # percent of the start: one cell of 1e9


@dataclass(frozen=True)
class Mixed:
    """A tumour over nine weeks. Cells in percent of all at the start, drug in nM inside a cell; each of the shape of WEEKS_9."""

    positive: np.ndarray
    negative: np.ndarray
    drug_positive: np.ndarray
    drug_negative: np.ndarray

    @property
    def cells(self) -> np.ndarray:
        """All cells, in percent of the start."""
        return self.positive + self.negative

    @property
    def left(self) -> float:
        """Cells at the end in percent of the start."""
        return float(self.cells[-1])


@lru_cache(maxsize=512)
def treat_mixed(positive: float, payload: str, uptake: float) -> Mixed:
    """Three doses against a tumour of which so many percent of the cells carry the antigen."""
    course = bystander.simulate(
        PAYLOADS[payload],
        bystander.MixedTumour(positive / 100, GROWTH_PER_D),
        bystander.Delivery(UPTAKE_NM_D * uptake, UPTAKE_HALF_LIFE_D, DOSES_D),
        WEEKS_9,
    )
    start = course.cells[0] / 100
    return Mixed(
        course.positive_cells / start,
        course.negative_cells / start,
        course.in_positive_nM,
        course.in_negative_nM,
    )


def mixed_sentence(state: dict, result: Mixed) -> str:
    """What is left at the end, and of which kind."""
    names = {CROSSES: "crosses membranes", CHARGED: "is charged"}
    start = (
        f"{state['positive']:g} % of the cells carry the antigen and the payload {names[state['payload']]}"
    )
    if result.left == 0:
        return f"When {start}, no cell is left in the model after nine weeks. A patient's tumour is not this simple."
    return (
        f"When {start}, {_left(result.left)} of the tumour is left after nine weeks: {_verdict(result)}. "
        f"{_inside(state['payload'], result)}"
    )


def _verdict(result: Mixed) -> str:
    """Grown, shrunk, or shrunk and growing again; and which kind is in the majority."""
    verdict = "it has shrunk"
    if result.left > 1.2 * result.cells.min():
        verdict = "it shrank and is growing again"
    if result.left > 100:
        verdict = "it has grown"
    if not result.negative.any():
        return verdict
    does = "lack" if result.negative[-1] >= result.positive[-1] else "carry"
    return f"{verdict}, and most of its cells {does} the antigen"


def _inside(payload: str, result: Mixed) -> str:
    """How much drug reaches the two kinds of cell."""
    if payload == CHARGED:
        return "The negative cells receive no drug."
    positive, negative = (_rounded(drug.max()) for drug in (result.drug_positive, result.drug_negative))
    if not result.negative.any():
        return f"No cell lacks the antigen; inside the cells the drug reaches {positive} nM."
    return f"At its highest the drug inside a negative cell is {negative} nM, inside a positive one {positive} nM."


def _left(percent: float) -> str:
    """Percent of the start, which may be above 100."""
    return plots.percent(percent) if percent <= 100 else f"{_rounded(percent)} %"


KINDS = {"positive": palette.HER2, "negative": palette.TUMOUR}


class MixedPlot(LivePlot):
    """Left: drug inside the two kinds of cell. Right: cells left of each kind, both over nine weeks on log axes."""

    width, height = 680, 390

    def build(self):
        self.drug, self.cells = self.figure.subplots(1, 2)
        self.margins(left=52, right=96, top=38, bottom=54, wspace=0.3)
        for axes in (self.drug, self.cells):
            axes.set(xlim=(0, 63), yscale="log", xlabel="weeks")
            axes.set_xticks([0, 21, 42, 63], ["0", "3", "6", "9"])
        self.drug.set(ylim=(0.3, 2000), title="Drug inside a cell (nM)")
        self.drug.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
        self.cells.set(ylim=(0.01, 1000), title="Cells left (% of the start)")
        self.cells.set_yticks([0.01, 0.1, 1, 10, 100, 1000], ["0.01", "0.1", "1", "10", "100", "1,000"])
        for axes in (self.drug, self.cells):
            axes.minorticks_off()
        self.drug.axhline(DRUG["half_nM"], color=palette.INHIBITS, linewidth=1.4)
        self.drug.text(62, DRUG["half_nM"] * 1.12, "half of the killing", color=palette.INHIBITS, ha="right", va="bottom",
                       fontsize=plots.small())  # fmt: skip
        beside = self.cells.get_yaxis_transform()
        self.lines, self.ghosts, self.labels = {}, {}, {}
        for kind, colour in KINDS.items():
            for place, axes in (("drug", self.drug), ("cells", self.cells)):
                self.ghosts[place, kind] = self.moving(plots.before_line(axes))
                self.lines[place, kind] = self.moving(plots.now_line(axes, colour.line))
            self.labels[kind] = self.moving(
                self.cells.text(1.02, 1, f"{kind}\ncells", transform=beside, va="center", color=colour.edge)
            )
        self.lines["drug", "negative"].set_linestyle((0, (5, 1.2)))
        self.lines["cells", "negative"].set_linestyle((0, (5, 1.2)))
        middle = {
            "transform": self.drug.transAxes,
            "ha": "left",
            "color": palette.TUMOUR.edge,
            "fontsize": plots.small(),
        }
        self.none = self.moving(self.drug.text(0.04, 0.03, "", **middle))
        self.mark = plots.PredictionMark(self.cells, at=0.98, ha="right")
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        self._lines(self.lines, result)
        for ghost in self.ghosts.values():
            ghost.set_visible(previous is not None)
        if previous is not None:
            self._lines(self.ghosts, previous)
        ends = [np.log10(np.clip(getattr(result, kind)[-1], 0.012, 900)) for kind in KINDS]
        for kind, height in zip(
            KINDS, plots.spread([end + 2 for end in ends], 0.62 * self.scale), strict=True
        ):
            self.labels[kind].set_y(10 ** (height - 2))
        there = bool(result.negative.any())
        for artist in (self.labels["negative"], self.lines["drug", "negative"]):
            artist.set_visible(there)
        self.none.set_text("no drug in negative cells" if there and not result.drug_negative.any() else "")
        self.mark.show(prediction)

    @staticmethod
    def _lines(lines, result):
        for kind in KINDS:
            lines["drug", kind].set_data(WEEKS_9, np.maximum(getattr(result, f"drug_{kind}"), NEAR_ZERO))
            lines["cells", kind].set_data(WEEKS_9, np.maximum(getattr(result, kind), NEAR_ZERO))


def neighbours() -> Explorer:
    """The interactive of segment 2."""
    charged = {"positive": 90, "payload": CHARGED}
    return Explorer(
        title="The neighbours",
        compute=treat_mixed,
        draw=MixedPlot,
        controls=[
            Slide("positive", "Cells with the antigen", 90, values=SHARES, unit="%"),
            Pick(
                "payload",
                "The payload",
                CHARGED,
                {CHARGED: "is charged and stays inside", CROSSES: "crosses membranes"},
            ),
            Slide("uptake", "Conjugate taken up", 1.0, values=(0.1, 0.25, 0.5, 1.0, 2.0, 4.0), unit="times"),
        ],
        presets=[
            Preset("90 % positive, charged", charged, against={"positive": 100, "payload": CHARGED}),
            Preset("90 % positive, crosses", {"positive": 90, "payload": CROSSES}, against=charged),
            Preset(
                "30 % positive, crosses",
                {"positive": 30, "payload": CROSSES},
                against={"positive": 90, "payload": CROSSES},
            ),
            Preset(
                "All positive: the price",
                {"positive": 100, "payload": CROSSES},
                against={"positive": 100, "payload": CHARGED},
            ),
        ],
        prediction="05.Q11",
        sentence=mixed_sentence,
        alt="Two panels over nine weeks with log axes. Left, drug inside cells with the antigen (solid) and without it (dashed), rising "
        "after each of three doses. Right, the cells of each kind that are left, in percent of the tumour at the start.",
        explain=(
            "The charged payload kills every positive cell and loses the tumour. What does the payload that crosses give up, and what does it gain?",
            "Drug that leaves the cell that took it up is missing there: the positive cells hold less and die more slowly. What leaks out reaches "
            "cells that never bound the antibody. So a tumour in which few cells lack the antigen can shrink as a whole. The fewer the positive cells, "
            "the less there is to share, and the gain fades. Blood washes some of it away, to normal tissue as well.",
        ),
        vary=Task(
            "The payload crosses membranes, uptake as at the start. How many percent of the cells must carry the antigen to bring the tumour "
            "below a tenth of its start?",
            lambda state, result: (
                state["payload"] == CROSSES and state["uptake"] == 1 and 5 < result.left < 10
            ),
        ),
        limits=[
            "All its rates are illustrative: chosen by us to show how the two payloads differ, fitted to no drug and no tumour. Read directions, not "
            "digits.",
            "The fluid between the cells is mixed at once. Real drug reaches some cell widths, so a nest of negative cells far from positive ones "
            "is spared.",
            "No cell changes its antigen, and no drug comes from the blood. Both happen.",
        ],
        tag="Model · illustrative mass balance of drug in two kinds of cell, written for this course",
        sources=(),
    )


# How far and how long does a radionuclide act?

DIAMETERS_MM = steps(0.05, 50, 20)
WASHOUT_H = (12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)
SIZES_MM = np.geomspace(0.05, 50, 90)
FIELDS_MM = (1, 2, 4, 8, 16, 32, 64)  # widths of the picture of the tumour
TRACKS, SEED = 110, 90


@dataclass(frozen=True)
class Reach:
    """A radionuclide in a tumour. Dose in Gy for 1 MBq in each gram; ``curves`` over SIZES_MM for every nuclide.

    ``inside`` and ``outside`` hold the parts of drawn electron tracks, shape (tracks, 2 ends, 2), in mm.
    """

    nuclide: str
    diameter_mm: float
    half_life_h: float
    in_place: float
    kept: float
    dose_Gy: float
    curves: dict[str, np.ndarray]
    inside: np.ndarray
    outside: np.ndarray

    @property
    def field_mm(self) -> float:
        """Width of the picture: it holds the tumour and most of the tracks."""
        longest = np.percentile(np.abs(self.outside), 90) if len(self.outside) else 0.0
        return next(
            (width for width in FIELDS_MM if width >= max(1.25 * self.diameter_mm, 2 * longest)),
            FIELDS_MM[-1],
        )


@lru_cache(maxsize=8)
def _kept(name: str) -> np.ndarray:
    """Percent of the energy that stays in tumours of SIZES_MM."""
    return 100 * radionuclide.sphere_absorbed_fraction(SIZES_MM, tables.nuclide(name))


def _gray(name: str, washout_h: float, kept):
    """Dose in Gy for 1 MBq in each gram of tumour, when so many percent of the energy stay."""
    nuclide = tables.nuclide(name)
    half_life = radionuclide.effective_half_life(nuclide.half_life_h, washout_h)
    decays = radionuclide.cumulated_activity_MBq_h(1, half_life)
    return radionuclide.absorbed_dose_Gy(decays, nuclide.energy_MeV, 1, kept / 100)


@lru_cache(maxsize=64)
def _tracks(name: str, diameter_mm: float) -> tuple[np.ndarray, np.ndarray]:
    """Straight tracks from random places in a sphere, seen from one side: their parts inside and outside it."""
    chance = np.random.default_rng(SEED)
    directions, outward = (chance.normal(size=(TRACKS, 3)) for _ in range(2))
    radius = diameter_mm / 2
    starts = (
        radius
        * chance.random(TRACKS)[:, None] ** (1 / 3)
        * outward
        / np.linalg.norm(outward, axis=1)[:, None]
    )
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    energies = np.maximum(
        radionuclide.beta_energies_MeV(tables.nuclide(name), TRACKS), 0.01
    )  # the least that has a range
    lengths = radionuclide.electron_range_mm(energies)
    along = (starts * directions).sum(axis=1)
    way_out = -along + np.sqrt(along**2 + radius**2 - (starts**2).sum(axis=1))
    edges = starts + np.minimum(lengths, way_out)[:, None] * directions
    ends = starts + lengths[:, None] * directions
    leaves = lengths > way_out
    inside = np.stack([starts, edges], axis=1)[:, :, :2]
    return inside, np.stack([edges, ends], axis=1)[leaves][:, :, :2]


def irradiate(nuclide: str, diameter_mm: float, washout_h: float) -> Reach:
    """A tumour of this size with 1 MBq of a nuclide in each gram, washed out with a biological half-life."""
    chosen = tables.nuclide(nuclide)
    kept = 100 * float(radionuclide.sphere_absorbed_fraction(diameter_mm, chosen))
    inside, outside = _tracks(nuclide, diameter_mm)
    return Reach(
        nuclide=nuclide,
        diameter_mm=diameter_mm,
        half_life_h=radionuclide.effective_half_life(chosen.half_life_h, washout_h),
        in_place=100 * radionuclide.decays_in_place(chosen.half_life_h, washout_h),
        kept=kept,
        dose_Gy=_gray(nuclide, washout_h, kept),
        curves={name: _gray(name, washout_h, _kept(name)) for name in tables.nuclides()},
        inside=inside,
        outside=outside,
    )


def reach_sentence(state: dict, result: Reach) -> str:
    """Effective half-life, the energy that stays, and the dose beside that of the other nuclides."""
    others = ", with ".join(
        f"{name} {_gray_words(_at(result, name))}" for name in result.curves if name != result.nuclide
    )
    return (
        f"{result.nuclide}: the effective half-life is {result.half_life_h:.0f} hours, and {plots.percent(result.in_place)} of the "
        f"atoms decay before they are washed out. With a diameter of {result.diameter_mm:g} mm, {plots.percent(result.kept)} of the "
        f"beta energy stays in the tumour. For 1 MBq in each gram that is {_gray_words(result.dose_Gy)} Gy; with {others}."
    )


def _gray_words(dose_Gy: float) -> str:
    """A dose to two digits, the last 0 kept: ``2.0``."""
    return f"{dose_Gy:.2g}" if dose_Gy < 1 else f"{dose_Gy:.1f}" if dose_Gy < 10 else f"{dose_Gy:.0f}"


class ReachPlot(LivePlot):
    """Left: a tumour with the tracks of electrons, to scale. Right: dose against diameter for every nuclide."""

    width, height = 680, 390
    STILL_INSIDE, GONE = palette.NUCLIDE, palette.HEALTHY

    def build(self):
        self.view, self.dose = self.figure.subplots(1, 2, width_ratios=(1, 1.05))
        self.margins(left=58, right=66, top=38, bottom=54, wspace=0.27)
        self.view.set(aspect="equal", adjustable="box", anchor="N", title="Tracks of electrons, to scale")
        self.view.set_xlabel("mm", loc="right")
        below = (0, -18 * self.scale)
        for words, colour, left in (("in the tumour", self.STILL_INSIDE, 0), ("beyond it", self.GONE, 0.46)):
            self.view.annotate(
                words, (left, 0), below, "axes fraction", "offset points", color=colour.edge, va="top"
            )
        self.view.grid(visible=False)
        self.ball = self.moving(
            self.view.add_patch(
                Circle((0, 0), 1, facecolor=palette.TUMOUR.tint, edgecolor=palette.TUMOUR.edge, linewidth=1.8)
            )
        )
        self.gone = self.moving(
            self.view.add_collection(LineCollection([], colors=self.GONE.line, linewidths=1.1, zorder=2))
        )
        self.still = self.moving(
            self.view.add_collection(
                LineCollection([], colors=self.STILL_INSIDE.line, linewidths=1.4, zorder=3)
            )
        )
        self.dose.set(
            xscale="log",
            yscale="log",
            xlim=(0.05, 50),
            ylim=(0.03, 100),
            xlabel="diameter of the tumour (mm)",
        )
        self.dose.set_title("Dose (Gy) for 1 MBq per gram")
        self.dose.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        self.dose.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        self.dose.minorticks_off()
        self.before = self.moving(plots.before_line(self.dose))
        beside = self.dose.get_yaxis_transform()
        self.lines, self.labels = {}, {}
        for name in tables.nuclides():
            self.lines[name] = self.moving(plots.now_line(self.dose, palette.MUTED))
            self.labels[name] = self.moving(self.dose.text(1.02, 1, name, transform=beside, va="center"))
        self.dot = self.moving(plots.now_dot(self.dose, palette.NUCLIDE.line))
        self.mark = plots.PredictionMark(self.dose, at=0.98, ha="right")
        self.mark.text.set(va="top")  # below its line: above it the curves meet
        self.mark.text.xyann = (0, -4)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        self._fit(result.field_mm)
        self.ball.set_radius(result.diameter_mm / 2)
        self.still.set_segments(result.inside)
        self.gone.set_segments(result.outside)
        ends = [np.log10(curve[-1]) + 1 for curve in result.curves.values()]
        for (name, curve), height in zip(
            result.curves.items(), plots.spread(ends, 0.19 * self.scale), strict=True
        ):
            chosen = name == result.nuclide
            self.lines[name].set(data=(SIZES_MM, curve), color=palette.NUCLIDE.line if chosen else palette.MUTED,
                                 linewidth=(2.4 if chosen else 1.4) * self.scale)  # fmt: skip
            self.labels[name].set(
                y=10 ** (height - 1), color=palette.NUCLIDE.edge if chosen else palette.MUTED
            )
        self.dot.set_data([result.diameter_mm], [result.dose_Gy])
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(SIZES_MM, previous.curves[previous.nuclide])
        self.mark.show(prediction)

    def _fit(self, width: float) -> None:
        """Widen or narrow the view in steps."""
        half = width / 2
        if self.view.get_xlim() != (-half, half):
            self.view.set(xlim=(-half, half), ylim=(-half, half))
            ticks = [-half / 2, 0, half / 2]
            self.view.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
            self.view.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
            self.axes_are(width)


def reach() -> Explorer:
    """The interactive of segment 3."""
    small, large = {"diameter_mm": nearest(DIAMETERS_MM, 0.2)}, {"diameter_mm": nearest(DIAMETERS_MM, 20)}
    names = {"Y-90": "yttrium-90", "I-131": "iodine-131", "Lu-177": "lutetium-177"}
    return Explorer(
        title="Reach and dose",
        compute=irradiate,
        draw=ReachPlot,
        controls=[
            Pick(
                "nuclide",
                "Radionuclide",
                "Y-90",
                {name: f"{name} ({names[name]})" for name in tables.nuclides()},
            ),
            Slide(
                "diameter_mm", "Diameter of the tumour", large["diameter_mm"], values=DIAMETERS_MM, unit="mm"
            ),
            Slide("washout_h", "Biological half-life in the tumour", 168, values=WASHOUT_H, unit="hours"),
        ],
        presets=[
            Preset("A cluster of 0.2 mm, Y-90", {"nuclide": "Y-90", **small}),
            Preset("The same, Lu-177", {"nuclide": "Lu-177", **small}, against={"nuclide": "Y-90", **small}),
            Preset(
                "A lump of 20 mm, Y-90", {"nuclide": "Y-90", **large}, against={"nuclide": "Lu-177", **large}
            ),
            Preset(
                "Washed out in a day, I-131",
                {"nuclide": "I-131", **large, "washout_h": 24},
                against={"nuclide": "I-131", **large},
            ),
        ],
        prediction="05.Q12",
        sentence=reach_sentence,
        alt="Left, a tumour as a disc with straight tracks of electrons, drawn to scale: the part of each track inside the tumour and the part "
        "that has left it. Right, dose against diameter on log axes: one curve for each of three radionuclides; they cross.",
        explain=(
            "In the lump Y-90 gives the larger dose, in the cluster Lu-177. The atoms are the same. What changed?",
            "Each decay of Y-90 sets free six times the energy, but its electrons fly millimetres. In a lump they stop inside. A cluster of 0.2 mm "
            "they leave almost at once, and the energy goes to what lies around. Electrons of Lu-177 are slower and stop sooner. "
            "Long reach has a use too: it hits cells without antigen near by, the bystander effect of radiation.",
        ),
        vary=Task(
            "Find a diameter at which Y-90 and Lu-177 give the same dose, to within a few percent (168 hours).",
            lambda state, result: (
                state["washout_h"] == 168 and abs(np.log(_at(result, "Y-90") / _at(result, "Lu-177"))) < 0.05
            ),
        ),
        limits=[
            "The dose is a mean over the tumour. A cell at the edge gets less, and activity is never spread evenly.",
            "Electrons fly straight and only beta energy counts. Gamma rays of I-131 and Lu-177 leave the body.",
            "1 MBq per gram is a yardstick for comparison. What a tumour takes up, and what marrow and kidney receive, has to be measured in each "
            "patient.",
        ],
        tag="Model · MIRD schema, straight tracks (Katz and Penfold 1952); nuclides as tabulated",
        sources=("Bolch2009", "KatzPenfold1952"),
    )


def _at(result: Reach, name: str) -> float:
    """Dose of a nuclide at the chosen diameter."""
    return float(np.interp(result.diameter_mm, SIZES_MM, result.curves[name]))


# How many bridges?


DOSES_NM = steps(0.01, 10_000, 12)
KD_NM = steps(0.1, 1000, 6)
ANTIGENS = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
CD3_PER_CELL = 100_000
SWEEP_NM = np.geomspace(0.01, 10_000, 241)
BRIDGES_SHOWN = tuple(lead * 10.0**power for power in range(7) for lead in (1, 1.5, 2, 3, 5, 7))


@dataclass(frozen=True)
class Bell:
    """An engager between two kinds of cell. ``bridges`` per tumour cell and the shares that hold drug (percent) over SWEEP_NM."""

    drug_nM: float
    now: float
    best_nM: float
    most: float
    window_nM: tuple[float, float]
    bridges: np.ndarray
    antigen_held: np.ndarray
    cd3_held: np.ndarray

    @property
    def of_most(self) -> float:
        """Bridges in percent of the most."""
        return 100 * self.now / self.most

    def held(self, course: np.ndarray) -> float:
        """A share at the chosen dose."""
        return float(np.interp(np.log(self.drug_nM), np.log(SWEEP_NM), course))


def bridge(
    drug_nM: float, kd_cd3_nM: float, antigens: float, kd_antigen_nM: float, million_per_mL: float
) -> Bell:
    """The equilibrium of an engager, CD3 and an antigen, with as many T cells as tumour cells in a millilitre."""
    cells = million_per_mL * 1e6
    system = (
        ternary.receptors_nM(cells, CD3_PER_CELL),
        ternary.receptors_nM(cells, antigens),
        kd_cd3_nM,
        kd_antigen_nM,
    )
    state = ternary.ternary(np.append(SWEEP_NM, drug_nM), *system)
    top = ternary.peak(*system)
    per_cell = ternary.per_cell(state.ternary_nM, cells)
    return Bell(
        drug_nM=drug_nM,
        now=float(per_cell[-1]),
        best_nM=top.drug_nM,
        most=ternary.per_cell(top.ternary_nM, cells),
        window_nM=ternary.window(*system),
        bridges=per_cell[:-1],
        antigen_held=100 * (1 - state.free_c_nM[:-1] / system[1]),
        cd3_held=100 * (1 - state.free_a_nM[:-1] / system[0]),
    )


def bell_sentence(state: dict, result: Bell) -> str:
    """Bridges now, the most, and who holds drug."""
    best = f"the best dose of {_rounded(result.best_nM)} nM"
    if 0.8 < result.drug_nM / result.best_nM < 1.25:
        side = "about the best dose"
    else:
        side = f"below {best}" if result.drug_nM < result.best_nM else f"above {best}"
    return (
        f"At {_rounded(result.drug_nM)} nM, {side}, a tumour cell has {_bridges(result.now)} to T cells on average, "
        f"{plots.percent(min(result.of_most, 100))} of the most there can be. Drug sits on "
        f"{plots.percent(result.held(result.antigen_held))} of the antigen and on {plots.percent(result.held(result.cd3_held))} of CD3."
    )


def _bridges(count: float) -> str:
    """``75 bridges``, ``one bridge``, ``less than one bridge``."""
    if count < 0.95:
        return "less than one bridge"
    return "one bridge" if count < 1.5 else f"{_rounded(count)} bridges"


def _rounded(value: float) -> str:
    """Two digits, thousands parted: ``0.12``, ``68``, ``1,200``."""
    return f"{float(f'{value:.2g}'):,g}"


class BellPlot(LivePlot):
    """Above, bridges for a tumour cell against the dose. Below, the share of each receptor that holds drug."""

    width, height = 680, 450

    def build(self):
        self.bell, self.held = self.figure.subplots(2, 1, sharex=True, height_ratios=(1.7, 1))
        self.margins(left=76, right=104, top=34, bottom=52, hspace=0.2)
        self.bell.set(xscale="log", xlim=(0.01, 10_000), title="Bridges for one tumour cell")
        self.bell.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        self.held.set(ylim=(0, 106), yticks=[0, 50, 100], ylabel="holds drug (%)", xlabel="engager (nM)")
        self.held.set_xticks(10.0 ** np.arange(-2, 5), ["0.01", "0.1", "1", "10", "100", "1,000", "10,000"])
        self.held.minorticks_off()
        both = {"color": palette.INK, "linewidth": 1.4, "linestyle": (0, (2, 2))}
        self.best = self.moving([axes.axvline(1, **both) for axes in (self.bell, self.held)])
        beneath_top = {"transform": self.bell.get_xaxis_transform(), "ha": "left", "va": "top"}
        self.best_name = self.moving(self.bell.text(1, 0.99, "", **beneath_top))
        self.before = self.moving(plots.before_line(self.bell))
        self.now = self.moving(plots.now_line(self.bell, palette.ANTIBODY.line))
        self.dot = self.moving(plots.now_dot(self.bell, palette.ANTIBODY.line))
        self.ghost = self.moving(plots.now_dot(self.bell, palette.BEFORE))
        self.antigen = self.moving(plots.now_line(self.held, palette.TUMOUR.line))
        self.cd3 = self.moving(plots.now_line(self.held, palette.T_CELL.line))
        self.dots = [
            self.moving(plots.now_dot(self.held, colour.line)) for colour in (palette.TUMOUR, palette.T_CELL)
        ]
        beside = self.held.get_yaxis_transform()
        self.names = [
            self.moving(self.held.text(1.015, 0, words, transform=beside, va="center", color=colour.edge))
            for words, colour in (("antigen", palette.TUMOUR), ("CD3", palette.T_CELL))
        ]
        self.mark = plots.PredictionMark(self.bell)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        runs = [result] if previous is None else [result, previous]
        self._fit(max([*(run.most for run in runs), prediction or 0]))
        for line in self.best:
            line.set_xdata([result.best_nM] * 2)
        self.best_name.set(text=f" most at {_rounded(result.best_nM)} nM", x=result.best_nM)
        self.now.set_data(SWEEP_NM, result.bridges)
        self.dot.set_data([result.drug_nM], [result.now])
        for artist in (self.before, self.ghost):
            artist.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(SWEEP_NM, previous.bridges)
            self.ghost.set_data([previous.drug_nM], [previous.now])
        shares = (result.antigen_held, result.cd3_held)
        for line, share in zip((self.antigen, self.cd3), shares, strict=True):
            line.set_data(SWEEP_NM, share)
        heights = plots.spread([share[-1] for share in shares], 20 * self.scale)
        for dot, name, share, height in zip(self.dots, self.names, shares, heights, strict=True):
            dot.set_data([result.drug_nM], [result.held(share)])
            name.set_y(height)
        self.mark.show(prediction)

    def _fit(self, most: float) -> None:
        """Grow or shrink the axis in steps; it stays still while bells are compared. ``most`` is to stand below the top."""
        top = next((step for step in BRIDGES_SHOWN if step >= 1.15 * most), BRIDGES_SHOWN[-1])
        if self.bell.get_ylim()[1] != top:
            self.bell.set_ylim(0, top)
            self.axes_are(top)


def bell() -> Explorer:
    """The interactive of segment 4."""
    best = nearest(DOSES_NM, 12)
    return Explorer(
        title="The bell",
        compute=bridge,
        draw=BellPlot,
        controls=[
            Slide("drug_nM", "Engager", best, values=DOSES_NM, unit="nM"),
            Slide("kd_cd3_nM", "K_D of the arm for CD3", 100.0, values=KD_NM, unit="nM"),
            Slide("antigens", "Antigens on a tumour cell", 50_000, values=ANTIGENS),
            Slide("kd_antigen_nM", "K_D of the arm for the antigen", 1.0, values=KD_NM, unit="nM", advanced=True),
            Slide("million_per_mL", "Cells of each kind", 1, values=(0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100), unit="million per mL",
                  advanced=True),
        ],
        presets=[
            Preset("A hundred times more", {"drug_nM": nearest(DOSES_NM, 100 * best)}, against={"drug_nM": best}),
            Preset("A hundred times less", {"drug_nM": nearest(DOSES_NM, best / 100)}, against={"drug_nM": best}),
            Preset("A tighter arm for CD3", {"kd_cd3_nM": 1.0}, against={}),
            Preset("A tenth of the antigens", {"antigens": 5000}, against={}),
        ],
        prediction="05.Q13",
        sentence=bell_sentence,
        alt="Two panels over the dose on a log axis. Above, bridges for a tumour cell: a bell, with a dashed line at its top. Below, two S-shaped "
        "curves: the share of the antigen and of CD3 that hold drug. The top stands where one is nearly covered and the other nearly free.",
        explain=(
            "Look at the lower panel. What do the two curves say at the top of the bell, and what far to the right of it?",
            "A bridge needs a molecule on one cell and a free place on the other. At the top the antigen is nearly covered and CD3 nearly free. "
            "Far to the right both are covered, each by a molecule of its own, and no molecule finds a free partner. "
            "Counted in free drug, the top stands at the square root of the two K_D multiplied: a tighter arm moves it to a lower dose.",
        ),
        vary=Task(
            "Give the arm for CD3 a K_D of 1 nM. Which dose now builds the most bridges?",
            lambda state, result: state["kd_cd3_nM"] == 1 and state["kd_antigen_nM"] == 1 and 0.8 < result.drug_nM / result.best_nM < 1.25,
        ),
        limits=[
            "Receptors float free in one millilitre here. On cells they meet in a narrow gap, where far more bridges form, and the first "
            "bridge brings others closer.",
            "Equilibrium only: no time to bind, no receptors taken in, no drug used up.",
            "Bridges are not killing: a few may be enough for a T cell. Nor does the level in blood tell the level between two cells, so the "
            "model cannot say on which side of its top a patient is.",
        ],
        tag="Model · ternary complex, Douglass 2013; K_D and densities illustrative",
        sources=("Douglass2013",),
    )  # fmt: skip


# Hours and weeks


@dataclass(frozen=True)
class Pace:
    """Two engagers in a typical patient: blinatumomab in pg/mL over hours, teclistamab in mg/L over days."""

    hours: np.ndarray
    pump_pg_mL: np.ndarray
    plateau_pg_mL: float
    days: np.ndarray
    injected_mg_L: np.ndarray
    doses_d: np.ndarray


PUMP_STOPS_H = 48


@lru_cache(maxsize=1)
def pace() -> Pace:
    """Blinatumomab, 28 µg a day from a pump that is stopped; teclistamab in steps and then once a week, as the label prints."""
    patient = tables.antibody("blinatumomab")
    daily = tables.step_up("blinatumomab").amount.max() / 1000
    pumped = pharmacokinetics.Regimen(
        dose_mg=daily * PUMP_STOPS_H / 24, interval_d=4, infusion_d=PUMP_STOPS_H / 24
    )
    hours = np.linspace(0, 72, 289)
    course = pharmacokinetics.simulate(patient, pumped, times_d=hours / 24)

    steps = tables.step_up("teclistamab")
    starts = [
        *(steps.day - steps.day.iloc[0]),
        *(steps.day.iloc[-1] - steps.day.iloc[0] + 7 * np.arange(1, 8)),
    ]
    doses = [*steps.amount, *[steps.amount.iloc[-1]] * 7]
    weekly = pharmacokinetics.Regimen(dose_mg_per_kg=doses, times_d=starts, interval_d=7)
    days = np.linspace(0, 56, 337)
    injected = injection.inject(*tables.injected("teclistamab"), weekly, times_d=days)
    return Pace(
        hours=hours,
        pump_pg_mL=course.conc_mg_L * 1e6,
        plateau_pg_mL=daily / patient.cl_L_d * 1e6,
        days=days,
        injected_mg_L=injected.conc_mg_L,
        doses_d=np.array(starts),
    )


def hours_and_weeks() -> HTML:
    """A picture: an engager that is gone in hours beside one that stays for weeks."""
    run = pace()
    alt = "Two charts. Left, blinatumomab: within hours of the start of a pump the level is flat, and within hours of its end nothing is " \
          "left. Right, teclistamab: small first steps, then a climb over eight weekly injections."  # fmt: skip
    return lecture.html(
        static_figure(
            _draw_pace(run),
            alt=alt,
            caption=pace_sentence(run),
            width=920,
            tag="Model · typical patients of Clements 2020 and Miao 2023, doses of the US labels",
        )
    )


def _draw_pace(run: Pace) -> bytes:
    """Left, hours of a pump that is switched off; right, weeks of injections."""
    with plots.plot_style():
        figure = Figure(figsize=(9.2, 3.5), dpi=200)
        FigureCanvasAgg(figure)
        short, long = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.075, right=0.985, top=0.89, bottom=0.165, wspace=0.2)
        short.plot(run.hours, run.pump_pg_mL, color=palette.ANTIBODY.line)
        short.axvspan(0, PUMP_STOPS_H, color=palette.ANTIBODY.tint, alpha=0.45, linewidth=0)
        short.text(
            PUMP_STOPS_H / 2,
            0.07,
            "pump on",
            ha="center",
            transform=short.get_xaxis_transform(),
            color=palette.ANTIBODY.edge,
        )
        short.text(
            PUMP_STOPS_H + 1, 0.9, "pump off", transform=short.get_xaxis_transform(), color=palette.MUTED
        )
        short.set(xlim=(0, 72), ylim=(0, 640), xlabel="hours", title="Blinatumomab (pg/mL)")
        short.set_xticks(range(0, 73, 12))
        long.plot(run.days, run.injected_mg_L, color=palette.T_CELL.line)
        long.plot(
            run.doses_d,
            np.zeros_like(run.doses_d, dtype=float),
            "^",
            color=palette.INK,
            markersize=7,
            clip_on=False,
            zorder=5,
        )
        long.set(
            xlim=(0, 56),
            ylim=(0, 21),
            yticks=range(0, 21, 5),
            xlabel="days  (▲ injection)",
            title="Teclistamab (mg/L)",
        )
        long.set_xticks(range(0, 57, 7))
        figure.canvas.draw()
        return encode_png(figure.canvas)


def pace_sentence(run: Pace) -> str:
    """Hours to nine tenths of the plateau, hours to a tenth of it, and what the first step of the injections is beside the last."""
    high = run.hours[np.argmax(run.pump_pg_mL >= 0.9 * run.plateau_pg_mL)]
    after = run.hours > PUMP_STOPS_H
    low = run.hours[after][np.argmax(run.pump_pg_mL[after] <= 0.1 * run.plateau_pg_mL)] - PUMP_STOPS_H
    last = np.interp(run.doses_d[-1], run.days, run.injected_mg_L)
    first = run.injected_mg_L[run.days <= run.doses_d[1]].max()
    return (
        f"Blinatumomab reaches nine tenths of its plateau of {run.plateau_pg_mL:.0f} pg/mL in {high:.1f} hours, and has fallen to a tenth "
        f"{low:.1f} hours after the pump stops. Just before its last injection shown, {run.doses_d[-1]:.0f} days after the first, teclistamab "
        f"stands at {last:.0f} mg/L, {last / first:.0f} times the highest level after the first step."
    )


# Tables and trials


def products() -> HTML:
    """A table: the antibody-drug conjugates, with place and year of approval."""
    approved = tables.approvals()
    drugs = [tables.conjugate(name) for name in tables.conjugate_names()]
    rows = [
        (drug.name, drug.target, "yes" if drug.cleavable == "yes" else "no", f"{drug.payload}, {drug.payload_kind}", drug.dar_text,
         approval(approved, drug.name))
        for drug in drugs
    ]  # fmt: skip
    caption = (
        f"<strong>Data</strong> · {len(drugs)} antibody-drug conjugates, as of {approved.last_checked.max()}. Absence is no "
        f"judgement. {interrupted(approved, [drug.name for drug in drugs])}"
    )
    return table(
        caption, ("Conjugate", "target", "linker is cut", "payload", "mean DAR", "first approval"), rows
    )


def approval(approved, name: str) -> str:
    """Year and jurisdiction of each approval in the table, and what became of it."""
    rows = approved[approved["product"] == name]
    return "; ".join(
        f"{row.jurisdiction} {str(row.first_approved)[:4]}"
        + ("" if row.status == "approved" else f" ({row.status})")
        for row in rows.itertuples()
    )


def interrupted(approved, names: list[str]) -> str:
    """Which of these were withdrawn and came back, in the words of the table."""
    notes = approved[approved["product"].isin(names) & approved["note"].str.contains("Withdrawn", na=False)]
    return " ".join(
        f"{row.product.capitalize()}: withdrawn{row.note.partition('Withdrawn')[2]}"
        for row in notes.itertuples()
    )


def carriers() -> HTML:
    """A table: radioactive drugs by what carries the nuclide."""
    shown = tables.radiotherapeutics()
    kinds = {"neither": "neither: nothing carries it"}
    rows = [
        (product, nuclide, carrier, target, kinds.get(kind, kind), f"{year}, {status}")
        for product, nuclide, carrier, target, kind, year, status in shown[
            ["product", "nuclide", "carrier_kind", "target", "kind", "first_us_approval", "status"]
        ].itertuples(index=False)
    ]
    caption = (
        f"<strong>Data</strong> · radioactive drugs that seek a target, as of {shown.last_checked.max()}"
    )
    return table(caption, ("Drug", "nuclide", "carried by", "target", "so it is a", "first in the US"), rows)


SHOWN = {
    "conjugate": (("DESTINY-Breast03", ("response", "interstitial lung disease", "stopped for a drug-related adverse event")),
                  ("DESTINY-Breast04", ("interstitial lung disease", "death from interstitial lung disease")),
                  ("DREAMM-2", ("response", "changes of the cornea"))),
    "engager": (("MajesTEC-1", ("response", "CRS", "CRS grade 3+", "infection grade 3 or 4", "death from infection")),
                ("TOWER", ("response", "CRS", "CRS grade 3+")),
                ("DeLLphi-301", ("response", "CRS"))),
}  # fmt: skip
SHORT = {
    "trastuzumab deruxtecan": "T-DXd",
    "trastuzumab emtansine": "T-DM1",
    "belantamab mafodotin 2.5 mg/kg": "belantamab 2.5 mg/kg",
    "stopped for a drug-related adverse event": "stopped for an adverse event",
    "interstitial lung disease": "inflamed lungs",
    "death from interstitial lung disease": "death from inflamed lungs",
}


def trials(kind: str) -> HTML:
    """A picture: benefit and harm in trials of conjugates or engagers, each a share with its count and exact interval."""
    rows = [
        row
        for study, outcomes in SHOWN[kind]
        for outcome in outcomes
        for row in tables.antibody_trials(study=study, outcome=outcome).itertuples()
    ]
    alt = "One row a result, a dot with an interval: " + "; ".join(
        f"{told(row)}: {counted(row)}" for row in rows
    )
    return lecture.html(
        static_figure(
            _forest(rows),
            alt=alt,
            caption=TRIAL_CAPTIONS[kind],
            width=920,
            tag="Data · trials as reported, 2019 to 2025; lines: exact 95 % intervals",
        )
    )


def _forest(rows: list) -> bytes:
    """One line a result: what was counted, its share with the interval, and the count."""
    height = 0.31 * len(rows) + 0.95
    with plots.plot_style():
        figure = Figure(figsize=(9.2, height), dpi=200)
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.46, right=0.85, top=1 - 0.1 / height, bottom=0.62 / height)
        for place, row in enumerate(reversed(rows)):
            colour = palette.ACTIVATES if row.outcome == "response" else palette.INHIBITS
            low, high = interval(row)
            axes.plot([low, high], [place, place], color=colour)
            axes.plot(
                row.percent,
                place,
                "o" if row.outcome == "response" else "D",
                color=colour,
                markersize=8,
                markeredgecolor="white",
            )
            axes.text(-0.015, place, told(row), transform=axes.get_yaxis_transform(), ha="right", va="center")
            axes.text(1.02, place, counted(row), transform=axes.get_yaxis_transform(), va="center")
        axes.set(
            xlim=(0, 100),
            ylim=(-0.7, len(rows) - 0.3),
            xlabel="patients (%)   round, green: benefit · diamond, red: harm",
        )
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        figure.canvas.draw()
        return encode_png(figure.canvas)


TRIAL_CAPTIONS = {
    "conjugate": "DESTINY-Breast03 and 04 were randomised; DREAMM-2 compared two doses only. Patients on T-DXd were treated for about "
    "twice as long as those on T-DM1, so harm had more time. The benefit in DESTINY-Breast04, longer life, stands in the text.",
    "engager": "Without a line: the report at hand prints a percentage and no count. TOWER was randomised: patients lived for a median of "
    "7.7 months with blinatumomab and 4.0 with chemotherapy. MajesTEC-1 had no control group. The two graded CRS by different scales, so "
    "their numbers do not compare. In DeLLphi-301 ten times the dose brought more CRS and no more responses. That fits a bell and does "
    "not prove one.",
}


def told(row) -> str:
    """Study, arm and outcome of a result."""
    arm = row.arm if row.product in row.arm or row.kind == "comparator" else f"{row.product} {row.arm}"
    return f"{row.study} · {SHORT.get(arm, arm)} · {SHORT.get(row.outcome, row.outcome)}"


def counted(row) -> str:
    """``28 of 257``, or the percentage where no count was printed."""
    return f"{row.percent:g} %" if pd.isna(row.successes) else f"{row.successes:.0f} of {row.n:.0f}"


def interval(row) -> tuple[float, float]:
    """Exact 95 % interval in percent; the point alone where no count was printed."""
    if pd.isna(row.successes):
        return row.percent, row.percent
    return tuple(100 * end for end in proportions.clopper_pearson(int(row.successes), int(row.n)))
