"""CAR-T and tumour: our runs of published equations, published data, other solvers, limits, messages."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.car_t import (
    AntigenLoss,
    CARTmathParameters,
    KimmelParameters,
    LeonTrianaParameters,
    refit,
    simulate_cartmath,
    simulate_kimmel,
    simulate_leon_triana,
)

# Kimmel et al. 2021, doi:10.1098/rspb.2021.0229, Table 1; K_C 139/µL as in BioModels BIOMD0000001041 (Table 1
# prints 6.96e10). The growth of the tumour is ours to choose between 0.01 and 0.50.
kimmel = KimmelParameters(
    k_n_cells=2.5e11,
    k_c_cells=6.95e10,
    r_n_per_d=0.17,
    rho_c_per_d=0.0251,
    a=0.423,
    b_per_d=0.525,
    r_b_per_d=0.105,
    gamma_b_per_d=1.15,
    k_b_cells=2.024e9,
    n0_cells=3e9,
    c0_cells=1.8e8,
    b0_cells=9.486e10,
)
# León-Triana et al. 2021, doi:10.1016/j.cnsns.2020.105570, BioModels BIOMD0000001011
leon_triana = LeonTrianaParameters(0.25 * 4.5e-11, 4.5e-11, 14, 1 / 30, 60, 1e7, 5e10, 2.5e10)
# Barros et al. 2021, PMID 34208323, BioModels BIOMD0000001019 and 1020
hdlm2 = CARTmathParameters(0.265, 0.35, 0.15, 6e-6, 4.5e-8, 0.005, 0.0565, 1.404e-12, 3.716e-6)
raji = CARTmathParameters(0.83, 0.8300536, 1.598, 2.3e-4, 1.2485e-8, 6.89e-7, 0.50717, 0, 3.365e-8)


class TestKimmel:
    def test_l6_counts_of_four_days(self):
        """Medians and quartiles of the ZUMA-1 patients at Moffitt; the model was fitted to such medians."""
        course = simulate_kimmel(kimmel)
        counts = course.conc_at([7, 14, 28, 90])
        assert counts == pytest.approx([30.11, 8.98, 2.49, 0.338], rel=0.01)
        lower, upper = [16.5, 3.8, 0.6, 0.01], [57.5, 31.1, 6.1, 0.4]
        assert (counts >= lower).all()
        assert (counts <= upper).all()

    def test_l6_peak_and_lymphocytes(self):
        course = simulate_kimmel(kimmel)
        assert course.peak == pytest.approx((7.0, 30.1), rel=0.01)
        assert np.interp(30, course.times_d, course.lymphocytes_per_uL) == pytest.approx(482, rel=0.01)

    def test_l6_progression_between_days_300_and_500(self):
        course = simulate_kimmel(kimmel)
        assert 300 < course.progression_d() < 500
        assert course.progression_d() == pytest.approx(351.2, abs=3)
        day, log_cells = course.nadir
        assert (day, math.exp(log_cells)) == (pytest.approx(84, abs=0.5), pytest.approx(2.3, abs=0.05))
        assert course.one_cell_d is None

    def test_l6_extinction(self):
        """Half of the extinctions by day 74; the paper: most between days 20 and 80."""
        course = simulate_kimmel(kimmel)
        assert course.extinction_probability == pytest.approx(0.619, abs=0.01)
        assert course.fate.extinction_day(course.positive0_cells) == pytest.approx(74, abs=1)

    def test_l6_the_printed_capacity_moves_it(self):
        """6.96e10 in Table 1 against 139/µL: 0.62 to 0.66."""
        printed = simulate_kimmel(replace(kimmel, k_c_cells=6.96e10))
        assert printed.extinction_probability == pytest.approx(0.66, abs=0.01)

    def test_l6_slow_tumour(self):
        course = simulate_kimmel(replace(kimmel, r_b_per_d=0.01))
        assert course.progression_d() is None
        assert course.nadir[0] == pytest.approx(160, rel=0.01)
        assert course.extinction_probability == pytest.approx(1, abs=0.001)
        assert course.tumour_cells[-1] == 0
        assert course.log_tumour[-1] > -8  # the raw equations would let it grow again from there

    def test_l6_capacity_and_lymphocytes_at_infusion(self):
        for growth in (0.105, 0.19):
            more = simulate_kimmel(replace(kimmel, k_c_cells=180 * 5e8, r_b_per_d=growth))
            assert more.extinction_probability == pytest.approx(1.0, abs=1e-6)
        crowded = simulate_kimmel(replace(kimmel, n0_cells=30 * 5e8))
        assert crowded.extinction_probability == 0
        assert crowded.peak[1] == pytest.approx(1.89, rel=0.01)

    def test_exercise_e4_smallest_tumour(self):
        day, log_cells = simulate_kimmel(replace(kimmel, r_b_per_d=0.19)).nadir
        assert math.exp(log_cells) == pytest.approx(1.14e3, rel=0.03)
        assert day == pytest.approx(63, abs=0.5)

    def test_a_fast_tumour_may_pass_the_line_before_it_responds(self):
        course = simulate_kimmel(replace(kimmel, r_b_per_d=0.5))
        assert course.progression_d() < 1
        assert course.progression_d(from_d=course.nadir[0]) == pytest.approx(59.3, abs=1)

    def test_quiz_dose_moves_little_and_capacity_much(self):
        fast = replace(kimmel, r_b_per_d=0.19)
        chance = [
            simulate_kimmel(p).extinction_probability
            for p in (fast, replace(fast, c0_cells=2 * fast.c0_cells), replace(fast, k_c_cells=180 * 5e8))
        ]
        assert chance == pytest.approx([0, 0.151, 1], abs=0.001)

    @pytest.mark.parametrize("growth", [0.05, 0.105, 0.3])
    def test_all_three_equations_at_once_agree(self, growth):
        """LSODA at 1e-12 on N, C, B and Kendall's J together, in one system."""
        p = replace(kimmel, r_b_per_d=growth)

        def rhs(_, y):
            n, c = np.exp(y[:2])
            gap = (n + c - p.k_n_cells) ** 2
            r_c = p.rho_c_per_d + p.b_per_d * gap / (p.a * (n + c) ** 2 + gap)
            kill = p.gamma_b_per_d * c / (p.k_b_cells + c)
            return [
                -p.r_n_per_d * np.log((n + c) / p.k_n_cells),
                -r_c * np.log((n + c) / p.k_c_cells),
                p.r_b_per_d - kill,
                kill * np.exp(math.log(p.b0_cells) - y[2]),
            ]

        start = [*np.log([p.n0_cells, p.c0_cells, p.b0_cells]), 0]
        whole = solve_ivp(rhs, (0, 600), start, "LSODA", rtol=1e-12, atol=1e-12, dense_output=True)
        course = simulate_kimmel(p, 600)
        assert course.log_tumour == pytest.approx(whole.sol(course.times_d)[2], abs=1e-5)
        assert np.log(course.car_cells) == pytest.approx(whole.sol(course.times_d)[1], abs=1e-6)
        by_hand = math.exp(-p.b0_cells * math.log1p(1 / whole.y[3, -1]))
        assert course.extinction_probability == pytest.approx(by_hand, rel=1e-4)

    def test_simulated_patients_die_out_as_often_as_the_formula_says(self):
        course = simulate_kimmel(kimmel)
        drawn = course.lineages(4000, seed=2)
        assert drawn.extinct.mean() == pytest.approx(course.extinction_probability, abs=0.025)
        by_day = np.interp(drawn.times_d, course.times_d, course.extinct_by)
        assert drawn.extinct_by == pytest.approx(by_day, abs=0.03)

    def test_a_second_infusion_is_a_new_start(self):
        """The paper: without a second lymphodepletion a second infusion does little."""
        first = simulate_kimmel(kimmel, 100)
        later = replace(
            kimmel, n0_cells=float(first.normal_cells[-1]), c0_cells=float(first.car_cells[-1]) + 1.8e8
        )
        again = replace(later, n0_cells=3e9)
        assert simulate_kimmel(later, 100).peak[1] < 1
        assert simulate_kimmel(again, 100).peak[1] > 20


