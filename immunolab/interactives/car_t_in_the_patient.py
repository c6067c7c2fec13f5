"""Lesson 07: what a learner can move.

``time_course()`` reads a published curve of CAR-T cells, ``fewer_cells()`` asks what the dose does to the peak,
``race()`` sets CAR-T cells against other lymphocytes and a tumour, ``bedside()`` grades a case, ``trials()`` puts
exact intervals around counts. ``tocilizumab()`` is a picture that stands still.
"""

import math
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot, encode_png
from immunolab.interactives import lecture
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, steps
from immunolab.models import astct, car_t, cellular_kinetics, pharmacokinetics, proportions
from immunolab.widgets.static import static_figure

CAR_T = palette.T_CELL


def cells(count: float) -> str:
    """A number of cells as people write it: ``2.3``, ``410,000``, ``1.64 × 10¹⁰``."""
    if count < 1e6:
        return plots.count(count) if count >= 100 else f"{count:.2g}"
    power = math.floor(math.log10(count))
    leading = f"{count / 10**power:.3g}"
    return _ten_to(power) if leading == "1" else f"{leading} × {_ten_to(power)}"


def _ten_to(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


# A drug that grows

COURSE_DAYS = np.linspace(0, 60, 241)
STARTS = steps(0.01, 10, 6)
PATIENTS = 200
SEED = 2019


@dataclass(frozen=True)
class TimeCourse:
    """A curve of CAR-T cells at COURSE_DAYS, and the 5th and 95th of the study's simulated patients beside it.

    ``band`` is None where the study's spread is not in our table. ``peaks`` holds the same two percentiles of the peak.
    """

    curve: cellular_kinetics.ExpansionCurve
    conc: np.ndarray
    band: np.ndarray | None
    peaks: tuple[float, float] | None


def time_course_of(product: str, start_times: float, ends: str, reading: str) -> TimeCourse:
    """The study's typical patient, with a start of growth that is ``start_times`` as high.

    ``ends``: growth ends ``"peak"``, at the published height, or ``"day"``, on the published day.
    """
    curve = _started(_typical(product), start_times, ends)
    band, peaks = _spread(product, reading)
    return TimeCourse(curve, curve.conc(COURSE_DAYS), band, peaks)


@cache
def _typical(product: str) -> cellular_kinetics.ExpansionCurve:
    """The published curve; where a study prints no height, height and slow share are those of tisagenlecleucel."""
    known = tables.car_kinetics("tisagenlecleucel")
    if product == "tisagenlecleucel":
        return known
    return tables.car_kinetics(product, c_max=known.c_max, slow_fraction=known.slow_fraction)


def _started(typical, times: float, ends: str):
    if ends == "day":
        return replace(typical, c_max=typical.c_max * times)
    later = -math.log2(times) * typical.doubling_d
    return replace(typical, fold=typical.fold / times, t_max_d=typical.t_max_d + later)


@lru_cache(maxsize=8)
def _spread(product: str, reading: str):
    if tables.kinetics_parameters(product).spread.isna().all():
        return None, None
    variability = tables.car_kinetics_variability(product, reading)
    many = cellular_kinetics.population(_typical(product), variability, n=PATIENTS, seed=SEED)
    low, high = np.percentile(many.curves.peak, [5, 95])
    return many.percentiles(COURSE_DAYS, (5, 95)), (float(low), float(high))


def time_course_sentence(state: dict, result: TimeCourse) -> str:
    """Growth, peak, the two phases of the fall; with a published height also exposure and place among patients."""
    curve = result.curve
    fall = f"Then they halve every {curve.fast_half_life_d:.1f} days, and later every {curve.slow_half_life_d:.0f}."
    if result.peaks is None:
        return (
            f"After a lag of {curve.lag_d:.1f} days the cells double every {curve.doubling_d:.2f} days and peak on day {curve.t_max_d:.1f}. "
            f"{fall} Height and slow share are borrowed from tisagenlecleucel, for this study's summary prints none."
        )
    low, high = result.peaks
    place = "below" if curve.peak < low else "above" if curve.peak > high else "among"
    return (
        f"From {plots.number(curve.start, 2)} copies per µg of DNA the cells double every {curve.doubling_d:.2f} days and peak at "
        f"{plots.count(curve.peak)} on day {curve.t_max_d:.1f}. {fall} Exposure over 28 days: {plots.count(curve.auc(0, 28))} copies·d/µg. "
        f"The peaks of 90 % of {PATIENTS} simulated patients lie from {plots.count(low)} to {plots.count(high)}; this one is {place} them."
    )


class TimeCoursePlot(LivePlot):
    """Copies of the transgene on a log axis over 60 days, with the four phases named above the curve."""

    width, height = 680, 410
    PHASES = ("lag", "expansion", "contraction", "persistence")

    def build(self):
        self.axes = self.figure.subplots()
        self.margins(left=86, right=16, top=34, bottom=52)
        self.axes.set(
            yscale="log",
            xlim=(0, 60),
            ylim=(0.05, 1e6),
            xlabel="days since the infusion",
            ylabel="transgene copies per µg of DNA",
        )
        self.axes.set_yticks(
            [0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6],
            ["0.1", "1", "10", "100", "1,000", "10,000", "100,000", "10⁶"],
        )
        self.axes.minorticks_off()
        self.band = self.axes.fill_between([], [], [], color=CAR_T.line, alpha=0.15, linewidth=0)
        self.band_name = plots.halo(
            self.axes.text(59, 1, "", color=CAR_T.edge, ha="right", va="center", fontsize=plots.small())
        )
        self._peaks_of_band = None
        self.edges = [
            self.moving(self.axes.axvline(np.nan, color=palette.MUTED, linewidth=1, linestyle=(0, (2, 3))))
            for _ in range(3)
        ]
        above = {"transform": self.axes.get_xaxis_transform(), "ha": "center", "va": "bottom", "color": palette.MUTED,
                 "fontsize": plots.small()}  # fmt: skip
        self.names = [self.moving(self.axes.text(0, 1.015, name, **above)) for name in self.PHASES]
        self.before = self.moving(plots.before_line(self.axes))
        self.now = self.moving(plots.now_line(self.axes, CAR_T.line))
        self.dot = self.moving(plots.now_dot(self.axes, CAR_T.line))
        self.mark = plots.PredictionMark(self.axes, axis="x", at=0.03)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        curve = result.curve
        self.now.set_data(COURSE_DAYS, result.conc)
        self.dot.set_data([curve.t_max_d], [curve.peak])
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(COURSE_DAYS, previous.conc)
        if result.peaks != self._peaks_of_band:
            self._spread(result)
        days = [0, curve.lag_d, curve.t_max_d, min(curve.crossover_d, 60), 60]
        for line, day in zip(self.edges, days[1:4], strict=True):
            line.set_xdata([day, day])
        for name, start, end in zip(self.names, days[:-1], days[1:], strict=True):
            name.set(x=(start + end) / 2, visible=end - start > 2)
        self.mark.show(prediction)

    def _spread(self, result: TimeCourse) -> None:
        """The band stands still until another study, or another reading of it, is chosen."""
        self._peaks_of_band = result.peaks
        self.band.set_visible(result.band is not None)
        self.band_name.set_text("" if result.band is None else "90 % of simulated patients")
        if result.band is not None:
            self.band.set_data(COURSE_DAYS, *result.band)
            low, high = result.band[0][-1], result.band[1][-1]
            self.band_name.set_y(low**0.2 * high**0.8)  # above the curves
        self.axes_are(result.peaks)


def time_course() -> Explorer:
    """The interactive of segment 1: a published curve, and what a change of its start could do."""
    tenth = {"start_times": 0.1}
    return Explorer(
        title="A drug that grows",
        compute=time_course_of,
        draw=TimeCoursePlot,
        controls=[
            Slide("start_times", "Cells at the start of growth", 1.0, values=STARTS, unit="times"),
            Pick("ends", "Growth ends", "peak", {"peak": "at the same height", "day": "on the same day"}),
            Pick(
                "product",
                "Product",
                "tisagenlecleucel",
                {
                    "tisagenlecleucel": "tisagenlecleucel (leukaemia)",
                    "lisocabtagene maraleucel": "lisocabtagene maraleucel (lymphoma)",
                },
            ),
            Pick(
                "reading",
                "The study's spread is printed as",
                "sd",
                {"sd": "standard deviations", "variance": "variances"},
                advanced=True,
            ),
        ],
        presets=[
            Preset("A tenth, same height", tenth, against={}),
            Preset("A tenth, same day", tenth | {"ends": "day"}, against={}),
            Preset("The other product", {"product": "lisocabtagene maraleucel"}, against={}),
        ],
        prediction="07.Q10",
        sentence=time_course_sentence,
        alt="A curve on a logarithmic axis over 60 days: CAR-T cells in blood climb in a straight line, peak, fall fast, then "
        "slowly; names of the phases stand above. A pale band around it holds 90 % of simulated patients.",
        explain=(
            "Ten times fewer cells at the start: what does it cost if growth ends at the same height, and what if it ends on "
            "the same day? Compare both with the band.",
            "Ten is 3.3 doublings. If something else sets the height, the peak comes 2.6 days later and is as high. If the "
            "calendar sets the end, the peak is ten times lower. Even that is little more than the width of the band: "
            "patients with one and the same dose differ as much. The curve cannot say which is true, for it holds no dose.",
        ),
        vary=Task(
            "Let growth end on the same day. How far must the start fall before this peak leaves the band of patients?",
            lambda state, result: (
                state["ends"] == "day"
                and result.peaks is not None
                and 0.3 * result.peaks[0] < result.curve.peak < result.peaks[0]
            ),
        ),
        limits=[
            "The curve describes; it explains nothing. It holds no dose, no tumour and no other cell. That the start of growth "
            "goes in proportion to the infused cells, and the two ways for growth to end, are our additions.",
            f"The band: {PATIENTS} simulated patients (seed {SEED}) who differ as the study found, without its measurement error. "
            "Whether its column prints standard deviations or variances is not clear to us; <em>More controls</em> shows both.",
            "Copies of a gene per µg of DNA are not cells: when other white cells are few, the same copies are fewer CAR-T cells.",
        ],
        tag=lambda state: (
            "Model · "
            + {
                "tisagenlecleucel": "Stein 2019, 90 children and young adults",
                "lisocabtagene maraleucel": "Ogasawara 2021, 261 adults",
            }[state["product"]]
        ),
        sources=("Stein2019", "Ogasawara2021"),
    )


# Ten times fewer cells

DOSES = steps(1e5, 1e9, 3)
SWEEP = steps(1e5, 1e9, 1)
SWEEP_DAYS = 60.0
B_CELLS_NAMED_AT = 5e5  # cells
COUNTED = {"CAR-T": CAR_T, "leukaemia": palette.TUMOUR, "B cells": palette.B_CELL}


@dataclass(frozen=True)
class Feast:
    """CAR-T cells that feed on leukaemia and B cells, and their peak over SWEEP (cells)."""

    course: car_t.LeonTrianaCourse
    peaks: np.ndarray


@cache
def _leukaemia() -> car_t.LeonTrianaParameters:
    """The published patient; kept, because every move asks for it."""
    return tables.leon_triana()


@lru_cache(maxsize=1024)
def _fed(c0: float, l0: float, tau_c_d: float, horizon_d: float) -> car_t.LeonTrianaCourse:
    patient = replace(_leukaemia(), c0_cells=c0, l0_cells=l0, tau_c_d=tau_c_d)
    return car_t.simulate_leon_triana(patient, horizon_d)


def feast(infused: float, leukaemia: float, life_d: float) -> Feast:
    """``infused`` CAR-T cells with a mean life of ``life_d`` days meet ``leukaemia`` cells."""
    peaks = [_fed(dose, leukaemia, life_d, SWEEP_DAYS).peak[1] for dose in SWEEP]
    return Feast(_fed(infused, leukaemia, life_d, SWEEP_DAYS), np.array(peaks))


def feast_sentence(state: dict, result: Feast) -> str:
    """Peak and its day, beside those of the published dose, and what is left of the leukaemia."""
    course = result.course
    day, peak = course.peak
    words = f"{cells(state['infused'])} CAR-T cells infused: the peak is {cells(peak)} cells on day {day:.0f}"
    usual = _leukaemia().c0_cells
    if state["infused"] != usual:
        usual_day, usual_peak = _fed(usual, state["leukaemia"], state["life_d"], SWEEP_DAYS).peak
        words += f"; with {cells(usual)} it would be {cells(usual_peak)} on day {usual_day:.0f}"
    if course.one_cell_d is not None:
        return f"{words}. The leukaemia falls below one cell on day {course.one_cell_d:.0f}."
    low = int(np.argmin(course.leukaemia_cells))
    return (
        f"{words}. In these {SWEEP_DAYS:.0f} days the leukaemia is smallest on day {course.times_d[low]:.0f}, "
        f"with {cells(course.leukaemia_cells[low])} cells."
    )


class FeastPlot(LivePlot):
    """Left: CAR-T cells, leukaemia and B cells over 60 days. Right: the peak against the cells infused."""

    width, height = 680, 400

    def build(self):
        self.course, self.dose = self.figure.subplots(1, 2, width_ratios=(1.15, 1))
        self.margins(left=52, right=16, top=38, bottom=54, wspace=0.3)
        self.course.set(
            yscale="log",
            xlim=(0, SWEEP_DAYS),
            ylim=(1e4, 3e12),
            xlabel="days since the infusion",
            title="Cells in the body",
        )
        self.dose.set(
            xscale="log",
            yscale="log",
            xlim=(DOSES[0], DOSES[-1]),
            ylim=(1e8, 3e12),
            xlabel="CAR-T cells infused",
            title="Peak of CAR-T cells",
        )
        usual = _leukaemia()
        peak = _fed(usual.c0_cells, usual.l0_cells, usual.tau_c_d, SWEEP_DAYS).peak[1]
        straight = np.array([DOSES[0], DOSES[-1]])
        self.dose.plot(straight, peak * straight / usual.c0_cells, color=palette.MUTED, linewidth=1.2)
        self.dose.text(
            3e8,
            1.4e11,
            "if in\nproportion",
            ha="center",
            va="top",
            color=palette.MUTED,
            fontsize=plots.small(),
        )
        self.befores = [self.moving(plots.before_line(self.course)) for _ in range(2)]
        self.lines = {
            name: self.moving(plots.now_line(self.course, colour.line)) for name, colour in COUNTED.items()
        }
        self.names = {
            name: self.moving(
                plots.halo(self.course.text(1, 0, name, color=colour.edge, fontsize=plots.small()))
            )
            for name, colour in COUNTED.items()
        }
        self.names["CAR-T"].set(x=SWEEP_DAYS - 1, ha="right")
        self.names["B cells"].set(va="center", ha="right")
        self.before_peak = self.moving(plots.before_line(self.dose))
        self.now_peak = self.moving(plots.now_line(self.dose, CAR_T.line))
        self.dot = self.moving(plots.now_dot(self.dose, CAR_T.line))
        self.dot.set_clip_on(False)  # it may stand at the end of the axis
        self.mark = plots.PredictionMark(self.dose)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        days, course = result.course.times_d, result.course
        counts = {"CAR-T": course.car_cells, "leukaemia": course.leukaemia_cells, "B cells": course.b_cells}
        for name, count in counts.items():
            self.lines[name].set_data(days, np.maximum(count, 1e-3))
        self.names["CAR-T"].set_y(1.6 * np.interp(SWEEP_DAYS - 10, days, course.car_cells))
        above = course.leukaemia_cells[0] > course.b_cells[0]
        self.names["leukaemia"].set(
            y=course.leukaemia_cells[0] * (1.3 if above else 0.6), va="bottom" if above else "top"
        )
        self._name_b_cells(course)
        for line in (*self.befores, self.before_peak):
            line.set_visible(previous is not None)
        if previous is not None:
            self.befores[0].set_data(previous.course.times_d, previous.course.car_cells)
            self.befores[1].set_data(
                previous.course.times_d, np.maximum(previous.course.leukaemia_cells, 1e-3)
            )
            self.before_peak.set_data(SWEEP, previous.peaks)
        self.now_peak.set_data(SWEEP, result.peaks)
        self.dot.set_data([course.parameters.c0_cells], [course.peak[1]])
        self.mark.show(prediction)

    def _name_b_cells(self, course: car_t.LeonTrianaCourse) -> None:
        """Left of their fall, where no other curve runs; at the end, if they do not fall so far."""
        low = course.b_cells < B_CELLS_NAMED_AT
        if low.any():
            self.names["B cells"].set(x=course.times_d[low.argmax()] - 1, y=B_CELLS_NAMED_AT, va="center")
        else:
            self.names["B cells"].set(x=SWEEP_DAYS - 1, y=course.b_cells[-1] / 1.5, va="top")


def fewer_cells() -> Explorer:
    """The interactive of the second half of segment 1: what the dose does where growth ends with the antigen."""
    published = _leukaemia()
    return Explorer(
        title="Ten times fewer",
        compute=feast,
        draw=FeastPlot,
        controls=[
            Slide("infused", "CAR-T cells infused", published.c0_cells, values=DOSES, words=cells),
            Slide(
                "leukaemia",
                "Leukaemia cells at the start",
                published.l0_cells,
                values=steps(1e9, 1e11, 6, 5e9, published.l0_cells),
                words=cells,
            ),
            Slide("life_d", "Mean life of a CAR-T cell", published.tau_c_d, 4.0, 60.0, 1.0, unit="days"),
        ],
        presets=[
            Preset("Ten times fewer", {"infused": 1e6}, against={}),
            Preset("A hundred times more", {"infused": 1e9}, against={}),
            Preset("A tenth of the leukaemia", {"leukaemia": 5e9}, against={}),
            Preset("Twice the leukaemia", {"leukaemia": 1e11}, against={}),
        ],
        prediction="07.Q11",
        sentence=feast_sentence,
        alt="Two panels with logarithmic axes. Left, over 60 days: CAR-T cells climb to a peak, leukaemia and normal B cells "
        "collapse. Right, the peak of CAR-T cells against the cells infused: nearly flat, far from the line of proportion.",
        explain=(
            "Dose moved the day of the peak, and hardly its height. Which control moves the height, and why that one?",
            "In this model every division of a CAR-T cell needs a target cell. Growth ends when the targets are eaten up, so the "
            "peak follows their number: about a quarter of all leukaemia and B cells. Fewer infused cells need a few days more "
            "to get there. A larger tumour feeds a larger army; in patients a large tumour also goes with more cytokine release.",
        ),
        vary=Task(
            "Keep ten million cells and find a start of the leukaemia with which the peak is less than half as high.",
            lambda state, result: (
                state["infused"] == 1e7 and state["life_d"] == 14 and 4e9 < result.course.peak[1] < 8.2e9
            ),
        ),
        limits=[
            "Target cells are the only limit here: no lack of room, no exhaustion, no loss of CD19. The next interactive "
            "limits the room instead, and gives another answer about dose.",
            "The model has been read beside patients' curves, not tested by giving different doses to equal patients.",
            "Numbers are cells in the whole body, with mean values of a well-mixed patient.",
        ],
        tag="Model · León-Triana 2021",
        sources=("LeonTriana2021",),
    )


# Cells against tumour

HORIZON_D = 600
KILL_TIMES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0)
WITHOUT_ANTIGEN = (0, *steps(1e-11, 1e-3, 1))
TWIN = {
    "r_b_per_d": 0.31,
    "gamma_b_per_d": 1.34,
    "k_b_times": 0.7,
}  # fits the first four weeks of the published set


