"""``trial_reader()`` reads any shipped comparison by medians, landmarks, restricted means, ratios and tests.

Curves, ratios and tests cost 10 to 70 ms, so each is kept under the names and whole numbers it was made from.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.text import Text

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.checkpoint_trials.shared import FEW, in_percent
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.interactives.page import cite
from immunolab.models import survival
from immunolab.models.survival import Estimate, KaplanMeier

COLOURS = (palette.ANTIBODY, palette.Colour(palette.INK, palette.GRID, palette.INK))  # treatment, control
# Coarse, because each window of months needs fits of its own.
READ_AT = (*range(3, 31, 3), *range(36, 61, 6), 72, 84)
MEASURES = {
    "medians": "medians",
    "alive": "people alive at that month",
    "gained": "months gained up to then",
    "ratio": "hazard ratio: whole, up to then, after",
    "tests": "log-rank tests",
}
WEIGHTS = {"even": (0, 0), "early": (1, 0), "late": (0, 1)}
SETTLED = 3  # months; before, single deaths make curves change places
CHANCE = 1.96  # how far chance alone carries z in 19 of 20 trials


def signed(value: float, decimals: int) -> str:
    """A number with a true minus sign, and none before zero."""
    said = f"{value:.{decimals}f}"
    return said.lstrip("-") if float(said) == 0 else said.replace("-", "−")


def within(estimate: Estimate, decimals: int) -> str:
    """The interval in words: ``0.59 to 0.89``."""
    return " to ".join(signed(end, decimals) for end in estimate[1:])


def reached(months: float) -> str:
    """A median in words, also where there is none."""
    return "not reached" if math.isinf(months) else f"{months:.1f}"


@dataclass(frozen=True)
class Row:
    """One row of the picture: an estimate with its interval, or None where there is none, and whose it is."""

    name: str
    estimate: Estimate | None
    arm: int | None = None  # 0 treatment, 1 control


@dataclass(frozen=True)
class Reading:
    """A comparison read by one measure, at ``month``; ``asked`` may lie beyond what both arms were followed.

    ``bands`` holds a difference at ``months`` with its interval, shape (3, months); other measures have ``rows``.
    """

    name: str
    measure: str
    asked: int
    month: float
    curves: tuple[KaplanMeier, KaplanMeier]
    months: np.ndarray | None = None
    bands: np.ndarray | None = None
    rows: tuple[Row, ...] = ()

    @property
    def facts(self) -> tables.Comparison:
        """What the paper prints."""
        return tables.comparison(self.name)

    @property
    def apart(self) -> Estimate:
        """The difference at the month that is read."""
        return Estimate(*map(float, self.bands[:, np.searchsorted(self.months, self.month)]))

    @property
    def alive(self) -> tuple[float, float]:
        """Per cent alive at the month: treatment, control."""
        return tuple(100 * curve.at(self.month) for curve in self.curves)


@cache
def _curves(name: str) -> tuple[KaplanMeier, KaplanMeier]:
    return tuple(map(survival.kaplan_meier, tables.comparison(name).patients))


@cache
def _over_time(name: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Months, and at each the difference between the arms with its interval: months gained, or points more alive."""
    curves = _curves(name)
    months = np.arange(1.0, min(curve.longest for curve in curves) + 1)
    if measure == "gained":
        return months, np.transpose([survival.rmst_difference(*curves, month) for month in months])
    return months, 100 * np.transpose([survival.survival_difference(*curves, month) for month in months])


@cache
def _ratio(name: str, start: float = 0, end: float = math.inf) -> Estimate | None:
    """The hazard ratio of a window of months; None where too few died in it to say anything."""
    found = survival.hazard_ratio(*tables.comparison(name).patients, start=start, end=end)
    return found if found.low > 0 and found.high / found.low < 200 else None


@cache
def _tests(name: str) -> dict[str, survival.LogRank]:
    arms = tables.comparison(name).patients
    return {
        weight: survival.log_rank(*arms, rho=rho, gamma=gamma) for weight, (rho, gamma) in WEIGHTS.items()
    }


