"""One person at a time: ``curve_builder()`` builds a Kaplan–Meier curve from single people."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.lines import Line2D

from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.checkpoint_trials.shared import KNOWN, cure_fit
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.models import survival
from immunolab.models.survival import KaplanMeier, Patients

LAST_MONTH = 24
MONTHS = np.arange(LAST_MONTH + 1)
MOST_LEAVE = 6
HOW = {
    "kept": "counted until then",
    "dead": "counted as dead",
    "left out": "left out",
    "alive": "counted as alive ever after",
}


@dataclass(frozen=True)
class Group:
    """People as they would be followed if nobody left, those who die first standing first; arrays of shape (people,).

    ``dies`` is the month of death (inf: not within the time shown), ``ends`` the month to which follow-up could go.
    One after another leaves at the months ``leaves``; ``order`` says who is asked first.
    """

    dies: np.ndarray
    ends: np.ndarray
    leaves: tuple[int, ...]
    order: tuple[int, ...]

    def followed(self, leave: int, who: str) -> tuple[Patients, np.ndarray]:
        """What is known of them when ``leave`` of them left early, and the month at which each left (inf: never)."""
        left = np.full(len(self.dies), math.inf)
        for month in self.leaves[:leave]:
            there = (np.minimum(self.dies, self.ends) > month) & np.isinf(left)
            asked = np.argsort(self.dies, kind="stable") if who == "sickest" else self.order
            left[next(person for person in asked if there[person])] = month
        end = np.minimum(self.ends, left)
        return Patients(np.minimum(self.dies, end), self.dies <= end), left


TEN = Group(
    dies=np.array([2, 4, 7, 10, 12, 14, 15, math.inf, math.inf, math.inf]),
    ends=np.array([24, 24, 24, 24, 24, 24, 24, 18, 20, 24]),
    leaves=(5, 8, 9, 11, 10, 13),
    order=(3, 5, 9, 6, 4, 8, 7, 2, 1, 0),
)


@cache
def simulated(seed: int) -> Group:
    """Twenty people from the curve fitted to ipilimumab in CheckMate 067, who joined over ten months."""
    model = cure_fit("CheckMate 067: ipilimumab", KNOWN[-1])[0].model
    drawn = model.sample(20, (LAST_MONTH, LAST_MONTH), seed)
    rng = np.random.default_rng(seed)
    return Group(
        dies=np.where(drawn.event, np.ceil(drawn.time), math.inf),
        ends=np.minimum(rng.integers(16, 36, 20), LAST_MONTH),
        leaves=tuple(rng.permutation(np.arange(2, 17))[:MOST_LEAVE].tolist()),
        order=tuple(rng.permutation(20).tolist()),
    )


@dataclass(frozen=True)
class Built:
    """People followed up to a month. ``heights`` holds, for each of HOW, the per cent alive at MONTHS."""

    month: int
    how: str
    group: Group
    left: np.ndarray
    curve: KaplanMeier
    heights: dict[str, np.ndarray]
    if_nobody_left: np.ndarray

    @property
    def ends(self) -> np.ndarray:
        """The month up to which each is seen, shape (people,)."""
        return np.minimum(np.minimum(self.group.dies, np.minimum(self.group.ends, self.left)), self.month)

    @property
    def died(self) -> np.ndarray:
        """Whose death is seen by this month, shape (people,)."""
        return self.group.dies <= self.ends

    @property
    def censored(self) -> np.ndarray:
        """Who is out of sight by this month, last seen alive; not those followed to the last month, shape (people,)."""
        last_seen = np.minimum(self.group.ends, self.left)
        return ~self.died & (last_seen <= self.month) & (last_seen < LAST_MONTH)

    @property
    def last_step(self) -> int | None:
        """The row of the curve that holds the last death so far."""
        rows = np.flatnonzero((self.curve.events > 0) & (self.curve.time <= self.month))
        return int(rows[-1]) if len(rows) else None


def build(month: int, leave: int, how: str, people: str, seed: int, who: str) -> Built:
    """``people`` ("ten" or "twenty") followed up to ``month``, of whom ``leave`` leave early, counted as HOW says."""
    group, left, curve, heights, full = _curves_of(people, seed, leave, who)
    return Built(month, how, group, left, curve, heights, full)


@cache
def _curves_of(people: str, seed: int, leave: int, who: str):
    group = TEN if people == "ten" else simulated(seed)
    patients, left = group.followed(leave, who)
    curve = survival.kaplan_meier(patients)
    full = survival.kaplan_meier(group.followed(0, who)[0])
    died = (patients.time[patients.event, None] <= MONTHS).sum(axis=0)
    censored = patients.time[~patients.event]
    gone = (censored[censored < LAST_MONTH, None] <= MONTHS).sum(axis=0)
    n = len(patients)
    heights = {
        "kept": curve.at(MONTHS),
        "dead": (n - died - gone) / n,
        "left out": (n - died - gone) / (n - gone),
        "alive": (n - died) / n,
    }
    return group, left, curve, {how: 100 * height for how, height in heights.items()}, 100 * full.at(MONTHS)


def build_sentence(state: dict, result: Built) -> str:
    """The last step of the curve as a calculation, who is where, and what the simulation knows."""
    month, n, died, gone = result.month, len(result.left), result.died.sum(), result.censored.sum()
    if not month:
        return f"At the start all {n} people are alive and at risk: the curve begins at 100 %."
    said = f"{_calculation(result)} Up to month {month}: {died} of {n} died, {gone} censored, {n - died - gone} still followed."
    if state["leave"]:
        said += f" Had nobody left early, {_percent(result.if_nobody_left[month])} would be alive."
    return said


def _calculation(result: Built) -> str:
    """How the height at this month comes about."""
    n, gone, height = len(result.left), result.censored.sum(), _percent(result.heights["kept"][result.month])
    seen = n - result.died.sum() - gone
    wrong = {
        "dead": ("dead", seen, n),
        "left out": ("never there", seen, n - gone),
        "alive": ("alive", seen + gone, n),
    }
    if result.how in wrong:
        words, part, whole = wrong[result.how]
        return (
            f"Those censored taken as {words}: {part} of {whole} alive, {_percent(100 * part / whole)}. "
            f"Counted until they are last seen: {height}."
        )
    row = result.last_step
    if row is None:
        return "Nobody has died so far: the curve stays at 100 %."
    before = result.curve.survival[row - 1] if row else 1.0
    died, at_risk = result.curve.events[row], result.curve.at_risk[row]
    return (
        f"The last step, at month {result.curve.time[row]:.0f}: of {at_risk} at risk {died} {'dies' if died == 1 else 'die'}, "
        f"{_percent(100 * before)} × {at_risk - died}/{at_risk} = {height}."
    )


def _percent(value: float) -> str:
    return f"{plots.number(value, 3)} %"


class BuilderPlot(LivePlot):
    """Above, one line a person; below, on the same time axis, the curve they make, with the numbers at risk."""

    width, height = 680, 480
    TICKS = range(0, LAST_MONTH + 1, 3)

    def build(self):
        self.lanes, self.axes = self.figure.subplots(2, 1, sharex=True, height_ratios=(1, 1))
        self.margins(left=62, right=20, top=36, bottom=66, hspace=0.12)
        self.lanes.set(yticks=[], title="One line a person")
        self.lanes.spines["left"].set_visible(False)
        self.lanes.grid(axis="y", visible=False)
        self.lanes.tick_params(axis="x", length=0, labelbottom=False)
        self.axes.set(xlim=(0, LAST_MONTH + 0.4), ylim=(0, 104), ylabel="alive (%)", xticks=list(self.TICKS))
        self.axes.set_xlabel("months since joining, and people at risk", labelpad=14 * self.scale)
        self.at_risk = self.moving(plots.numbers_below(self.axes, self.TICKS, 26))
        lane = {"color": palette.T_CELL.line, "linewidth": 3.4 * self.scale, "solid_capstyle": "butt"}
        self.seen, self.made_up = self.moving(
            [self.lanes.plot([], [], **lane, zorder=zorder)[0] for zorder in (2, 3)]
        )
        self.deaths = self._mark("o", palette.INK, 7, "died")
        self.leavings = self._mark("|", palette.INK, 11, "censored: last seen alive")
        self.going_on = self._mark(">", palette.T_CELL.line, 6, "still followed")
        self.lanes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.98), ncols=3, frameon=False, handletextpad=0.1,
                          columnspacing=1.2)  # fmt: skip
        self.moving(self.deaths, self.leavings, self.going_on)
        sweep = {"color": palette.MUTED, "linewidth": 1.2, "zorder": 1}
        self.sweeps = self.moving([axes.axvline(0, **sweep) for axes in (self.lanes, self.axes)])
        self.truth = self.moving(self.axes.plot([], [], color=palette.ANTIBODY.line, linewidth=1.4)[0])
        small = {"fontsize": plots.small()}
        self.truth_name = self.moving(
            self.axes.text(0, 4, "thin: had nobody left early", color=palette.ANTIBODY.edge, **small)
        )
        self.before, self.now = self.moving(plots.before_line(self.axes), plots.now_line(self.axes))
        for line in (self.truth, self.before, self.now):
            line.set_drawstyle("steps-post")
        tick = {"color": palette.NOW, "markersize": 11 * self.scale, "markeredgewidth": 2, "zorder": 5}
        self.ticks = self.moving(self.axes.plot([], [], "|", **tick)[0])
        self.dot = self.moving(plots.now_dot(self.axes))
        self.factor = self.moving(
            plots.halo(self.axes.text(0, 0, "", color=palette.NOW, fontweight="semibold"))
        )
        self.mark = plots.PredictionMark(self.axes, at=0.985, ha="right")
        self.moving(self.mark.artists)

    def _mark(self, marker: str, colour: str, size: float, label: str) -> Line2D:
        """How a person's line ends."""
        return self.lanes.plot(
            [], [], marker, color=colour, markersize=size * self.scale, markeredgewidth=2 if marker == "|" else 0,
            label=label, zorder=5, clip_on=False,
        )[0]  # fmt: skip

    def update(self, result, previous=None, prediction=None):
        month, heights = result.month, result.heights[result.how]
        self.lanes.set_ylim(len(result.left) - 0.3, -0.7)
        self.axes_are(len(result.left))
        self._people(result)
        so_far = slice(0, month + 1)
        self.now.set_data(MONTHS[so_far], heights[so_far])
        self.dot.set_data([month], [heights[month]])
        self.truth.set_data(MONTHS[so_far], result.if_nobody_left[so_far])
        anybody = bool(np.isfinite(result.left).any())
        self.truth.set_visible(anybody)
        self.truth_name.set_visible(anybody)
        early = month < LAST_MONTH / 2  # the name stands clear of the line at this month
        self.truth_name.set(x=LAST_MONTH if early else 0.3, ha="right" if early else "left")
        self.before.set_visible(previous is not None)
        if previous is not None:
            until = previous.month + 1
            self.before.set_data(MONTHS[:until], previous.heights[previous.how][:until])
        gone = np.unique(result.ends[result.censored]).astype(int)
        self.ticks.set_data(gone, heights[gone])
        self.ticks.set_visible(result.how == "kept")
        for line in self.sweeps:
            line.set_xdata([month, month])
        for tick, text in zip(self.TICKS, self.at_risk, strict=True):
            text.set_text(f"{result.curve.at_risk_at(tick):.0f}" if tick <= month else "")
        self._factor(result)
        self.mark.show(prediction)

    def _factor(self, result: Built) -> None:
        """The factor of the last step, written at the step."""
        row = result.last_step
        self.factor.set_visible(row is not None and result.how == "kept")
        if row is not None:
            died, at_risk = result.curve.events[row], result.curve.at_risk[row]
            self.factor.set(text=f"× {at_risk - died}/{at_risk}", x=result.curve.time[row] + 0.2,
                            y=100 * result.curve.survival[row] + 2)  # fmt: skip

    def _people(self, result: Built) -> None:
        """The line of each person up to this month, how it ended, and what a wrong way of counting makes of it."""
        ends, died, lost = result.ends, result.died, result.censored
        rows = np.arange(len(ends))
        self.seen.set_data(*_bars(rows, np.zeros(len(rows)), ends))
        for line, there in ((self.deaths, died), (self.leavings, lost), (self.going_on, ~died & ~lost)):
            line.set_data(ends[there], rows[there])
        self.made_up.set_visible(result.how != "kept")
        bar = {"linestyle": "-", "marker": ""}
        if result.how == "dead":
            self.made_up.set_data(ends[lost], rows[lost])
            self.made_up.set(linestyle="", marker="o", color=palette.INHIBITS, markersize=10 * self.scale)
        elif result.how == "alive":
            self.made_up.set_data(*_bars(rows[lost], ends[lost], np.full(lost.sum(), result.month)))
            self.made_up.set(**bar, color=palette.INHIBITS)
        else:
            self.made_up.set_data(*_bars(rows[lost], np.zeros(lost.sum()), ends[lost]))
            self.made_up.set(**bar, color=palette.GRID)


