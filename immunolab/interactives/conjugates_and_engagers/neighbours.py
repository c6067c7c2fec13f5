"""What becomes of the neighbours? ``neighbours()`` treats a tumour of which some cells lack the antigen."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.conjugates_and_engagers.shared import rounded
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.models import bystander

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
    positive, negative = (rounded(drug.max()) for drug in (result.drug_positive, result.drug_negative))
    if not result.negative.any():
        return f"No cell lacks the antigen; inside the cells the drug reaches {positive} nM."
    return f"At its highest the drug inside a negative cell is {negative} nM, inside a positive one {positive} nM."


def _left(percent: float) -> str:
    """Percent of the start, which may be above 100."""
    return plots.percent(percent) if percent <= 100 else f"{rounded(percent)} %"


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