@cache
def crossing(name: str) -> float | None:
    """The last month at which the curves change places while enough people are at risk; None if they never do."""
    curves = _curves(name)
    months = survival.crossings(*curves, after=SETTLED)
    enough = [month for month in months if min(curve.at_risk_at(month) for curve in curves) >= FEW]
    return float(enough[-1]) if enough else None


def reading(name: str, month: int, measure: str) -> Reading:
    """The comparison ``name`` read at ``month``, or at the end of its follow-up, by one of MEASURES."""
    curves = _curves(name)
    at = min(float(month), *(curve.longest for curve in curves))
    if measure in ("alive", "gained"):
        return Reading(name, measure, month, at, curves, *_over_time(name, measure))
    rows = {"medians": _median_rows, "ratio": _ratio_rows, "tests": _test_rows}[measure](name, at)
    return Reading(name, measure, month, at, curves, rows=rows)


def _median_rows(name: str, _month: float) -> tuple[Row, ...]:
    facts = tables.comparison(name)
    published = facts.median_treatment_months, facts.median_control_months
    rows = []
    for arm, (who, paper) in enumerate(zip(("treatment", "control"), published, strict=True)):
        rows.append(Row(f"{who}, published", None if paper is None else Estimate(*[paper] * 3), arm))
        rows.append(Row(f"{who}, recomputed", _curves(name)[arm].median, arm))
    return tuple(rows)


def _ratio_rows(name: str, month: float) -> tuple[Row, ...]:
    facts = tables.comparison(name)
    return (
        Row("published", Estimate(facts.hazard_ratio, facts.ci_low, facts.ci_high)),
        Row("recomputed", _ratio(name)),
        Row(f"up to month {month:g}", _ratio(name, end=month)),
        Row(f"after month {month:g}", _ratio(name, start=month)),
    )


def _test_rows(name: str, _month: float) -> tuple[Row, ...]:
    return tuple(Row(f"{weight} weight", Estimate(*[test.z] * 3)) for weight, test in _tests(name).items())


def reading_sentence(state: dict, result: Reading) -> str:
    """The measure in words, from its numbers, and where the reading is limited."""
    said = SAY[result.measure](result)
    if result.asked > result.month and result.measure in ("alive", "gained", "ratio"):
        return f"Not both arms were followed to month {result.asked}; read at month {result.month:g}. {said}"
    return said


def _say_medians(result: Reading) -> str:
    facts = result.facts
    said = [_say_median(*arm) for arm in zip((facts.treatment, facts.control), result.curves, strict=True)]
    printed = [
        "none printed" if months is None else reached(months)
        for months in (facts.median_treatment_months, facts.median_control_months)
    ]
    return f"{' '.join(said)} The paper: {' and '.join(dict.fromkeys(printed))}."


def _say_median(arm: str, curve: KaplanMeier) -> str:
    median = curve.median
    if math.isinf(median.value):
        return f"With {arm}, more than half are alive at the end of follow-up, month {curve.longest:g}: the median is not reached."
    followed = curve.at_risk_at(median.value)
    few = f"; still followed there: {followed:.0f}" if followed < FEW else ""
    interval = " to ".join(map(reached, median[1:]))
    return f"With {arm}, half have died by month {reached(median.value)} (95 % interval {interval}{few})."


def _say_alive(result: Reading) -> str:
    facts, apart = result.facts, result.apart
    # Rounded first, so that the difference of what is read is right.
    treated, control = (round(share, 1) for share in result.alive)
    said = (
        f"At month {result.month:g}, {treated:.1f} % are alive with {facts.treatment} and {control:.1f} % with {facts.control}: "
        f"{signed(treated - control, 1)} points, 95 % interval {within(apart, 1)}. "
    )
    followed = [curve.at_risk_at(result.month) for curve in result.curves]
    if min(followed) < FEW:
        said += "With so few still followed that says little"
    elif apart.low > 0 or apart.high < 0:
        one = abs(survival.number_needed_to_treat(treated / 100, control / 100))
        more = "more" if apart.value > 0 else "fewer"
        said += f"That is one {more} alive for about every {one:.0f} treated"
    else:
        said += "The interval contains 0, so a number needed to treat makes no sense"
    return f"{said}; still followed: {followed[0]:.0f} and {followed[1]:.0f}."


