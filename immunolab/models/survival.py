"""Time until death, or until another end point: curves, tests and models of trials.

Some patients are still alive when a trial is read. Of them a time is known, but not the end: they are
*censored*. All methods here use what a censored patient tells, that nothing had happened until then, and all
assume that those censored are like those who stay under observation.

Times have any unit, the same throughout; the course uses months. Curves, log-rank tests and Cox's model come from
the library lifelines, with its conventions: Efron's rule for ties, intervals on the scale of ln(−ln S), the median
where the curve first reaches a half. What it does not offer stands here: restricted means with their error,
patients rebuilt from a printed figure, mixture-cure models. The numbers describe the patients given; they know
nothing of how those were chosen.
"""

import math
import warnings
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.exceptions import ConvergenceWarning
from lifelines.statistics import logrank_test
from scipy.integrate import quad
from scipy.optimize import OptimizeResult, brentq, least_squares, minimize, minimize_scalar
from scipy.special import expit, ndtri

from immunolab.models._arrays import plain
from immunolab.models._checks import (
    flag,
    keep,
    not_negative,
    one_number,
    positive,
    whole,
    whole_numbers,
    within,
)


class Estimate(NamedTuple):
    """A value with its confidence interval. A time that was not reached is inf."""

    value: float
    low: float
    high: float


class LogRank(NamedTuple):
    """A weighted log-rank test: ``z`` below 0 means fewer events with treatment than expected.

    ``observed`` and ``expected`` events are those of the treatment arm, weighted.
    """

    z: float
    p: float
    observed: float
    expected: float


@dataclass(frozen=True)
class Patients:
    """One arm: ``time`` under observation and ``event``, 1 for died and 0 for censored; each of shape (n,).

    Kept in the order of time, deaths first, because whoever is censored at a time was still at risk then.
    Raises ValueError for negative times, other events than 0 and 1, or nobody.
    """

    time: np.ndarray
    event: np.ndarray

    def __post_init__(self):
        time = not_negative("time", self.time, "the times under observation")
        event = flag("event", self.event)
        if np.ndim(time) != 1 or not len(time):
            raise ValueError(f"time has the shape {np.shape(time)}: give one time for each patient")
        if np.shape(event) != time.shape:
            raise ValueError(f"event has the shape {np.shape(event)}: give as many as time, {len(time)}")
        order = np.lexsort((-event, time))
        keep(self, time=time[order], event=event[order].astype(bool))

    def __len__(self) -> int:
        return len(self.time)

    @property
    def events(self) -> int:
        """How many had the event."""
        return int(self.event.sum())

    def until(self, time: float) -> "Patients":
        """What would be known if everybody had been followed for at most ``time``."""
        time = positive("time", one_number("time", time), "a time of reading")
        return Patients(np.minimum(self.time, time), self.event & (self.time <= time))