@cache
def _lymphoma() -> car_t.KimmelParameters:
    """The published patient; kept, because every move asks for it."""
    return tables.kimmel()


@lru_cache(maxsize=512)
def race_of(
    lymphocytes_per_uL: float, k_c_per_uL: float, r_b_per_d: float, infused_times: float, gamma_b_per_d: float,
    k_b_times: float, without_antigen: float,
) -> car_t.KimmelCourse:  # fmt: skip
    """A patient of Kimmel's model. ``infused_times`` and ``k_b_times`` multiply the published values.

    ``without_antigen``: the share of tumour cells that the CAR cannot see; our addition to the model.
    """
    typical = _lymphoma()
    patient = replace(
        typical,
        n0_cells=lymphocytes_per_uL * typical.cells_per_uL,
        k_c_cells=k_c_per_uL * typical.cells_per_uL,
        r_b_per_d=r_b_per_d,
        c0_cells=typical.c0_cells * infused_times,
        gamma_b_per_d=gamma_b_per_d,
        k_b_cells=typical.k_b_cells * k_b_times,
    )
    return car_t.simulate_kimmel(patient, HORIZON_D, car_t.AntigenLoss(fraction=without_antigen))


def race_sentence(state: dict, result: car_t.KimmelCourse) -> str:
    """The peak, the smallest tumour, the chance that no tumour cell is left, and when the mean tumour is back."""
    peak_d, peak = result.peak
    lymphocytes = state["lymphocytes_per_uL"]
    words = (
        f"With {lymphocytes:g} lymphocyte{'s' if lymphocytes > 1 else ''} per µL at infusion, "
        f"CAR-T cells peak at {plots.number(peak, 2)} per µL on day {peak_d:.0f}. "
    )
    if result.one_cell_d is not None:
        words += f"The mean tumour falls below one cell on day {result.one_cell_d:.0f}. "
    else:
        day, log_cells = result.nadir
        words += f"The mean tumour is smallest on day {day:.0f}, with {_some(math.exp(log_cells))}. "
    words += f"The chance that its last cell dies is {chance(result)}."
    back = result.progression_d()
    if back is not None:
        words += f" Otherwise, on day {back:.0f}, it is 20 % larger than at the start."
    return words


