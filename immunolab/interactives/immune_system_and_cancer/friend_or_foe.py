"""Friend or foe? ``friend_or_foe()`` lets own and foreign peptides climb the ladder of kinetic proofreading."""

import math
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, steps
from immunolab.models import proofreading

OWN, FOREIGN = palette.HEALTHY, palette.PEPTIDE
MOST_STEPS = 20
LADDER_TOPS = (6, 10, 15, MOST_STEPS)  # the axis of the ladder grows in these steps
LASTS_S = steps(0.1, 100, 10)
SWEEPS = {"steps": np.arange(MOST_STEPS + 1), "lasts": np.geomspace(LASTS_S[0], LASTS_S[-1], 91)}
LOUDER = 1.05  # a smaller difference is called none
SMOOTH = 60  # pieces in which a climb without steps is drawn


@dataclass(frozen=True)
class Prices:
    """What a ladder achieves, arrays of one shape: foreign and own pairs that signal; seconds until one foreign peptide does."""

    foreign: np.ndarray
    own: np.ndarray
    first_s: np.ndarray
    foreign_peptides: float

    @property
    def stands_out(self):
        """Foreign pairs that signal for one own pair that does."""
        return self.foreign / self.own

    @property
    def sensed(self):
        """Percent of the foreign peptides that signal at a time."""
        return 100 * self.foreign / self.foreign_peptides


@dataclass(frozen=True)
class Encounter:
    """A T cell on another cell.

    ``koff_per_s`` is that of the foreign peptide. ``reaching``, shape (2, heights), holds the shares of own and foreign bonds that climb to ``heights``. ``now`` are the
    prices of this setting, which stands at ``at`` in the ``sweep`` over SWEEPS[``against``].
    """

    ladder: proofreading.Ladder
    koff_per_s: float
    heights: np.ndarray
    reaching: np.ndarray
    against: str
    at: float
    now: Prices
    sweep: Prices

    @property
    def twice_as_long(self) -> float:
        """How many times more often a foreign bond would signal if it lasted twice as long."""
        koff, phi = self.koff_per_s, self.ladder.phi_per_s
        more = self.ladder.log_completing(koff / 2) - self.ladder.log_completing(koff)
        return math.exp(min(more, 700)) * (koff + phi) / (koff + 2 * phi)

    @property
    def best_s(self) -> float | None:
        """How long a bond should last for most foreign pairs to signal; None where longer is always better, or not swept."""
        top = int(np.argmax(self.sweep.foreign))
        inside = self.against == "lasts" and 0 < top < len(self.sweep.foreign) - 1
        return float(SWEEPS["lasts"][top]) if inside else None


@cache
def own_lasts_s() -> float:
    """How long a bond of an own peptide lasts on average, in this interactive."""
    return 1 / tables.proofreading("Lever 2014").koff_self_per_s


@lru_cache(maxsize=256)
def meet(steps: float, lasts_s: float, own: float, foreign: float, step_s: float, tires: float, climb: str, against: str):  # fmt: skip
    """Own and foreign peptides in one contact. ``climb``: in ``"steps"``, or in one fixed ``"delay"`` that takes as long."""

    def ladder(count: float) -> proofreading.Ladder:
        if climb == "steps" or not count:
            return proofreading.Ladder.at_rate(count, 1 / step_s, tires)
        return proofreading.Ladder(math.inf, count * step_s, tires)

    def prices(count: float, lasts) -> Prices:
        contact = replace(tables.proofreading("Lever 2014").contact, ladder=ladder(count))
        met = contact.engage((foreign, 1 / lasts), (own, 1 / own_lasts_s()))
        with np.errstate(over="ignore"):  # a first signal may never come
            return Prices(*met.signalling, met.first_signal_s[0], foreign)

    if against == "steps":
        each = [prices(count, lasts_s) for count in SWEEPS["steps"]]
        sweep = Prices(
            *(np.array([getattr(one, name) for one in each]) for name in ("foreign", "own", "first_s")),
            foreign,
        )
    else:
        sweep = prices(steps, SWEEPS["lasts"])
    heights = (
        np.linspace(0, steps, SMOOTH + 1)
        if climb == "delay"
        else np.append(np.arange(math.ceil(steps)), steps)
    )
    tops = ladder(steps).log_completing(1 / np.array([own_lasts_s(), lasts_s]))
    return Encounter(
        ladder=ladder(steps),
        koff_per_s=1 / lasts_s,
        heights=heights,
        reaching=np.exp(np.outer(tops, heights / max(steps, 1e-9))),
        against=against,
        at=steps if against == "steps" else lasts_s,
        now=prices(steps, lasts_s),
        sweep=sweep,
    )