@dataclass(frozen=True)
class KaplanMeier:
    """A Kaplan–Meier curve: one row for each distinct time, all arrays of shape (times,).

    ``at_risk`` counts who is under observation just before the time; ``events`` and ``censored`` what happens
    at it; ``survival`` is the product of 1 − events/at_risk so far, ``low`` and ``high`` its interval.
    """

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float

    def at(self, time):
        """Survival at a time or at an array of times; beyond the last one, the last height."""
        return plain(self._height(self.survival, time))

    def interval(self, time) -> Estimate:
        """Survival at a time, with its interval."""
        time = one_number("time", time)
        return Estimate(*(float(self._height(y, time)) for y in (self.survival, self.low, self.high)))

    def at_risk_at(self, time):
        """How many are under observation just before a time, or an array of them."""
        time = not_negative("time", time, "a time")
        rows = np.searchsorted(self.time, time, side="left")
        return plain(np.append(self.at_risk, 0)[rows].astype(float))

    @property
    def median(self) -> Estimate:
        """The time by which half have had the event, with its interval; inf where not reached."""
        return self.quantile(0.5)

    def quantile(self, survival: float) -> Estimate:
        """The time at which the curve first reaches ``survival`` or falls below; inf where it never does.

        The interval is where the curve's interval reaches it (Brookmeyer and Crowley 1982,
        doi:10.2307/2530286).
        """
        survival = within("survival", one_number("survival", survival), 0, 1, "a height of the curve")
        return Estimate(*(self._first(y, survival) for y in (self.survival, self.low, self.high)))

    @property
    def longest(self) -> float:
        """The last time of observation: no area under the curve is known beyond."""
        return float(self.time[-1])

    def rmst(self, until: float) -> Estimate:
        """Restricted mean: time lived, on average, within the first ``until``; the area under the curve.

        Its variance is Σ (area still to come)²·d/(n(n − d)) over the events. Raises ValueError beyond the last
        time of observation, unless the curve has reached 0. Limit: the interval is a normal one.
        """
        mean, error = self._rmst(until)
        half = _z(self.level) * error
        return Estimate(mean, mean - half, mean + half)

    def _rmst(self, until: float) -> tuple[float, float]:
        until = positive("until", one_number("until", until), "the end of the area")
        if until > self.longest * (1 + 1e-9) and self.survival[-1] > 0:
            raise ValueError(f"until is {until}: give a time up to the last observation, {self.longest:g}")
        inside = self.time < until
        edges = np.concatenate([[0.0], self.time[inside], [until]])
        areas = np.diff(edges) * np.concatenate([[1.0], self.survival[inside]])
        to_come = areas[::-1].cumsum()[::-1]
        d, n = self.events[inside], self.at_risk[inside]
        # Where the last patient dies nothing is to come, and 0·∞ must stay 0.
        spread = np.divide(d, n * (n - d), out=np.zeros_like(self.survival[inside]), where=n > d)
        return float(to_come[0]), float(np.sqrt((to_come[1:] ** 2 * spread).sum()))

    def _greenwood(self, time: float) -> tuple[float, float]:
        """Survival at a time, and its standard error."""
        if time > self.longest and self.survival[-1] > 0:
            raise ValueError(f"time is {time}: give a time up to the last observation, {self.longest:g}")
        past = self.time <= time
        d, n = self.events[past], self.at_risk[past]
        height = self.at(time)
        variance = (d / (n * (n - d))).sum() if height else 0.0
        return height, height * math.sqrt(variance)

    def _height(self, y: np.ndarray, time) -> np.ndarray:
        time = not_negative("time", time, "a time")
        return np.append(1.0, y)[np.searchsorted(self.time, time, side="right")]

    def _first(self, y: np.ndarray, survival: float) -> float:
        below = y <= survival + 1e-12
        return float(self.time[below.argmax()]) if below.any() else math.inf


def kaplan_meier(patients: Patients, level: float = 0.95) -> KaplanMeier:
    """The Kaplan–Meier curve of an arm: S(t) = Π (1 − dᵢ/nᵢ) over the times tᵢ ≤ t.

    Interval: Greenwood's variance Σ d/(n(n − d)) on the scale of ln(−ln S), at ``level``. Source: Kaplan and
    Meier 1958, doi:10.1080/01621459.1958.10501452. Limit: few patients at risk, uncertain tail.
    """
    fitted = KaplanMeierFitter(alpha=1 - _level(level)).fit(patients.time, patients.event)
    table, survival = fitted.event_table, fitted.survival_function_.to_numpy()[:, 0]
    low, high = fitted.confidence_interval_.to_numpy().T
    if (gone := survival == 0).any():  # the formula ends here; the upper end stays where it was
        high[gone] = high[~gone][-1] if (~gone).any() else 1
    rows = (table["removed"] > 0).to_numpy()  # lifelines begins every curve with a row at 0
    counts = (table[name].to_numpy()[rows].astype(int) for name in ("at_risk", "observed", "censored"))
    return KaplanMeier(table.index.to_numpy()[rows], *counts, survival[rows], low[rows], high[rows], level)