def chance(run: car_t.KimmelCourse) -> str:
    """The chance of extinction in words: never quite 0 or 100 %."""
    return plots.percent(min(max(100 * run.extinction_probability, 1e-3), 100 - 1e-3))


def _some(count: float) -> str:
    return f"{cells(count)} {'cell' if cells(count) == '1' else 'cells'}"


class RacePlot(LivePlot):
    """Left: CAR-T cells in blood with measured medians. Right: the mean tumour above, the chance of extinction below."""

    width, height = 680, 440

    def build(self):
        grid = self.figure.add_gridspec(2, 2, width_ratios=(1, 1.12), height_ratios=(1.6, 1))
        self.blood = self.figure.add_subplot(grid[:, 0])
        self.tumour = self.figure.add_subplot(grid[0, 1])
        self.chance = self.figure.add_subplot(grid[1, 1])
        self.margins(left=54, right=18, top=38, bottom=52, wspace=0.32, hspace=0.42)
        self.blood.set(
            yscale="log",
            xlim=(0, 100),
            ylim=(0.008, 800),
            xlabel="days since the infusion",
            title="Cells per µL of blood",
        )
        self.blood.set_yticks([0.01, 0.1, 1, 10, 100], ["0.01", "0.1", "1", "10", "100"])
        self.tumour.set(yscale="log", xlim=(0, HORIZON_D), ylim=(1, 1e12), title="Tumour cells, mean")
        self.tumour.set_yticks([1, 1e3, 1e6, 1e9, 1e12], ["1", "10³", "10⁶", "10⁹", "10¹²"])
        self.chance.set(
            xlim=(0, HORIZON_D),
            ylim=(0, 105),
            yticks=[0, 50, 100],
            xlabel="days since the infusion",
            title="Chance that no cell is left (%)",
        )
        for axes in (self.blood, self.tumour):
            axes.minorticks_off()
        self._measured()
        self.normal = self.moving(self.blood.plot([], [], color=palette.MUTED, linewidth=1.6)[0])
        self.normal_name = self.moving(
            plots.halo(
                self.blood.text(
                    98,
                    0,
                    "all lymphocytes",
                    color=palette.MUTED,
                    ha="right",
                    va="bottom",
                    fontsize=plots.small(),
                )
            )
        )
        colours = {self.blood: CAR_T.line, self.tumour: palette.TUMOUR.line, self.chance: palette.NOW}
        self.before = {axes: self.moving(plots.before_line(axes)) for axes in colours}
        self.now = {axes: self.moving(plots.now_line(axes, colour)) for axes, colour in colours.items()}
        self.dot = self.moving(plots.now_dot(self.blood, CAR_T.line))
        self.share = self.moving(
            plots.halo(self.chance.text(HORIZON_D - 8, 0, "", ha="right", va="bottom", color=palette.NOW))
        )
        self.name = self.moving(
            plots.halo(self.blood.text(66, 0, "CAR-T", color=CAR_T.edge, va="bottom", fontsize=plots.small()))
        )
        self.mark = plots.PredictionMark(self.blood, at=0.98, ha="right")
        self.moving(self.mark.artists)

    def _measured(self) -> None:
        """Medians and quartiles of 23 patients of the trial to whose medians the model was fitted, in front of the curve."""
        seen = tables.t_cell_counts()
        spread = np.array([seen.median_per_uL - seen.low_per_uL, seen.high_per_uL - seen.median_per_uL])
        self.blood.errorbar(
            seen.day_d,
            seen.median_per_uL,
            spread,
            fmt="s",
            color=palette.INK,
            markersize=5,
            linewidth=1.4,
            capsize=3,
            zorder=2,
        )
        self.blood.text(
            0.03,
            0.02,
            "squares: measured medians\nand quartiles",
            transform=self.blood.transAxes,
            ha="left",
            va="bottom",
            fontsize=plots.small(),
            color=palette.INK,
        )

    def update(self, result, previous=None, prediction=None):
        for lines, run in ((self.now, result), (self.before, previous)):
            for line in lines.values():
                line.set_visible(run is not None)
            if run is None:
                continue
            lines[self.blood].set_data(run.times_d, np.maximum(run.car_per_uL, 1e-6))
            lines[self.tumour].set_data(run.times_d, self._until_one_cell(run))
            lines[self.chance].set_data(run.times_d, 100 * gone_by(run))
        self.normal.set_data(result.times_d, result.lymphocytes_per_uL)
        self.normal_name.set_y(1.12 * np.interp(98, result.times_d, result.lymphocytes_per_uL))
        self.dot.set_data(*([value] for value in result.peak))
        self.name.set_y(1.2 * np.interp(66, result.times_d, result.car_per_uL))
        last = 100 * result.extinction_probability
        self.share.set_text(chance(result))
        self.share.set_y(last + 4 if last < 75 else last - 27)
        self.mark.show(prediction)

    @staticmethod
    def _until_one_cell(run: car_t.KimmelCourse) -> np.ndarray:
        """The mean down to one cell; nothing is drawn after it, for nothing grows back from less."""
        return np.where(run.tumour_cells >= 1, run.tumour_cells, np.nan)