patients = st.builds(
    replace,
    st.just(kimmel),
    k_c_cells=st.floats(4e10, 1e11),
    r_n_per_d=st.floats(0.05, 0.4),
    r_b_per_d=st.floats(0.01, 0.5),
    gamma_b_per_d=st.floats(0.3, 2),
    k_b_cells=st.floats(5e8, 1e10),
    n0_cells=st.floats(5e8, 2e11),
    c0_cells=st.floats(1e7, 2e9),
    b0_cells=st.floats(1e6, 5e11),
)


class TestKimmelProperties:
    @settings(deadline=None, max_examples=30)
    @given(patients)
    def test_finite_and_within_bounds(self, p):
        course = simulate_kimmel(p, 500)
        for values in (course.normal_cells, course.car_cells, course.log_tumour):
            assert np.isfinite(values).all()
        assert (
            course.lymphocytes_per_uL <= max(p.k_n_cells, p.n0_cells + p.c0_cells) / p.cells_per_uL * 1.001
        ).all()
        assert (course.kill_per_d < p.gamma_b_per_d).all()
        assert 0 <= course.extinction_probability <= 1
        assert (course.tumour_cells >= 0).all()

    @settings(deadline=None, max_examples=30)
    @given(patients, st.floats(1.05, 2))
    def test_faster_growth_is_worse_and_faster_killing_better(self, p, factor):
        course = simulate_kimmel(p, 400)
        faster = simulate_kimmel(replace(p, r_b_per_d=p.r_b_per_d * factor), 400)
        killing = simulate_kimmel(replace(p, gamma_b_per_d=p.gamma_b_per_d * factor), 400)
        assert (faster.log_tumour >= course.log_tumour - 1e-9).all()
        assert faster.extinction_probability <= course.extinction_probability + 1e-9
        assert (killing.log_tumour <= course.log_tumour + 1e-9).all()
        assert killing.extinction_probability >= course.extinction_probability - 1e-9

    @settings(deadline=None, max_examples=15)
    @given(patients)
    def test_without_car_t_cells_the_tumour_grows_and_normal_cells_return(self, p):
        course = simulate_kimmel(replace(p, c0_cells=0), 300)
        assert course.log_tumour == pytest.approx(math.log(p.b0_cells) + p.r_b_per_d * course.times_d)
        gompertz = p.k_n_cells * (p.n0_cells / p.k_n_cells) ** np.exp(-p.r_n_per_d * course.times_d)
        assert course.normal_cells == pytest.approx(gompertz, rel=1e-6)
        assert course.extinction_probability == 0