def hazard_ratio(
    treatment: Patients, control: Patients, start: float = 0, end: float = math.inf, level: float = 0.95
) -> Estimate:
    """Hazard with treatment over hazard with control, by Cox's partial likelihood with Efron's rule for ties.

    At each event time the next to die is one of the treatment arm with chance n₁θ/(n₁θ + n₀); θ is the ratio
    under which what happened was most likely. Only events after ``start`` and up to ``end`` count. The ratio is
    0 or inf, with no interval (0 to inf), where all events are in one arm, and nan without any. Source: Cox 1972,
    doi:10.1111/j.2517-6161.1972.tb00899.x. Limit: one number; where the ratio changes, it is an average that
    depends on how long the patients were followed.
    """
    start = not_negative("start", start, "the beginning of the window")
    if not end > start:
        raise ValueError(f"end is {end}: give a time after start, which is {start:g}")
    times, n1, n0, d1, d0 = _both(treatment, control)
    compared = _inside(times, start, end) & (n1 > 0) & (n0 > 0)
    first, second = d1[compared].any(), d0[compared].any()
    if not (first and second):  # no finite ratio is the most likely, and the library would search on
        return Estimate(math.inf if first else 0.0 if second else math.nan, 0.0, math.inf)
    people = pd.DataFrame(
        {
            "time": np.concatenate([treatment.time, control.time]),
            "event": np.concatenate([treatment.event, control.event]),
            "treated": np.repeat([1.0, 0.0], [len(treatment), len(control)]),
        }
    )
    people["event"] &= _inside(people["time"], start, end)
    people = people[_inside(people["time"], start, math.inf)]  # who is gone before is at risk of nothing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it warns of few events, and still converges
        fitted = CoxPHFitter(alpha=1 - _level(level)).fit(people, "time", "event")
    low, high = np.exp(fitted.confidence_intervals_.loc["treated"])
    return Estimate(float(fitted.hazard_ratios_["treated"]), float(low), float(high))


def hazard_rate(patients: Patients, edges) -> np.ndarray:
    """Events per time at risk in each window between two ``edges``, shape (edges − 1,).

    ``edges`` rise from 0 or later. A window in which nobody was at risk is nan. A rate is not a share: it may
    pass 1 where time is counted in years.
    """
    edges = not_negative("edges", edges, "rising times")
    if np.ndim(edges) != 1 or len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise ValueError(f"edges is {edges}: give at least two times that rise")
    lived = np.diff(np.minimum(patients.time[:, None], edges), axis=1).sum(axis=0)
    dead_by = np.searchsorted(patients.time[patients.event], edges, side="right")
    return np.divide(np.diff(dead_by), lived, out=np.full(len(lived), math.nan), where=lived > 0)


def log_rank(treatment: Patients, control: Patients, rho: float = 0, gamma: float = 0) -> LogRank:
    """Do the two arms die at different rates? z = Σ w(O − E) / √(Σ w²V), w = S(t−)^ρ·(1 − S(t−))^γ.

    At each event time E = d·n₁/n is what treatment would see if the arms were alike, V its hypergeometric
    variance, S the curve of both arms together. ``rho`` = ``gamma`` = 0 is the log-rank test; (1, 0) weighs early
    events, (0, 1) late ones. Source: Fleming and Harrington 1981 and 1991. Limit: weights must be chosen
    before the curves are seen. Raises ValueError for weights below 0, and where no event can be compared.
    """
    rho = not_negative("rho", rho, "the weight of early events")
    gamma = not_negative("gamma", gamma, "the weight of late events")
    _, n1, n0, d1, d0 = _both(treatment, control)
    d, n = d1 + d0, n1 + n0
    before = np.concatenate([[1.0], np.cumprod(1 - d / n)[:-1]])
    weight = before**rho * (1 - before) ** gamma
    if not (weight * n1 * n0 * (n - d)).any():
        raise ValueError("treatment and control have no event while both are at risk: nothing to compare")
    weights = {"weightings": "fleming-harrington", "p": rho, "q": gamma} if rho or gamma else {}
    times, events = (treatment.time, control.time), (treatment.event, control.event)
    test = logrank_test(*times, *events, **weights)
    observed, expected = float((weight * d1).sum()), float((weight * d * n1 / n).sum())
    # The library gives z², which does not say who did better.
    z = math.copysign(math.sqrt(test.test_statistic), observed - expected)
    return LogRank(z, float(test.p_value), observed, expected)


def rmst_difference(
    treatment: Patients | KaplanMeier, control: Patients | KaplanMeier, until: float, level: float = 0.95
) -> Estimate:
    """Time gained, on average, within the first ``until``: the area between the curves.

    Takes patients, or curves already made of them. Raises ValueError beyond the last time of observation of
    either arm. Source: Royston and Parmar 2013, doi:10.1186/1471-2288-13-152.
    """
    return _difference([_curve(arm)._rmst(until) for arm in (treatment, control)], level)


def survival_difference(
    treatment: Patients | KaplanMeier, control: Patients | KaplanMeier, time: float, level: float = 0.95
) -> Estimate:
    """How many more, as a share, are alive at ``time``; with Greenwood's interval, a normal one.

    Takes patients, or curves already made of them. Raises ValueError beyond the last time of observation of
    either arm.
    """
    time = positive("time", one_number("time", time), "a time")
    return _difference([_curve(arm)._greenwood(time) for arm in (treatment, control)], level)


