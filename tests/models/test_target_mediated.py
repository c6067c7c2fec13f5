"""Target-mediated disposition: computed values (L3-P2 to L3-P5), limits, properties, and messages."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.pharmacokinetics import PKParameters, Regimen
from immunolab.models.pharmacokinetics import simulate as simulate_linear
from immunolab.models.target_mediated import (
    MODELS,
    Dosing,
    TargetMediated,
    compare,
    free_drug,
    phases,
    saturated_free_nM,
    saturation_time_d,
    simulate,
)

HOUR = 1 / 24
MONTHS = np.concatenate([[0], np.geomspace(1e-3, 3500, 400)]) * HOUR


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


@pytest.fixture(scope="module")
def peletier() -> TargetMediated:
    """Peletier & Gabrielsson 2012, PMC3446204; one compartment, concentrations in mg/L (read nM as mg/L)."""
    return TargetMediated.from_hours(
        "a monoclonal antibody",
        "Peletier 2012",
        cl_L_h=0.0015,
        v1_L=1.0,
        kon_per_nM_h=0.091,
        koff_per_h=0.001,
        ksyn_nM_h=0.11,
        kdeg_per_h=0.0089,
        kint_per_h=0.003,
    )


@pytest.fixture(scope="module")
def peletier_with_tissue() -> TargetMediated:
    """The same paper's set with tissue, per kilogram: doses are mg/kg and concentrations mg/L."""
    return TargetMediated.from_hours(
        "a monoclonal antibody",
        "Peletier 2012",
        cl_L_h=0.001,
        v1_L=0.05,
        q_L_h=0.003,
        v2_L=0.1,
        kon_per_nM_h=0.091,
        koff_per_h=0.001,
        ksyn_nM_h=0.11,
        kdeg_per_h=0.11 / 12,
        kint_per_h=0.003,
    )


@pytest.fixture(scope="module")
def bevacizumab() -> TargetMediated:
    """Panoilia 2015, doi:10.1007/s00280-015-2701-3: VEGF is soluble and leaves with the antibody."""
    return TargetMediated.from_kss(
        "bevacizumab",
        "Panoilia 2015",
        cl_L_d=0.18,
        v1_L=3.23,
        q_L_d=1.38,
        v2_L=3.1,
        ksyn_nM_d=0.0053 * 0.401,
        kdeg_per_d=0.401,
        kint_per_d=0.18 / 3.23,
        kss_nM=267,
        kon_per_nM_d=1.0,
    )


@pytest.fixture(scope="module")
def compared(peletier):
    """The full model and its shortcuts for the four doses of the paper."""
    return {dose: compare(peletier, Dosing(dose), MONTHS) for dose in (30, 100, 300, 900)}


