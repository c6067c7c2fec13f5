"""Ten times fewer cells: ``fewer_cells()`` asks what the dose does to the peak."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.car_t_in_the_patient.shared import CAR_T, cells
from immunolab.interactives.explorer import Explorer, Preset, Slide, Task, steps
from immunolab.models import car_t

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