def _bars(rows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Horizontal bars as one line with gaps."""
    gap = np.full(len(rows), np.nan)
    return np.column_stack([starts, ends, gap]).ravel(), np.column_stack([rows, rows, gap]).ravel()


def curve_builder() -> Explorer:
    """The interactive of segment 1: people become a curve, one month at a time."""
    twelve = {"month": 12}
    return Explorer(
        title="One person at a time",
        compute=build,
        draw=BuilderPlot,
        controls=[
            Slide("month", "Follow everybody up to month", 4, 0, LAST_MONTH, 1),
            Slide("leave", "People who leave early, alive", 3, 0, MOST_LEAVE, 1),
            Pick("how", "Those last seen alive are", "kept", HOW),
            Pick(
                "people",
                "People",
                "ten",
                {"ten": "ten, invented", "twenty": "twenty, simulated"},
                advanced=True,
            ),
            Slide("seed", "Seed of the simulation", 4, 1, 12, 1, advanced=True),
            Pick(
                "who",
                "Who leaves",
                "anybody",
                {"anybody": "anybody", "sickest": "those who would die next"},
                advanced=True,
            ),
        ],
        presets=[
            Preset("Month 12", twelve),
            Preset("Counted as dead", twelve | {"how": "dead"}, against=twelve),
            Preset("Left out", twelve | {"how": "left out"}, against=twelve),
            Preset("Counted as alive", twelve | {"how": "alive"}, against=twelve),
            Preset("Twenty people, two years", {"month": 24, "people": "twenty", "leave": 5}),
        ],
        prediction="03.Q5",
        sentence=build_sentence,
        alt="Two panels over 24 months. Above, one horizontal line a person, which ends in a dot for a death or in a tick for someone "
        "last seen alive. Below, the share alive, a curve that falls in steps at the deaths, with the numbers at risk under it.",
        explain=(
            "Someone leaves alive at month 5. Nothing happens to the curve in that month, and yet every later step is larger. Why?",
            "Until month 5 this person counts, and is among those at risk when others die. Afterwards nobody knows, so the person counts neither "
            "as dead nor as alive: the next death is one of fewer. That treats those who left as if they would go on like those who stayed. "
            "The three other ways claim to know what nobody saw: all of them died, all of them live, or they were never there.",
        ),
        vary=Task(
            "Under <em>More controls</em>, find a reason to leave with which even the right way goes wrong by at least ten points at month 12.",
            lambda state, result: (
                state["how"] == "kept"
                and state["month"] == 12
                and abs(result.heights["kept"][12] - result.if_nobody_left[12]) >= 10
            ),
        ),
        limits=[
            "Ten invented people, or twenty simulated ones. With so few, a single person is a step of many points.",
            "Only the simulation knows what happens to those who leave. A trial never does; it can only count them, and ask why they left.",
            "Most people are censored because they joined late and the trial is read on one day. For the curve it is the same as leaving, if those "
            "who joined late are like the others.",
        ],
        tag=lambda state: (
            "Model · ten invented people"
            if state["people"] == "ten"
            else f"Model · 20 simulated people, seed {state['seed']}, from a curve fitted to CheckMate 067 (ipilimumab, Hodi 2018)"
        ),
        sources=("KaplanMeier1958", "Hodi2018"),
    )