def crossings(
    treatment: Patients | KaplanMeier, control: Patients | KaplanMeier, after: float = 0
) -> np.ndarray:
    """The times later than ``after`` at which the curve that was below comes to lie above; rising, maybe none.

    Early on, single deaths make curves change places: what matters is the last crossing. Read as far as both
    arms are observed. Takes patients, or curves already made of them.
    """
    after = not_negative("after", after, "a time")
    curves = [_curve(arm) for arm in (treatment, control)]
    times = np.union1d(curves[0].time, curves[1].time)
    times = times[times <= min(curve.longest for curve in curves)]
    sign = np.sign(np.round(curves[0].at(times) - curves[1].at(times), 12))
    times, sign = times[sign != 0], sign[sign != 0]
    found = times[1:][sign[1:] != sign[:-1]]
    return found[found > after]


def number_needed_to_treat(alive_treatment, alive_control):
    """How many must be treated for one more to be alive at that time: 1/(difference of the shares).

    Negative where treatment does worse, inf where both are equal. Shares from 0 to 1, numbers or arrays.
    """
    treated = within("alive_treatment", alive_treatment, 0, 1, "the share alive with treatment")
    control = within("alive_control", alive_control, 0, 1, "the share alive with control")
    with np.errstate(divide="ignore"):
        return plain(1 / np.abs(np.asarray(treated) - control) * np.where(treated < control, -1, 1))


def exponential_survival(time, median: float):
    """Survival if the hazard never changed: ½^(time/median). The curve that a lone median suggests."""
    time = not_negative("time", time, "a time")
    return plain(0.5 ** (np.asarray(time) / positive("median", median, "the median")))


def events_needed(
    hazard_ratio: float, power: float = 0.9, alpha: float = 0.05, treated: float = 0.5
) -> float:
    """Events a trial must see to find a hazard ratio: (z₁₋α/₂ + z_power)² / (r(1 − r)·ln² ratio).

    ``alpha`` is two-sided; r = ``treated`` is the share randomised to treatment. Events, not patients. Source:
    Schoenfeld 1981, doi:10.1093/biomet/68.1.316. Limit: proportional hazards, a log-rank test.
    """
    ratio = positive("hazard_ratio", hazard_ratio, "the hazard ratio to find")
    if ratio == 1:
        raise ValueError("hazard_ratio is 1: give a ratio other than 1; no trial can find what is not there")
    power = within("power", power, 0.01, 0.9999, "the power")
    alpha = within("alpha", alpha, 1e-9, 0.99, "the two-sided level of the test")
    r = within("treated", treated, 0.01, 0.99, "the share randomised to treatment")
    return float((ndtri(1 - alpha / 2) + ndtri(power)) ** 2 / (r * (1 - r) * math.log(ratio) ** 2))


def from_counts(time, at_risk, events) -> Patients:
    """Individual times from a table: ``at_risk`` just before each time, ``events`` so far, up to and with it.

    Who leaves between two times without an event was censored. Events and censorings are spread evenly between
    the times, so a time is right to within one step of the table; all still there at the last are censored then.
    Shapes (times,); ``time`` rises from 0. Raises ValueError for counts that go the wrong way.
    """
    time, (at_risk,) = _coordinates(time, at_risk=at_risk)
    at_risk = whole_numbers("at_risk", at_risk, 0, "patients at risk").astype(int)
    events = whole_numbers("events", events, 0, "events so far")
    if np.shape(events) != time.shape:
        raise ValueError(f"events has the shape {np.shape(events)}: give one for each time, {len(time)}")
    events = events.astype(int)
    if (np.diff(at_risk) > 0).any() or (np.diff(events) < 0).any() or events[0]:
        raise ValueError("at_risk must not rise, events must not fall and begin at 0")
    if events[-1] > at_risk[0]:
        raise ValueError(f"events is {events[-1]} in the end: give at most the patients, {at_risk[0]}")
    # An event exactly at a time is among its events and still at risk, so a step may seem to lose too few:
    # the censorings are counted from the beginning, and never fall.
    censored = np.maximum.accumulate(np.maximum(at_risk[0] - at_risk - events, 0))
    censored = np.minimum(censored, at_risk[0] - events[-1])
    return _spread(time, np.diff(events), np.diff(censored), int(at_risk[0]))