def _say_gained(result: Reading) -> str:
    facts, gain, cross = result.facts, result.apart, crossing(result.name)
    lived = [curve.rmst(result.month).value for curve in result.curves]
    sure = "" if gain.low > 0 or gain.high < 0 else "; it contains 0"
    return (
        f"Of the first {result.month:g} months, people live {lived[0]:.1f} on average with {facts.treatment} and {lived[1]:.1f} with "
        f"{facts.control}. Months gained: {signed(gain.value, 2)}, 95 % interval {within(gain, 2)}{sure}."
        + (f" The curves last cross at month {cross:.1f}." if cross else "")
    )


def _say_ratio(result: Reading) -> str:
    facts, (published, whole, early, late) = result.facts, (row.estimate for row in result.rows)
    said = f"Hazard ratio {whole.value:.2f} ({within(whole, 2)}): "
    if whole.low < 1 < whole.high:
        said += "the interval contains 1, so the trial cannot tell the rates apart."
    else:
        said += f"with {facts.treatment}, on average {whole.value:.2f} times the other rate of death."
    said += f" The paper: {published.value:.2f} ({within(published, 2)})."
    if facts.note:
        said += f" About the paper: {facts.note}"
    for window, ratio in (("Up to", early), ("After", late)):
        found = "too few deaths for a ratio" if ratio is None else f"{ratio.value:.2f} ({within(ratio, 2)})"
        said += f" {window} month {result.month:g}: {found}."
    if early and late:
        apart = differ(early, late)
        said += f" These differ by {'more than chance easily explains: one number hides a change' if apart else 'no more than chance can explain'}."
    return said


def differ(one: Estimate, other: Estimate) -> bool:
    """Whether two independent ratios differ by more than chance does in 19 of 20 cases."""
    errors = [math.log(ratio.high / ratio.low) / (2 * CHANCE) for ratio in (one, other)]
    return abs(math.log(one.value / other.value)) > CHANCE * math.hypot(*errors)


def _say_tests(result: Reading) -> str:
    tests = _tests(result.name)
    even, early, late = tests.values()
    below = [test.p < 0.05 for test in tests.values()]
    said = (
        f"With {result.facts.treatment} {even.observed:.0f} died, where {even.expected:.0f} would be expected if the arms were alike: "
        f"z = {signed(even.z, 2)}, {_p(even)}. Early weight: {_p(early)}; late weight: {_p(late)}. "
    )
    if len(set(below)) == 1:
        return f"{said}All three lie {'below' if below[0] else 'above'} 0.05."
    return f"{said}The weight decides on which side of 0.05 p lies, so it must be chosen before the curves are seen."


def _p(test: survival.LogRank) -> str:
    return "p < 0.001" if test.p < 0.001 else f"p = {plots.number(test.p, 2)}"


SAY = {"medians": _say_medians, "alive": _say_alive, "gained": _say_gained, "ratio": _say_ratio,
       "tests": _say_tests}  # fmt: skip
TITLES = {"medians": "Median (months)", "alive": "More alive (points)", "gained": "Months gained",
          "ratio": "Hazard ratio", "tests": "Log-rank z"}  # fmt: skip


