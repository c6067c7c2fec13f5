"""Cells against tumour: ``race()`` sets CAR-T cells against other lymphocytes and a tumour."""

import math
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.car_t_in_the_patient.shared import CAR_T, cells, ten_to
from immunolab.interactives.explorer import Explorer, Preset, Slide, Task, steps
from immunolab.models import car_t

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
    smallest_d, log_cells = result.nadir
    if result.one_cell_d is not None:
        words += f"The mean tumour falls below one cell on day {result.one_cell_d:.0f}. "
    elif log_cells > result.log_tumour[0] - 0.01:
        words += "The mean tumour does not shrink. "
    else:
        words += f"The mean tumour is smallest on day {smallest_d:.0f}, with {_some(math.exp(log_cells))}. "
    words += f"The chance that its last cell dies is {chance(result)}."
    back = result.progression_d(
        from_d=smallest_d
    )  # a fast tumour grows first, then shrinks, and then comes back
    if back is not None:
        when = f"on day {back:.0f}" if back >= 0.5 else "within a day"
        words += f" Otherwise, {when}, it is 20 % larger than at the start."
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
    return f"one in {ten_to(round(-math.log10(share)))}"
