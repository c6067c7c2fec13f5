"""Survival curves, tests and cure models: textbook data, scipy as a second opinion, limits, properties, messages.

Single trials are tested on their monthly tables in tests/content/test_trial_facts.py.
"""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize, minimize_scalar

from immunolab.models.survival import (
    MixtureCure,
    Patients,
    crossings,
    cure_through,
    cure_with_share,
    events_needed,
    exponential_survival,
    fit_mixture_cure,
    from_counts,
    hazard_rate,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    number_needed_to_treat,
    rebuild,
    rmst_difference,
    survival_difference,
)

# Weeks in remission of acute leukaemia, Freireich 1963 and Gehan 1965: in every textbook of survival analysis.
TREATED = Patients(
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
PLACEBO = Patients([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)

times = st.lists(st.floats(0.01, 100), min_size=3, max_size=60)


@st.composite
def arms(draw, least_events=0):
    time = draw(times)
    event = draw(st.lists(st.booleans(), min_size=len(time), max_size=len(time)))
    for i in range(least_events):
        event[i] = True
    return Patients(time, event)


def as_scipy(arm):
    return stats.CensoredData.right_censored(arm.time, ~arm.event)


def test_the_textbook_curve():
    curve = kaplan_meier(TREATED)
    assert curve.time.tolist()[:4] == [6, 7, 9, 10]
    assert curve.at_risk.tolist()[:4] == [21, 17, 16, 15]
    assert curve.events.tolist()[:4] == [3, 1, 0, 1]
    assert curve.censored.tolist()[:4] == [1, 0, 1, 1]
    assert curve.at([5.9, 6, 10, 22, 23, 35]) == pytest.approx(
        [1, 0.857, 0.753, 0.538, 0.448, 0.448], abs=5e-4
    )
    assert curve.median == (23, 13, math.inf)  # as SAS prints it; R's own default is another interval
    assert kaplan_meier(PLACEBO).median.value == 8
    assert curve.at_risk_at([0, 6, 6.1, 35, 36]).tolist() == [21, 21, 17, 1, 0]


def test_the_textbook_comparison():
    """R's survival package prints 0.2076 (0.0925 to 0.466) with Efron's rule, and χ² = 16.8."""
    assert hazard_ratio(TREATED, PLACEBO) == pytest.approx((0.2076, 0.0925, 0.4659), abs=2e-4)
    test = log_rank(TREATED, PLACEBO)
    assert test.z**2 == pytest.approx(16.793, abs=1e-3)
    assert (test.observed, test.expected) == pytest.approx((9, 19.25), abs=0.01)


@settings(deadline=None, max_examples=60)
@given(arms(least_events=1))
def test_the_curve_agrees_with_scipy(arm):
    curve, other = kaplan_meier(arm), stats.ecdf(as_scipy(arm)).sf
    assert curve.at(other.quantiles) == pytest.approx(other.probabilities, abs=1e-12)
    with warnings.catch_warnings():  # scipy says where the formula has no value
        warnings.simplefilter("ignore")
        band = other.confidence_interval(method="log-log")
    low = [curve.interval(t).low for t in other.quantiles]
    inside = np.isfinite(band.low.probabilities) & (other.probabilities > 0) & (other.probabilities < 1)
    assert np.array(low)[inside] == pytest.approx(band.low.probabilities[inside], abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(arms(least_events=2), arms(least_events=2))
def test_the_log_rank_test_agrees_with_scipy(first, second):
    with np.errstate(invalid="ignore"):  # nothing to compare
        expected = stats.logrank(as_scipy(first), as_scipy(second)).statistic
    if np.isfinite(expected) and abs(expected) > 1e-6:
        assert abs(log_rank(first, second).z) == pytest.approx(abs(expected), rel=1e-6)


def tied_arms(seed):
    """Two arms in whole months, so with many ties, a third of each censored."""
    rng = np.random.default_rng(seed)
    time = np.ceil(rng.weibull(1.1, (2, 120)) * [[14], [10]])
    return [Patients(t, rng.random(120) < 0.67) for t in time]


def counts(treatment, control):
    """At each time of an event: at risk and dying with treatment, and with control."""
    for t in np.unique(np.concatenate([arm.time[arm.event] for arm in (treatment, control)])):
        yield [
            (int((arm.time >= t).sum()), int(arm.event[arm.time == t].sum())) for arm in (treatment, control)
        ]


@pytest.mark.parametrize("seed", range(4))
def test_the_hazard_ratio_has_the_greatest_partial_likelihood(seed):
    """Written out from Efron's rule: of d who die together, the k-th sees k/d of them gone."""
    treatment, control = tied_arms(seed)

    def unlikelihood(log_ratio):
        total = 0.0
        for (n1, d1), (n0, d0) in counts(treatment, control):
            gone = np.arange(d1 + d0) / (d1 + d0)
            at_risk = math.exp(log_ratio) * (n1 - gone * d1) + n0 - gone * d0
            total += d1 * log_ratio - np.log(at_risk).sum()
        return -total

    best = minimize_scalar(unlikelihood, bracket=(-1, 1), tol=1e-10)
    assert hazard_ratio(treatment, control).value == pytest.approx(math.exp(best.x), rel=1e-5)


@pytest.mark.parametrize("weights", [(0, 0), (1, 0), (0, 1), (0.5, 0.5)])
def test_the_weighted_log_rank_test_follows_its_definition(weights):
    treatment, control = tied_arms(1)
    rho, gamma = weights
    alive, difference, variance = 1.0, 0.0, 0.0
    for (n1, d1), (n0, d0) in counts(treatment, control):
        n, d = n1 + n0, d1 + d0
        weight = alive**rho * (1 - alive) ** gamma
        difference += weight * (d1 - d * n1 / n)
        variance += weight**2 * d * n1 * n0 / n**2 * (n - d) / max(n - 1, 1)
        alive *= 1 - d / n
    z = difference / math.sqrt(variance)
    test = log_rank(treatment, control, rho, gamma)
    assert (test.z, test.p) == pytest.approx((z, 2 * stats.norm.sf(abs(z))), rel=1e-6)
    assert test.observed - test.expected == pytest.approx(difference)


@settings(deadline=None, max_examples=60)
@given(arms())
def test_a_curve_falls_between_its_limits(arm):
    curve = kaplan_meier(arm)
    assert (np.diff(curve.survival) <= 1e-12).all()
    assert (curve.low <= curve.survival + 1e-12).all() and (curve.survival <= curve.high + 1e-12).all()
    assert ((curve.low >= 0) & (curve.high <= 1)).all()
    assert curve.events.sum() == arm.events
    assert curve.events.sum() + curve.censored.sum() == len(arm)
    assert curve.at(0) == 1 or arm.time[0] == 0


@settings(deadline=None, max_examples=60)
@given(times)
def test_with_nobody_censored_all_is_plain_counting(time):
    arm = Patients(time, np.ones(len(time)))
    curve = kaplan_meier(arm)
    for t in (min(time), np.median(time), max(time)):
        assert curve.at(t) == pytest.approx(np.mean(np.array(time) > t), abs=1e-12)
    assert curve.rmst(max(time) + 1).value == pytest.approx(np.mean(time))
    n, spread = len(time), np.var(time)
    half = curve.rmst(max(time) + 1).high - np.mean(time)
    assert half == pytest.approx(1.959964 * math.sqrt(spread / n), rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(arms(least_events=2), arms(least_events=2), st.floats(0.1, 50))
def test_arms_and_units_can_be_swapped(first, second, unit):
    one, other = hazard_ratio(first, second), hazard_ratio(second, first)
    if 1e-6 < one.value < 1e6:
        assert other == pytest.approx((1 / one.value, 1 / one.high, 1 / one.low), rel=1e-6)
        scaled = [Patients(arm.time * unit, arm.event) for arm in (first, second)]
        assert len(np.unique(scaled[0].time)) != len(np.unique(first.time)) or hazard_ratio(
            *scaled
        ).value == pytest.approx(one.value, rel=0.05)
    try:
        assert log_rank(first, second, 0, 1).z == pytest.approx(-log_rank(second, first, 0, 1).z, abs=1e-9)
    except ValueError as error:
        assert "nothing to compare" in str(error)


def test_identical_arms_do_not_differ():
    assert hazard_ratio(TREATED, TREATED).value == pytest.approx(1)
    assert log_rank(TREATED, TREATED).p == pytest.approx(1)
    assert rmst_difference(TREATED, TREATED, 30).value == 0
    assert len(crossings(TREATED, TREATED)) == 0


def test_cox_finds_a_known_ratio():
    slow, fast = (
        MixtureCure(0, 10 / hazard).sample(20_000, (30, 40), seed) for hazard, seed in ((0.6, 1), (1, 2))
    )
    ratio = hazard_ratio(slow, fast)
    assert ratio.low < 0.6 < ratio.high and ratio.high - ratio.low < 0.03
    # Rates and their ratio say the same where the hazards are constant.
    rates = [hazard_rate(arm, [0, 5, 10]) for arm in (slow, fast)]
    assert rates[0] == pytest.approx([0.06, 0.06], rel=0.05)
    assert rates[0] / rates[1] == pytest.approx([0.6, 0.6], rel=0.05)


def test_windows_see_a_late_effect():
    """Alike for 5 months, then the hazard with treatment falls to a third."""
    rng = np.random.default_rng(3)
    control, treatment = rng.exponential(10, (2, 5000))
    late = treatment > 5
    treatment[late] = 5 + 3 * (treatment[late] - 5)
    arms = [Patients(np.minimum(t, 30), t <= 30) for t in (treatment, control)]
    assert hazard_ratio(*arms, end=5).value == pytest.approx(1, abs=0.08)
    assert hazard_ratio(*arms, start=5).value == pytest.approx(1 / 3, abs=0.04)
    early, late = (abs(log_rank(*arms, *weights).z) for weights in ((1, 0), (0, 1)))
    assert late > abs(log_rank(*arms).z) > early


def test_nothing_in_a_window_is_said_to_be_nothing():
    assert math.isnan(hazard_ratio(TREATED, PLACEBO, 0, 0.5).value)
    assert hazard_ratio(TREATED, PLACEBO, 0, 0.5)[1:] == (0, math.inf)
    assert hazard_ratio(TREATED, PLACEBO, 0, 5) == (0, 0, math.inf)
    first, last = Patients([1, 2, 3], [1, 1, 1]), Patients([4, 5, 6], [1, 1, 1])
    assert hazard_ratio(first, last) == (math.inf, 0, math.inf)
    assert hazard_ratio(last, first) == (0, 0, math.inf)
    assert np.isnan(hazard_rate(first, [0, 3, 4])[1])


def test_a_death_at_time_0_counts():
    first, second = Patients([0, 4, 6], [1, 1, 0]), Patients([1, 3, 8], [1, 1, 1])
    later = [Patients(arm.time + 1, arm.event) for arm in (first, second)]
    assert hazard_ratio(first, second) == hazard_ratio(*later)
    assert kaplan_meier(first).at(0) == pytest.approx(2 / 3)


def test_differences_and_their_direction():
    gain = survival_difference(TREATED, PLACEBO, 15)
    assert gain.value == pytest.approx(kaplan_meier(TREATED).at(15) - kaplan_meier(PLACEBO).at(15))
    assert 0 < gain.low < gain.value < gain.high
    assert rmst_difference(TREATED, PLACEBO, 20).value > 0
    assert rmst_difference(PLACEBO, TREATED, 20).value < 0
    assert len(crossings(TREATED, PLACEBO)) == 0
    cross = crossings(Patients([1, 1, 9, 10], [1, 1, 0, 0]), Patients([3, 4, 5, 6], [1] * 4))
    assert cross.tolist() == [5]


def test_until_is_what_was_known_then():
    then = TREATED.until(10)
    assert then.time.max() == 10 and then.events == 5
    assert kaplan_meier(then).at(9.9) == kaplan_meier(TREATED).at(9.9)
    assert len(then) == len(TREATED)


# Rebuilding


@settings(deadline=None, max_examples=40)
@given(arms(least_events=1), st.integers(2, 30))
def test_a_table_of_counts_keeps_every_patient(arm, steps):
    grid = np.linspace(0, arm.time.max() * 1.001, steps + 1)
    at_risk = [(arm.time >= t).sum() for t in grid]
    events = [(arm.event & (arm.time <= t)).sum() for t in grid]
    again = from_counts(grid, at_risk, events)
    assert (len(again), again.events) == (len(arm), arm.events)
    # Each event stays in its step.
    died = np.histogram(again.time[again.event], grid)[0]
    assert died.tolist() == np.diff(events).tolist()


@pytest.mark.parametrize("every", [1, 3, 6, 12])
def test_a_printed_curve_gives_its_patients_back(every):
    """A trial of 300 a side, read at whole months, with numbers at risk every 1 to 12 months."""
    months = np.arange(0, 49.0)
    true, found = [], []
    for model, seed in ((MixtureCure(0.35, 14, 1.1), 4), (MixtureCure(0.15, 12, 1.1), 5)):
        arm = model.sample(300, (24, 48), seed)
        curve = kaplan_meier(arm)
        at_risk = curve.at_risk_at(months[::every])
        true.append(arm)
        found.append(rebuild(months, curve.at(months), months[::every], at_risk))
        assert len(found[-1]) == 300
        assert found[-1].events == pytest.approx(arm.events, abs=2 + every)
        height = kaplan_meier(found[-1]).at(months[:37]) - curve.at(months[:37])
        assert np.abs(height).max() < 0.02
    assert hazard_ratio(*found).value == pytest.approx(hazard_ratio(*true).value, abs=0.03)


def test_without_later_numbers_at_risk_the_rate_of_censoring_goes_on():
    months = np.arange(0, 25.0)
    survival = MixtureCure(0, 20).survival(months)
    arm = rebuild(months, survival, [0, 12], [200, 60])
    assert len(arm) == 200
    gone = len(arm) - kaplan_meier(arm).at_risk_at(24)
    assert gone > 140 + (60 * (1 - math.exp(-12 / 20)))


# Cure model


def test_exercise_1_and_2():
    """Dossier L2 (f): π 0.30, λ 12, k 1."""
    model = MixtureCure(0.3, 12)
    assert model.median == pytest.approx(15.03, abs=0.005)
    assert model.survival(60) == pytest.approx(0.3047, abs=5e-5)
    assert model.hazard(24) == pytest.approx(0.0200, abs=5e-5)
    assert model.rmst(60) == pytest.approx(26.34, abs=0.005)
    assert MixtureCure(0, model.median / math.log(2)).rmst(60) == pytest.approx(20.32, abs=0.005)


def test_exercise_3_and_4():
    assert events_needed(0.7) == pytest.approx(330.4, abs=0.05)
    assert exponential_survival(120, 36.9) == pytest.approx(0.105, abs=5e-4)


def test_row_p8_numbers_needed_to_treat():
    assert number_needed_to_treat(0.52, 0.26) == pytest.approx(3.8, abs=0.1)
    assert number_needed_to_treat(0.52, 0.44) == pytest.approx(12.5, abs=0.1)
    assert number_needed_to_treat(0.44, 0.26) == pytest.approx(5.6, abs=0.1)
    assert number_needed_to_treat(0.2, 0.2) == math.inf
    assert number_needed_to_treat(0.1, 0.3) == pytest.approx(-5)


def test_row_p9_the_exponential_trap():
    assert exponential_survival(60, np.array([71.9, 36.9, 19.9])) == pytest.approx(
        [0.561, 0.324, 0.124], abs=0.005
    )


@pytest.mark.parametrize(
    ("points", "share", "ten_years", "published"),
    [
        (((32.7, 0.5), (84, 0.378), (96, 0.369)), 0.346, 0.358, 0.340),
        (((15.9, 0.5), (84, 0.253), (96, 0.248)), 0.239, 0.243, 0.236),
    ],
)
def test_row_p10_ten_years_from_the_median_and_two_landmarks(points, share, ten_years, published):
    model = cure_through(*zip(*points, strict=True))
    assert [model.survival(t) for t, _ in points] == pytest.approx([s for _, s in points], abs=1e-4)
    assert model.cured == pytest.approx(share, abs=0.002)
    assert model.survival(120) == pytest.approx(ten_years, abs=0.002)
    assert model.survival(120) == pytest.approx(published, abs=0.02)


def test_row_p11_pooled_ipilimumab():
    model = cure_through([11.4, 36, 120], [0.5, 0.22, 0.21])
    assert model.cured == pytest.approx(0.21, abs=0.01)
    assert model.survival(12) == pytest.approx(0.481, abs=0.01)


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 0.99), st.floats(0.5, 50), st.floats(0.3, 4), st.floats(0, 0.05))
def test_a_cure_model_holds_together(cured, scale, shape, background):
    model = MixtureCure(cured, scale, shape, background)
    grid = np.linspace(0, 5 * scale, 60)
    survival = model.survival(grid)
    assert survival[0] == 1 and (np.diff(survival) <= 1e-12).all()
    # hazard = −d ln S/dt
    t, step = 1.7 * scale, 1e-5 * scale
    slope = -(math.log(model.survival(t + step)) - math.log(model.survival(t - step))) / (2 * step)
    assert model.hazard(t) == pytest.approx(slope, rel=1e-3, abs=1e-7)
    if math.isfinite(model.median):
        assert model.survival(model.median) == pytest.approx(0.5, abs=1e-6)
    assert model.hazard(1e6) == pytest.approx(background, abs=1e-4) or cured < 1e-3
    assert 0 < model.rmst(3 * scale) <= 3 * scale


def test_limits_of_the_cure_model():
    assert MixtureCure(0.5, 10, 1, background=1e-310).median == math.inf
    assert MixtureCure(1, 10).median == math.inf
    assert MixtureCure(1, 10).survival(1e6) == 1
    assert MixtureCure(0, 10).survival(10) == pytest.approx(math.exp(-1))
    assert MixtureCure(0, 10).hazard(1000) == pytest.approx(0.1)
    assert MixtureCure(0.6, 10).median == math.inf
    assert MixtureCure(0.6, 10, background=0.01).median < math.log(2) / 0.01
    assert MixtureCure(0.2, 10, 0.5).hazard(0) == math.inf


def direct_fit(arm):
    """The same likelihood, written plainly and left to scipy."""

    def loss(x):
        share, scale, shape = 1 / (1 + math.exp(-x[0])), math.exp(x[1]), math.exp(x[2])
        dead = stats.weibull_min.logpdf(arm.time[arm.event], shape, scale=scale) + math.log(1 - share)
        alive = np.log(share + (1 - share) * stats.weibull_min.sf(arm.time[~arm.event], shape, scale=scale))
        return -(dead.sum() + alive.sum())

    found = minimize(
        loss, [0, math.log(arm.time.mean()), 0], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8}
    )
    return 1 / (1 + math.exp(-found.x[0])), -found.fun


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_fit_agrees_with_scipy(seed):
    arm = MixtureCure(0.3, 12, 1.2).sample(300, (36, 60), seed)
    fit, (share, best) = fit_mixture_cure(arm), direct_fit(arm)
    assert fit.model.cured == pytest.approx(share, abs=0.002)
    assert fit.log_likelihood == pytest.approx(best, abs=0.002)
    assert fit.profile.max() <= fit.log_likelihood + 1e-6
    assert fit.low < fit.model.cured < fit.high


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = 0
    for seed in range(60):
        fit = fit_mixture_cure(MixtureCure(0.35, 12, 1.1).sample(150, (36, 60), 100 + seed))
        held += fit.low <= 0.35 <= fit.high
    assert held >= 52  # 57 of 60 expected


def test_a_short_follow_up_does_not_identify_the_share():
    arm = MixtureCure(0.4, 15, 1.1).sample(300, (60, 72), 5)
    early, late = fit_mixture_cure(arm.until(9)), fit_mixture_cure(arm)
    assert early.high - early.low > 0.5 and not early.plateau
    assert late.high - late.low < 0.2 and late.plateau
    assert late.low < 0.4 < late.high


@settings(deadline=None, max_examples=30)
@given(arms(least_events=3))
def test_any_arm_can_be_fitted(arm):
    fit = fit_mixture_cure(arm)
    assert np.isfinite(fit.profile).all()
    assert 0 <= fit.low <= fit.model.cured <= fit.high <= 1
    # Never less likely than the plain exponential, which is one of the models.
    rate = arm.events / arm.time.sum()
    assert fit.log_likelihood >= arm.events * math.log(rate) - arm.events - 0.01


def test_a_fit_with_a_given_share_is_that_of_the_profile():
    arm = MixtureCure(0.4, 10, 1.2).sample(200, (24, 48))
    fit = fit_mixture_cure(arm)
    alike = cure_with_share(arm, fit.model.cured)
    assert (alike.cured, alike.scale, alike.shape) == pytest.approx(
        (fit.model.cured, fit.model.scale, fit.model.shape), rel=1e-3
    )
    nobody = cure_with_share(arm, 0)
    assert nobody.cured == 0 and nobody.survival(48) < fit.model.survival(48)


def test_where_nobody_is_cured_the_share_may_be_nothing():
    fit = fit_mixture_cure(MixtureCure(0, 10).sample(300, (60, 72), 1))
    assert fit.low == 0 and fit.model.cured < 0.05


def test_sampling_is_seeded_and_follows_the_model():
    model = MixtureCure(0.3, 12, 1.3, 0.004)
    first, again = (model.sample(500, (30, 60), 8) for _ in range(2))
    assert (first.time == again.time).all()
    curve = kaplan_meier(model.sample(40_000, (30, 60), 9))
    assert curve.at([6, 12, 24]) == pytest.approx(model.survival([6, 12, 24]), abs=0.01)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Patients([], []), "time has the shape"),
        (lambda: Patients([1, -2], [1, 1]), r"time\[1\] is -2"),
        (lambda: Patients([1, 2], [1, 2]), r"event\[1\] is 2"),
        (lambda: Patients([1, 2], [1]), "event has the shape"),
        (lambda: TREATED.until(0), "time is 0"),
        (lambda: kaplan_meier(TREATED, 1), "level is 1"),
        (lambda: kaplan_meier(TREATED).rmst(36), "up to the last observation, 35"),
        (lambda: kaplan_meier(TREATED).quantile(2), "survival is 2"),
        (lambda: kaplan_meier(TREATED).rmst([1, 2]), "until has the shape"),
        (lambda: hazard_ratio(TREATED, PLACEBO, 5, 5), "end is 5"),
        (lambda: hazard_rate(TREATED, [1]), "edges is"),
        (lambda: log_rank(TREATED, PLACEBO, -1), "rho is -1"),
        (lambda: log_rank(Patients([1], [0]), Patients([1], [0])), "nothing to compare"),
        (lambda: survival_difference(TREATED, PLACEBO, 40), "up to the last observation, 35"),
        (lambda: rmst_difference(TREATED, PLACEBO, 40), "up to the last observation, 35"),
        (lambda: crossings(TREATED, PLACEBO, -1), "after is -1"),
        (lambda: number_needed_to_treat(52, 0.26), "alive_treatment is 52"),
        (lambda: events_needed(1), "no trial can find"),
        (lambda: exponential_survival(5, 0), "median is 0"),
        (lambda: from_counts([0, 1], [10, 11], [0, 0]), "must not rise"),
        (lambda: from_counts([0, 1], [10, 5], [0, 20]), "at most the patients, 10"),
        (lambda: from_counts([1, 2], [10, 5], [0, 2]), "rise from 0"),
        (lambda: from_counts([0, 1], [10, 5, 3], [0, 2]), "at_risk has the shape"),
        (lambda: from_counts([0, 1], [10, 5.5], [0, 2]), r"at_risk\[1\] is 5.5"),
        (lambda: rebuild([0, 1], [0.9, 0.8], [0, 1], [10, 8]), "begin at 1"),
        (lambda: rebuild([0, 1], [1, 8], [0, 1], [10, 8]), r"survival\[1\] is 8"),
        (lambda: rebuild([0, 1, 2], [1, 0.9, 0.8], [0, 1.5], [10, 8]), "some of the times"),
        (lambda: MixtureCure(30, 12), "cured is 30"),
        (lambda: MixtureCure(0.3, 0), "scale is 0"),
        (lambda: MixtureCure(0.3, [1, 2]), "scale has the shape"),
        (lambda: MixtureCure(0.3, 12).sample(10, (5, 2)), "follow_up is"),
        (lambda: fit_mixture_cure(Patients([1, 2, 3], [1, 1, 0])), "at least three"),
        (lambda: cure_with_share(Patients([1, 2, 3], [1, 1, 0]), 0.5), "at least three"),
        (lambda: cure_with_share(TREATED, 1), "share is 1"),
        (lambda: cure_through([1, 2], [0.5, 0.4]), "three points"),
        (lambda: cure_through([1, 2, 3], [0.5, 0.6, 0.4]), "survival must fall"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_differences_of_curves_are_those_of_their_patients():
    curves = kaplan_meier(TREATED), kaplan_meier(PLACEBO)
    assert rmst_difference(*curves, 20) == rmst_difference(TREATED, PLACEBO, 20)
    assert survival_difference(*curves, 12) == survival_difference(TREATED, PLACEBO, 12)
    assert crossings(*curves).tolist() == crossings(TREATED, PLACEBO).tolist()