class TestAntigenLoss:
    def test_no_loss_is_the_published_model(self):
        plain, none = simulate_kimmel(kimmel), simulate_kimmel(kimmel, loss=AntigenLoss())
        assert none.log_tumour == pytest.approx(plain.log_tumour)
        assert none.extinction_probability == plain.extinction_probability
        assert none.escape_probability == 0

    def test_cells_that_cannot_be_killed_grow_as_if_alone(self):
        loss = AntigenLoss(fraction=1e-6, growth_per_d=0.08)
        course = simulate_kimmel(kimmel, loss=loss)
        alone = math.log(kimmel.b0_cells * 1e-6) + 0.08 * course.times_d
        assert course.log_negative == pytest.approx(alone)
        assert course.escape_probability == pytest.approx(1)
        assert course.progression_d() < simulate_kimmel(kimmel).progression_d()

    def test_one_cell_expected_is_a_poisson_number(self):
        course = simulate_kimmel(kimmel, loss=AntigenLoss(fraction=1 / kimmel.b0_cells))
        assert course.escape_probability == pytest.approx(1 - math.exp(-1))
        kept = simulate_kimmel(kimmel).extinction_probability * math.exp(-1)
        assert course.extinction_probability == pytest.approx(kept, rel=1e-6)

    def test_cells_killed_like_the_others_are_no_escape(self):
        course = simulate_kimmel(kimmel, loss=AntigenLoss(fraction=0.3, kill_share=1))
        assert course.log_tumour == pytest.approx(simulate_kimmel(kimmel).log_tumour, abs=1e-9)
        assert course.extinction_probability == pytest.approx(0.6212, abs=0.002)

    def test_loss_in_divisions_agrees_with_another_solver(self):
        loss = AntigenLoss(per_division=1e-6, kill_share=0.2, growth_per_d=0.05)
        course = simulate_kimmel(kimmel, 200, loss)
        kill = course.kill_per_d

        def rhs(t, y):
            k = np.interp(t, course.times_d, kill)
            made = 0.105 * 1e-6 * math.exp(y[0])
            return [0.105 * (1 - 1e-6) - k, 0.05 - 0.2 * k + made * math.exp(-y[1])]

        day = course.times_d[8]
        start = [course.log_positive[8], course.log_negative[8]]
        other = solve_ivp(rhs, (day, 200), start, "LSODA", [30, 100, 200], rtol=1e-8, atol=1e-8, max_step=0.5)
        at = np.searchsorted(course.times_d, [30, 100, 200])
        assert course.log_negative[at] == pytest.approx(other.y[1], abs=0.01)

    @settings(deadline=None, max_examples=20)
    @given(st.floats(1e-14, 1e-2), st.floats(0, 0.9))
    def test_more_loss_never_helps(self, fraction, share):
        course = simulate_kimmel(kimmel, loss=AntigenLoss(fraction, kill_share=share))
        more = simulate_kimmel(kimmel, loss=AntigenLoss(min(0.5, 3 * fraction), kill_share=share))
        assert more.escape_probability >= course.escape_probability
        assert more.extinction_probability <= course.extinction_probability + 1e-9