def gone_by(run: car_t.KimmelCourse) -> np.ndarray:
    """Probability that no tumour cell is left, at each day; an escape known at the end counts from the start."""
    return run.extinct_by * (1 - run.escape_probability)


def race() -> Explorer:
    """The interactive of segment 2: CAR-T cells, the other lymphocytes, and a tumour."""
    typical = _lymphoma()
    published = {"gamma_b_per_d": typical.gamma_b_per_d}
    return Explorer(
        title="The race for room",
        compute=race_of,
        draw=RacePlot,
        controls=[
            Slide("lymphocytes_per_uL", "Lymphocytes at infusion", 6, 1, 60, 1, unit="per µL"),
            Slide("k_c_per_uL", "Room: CAR-T growth stops at", 139, 60, 260, 1, unit="per µL"),
            Slide("r_b_per_d", "Growth of the tumour", 0.105, 0.01, 0.5, 0.005, unit="per day"),
            Slide(
                "infused_times",
                "CAR-T cells infused",
                1.0,
                values=steps(0.1, 10, 6),
                unit="times",
                advanced=True,
            ),
            Slide(
                "gamma_b_per_d",
                "Largest killing, γ",
                typical.gamma_b_per_d,
                0.5,
                2.0,
                0.01,
                unit="per day",
                advanced=True,
            ),
            Slide(
                "k_b_times",
                "CAR-T cells for half of it, k",
                1.0,
                values=KILL_TIMES,
                unit="times",
                advanced=True,
            ),
            Slide(
                "without_antigen",
                "Tumour cells without antigen (our addition)",
                0,
                values=WITHOUT_ANTIGEN,
                words=_one_in,
                advanced=True,
            ),
        ],
        presets=[
            Preset("30 lymphocytes instead of 6", {"lymphocytes_per_uL": 30}, against={}),
            Preset("A faster tumour", {"r_b_per_d": 0.19}, against={}),
            Preset(
                "Faster, and more room",
                {"r_b_per_d": 0.19, "k_c_per_uL": 180},
                against={"r_b_per_d": 0.19},
            ),
            Preset("Other parameters, same four weeks", TWIN, against=published),
        ],
        prediction="07.Q12",
        sentence=race_sentence,
        alt="Three panels. Left, over 100 days on a logarithmic axis: CAR-T cells in blood rise and fall past four measured "
        "medians, while all lymphocytes climb back. Right, over 600 days: the mean number of tumour cells down to one cell, and "
        "below it the chance that no tumour cell is left.",
        explain=(
            "The same cells were infused. Why did five times as many <em>other</em> lymphocytes cost them more than nine tenths of "
            "their peak?",
            "Both kinds of cells fill one place and slow each other. CAR-T cells accept less company than normal lymphocytes do: "
            "their growth stops when there are 139 per µL of all kinds together. From 6 that takes a week; from 30 it takes half the "
            "time, and growth multiplies each day that is lost. This is the model's case for chemotherapy before the infusion. In it "
            "the dose matters too: ten times fewer cells would peak six times lower.",
        ),
        vary=Task(
            "Take the faster tumour (0.19 per day). Which room makes the chance of extinction pass one half, all else as published?",
            lambda state, result: (
                state["r_b_per_d"] == 0.19
                and state["lymphocytes_per_uL"] == 6
                and state["infused_times"] == 1
                and state["gamma_b_per_d"] == typical.gamma_b_per_d
                and state["k_b_times"] == 1
                and 0.5 <= result.extinction_probability < 0.8
            ),
        ),
        limits=[
            "Fitted to medians of one trial, not to persons: seven parameters from eleven numbers, one of which concerns the tumour. The squares "
            "are 23 of the trial's own patients, so the agreement is no independent test. Our room, 139 per µL, is 6.95 × 10¹⁰ cells; the paper prints 6.96, and the "
            "chance is then 66 instead of 62 %.",
            "<em>Other parameters, same four weeks</em>: faster growth (0.31 per day), stronger killing, fewer cells for half of it. The tumour "
            "differs by at most 13 % in the first four weeks, then the two part. These data could not tell them apart.",
            "The antigen is never lost in the published model. Under <em>More controls</em> a share of the tumour may lack it; that part is "
            "ours. The paper calls extinction “cure”; a clinic would not.",
        ],
        tag="Model · Kimmel 2021, fitted to medians of ZUMA-1; Data · 23 of its patients",
        sources=("Kimmel2021",),
    )