def rebuild(time, survival, risk_time, at_risk) -> Patients:
    """Individual times from a printed curve and the numbers at risk below it.

    Between two numbers at risk the losses to censoring are guessed, spread evenly; the curve says what share of
    those at risk died in each step; the guess is moved until the next number at risk comes out. After the last
    number the rate of censoring so far goes on. The idea is that of Guyot 2012, doi:10.1186/1471-2288-12-9.

    ``time`` rises from 0 and ``survival`` falls from 1, shape (points,); ``risk_time`` is some of the times,
    from 0 on, and ``at_risk`` the numbers there. Raises ValueError otherwise. Limit: what the figure hides, this
    cannot find: with few numbers at risk the censorings, and with them the tail, are a guess.
    """
    time, (survival,) = _coordinates(time, survival=survival)
    within("survival", survival, 0, 1, "the height of the curve")
    if survival[0] != 1 or (np.diff(survival) > 0).any():
        raise ValueError("survival must begin at 1 and not rise")
    risk_time, (at_risk,) = _coordinates(risk_time, at_risk=at_risk)
    at_risk = whole_numbers("at_risk", at_risk, 0, "patients at risk").astype(int)
    if not np.isin(risk_time, time).all() or (np.diff(at_risk) > 0).any():
        raise ValueError("risk_time must be some of the times of the curve, and at_risk must not rise")
    steps, now, height = [], int(at_risk[0]), 1.0
    stops = np.searchsorted(time, risk_time)
    for start, stop, target in zip(stops[:-1], stops[1:], at_risk[1:], strict=True):
        lost = 0
        for _ in range(20):
            walked = _walk(time[start : stop + 1], survival[start : stop + 1], now, height, lost)
            if walked.left == target or (lost == 0 and walked.left < target):
                break
            lost = max(0, lost + walked.left - int(target))
        steps.append(walked)
        now, height = walked.left, walked.height
    if stops[-1] < len(time) - 1:
        lived = (at_risk[:-1] * np.diff(risk_time)).sum()
        rate = sum(step.censored.sum() for step in steps) / lived if lived else 0
        lost = round(now * -math.expm1(-rate * (time[-1] - risk_time[-1])))
        steps.append(_walk(time[stops[-1] :], survival[stops[-1] :], now, height, lost))
    deaths, censored = (
        np.concatenate(found) for found in zip(*((s.deaths, s.censored) for s in steps), strict=True)
    )
    return _spread(time, deaths, censored, int(at_risk[0]))


class _Walked(NamedTuple):
    """One stretch between two numbers at risk: what happened in each step, who is left, and how high the curve."""

    deaths: np.ndarray
    censored: np.ndarray
    left: int
    height: float


def _walk(time: np.ndarray, survival: np.ndarray, now: int, height: float, lost: int) -> _Walked:
    """Follow the curve with ``lost`` censorings, spread evenly; half of a step's are at risk for its deaths."""
    share = (time - time[0]) / (time[-1] - time[0])
    censored = np.diff(np.round(lost * share)).astype(int)
    deaths = np.zeros_like(censored)
    for step, (gone, reached) in enumerate(zip(censored, survival[1:], strict=True)):
        gone = censored[step] = min(gone, now)
        # Against the height rebuilt so far, not the printed one, so that rounding does not add up.
        at_risk = now - gone / 2
        died = min(max(0, round(at_risk * (1 - reached / height))), now - gone) if height and at_risk else 0
        deaths[step] = died
        height *= 1 - died / at_risk if at_risk else 1
        now -= int(died + gone)
    return _Walked(deaths, censored, now, height)