class TestWhatDataCannotTellApart:
    @pytest.mark.parametrize(("growth", "chance"), [(0.07, 0.81), (0.15, 0.36)])
    def test_same_four_weeks_other_future(self, growth, chance):
        pair = refit(
            kimmel,
            {"r_b_per_d": growth},
            ("k_b_cells", "gamma_b_per_d"),
            {"tumour": (7, 14, 28), "car": (7, 28)},
        )
        assert pair.largest_factor < 1.02
        assert pair.refit.r_b_per_d == growth
        assert simulate_kimmel(pair.refit).extinction_probability == pytest.approx(chance, abs=0.01)

    def test_within_the_published_quartiles_the_future_is_open(self):
        """k_B from 1.40e9 to 3.125e9 and γ_B from 0.64 to 1.35 (Table 1): 7 % apart until day 28."""
        pair = refit(kimmel, {"k_b_cells": 1.4e9}, ("gamma_b_per_d", "r_b_per_d"), {"tumour": (7, 14, 28)})
        assert pair.largest_factor == pytest.approx(1.068, abs=0.005)
        assert 0.64 < pair.refit.gamma_b_per_d < 1.35
        assert 0.01 < pair.refit.r_b_per_d < 0.50
        other = simulate_kimmel(pair.refit)
        assert other.extinction_probability < 0.02
        assert other.progression_d() == pytest.approx(162, abs=2)

    def test_one_scan_fits_exactly(self):
        """One tumour measurement, as in the paper, cannot fix two parameters."""
        pair = refit(kimmel, {"r_b_per_d": 0.15}, ("k_b_cells",), {"tumour": (30,)})
        assert pair.rms_log10 < 1e-6
        assert pair.refit.k_b_cells < kimmel.k_b_cells  # faster growth is made up for by easier killing

    def test_a_misfit_shows(self):
        pair = refit(kimmel, {"k_c_cells": 1e11}, ("k_b_cells",), {"car": (7, 14, 28)})
        assert pair.largest_factor > 1.5

    def test_nothing_changed_is_found_again(self):
        start = replace(kimmel, gamma_b_per_d=0.8)
        pair = refit(kimmel, {}, ("gamma_b_per_d",), {"tumour": (7, 28)})
        assert pair.refit.gamma_b_per_d == pytest.approx(1.15)
        back = refit(start, {"k_b_cells": start.k_b_cells}, ("gamma_b_per_d",), {"tumour": (7, 28)})
        assert back.refit.gamma_b_per_d == pytest.approx(0.8)


