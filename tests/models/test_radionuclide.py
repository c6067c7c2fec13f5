"""Radionuclides: published and computed values (L4-P7, L4-P8), Monte Carlo of others, limits, and messages."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolab.models.radionuclide import (
    MBq_from_mCi,
    Nuclide,
    absorbed_dose_Gy,
    activity,
    administered_MBq,
    beta_energies_MeV,
    cumulated_activity_MBq_h,
    decays_in_place,
    effective_half_life,
    electron_range_mm,
    sphere_absorbed_fraction,
    sphere_mass_g,
    straight_absorbed_fraction,
)

one_percent = {"rel": 0.01}
# PMC2929518, table 2; EJNMMI Physics 7, table 1; doi:10.1186/2191-219X-1-29, table 1.
Y90 = Nuclide("Y-90", 64.1, 0.937, 2.28)
LU177 = Nuclide("Lu-177", 159.5, 0.1479, 0.49)
I131 = Nuclide("I-131", 8.02 * 24, 0.190, 0.64)
positive_number = st.floats(1e-3, 1e4)


class TestPublishedValues:
    @pytest.mark.parametrize(
        ("organ", "cumulated_kBq_s", "mass_g", "fraction", "dose_mGy"),
        [
            ("kidneys", 161544, 0.34, 0.919, 0.17),
            ("liver", 313027, 1.2, 0.954, 0.10),
            ("lungs", 217091, 0.15, 0.85, 0.49),
            ("spleen", 49087, 0.079, 0.854, 0.21),
        ],
    )
    def test_l4_p7_iodine_in_mice(self, organ, cumulated_kBq_s, mass_g, fraction, dose_mGy):
        """L4-P7: the kidneys, and the other three organs of the table (doi:10.1186/2191-219X-1-29, table 1).

        Cumulated activity is printed per MBq injected; 13 kBq were. Printed doses have two digits.
        """
        per_MBq = cumulated_kBq_s / 1000 / 3600
        dose = absorbed_dose_Gy(0.013 * per_MBq, 0.190, mass_g, fraction) * 1000
        assert dose == pytest.approx(dose_mGy, rel=0.03)

    @pytest.mark.parametrize(("nuclide", "dose"), [(Y90, 49.98), (LU177, 19.63), (I131, 30.43)])
    def test_l4_p8_one_megabecquerel_in_one_gram(self, nuclide, dose):
        """L4-P8: calculated; all decays and all energy stay."""
        decays = cumulated_activity_MBq_h(1, nuclide.half_life_h)
        assert absorbed_dose_Gy(decays, nuclide.energy_MeV, 1) == pytest.approx(dose, **one_percent)

    def test_exercises(self):
        """Y-90 with a biological half-life of 168 h: 46.4 h, 72.4 %; 2 % of 500 MBq Lu-177 in 80 g: 1.26 Gy."""
        assert effective_half_life(64.1, 168) == pytest.approx(46.4, **one_percent)
        assert decays_in_place(64.1, 168) == pytest.approx(0.724, **one_percent)
        decays = cumulated_activity_MBq_h(0.02 * 500, effective_half_life(159.5, 168))
        assert absorbed_dose_Gy(decays, 0.1479, 80) == pytest.approx(1.26, **one_percent)

    def test_zevalin(self):
        """0.4 mCi/kg, at most 32 mCi (PMID 14762739)."""
        per_kg, cap = MBq_from_mCi(0.4), MBq_from_mCi(32)
        assert administered_MBq(70, per_kg, cap) == pytest.approx(1036)
        assert administered_MBq([80, 100], per_kg, cap) == pytest.approx([1184, 1184])

    @pytest.mark.parametrize(
        ("radius_mm", "share"), [(1, 0.17), (2.5, 0.39), (10, 0.80), (13.3, 0.85), (16.8, 0.88), (28.7, 0.93)]
    )
    def test_yttrium_in_spheres_against_monte_carlo(self, radius_mm, share):
        """Akabani and Amato with the beta spectrum, as reprinted by Hashempour 2019 (PMC6352054)."""
        assert sphere_absorbed_fraction(2 * radius_mm, Y90) == pytest.approx(share, abs=0.02)

    @pytest.mark.parametrize(("mass_g", "share"), [(0.34, 0.919), (1.2, 0.954), (0.079, 0.854)])
    def test_iodine_in_mouse_organs_against_monte_carlo(self, mass_g, share):
        """Flynn 2001 for kidneys, liver, spleen, as in doi:10.1186/2191-219X-1-29; not spheres, so 0.04."""
        diameter = 10 * (6 * mass_g / math.pi) ** (1 / 3)
        assert sphere_absorbed_fraction(diameter, I131) == pytest.approx(share, abs=0.04)

    def test_ranges_of_the_fastest_electrons(self):
        """12 mm is printed for Y-90 (PMC2929518); a practical range is a little shorter than the way."""
        assert electron_range_mm(2.28) == pytest.approx(12, rel=0.1)
        assert electron_range_mm(0.49) == pytest.approx(1.6, rel=0.05)

    def test_quiz_4_the_cluster_and_the_gram(self):
        """In 1 g Y-90 gives more dose for each MBq, in a cluster of 0.2 mm Lu-177 does."""

        def dose(nuclide, diameter):
            decays = cumulated_activity_MBq_h(1, nuclide.half_life_h)
            share = sphere_absorbed_fraction(diameter, nuclide)
            return absorbed_dose_Gy(decays, nuclide.energy_MeV, sphere_mass_g(diameter), share)

        assert dose(Y90, 12.4) > dose(LU177, 12.4)
        assert dose(LU177, 0.2) > 3 * dose(Y90, 0.2)


class TestTime:
    @given(positive_number, positive_number)
    def test_two_ways_out_are_faster_than_one(self, physical, biological):
        both = effective_half_life(physical, biological)
        assert both < min(physical, biological)
        assert both == pytest.approx(physical * biological / (physical + biological))
        assert both == pytest.approx(effective_half_life(biological, physical))

    def test_what_never_leaves_only_decays(self):
        assert effective_half_life(64.1) == 64.1 and decays_in_place(64.1) == 1
        assert effective_half_life(64.1, [math.inf, 64.1]) == pytest.approx([64.1, 32.05])

    @settings(deadline=None)
    @given(st.floats(0.1, 100), st.floats(1, 500), st.floats(0, 0.9))
    def test_cumulated_activity_is_the_area(self, start, half_life, part):
        uptake = part * half_life
        times = np.concatenate([[0], np.geomspace(1e-5, 60, 20_000)]) * half_life
        area = np.trapezoid(activity(times, start, half_life, uptake), times)
        assert cumulated_activity_MBq_h(start, half_life, uptake) == pytest.approx(area, rel=1e-5)

    def test_halves_every_half_life(self):
        assert activity([0, 10, 20], 8, 10) == pytest.approx([8, 4, 2])
        assert activity(0, 8, 10, 1) == 0
        assert isinstance(activity(1, 8, 10), float)


class TestRange:
    @settings(deadline=None)
    @given(st.floats(0.01, 1000), st.sampled_from([Y90, LU177, I131]))
    def test_a_share_grows_with_the_tumour(self, diameter, nuclide):
        smaller, larger = sphere_absorbed_fraction(np.array([diameter, 1.1 * diameter]), nuclide)
        assert 0 < smaller < larger < 1

    def test_limits_of_size(self):
        for nuclide in (Y90, LU177, I131):
            assert sphere_absorbed_fraction(1e4, nuclide) == pytest.approx(1, abs=1e-3)
            tiny = sphere_absorbed_fraction(np.array([0.01, 0.02]), nuclide)
            assert tiny[1] / tiny[0] == pytest.approx(2, rel=0.1)

    @pytest.mark.parametrize("x", [0.1, 1.0, 1.999, 2.0, 5.0])
    def test_straight_tracks_against_a_simulation(self, x):
        """Points anywhere in a sphere of radius 1, any direction, energy lost evenly along the way."""
        rng = np.random.default_rng(1)
        start = rng.standard_normal((200_000, 3))
        start *= (rng.random(200_000) ** (1 / 3) / np.linalg.norm(start, axis=1))[:, None]
        along = start @ np.array([0.0, 0.0, 1.0])
        way_out = -along + np.sqrt(along**2 + 1 - (start**2).sum(axis=1))
        assert straight_absorbed_fraction(2, x) == pytest.approx(np.minimum(way_out / x, 1).mean(), abs=0.003)

    def test_the_pieces_of_the_formula_meet(self):
        assert straight_absorbed_fraction(1, 1 - 1e-9) == pytest.approx(
            straight_absorbed_fraction(1, 1 + 1e-9)
        )
        assert straight_absorbed_fraction(1, 1e-9) == pytest.approx(1)
        assert straight_absorbed_fraction(1, 1) == pytest.approx(3 / 8)

    def test_a_printed_mean_range_misleads(self):
        """Y-90 with 2.8 mm for all its electrons: 0.60 stays in 5 mm, where Monte Carlo finds 0.39."""
        assert straight_absorbed_fraction(5, 2.8) > 0.39 + 0.2

    def test_mass(self):
        assert sphere_mass_g(10) == pytest.approx(0.5236, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Nuclide("x", 0, 1), "half_life_h is 0: give the physical half-life in hours, above 0"),
        (lambda: Nuclide("x", 1, 937), "energy_MeV is 937"),
        (lambda: Nuclide("x", 1, 0.9, 0.8), "energy_MeV is 0.9: give less than max_energy_MeV"),
        (lambda: effective_half_life(-1), "physical is -1"),
        (lambda: effective_half_life(1, 0), "biological is 0"),
        (lambda: effective_half_life(1, float("nan")), "biological is nan"),
        (lambda: activity(-1, 1, 1), "times_h is -1"),
        (lambda: cumulated_activity_MBq_h(1, 10, 10), "uptake_h is 10: give less than half_life_h"),
        (lambda: absorbed_dose_Gy(1, 1, 0), "mass_g is 0"),
        (lambda: absorbed_dose_Gy(1, 1, 1, 1.2), "absorbed_fraction is 1.2"),
        (lambda: administered_MBq(1, 1), "weight_kg is 1"),
        (lambda: MBq_from_mCi(-1), "activity_mCi is -1"),
        (lambda: electron_range_mm(937), "energy_MeV is 937"),
        (lambda: sphere_absorbed_fraction(0, Y90), "diameter_mm is 0"),
        (
            lambda: sphere_absorbed_fraction(1, Nuclide("At-211", 7.2, 6.8)),
            "max_energy_MeV of At-211 is None",
        ),
        (lambda: straight_absorbed_fraction(1, 0), "range_mm is 0"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_energies_of_a_spectrum_have_its_mean_and_end_below_the_largest():
    for nuclide in (Y90, LU177, I131):
        energies = beta_energies_MeV(nuclide, 2000)
        assert np.all(np.diff(energies) > 0) and energies[-1] < nuclide.max_energy_MeV
        assert energies.mean() == pytest.approx(nuclide.energy_MeV, rel=1e-3)
    with pytest.raises(ValueError, match="largest beta energy"):
        beta_energies_MeV(Nuclide("Ra-223", 274, 5.8), 10)