def _one_in(share: float) -> str:
    """A share of tumour cells in words: ``one in 10⁹``."""
    if not share:
        return "none"
    return f"one in {_ten_to(round(-math.log10(share)))}"


# At the bedside

GRADES = ("1", "2", "3", "4")
PRESSURES = {  # what is needed: hypotension, vasopressors, vasopressin
    "normal": (False, 0, False),
    "fluids": (True, 0, False),
    "one": (True, 1, False),
    "one and vasopressin": (True, 1, True),
    "several": (True, 2, False),
}
OXYGENS = {"none": None, "nasal cannula": 3.0, "face mask": None, "ventilator": None}  # and their flow, L/min
# What each sign must show for a grade; None where the sign has no such grade.
CRS_GRID = {
    "fever": ("38 °C or more", None, None, None),
    "blood pressure": (None, "low, fluids suffice", "one vasopressor", "several"),
    "oxygen": (None, "cannula, to 6 L/min", "high flow, mask", "positive pressure"),
}
ICANS_GRID = {
    "ICE": ("7 to 9 points", "3 to 6 points", "0 to 2 points", "0, cannot be woken"),
    "consciousness": ("wakes alone", "wakes to voice", "wakes to touch", "hardly or not"),
    "seizure": (None, None, "ends quickly", "over 5 min, repeated"),
    "brain": (None, None, "local oedema", "diffuse oedema"),
}


@dataclass(frozen=True)
class Bedside:
    """The two grades of a patient, each with its findings."""

    crs: astct.Grade
    icans: astct.Grade


def bedside_of(
    temperature_C: float,
    pressure: str,
    oxygen: str,
    treated: str,
    ice: int,
    consciousness: str,
    seizure: str,
    brain: str,
) -> Bedside:
    """Grades of a case; a patient who cannot be woken scores 0 on the ICE, whatever the slider says."""
    hypotension, vasopressors, vasopressin = PRESSURES[pressure]
    return Bedside(
        astct.crs_grade(
            temperature_C, hypotension=hypotension, vasopressors=vasopressors, vasopressin=vasopressin,
            oxygen=oxygen, flow_L_min=OXYGENS[oxygen], treated=treated == "yes",
        ),
        astct.icans_grade(0 if consciousness == "unarousable" else ice, consciousness=consciousness, seizure=seizure, brain=brain),
    )  # fmt: skip


def bedside_sentence(state: dict, result: Bedside) -> str:
    """Both grades, each with the sign that decided."""
    return f"{_graded('CRS', result.crs)} {_graded('ICANS', result.icans)}"


def _graded(name: str, grade: astct.Grade) -> str:
    if grade.grade:
        return f"{name} grade {grade.grade}: {'; '.join(finding.reason for finding in grade.deciding)}."
    if name == "ICANS":
        return "No ICANS."
    fever, *others = grade.findings
    unexplained = [finding.reason.split(" that ")[0] for finding in others if finding.grade]
    if unexplained:
        return f"No CRS: {fever.reason}. What else explains the {' and the '.join(unexplained)}?"
    return "No CRS."