class TestPublishedValues:
    def test_constants_of_the_set(self, peletier):
        assert peletier.baseline_nM == pytest.approx(12.36, rel=0.001)
        assert peletier.kd_nM == pytest.approx(0.0110, rel=0.005)
        assert peletier.kss_nM == pytest.approx(0.0440, rel=0.005)
        assert peletier.plateau_nM == pytest.approx(36.67, rel=0.001)
        assert peletier.terminal_overshoot == pytest.approx(4.0)
        assert peletier.onset_nM == pytest.approx(0.11 / 0.0015)

    def test_l3_p2_the_full_model_and_its_saturated_phase(self, peletier):
        """L3-P2: calculated; 87.43 after one hour (all but the target is left), 65.26 after 100 h; 524 h."""
        course = simulate(peletier, Dosing(100), [HOUR, 100 * HOUR])
        assert course.free_nM == pytest.approx([87.43, 65.26], rel=0.005)
        assert 100 - peletier.baseline_nM == pytest.approx(87.64, rel=0.001)
        assert saturated_free_nM(peletier, 100, 100 * HOUR) == pytest.approx(65.22, rel=0.001)
        assert saturation_time_d(peletier, 100) / HOUR == pytest.approx(524, rel=0.005)

    def test_exercise_saturation_time_of_300(self, peletier):
        """L3 exercise 3."""
        assert saturation_time_d(peletier, 300) / HOUR == pytest.approx(1062, rel=0.001)

    def test_l3_p3_total_target_climbs_to_its_plateau(self, compared):
        """L3-P3: calculated."""
        highest = [compared[dose].full.target_total_nM.max() for dose in (30, 100, 300, 900)]
        assert highest == pytest.approx([22.7, 31.6, 35.4, 36.4], rel=0.01)

    def test_l3_p4_all_doses_end_on_the_same_slope(self, compared, peletier):
        """L3-P4: calculated; the complex is removed at kint = 0.003/h and drags the free drug along."""
        for run in compared.values():
            days, free = run.full.times_d, run.full.free_nM
            slope = -np.log(free[-1] / free[-11]) / (days[-1] - days[-11]) * HOUR
            assert slope == pytest.approx(0.00300, rel=0.01)
        assert math.log(2) / peletier.terminal_half_life_d * HOUR == pytest.approx(0.00300, rel=0.01)

    def test_l3_p5_qss_ends_too_high_and_qe_does_not(self, compared, peletier):
        """L3-P5: calculated; QSS overshoots (koff + kint)/koff − 1 = 3-fold, QE is right to 0.4 %; QSS's AUC is
        right to 0.2 %.
        """
        for run in compared.values():
            assert run.full.free_nM[-1] < 0.1 * peletier.kss_nM
            assert run.error("qss")[-1] == pytest.approx(3, abs=0.1)
            assert run.error("qe")[-1] == pytest.approx(0, abs=0.01)
            assert abs(run.auc_error("qss")) < 0.002
        assert compared[300].error("qss")[-1] == pytest.approx(peletier.terminal_overshoot - 1, abs=0.05)

    def test_soluble_target_rises_while_free_target_falls(self, bevacizumab):
        """L3 quiz 8: bevacizumab and VEGF, 5 mg/kg every two weeks, 70 kg. The complex leaves at the pace of
        the antibody, 7 times slower than free VEGF.
        """
        regimen = Regimen.every(14, dose_mg_per_kg=5, n_doses=10)
        course = simulate(bevacizumab, Dosing.of(regimen, 149, 70), np.linspace(0, 140, 281), "qss")
        total, free = (
            course.target_total_nM / bevacizumab.baseline_nM,
            course.target_nM / bevacizumab.baseline_nM,
        )
        assert bevacizumab.plateau_nM / bevacizumab.baseline_nM == pytest.approx(7.2, rel=0.01)
        assert 2.5 < total[-1] < 7.2
        assert 0.1 < free[1:].min() < free[0] == 1

    def test_phases_come_in_order_and_dose_lengthens_the_saturated_one(self, compared, peletier):
        found = {dose: phases(run.full) for dose, run in compared.items()}
        for dose, phase in found.items():
            assert 0 < phase.bound_d < phase.saturated_until_d < phase.terminal_from_d
            assert phase.saturated_until_d == pytest.approx(saturation_time_d(peletier, dose), rel=0.1)
        # Three times the dose adds days, less and less in proportion.
        lengths = [found[dose].saturated_until_d for dose in (100, 300, 900)]
        assert lengths[1] / lengths[0] > lengths[2] / lengths[1] > 1

    def test_where_the_shortcuts_fail(self, compared, peletier):
        """QSS is right while the target is full and wrong in the tail; Michaelis-Menten keeps the whole bolus."""
        run = compared[100]
        saturated = phases(run.full).saturated_until_d
        start, end = run.fails("qss")[-1]
        assert start == pytest.approx(saturated, rel=0.05)
        assert end == MONTHS[-1]
        middle = (MONTHS > 1) & (0.9 * saturated > MONTHS)
        assert np.abs(run.error("qss")[middle]).max() < 0.02
        day_one = run.error("mm")[np.searchsorted(MONTHS, 1.0)]
        assert day_one == pytest.approx(100 / (100 - peletier.baseline_nM) - 1, abs=0.02)
        assert run.fails("qe", limit=1e6) == []