def share(part: float) -> str:
    """A share of bonds in words: ``39 %``, ``1 in 1,020``, ``fewer than 1 in a million``."""
    if part >= 0.01:
        return plots.percent(100 * part)
    return f"1 in {plots.count(1 / part)}" if part > 1e-6 else "fewer than 1 in a million"


def amount(value: float) -> str:
    """A number of pairs, or a ratio, to two or three digits: ``0.014``, ``1.6``, ``11,600``."""
    if value > 1e6:
        return "more than a million"
    return plots.count(value) if value >= 100 else plots.number(value, 2)


def times(one: float, other: float) -> float:
    """How many times one is the other; both may be too small for a number."""
    return max(one, 1e-300) / max(other, 1e-300)


def wait(seconds: float) -> str:
    """A time as people say it."""
    for unit, length, most in (
        ("seconds", 1, 120),
        ("minutes", 60, 120),
        ("hours", 3600, 48),
        ("days", 86400, 730),
    ):
        if seconds < most * length:
            return f"{plots.number(seconds / length, 2)} {unit}"
    return "years"


def meeting_sentence(state: dict, result: Encounter) -> str:
    """Which bonds get through, who stands out in the crowd, and how long the first signal takes."""
    now, crowd = result.now, "the two are equally loud"
    ratio = times(now.foreign, now.own)
    if ratio >= LOUDER:
        crowd = f"the foreign ones stand out, {amount(ratio)} to 1"
    elif ratio <= 1 / LOUDER:
        crowd = f"the own ones drown them, {amount(1 / ratio)} to 1"
    told = [
        f"At a time {amount(now.foreign)} foreign and {amount(now.own)} own pairs signal: {crowd}.",
        f"A foreign peptide's first signal takes {wait(now.first_s)} on average.",
    ]
    if result.against == "lasts":
        return " ".join([*told, _longer(result)])
    return " ".join([_through(result) if state["steps"] else "Without a ladder every bond signals.", *told])


def _through(result: Encounter) -> str:
    """The bonds that reach the top, and by how much one kind is ahead."""
    own, foreign = result.reaching[:, -1]
    told = f"{share(foreign)} of foreign and {share(own)} of own bonds reach the top"
    gain = times(foreign, own)
    if not 1 / LOUDER < gain < LOUDER:
        told += f": {'a foreign' if gain > 1 else 'an own'} bond gets through {amount(max(gain, 1 / gain))} times as often"
    return f"{told[0].upper()}{told[1:]}."


def _longer(result: Encounter) -> str:
    """What a longer foreign bond would do, and where the best one lies if a bond can last too long."""
    times = amount(result.twice_as_long)
    words = f"A bond twice as long would signal {'' if times == '1' else f'{times} times '}as often."
    if result.best_s is None:
        return words
    return f"{words} Most foreign pairs signal where bonds last about {plots.number(result.best_s, 2)} s."