class ReaderPlot(LivePlot):
    """Left, the two curves with bands and the numbers at risk; right, the chosen measure, over time or as rows."""

    width, height = 680, 430
    ROWS = 4

    def build(self):
        self.axes, self.over = self.figure.subplots(1, 2, width_ratios=(1.62, 1))
        self.margins(left=46, right=16, top=38, bottom=86, wspace=0.2)
        self.rows = self.figure.add_axes(self.over.get_position())
        self.axes.set(ylim=(0, 103), title="People alive (%)")
        self.axes.set_xlabel("months since randomisation, and people at risk", labelpad=30 * self.scale)
        self.rows.set(ylim=(-0.5, self.ROWS - 0.35), yticks=[])
        self.rows.spines["left"].set_visible(False)
        self.rows.grid(axis="y", visible=False)
        self.over.axhline(0, color=palette.INK, linewidth=1.2)
        self.equal = self.rows.axvline(1, color=palette.INK, linewidth=1.2)
        self.chance = self.rows.axvspan(-CHANCE, CHANCE, color=palette.GRID, linewidth=0)
        empty, steps = ([], [], []), {"drawstyle": "steps-post"}
        self.bands = [self.axes.fill_between(*empty, color=c.line, alpha=0.12, linewidth=0) for c in COLOURS]
        self.lines = [self.axes.plot([], [], color=c.line, zorder=4, **steps)[0] for c in COLOURS]
        self.lines[1].set_linewidth(1.5 * self.scale)
        ring = {"markersize": 11 * self.scale, "fillstyle": "none", "color": palette.MUTED, "zorder": 5}
        self.ring = self.axes.plot([], [], "o", **ring)[0]
        self.at_risk = []
        self._shown = (None, None)

        area = {"alpha": 0.3, "linewidth": 0}
        shades = (COLOURS[0].line, palette.INHIBITS)  # gained, lost
        self.areas = self.moving([self.axes.fill_between(*empty, color=c, **area) for c in shades])
        self.before_lines = self.moving([plots.before_line(self.axes, **steps) for _ in COLOURS])
        self.before_at = self.moving(plots.before_line(self.axes))
        self.at = self.moving(self.axes.axvline(0, color=palette.MUTED, linewidth=1.2, zorder=2))
        self.dots = self.moving([plots.now_dot(self.axes, c.line) for c in COLOURS])
        shares = [self.axes.text(0, 0, "", color=c.edge, va="center") for c in COLOURS]
        self.shares = self.moving([plots.halo(share) for share in shares])
        self.band = self.moving(self.over.fill_between(*empty, color=palette.NOW, alpha=0.16, linewidth=0))
        self.now, self.dot = self.moving(plots.now_line(self.over), plots.now_dot(self.over))
        self.dot.set_clip_on(False)  # it may stand at the end of the axis
        self.mark = plots.PredictionMark(self.over)
        self.moving(self.mark.artists)
        self.row_parts = [self._row(self.ROWS - 1 - place) for place in range(self.ROWS)]

    def _row(self, y: float) -> tuple[Line2D, Line2D, Text, Text]:
        """Interval, estimate, name and numbers of one row."""
        words = {"transform": self.rows.get_yaxis_transform(), "fontsize": plots.small(), "va": "bottom"}
        return self.moving(
            self.rows.plot([], [], zorder=3)[0],
            self.rows.plot([], [], "s", markersize=8 * self.scale, markeredgecolor="white", zorder=4)[0],
            self.rows.text(0, y + 0.13, "", **words),
            self.rows.text(1, y + 0.13, "", ha="right", **words),
        )

    def update(self, result, previous=None, prediction=None):
        if (result.name, result.measure) != self._shown:
            with plots.plot_style(self.scale):
                self._still(result)
        self._read(result)
        over = result.bands is not None
        for artist in (self.band, self.now, self.dot):
            artist.set_visible(over)
        if over:
            self.band.set_data(result.months, *result.bands[1:])
            self.now.set_data(result.months, result.bands[0])
            self.dot.set_data([result.month], [result.apart.value])
        for place, parts in enumerate(self.row_parts):
            self._show_row(result.measure, result.rows[place] if place < len(result.rows) else None, *parts)
        other = previous is not None and previous.name != result.name
        for line, place in zip(self.before_lines, (0, 1), strict=True):
            line.set_visible(other)
            line.set_data(*plots.stairs(*in_percent(previous.curves[place])) if other else ([], []))
        self.before_at.set_visible(previous is not None and not other and previous.month != result.month)
        self.before_at.set_data([previous.month if previous else 0] * 2, [0, 103])
        self.mark.show(prediction if result.measure == "gained" else None)

    def _still(self, result: Reading) -> None:
        """What stays until another comparison or another measure is chosen."""
        if result.name != self._shown[0]:
            self._compare(result)
        self._shown = result.name, result.measure
        over, measure = result.bands is not None, result.measure
        self.over.set_visible(over)
        self.rows.set_visible(not over)
        shown = self.over if over else self.rows
        shown.set_title(TITLES[measure])
        shown.set_xlabel("← fewer deaths · more →" if measure in ("ratio", "tests") else "months")
        self.equal.set_visible(measure == "ratio")
        self.chance.set_visible(measure == "tests")
        shown.set_xscale("log" if measure == "ratio" else "linear")
        if measure == "ratio":
            shown.set_xlim(0.3, 4)
            shown.set_xticks([0.3, 0.5, 1, 2, 4], ["0.3", "0.5", "1", "2", "4"])
            shown.minorticks_off()
        elif measure == "tests":
            shown.set(xlim=(-7, 7), xticks=[-6, -4, -2, 0, 2, 4, 6])
        else:
            shown.set(xlim=self.axes.get_xlim(), xticks=self.axes.get_xticks()[::2])
        if over:
            _, low, high = result.bands
            shown.set_ylim(low.min() - 0.3, max(high.max(), 3.5) + 0.3)  # room for a prediction
        self.axes_are(*self._shown)

    def _compare(self, result: Reading) -> None:
        """Curves, bands, names and numbers at risk of a comparison."""
        facts, last = result.facts, max(curve.longest for curve in result.curves)
        ticks = np.arange(0, last + 1, next(step for step in (3, 6, 12) if last / step <= 9))
        self.axes.set(xlim=(0, 1.02 * last), xticks=ticks)
        for text in self.at_risk:
            text.remove()
        self.at_risk = []
        arms = (facts.treatment, facts.control)
        for place, (arm, curve) in enumerate(zip(arms, result.curves, strict=True)):
            self.lines[place].set_data(*plots.stairs(*in_percent(curve)))
            self.lines[place].set_label(arm)
            ends = (100 * np.repeat(end, 2)[:-1] for end in (curve.low, curve.high))
            self.bands[place].set_data(np.repeat(curve.time, 2)[1:], *ends)
            row = plots.numbers_below(self.axes, ticks, 27 + 16 * place)
            for month, text in zip(ticks, row, strict=True):
                text.set(text=f"{curve.at_risk_at(month):.0f}", color=COLOURS[place].edge)
            self.at_risk += row
        cross = crossing(result.name)
        self.ring.set_data(*([cross], [100 * result.curves[0].at(cross)]) if cross else ([], []))
        self.axes.legend(handles=self.lines, loc="lower left", frameon=False, fontsize=plots.small(), handlelength=1.4,
                         borderaxespad=0.1)  # fmt: skip

    def _read(self, result: Reading) -> None:
        """The curves at the month, and the area between them up to it."""
        month, end = result.month, self.axes.get_xlim()[1]
        self.at.set_data([month, month], [0.2 if month < 0.6 * end else 0, 1])  # not through the names
        side = {"x": month + 0.03 * end, "ha": "left"}
        if month > 0.8 * end:
            side = {"x": month - 0.03 * end, "ha": "right"}
        heights = plots.spread(list(result.alive), 7 * self.scale)
        for dot, text, share, height in zip(self.dots, self.shares, result.alive, heights, strict=True):
            dot.set_data([month], [share])
            text.set(text=f"{share:.0f} %", y=height + 4, **side)
        steps = (curve.time[curve.time < month] for curve in result.curves)
        times = np.unique(np.concatenate([[0.0, month], *steps]))
        one, other = (100 * np.repeat(curve.at(times), 2)[:-1] for curve in result.curves)
        for area, lower in zip(self.areas, (other, one), strict=True):
            area.set_visible(result.measure == "gained")
            area.set_data(np.repeat(times, 2)[1:], lower, np.maximum(one, other))

    def _show_row(
        self, measure: str, row: Row | None, line: Line2D, point: Line2D, name: Text, note: Text
    ) -> None:
        estimate = row.estimate if row else None
        for artist in (name, note):
            artist.set_visible(row is not None)
        for artist in (line, point):
            artist.set_visible(estimate is not None)
        if row is None:
            return
        colour = palette.NOW if row.arm is None else COLOURS[row.arm].line
        name.set(text=row.name, color=palette.INK if row.arm is None else COLOURS[row.arm].edge)
        note.set_text(row_note(measure, estimate))
        if estimate is None:
            return
        y, ends = name.get_position()[1] - 0.13, np.clip(estimate, *self.rows.get_xlim())
        line.set_data(ends[1:], [y, y])
        line.set_color(colour)
        point.set_data([ends[0]], [y])
        point.set(marker=">" if math.isinf(estimate.value) else "s", markerfacecolor=colour)