class TestLimits:
    def test_without_target_it_is_the_linear_model(self, peletier_with_tissue):
        """Every model, bolus or infusion, once or often: the exact solution of ``pharmacokinetics``."""
        alone = replace(peletier_with_tissue, ksyn_nM_d=0.0)
        linear = PKParameters("x", "x", alone.cl_L_d, alone.v1_L, alone.q_L_d, alone.v2_L)
        regimen = Regimen(dose_mg=[15.0, 5.0], interval_d=7, n_doses=4, infusion_d=[0.5, 2.0])
        times = np.linspace(0.1, 40, 200)
        expected = simulate_linear(linear, regimen, times).conc_mg_L
        for model in MODELS:
            course = simulate(alone, Dosing.of(regimen, 1000), times, model)  # 1000 kDa: 1 mg is 1 nmol
            assert course.free_nM == pytest.approx(expected, rel=1e-5)

    def test_a_quick_infusion_is_a_bolus(self, peletier):
        times = [0.5, 3, 10]
        bolus, quick = (simulate(peletier, Dosing(100, 0, d), times).free_nM for d in (0, 1e-6))
        assert quick == pytest.approx(bolus, rel=1e-5)

    def test_doses_add_up_on_their_days(self, peletier):
        course = simulate(peletier, Dosing.every(7, 3, 50), [0, 6.999999, 7, 14])
        assert course.free_nM[0] == 50
        assert course.free_nM[2] - course.free_nM[1] == pytest.approx(50, rel=1e-4)
        assert simulate(peletier, Dosing(50), [0]).free_nM.tolist() == [50]
        assert simulate(peletier, Dosing(50, 5), [1, 5]).free_nM.tolist() == [0, 50]

    def test_days_that_miss_a_dose_by_a_rounding_error(self, peletier):
        after = np.nextafter(21.0, 22)
        course = simulate(peletier, Dosing.every(7, 5, 50, 7.000000000000001), [7 * 0.1 * 10, 21, after, 25])
        assert course.free_nM[1] == course.free_nM[2]
        assert simulate(peletier, Dosing.every(7, 5, 50), [after, 25]).free_nM[0] > 50

    def test_overlapping_infusions_add_up(self, peletier):
        halves = Dosing([30, 30], [0, 1e-9], 5)
        times = [1, 5, 20]
        found = simulate(peletier, halves, times).free_nM
        assert found == pytest.approx(simulate(peletier, Dosing(60, 0, 5), times).free_nM, rel=1e-6)

    def test_a_pump_reaches_the_steady_state_of_the_equations(self, peletier):
        """At rest, input = kel·L + kint·C with C = R_tot·L/(K_SS + L): QSS is exact there."""
        rate = 10.0
        dosing = Dosing(rate * 2000, 0, 2000)
        full, qss = (simulate(peletier, dosing, [1999.9], model) for model in ("full", "qss"))
        assert full.free_nM == pytest.approx(qss.free_nM, rel=1e-5)
        assert peletier.kel_per_d * full.free_nM + peletier.kint_per_d * full.complex_nM == pytest.approx(
            rate
        )
        assert full.complex_nM * peletier.kss_nM == pytest.approx(full.free_nM * full.target_nM)

    def test_without_drug_the_target_rests(self, peletier):
        for model in ("full", "qss", "qe"):
            course = simulate(peletier, Dosing(0), [0, 10, 100], model)
            assert course.target_nM == pytest.approx(peletier.baseline_nM)
            assert course.occupancy.tolist() == [0, 0, 0]

    def test_fast_binding_makes_the_full_model_quasi_equilibrium(self, peletier):
        fast = replace(
            peletier, kon_per_nM_d=peletier.kon_per_nM_d * 1000, koff_per_d=peletier.koff_per_d * 1000
        )
        run = compare(fast, Dosing(100), MONTHS, ("qe",))
        assert np.nanmax(np.abs(run.error("qe")[MONTHS > 0.05])) < 0.02

    def test_irreversible_binding(self, peletier):
        grip = replace(peletier, koff_per_d=0.0)
        assert grip.terminal_overshoot == math.inf
        assert simulate(grip, Dosing(100), [1, 50]).free_nM[0] > 80
        assert phases(simulate(grip, Dosing(100), MONTHS)).bound_d > 0
        with pytest.raises(ValueError, match="koff_per_d is 0: quasi-equilibrium"):
            simulate(grip, Dosing(100), [1], "qe")

    def test_no_clearance_beside_the_target(self, peletier):
        target_only = replace(peletier, cl_L_d=0.0)
        assert target_only.onset_nM == math.inf
        expected = (100 - peletier.baseline_nM) / peletier.ksyn_nM_d
        assert saturation_time_d(target_only, 100) == pytest.approx(expected)
        assert saturated_free_nM(target_only, 100, [0, expected]) == pytest.approx([87.64, 0], abs=0.01)

    def test_terminal_half_life_with_tissue(self, peletier_with_tissue):
        times = np.linspace(150, 200, 11)
        free = simulate(peletier_with_tissue, Dosing(5), times).free_nM
        slope = math.log(free[0] / free[-1]) / 50
        assert math.log(2) / slope == pytest.approx(peletier_with_tissue.terminal_half_life_d, rel=0.01)

    @pytest.mark.parametrize("dose", [1.5, 5, 15, 45])
    def test_the_speed_setting_is_good_enough_for_a_picture(self, peletier, peletier_with_tissue, dose):
        """The documented error of ``tolerance=1e-5`` against 1e-10, on a log scale a hair's breadth."""
        for parameters, amount in ((peletier, 20 * dose), (peletier_with_tissue, dose)):
            for model in MODELS:
                fine = simulate(parameters, Dosing(amount), MONTHS, model, 1e-10).free_nM
                seen = fine > 1e-6 * fine.max()
                for tolerance, limit in ((1e-5, 5e-3), (1e-8, 1e-4)):
                    rough = simulate(parameters, Dosing(amount), MONTHS, model, tolerance).free_nM
                    assert np.abs(rough[seen] / fine[seen] - 1).max() < limit

    def test_an_independent_solver_agrees(self, peletier_with_tissue):
        p = peletier_with_tissue
        k12, k21 = p.q_L_d / p.v1_L, p.q_L_d / p.v2_L

        def slope(_, y):
            free, tissue, target, bound = y
            on = p.kon_per_nM_d * free * target - p.koff_per_d * bound
            flow = k12 * (free - tissue)
            return [
                -p.kel_per_d * free - on - flow,
                flow * k21 / k12,
                p.ksyn_nM_d - p.kdeg_per_d * target - on,
                on - p.kint_per_d * bound,
            ]

        times = np.geomspace(0.01, 100, 30)
        start = [5 / p.v1_L, 0, p.baseline_nM, 0]
        found = solve_ivp(slope, (0, 100), start, "Radau", times, rtol=1e-9, atol=1e-12).y
        course = simulate(p, Dosing(5), times)
        assert course.free_nM == pytest.approx(found[0], rel=1e-5)
        assert course.complex_nM == pytest.approx(found[3], rel=1e-5)


