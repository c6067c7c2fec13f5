"""Injection under the skin: teclistamab (L4-P11, L4-P12), an independent solver, limits, and messages."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.injection import Injection, inject
from immunolab.models.pharmacokinetics import PKParameters, Regimen

weekly = [7.0 * week for week in range(13)]
STEPS = {"times_d": [0, 3, *(6 + day for day in weekly)], "interval_d": 7}
step_up = Regimen(dose_mg_per_kg=[0.06, 0.3, 1.5], **STEPS)
without_steps = Regimen(dose_mg_per_kg=[0, 0, 1.5], **STEPS)


@pytest.fixture
def teclistamab():
    """Miao 2023, doi:10.1007/s11523-023-00989-z: IgG myeloma, stage I, 74 kg."""
    return PKParameters("teclistamab", "Miao 2023", 0.449, 4.13, 0.0390, 1.34, reference_weight_kg=74)


@pytest.fixture
def under_the_skin():
    return Injection(ka_per_d=0.133, bioavailability=0.718, cl_transient_L_d=0.547, transient_per_d=0.0292)


def last_over_first(course):
    """Peak, trough and area of treatment dose 13 over dose 1; both step-up doses come before."""
    first, last = course.after_dose(3), course.after_dose(15)
    return [getattr(last, name) / getattr(first, name) for name in ("c_max_mg_L", "c_min_mg_L", "auc_mg_d_L")]


class TestPublishedValues:
    def test_l4_p11_dose_13_over_dose_1(self, teclistamab, under_the_skin):
        """L4-P11: 4.2, 4.1 and 5.3, Miao 2023. Reached if the step-up doses leave nothing in dose 1, on the
        same days; what they do leave raises dose 1 and lowers the ratios to 3.53, 3.30 and 4.22.
        """
        alone = last_over_first(inject(teclistamab, under_the_skin, without_steps))
        assert alone == pytest.approx([4.2, 4.1, 5.3], rel=0.08)
        assert alone == pytest.approx([4.27, 3.95, 5.42], rel=0.01)
        carried = last_over_first(inject(teclistamab, under_the_skin, step_up))
        assert carried == pytest.approx([3.53, 3.30, 4.22], rel=0.01)

    def test_l4_p12_time_of_the_peak(self, teclistamab, under_the_skin):
        """L4-P12: 139 h after dose 1, 72 h after dose 13, Miao 2023."""
        course = inject(teclistamab, under_the_skin, without_steps)
        assert course.t_max_d(3) * 24 == pytest.approx(139, rel=0.08)
        assert course.t_max_d(15) * 24 == pytest.approx(72, rel=0.08)

    def test_weeks_not_hours(self, teclistamab, under_the_skin):
        """Ten weeks after the last dose clearance has settled: a half-life of weeks, not blinatumomab's 2 h."""
        course = inject(teclistamab, under_the_skin, step_up, [160, 174])
        assert course.conc_mg_L[1] / course.conc_mg_L[0] > 0.2


def reference(p, injection, regimen, end_d):
    """Concentration and area at each dose and at the end, by LSODA at rtol 1e-10, restarted at each dose."""
    edges, state, rows = [*regimen.starts_d, end_d], np.zeros(4), []
    for dose, (start, end) in zip(regimen.amounts_mg(p.reference_weight_kg), pairwise(edges), strict=True):
        state[0] += injection.bioavailability * dose

        def flow(day, y):
            clearance = p.cl_L_d + injection.cl_transient_L_d * np.exp(-injection.transient_per_d * day)
            fed, conc = injection.ka_per_d * y[0], y[1] / p.v1_L
            exchange = p.q_L_d * (conc - y[2] / p.v2_L)
            return [-fed, fed - clearance * conc - exchange, exchange, conc]

        state = solve_ivp(flow, (start, end), state, method="LSODA", rtol=1e-10, atol=1e-12).y[:, -1].copy()
        rows.append((end, state[1] / p.v1_L, state[3]))
    return np.array(rows).T


