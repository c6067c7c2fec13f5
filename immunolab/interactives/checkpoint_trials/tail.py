"""The tail: ``tail()`` fits a long-term share to what was known early."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.checkpoint_trials.shared import FEW, KNOWN, arms, cure_fit, in_percent
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task
from immunolab.models import survival
from immunolab.models.survival import KaplanMeier, Patients

HORIZONS = {24: 6, 36: 6, 48: 12, 60: 12, 90: 12, 120: 24}  # months, and the months between ticks
HELD = tuple(range(0, 95, 5))
FITS = 1.92  # below the best log-likelihood: the end of the 95 % interval
# Later reports join the two schedules of pembrolizumab.
JOINED = {f"pembrolizumab every {weeks} weeks": "pembrolizumab, both schedules" for weeks in ("two", "three")}


@dataclass(frozen=True)
class Fitted:
    """An arm as known after ``known`` months, the model fitted to that, and what came later.

    ``held`` is the best model with a share that the learner chose, ``drop`` how far its log-likelihood lies below the
    best. ``ends`` are the models at the two ends of the interval. ``later`` lists published (months, per cent alive).
    """

    known: float
    patients: Patients
    curve: KaplanMeier
    fit: survival.CureFit
    ends: tuple[survival.MixtureCure, survival.MixtureCure]
    held: survival.MixtureCure
    drop: float
    later: tuple[tuple[float, float], ...]

    @property
    def horizon(self) -> int:
        """The last month of the picture."""
        last = max(self.curve.longest, *(month for month, _ in self.later), 24)
        return next(month for month in HORIZONS if month >= last - 1)

    @property
    def found(self) -> tuple[float, float] | None:
        """The last month after the fit of which is known how many per cent were alive, and they; None without one."""
        if self.later and self.later[-1][0] > self.known:
            return self.later[-1]
        followed = self.curve.time[self.curve.at_risk >= FEW]
        last = math.floor(followed[-1]) if len(followed) else 0
        return (last, 100 * self.curve.at(last)) if last > self.known else None


@cache
def _arm_curve(arm: str) -> KaplanMeier:
    return survival.kaplan_meier(tables.trial_arm(*arms()[arm]).patients)


@cache
def _held(arm: str, known: int, percent: int) -> survival.MixtureCure:
    return survival.cure_with_share(tables.trial_arm(*arms()[arm]).patients.until(known), percent / 100)


@cache
def _later(arm: str) -> tuple[tuple[float, float], ...]:
    """Published months and per cent alive, in the order of time."""
    trial, name = arms()[arm]
    rows = tables.trial_outcomes(outcome="alive")
    rows = rows[(rows.trial == trial) & (rows.arm == JOINED.get(name, name))].sort_values("time_months")
    return tuple(zip(rows.time_months.astype(float), rows.value.astype(float), strict=True))


def fit_tail(arm: str, known: int, held: int) -> Fitted:
    """An arm as if everybody had been followed for at most ``known`` months, with a share of ``held`` per cent tried."""
    fit, ends = cure_fit(arm, known)
    curve, patients = _arm_curve(arm), tables.trial_arm(*arms()[arm]).patients.until(known)
    drop = fit.log_likelihood - float(np.interp(held / 100, fit.shares, fit.profile))
    model = _held(arm, known, held)
    return Fitted(min(known, curve.longest), patients, curve, fit, ends, model, max(drop, 0.0), _later(arm))


def tail_sentence(state: dict, result: Fitted) -> str:
    """What was known, the share and its interval, what the fit foresees and what came, and the share that is tried."""
    fit, known = result.fit, f"{result.known:g} months"
    known = f"All follow-up, {known}" if result.known == result.curve.longest else f"Known after {known}"
    month, _ = result.found or (result.horizon, None)
    holds = "is not contradicted" if result.drop <= FITS else "is contradicted"
    when = "" if result.found else f" at month {month:g}"  # else the sentence before has named it
    return (
        f"{known}: {result.patients.events} of {len(result.patients)} had died. Best fit: long-term share "
        f"{100 * fit.model.cured:.0f} %; the data allow {100 * fit.low:.0f} to {100 * fit.high:.0f} %, {_firm(fit)}. "
        f"{_foreseen(result)}A share held at {state['held']} % {holds}; it foresees "
        f"{100 * result.held.survival(month):.0f} %{when}."
    )


def _firm(fit: survival.CureFit) -> str:
    if not fit.plateau:
        return "so perhaps nobody at all: the share is not identified"
    return "a wide range" if fit.high - fit.low > 0.2 else "if the model is right"


def _foreseen(result: Fitted) -> str:
    """What the fit says of the last month of which is known how many were alive."""
    if result.found is None:
        return ""
    month, found = result.found
    best, *ends = (round(100 * model.survival(month)) for model in (result.fit.model, *result.ends))
    low, high = min(best, *ends), max(best, *ends)
    said = f"Month {month:g}: {best} % alive foreseen ({low} to {high} within the interval); {found:.0f} % were. "
    return (
        said if low <= round(found) <= high else said + "That lies outside: chance is hardly the only error. "
    )


class TailPlot(LivePlot):
    """Left, the curve as known, the fit and what came later; right, the profile likelihood of the long-term share."""

    width, height = 680, 410

    def build(self):
        self.axes, self.profile = self.figure.subplots(1, 2, width_ratios=(1.62, 1))
        self.margins(left=46, right=16, top=38, bottom=54, wspace=0.26)
        self.axes.set(ylim=(0, 103), title="People alive (%)", xlabel="months since randomisation")
        self.profile.set(
            xlim=(0, 100), ylim=(-6, 0.6), xlabel="long-term share (%)", title="How well a share fits"
        )
        self.profile.set_yticks([0, -2, -4, -6], ["best", "−2", "−4", "−6"])
        self.profile.axhline(-FITS, color=palette.MUTED, linewidth=1.2)
        small = {"fontsize": plots.small()}
        centre = {"ha": "center", "va": "bottom", "color": palette.NOW, **small}
        self.interval = self.moving(self.profile.text(0, 0.2, "", **centre))
        steps = {"drawstyle": "steps-post"}
        self.after = self.moving(
            self.axes.plot([], [], color=palette.BEFORE, linewidth=1.3 * self.scale, **steps)[0]
        )
        self.squares = self.moving(
            self.axes.plot(
                [], [], "s", color=palette.MUTED, markersize=7 * self.scale, zorder=5, clip_on=False
            )[0]
        )
        self.known_at = self.moving(self.axes.axvline(0, color=palette.MUTED, linewidth=1.2, zorder=1))
        self.fan = self.moving(self.axes.fill_between([], [], [], color=palette.NOW, alpha=0.18, linewidth=0))
        self.before = self.moving(plots.before_line(self.axes))
        self.tried = self.moving(
            self.axes.plot([], [], color=palette.PD1.line, linewidth=1.6 * self.scale, zorder=4)[0]
        )
        self.now = self.moving(plots.now_line(self.axes))
        self.seen = self.moving(
            self.axes.plot([], [], color=palette.INK, linewidth=2.6 * self.scale, zorder=5, **steps)[0]
        )
        names = {
            "known then": palette.INK,
            "what came later": palette.MUTED,
            "best fit, and fits within the interval": palette.NOW,
            "the share you hold": palette.PD1.edge,
        }
        beside = {"x": 0.99, "y": 0, "transform": self.axes.transAxes, "ha": "right", "va": "center", **small}
        self.names = self.moving(
            [self.axes.text(s=name, color=colour, **beside) for name, colour in names.items()]
        )
        self.inside = self.moving(
            self.profile.fill_between([], [], [], color=palette.NOW, alpha=0.18, linewidth=0)
        )
        self.before_profile = self.moving(plots.before_line(self.profile))
        self.height_of = self.moving(plots.now_line(self.profile))
        self.best = self.moving(plots.now_dot(self.profile))
        self.held = self.moving(plots.now_dot(self.profile, palette.PD1.line))
        for dot in (self.best, self.held):
            dot.set_clip_on(False)
        self.mark = plots.PredictionMark(self.profile, axis="x", at=0.12)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        months = np.linspace(0, result.horizon, 121)
        self.seen.set_data(*plots.stairs(*in_percent(result.curve), result.known))
        self.after.set_data(*plots.stairs(*in_percent(result.curve)))
        later = [point for point in result.later if point[0] > result.known]
        self.squares.set_data(*np.transpose(later) if later else ([], []))
        self.now.set_data(months, 100 * result.fit.model.survival(months))
        curves = [100 * model.survival(months) for model in (result.fit.model, *result.ends)]
        self.fan.set_data(months, np.min(curves, axis=0), np.max(curves, axis=0))
        self._horizon(result.horizon)
        below = curves[-1][60] > 75  # the names stand where the curves do not
        for line, name in enumerate(self.names):
            name.set_y((0.24 if below else 0.96) - 0.058 * line)
        self.known_at.set_data([result.known] * 2, [0.3, 1] if below else [0, 0.74])
        self.tried.set_data(months, 100 * result.held.survival(months))
        fit = result.fit
        shares, heights = 100 * fit.shares, np.maximum(fit.profile - fit.log_likelihood, -20)
        self.height_of.set_data(shares, heights)
        reach = np.linspace(fit.low, fit.high, 40)
        self.inside.set_data(100 * reach, np.full(40, -6.0), np.interp(100 * reach, shares, heights))
        self.interval.set_text(f"95 % interval: {100 * fit.low:.0f} to {100 * fit.high:.0f} %")
        self.interval.set_x(float(np.clip(50 * (fit.low + fit.high), 36, 64)))
        self.best.set_data([100 * fit.model.cured], [0])
        self.held.set_data([100 * result.held.cured], [max(-result.drop, -6.0)])
        for line in (self.before, self.before_profile):
            line.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(months, 100 * previous.fit.model.survival(months))
            before = previous.fit
            self.before_profile.set_data(
                100 * before.shares, np.maximum(before.profile - before.log_likelihood, -20)
            )
        self.mark.show(prediction)

    def _horizon(self, horizon: int) -> None:
        """The axis grows with what is known of the arm."""
        if horizon != self.axes.get_xlim()[1]:
            self.axes.set(xlim=(0, horizon), xticks=range(0, horizon + 1, HORIZONS[horizon]))
            self.axes_are(horizon)


def tail() -> Explorer:
    """The interactive of segment 3: a long-term share, and what early follow-up can know of it."""
    both, early = "CheckMate 067: nivolumab and ipilimumab", "KEYNOTE-024: pembrolizumab"
    return Explorer(
        title="What did they know at month 12?",
        compute=fit_tail,
        draw=TailPlot,
        controls=[
            Pick("arm", "Arm", both, {name: name for name in arms()}, style="select"),
            Slide("known", "Everybody followed for at most", 60, values=KNOWN, unit="months"),
            Slide("held", "Hold the long-term share at", 30, values=HELD, unit="%"),
        ],
        presets=[
            Preset("Only 12 months known", {"known": 12}, against={}),
            Preset("Only 24 months known", {"known": 24}, against={}),
            Preset("KEYNOTE-024, first report", {"arm": early, "known": 18, "held": 0}),
            Preset(
                "KEYNOTE-006, 26 months",
                {"arm": "KEYNOTE-006: pembrolizumab every two weeks", "known": 30, "held": 10},
            ),
            Preset("Ipilimumab alone", {"arm": "CheckMate 067: ipilimumab"}, against={}),
        ],
        prediction="03.Q12",
        sentence=tail_sentence,
        alt="Left, a survival curve up to the month that is known, a fitted curve with a pale fan that goes on beyond it, and faintly what "
        "came later. Right, how well each long-term share fits: a hill whose part above a line is the 95 % interval; the narrower "
        "the hill, the better the data know the share.",
        explain=(
            "Twelve months of all 314 people allow any share from 0 to 66 %, four years pin it to 15 points. The people are the same. What is "
            "it that four years show and twelve months do not?",
            "The bend. A model with a long-term share and one without differ only where the others have died and the curve goes flat. Before "
            "that, fewer deaths later and slower deaths now look alike: share and speed trade off, and the data do not <em>identify</em> "
            "the share. Four times as many people, all alike, would still allow 0 to 52 % at month 12. Look at the interval before you look at the number.",
        ),
        vary=Task(
            "KEYNOTE-024's first report: find the largest share that the data do not contradict. What does it foresee for month 60, and how many were alive?",
            lambda state, result: (
                state["arm"] == early
                and state["known"] >= 18
                and state["held"] == 5 * int(20 * result.fit.high)
            ),
        ),
        limits=[
            "“Long-term share” is a word of the model: the part of the curve that, in it, falls no more. It is no proof that the cancer is gone.",
            "The model knows no deaths from other causes and takes a Weibull distribution for the others. The interval holds chance alone, not "
            "a wrong model: the later squares may lie outside.",
            "“Followed for at most” cuts everybody at the same month. A real early report holds people who joined late as well, and knows less.",
        ],
        tag=lambda state: (
            f"Data · {state['arm']}, curves read by Bomze 2020; Model · mixture cure (Farewell 1982)"
        ),
        sources=("Farewell1982", "Bomze2020"),
    )