class LadderPlot(LivePlot):
    """Left: the ladder, with the bonds that reach each step. Right: what it buys and costs, over steps or over time bound."""

    width, height = 680, 430
    SIDE = 1.1  # half the width of the ladder's axes, in shares of the bonds
    RAIL = 0.07
    PANELS = (
        ("Foreign pairs per own pair", (1e-5, 1e4), (1e-4, 1e-2, 1, 1e2), ("1 : 10,000", "1 : 100", "1 : 1", "100 : 1")),
        ("Foreign peptides that signal (%)", (0, 100), (0, 50, 100), ("0", "50", "100")),
        ("To one peptide's first signal", (1.5, 5400), (10, 60, 600, 3600), ("10 s", "1 min", "10 min", "1 h")),
    )  # fmt: skip

    def build(self):
        grid = self.figure.add_gridspec(3, 2, width_ratios=(1, 1.08))
        self.margins(left=44, right=16, top=36, bottom=52, wspace=0.36, hspace=0.42)
        self._build_ladder(self.figure.add_subplot(grid[:, 0]))
        self.panels = [self.figure.add_subplot(grid[row, 1]) for row in range(3)]
        self.befores, self.nows, self.dots = [], [], []
        for axes, (title, limits, ticks, words) in zip(self.panels, self.PANELS, strict=True):
            axes.set(yscale="log" if limits[0] else "linear", ylim=limits)
            axes.set_title(title, fontsize=plots.small(), pad=4)
            axes.set_yticks(ticks, words, fontsize=plots.small())
            axes.minorticks_off()
            self.befores.append(self.moving(plots.before_line(axes)))
            self.nows.append(self.moving(plots.now_line(axes, FOREIGN.line)))
            self.dots.append(self.moving(plots.now_dot(axes, FOREIGN.line, clip_on=False)))
        first = self.panels[0]
        first.axhspan(1, self.PANELS[0][1][1], color=FOREIGN.tint, alpha=0.45, linewidth=0)
        loud = {"transform": first.get_yaxis_transform(), "fontsize": plots.small(), "va": "center"}
        first.text(0.23, 1.2e3, "foreign louder", color=FOREIGN.edge, **loud)
        second = self.panels[1]
        self.best = self.moving(
            second.axvline(np.nan, color=palette.MUTED, linewidth=1.4, linestyle=(0, (2, 2)))
        )
        self.best_name = self.moving(
            second.text(0, 88, "", color=palette.INK, ha="right", va="center", fontsize=plots.small())
        )
        self.mark = plots.PredictionMark(first, axis="x", at=0.07)
        self.moving(self.mark.artists)

    def _build_ladder(self, axes):
        self.ladder = axes
        axes.set(
            xlim=(-self.SIDE - self.RAIL, self.SIDE + self.RAIL),
            title="Bonds that climb so far",
            ylabel="step",
        )
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([-0.55, 0.55], ["own", "foreign"])
        axes.tick_params(axis="x", length=0)
        for label, colour in zip(axes.get_xticklabels(), (OWN, FOREIGN), strict=True):
            label.set(color=colour.edge, fontweight="semibold")
        self.bars = [
            self.moving(axes.add_collection(PolyCollection([], facecolor=colour.tint, edgecolor=colour.edge)))
            for colour in (OWN, FOREIGN)
        ]
        wood = {"color": palette.MUTED, "capstyle": "round"}
        self.wood = self.moving(
            axes.add_collection(LineCollection([], linewidth=0.9 * plots.small() / 4, **wood))
        )
        self.tops = [
            self.moving(axes.text(side * 0.55, 0, "", ha="center", va="bottom", color=colour.edge))
            for side, colour in ((-1, OWN), (1, FOREIGN))
        ]

    def update(self, result, previous=None, prediction=None):
        top = next(most for most in LADDER_TOPS if result.heights[-1] <= most)
        self._fit(top, result.against)
        self._climb(result, top)
        comparable = previous is not None and previous.against == result.against
        for place, name in enumerate(("stands_out", "sensed", "first_s")):
            across = SWEEPS[result.against]
            self.nows[place].set_data(across, getattr(result.sweep, name))
            self._point(self.dots[place], result.at, getattr(result.now, name), self.PANELS[place][1])
            self.befores[place].set_visible(comparable)
            if comparable:
                self.befores[place].set_data(across, getattr(previous.sweep, name))
        seen = result.best_s is not None
        self.best.set_visible(seen)
        self.best_name.set_visible(seen)
        if seen:
            self.best.set_xdata([result.best_s] * 2)
            self.best_name.set(text=f"best: {plots.number(result.best_s, 2)} s ", x=result.best_s)
        self.mark.show(prediction if result.against == "steps" else None)

    @staticmethod
    def _point(dot, x: float, y: float, limits: tuple[float, float]) -> None:
        """The dot at its value, or a triangle at the edge that it lies beyond."""
        low, high = limits
        dot.set_data([x], [min(max(y, low), high)])
        dot.set_marker("v" if y < low else "^" if y > high else "o")

    def _fit(self, top: int, against: str) -> None:
        if self._axes_state == (top, against):
            return
        self.ladder.set(ylim=(-0.04 * top, 1.1 * top))
        self.ladder.set_yticks(range(0, top + 1, 2 if top < MOST_STEPS else 5))
        for axes in self.panels:
            if against == "steps":
                axes.set(xscale="linear", xlim=(0, MOST_STEPS))
                axes.set_xticks(range(0, MOST_STEPS + 1, 5))
            else:
                axes.set(xscale="log", xlim=(LASTS_S[0], LASTS_S[-1]))
                axes.set_xticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
            axes.minorticks_off()
            axes.tick_params(labelbottom=axes is self.panels[-1])
        self.panels[-1].set_xlabel(
            "steps of the ladder" if against == "steps" else "a foreign bond lasts (s)"
        )
        self.axes_are(top, against)

    def _climb(self, result: Encounter, top: int) -> None:
        """Bars for the shares, rails and rungs between them, and the share at the top in words."""
        heights = result.heights
        smooth = len(heights) > SMOOTH
        thick = heights[1] if smooth else min(0.6, 0.045 * top)
        for bars, side, shares in zip(self.bars, (-1, 1), result.reaching, strict=True):
            near, far = side * self.RAIL, side * (self.RAIL + shares)
            low, high = heights - thick / 2, heights + thick / 2
            corners = [
                (np.full_like(far, near), low),
                (far, low),
                (far, high),
                (np.full_like(far, near), high),
            ]
            bars.set_verts(np.stack([np.column_stack(corner) for corner in corners], axis=1))
            bars.set_linewidth(0 if smooth else 1)
        rails = [[(x, 0), (x, heights[-1])] for x in (-self.RAIL, self.RAIL)]
        rungs = [] if smooth else [[(-self.RAIL, y), (self.RAIL, y)] for y in heights]
        self.wood.set_segments(rails + rungs)
        for text, part in zip(self.tops, result.reaching[:, -1], strict=True):
            text.set(
                text=share(part) if part > 1e-6 else "almost none", y=heights[-1] + thick / 2 + 0.01 * top
            )