class BedsidePlot(LivePlot):
    """Two tables, signs by grades: above for CRS, below for ICANS. The cell that a sign has reached is filled."""

    width, height = 680, 410
    LEFT, CELL = 0.163, 0.208  # of the width of the picture

    def build(self):
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, 1), ylim=(0, 1))
        self.axes.axis("off")
        self.reached, self.titles = {}, {}
        top = self._table("CRS", CRS_GRID, 0.93, palette.CYTOKINE)
        self._table("ICANS", ICANS_GRID, top - 0.045, palette.B_CELL)
        self.mark = self.moving(
            self._box(self.LEFT, top - 0.012, palette.PAPER, palette.PREDICTION, 0.945 - top)
        )
        self.mark.set_width(self.CELL)  # around the cells of a grade
        self.mark.set(fill=False, linestyle=(0, (1, 1.6)), linewidth=2.4 * self.scale, zorder=6)
        self.mark_name = self.moving(
            self.axes.text(
                0,
                0.94,
                "your prediction",
                color=palette.PREDICTION,
                ha="center",
                va="bottom",
                fontsize=plots.small(),
            )
        )

    def _table(self, name: str, grid: dict, top: float, colour: palette.Colour) -> float:
        """Draw one table downwards from ``top``; returns where it ends."""
        step = 0.098
        self.titles[name] = self.moving(
            self.axes.text(0.012, top - 0.035, "", fontweight="semibold", va="center")
        )
        for column, grade in enumerate(GRADES):
            middle = self.LEFT + (column + 0.5) * self.CELL
            self.axes.text(
                middle, top - 0.035, f"grade {grade}", ha="center", va="center", color=palette.MUTED
            )
        for row, (sign, wanted) in enumerate(grid.items(), 1):
            y = top - 0.035 - row * step
            self.axes.text(0.012, y, {"consciousness": "waking"}.get(sign, sign), va="center")
            for column, words in enumerate(wanted):
                if words is None:
                    continue
                x = self.LEFT + column * self.CELL
                middle = {
                    "x": x + self.CELL / 2,
                    "y": y,
                    "s": words,
                    "ha": "center",
                    "va": "center",
                    "fontsize": plots.small(),
                    "zorder": 5,
                }
                self._box(x, y - 0.038, palette.PAPER, palette.GRID)
                self.axes.text(**middle, color=palette.MUTED)
                box = self._box(x, y - 0.038, colour.tint, colour.edge)
                self.reached[name, sign, column + 1] = self.moving(
                    box, self.axes.text(**middle, color=colour.edge)
                )
        return top - 0.035 - len(grid) * step - 0.038

    def _box(self, x: float, y: float, fill: str, edge: str, height: float = 0.076) -> FancyBboxPatch:
        box = FancyBboxPatch(
            (x + 0.006, y), self.CELL - 0.012, height, boxstyle="round,pad=0,rounding_size=0.012", facecolor=fill, edgecolor=edge,
            linewidth=1.4 * self.scale, mutation_aspect=self.width / self.height, zorder=3,
        )  # fmt: skip
        return self.axes.add_patch(box)

    def update(self, result, previous=None, prediction=None):
        for name, grade in (("CRS", result.crs), ("ICANS", result.icans)):
            self.titles[name].set_text(f"{name}: {f'grade {grade.grade}' if grade.grade else 'none'}")
            reached = {(name, finding.sign, finding.grade) for finding in grade.findings}
            for cell, artists in self.reached.items():
                for artist in artists if cell[0] == name else ():
                    artist.set_visible(cell in reached)
        for artist in (self.mark, self.mark_name):
            artist.set_visible(prediction is not None)
        if prediction is not None:
            x = self.LEFT + (prediction - 1) * self.CELL
            self.mark.set_x(x)
            self.mark_name.set_x(x + self.CELL / 2)


def bedside() -> Explorer:
    """The interactive of segment 3: vital signs in, grades and reasons out."""
    case = {"temperature_C": 38.6, "pressure": "one", "oxygen": "nasal cannula"}
    calm = {"temperature_C": 37.4, "treated": "yes"}
    return Explorer(
        title="CRS and ICANS at the bedside",
        compute=bedside_of,
        draw=BedsidePlot,
        controls=[
            Slide("temperature_C", "Temperature", 37.0, 36.0, 41.0, 0.1, unit="°C"),
            Pick(
                "pressure",
                "Blood pressure",
                "normal",
                {
                    "normal": "normal",
                    "fluids": "low, fluids suffice",
                    "one": "low, one vasopressor",
                    "one and vasopressin": "low, one and vasopressin",
                    "several": "low, several vasopressors",
                },
            ),
            Pick(
                "oxygen",
                "Oxygen needed",
                "none",
                {
                    "none": "none",
                    "nasal cannula": "nasal cannula, 3 L/min",
                    "face mask": "face mask",
                    "ventilator": "ventilator",
                },
            ),
            Pick(
                "treated",
                "Tocilizumab, steroids or a drug against fever",
                "no",
                {"no": "not given", "yes": "given after fever"},
                advanced=True,
            ),
            Slide("ice", "ICE test", 10, 0, 10, 1, unit="points", advanced=True),
            Pick(
                "consciousness",
                "Waking",
                "alert",
                {key: words for key, (_, words) in astct.CONSCIOUSNESS.items()},
                style="select",
                advanced=True,
            ),
            Pick(
                "seizure",
                "Seizure",
                "none",
                {key: words for key, (_, words) in astct.SEIZURE.items()},
                style="select",
                advanced=True,
            ),
            Pick(
                "brain",
                "Brain on the image",
                "none",
                {key: astct.BRAIN[key][1] for key in ("none", "focal oedema", "diffuse oedema")},
                style="select",
                advanced=True,
            ),
        ],
        presets=[
            Preset("38.6 °C, one vasopressor, 3 L of oxygen", case),
            Preset(
                "39 °C, fluids, 3 L of oxygen",
                {"temperature_C": 39.0, "pressure": "fluids", "oxygen": "nasal cannula"},
            ),
            Preset("After tocilizumab: no fever, one vasopressor", calm | {"pressure": "one"}),
            Preset("No fever from the start, low pressure", {"temperature_C": 37.4, "pressure": "fluids"}),
            Preset("ICE 5, wakes to voice", calm | {"ice": 5, "consciousness": "awakens to voice"}),
            Preset("ICE 8, then a short seizure", calm | {"ice": 8, "seizure": "brief"}),
        ],
        prediction="07.Q13",
        sentence=bedside_sentence,
        alt="Two tables with signs as rows and grades 1 to 4 as columns. Above, cytokine release syndrome: fever, blood pressure, "
        "oxygen. Below, ICANS: ICE points, waking, seizure, brain image. The cell that each sign has reached is filled.",
        explain=(
            "Compare <em>After tocilizumab</em> with <em>No fever from the start</em>. Both have 37.4 °C and a low pressure. Why is only one of them CRS?",
            "CRS begins with fever. Where it did, and a drug then took the fever away, the other signs go on counting. Where there never was "
            "a fever, a low pressure has another cause to be looked for, such as bleeding or the heart. In every case the worst sign decides, "
            "and no level of a cytokine enters: the grade is read at the bedside, not in the laboratory.",
        ),
        vary=Task(
            "The case of the prediction becomes grade 4. Which one change of one sign is enough? (There are two.)",
            lambda state, result: (
                result.crs.grade == 4
                and state["temperature_C"] == 38.6
                and (state["pressure"] == "one") != (state["oxygen"] == "nasal cannula")
            ),
        ),
        limits=[
            "Rules, not biology: the consensus of 2019 for teaching. A grade follows the worst sign that nothing else explains; deciding "
            "what explains a sign is the clinician's work, and is left out.",
            "Shown are some of the devices and signs of the consensus. Death (grade 5), children under 12 (another score) and "
            "weakness of limbs are left out.",
            "A grade is not a treatment. What follows from it is in guidelines and with the team at the bedside.",
        ],
        tag="Data · consensus grading, Lee 2019 (ASTCT)",
        sources=("Lee2019",),
    )


