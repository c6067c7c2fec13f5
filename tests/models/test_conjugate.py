"""Conjugates: published and computed values (L4-P1 to L4-P6, L4-P10), independent solvers, limits, messages."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.stats import binom, poisson

from immunolab.models.conjugate import (
    DoseResponse,
    ReleasedDrug,
    analytes,
    analytes_after_bolus,
    binomial_dar,
    bolus_mg_L,
    deconjugate,
    independent_losses,
    mass_ratio,
    mean_dar,
    measured_dar,
    paired_dar,
    poisson_dar,
    released,
    site_specific_dar,
    therapeutic_index,
    variance_dar,
)
from immunolab.models.pharmacokinetics import (
    Covariate,
    PKParameters,
    Regimen,
    first_dose,
    half_lives,
    population,
    simulate,
    steady_state,
)

one_percent = {"rel": 0.01}
# Bender 2014, doi:10.1208/s12248-014-9618-3: two lots at DAR 0 to 7, and losses in monkeys at DAR 1 to 7.
LOT = (0.02, 0.13, 0.23, 0.26, 0.19, 0.10, 0.05, 0.02)
LOW_LOT = (0.21, 0.35, 0.26, 0.13, 0.04, 0.01, 0, 0)
MONKEY = (0.0939, 0.255, 0.341, 0.341, 0.341, 0.341, 0.341)


@pytest.fixture
def t_dm1():
    """Lu 2014, doi:10.1007/s00280-014-2500-2; the covariates these tests need."""
    return PKParameters(
        "T-DM1",
        "Lu 2014",
        cl_L_d=0.676,
        v1_L=3.127,
        q_L_d=1.534,
        v2_L=0.66,
        covariates=(
            Covariate("cl", "weight_kg", "power", 0.49, 70),
            Covariate("v1", "weight_kg", "power", 0.596, 70),
            Covariate("cl", "albumin_g_L", "power", -0.423, 41),
        ),
        reference_weight_kg=70,
    )


@pytest.fixture
def t_dxd():
    """Yin 2021, doi:10.1002/cpt.2096: a woman of 57.8 kg who does not live in Japan."""
    return PKParameters("T-DXd", "Yin 2021", 0.421, 2.77, 0.199, 5.16, reference_weight_kg=57.8, mass_kDa=156)


class TestPublishedValues:
    def test_l4_p1_a_measured_lot(self):
        """L4-P1: mean 3.07, variance 2.285, under-dispersed; the Poisson curve is off by up to 0.036."""
        lot = measured_dar(LOT)
        assert mean_dar(lot) == pytest.approx(3.07, abs=0.01)
        assert variance_dar(lot) == pytest.approx(2.285, abs=0.01)
        away = np.abs(lot - poisson_dar(mean_dar(lot))[:8])
        assert away.max() == pytest.approx(0.036, abs=0.001)
        assert mean_dar(measured_dar(LOW_LOT)) == pytest.approx(1.47, abs=0.01)

    def test_l4_p2_and_exercise_1_poisson(self):
        """L4-P2: calculated; mean 3.5."""
        fractions = poisson_dar(3.5)
        assert fractions[0] == pytest.approx(0.0302, **one_percent)
        assert fractions[2:6].sum() == pytest.approx(0.7217, **one_percent)

    def test_four_opened_bonds_at_mean_4(self):
        """Loads 0, 2, 4, 6, 8 in 1 : 4 : 6 : 4 : 1."""
        assert paired_dar(4)[::2] == pytest.approx([0.0625, 0.25, 0.375, 0.25, 0.0625])
        assert not paired_dar(4)[1::2].any()

    def test_l4_p3_half_life_of_t_dm1(self, t_dm1):
        """L4-P3: 3.94 d, Lu 2014."""
        assert half_lives(t_dm1)[1] == pytest.approx(3.94, **one_percent)

    def test_l4_p4_clearance_by_weight_and_albumin(self, t_dm1):
        """L4-P4: table 2 of Lu 2014."""
        weight = t_dm1.for_patient(weight_kg=np.array([49, 98])).cl_L_d
        albumin = t_dm1.for_patient(albumin_g_L=np.array([33, 48])).cl_L_d
        assert [*weight, *albumin] == pytest.approx([0.567, 0.797, 0.741, 0.632], **one_percent)

    def test_l4_p5_exposure_of_t_dm1(self, t_dm1):
        """L4-P5: calculated; 3.6 mg/kg over 90 minutes."""
        regimen = Regimen.every(21, dose_mg_per_kg=3.6, infusion_d=1.5 / 24)
        first = first_dose(t_dm1, regimen)
        assert (first.c_max_mg_L, first.auc_mg_d_L) == pytest.approx((78.9, 364), **one_percent)
        assert steady_state(t_dm1, regimen).accumulation == pytest.approx(1.025, **one_percent)

    def test_l4_p6_exposure_of_t_dxd(self, t_dxd):
        """L4-P6: about 735, 122 and 9.7, read from figure 4 of Yin 2021; cycle 3 here. The trough still rises."""
        course = simulate(t_dxd, Regimen.every(21, dose_mg_per_kg=5.4, n_doses=6, infusion_d=1.5 / 24))
        values = [
            (e.auc_mg_d_L, e.c_max_mg_L, e.c_min_mg_L) for e in (course.after_dose(3), course.after_dose(6))
        ]
        assert values[0] == pytest.approx((735, 122, 9.7), rel=0.10)
        assert values[0] == pytest.approx((678, 120, 9.28), **one_percent)
        assert values[1] == pytest.approx((728, 123, 11.1), **one_percent)

    def test_l4_p10_and_exercise_5_blinatumomab(self, blinatumomab):
        """L4-P10: 615 pg/mL and 2.10 h by Clements 2020 (doi:10.1007/s40262-019-00823-8), a mean over patients;
        526 pg/mL and 1.87 h from its typical patient, 589 pg/mL as the mean of simulated ones.
        """
        pump = Regimen(dose_mg=0.028 * 28, interval_d=28, infusion_d=28)
        course = simulate(blinatumomab, pump)
        plateau = course.conc_at(27) * 1e6
        assert plateau == pytest.approx(615, rel=0.15)
        assert plateau == pytest.approx(526, **one_percent)
        assert half_lives(blinatumomab)[1] * 24 == pytest.approx(1.87, **one_percent)
        assert course.conc_at(6.2 / 24) * 1e6 / plateau == pytest.approx(0.9, **one_percent)
        people = population(blinatumomab, pump, n=4000, times_d=[27])
        assert people.conc_mg_L.mean() * 1e6 == pytest.approx(589, rel=0.03)

    def test_blinatumomab_steps_up(self, blinatumomab):
        """9 µg/d for a week, then 28: each plateau within hours, in the ratio of the doses (28/9)."""
        steps = Regimen(dose_mg=[0.009 * 7, 0.028 * 21], times_d=[0, 7], infusion_d=[7, 21], interval_d=21)
        low, high = simulate(blinatumomab, steps).conc_at([6.9, 8.0]) * 1e6
        assert (low, high) == pytest.approx((169, 526), **one_percent)


class TestMixtures:
    @given(st.floats(0, 20))
    def test_poisson(self, mean):
        fractions = poisson_dar(mean)
        assert fractions == pytest.approx(poisson.pmf(np.arange(len(fractions)), mean), abs=1e-9)
        assert mean_dar(fractions) == pytest.approx(mean, abs=1e-6)
        assert variance_dar(fractions) == pytest.approx(mean, abs=1e-4)

    @given(st.integers(1, 60), st.floats(1e-6, 1))
    def test_binomial(self, sites, chance):
        fractions = binomial_dar(sites * chance, sites)
        assert fractions == pytest.approx(binom.pmf(np.arange(sites + 1), sites, chance), abs=1e-9)
        assert variance_dar(fractions) == pytest.approx(sites * chance * (1 - chance), abs=1e-6)

    def test_many_sites_make_a_poisson_mixture(self):
        assert binomial_dar(3.5, 200)[:15] == pytest.approx(poisson_dar(3.5)[:15], abs=0.004)

    @given(st.floats(0, 8))
    def test_pairs_spread_twice_as_wide(self, mean):
        assert mean_dar(paired_dar(mean)) == pytest.approx(mean)
        assert variance_dar(paired_dar(mean)) == pytest.approx(2 * variance_dar(binomial_dar(mean, 8)))

    def test_chosen_sites(self):
        assert site_specific_dar(8)[8] == 1 and variance_dar(site_specific_dar(8)) == 0
        assert site_specific_dar(2, 0.9) == pytest.approx([0.01, 0.18, 0.81])
        assert mean_dar(site_specific_dar(4, 0.95)) == pytest.approx(3.8)

    def test_a_short_table_loses_its_tail(self):
        assert mean_dar(poisson_dar(3.5, max_dar=7)) < 3.5

    def test_many_mixtures_at_once(self):
        assert (
            mean_dar(np.array([LOT, LOW_LOT])).shape == variance_dar(np.array([LOT, LOW_LOT])).shape == (2,)
        )


mixtures = st.lists(st.floats(0.01, 1), min_size=2, max_size=9).map(lambda x: np.array(x) / sum(x))


class TestDeconjugation:
    @settings(deadline=None)
    @given(mixtures, st.floats(0, 5), st.lists(st.floats(0, 100), min_size=1, max_size=8))
    def test_no_antibody_is_lost_and_no_drug_comes_back(self, start, rate, times):
        times = np.sort(times)
        rows = deconjugate(start, rate, times)
        assert np.all(rows >= 0)
        assert rows.sum(axis=1) == pytest.approx(np.ones(len(times)))
        assert np.all(np.diff(np.append(mean_dar(start), mean_dar(rows))) <= 1e-9)
        assert np.all(np.diff(np.append(start[0], rows[:, 0])) >= -1e-9)

    def test_against_lsoda(self):
        """The losses in monkeys, whose five equal rates leave no clean sum of exponentials."""
        k = np.append(0, MONKEY)
        answer = solve_ivp(
            lambda t, p: -k * p + np.append(k[1:] * p[1:], 0), (0, 21), measured_dar(LOT), t_eval=[1, 7, 21],
            rtol=1e-10, atol=1e-13,
        )  # fmt: skip
        assert deconjugate(measured_dar(LOT), MONKEY, [1, 7, 21]) == pytest.approx(answer.y.T, abs=1e-8)

    def test_order_of_times_does_not_matter(self):
        forth, back = (deconjugate(measured_dar(LOT), MONKEY, days) for days in ([1, 7, 21], [21, 7, 1]))
        assert forth == pytest.approx(back[::-1])

    @settings(deadline=None)
    @given(st.integers(1, 10), st.floats(0.01, 2), st.floats(0, 20))
    def test_copies_that_come_off_on_their_own_keep_a_binomial(self, sites, rate, day):
        """Mean DAR falls by one exponential, and the mixture stays binomial."""
        start = binomial_dar(0.7 * sites, sites)
        later = deconjugate(start, independent_losses(rate, sites), day)[0]
        assert later == pytest.approx(binomial_dar(0.7 * sites * math.exp(-rate * day), sites), abs=1e-8)

    def test_a_stable_linker(self):
        assert deconjugate(LOT, 0, [0, 100]) == pytest.approx(np.array([LOT, LOT]))

    def test_extremes_of_time_and_rate(self):
        assert deconjugate(LOT, 1e4, 1e4)[0] == pytest.approx([1, 0, 0, 0, 0, 0, 0, 0], abs=1e-9)


class TestAnalytes:
    def test_total_stays_and_conjugated_falls(self, t_dm1):
        course = simulate(t_dm1, Regimen.every(21, dose_mg_per_kg=3.6, n_doses=3))
        seen = analytes(course, LOT, MONKEY)
        assert seen.total_nM == pytest.approx(course.conc_at(seen.times_d) / t_dm1.mass_kDa * 1000)
        assert np.all(seen.conjugated_nM <= seen.total_nM + 1e-9)
        assert np.all(seen.payload_nM <= 7 * seen.conjugated_nM + 1e-9)
        assert seen.mean_dar[np.searchsorted(seen.times_d, 20.9)] < 0.5

    def test_doses_add_up(self, t_dm1):
        """Two doses in one course, and the same two each in a course of its own."""
        days = np.linspace(0, 42, 85)
        both = analytes(simulate(t_dm1, Regimen.every(21, dose_mg=[100, 200])), LOT, MONKEY, days).by_dar_nM
        first, second = (simulate(t_dm1, Regimen.every(42, dose_mg=dose), [63]) for dose in (100, 200))
        apart = analytes(first, LOT, MONKEY, days).by_dar_nM
        apart[days >= 21] += analytes(second, LOT, MONKEY, days[days >= 21] - 21).by_dar_nM
        assert both == pytest.approx(apart, abs=1e-9)

    def test_a_dose_anew_lifts_the_mean_dar(self, t_dm1):
        course = simulate(t_dm1, Regimen.every(21, dose_mg=250, n_doses=2))
        before, after = analytes(course, LOT, MONKEY, [20.99, 21.2]).mean_dar
        assert before < 0.4 and after > 2.5

    def test_bender_in_three_compartments(self):
        """The chain in all compartments at once, by LSODA: that it splits into a product is no assumption more."""
        cl, v, q2, v2, q3, v3 = 17.4, 148, 25.5, 57.2, 81.2, 127  # mL/d and mL, monkey
        k = np.append(0, MONKEY)

        def flow(day, y):
            plasma, two, three = y.reshape(3, 8)
            chain = lambda x: -k * x + np.append(k[1:] * x[1:], 0)  # noqa: E731
            out = q2 * (plasma / v - two / v2), q3 * (plasma / v - three / v3)
            central = chain(plasma) - cl / v * plasma - out[0] - out[1]
            return np.concatenate([central, chain(two) + out[0], chain(three) + out[1]])

        start = np.concatenate([1000 * measured_dar(LOT), np.zeros(16)])
        days = [0.5, 3, 10, 21]
        answer = solve_ivp(flow, (0, 21), start, t_eval=days, rtol=1e-10, atol=1e-12).y[:8].T / v
        total = bolus_mg_L(1000, cl, v, [(q2, v2), (q3, v3)], days)
        assert analytes_after_bolus(days, total, LOT, MONKEY).by_dar_nM == pytest.approx(answer, rel=1e-6)

    def test_bolus_meets_two_compartments(self, t_dm1):
        """A very short infusion into the model of ``pharmacokinetics``."""
        days = np.linspace(0.1, 21, 30)
        course = simulate(t_dm1, Regimen(dose_mg=250, interval_d=21, infusion_d=1e-6), days)
        assert bolus_mg_L(250, 0.676, 3.127, [(1.534, 0.66)], days) == pytest.approx(
            course.conc_mg_L, rel=1e-4
        )
        assert bolus_mg_L(10, 0, 5, [], [0, 9]) == pytest.approx([2, 2])


class TestReleased:
    dxd = ReleasedDrug(0.0159 * 24, 19.2 * 24, 17 * 1.6, mass_ratio(8, 493.5, 156), -0.137, 0.830)

    def test_against_lsoda(self, t_dxd):
        course = simulate(t_dxd, Regimen.every(21, dose_mg_per_kg=5.4, n_doses=1, infusion_d=1.5 / 24))
        fed = lambda t: self.dxd.rate_per_d * course.conc_at(t) * 2.77 * self.dxd.mass_ratio  # noqa: E731
        answer = solve_ivp(
            lambda t, y: fed(t) - self.dxd.cl_L_d / self.dxd.v_L * y, (0, 21), [0.0], method="LSODA",
            t_eval=[0.1, 0.3, 2, 20], rtol=1e-8, atol=1e-14, max_step=0.05,
        )  # fmt: skip
        found = released(course, self.dxd, [0.1, 0.3, 2, 20]).conc_mg_L
        assert found == pytest.approx(answer.y[0] / self.dxd.v_L, rel=1e-3)

    def test_free_drug_is_fed_by_the_conjugate(self, t_dxd):
        """It leaves in an hour but lasts for weeks; as much leaves as is set free; later doses release less."""
        course = simulate(t_dxd, Regimen.every(21, dose_mg_per_kg=5.4, n_doses=3))
        free = released(course, self.dxd)
        area = np.trapezoid(free.conc_mg_L[free.times_d <= 21], free.times_d[free.times_d <= 21])
        fed = self.dxd.rate_per_d * course.auc(0, 21) * 2.77 * self.dxd.mass_ratio
        assert area * self.dxd.cl_L_d == pytest.approx(fed, rel=0.01)
        late = released(course, self.dxd, [20, 62]).conc_mg_L / course.conc_at([20, 62])
        assert late[1] / late[0] == pytest.approx(0.83 * 3**-0.137, rel=0.01)
        assert 1e6 * free.conc_mg_L.max() == pytest.approx(6000, rel=0.1)  # ng/L, with 8 copies of 493.5 Da

    def test_mass_ratio(self):
        assert mass_ratio(8, 493.5, 156) == pytest.approx(0.0253, rel=0.001)


class TestTherapeuticIndex:
    def test_steepness_decides_where_the_index_is_silent(self):
        flat = DoseResponse(100, 1), DoseResponse(10, 1)
        steep = DoseResponse(100, 8), DoseResponse(10, 8)
        assert therapeutic_index(*flat) == therapeutic_index(*steep) == pytest.approx(10)
        assert therapeutic_index(*flat, 0.01, 0.99) < 1 < therapeutic_index(*steep, 0.01, 0.99)

    @given(st.floats(0.01, 1000), st.floats(0.5, 10), st.floats(0.01, 0.99))
    def test_there_and_back(self, half, hill, share):
        curve = DoseResponse(half, hill)
        assert curve.at(curve.dose_for(share)) == pytest.approx(share)
        assert curve.at(0) == 0 and curve.at(half) == pytest.approx(0.5)

    def test_arrays(self):
        assert DoseResponse(10, 2).at(np.array([0, 10, 1e9])) == pytest.approx([0, 0.5, 1])


lasting = PKParameters("drug", "any", 0.5, 3.0, emax=-0.3, t50_d=50, hill=2)
linear = PKParameters("drug", "any", 0.5, 3.0)
once = Regimen(dose_mg=10, interval_d=7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: poisson_dar(-1), "mean_dar is -1: give the mean DAR, between 0 and 50"),
        (lambda: binomial_dar(9, 8), "mean_dar is 9"),
        (lambda: binomial_dar(1, 0), "sites is 0"),
        (lambda: paired_dar(9), "mean_dar is 9"),
        (lambda: site_specific_dar(2, 95), "efficiency is 95"),
        (lambda: measured_dar([2, 13, 23, 62]), "give one fraction for each DAR from 0 on, together 1"),
        (lambda: measured_dar([0.5, -0.1, 0.6]), r"fractions\[1\] is -0.1"),
        (
            lambda: deconjugate([0.5, 0.5], [1, 2], 0),
            r"rates_per_d has the shape \(2,\): give one rate, or 1",
        ),
        (lambda: deconjugate([0.5, 0.5], -1, 0), "rates_per_d is -1"),
        (lambda: deconjugate([0.5, 0.5], 1, -1), "times_d is -1"),
        (lambda: deconjugate([0.5, 0.4], 1, 1), "together 1"),
        (lambda: independent_losses(float("nan"), 3), "rate_per_d is nan"),
        (lambda: analytes(simulate(lasting, once), [0.5, 0.5], 1), "clearance that is constant"),
        (lambda: analytes(simulate(linear, once), [0.5, 0.5], 1, [-8]), r"times_d\[0\] is -8"),
        (lambda: analytes_after_bolus([0, 1], [1], [0.5, 0.5], 1), "total_nM has the shape"),
        (lambda: bolus_mg_L(1, 1, 0, [], 1), "v1_L is 0"),
        (lambda: bolus_mg_L(1, 1, 1, [1, 2], 1), "give pairs of a flow and a volume"),
        (lambda: bolus_mg_L(1, 1, 1, [(1, 0)], 1), "exchanges.* is 0"),
        (lambda: ReleasedDrug(1, 0, 1, 0.1), "cl_L_d is 0"),
        (lambda: ReleasedDrug(1, 1, 1, 8), "mass_ratio is 8"),
        (lambda: released(simulate(linear, once), ReleasedDrug(1, 1, 1, 0.1), [8]), r"times_d\[0\] is 8"),
        (lambda: mass_ratio(8, 493.5, 0), "conjugate_kDa is 0"),
        (lambda: DoseResponse(0), "half is 0"),
        (lambda: DoseResponse(1).dose_for(1), "share is 1"),
        (lambda: DoseResponse(1).at(-1), "dose is -1"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
