"""The ternary complex: published and derived values (L4-P9), conservation, limits, properties, and messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from immunolab.models.pharmacokinetics import PKParameters, Regimen, simulate
from immunolab.models.ternary import (
    killing,
    peak,
    per_cell,
    receptors_nM,
    ternary,
    ternary_at_free_drug,
    tumour_course,
    window,
)


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


concentration = decades(-6, 6)
system = st.tuples(concentration, concentration, concentration, concentration)


class TestPublishedValues:
    @pytest.mark.parametrize(("drug", "bridges"), [(0.1, 0.0978), (1, 0.8188), (2, 0.4902), (10, 0.0998)])
    def test_l4_p9_the_bell(self, drug, bridges):
        """L4-P9: Douglass 2013 (doi:10.1021/ja311795d), A = C = 1 nM, both K_D 0.01 nM."""
        assert ternary(drug, 1, 1, 0.01, 0.01).ternary_nM == pytest.approx(bridges, rel=0.005)

    def test_l4_p9_its_top(self):
        """L4-P9: 1.010 nM; the symmetric form of Douglass 2013 is √(K_A·K_C) + (A + C)/2."""
        assert peak(1, 1, 0.01, 0.01).drug_nM == pytest.approx(1.010, rel=1e-12)
        assert peak(3, 7, 2, 2).drug_nM == pytest.approx(2 + 5, rel=1e-12)
        assert peak(5, 5, 0.1, 10).drug_nM == pytest.approx(1 + 5, rel=1e-12)

    def test_exercise_4(self):
        """Exercise 4: A 10, C 1, K_D 0.5 and 5 nM: 9.42 nM."""
        assert peak(10, 1, 0.5, 5).drug_nM == pytest.approx(9.42, rel=0.001)

    def test_quiz_5(self):
        """Ten and a hundred times more drug than the best leave a tenth and a hundredth of the bridges."""
        bridges = ternary(np.array([1, 10, 100]), 1, 1, 0.01, 0.01).ternary_nM
        assert bridges == pytest.approx([0.82, 0.10, 0.01], abs=0.005)


class TestEquilibrium:
    @settings(deadline=None)
    @given(concentration, system, decades(-4, 4))
    def test_totals_and_mass_action_hold(self, drug, parts, alpha):
        a, c, kd_a, kd_c = parts
        for cooperativity in (1.0, alpha):
            s = ternary(drug, *parts, cooperativity)
            assert s.total_drug_nM == pytest.approx(drug, rel=1e-9)
            assert s.free_a_nM + s.drug_a_nM + s.ternary_nM == pytest.approx(a, rel=1e-9)
            assert s.free_c_nM + s.drug_c_nM + s.ternary_nM == pytest.approx(c, rel=1e-9)
            b = s.free_drug_nM
            assert s.drug_a_nM * kd_a == pytest.approx(s.free_a_nM * b, rel=1e-9)
            assert s.drug_c_nM * kd_c == pytest.approx(s.free_c_nM * b, rel=1e-9)
            both = cooperativity * s.free_a_nM * b * s.free_c_nM / (kd_a * kd_c)
            assert s.ternary_nM == pytest.approx(both, rel=1e-6)

    @settings(deadline=None)
    @given(concentration, system)
    def test_the_root_meets_the_closed_form(self, drug, parts):
        """A cooperativity a hair from 1 takes the root, 1 itself the closed form."""
        exact, root = ternary(drug, *parts), ternary(drug, *parts, 1 + 1e-13)
        assert root.ternary_nM == pytest.approx(exact.ternary_nM, rel=1e-8)
        assert root.free_drug_nM == pytest.approx(exact.free_drug_nM, rel=1e-8)

    @settings(deadline=None)
    @given(concentration, system, decades(-3, 3))
    def test_the_two_ends_may_change_places(self, drug, parts, alpha):
        a, c, kd_a, kd_c = parts
        here, there = ternary(drug, *parts, alpha), ternary(drug, c, a, kd_c, kd_a, alpha)
        assert here.ternary_nM == pytest.approx(there.ternary_nM, rel=1e-9)
        assert here.drug_a_nM == pytest.approx(there.drug_c_nM, rel=1e-9)

    @settings(deadline=None)
    @given(concentration, system, decades(-3, 3))
    def test_free_and_total_drug_lead_to_one_state(self, drug, parts, alpha):
        s = ternary(drug, *parts, alpha)
        assert ternary_at_free_drug(s.free_drug_nM, *parts, alpha).ternary_nM == pytest.approx(s.ternary_nM)

    @settings(deadline=None)
    @given(concentration, system, decades(-3, 3), st.floats(1.001, 10))
    def test_cooperativity_only_adds_bridges(self, drug, parts, alpha, factor):
        weak, strong = (ternary(drug, *parts, x).ternary_nM for x in (alpha, alpha * factor))
        assert strong >= weak * (1 - 1e-9)

    def test_nothing_in_nothing_out(self):
        assert ternary(0, 1, 1, 1, 1).ternary_nM == ternary(0, 1, 1, 1, 1, 5).ternary_nM == 0
        assert ternary(1, 0, 1, 1, 1).ternary_nM == ternary(1, 1, 0, 1, 1, 5).ternary_nM == 0
        assert ternary(0, 2, 3, 1, 1).free_a_nM == 2

    def test_one_receptor_is_simple_binding(self):
        s = ternary(3, 2, 0, 0.5, 1)
        assert s.drug_a_nM == pytest.approx((5.5 - np.sqrt(5.5**2 - 24)) / 2)

    def test_without_limit_of_affinity_the_scarcer_decides(self):
        assert peak(2, 5, 1e-9, 1e-9).ternary_nM == pytest.approx(2, rel=1e-3)

    def test_numbers_stay_numbers_and_arrays_broadcast(self):
        assert isinstance(ternary(1, 1, 1, 1, 1).ternary_nM, float)
        assert isinstance(ternary(1, 1, 1, 1, 1, 3).free_drug_nM, float)
        grid = ternary(np.ones((4, 1)), 1, 1, 1, np.ones(3), 2)
        assert grid.ternary_nM.shape == grid.free_a_nM.shape == (4, 3)


class TestBell:
    @settings(max_examples=30, deadline=None)
    @given(system, decades(-2, 2))
    def test_the_top_is_the_top(self, parts, alpha):
        """Found again by a search that knows nothing of the formula."""
        top = peak(*parts, alpha)
        search = minimize_scalar(
            lambda x: -ternary(np.exp(x), *parts, alpha).ternary_nM,
            bounds=(np.log(top.drug_nM) - 5, np.log(top.drug_nM) + 5),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert -search.fun == pytest.approx(top.ternary_nM, rel=1e-6)
        assert ternary(top.drug_nM, *parts, alpha).ternary_nM == pytest.approx(top.ternary_nM, rel=1e-8)

    @settings(deadline=None)
    @given(system, decades(-3, 3))
    def test_cooperativity_does_not_move_the_top(self, parts, alpha):
        assert peak(*parts, alpha).drug_nM == peak(*parts).drug_nM
        s = ternary_at_free_drug(peak(*parts, alpha).free_drug_nM, *parts, alpha)
        assert s.total_drug_nM == pytest.approx(peak(*parts).drug_nM, rel=1e-9)

    @settings(deadline=None)
    @given(system, decades(-3, 3), st.floats(0.01, 0.99))
    def test_the_window(self, parts, alpha, fraction):
        low, high = window(*parts, alpha, fraction=fraction)
        top = peak(*parts, alpha)
        assert low < top.drug_nM * (1 + 1e-6) and high > top.drug_nM * (1 - 1e-6)
        for end in (low, high):
            bridges = ternary(end, *parts, alpha).ternary_nM
            assert bridges == pytest.approx(fraction * top.ternary_nM, rel=1e-4)

    def test_rises_and_falls(self):
        bridges = ternary(np.logspace(-4, 5, 300), 2, 0.3, 0.1, 4).ternary_nM
        steps = np.sign(np.diff(bridges))
        assert steps[0] == 1 and steps[-1] == -1 and np.count_nonzero(np.diff(steps)) == 1

    def test_a_larger_dose_delays_the_most_bridges(self):
        """As in Schropp 2019 (doi:10.1002/psp4.12369): first the drug must fall to the top of its bell."""
        drug = PKParameters("engager", "illustrative", 0.5, 3.0, mass_kDa=100)
        days = np.linspace(0.1, 60, 600)

        def best_day(dose_mg):
            course = simulate(drug, Regimen(dose_mg=dose_mg, interval_d=60), days)
            return days[ternary(course.conc_mg_L / 100 * 1000, 1, 1, 0.5, 5).ternary_nM.argmax()]

        waits = [best_day(dose) for dose in (0.1, 3, 30, 300)]
        assert waits == sorted(waits) and waits[0] < 1 and waits[-1] > 30


class TestCells:
    def test_receptors_as_a_concentration(self):
        """A million cells with 100 000 receptors in a millilitre: 1e11 molecules, 0.166 nM."""
        assert receptors_nM(1e6, 1e5) == pytest.approx(0.166, rel=0.001)
        assert per_cell(receptors_nM(3e5, 4e4), 3e5) == pytest.approx(4e4)

    @given(decades(-6, 6), decades(-6, 6), st.floats(0.2, 8))
    def test_killing(self, bridges, half, hill):
        assert 0 <= killing(bridges, half, hill, 2.0) <= 2
        assert killing(half, half, hill, 2.0) == pytest.approx(1.0)
        assert killing(0, half, hill) == 0

    def test_past_the_top_more_drug_kills_less(self):
        """M14: ten times the best dose, less killing."""
        best = peak(1, 1, 0.01, 0.01).drug_nM
        more, most = (killing(ternary(d, 1, 1, 0.01, 0.01).ternary_nM, 0.3, 2) for d in (10 * best, best))
        assert more < most / 5

    def test_tumour_course(self):
        days = np.linspace(0, 10, 21)
        assert tumour_course(days, 0.0, 0.1, 1e6)[-1] == pytest.approx(1e6 * np.e)
        assert tumour_course(days, 0.1, 0.1, 1e6) == pytest.approx(np.full(21, 1e6))
        assert tumour_course(days, 0.2 * days, 0.0, 1e9)[-1] == pytest.approx(1e9 * np.exp(-10))

    def test_less_than_one_cell_does_not_come_back(self):
        days = np.linspace(0, 100, 201)
        cells = tumour_course(days, np.where(days < 30, 1.0, 0.0), 0.1)
        assert cells[days > 30].max() == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ternary(-1, 1, 1, 1, 1), "drug_nM is -1: give the total concentration of the drug in nM"),
        (lambda: ternary(1, [1, -2], 1, 1, 1), r"a_nM\[1\] is -2"),
        (lambda: ternary(1, 1, float("nan"), 1, 1), "c_nM is nan"),
        (lambda: ternary(1, 1, 1, 0, 1), "kd_a_nM is 0"),
        (lambda: ternary(1, 1, 1, 1, -1), "kd_c_nM is -1"),
        (lambda: ternary(1, 1, 1, 1, 1, 0), "cooperativity is 0"),
        (lambda: ternary_at_free_drug("x", 1, 1, 1, 1), "free_drug_nM is 'x'"),
        (lambda: peak(1, 1, 1, 0), "kd_c_nM is 0"),
        (lambda: window(1, 1, 1, 1, fraction=2), "fraction is 2"),
        (lambda: window(0, 1, 1, 1), "a_nM is 0"),
        (lambda: receptors_nM(-1, 1), "cells_per_mL is -1"),
        (lambda: per_cell(1, 0), "cells_per_mL is 0"),
        (lambda: killing(1, 0), "half_nM is 0"),
        (lambda: tumour_course([1, 1], 0, 0), "times_d is"),
        (lambda: tumour_course([0, 1], -1, 0), "killing_per_d is -1"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