# Trials

OUTCOMES = {
    "response": "any response",
    "complete response": "complete response",
    "CRS grade 3+": "severe CRS (grade 3 and more)",
    "neurotoxicity grade 3+": "severe neurotoxicity (grade 3 and more)",
}
TRIAL_SIZES = (5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500)
DISEASES = {"leukaemia": palette.TUMOUR, "lymphoma": palette.B_CELL, "myeloma": palette.BCMA}


@dataclass(frozen=True)
class Counts:
    """Studies of one outcome, one row each, and an imagined trial: ``x`` of ``n``, its interval in percent."""

    outcome: str
    studies: pd.DataFrame
    x: int
    n: int
    low: float
    high: float


@lru_cache(maxsize=8)
def studies_of(outcome: str) -> pd.DataFrame:
    """The CAR-T studies of one outcome with exact 95 % intervals in percent, empty where no count was printed."""
    rows = tables.cell_therapy_trials("CAR-T", outcome=outcome)
    # A regulator's recount of the same patients is no further study.
    rows = rows[rows.n.notna() & ~rows.study.str.contains("US review")].reset_index(drop=True)
    counted = rows.successes.notna()
    low, high = np.full((2, len(rows)), np.nan)
    exact = proportions.clopper_pearson(rows.successes[counted].to_numpy(int), rows.n[counted].to_numpy(int))
    low[counted], high[counted] = (100 * end for end in exact)
    return rows.assign(low=low, high=high, cancer=[_cancer(disease) for disease in rows.disease])


def _cancer(disease: str) -> str:
    return next(name for name in DISEASES if name in disease)


def counts(outcome: str, n: int, percent: float) -> Counts:
    """The studies of an outcome, beside a trial of ``n`` patients of whom ``percent`` have it."""
    x = round(n * percent / 100)
    low, high = proportions.clopper_pearson(x, n)
    return Counts(outcome, studies_of(outcome), x, int(n), 100 * low, 100 * high)


def counts_sentence(state: dict, result: Counts) -> str:
    """The imagined trial and its interval; the range of the studies, and how they graded."""
    shown = result.studies
    words = (
        f"Imagined: {result.x} of {result.n} patients, {plots.percent(100 * result.x / result.n)}; true rates from {result.low:.0f} to "
        f"{result.high:.0f} % would fit. Measured: {OUTCOMES[result.outcome]} in {shown.percent.min():g} to {shown.percent.max():g} % of "
        f"the patients of {len(shown)} studies"
    )
    if "grade" not in result.outcome:
        return words + "."
    scales = shown.grading.dropna().unique()
    words += f". Scales: {', '.join(scales)}"
    unknown = int(shown.grading.isna().sum())
    return words + (f"; in {unknown} of the studies one that we could not confirm." if unknown else ".")


class TrialsPlot(LivePlot):
    """One row a study: a dot and its exact interval in percent; below them the imagined trial."""

    width, height = 680, 430
    ROWS = 10

    def build(self):
        self.axes = self.figure.subplots()
        self.margins(left=176, right=196, top=14, bottom=52)
        self.axes.set(xlim=(0, 100), ylim=(-2.1, self.ROWS - 0.4), xlabel="patients (%)", yticks=[])
        self.axes.spines["left"].set_visible(False)
        self.axes.grid(axis="y", visible=False)
        self.axes.axhline(-0.45, color=palette.MUTED, linewidth=1)
        beside = self.axes.get_yaxis_transform()
        plain = {"transform": beside, "va": "center", "fontsize": plots.small()}
        self.names = [self.axes.text(-0.02, 0, "", ha="right", **plain) for _ in range(self.ROWS)]
        self.notes = [self.axes.text(1.02, 0, "", color=palette.MUTED, **plain) for _ in range(self.ROWS)]
        self.dots = [
            self.axes.plot([], [], "o", markersize=8, markeredgecolor="white")[0] for _ in range(self.ROWS)
        ]
        self.lines = [self.axes.plot([], [])[0] for _ in range(self.ROWS)]
        self.axes.text(-0.035, -1.1, "imagined trial", ha="right", color=palette.NOW, **plain)
        self.count = self.moving(self.axes.text(1.02, -1.1, "", color=palette.NOW, **plain))
        self.before = self.moving(plots.before_line(self.axes))
        self.now = self.moving(plots.now_line(self.axes))
        self.dot = self.moving(plots.now_dot(self.axes))
        self.dot.set_clip_on(False)  # it may stand at 0 or 100 %
        self.mark = plots.PredictionMark(self.axes, axis="x", at=0.02)
        self.mark.line.set_ydata([0, 0.14])  # beside the imagined trial, which it is about
        self.moving(self.mark.artists)
        self._shown = None

    def update(self, result, previous=None, prediction=None):
        if result.outcome != self._shown:
            self._list(result)
        self.now.set_data([result.low, result.high], [-1.1, -1.1])
        self.dot.set_data([100 * result.x / result.n], [-1.1])
        self.count.set_text(f"{result.x} of {result.n}")
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data([previous.low, previous.high], [-0.75, -0.75])
        self.mark.show(prediction)

    def _list(self, result: Counts) -> None:
        """The studies of an outcome stand still until another outcome is chosen."""
        self._shown = result.outcome
        for parts in zip(self.names, self.notes, self.dots, self.lines, strict=True):
            for part in parts:
                part.set_visible(False)
        ordered = result.studies.sort_values("percent", ascending=False, ignore_index=True)
        for row in ordered.itertuples():
            y, colour = self.ROWS - 1 - row.Index, DISEASES[row.cancer].line
            known = not pd.isna(row.low)
            for text, words in (
                (self.names[row.Index], trial_name(row)),
                (self.notes[row.Index], trial_note(row)),
            ):
                text.set(text=words, y=y, visible=True)
            self.dots[row.Index].set(marker="o" if known else "D", markerfacecolor=colour if known else palette.PAPER,
                                     markeredgecolor="white" if known else colour, visible=True)  # fmt: skip
            self.dots[row.Index].set_data([row.percent], [y])
            self.lines[row.Index].set(color=colour, visible=known)
            self.lines[row.Index].set_data([row.low, row.high], [y, y])
        self.axes_are(result.outcome)


def trial_name(row) -> str:
    """The study, and the cancer."""
    study = row.study.split(",")[0].replace("US Lymphoma CAR T Consortium", "US consortium")
    return f"{study} · {row.cancer}"


def trial_note(row) -> str:
    """The count or the denominator, and the scale of the grades."""
    count = (
        f"{row.percent:g} % of {row.n:,.0f}" if pd.isna(row.low) else f"{row.successes:.0f} of {row.n:.0f}"
    )
    if "grade" not in row.outcome:
        return count
    return f"{count}, {'scale not confirmed' if pd.isna(row.grading) else row.grading}"


