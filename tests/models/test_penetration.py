"""Penetration: computed values (L3-P8 to L3-P11), analytic limits, an independent solver, and messages."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.penetration import (
    Binder,
    Plasma,
    Tumour,
    available_fraction,
    clearance_modulus,
    exchange_per_d,
    loss_per_d,
    molecular_radius_nm,
    penetrate,
    penetration_um,
    percent_injected_per_g,
    permeability_cm_s,
    plasma_clearance_per_d,
    saturated_fraction,
    size_uptake,
    thiele_modulus,
    uptake,
)

PER_NM_D = 1e6 * 1e-9 * 86_400  # 10⁶/(M s)


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


@pytest.fixture(scope="module")
def tumour() -> Tumour:
    """Thurber & Wittrup 2012 (doi:10.1016/j.jtbi.2012.08.034): antigen is taken in with a half-life of 15 h."""
    return Tumour(
        capillary_um=8, krogh_um=75, void=0.24, antigen_nM=1000, internalisation_per_d=math.log(2) * 24 / 15
    )


@pytest.fixture(scope="module")
def antibody() -> Binder:
    """An IgG of 1 nM, same source; kon of 10⁶/(M s) binds as good as at once."""
    return Binder(kd_nM=1, permeability_cm_s=3e-7, diffusion_um2_s=10, kon_per_nM_d=PER_NM_D)


@pytest.fixture(scope="module")
def mouse_plasma() -> Plasma:
    """IgG in mice, same source."""
    return Plasma(100, (0.6, 0.4), (5, 0.05))


class TestPublishedValues:
    def test_l3_p8_uptake_of_an_igg(self, tumour, antibody, mouse_plasma):
        """L3-P8: calculated; K_D 1 nM, Ag/void 100 nM, 2 mL of plasma: %ID/g at 1, 3, 7 d, and the peak."""
        scarce = replace(tumour, antigen_nM=24)
        days = np.linspace(0, 10, 1001)
        found = percent_injected_per_g(uptake(scarce, antibody, mouse_plasma, days), 100, 2)
        assert found[[100, 300, 700]] == pytest.approx([10.50, 11.72, 9.84], rel=0.005)
        assert found.max() == pytest.approx(11.80, rel=0.005)
        assert days[found.argmax()] == pytest.approx(2.44, abs=0.02)
        assert exchange_per_d(scarce, antibody) == pytest.approx(0.737, rel=0.001)

    def test_quiz_tighter_binding_changes_almost_nothing(self, tumour, antibody, mouse_plasma):
        """L3 quiz 3: K_D 0.1 instead of 1 nM, Ag/void 100 nM, three days."""
        scarce = replace(tumour, antigen_nM=24)
        loose, tight = (uptake(scarce, replace(antibody, kd_nM=kd), mouse_plasma, 3) for kd in (1, 0.1))
        assert 0.99 < tight / loose < 1

    def test_l3_p9_permeability_by_size(self):
        """L3-P9: Schmidt & Wittrup 2009 (PMC4078872); IgG 4.84 nm, single-chain fragment 2.66 nm."""
        radius = molecular_radius_nm([150, 25])
        assert radius == pytest.approx([4.84, 2.66], rel=0.002)
        assert permeability_cm_s(radius) == pytest.approx([3.87e-7, 1.04e-6], rel=0.02)
        assert available_fraction(radius[0]) == pytest.approx(0.24, abs=0.002)

    def test_l3_p9_uptake_has_a_valley_near_25_kda(self):
        """L3-P9: about 25 kDa (Schmidt & Wittrup 2009); 26.4 ± 3 kDa calculated.

        The sigmoid clearance gives 27.7 kDa. The dossier's 26.4 came from the cubic with a drag formula that
        breaks off at 0.6 of the pore (25.9 kDa): the valley is that break. With the drag of this module,
        which has no break, the cubic has its valley at 34 kDa: that row is not reached.
        """
        masses = np.geomspace(5, 180, 2000)
        given = {
            "kd_nM": 1,
            "antigen_nM": 100,
            "internalisation_per_d": 1.109,
            "time_d": 1,
            "capillary_um": 8,
            "krogh_um": 75,
        }
        assert masses[size_uptake(masses, **given).argmin()] == pytest.approx(26.4, abs=3)
        assert masses[size_uptake(masses, **given, fit="cubic").argmin()] == pytest.approx(34.5, abs=1)

    def test_l3_p10_profile_against_mass_balance(self, tumour, antibody):
        """L3-P10: calculated; C_p 300 nM: radius 33.4 (profile) and 34.4 µm (balance), occupancy 0.200 and
        0.202. At rest, after two weeks: 34.2 µm and 0.199.
        """
        assert penetration_um(tumour, antibody, 300) == pytest.approx(34.4, rel=0.005)
        assert saturated_fraction(tumour, antibody, 300) == pytest.approx(0.202, rel=0.005)
        profile = penetrate(tumour, antibody, Plasma(300), 14)
        assert profile.filled_um[-1] == pytest.approx(33.4, rel=0.05)
        assert profile.mean_occupancy[-1] == pytest.approx(0.200, rel=0.05)

    def test_l3_p11_the_binding_site_barrier(self, tumour, antibody):
        """L3-P11: calculated; C_p 100 nM, three days: as much in all, flatter. At the vessel and at the edge."""
        tight, loose = (
            penetrate(tumour, replace(antibody, kd_nM=kd), Plasma(100), 3, cells=100, steps=64)
            for kd in (0.1, 10)
        )
        assert tight.mean_occupancy[-1] == pytest.approx(0.0644, rel=0.05)
        assert loose.mean_occupancy[-1] == pytest.approx(0.0635, rel=0.05)
        assert tight.occupancy[-1, 0] == pytest.approx(0.87, abs=0.01)
        assert tight.occupancy[-1, -1] < 0.001
        assert loose.occupancy[-1, [0, -1]] == pytest.approx([0.17, 0.05], abs=0.005)

    def test_exercises(self, tumour, antibody):
        """L3 exercises 2 and 5: 61.7 µm; twice the dose reaches twice the area."""
        scarce = replace(tumour, antigen_nM=100)
        assert penetration_um(scarce, antibody, 100) == pytest.approx(61.7, rel=0.001)
        area = penetration_um(scarce, antibody, [50, 100]) ** 2 - 8**2
        assert area[1] / area[0] == pytest.approx(2)

    def test_quiz_ten_times_the_occupancy(self, tumour, antibody):
        """L3 quiz 4: ten times the dose or a tenth of the internalisation, not ten times the affinity."""
        plain = saturated_fraction(tumour, antibody, 10)
        slow = replace(tumour, internalisation_per_d=tumour.internalisation_per_d / 10)
        assert saturated_fraction(tumour, antibody, 100) == pytest.approx(10 * plain)
        assert saturated_fraction(slow, antibody, 10) == pytest.approx(10 * plain)
        assert saturated_fraction(tumour, replace(antibody, kd_nM=0.1), 10) == plain


class TestBalance:
    def test_moduli(self, tumour, antibody, mouse_plasma):
        phi2 = thiele_modulus(tumour, antibody, 300)
        assert 1 / phi2 == pytest.approx(saturated_fraction(tumour, antibody, 300))
        # A plasma level that lasts 1/ke offers as much as the tissue takes in of one filling.
        lasting = Plasma(300, (1.0,), (tumour.internalisation_per_d,))
        assert clearance_modulus(tumour, antibody, lasting) == pytest.approx(phi2)
        assert clearance_modulus(tumour, antibody, Plasma(300)) == 0
        assert clearance_modulus(tumour, antibody, mouse_plasma) > 0

    def test_ends(self, tumour, antibody):
        assert penetration_um(tumour, antibody, 0) == 8
        assert saturated_fraction(tumour, antibody, 0) == 0
        assert saturated_fraction(tumour, antibody, 1e6) == 1
        still = replace(tumour, internalisation_per_d=0)
        assert penetration_um(still, antibody, 1) == math.inf
        assert saturated_fraction(still, antibody, 1) == 1
        assert penetration_um(still, antibody, 0) == 8

    @given(decades(-2, 4), decades(0, 4), decades(-2, 1), decades(-8, -5))
    def test_radius_and_fraction_say_the_same(self, plasma, antigen, intake, permeability):
        tumour = Tumour(8, 75, 0.24, antigen, intake)
        binder = Binder(1, permeability)
        area = penetration_um(tumour, binder, plasma) ** 2 - 64
        assert min(1, area / (75**2 - 64)) == pytest.approx(
            saturated_fraction(tumour, binder, plasma), abs=1e-9
        )


class TestUptake:
    @given(decades(-3, 3), decades(0, 4), decades(-2, 1), decades(-2, 1), st.floats(0, 30))
    def test_it_solves_its_equation(self, kd, antigen, intake, rate, day):
        tumour, binder = Tumour(8, 75, 0.24, antigen, intake), Binder(kd, 3e-7)
        plasma = Plasma(10, (0.3, 0.7), (rate, 0.0))
        h = 1e-4
        before, here, after = uptake(tumour, binder, plasma, np.array([day, day + h, day + 2 * h]))
        slope = exchange_per_d(tumour, binder) * plasma.at(day + h) - loss_per_d(tumour, binder) * here
        assert (after - before) / (2 * h) == pytest.approx(slope, rel=1e-3, abs=1e-4)

    def test_equal_rates(self, tumour, antibody):
        """Where plasma and tissue lose at the same rate: kex·c0·t·exp(−Ω·t)."""
        omega = loss_per_d(tumour, antibody)
        expected = exchange_per_d(tumour, antibody) * 5 * 2 * math.exp(-2 * omega)
        for nudge in (0, 1e-12, -1e-9):
            assert uptake(tumour, antibody, Plasma(5, (1.0,), (omega + nudge,)), 2) == pytest.approx(expected)

    def test_rest_and_start(self, tumour, antibody):
        assert uptake(tumour, antibody, Plasma(5), 0) == 0
        rest = 5 * exchange_per_d(tumour, antibody) / loss_per_d(tumour, antibody)
        assert uptake(tumour, antibody, Plasma(5), 1000) == pytest.approx(rest)

    def test_the_profile_has_the_same_mean_while_antigen_is_in_excess(self, tumour, antibody):
        """A tight binder that hardly fills its antigen: what comes in stays until it is taken in."""
        plasma = Plasma(1, (0.6, 0.4), (5, 0.05))
        profile = penetrate(tumour, antibody, plasma, 5, cells=60, steps=64)
        expected = uptake(tumour, antibody, plasma, profile.times_d)
        assert profile.tissue_nM == pytest.approx(expected, rel=0.02, abs=1e-4)


class TestProfile:
    def by_lsoda(self, profile, end_d):
        """The same equations on the same rings by ``solve_ivp``, written out anew."""
        t, b, r = profile.tumour, profile.binder, profile.radius_um
        n = len(r)
        edges = t.capillary_um + (t.krogh_um - t.capillary_um) * np.linspace(0, 1, n + 1) ** 1.5
        area, d = (edges[1:] ** 2 - edges[:-1] ** 2) / 2, t.void * b.diffusion_um2_s * 86_400
        permeability = b.permeability_cm_s * 1e4 * 86_400 * t.capillary_um
        into_first = 1 / (1 / permeability + np.log(r[0] / edges[0]) / d)

        def slope(time, y):
            free, bound = y[:n], y[n:]
            flow = np.zeros(n + 1)
            flow[0] = into_first * (profile.plasma.at(time) - free[0])
            flow[1:-1] = d * (free[:-1] - free[1:]) / np.log(r[1:] / r[:-1])
            on = b.kon_per_nM_d * (free * (t.antigen_nM - bound) - b.kd_nM * bound)
            return np.concatenate(
                [(-np.diff(flow) / area - on) / t.void, on - t.internalisation_per_d * bound]
            )

        path = solve_ivp(slope, (0, end_d), np.zeros(2 * n), "LSODA", rtol=1e-8, atol=1e-8, lband=n, uband=n)
        return path.y[:n, -1], path.y[n:, -1]

    @pytest.mark.parametrize("kd", [0.1, 1, 30])
    @pytest.mark.parametrize(("level", "rate"), [(100, 0.0), (3000, 0.3)])
    def test_defaults_agree_with_an_independent_solver(self, tumour, antibody, kd, level, rate):
        """Same rings, other steps: what is left is the error of the steps in time."""
        plasma, binder = Plasma(level, (1.0,), (rate,)), replace(antibody, kd_nM=kd)
        profile = penetrate(tumour, binder, plasma, 3)
        free, bound = self.by_lsoda(profile, 3)
        assert profile.occupancy[-1] == pytest.approx(bound / tumour.antigen_nM, abs=0.005)
        assert profile.free_nM[-1] == pytest.approx(free, abs=0.005 * level)
        assert np.abs(profile.occupancy[-1] - bound / tumour.antigen_nM).max() < 3 * profile.time_error + 1e-4

    def test_the_documented_error_of_the_defaults(self):
        """Thirty tumours, molecules and doses far apart: 0.02 at every depth, 0.002 in the mean."""
        rng = np.random.default_rng(1)
        for _ in range(30):
            kd, antigen, level = 10 ** rng.uniform([-2, 1.5, 0.5], [2, 3.7, 4])
            intake, permeability, kon, end = 10 ** rng.uniform([-1.5, -7, 0.5, -1], [0.7, -6, 2, 1.2])
            plasma = Plasma(level, (1.0,), (rng.choice([0, 0.05, 0.5]),))
            given = Tumour(8, 75, 0.24, antigen, intake), Binder(kd, permeability, 10, kon), plasma, end
            rough, fine = penetrate(*given), penetrate(*given, cells=120, steps=120)
            there = np.interp(rough.radius_um, fine.radius_um, fine.occupancy[-1])
            assert rough.occupancy[-1] == pytest.approx(there, abs=0.02)
            assert rough.mean_occupancy[-1] == pytest.approx(fine.mean_occupancy[-1], abs=0.002)

    def test_without_antigen_it_fills_evenly(self, tumour, antibody):
        """Diffusion alone: the tissue comes to the level of plasma, at rest to the last digit."""
        bare = replace(tumour, antigen_nM=0)
        profile = penetrate(bare, antibody, Plasma(50), 100)
        assert profile.free_nM[-1] == pytest.approx(50, rel=1e-6)
        assert profile.occupancy.max() == 0
        # Early the wall is the slowest step: free antibody rises as 1 − exp(−kex·t/void), nearly.
        early = penetrate(bare, antibody, Plasma(50), 0.3, steps=64)
        pace = exchange_per_d(bare, antibody) / bare.void * 75**2 / (75**2 - 64)
        assert early.tissue_nM[-1] / (50 * bare.void) == pytest.approx(1 - math.exp(-pace * 0.3), rel=0.05)

    def test_weak_binding_at_rest_is_a_bessel_function(self, tumour, antibody):
        """Far from saturation at rest: void·D·∇²c = (ke·Ag/(K_D + ke/kon))·c, solved in Bessel functions."""
        from scipy.special import iv, kv

        loose = replace(antibody, kd_nM=1e5)
        kappa = tumour.internalisation_per_d * tumour.antigen_nM
        kappa /= loose.kd_nM + tumour.internalisation_per_d / loose.kon_per_nM_d
        d = tumour.void * loose.diffusion_um2_s * 86_400
        m, wall = math.sqrt(kappa / d), loose.permeability_um_d

        def shape(r):
            return iv(0, m * r) * kv(1, m * 75) + kv(0, m * r) * iv(1, m * 75)

        fall = m * (iv(1, m * 8) * kv(1, m * 75) - kv(1, m * 8) * iv(1, m * 75))
        profile = penetrate(tumour, loose, Plasma(1), 200, cells=100, steps=100)
        expected = wall * shape(profile.radius_um) / (wall * shape(8) - d * fall)
        assert profile.free_nM[-1] == pytest.approx(expected, rel=1e-3)

    def test_all_is_full_without_intake(self, tumour, antibody):
        still = replace(tumour, internalisation_per_d=0, antigen_nM=20)
        profile = penetrate(still, antibody, Plasma(1000), 30)
        assert profile.occupancy[-1] == pytest.approx(1000 / 1001, rel=1e-3)
        assert profile.filled_um[-1] == pytest.approx(75, rel=1e-3)

    @settings(deadline=None, max_examples=60)
    @given(decades(-3, 4), decades(-1, 5), decades(-1, 5), decades(-2, 1), decades(-8, -5), decades(-1, 3))
    def test_any_profile_is_possible(self, kd, antigen, level, intake, permeability, kon):
        tumour = Tumour(8, 75, 0.24, antigen, intake)
        profile = penetrate(tumour, Binder(kd, permeability, 10, kon), Plasma(level), 3)
        assert np.isfinite(profile.free_nM).all()
        assert (profile.free_nM >= 0).all()
        assert (profile.free_nM <= level * (1 + 0.05)).all()
        assert ((profile.occupancy >= 0) & (profile.occupancy <= 1)).all()
        assert (np.diff(profile.bound_nM[-1]) <= 0.02 * antigen).all()
        assert profile.weights.sum() == pytest.approx(1)

    @settings(deadline=None, max_examples=25)
    @given(decades(-2, 2), decades(1, 4), decades(0, 4), decades(-1, 1))
    def test_antibody_is_accounted_for(self, kd, antigen, level, intake):
        """What crossed the wall is in the tissue or was taken in."""
        tumour = Tumour(8, 75, 0.24, antigen, intake)
        profile = penetrate(tumour, Binder(kd, 3e-7, 10, PER_NM_D), Plasma(level), 3, cells=40, steps=128)
        edge = tumour.capillary_um
        # From plasma to the middle of the first ring: wall and half a ring, one after the other.
        d = tumour.void * 10 * 86_400
        path = 1 / (1 / (3e-7 * 1e4 * 86_400 * edge) + np.log(profile.radius_um[0] / edge) / d)
        inflow = 2 * path * (level - profile.free_nM[:, 0]) / (75**2 - 64)
        eaten = tumour.internalisation_per_d * (profile.bound_nM @ profile.weights)
        gained = np.trapezoid(inflow - eaten, profile.times_d)
        assert profile.tissue_nM[-1] == pytest.approx(gained, rel=0.03, abs=1e-3 * level)


class TestSize:
    def test_pores_close(self):
        radius = np.array([4.4, 4.5, 4.6, 499, 500, 600])
        found = permeability_cm_s(radius)
        assert (found[:4] > 0).all()
        assert found[-2:].tolist() == [0, 0]
        assert (np.diff(permeability_cm_s(np.linspace(0.5, 400, 4000))) < 0).all()

    def test_space_shrinks_with_size(self):
        assert available_fraction(1e-9) == pytest.approx(0.5)
        assert (np.diff(available_fraction(np.linspace(0.1, 2000, 500))) <= 0).all()

    @pytest.mark.parametrize(("fit", "largest_nm"), [("sigmoid", 50), ("cubic", 5.2)])
    def test_kidneys_clear_small_molecules(self, fit, largest_nm):
        clearance = plasma_clearance_per_d(np.linspace(0.8, largest_nm, 100), fit)
        assert (np.diff(clearance) < 0).all()
        assert (clearance > 0).all()

    def test_affinity_counts_for_the_small(self):
        """Ten thousand times tighter: everything for 10 kDa, little for an IgG."""
        given = {
            "antigen_nM": 100,
            "internalisation_per_d": 0.1,
            "time_d": 1,
            "capillary_um": 8,
            "krogh_um": 75,
        }
        gain = size_uptake([10, 150], kd_nM=0.1, **given) / size_uptake([10, 150], kd_nM=1000, **given)
        assert gain[0] > 5 * gain[1] > 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t, b: replace(t, krogh_um=8), r"krogh_um is 8: give more than capillary_um \(8\)"),
        (lambda t, b: replace(t, void=0), "void is 0"),
        (lambda t, b: replace(t, void=1.2), "void is 1.2"),
        (lambda t, b: replace(t, antigen_nM=-1), "antigen_nM is -1"),
        (lambda t, b: replace(b, kd_nM=0), "kd_nM is 0"),
        (lambda t, b: Plasma(1, (0.5,), (1.0,)), "fractions is .*: give one for each rate, 1 in all"),
        (lambda t, b: Plasma(1, (1.0,), ()), "fractions is"),
        (lambda t, b: Plasma(-1), "c0_nM is -1"),
        (lambda t, b: penetration_um(t, b, -1), "plasma_nM is -1"),
        (lambda t, b: uptake(t, b, Plasma(1), -1), "times_d is -1"),
        (lambda t, b: penetrate(t, b, Plasma(1), 0), "end_d is 0"),
        (lambda t, b: penetrate(t, b, Plasma(1), 1, cells=3), "cells is 3"),
        (lambda t, b: penetrate(t, replace(b, kon_per_nM_d=None), Plasma(1), 1), "kon_per_nM_d is None"),
        (
            lambda t, b: penetrate(replace(t, antigen_nM=[1, 2]), b, Plasma(1), 1),
            "antigen_nM is .*one number",
        ),
        (lambda t, b: percent_injected_per_g(1, 0, 2), "plasma_start_nM is 0"),
        (lambda t, b: molecular_radius_nm(0), "mass_kDa is 0"),
        (lambda t, b: plasma_clearance_per_d(1, "line"), "fit is 'line'"),
        (lambda t, b: plasma_clearance_per_d(20, "cubic"), "radius_nm is 20"),
    ],
)
def test_bad_input_says_what_to_pass(tumour, antibody, call, message):
    with pytest.raises(ValueError, match=message):
        call(tumour, antibody)
