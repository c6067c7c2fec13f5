"""Fc receptors: published affinities (L3-P1), competition, the coated cell, properties, and messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunolab.models.binding import Reaction, equilibrium, kd_2d, nM_from_mg_per_L
from immunolab.models.effector import (
    affinity_ratio,
    binding_energy_gap_kcal,
    contact_occupancy,
    fc_occupancy,
    kd_uM_from_ka,
)

# Bruhns 2009, doi:10.1182/blood-2008-09-179754: IgG1, in 1/M.
IGG1 = {"RI": 6.5e7, "IIA-H131": 5.2e6, "IIB": 1.2e5, "IIIA-F158": 1.17e6, "IIIA-V158": 2.0e6}


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


class TestPublishedValues:
    def test_l3_p1_dissociation_constants_of_igg1(self):
        """L3-P1: Bruhns 2009."""
        found = [kd_uM_from_ka(ka) for ka in IGG1.values()]
        assert found == pytest.approx([0.0154, 0.192, 8.33, 0.855, 0.50], rel=0.01)

    def test_l3_p1_the_two_variants_differ_little(self):
        """L3-P1: V158 over F158 is 1.709-fold, 0.330 kcal/mol."""
        strong, weak = IGG1["IIIA-V158"], IGG1["IIIA-F158"]
        assert affinity_ratio(strong, weak) == pytest.approx(1.709, rel=0.01)
        assert binding_energy_gap_kcal(strong, weak) == pytest.approx(0.330, rel=0.01)

    def test_activating_over_inhibiting(self):
        assert affinity_ratio(IGG1["IIIA-V158"], IGG1["IIB"]) == pytest.approx(16.7, rel=0.01)

    def test_exercise_alone_and_in_serum(self):
        """L3 exercise 1: 10 µg/mL of IgG1 (148 kDa) at FcγRIIIA-V158, alone and beside 44.6 µM of IgG1."""
        drug = nM_from_mg_per_L(10, 148)
        ka = {"drug": IGG1["IIIA-V158"], "own IgG1": IGG1["IIIA-V158"]}
        assert fc_occupancy({"drug": drug}, ka)["drug"] == pytest.approx(0.119, rel=0.01)
        both = fc_occupancy({"drug": drug, "own IgG1": 44_600}, ka)
        assert both["drug"] == pytest.approx(0.0015, rel=0.01)
        assert both["own IgG1"] > 0.98

    def test_a_coat_wins_where_free_antibody_fails(self):
        """The same receptor in the same serum, facing 300 Fc ends/µm²: half of it is held, not 0.15 %."""
        ka, serum = IGG1["IIIA-V158"], IGG1["IIIA-V158"] * 44.6e-6
        assert contact_occupancy(300, 100, ka, competing=serum) > 100 * 0.0015


class TestFcOccupancy:
    @given(
        st.lists(st.tuples(st.one_of(st.just(0.0), decades(-3, 7)), st.one_of(st.just(0.0), decades(2, 9))))
    )
    def test_shares_obey_mass_action(self, pairs):
        names = [f"IgG {i}" for i in range(len(pairs))]
        conc = {name: pair[0] for name, pair in zip(names, pairs, strict=True)}
        ka = {name: pair[1] for name, pair in zip(names, pairs, strict=True)}
        held = fc_occupancy(conc, ka)
        empty = 1 - sum(held.values())
        assert -1e-12 <= empty <= 1
        for name in names:
            assert held[name] * (1 + sum(conc[n] * ka[n] * 1e-9 for n in names)) == pytest.approx(
                conc[name] * ka[name] * 1e-9
            )

    def test_arrays_and_no_affinity(self):
        found = fc_occupancy({"IgG2": np.array([0, 1e3, 1e6])}, {"IgG2": 0.0, "unused": 1e6})
        assert found["IgG2"].tolist() == [0, 0, 0]
        assert fc_occupancy({}, {}) == {}

    def test_afucosylation_is_a_factor_on_the_affinity(self):
        """Bruhns 2009: 2 to 2.7-fold at FcγRIIIA."""
        plain, tuned = (fc_occupancy({"drug": 10}, {"drug": f * 2e6})["drug"] for f in (1, 2.7))
        assert 2 < tuned / plain < 2.7


class TestContact:
    @given(decades(-2, 4), decades(-2, 4), decades(3, 9), st.one_of(st.just(0.0), decades(-2, 4)))
    def test_it_is_the_network_of_one_reaction(self, coat, receptors, ka, rival):
        kd = kd_2d(1e6 / ka) * (1 + rival)
        found = equilibrium({"Fc": coat, "R": receptors}, [Reaction(("Fc", "R"), "Fc:R", kd)])
        assert contact_occupancy(coat, receptors, ka, competing=rival) == pytest.approx(
            found["Fc:R"] / receptors, rel=1e-6
        )

    def test_ends(self):
        assert contact_occupancy(0, 100, 2e6) == 0
        assert contact_occupancy(100, 100, 0) == 0
        assert contact_occupancy([1e9, 50], 100, 1e12) == pytest.approx([1, 0.5], rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kd_uM_from_ka(-1), "ka_per_M is -1: give the association constant in 1/M, 0 or more"),
        (lambda: binding_energy_gap_kcal(0, 1), "stronger_ka_per_M is 0"),
        (lambda: binding_energy_gap_kcal(1, 1, 0), "temperature_K is 0"),
        (lambda: fc_occupancy({"drug": 1}, {}), "ka_per_M is without drug"),
        (lambda: fc_occupancy({"drug": -1}, {"drug": 1}), r"conc_nM\['drug'\] is -1"),
        (lambda: contact_occupancy(1, 0, 1), "receptor_um2 is 0"),
        (lambda: contact_occupancy(1, 1, 1, competing=-1), "competing is -1"),
        (lambda: affinity_ratio(1, 0), "inhibiting_ka_per_M is 0"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_no_affinity_is_an_infinite_dissociation_constant():
    assert kd_uM_from_ka(0) == np.inf
    assert kd_uM_from_ka([0, 1e6]).tolist() == [np.inf, 1]