def trials() -> Explorer:
    """The interactive of segment 4: counts with exact intervals, and a trial of one's own beside them."""
    return Explorer(
        title="How sure is 80 %?",
        compute=counts,
        draw=TrialsPlot,
        controls=[
            Pick("outcome", "Studies show", "response", OUTCOMES),
            Slide("n", "Patients in an imagined trial", 50, values=TRIAL_SIZES),
            Slide("percent", "of whom have the outcome", 80.0, 0.0, 100.0, 5.0, unit="%"),
        ],
        presets=[
            Preset("12 of 15", {"n": 15}, against={}),
            Preset("Severe CRS, and none of 15", {"outcome": "CRS grade 3+", "n": 15, "percent": 0.0}),
            Preset(
                "Severe neurotoxicity, and none of 150",
                {"outcome": "neurotoxicity grade 3+", "n": 150, "percent": 0.0},
            ),
        ],
        prediction="07.Q14",
        sentence=counts_sentence,
        alt="One row a study: a dot for the share of patients and a line for its exact 95 % interval, with count and grading scale at the "
        "right, coloured by cancer. A hollow diamond: only a percentage was printed. Below them an imagined trial.",
        explain=(
            "In severe CRS the studies range from a few percent to nearly half. Name three reasons that have nothing to do with the product.",
            "Chance: look at the width of each line. Patients: children with leukaemia, adults with lymphoma or myeloma, much or little tumour. "
            "And the ruler: when JULIET's 64 cases were graded again by the scale of 2019, 23 got a lower grade than by the Penn scale, and 4 a "
            "higher one. None of these studies was a comparison of products.",
        ),
        vary=Task(
            "With 80 % responding, how many patients bring the lower end of the interval to 70 % or more?",
            lambda state, result: state["percent"] == 80 and 70 <= result.low < 73,
        ),
        limits=[
            "The interval holds chance alone. It knows nothing of who was chosen for the trial, who never received the cells, or who judged.",
            "The denominator is that of the paper: patients infused, or only those who could be judged. Where a percentage fits one count only, "
            "the count is ours. Regulators counted some of the same patients again: of KarMMa's, 9 % had severe CRS by the US review, 5 % by the paper.",
            "Rows are not a ranking. They differ in disease, earlier treatment, year, dose and grading scale.",
        ],
        tag="Data · studies as reported, 2017 to 2024; intervals Clopper and Pearson 1934",
        sources=("ClopperPearson1934", "Schuster2020"),
    )


# Tocilizumab

DOSE_MG_PER_KG = 8
WEIGHT_KG = 75
STILL_THERE_MG_L = 1.0


def tocilizumab_course() -> pharmacokinetics.Course:
    """One infusion of 8 mg per kg in a patient of 75 kg, followed for four weeks."""
    once = pharmacokinetics.Regimen(
        dose_mg=DOSE_MG_PER_KG * WEIGHT_KG, interval_d=28, n_doses=1, infusion_d=1 / 24
    )
    return pharmacokinetics.simulate(
        tables.antibody("tocilizumab", study="Moes 2022"), once, times_d=np.linspace(0, 28, 337)
    )


def tocilizumab() -> HTML:
    """How long one infusion stays, and how often severe CRS went after it."""
    course, response = tocilizumab_course(), _with_intervals(tables.tocilizumab_response())
    large = lecture.on()
    with plots.plot_style(lecture.scale()):
        figure = Figure(figsize=(11, 4.6) if large else (9.2, 3.1), dpi=200)
        FigureCanvasAgg(figure)
        stays, went = figure.subplots(1, 2, width_ratios=(1.25, 1))
        figure.subplots_adjust(left=0.085, right=0.975, top=0.87, bottom=0.19, wspace=0.65 if large else 0.45)
        _draw_stay(stays, course)
        _draw_answers(went, response)
        figure.canvas.draw()
        png = encode_png(figure.canvas)
    answered = "; ".join(
        f"{study.product}: {study.successes} of {study.n}, exact interval {study.low:.0f} to {study.high:.0f} %"
        for study in response.itertuples()
    )
    caption = (
        f"Left, model: {DOSE_MG_PER_KG} mg per kg in a patient of {WEIGHT_KG} kg; from {course.conc_mg_L.max():.0f} mg/L the level falls below "
        f"{STILL_THERE_MG_L:g} mg/L after {course.days_until_below(STILL_THERE_MG_L):.1f} days. Its parameters come from patients with COVID-19. "
        f"Right, data: severe CRS that was gone within 14 days of at most two doses, with no other drug but steroids. {answered}. "
        "No group went without the drug, so nobody knows how many would have recovered alone."
    )
    alt = (
        "Two panels. Left, the concentration of tocilizumab on a logarithmic axis over 28 days after one infusion, falling ever faster. Right, dots with exact intervals "
        f"for the share of patients whose severe CRS went: {answered}."
    )
    return lecture.html(
        static_figure(
            png, alt=alt, caption=caption, tag="Model · Moes 2022 (left); Data · Le 2018 (right)", width=920
        )
    )


def _with_intervals(counted: pd.DataFrame) -> pd.DataFrame:
    """Counts with their exact 95 % intervals in percent."""
    low, high = proportions.clopper_pearson(counted.successes.to_numpy(int), counted.n.to_numpy(int))
    return counted.assign(low=100 * low, high=100 * high)


def _draw_stay(axes: Axes, course: pharmacokinetics.Course) -> None:
    """The level after one infusion, and the day when it is as good as gone."""
    last = course.days_until_below(STILL_THERE_MG_L)
    axes.plot(course.times_d, course.conc_mg_L, color=palette.ANTIBODY.line)
    axes.set(
        yscale="log",
        xlim=(0, 28),
        ylim=(0.1, 300),
        xlabel="days since one infusion",
        title="Tocilizumab in plasma (mg/L)",
    )
    axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.plot([0, last, last], [STILL_THERE_MG_L, STILL_THERE_MG_L, 0.1], color=palette.MUTED, linewidth=1.2)
    words = f"below {STILL_THERE_MG_L:g} mg/L after {last:.1f} days"
    axes.text(last - 0.5, 0.62, words, ha="right", va="center", fontsize=plots.small())


def _draw_answers(axes: Axes, response: pd.DataFrame) -> None:
    """A row for each product: the share of patients whose severe CRS went, with its interval."""
    colour = palette.ANTIBODY.line
    for row, study in zip(reversed(range(len(response))), response.itertuples(), strict=True):
        axes.plot([study.low, study.high], [row, row], color=colour)
        axes.plot(
            100 * study.successes / study.n, row, "o", color=colour, markersize=9, markeredgecolor="white"
        )
        words = f"{study.product}\n{study.successes} of {study.n}"
        axes.text(-3, row, words, ha="right", va="center", fontsize=plots.small())
    axes.set(
        xlim=(0, 100),
        ylim=(-0.6, len(response) - 0.4),
        yticks=[],
        xlabel="patients (%)",
        title="Severe CRS gone in 14 days",
    )
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)
