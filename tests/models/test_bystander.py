"""The bystander: closed form, limits, conservation, what the two kinds of drug do, and messages."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.bystander import Delivery, MixedTumour, Payload, simulate, steady_drug

# Illustrative: the two payloads differ only in whether they cross membranes.
permeable = Payload(out_per_d=20, in_per_d=20, wash_per_d=5, half_nM=20, kill_per_d=0.6, lost_per_d=0.5)
charged = replace(permeable, out_per_d=0, in_per_d=0)
three_doses = Delivery(300, 5, (0, 21, 42))
days = np.linspace(0, 63, 127)


class TestWhatALearnerSees:
    def test_a_charged_drug_spares_cells_without_antigen(self):
        """They grow as if nothing had been given."""
        course = simulate(charged, MixedTumour(0.7, 0.03), three_doses, days)
        assert course.negative_cells == pytest.approx(0.3e9 * np.exp(0.03 * days), rel=1e-4)
        assert course.in_negative_nM.max() == 0
        assert course.positive_cells[-1] == 0

    def test_a_permeable_drug_reaches_them(self):
        course = simulate(permeable, MixedTumour(0.7, 0.03), three_doses, days)
        assert course.negative_cells[-1] < 0.3e9 / 2
        assert course.in_negative_nM.max() > permeable.half_nM

    @pytest.mark.parametrize("kind", [permeable, charged])
    def test_heterogeneity_decides(self, kind):
        """The fewer cells bring the drug in, the more of the tumour is left."""
        left = [simulate(kind, MixedTumour(f, 0.03), three_doses, days).cells[-1] for f in (0.1, 0.4, 0.7, 1)]
        assert left == sorted(left, reverse=True)

    def test_the_price_is_paid_by_the_cell_that_took_it_up(self):
        """With antigen on every cell, the drug that stays inside does better."""
        stays, leaks = (
            simulate(kind, MixedTumour(1, 0.03), three_doses, days[:30]) for kind in (charged, permeable)
        )
        assert stays.in_positive_nM.max() > leaks.in_positive_nM.max()
        assert stays.cells[-1] < leaks.cells[-1]

    def test_the_bystander_fades_with_the_cells_that_feed_it(self):
        """As Singh 2016 (PMC5112145) saw in mixed cultures: the same uptake, less for the neighbours."""
        dying = simulate(permeable, MixedTumour(0.5), three_doses, days)
        held = simulate(replace(permeable, kill_per_d=0), MixedTumour(0.5), three_doses, days)
        after_the_third = days > 42
        assert dying.in_negative_nM[after_the_third].max() < held.in_negative_nM[after_the_third].max()

    def test_no_antigen_no_effect(self):
        course = simulate(permeable, MixedTumour(0, 0.03), three_doses, days)
        assert course.cells == pytest.approx(1e9 * np.exp(0.03 * days), rel=1e-4)
        assert simulate(permeable, MixedTumour(0.5), Delivery(0, 5), days).cells == pytest.approx(
            np.full(len(days), 1e9)
        )

    def test_less_than_one_cell_does_not_come_back(self):
        course = simulate(charged, MixedTumour(1, 0.1, cells=100), Delivery(300, 3), np.linspace(0, 200, 201))
        assert course.cells[0] == 100 and course.cells[-1] == 0
        gone = int(np.argmax(course.cells == 0))
        assert not course.cells[gone:].any()


rates = st.floats(0.1, 30)
payloads = st.builds(
    Payload, out_per_d=rates, in_per_d=rates, wash_per_d=rates, half_nM=st.floats(1, 100),
    kill_per_d=st.floats(0, 2), hill=st.floats(0.5, 4), lost_per_d=st.floats(0, 3),
)  # fmt: skip


class TestModel:
    @settings(max_examples=30, deadline=None)
    @given(payloads, st.floats(0, 1), st.floats(0, 0.2))
    def test_signs_and_order(self, payload, fraction, growth):
        """Nothing below 0, and a cell that takes up conjugate holds at least what its neighbour holds."""
        course = simulate(payload, MixedTumour(fraction, growth), Delivery(200, 4, (0, 10)), days[:60])
        for values in (course.cells, course.in_positive_nM, course.in_negative_nM, course.between_nM):
            assert np.all(values >= 0)
        assert np.all(course.in_positive_nM >= course.in_negative_nM - 1e-3)

    @given(payloads, st.floats(0, 1), st.floats(0, 500), st.floats(0.1, 3))
    def test_steady_drug_balances(self, payload, fraction, uptake, fluid):
        s = steady_drug(payload, fraction, uptake, fluid)
        leaving, entering = payload.out_per_d + payload.lost_per_d, payload.in_per_d * s.between_nM
        assert leaving * s.in_positive_nM == pytest.approx(uptake + entering)
        assert leaving * s.in_negative_nM == pytest.approx(entering)
        mean = fraction * s.in_positive_nM + (1 - fraction) * s.in_negative_nM
        gone = payload.lost_per_d * mean + payload.wash_per_d * fluid * s.between_nM
        assert gone == pytest.approx(fraction * uptake)

    def test_simulation_comes_to_the_steady_drug(self):
        lasting = Delivery(300, 1e9)
        course = simulate(replace(permeable, kill_per_d=0), MixedTumour(0.3), lasting, [0, 50, 100])
        steady = steady_drug(permeable, 0.3, 300)
        assert course.in_positive_nM[-1] == pytest.approx(steady.in_positive_nM, rel=1e-4)
        assert course.in_negative_nM[-1] == pytest.approx(steady.in_negative_nM, rel=1e-4)
        assert course.between_nM[-1] == pytest.approx(steady.between_nM, rel=1e-4)

    def test_steady_drug_is_proportional_to_the_fraction(self):
        drug = steady_drug(permeable, np.array([0.1, 0.2, 0.4]), 300)
        assert drug.in_negative_nM / drug.in_negative_nM[0] == pytest.approx([1, 2, 4])

    @settings(max_examples=10, deadline=None)
    @given(st.floats(0.1, 0.9), st.floats(0, 0.1), st.floats(0.1, 1.5))
    def test_no_drug_is_made_or_lost_on_the_way(self, fraction, growth, kill):
        """What is inside and between, and what was washed away, add up to what was set free."""
        drug = replace(permeable, kill_per_d=kill, lost_per_d=0)
        tumour, fine = MixedTumour(fraction, growth), np.linspace(0, 20, 20_001)
        course = simulate(drug, tumour, Delivery(200, 4), fine)
        positive, negative = course.positive_cells / tumour.cells, course.negative_cells / tumour.cells
        held = positive * course.in_positive_nM + negative * course.in_negative_nM + 0.5 * course.between_nM
        washed = np.trapezoid(0.5 * drug.wash_per_d * course.between_nM, fine)
        set_free = np.trapezoid(200 * 0.5 ** (fine / 4) * positive, fine)
        assert held[-1] + washed == pytest.approx(set_free, rel=1e-3)

    def test_against_another_solver(self):
        """Amounts instead of concentrations and logarithms, by Radau, without dose events."""
        p, tumour, once = replace(permeable, hill=2), MixedTumour(0.4, 0.05), Delivery(250, 6)

        def flow(day, y):
            n_p, n_n, x_p, x_n, m = y
            c_p, c_n = x_p / n_p, x_n / n_n
            kill_p, kill_n = p.killing_per_d(c_p), p.killing_per_d(c_n)
            set_free = 250 * 0.5 ** (day / 6) * n_p
            into_p, into_n = p.in_per_d * m * n_p, p.in_per_d * m * n_n
            d_p = set_free + into_p - (p.out_per_d + p.lost_per_d + kill_p) * x_p
            d_n = into_n - (p.out_per_d + p.lost_per_d + kill_n) * x_n
            back = (p.out_per_d + kill_p) * x_p + (p.out_per_d + kill_n) * x_n - into_p - into_n
            return [(0.05 - kill_p) * n_p, (0.05 - kill_n) * n_n, d_p, d_n, back / 0.5 - p.wash_per_d * m]

        start = [0.4, 0.6, 0, 0, 0]
        answer = solve_ivp(flow, (0, 20), start, "Radau", t_eval=[5, 20], rtol=1e-9, atol=1e-12).y
        course = simulate(p, tumour, once, [5, 20])
        assert course.positive_cells / 1e9 == pytest.approx(answer[0], rel=1e-4)
        assert course.negative_cells / 1e9 == pytest.approx(answer[1], rel=1e-4)
        assert course.between_nM == pytest.approx(answer[4], rel=1e-3)

    def test_times_do_not_change_the_course(self):
        few = simulate(permeable, MixedTumour(0.5), three_doses, [21, 42, 50])
        many = simulate(permeable, MixedTumour(0.5), three_doses, np.arange(64.0))
        assert few.negative_cells == pytest.approx(many.negative_cells[[21, 42, 50]], rel=1e-4)
        assert simulate(permeable, MixedTumour(0.5), three_doses, 0).cells == pytest.approx([1e9])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: replace(permeable, out_per_d=-1), "out_per_d is -1: give a rate per day, 0 or more"),
        (lambda: replace(permeable, wash_per_d=0), "wash_per_d is 0"),
        (lambda: replace(permeable, half_nM=0), "half_nM is 0"),
        (lambda: replace(permeable, hill=99), "hill is 99"),
        (lambda: MixedTumour(40), "positive_fraction is 40"),
        (lambda: MixedTumour(0.5, -0.1), "growth_per_d is -0.1"),
        (lambda: MixedTumour(0.5, cells=0), "cells is 0"),
        (lambda: MixedTumour(0.5, fluid=0), "fluid is 0"),
        (lambda: Delivery(-1, 1), "uptake_nM_d is -1"),
        (lambda: Delivery(1, 0), "half_life_d is 0"),
        (lambda: Delivery(1, 1, (3, 2)), "dose_times_d is"),
        (lambda: simulate(permeable, MixedTumour(0.5), three_doses, [2, 1]), "times_d is"),
        (lambda: steady_drug(permeable, 2, 1), "positive_fraction is 2"),
        (lambda: steady_drug(replace(charged, lost_per_d=0), 0.5, 1), "out_per_d and lost_per_d are 0"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
