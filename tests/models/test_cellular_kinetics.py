"""Cellular kinetics: published values of tisagenlecleucel and liso-cel, closed forms, properties, messages."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from immunolab.models.cellular_kinetics import ExpansionCurve, Variability, population

# Stein et al. 2019, doi:10.1002/psp4.12388, Table 1: 90 children and young adults
tisagenlecleucel = ExpansionCurve(24_000, 9.3, 3900, 0.16, 0.0032, 0.0079)
between_patients = Variability(2.4, 0.38, 0.65, 0.91, 0.80, 0.86)
# Ogasawara et al. 2021, doi:10.1007/s40262-021-01039-5, abstract; level and slow fraction are not in it
liso_cel = ExpansionCurve.from_half_lives(1.0, 9.29, 0.755, 5.00, 352, 0.01, lag_d=3.27)


class TestPublishedValues:
    def test_l6_doubling_time_and_half_lives(self):
        """Stein 2019 prints 0.78, 4.3 and 220 d; its own β gives 216.6."""
        assert tisagenlecleucel.doubling_d == pytest.approx(0.78, abs=0.01)
        assert tisagenlecleucel.fast_half_life_d == pytest.approx(4.3, abs=0.05)
        assert tisagenlecleucel.slow_half_life_d == pytest.approx(220, abs=5)

    def test_l6_start_and_growth(self):
        assert tisagenlecleucel.start == pytest.approx(6.15, rel=0.005)
        assert tisagenlecleucel.growth_per_d == pytest.approx(0.889, rel=0.005)

    def test_l6_area_of_four_weeks_is_that_of_the_trapezoids(self):
        assert tisagenlecleucel.auc(0, 28) == pytest.approx(171_774, rel=0.001)
        days = np.linspace(0, 28, 40_001)
        assert tisagenlecleucel.auc() == pytest.approx(
            np.trapezoid(tisagenlecleucel.conc(days), days), rel=1e-6
        )

    def test_l6_levels_at_three_times(self):
        assert tisagenlecleucel.conc([28, 90, 365]) == pytest.approx([1373.6, 146.5, 60.74], rel=0.002)

    def test_l6_tocilizumab_as_a_thought_experiment(self):
        """F_toci 1.2 from day 5.7; the paper calls the factor not significant."""
        faster = tisagenlecleucel.with_growth_factor(1.2, 5.7)
        assert faster.peak / tisagenlecleucel.peak == pytest.approx(1.90, rel=0.01)
        assert faster.peak / tisagenlecleucel.peak == pytest.approx(3900 ** (0.2 * 3.6 / 9.3))
        assert faster.conc(5.7) == pytest.approx(tisagenlecleucel.conc(5.7))

    def test_steroids_change_nothing(self):
        """F_steroid is 1.0."""
        same = tisagenlecleucel.with_growth_factor(1.0, 7.5)
        assert same.conc([3, 8, 40]) == pytest.approx(tisagenlecleucel.conc([3, 8, 40]))

    def test_l6_liso_cel(self):
        """3.27 d of lag, 0.755 d, 9.29 d, 5.00 d and 352 d: eight doublings are 250-fold."""
        assert liso_cel.doubling_d == pytest.approx(0.755)
        assert liso_cel.fast_half_life_d == pytest.approx(5.00)
        assert liso_cel.slow_half_life_d == pytest.approx(352)
        assert liso_cel.conc([0, 3.27]) == pytest.approx(1 / liso_cel.fold)
        assert liso_cel.conc(3.27 + 0.755) == pytest.approx(2 / liso_cel.fold)
        assert liso_cel.fold == pytest.approx(251, rel=0.005)
        assert liso_cel.conc(9.29) == pytest.approx(1)

    def test_l6_band_of_the_peak_in_both_readings(self):
        """From 5 to 95 % of patients: 6388 to 90 033 if the column is variances, 8224 to 69 948 if SD."""
        assert between_patients.band(tisagenlecleucel, "c_max") == pytest.approx((6388, 90_033), rel=0.005)
        as_sd = replace(between_patients, reading="sd")
        assert as_sd.band(tisagenlecleucel, "c_max") == pytest.approx((8224, 69_948), rel=0.005)

    def test_exercise_e1_twice_the_rate_of_contraction(self):
        assert replace(tisagenlecleucel, alpha_per_d=0.32).auc(0, 28) == pytest.approx(104_648, rel=0.005)

    def test_exercise_e2_slow_phase_equals_fast_phase(self):
        assert tisagenlecleucel.crossover_d == pytest.approx(40.1, abs=0.05)
        since = tisagenlecleucel.crossover_d - 9.3
        assert since == pytest.approx(30.8, abs=0.05)
        fast, slow = 0.9921 * math.exp(-0.16 * since), 0.0079 * math.exp(-0.0032 * since)
        assert fast == pytest.approx(slow)

    def test_quiz_days_to_the_peak_by_doublings(self):
        assert math.log2(24_000 / tisagenlecleucel.start) * tisagenlecleucel.doubling_d == pytest.approx(9.3)


class TestLimits:
    def test_without_expansion_the_level_stands_still_until_it_falls(self):
        flat = replace(tisagenlecleucel, fold=1)
        assert flat.conc([0, 5, 9.3]) == pytest.approx(24_000)
        assert flat.doubling_d == math.inf

    def test_one_phase_only(self):
        fast = replace(tisagenlecleucel, slow_fraction=0)
        assert fast.conc(9.3 + 4.332169878499658) == pytest.approx(12_000)
        assert fast.crossover_d == math.inf
        assert replace(tisagenlecleucel, slow_fraction=1).crossover_d == pytest.approx(9.3)

    def test_stopped_expansion(self):
        stopped = tisagenlecleucel.with_growth_factor(0, 4)
        assert stopped.peak == pytest.approx(tisagenlecleucel.conc(4))
        assert stopped.auc(4, 9.3) == pytest.approx(5.3 * stopped.peak)

    def test_two_changes_multiply(self):
        both = tisagenlecleucel.with_growth_factor(2, 3).with_growth_factor(0.5, 6)
        assert both.peak / tisagenlecleucel.peak == pytest.approx(math.exp(tisagenlecleucel.growth_per_d * 3))

    def test_a_change_after_the_peak_changes_nothing(self):
        assert tisagenlecleucel.with_growth_factor(3, 10).conc([5, 20]) == pytest.approx(
            tisagenlecleucel.conc([5, 20])
        )


curves = st.builds(
    ExpansionCurve,
    c_max=st.floats(1, 1e6),
    t_max_d=st.floats(4, 40),
    fold=st.floats(1, 1e6),
    alpha_per_d=st.floats(0.001, 3),
    beta_per_d=st.floats(0, 0.5),
    slow_fraction=st.floats(0, 1),
    lag_d=st.floats(0, 3.9),
    growth_changes=st.lists(st.tuples(st.floats(0, 50), st.floats(0, 1.5)), max_size=2).map(tuple),
)


class TestProperties:
    @settings(deadline=None, max_examples=60)
    @given(curves, st.floats(0, 60), st.floats(0, 60))
    def test_area_is_the_integral_and_areas_add_up(self, curve, day, span):
        breaks = sorted({curve.lag_d, curve.t_max_d, *(day for day, _ in curve.growth_changes)})
        inside = [b for b in breaks if day < b < day + span]
        edges = [day, *inside, day + span]
        by_quadrature = sum(
            quad(lambda t: curve.conc(t), a, b, epsabs=0, epsrel=1e-9)[0] for a, b in pairwise(edges)
        )
        assert curve.auc(day, day + span) == pytest.approx(by_quadrature, rel=1e-6, abs=1e-12)
        middle = day + span / 3
        parts = curve.auc(day, middle) + curve.auc(middle, day + span)
        assert parts == pytest.approx(curve.auc(day, day + span), rel=1e-9, abs=1e-12)

    @settings(deadline=None, max_examples=60)
    @given(curves, st.floats(0.1, 50))
    def test_never_negative_continuous_and_proportional_to_the_peak(self, curve, factor):
        days = np.linspace(0, 100, 300)
        level = curve.conc(days)
        assert (level >= 0).all()
        assert level.max() <= curve.peak * (1 + 1e-9)
        for day in (curve.lag_d, curve.t_max_d):
            assert curve.conc(day + 1e-9) == pytest.approx(curve.conc(max(0, day - 1e-9)), rel=1e-6)
        higher = replace(curve, c_max=curve.c_max * factor)
        assert higher.conc(days) == pytest.approx(factor * level, rel=1e-9)
        assert higher.auc() == pytest.approx(factor * curve.auc(), rel=1e-9)

    @settings(deadline=None, max_examples=20)
    @given(st.integers(1, 40), st.integers(0, 1000), st.sampled_from(["variance", "sd"]))
    def test_many_patients_are_each_a_patient(self, n, seed, reading):
        people = population(tisagenlecleucel, replace(between_patients, reading=reading), n, seed).curves
        days = np.array([1.0, 9.0, 30.0, 200.0])
        level, area = people.conc(days), people.auc(2, 50)
        assert level.shape == (n, 4)
        names = ("c_max", "t_max_d", "fold", "alpha_per_d", "beta_per_d", "slow_fraction", "lag_d")
        for i in (0, n - 1):
            one = ExpansionCurve(**{name: float(getattr(people, name)[i]) for name in names})
            assert level[i] == pytest.approx(one.conc(days), rel=1e-9)
            assert area[i] == pytest.approx(one.auc(2, 50), rel=1e-9)
            assert people.crossover_d[i] == pytest.approx(one.crossover_d, rel=1e-9)


class TestPopulation:
    def test_draws_have_the_published_medians_and_spread(self):
        people = population(tisagenlecleucel, between_patients, 40_000).curves
        assert np.median(people.c_max) == pytest.approx(24_000, rel=0.02)
        assert np.std(np.log(people.c_max)) == pytest.approx(math.sqrt(0.65), rel=0.02)
        assert np.std(np.log(people.alpha_per_d)) == pytest.approx(math.sqrt(0.91), rel=0.02)

    def test_same_seed_same_people(self):
        first, second = (population(tisagenlecleucel, between_patients, 9, 4).curves for _ in range(2))
        assert first.c_max == pytest.approx(second.c_max)
        other = population(tisagenlecleucel, between_patients, 9, 4, fixed={"t_max_d": 9.3}).curves
        assert other.c_max == pytest.approx(first.c_max)
        assert other.t_max_d == pytest.approx(9.3)

    def test_without_variability_all_are_typical(self):
        same = population(tisagenlecleucel, Variability(), 5)
        assert same.percentiles([0, 9.3, 28]) == pytest.approx(
            np.tile(tisagenlecleucel.conc([0, 9.3, 28]), (3, 1))
        )

    def test_a_lag_is_over_before_the_peak(self):
        people = population(liso_cel, Variability(t_max_d=2.0, lag_d=2.0, fold=9), 500).curves
        assert (people.t_max_d >= people.lag_d + 0.5).all()
        assert (people.fold >= 1).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(tisagenlecleucel, c_max=0), "c_max is 0"),
        (lambda: replace(tisagenlecleucel, fold=0.5), "fold is 0.5"),
        (lambda: replace(tisagenlecleucel, slow_fraction=1.2), "slow_fraction is 1.2"),
        (lambda: replace(tisagenlecleucel, alpha_per_d=math.nan), "alpha_per_d is nan"),
        (lambda: replace(tisagenlecleucel, lag_d=9.3), "lag_d is 9.3"),
        (lambda: tisagenlecleucel.with_growth_factor(-1, 3), "growth_changes is -1"),
        (lambda: tisagenlecleucel.conc(-1), "times_d is -1"),
        (lambda: tisagenlecleucel.auc(28, 7), "end_d is 7"),
        (lambda: replace(tisagenlecleucel, c_max=np.ones(3), fold=np.ones(2)), "shapes"),
        (lambda: Variability(reading="cv"), "reading is 'cv'"),
        (lambda: Variability(c_max=-1), "c_max is -1"),
        (lambda: population(tisagenlecleucel, between_patients, 0), "n is 0"),
        (lambda: population(tisagenlecleucel, between_patients, fixed={"dose": 1}), "fixed is 'dose'"),
        (lambda: ExpansionCurve.from_half_lives(1, 9, 0, 5, 300, 0.1), "doubling_d is 0"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()