class TestLeonTriana:
    @pytest.mark.parametrize(
        ("dose", "peak", "day", "relapse"), [(1e6, 1.753e10, 14.5, 397), (1e7, 1.640e10, 12.2, 374)]
    )
    def test_l6_peak_follows_antigen_and_not_dose(self, dose, peak, day, relapse):
        """The published rule is (ρ_C/α)(L₀ + B₀) = 1.875e10."""
        p = replace(leon_triana, c0_cells=dose)
        course = simulate_leon_triana(p)
        assert p.peak_rule_cells == pytest.approx(1.875e10)
        assert course.peak[1] == pytest.approx(peak, rel=0.01)
        if dose == 1e6:
            assert course.peak[1] == pytest.approx(p.peak_rule_cells, rel=0.10)
        assert course.peak[0] == pytest.approx(day, abs=0.15)
        assert course.relapse_d(1e10) == pytest.approx(relapse, abs=1)

    def test_l6_ten_times_the_dose_takes_six_percent_off_the_peak(self):
        peaks = [simulate_leon_triana(replace(leon_triana, c0_cells=dose)).peak for dose in (1e6, 1e7, 1e8)]
        for (day, high), (later_day, later_high) in pairwise(peaks):
            assert later_high / high == pytest.approx(0.94, abs=0.01)
            assert later_day < day

    def test_twice_the_antigen_is_nearly_twice_the_peak(self):
        twice = replace(leon_triana, l0_cells=1e11, b0_cells=5e10)
        ratio = simulate_leon_triana(twice).peak[1] / simulate_leon_triana(leon_triana).peak[1]
        assert ratio == pytest.approx(2, rel=0.1)

    def test_agrees_with_another_solver(self):
        p = leon_triana

        def rhs(_, y):
            c, lk, b = y
            return [
                p.rho_c_per_cell_d * (lk + b) * c - c / 14,
                lk / 30 - p.alpha_per_cell_d * c * lk,
                -p.alpha_per_cell_d * c * b - b / 60,
            ]

        other = solve_ivp(rhs, (0, 100), [1e7, 5e10, 2.5e10], "Radau", [10, 40, 100], rtol=1e-10, atol=1e-3)
        course = simulate_leon_triana(p, 100)
        at = np.searchsorted(course.times_d, [10, 40, 100])
        assert course.car_cells[at] == pytest.approx(other.y[0], rel=1e-5)
        assert course.leukaemia_cells[at] == pytest.approx(other.y[1], rel=1e-5)
        assert course.b_cells[at] == pytest.approx(other.y[2], rel=1e-4)

    def test_below_one_cell_it_does_not_come_back(self):
        killing = replace(
            leon_triana, alpha_per_cell_d=1.4e-10, rho_c_per_cell_d=0.25 * 1.4e-10, l0_cells=2e10
        )
        longer = replace(killing, tau_c_d=40)
        course = simulate_leon_triana(longer, 3000)
        assert course.one_cell_d is not None
        assert (course.leukaemia_cells[course.times_d > course.one_cell_d] == 0).all()
        assert course.relapse_d(1) is None
        assert (course.leukaemia_cells[course.times_d < course.one_cell_d] >= 1).all()

    @settings(deadline=None, max_examples=25)
    @given(st.floats(0, 1e9), st.floats(0, 1e11), st.floats(0, 1e11))
    def test_finite_never_negative_and_no_car_t_no_effect(self, dose, leukaemia, b):
        course = simulate_leon_triana(
            replace(leon_triana, c0_cells=dose, l0_cells=leukaemia, b0_cells=b), 200
        )
        for values in (course.car_cells, course.leukaemia_cells, course.b_cells):
            assert np.isfinite(values).all()
            assert (values >= 0).all()
        alone = simulate_leon_triana(replace(leon_triana, c0_cells=0), 200)
        assert alone.leukaemia_cells[-1] == pytest.approx(5e10 * math.exp(200 / 30), rel=1e-6)
        assert alone.b_cells[-1] == pytest.approx(2.5e10 * math.exp(-200 / 60), rel=1e-6)