@dataclass(frozen=True)
class MixtureCure:
    """A mixture of patients who never have the event and of those who do: S = B·(π + (1 − π)·exp(−(t/λ)^k)).

    ``cured`` is π; ``scale`` λ and ``shape`` k belong to the Weibull distribution of the others (k = 1: constant
    hazard); ``background`` is the hazard that all share, B = exp(−background·t). "Cured" is a word of the model:
    on the flat part of the curve, not proven free of disease. Raises ValueError for other numbers. Source:
    Boag 1949; Farewell 1982, doi:10.2307/2529885.
    """

    cured: float
    scale: float
    shape: float = 1.0
    background: float = 0.0

    def __post_init__(self):
        keep(
            self,
            cured=one_number(
                "cured", within("cured", self.cured, 0, 1, "the share that never has the event")
            ),
            scale=one_number("scale", positive("scale", self.scale, "the scale of the others' times")),
            shape=one_number("shape", positive("shape", self.shape, "the shape of the others' times")),
            background=one_number(
                "background", not_negative("background", self.background, "the hazard that all share")
            ),
        )

    def survival(self, time):
        """The share without the event at a time, or an array of them."""
        time = np.asarray(not_negative("time", time, "a time"))
        return plain(np.exp(-self.background * time) * (self.cured + (1 - self.cured) * self._waiting(time)))

    def hazard(self, time):
        """Events per time among those still without one; falls to ``background`` as only the cured are left.

        At 0 it is inf for a shape below 1.
        """
        time = np.asarray(not_negative("time", time, "a time"))
        waiting = (1 - self.cured) * self._waiting(time)
        with np.errstate(divide="ignore"):
            own = self.shape / self.scale * (time / self.scale) ** (self.shape - 1)
        with np.errstate(invalid="ignore"):
            share = np.where(waiting > 0, waiting / (self.cured + waiting), 1.0 * (self.cured == 0))
            return plain(self.background + np.where(share > 0, own * share, 0.0))

    @property
    def median(self) -> float:
        """The time by which half have had the event; inf if it is never half."""
        return self.quantile(0.5)

    def quantile(self, survival: float) -> float:
        """The time at which the curve falls to ``survival``; inf where it never does."""
        survival = within("survival", one_number("survival", survival), 0, 1, "a height of the curve")
        left = (survival - self.cured) / (1 - self.cured) if self.cured < 1 else 0.0
        with np.errstate(over="ignore"):
            own = (
                float(self.scale * np.power(-math.log(min(left, 1.0)), 1 / self.shape))
                if left > 0
                else math.inf
            )
        if not self.background or not own:
            return own
        if not survival:
            return math.inf
        # Own risk and background together are faster than either alone.
        latest = min(own, -math.log(survival) / self.background)
        if math.isinf(latest):  # too late to write as a number
            return math.inf
        return float(brentq(lambda t: self.survival(t) - survival, 0, latest * (1 + 1e-9)))

    def rmst(self, until: float) -> float:
        """Restricted mean: the area under the curve up to ``until``."""
        until = positive("until", one_number("until", until), "the end of the area")
        return float(quad(self.survival, 0, until, limit=200)[0])

    def sample(self, n: int, follow_up: tuple[float, float], seed: int = 1) -> Patients:
        """n simulated patients, each observed for a time between the two ends of ``follow_up``, then censored.

        A trial recruits over months and is read on one day, so follow-up differs. The same seed draws the same.
        """
        n = whole("n", n, 1, 1_000_000, "the number of patients")
        if np.shape(follow_up) != (2,) or not 0 < follow_up[0] <= follow_up[1] < math.inf:
            raise ValueError(
                f"follow_up is {follow_up}: give the shortest and the longest time of observation"
            )
        rng = np.random.default_rng(whole("seed", seed, 0, 2**32, "the seed"))
        time = self.scale * rng.exponential(size=n) ** (1 / self.shape)
        time[rng.random(n) < self.cured] = math.inf
        if self.background:
            time = np.minimum(time, rng.exponential(1 / self.background, n))
        observed = rng.uniform(*follow_up, n)
        return Patients(np.minimum(time, observed), time <= observed)

    def _waiting(self, time: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return np.exp(-((time / self.scale) ** self.shape))


@dataclass(frozen=True)
class CureFit:
    """A fitted mixture-cure model, and how firmly its cured share stands.

    ``shares`` is a grid of cured shares and ``profile`` the best log-likelihood with each of them. The interval
    ``low`` to ``high`` holds the shares that the data do not contradict: those within half the quantile of χ²
    from the best. Is it wide, then share and scale trade off, and the data do not *identify* the share.
    """

    model: MixtureCure
    log_likelihood: float
    shares: np.ndarray
    profile: np.ndarray
    low: float
    high: float

    @property
    def plateau(self) -> bool:
        """Do the data contradict that nobody is cured?"""
        return self.low > 0


def fit_mixture_cure(patients: Patients, level: float = 0.95, points: int = 50) -> CureFit:
    """The mixture-cure model of greatest likelihood, Σ e·ln[(1 − π)f] + (1 − e)·ln S, and the profile of π.

    ``points`` is the number of cured shares tried, from 0 to 0.98. Raises ValueError with fewer than three
    events. Limits: no background mortality; a Weibull for the others; what happens after the last observation
    is an extrapolation. With a short follow-up many shares fit equally well: look at the interval.
    """
    _enough_events(patients)
    shares = np.linspace(0, 0.98, whole("points", points, 10, 1000, "the number of shares"))
    fits = []
    for share in shares:  # each begins where the one before ended
        fits.append(_best_weibull(patients, share, fits[-1].x if fits else None))
    profile = np.array([-fit.fun for fit in fits]) * len(patients)
    best = int(profile.argmax())
    fit, share = fits[best], float(shares[best])
    if 0 < best < len(shares) - 1:
        between = minimize_scalar(
            lambda x: _best_weibull(patients, x, fits[best].x).fun,
            bounds=(shares[best - 1], shares[best + 1]),
            method="bounded",
            options={"xatol": 1e-4},
        )
        share = float(between.x)
        fit = _best_weibull(patients, share, fits[best].x)
    top = -fit.fun * len(patients)
    low, high = _within_reach(shares, profile, top - _z(level) ** 2 / 2)
    model = MixtureCure(share, *np.exp(fit.x).tolist())
    return CureFit(model, top, shares, profile, min(low, share), max(high, share))


def cure_with_share(patients: Patients, share: float) -> MixtureCure:
    """The mixture-cure model of greatest likelihood among those with this cured ``share``, from 0 to below 1.

    The models at both ends of a `CureFit`'s interval are futures that suit the data nearly as well as the best.
    Raises ValueError with fewer than three events.
    """
    _enough_events(patients)
    share = one_number("share", within("share", share, 0, 1, "the share that is cured"))
    if share == 1:
        raise ValueError("share is 1: give a share below 1; somebody had the event")
    return MixtureCure(share, *np.exp(_best_weibull(patients, share, None).x).tolist())


def _enough_events(patients: Patients) -> None:
    if patients.events < 3:
        raise ValueError(f"patients has {patients.events} events: give an arm with at least three")


def _best_weibull(patients: Patients, share: float, start: np.ndarray | None) -> OptimizeResult:
    """ln scale and ln shape of the others that suit a cured share best; ``fun`` is −log-likelihood/patients.

    With z = k·(ln t − ln λ) and u = e^z a death adds ln(1 − π) + ln k + z − u − ln t, a censored patient
    ln(π + (1 − π)e^(−u)). q = (1 − π)e^(−u)/S is the chance that the censored patient is not cured.
    """
    time = np.log(np.maximum(patients.time, 1e-9 * patients.time[-1]))  # a death on day 0 has no logarithm
    died, alive = time[patients.event], time[~patients.event]

    def unlikelihood(x):
        log_scale, log_shape = x
        shape = math.exp(log_shape)
        z_died, z_alive = shape * (died - log_scale), shape * (alive - log_scale)
        u_died, u_alive = np.exp(np.minimum(z_died, 50)), np.exp(np.minimum(z_alive, 50))
        waiting = (1 - share) * np.exp(-u_alive)
        survival = np.maximum(share + waiting, 1e-300)
        value = len(died) * (math.log1p(-share) + log_shape) + (z_died - u_died - died).sum()
        by_died, by_alive = 1 - u_died, -waiting / survival * u_alive
        by_scale = -shape * (by_died.sum() + by_alive.sum())
        by_shape = len(died) + by_died @ z_died + by_alive @ z_alive
        return -(value + np.log(survival).sum()) / len(time), -np.array([by_scale, by_shape]) / len(time)

    if start is None:
        start = [died.mean() + len(alive) / len(died), 0.0]
    # Without bounds the shape would grow for ever where all die at one time. Of the methods that take bounds, TNC
    # calls no linear algebra, whose threads cost ten times more than these two numbers.
    return minimize(
        unlikelihood, start, jac=True, method="TNC", bounds=[(-50, 50), (-6, 6)],
        options={"ftol": 1e-12, "gtol": 1e-6},
    )  # fmt: skip


def cure_through(time, survival) -> MixtureCure:
    """The mixture-cure curve through published points, three or more: exactly through three, closest to more.

    ``time`` rises from above 0 and ``survival`` falls, between 0 and 1, shape (points,). Raises ValueError
    otherwise. Limit: points carry no numbers of patients; this reads a curve and estimates nothing.
    """
    time, survival = positive("time", time, "a time"), within("survival", survival, 0, 1, "a height")
    if np.ndim(time) != 1 or len(time) < 3 or np.shape(survival) != time.shape:
        raise ValueError(
            f"time has the shape {np.shape(time)}: give three points or more, with their survival"
        )
    if (np.diff(time) <= 0).any() or (np.diff(survival) >= 0).any() or survival[0] >= 1 or survival[-1] <= 0:
        raise ValueError("time must rise, and survival must fall from below 1 to above 0")

    def curve(x):
        return expit(x[0]) + expit(-x[0]) * np.exp(-((time / np.exp(x[1])) ** np.exp(x[2])))

    share = 0.9 * survival[-1]
    start = [math.log(share / (1 - share)), math.log(time[0]), 0.0]
    found = least_squares(
        lambda x: curve(x) - survival, start, x_scale=[1, 1, 0.3], xtol=1e-12, ftol=1e-12, gtol=1e-12
    )
    return MixtureCure(float(expit(found.x[0])), math.exp(found.x[1]), math.exp(found.x[2]))


def _level(level: float) -> float:
    return within("level", level, 0.01, 0.9999, "the confidence level")


def _z(level: float) -> float:
    return float(ndtri((1 + _level(level)) / 2))


def _inside(time, start: float, end: float):
    """Which times fall into a window: after its start and up to its end; one from 0 on includes 0."""
    return ((time > start) | (start == 0)) & (time <= end)


def _curve(arm: Patients | KaplanMeier) -> KaplanMeier:
    return arm if isinstance(arm, KaplanMeier) else kaplan_meier(arm)


def _difference(arms: list[tuple[float, float]], level: float) -> Estimate:
    """First value minus second, each given with its standard error."""
    (first, first_error), (second, second_error) = arms
    half = _z(level) * math.hypot(first_error, second_error)
    return Estimate(first - second, first - second - half, first - second + half)


def _both(treatment: Patients, control: Patients):
    """Event times of both arms together; at risk and events in each arm there."""
    times = np.unique(np.concatenate([treatment.time[treatment.event], control.time[control.event]]))
    arms = (treatment, control)
    at_risk = [len(arm) - np.searchsorted(arm.time, times, side="left") for arm in arms]
    events = [
        np.searchsorted(died, times, side="right") - np.searchsorted(died, times, side="left")
        for died in (arm.time[arm.event] for arm in arms)
    ]
    return times, *at_risk, *events


def _coordinates(time, **values):
    """Times that rise from 0, and arrays of the same shape."""
    time = not_negative("time", time, "times that rise from 0")
    if np.ndim(time) != 1 or len(time) < 2 or time[0] or (np.diff(time) <= 0).any():
        raise ValueError(f"time is {time}: give at least two times that rise from 0")
    checked = []
    for name, value in values.items():
        value = not_negative(name, value, "one number for each time")
        if np.shape(value) != time.shape:
            raise ValueError(f"{name} has the shape {np.shape(value)}: give one for each time, {len(time)}")
        checked.append(value)
    return time, checked


def _spread(time: np.ndarray, deaths: np.ndarray, censored: np.ndarray, n: int) -> Patients:
    """Deaths and censorings of each step at even distances inside it; whoever is left, at the last time."""

    def inside(counts: np.ndarray) -> np.ndarray:
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + 0.5
        return np.repeat(time[:-1], counts) + place * np.repeat(np.diff(time) / np.maximum(counts, 1), counts)

    died, gone = inside(deaths), inside(censored)
    left = np.full(n - len(died) - len(gone), time[-1])
    return Patients(np.concatenate([died, gone, left]), np.repeat([1, 0], [len(died), len(gone) + len(left)]))


def _within_reach(shares: np.ndarray, profile: np.ndarray, height: float) -> tuple[float, float]:
    """Where the profile passes ``height`` on its way down to either side, between the shares of the grid."""
    inside = np.flatnonzero(profile >= height)
    if not len(inside):
        return math.inf, -math.inf
    low, high = inside[0], inside[-1]
    start, end = float(shares[low]), float(shares[high])
    if low > 0:
        start = float(np.interp(height, profile[low - 1 : low + 1], shares[low - 1 : low + 1]))
    if high < len(shares) - 1:
        end = float(np.interp(-height, -profile[high : high + 2], shares[high : high + 2]))
    return start, end
