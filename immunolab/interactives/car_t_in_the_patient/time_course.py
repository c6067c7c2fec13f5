"""A drug that grows: ``time_course()`` reads a published curve of CAR-T cells."""

import math
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.car_t_in_the_patient.shared import CAR_T
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, steps
from immunolab.models import cellular_kinetics

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