class TestFreeDrug:
    @given(decades(-6, 6), decades(-6, 6), decades(-6, 6))
    def test_it_solves_its_equation(self, total, target, k):
        free = free_drug(total, target, k)
        assert 0 < free <= total * (1 + 1e-12)
        # free·(1 + R/(K + L)) = total: no difference of large numbers, so digits lost would show.
        assert free * (1 + target / (k + free)) == pytest.approx(total, rel=1e-9)

    def test_it_keeps_its_digits_where_all_is_bound(self):
        assert free_drug(1e-12, 1e6, 1e-3) == pytest.approx(1e-12 * 1e-3 / 1e6, rel=1e-6)
        assert free_drug(0, 5, 1) == 0
        assert free_drug([1, 2], 0, 1).tolist() == [1, 2]


class TestProperties:
    sets = st.builds(
        TargetMediated,
        st.just("x"),
        st.just("x"),
        decades(-2, 0),
        decades(-1, 1),
        decades(-1, 2),
        decades(-3, 2),
        decades(-3, 1),
        decades(-2, 1),
        decades(-2, 1),
        st.one_of(st.just(0.0), decades(-1, 1)),
        decades(-1, 1),
    )

    @settings(deadline=None, max_examples=40)
    @given(sets, decades(-1, 3), st.sampled_from([0.0, 0.3]), st.sampled_from(MODELS))
    def test_nothing_is_negative(self, parameters, amount, infusion, model):
        times = np.linspace(0, 60, 61)
        course = simulate(parameters, Dosing.every(21, 2, amount, infusion), times, model)
        for conc in (course.free_nM, course.tissue_nM, course.total_nM):
            assert (np.isfinite(conc) & (conc >= 0)).all()
        assert ((course.occupancy >= 0) & (course.occupancy <= 1 + 1e-9)).all()

    @settings(deadline=None, max_examples=20)
    @given(sets, decades(-1, 3))
    def test_more_drug_never_leaves_less_in_michaelis_menten(self, parameters, amount):
        """In the full model it can: a larger dose has used up target, which then shelters less of the tail."""
        times = np.linspace(0, 60, 61)
        less, more = (
            simulate(parameters, Dosing.every(21, 2, a), times, "mm").free_nM for a in (amount, 2 * amount)
        )
        assert (more >= less * (1 - 1e-4) - 1e-9 * amount).all()

    @settings(deadline=None, max_examples=30)
    @given(sets, decades(-1, 3))
    def test_drug_is_accounted_for(self, parameters, amount):
        """What was given is in plasma, in tissue, cleared, or taken away with its target."""
        times = np.linspace(0, 30, 6001) ** 2 / 30
        course = simulate(parameters, Dosing(amount), times)
        held = parameters.v1_L * course.total_nM + (
            parameters.v2_L * course.tissue_nM if parameters.q_L_d else 0
        )
        leaving = (
            parameters.cl_L_d * course.free_nM + parameters.kint_per_d * parameters.v1_L * course.complex_nM
        )
        assert held[-1] + np.trapezoid(leaving, times) == pytest.approx(amount, rel=2e-3)

    @settings(deadline=None, max_examples=20)
    @given(sets, decades(0, 2))
    def test_target_left_to_itself_comes_back(self, parameters, amount):
        course = simulate(parameters, Dosing(amount), [0, 1e5])
        assert course.target_nM[-1] == pytest.approx(parameters.baseline_nM, rel=1e-3)