class TestSolver:
    @settings(max_examples=25, deadline=None)
    @given(
        st.floats(0.05, 3), st.floats(0.1, 1), st.floats(0, 2), st.floats(0, 0.3), st.floats(0.05, 2),
        st.floats(0.01, 3),
    )  # fmt: skip
    def test_against_lsoda(self, ka, arriving, extra, fading, cl, q):
        p = PKParameters("drug", "any", cl, 4.0, q, 3.0)
        injection = Injection(ka, arriving, extra, fading)
        regimen = Regimen(dose_mg=[5, 50, 100], times_d=[0, 3, 10, 20], interval_d=15)
        days, conc, area = reference(p, injection, regimen, 35.0)
        course = inject(p, injection, regimen, days)
        assert course.conc_mg_L == pytest.approx(conc, rel=2e-4, abs=1e-9)
        first = course.exposure(0, 35.0)
        assert first.auc_mg_d_L == pytest.approx(area[-1], rel=1e-4)

    def test_equal_rates_in_and_out_are_no_special_case(self):
        """ka = CL/V: C = dose/V · ka·t·exp(−ka·t)."""
        p = PKParameters("drug", "any", 1.0, 4.0)
        days = np.linspace(0, 30, 61)
        course = inject(p, Injection(0.25), Regimen(dose_mg=40, interval_d=30), days)
        assert course.conc_mg_L == pytest.approx(10 * 0.25 * days * np.exp(-0.25 * days), rel=1e-5)

    def test_area_is_dose_over_clearance(self):
        p = PKParameters("drug", "any", 0.5, 3.0, 0.7, 2.0)
        course = inject(p, Injection(1.0, 0.6), Regimen(dose_mg=100, interval_d=300))
        assert course.exposure(0, 300).auc_mg_d_L == pytest.approx(0.6 * 100 / 0.5, rel=1e-6)

    @settings(deadline=None)
    @given(st.floats(0.1, 10))
    def test_twice_the_dose_twice_the_concentration(self, factor):
        p = PKParameters("drug", "any", 0.5, 3.0, 0.7, 2.0)
        one, more = (
            inject(p, Injection(0.3, 0.7, 0.4, 0.1), Regimen.every(7, dose_mg=dose, n_doses=3)).conc_mg_L
            for dose in (10, 10 * factor)
        )
        assert more == pytest.approx(factor * one)

    def test_many_patients_are_the_same_as_one_after_another(self, teclistamab, under_the_skin):
        clearances, rates = np.array([0.3, 0.449, 0.9]), np.array([0.05, 0.133, 0.4])
        many = inject(
            replace(teclistamab, cl_L_d=clearances), replace(under_the_skin, ka_per_d=rates), step_up
        )
        assert many.conc_mg_L.shape == (3, len(many.times_d))
        for row, cl, ka in zip(many.conc_mg_L, clearances, rates, strict=True):
            one = inject(replace(teclistamab, cl_L_d=cl), replace(under_the_skin, ka_per_d=ka), step_up)
            assert row == pytest.approx(one.conc_mg_L)
        assert many.after_dose(3).c_max_mg_L.shape == many.t_max_d(3).shape == (3,)

    def test_weight(self, teclistamab, under_the_skin):
        light, heavy = (inject(teclistamab, under_the_skin, step_up, weight_kg=kg) for kg in (50, 100))
        assert heavy.conc_mg_L == pytest.approx(2 * light.conc_mg_L)
        people = inject(teclistamab, under_the_skin, step_up, weight_kg=np.array([50, 100]))
        assert people.conc_mg_L == pytest.approx(np.stack([light.conc_mg_L, heavy.conc_mg_L]))

    def test_times_come_back_in_their_order(self, teclistamab, under_the_skin):
        days = [10.0, 3.3, 60.0]
        course = inject(teclistamab, under_the_skin, step_up, days)
        one_by_one = [inject(teclistamab, under_the_skin, step_up, day).conc_mg_L[0] for day in days]
        assert course.conc_mg_L == pytest.approx(one_by_one, rel=1e-4)


plain = PKParameters("drug", "any", 0.5, 3.0)
once = Regimen(dose_mg=10, interval_d=7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Injection(0), "ka_per_d is 0: give the absorption rate per day, above 0"),
        (lambda: Injection(1, 71.8), "bioavailability is 71.8"),
        (lambda: Injection(1, 1, -1), "cl_transient_L_d is -1"),
        (lambda: Injection(1, 1, 1, float("nan")), "transient_per_d is nan"),
        (lambda: inject(replace(plain, vmax_mg_d=1, km_mg_L=1), Injection(1), once), "has emax or vmax_mg_d"),
        (lambda: inject(plain, Injection(1), once, [-1]), r"times_d\[0\] is -1"),
        (lambda: inject(plain, Injection(1), Regimen(dose_mg_per_kg=1, interval_d=7)), "weight_kg is None"),
        (lambda: inject(plain, Injection(1), once).after_dose(2), "number is 2"),
        (lambda: inject(plain, Injection(1), once).exposure(3, 2), "end_d is 2"),
        (lambda: inject(plain, Injection(1), once).exposure(0, 9), "end_d is 9"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
