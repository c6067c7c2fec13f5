"""Trials: ``trials()`` puts exact intervals around counts."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.models import proportions

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