class TestMessages:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"v1_L": 0}, "v1_L is 0: give the volume of plasma in L, above 0"),
            ({"kon_per_nM_d": -1}, "kon_per_nM_d is -1"),
            ({"kint_per_d": float("nan")}, "kint_per_d is nan"),
            ({"ksyn_nM_d": [1, 2]}, "ksyn_nM_d has the shape .*: give one number"),
        ],
    )
    def test_parameters(self, peletier, change, message):
        with pytest.raises(ValueError, match=message):
            replace(peletier, **change)

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda p: Dosing(-1), "amounts_nmol is -1"),
            (lambda p: Dosing([1, 2], 0), r"amounts_nmol has the shape \(2,\)"),
            (lambda p: Dosing(1, [3, 2]), "times_d is .*: give one or more days that increase"),
            (lambda p: Dosing(1, 0, -1), "infusion_d is -1"),
            (lambda p: Dosing.every(7, 0, 1), "n_doses is 0"),
            (lambda p: simulate(p, Dosing(1), [1], "exact"), "model is 'exact': give one of 'full', 'qss'"),
            (lambda p: simulate(p, Dosing(1), [2, 1]), "times_d is .*increase"),
            (lambda p: simulate(p, Dosing(1), [1], tolerance=0), "tolerance is 0"),
            (
                lambda p: saturation_time_d(p, 5),
                r"bolus_nM is 5: give more than the target that is there \(12.3596\)",
            ),
            (lambda p: saturation_time_d(replace(p, q_L_d=1, v2_L=1), 50), "one compartment"),
            (lambda p: phases(simulate(p, Dosing(1, 0, 1), [0, 1])), "one bolus"),
            (lambda p: compare(p, Dosing(1), [1]).error("full"), "name is 'full'"),
            (lambda p: compare(p, Dosing(1), [1]).fails("qss", -1), "limit is -1"),
            (
                lambda p: TargetMediated.from_kss(
                    "x",
                    "x",
                    cl_L_d=1,
                    v1_L=1,
                    ksyn_nM_d=1,
                    kdeg_per_d=1,
                    kss_nM=1,
                    kint_per_d=2,
                    kon_per_nM_d=1,
                ),
                r"kon_per_nM_d is 1: give at least kint/K_SS \(2\)",
            ),
        ],
    )
    def test_calls(self, peletier, call, message):
        with pytest.raises(ValueError, match=message):
            call(peletier)