class TestCARTmath:
    @pytest.mark.parametrize("day", [42, 45])
    def test_l6_hdlm2_is_eliminated_and_so_is_the_challenge(self, day):
        course = simulate_cartmath(hdlm2, 2e6, [(day, 2e6)], [(250, 1e6)], 400)
        first, second = course.one_cell_d
        assert first < 50
        assert 250 < second < 300
        assert course.at(249)["memory"] == pytest.approx(1.20e6, rel=0.01)
        assert course.tumour_cells[-1] == 0

    @pytest.mark.parametrize(
        ("alpha", "tumour"), [(1.2485e-8, 5.67e8), (1.4617e-8, 1.71e9), (1.2617e-8, 7.05e8)]
    )
    def test_l6_raji_with_ido_and_its_inhibitor(self, alpha, tumour):
        course = simulate_cartmath(replace(raji, alpha_per_cell_d=alpha), 3e6, [(7, 1e7)], horizon_d=14)
        assert course.at(14)["tumour"] == pytest.approx(tumour, rel=0.01)

    def test_without_cells_the_tumour_is_logistic(self):
        course = simulate_cartmath(hdlm2, 2e6, horizon_d=300)
        k = 1 / hdlm2.b_per_cell
        logistic = k / (1 + (k / 2e6 - 1) * np.exp(-hdlm2.r_per_d * course.times_d))
        assert course.tumour_cells == pytest.approx(logistic, rel=1e-6)
        assert (course.effector_cells == 0).all()

    def test_without_tumour_effectors_fade_and_leave_memory(self):
        course = simulate_cartmath(hdlm2, 0, [(0, 1e6)], horizon_d=60)
        assert course.effector_cells == pytest.approx(1e6 * np.exp(-0.085 * course.times_d), rel=1e-6)
        assert course.memory_cells[-1] > 1e5

    def test_agrees_with_another_solver(self):
        p = raji

        def rhs(_, y):
            e, m, t = y
            return [
                (p.phi_per_d - p.rho_per_d) * e + p.theta_per_cell_d * t * m - p.alpha_per_cell_d * t * e,
                p.epsilon_per_d * e - p.theta_per_cell_d * t * m - p.mu_per_d * m,
                p.r_per_d * t - p.gamma_per_cell_d * e * t,
            ]

        other = solve_ivp(rhs, (0, 7), [1e7, 0, 3e6 * math.exp(7 * p.r_per_d)], "Radau", rtol=1e-9, atol=1e-3)
        course = simulate_cartmath(p, 3e6, [(7, 1e7)], horizon_d=14)
        assert course.tumour_cells[-1] == pytest.approx(other.y[2, -1], rel=1e-5)
        assert course.effector_cells[-1] == pytest.approx(other.y[0, -1], rel=1e-4)

    @settings(deadline=None, max_examples=20)
    @given(st.floats(1, 1e8), st.floats(0, 40), st.floats(0, 1e8))
    def test_never_negative_and_more_cells_never_more_tumour(self, tumour, day, dose):
        few = simulate_cartmath(hdlm2, tumour, [(day, dose)], horizon_d=60)
        many = simulate_cartmath(hdlm2, tumour, [(day, 2 * dose + 1)], horizon_d=60)
        for values in (few.effector_cells, few.memory_cells, few.tumour_cells):
            assert (values >= -1e-3).all()
        assert many.tumour_cells[-1] <= few.tumour_cells[-1] * (1 + 1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(kimmel, k_n_cells=0), "k_n_cells is 0"),
        (lambda: replace(kimmel, r_b_per_d=-0.1), "r_b_per_d is -0.1"),
        (lambda: replace(kimmel, b0_cells=math.inf), "b0_cells is inf"),
        (lambda: replace(kimmel, c0_cells=np.ones(3)), "c0_cells has the shape"),
        (lambda: simulate_kimmel(kimmel, 0), "horizon_d is 0"),
        (lambda: simulate_kimmel(kimmel).progression_d(0), "factor is 0"),
        (lambda: simulate_kimmel(kimmel, 100).conc_at(200), "times_d is 200"),
        (lambda: AntigenLoss(fraction=1), "fraction is 1"),
        (lambda: AntigenLoss(kill_share=2), "kill_share is 2"),
        (lambda: refit(kimmel, {"dose": 1}, ("k_b_cells",), {"tumour": (7,)}), "parameter is 'dose'"),
        (lambda: refit(kimmel, {}, (), {"tumour": (7,)}), "free is"),
        (lambda: refit(kimmel, {}, ("k_b_cells",), {}), "observed is empty"),
        (lambda: refit(kimmel, {}, ("k_b_cells",), {"scan": (7,)}), "observed is 'scan'"),
        (lambda: replace(leon_triana, tau_c_d=0), "tau_c_d is 0"),
        (lambda: simulate_leon_triana(leon_triana).relapse_d(-1), "cells is -1"),
        (lambda: replace(hdlm2, mu_per_d=-1), "mu_per_d is -1"),
        (lambda: simulate_cartmath(hdlm2, -1), "tumour_cells is -1"),
        (lambda: simulate_cartmath(hdlm2, 1e6, [(200, 1e6)]), "infusions is 200"),
        (lambda: simulate_cartmath(hdlm2, 1e6, challenges=[(20, -1)]), "challenges is -1"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()