def friend_or_foe() -> Explorer:
    """The interactive of segment 2."""
    lever, fitted = tables.proofreading("Lever 2014"), tables.proofreading("Pettmann 2021")
    crowd = {"lasts_s": 1 / lever.koff_agonist_per_s, "own": 1e5, "foreign": 10}
    tiring = {**crowd, "steps": lever.steps, "tires": lever.phi_per_s}
    step_s = float(f"{fitted.delay_s / fitted.steps:.3g}")
    return Explorer(
        title="Friend or foe",
        compute=meet,
        draw=LadderPlot,
        controls=[
            Slide("steps", "Steps of the ladder", 5, values=sorted({*range(MOST_STEPS + 1), fitted.steps})),
            Slide("lasts_s", "A foreign bond lasts, on average", crowd["lasts_s"], values=LASTS_S, unit="s"),
            Slide(
                "own",
                "Own peptides in the contact",
                crowd["own"],
                values=steps(1e3, 1e6, 6),
                words=plots.count,
            ),
            Slide(
                "foreign",
                "Foreign peptides in the contact",
                10,
                values=(1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000),
                advanced=True,
            ),
            Slide(
                "step_s", "One step takes", 1.0, values=steps(0.1, 10, 10, step_s), unit="s", advanced=True
            ),
            Slide(
                "tires",
                "A receptor at the top tires, per second",
                0.0,
                values=(0.0, 0.01, 0.03, lever.phi_per_s, 0.3, 1.0),
                advanced=True,
            ),
            Pick(
                "climb",
                "The climb",
                "steps",
                {"steps": "in steps, each by chance", "delay": "one fixed delay, as long"},
                advanced=True,
            ),
            Pick(
                "against",
                "The right-hand panels run over",
                "steps",
                {"steps": "the steps of the ladder", "lasts": "how long a foreign bond lasts"},
                advanced=True,
            ),
        ],
        presets=[
            Preset("Ten among 100,000: 13 steps", {**crowd, "steps": 13}),
            Preset("No ladder", {**crowd, "steps": 0}),
            Preset("Lever 2014: ten steps", tiring),
            Preset("Pettmann 2021: 2.67 steps", {**crowd, "steps": fitted.steps, "step_s": step_s}),
            Preset(
                "Can a bond last too long?",
                {**tiring, "against": "lasts"},
                against={**tiring, "tires": 0.0, "against": "lasts"},
            ),
        ],
        prediction="01.Q7",
        sentence=meeting_sentence,
        alt="Left, a ladder with bars on both sides: the share of own bonds and of foreign bonds that climb to each step. Right, three "
        "curves over the steps of the ladder or over the time a foreign bond lasts: foreign pairs per own pair that signals, foreign "
        "pairs that signal, and the time to the first signal.",
        explain=(
            "Go from no step to 13. What does each step gain, and what do you pay?",
            "A foreign bond that lasts 10 s passes a step of 1 s ten times in eleven, an own bond that lasts 1 s once in two: a gain of 1.8 a step, "
            "not of 10. But gains multiply: 20 after five steps, 395 after ten, 2,370 after thirteen. Own peptides are 10,000 times as many, "
            "yet they hold only some 2,000 times as many receptors, for there are 15,708 of these to share. So thirteen steps suffice. "
            "You pay with foreign bonds that break on the way, and with time.",
        ),
        vary=Task(
            "Keep 100,000 own peptides, ten foreign ones and steps of 1 s. Make the foreign pairs ten times as many as the own ones, with "
            "less than a minute to the first signal. Which two sliders does it take?",
            lambda state, result: (
                (state["own"], state["foreign"], state["step_s"], state["climb"]) == (1e5, 10, 1, "steps")
                and result.now.stands_out >= 10
                and result.now.first_s < 60
            ),
        ),
        limits=[
            "Mean numbers of one well-mixed contact at rest. A peptide that lets go is not caught again, receptors do not gather or wear out, and "
            "nothing feeds back. Co-receptors, which a real T cell has, are left out.",
            f"All own peptides are alike here, with bonds of {own_lasts_s():g} s; real ones differ. Receptors and on-rate are those of a model "
            "(Lever 2014) in every setting, and its ten steps are an assumption.",
            "The 2.67 steps were fitted to human T cells (Pettmann 2021), which tell peptides apart less sharply than was thought. A fit gives the "
            "number of steps and their time, and does not say what they are. With them this model cannot find ten among 100,000: "
            "real own bonds must be shorter than here, or a T cell has more than a ladder.",
        ],
        tag="Model · kinetic proofreading, McKeithan 1995; numbers of Lever 2014 and Pettmann 2021",
        sources=("McKeithan1995", "Lever2014", "Pettmann2021"),
    )