def row_note(measure: str, estimate: Estimate | None) -> str:
    """The numbers of a row."""
    if estimate is None:
        return "none printed" if measure == "medians" else "too few deaths"
    value, low, high = estimate
    if measure == "medians":
        return reached(value)
    return f"{value:.2f} ({low:.2f}–{high:.2f})" if measure == "ratio" else signed(value, 2)


def trial_reader() -> Explorer:
    """The interactive of segment 2: any shipped comparison, by more than one number."""
    lung, year = "CheckMate 057", {"name": "CheckMate 057", "month": 12, "measure": "gained"}
    titles = {name: f"{name} · {tables.comparison(name).cancer}" for name in tables.comparisons()}
    return Explorer(
        title="One trial, five readings",
        compute=reading,
        draw=ReaderPlot,
        controls=[
            Pick("name", "Comparison", lung, titles, style="select"),
            Slide("month", "Read at month", 12, values=READ_AT),
            Pick("measure", "Read off", "medians", MEASURES),
        ],
        presets=[
            Preset("Gained in the first year", year, against={}),
            Preset("Gained in two years", year | {"month": 24}, against=year),
            Preset("Ratio up to month 6, and after", {"name": lung, "month": 6, "measure": "ratio"}),
            Preset(
                "CheckMate 067: alive at four years",
                {"name": "CheckMate 067, both antibodies", "month": 48, "measure": "alive"},
            ),
            Preset("KEYNOTE-006: medians", {"name": "KEYNOTE-006, every two weeks", "month": 24}),
            Preset("ECHO-301: an added drug", {"name": "ECHO-301", "measure": "ratio"}),
            Preset("CheckMate 026: tests", {"name": "CheckMate 026", "month": 18, "measure": "tests"}),
        ],
        prediction="03.Q9",
        sentence=reading_sentence,
        alt="Left, two survival curves in steps with pale bands for their 95 % intervals, and the numbers at risk of both arms under the "
        "axis; a vertical line marks the month that is read, a ring the last crossing. Right, the chosen measure: a curve over time "
        "with its band, or rows of estimates with intervals, published beside recomputed.",
        explain=(
            "In CheckMate 057 the medians lie 2.6 months apart, the hazard ratio is 0.75, and the first year gains next to nothing. Which of "
            "the three is wrong?",
            "None: they answer different questions. The curves cross near month 7. Up to month 6 the rate of death with nivolumab was, if "
            "anything, higher (1.10), afterwards about half of the other (0.55). Loss and gain nearly cancel within the first year, so the area between "
            "the curves is small. The median looks at one height of the curves only, and the hazard ratio averages over the change.",
        ),
        vary=Task(
            "Outside lung cancer, find a trial with an early loss: a hazard ratio above 1 up to some month, and one below 1 after it that "
            "differs by more than chance.",
            _early_loss,
        ),
        limits=[
            "Individual times are rebuilt from published curves read at whole months; within a month, deaths are spread evenly. Hazard ratios "
            "come within 0.03 of the papers, medians within a month. A paper's stratified analysis cannot be redone.",
            "A month that is chosen because the gap is widest there, or a split at the crossing, overstates what it shows.",
            "Trials are not a ranking: patients, controls and follow-up differ. Shown is overall survival only; harm stands elsewhere.",
        ],
        tag=lambda state: (
            f"Data · {state['name'].split(',')[0]}, {cite(tables.comparison(state['name']).source)}; curves read off by Bomze 2020"
        ),
        sources=("Bomze2020", "KaplanMeier1958", "Cox1972", "RoystonParmar2013"),
    )


def _early_loss(_state: dict, result: Reading) -> bool:
    if result.measure != "ratio" or result.facts.cancer == "lung cancer":
        return False
    early, late = (row.estimate for row in result.rows[2:])
    return bool(early and late) and early.value > 1 > late.value and differ(early, late)
