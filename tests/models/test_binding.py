"""Binding: published and computed values (L1-P11 to L1-P16), limits, properties, and messages."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolab.models.binding import (
    Reaction,
    SynapseDensities,
    avidity_gain,
    bivalent,
    bivalent_occupancy,
    cd28_activation,
    effective_conc_nM,
    effective_kd_nM,
    equilibrium,
    kd_2d,
    kon_2d,
    mg_per_L_from_nM,
    nM_from_mg_per_L,
    occupancy,
    occupancy_for_inhibition,
    patch,
    pd1_engagement,
    pd1_inhibition,
    surface_density_um2,
    synapse,
)
from immunolab.models.pharmacokinetics import Regimen, simulate

one_percent = {"rel": 0.01}


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


class TestUnits:
    @pytest.mark.parametrize(
        ("kd_uM", "flat"),
        [
            (4.0, 7.23),
            (20, 36.1),
            (0.42, 0.759),
            (0.2, 0.361),
            (2.6, 4.70),
            (8.2, 14.8),
            (2.3, 4.16),
            (18.8, 34.0),
            (17, 30.7),
        ],
    )
    def test_l1_p11_affinity_between_membranes(self, kd_uM, flat):
        """L1-P11: calculated from the measured K_D, gap 3 nm."""
        assert kd_2d(kd_uM) == pytest.approx(flat, **one_percent)

    def test_on_and_off_rates_stay_consistent(self):
        """k_off = K_D · k_on must not depend on the geometry."""
        assert kd_2d(8.2, 5) * kon_2d(0.18, 5) == pytest.approx(8.2 * 0.18)

    def test_a_wider_gap_weakens_binding_in_proportion(self):
        assert kd_2d(1.0, 12) == pytest.approx(4 * kd_2d(1.0, 3))

    def test_one_mg_per_litre_of_antibody(self):
        """An IgG of 146 to 150 kDa: 1 µg/mL is 6.7 to 6.85 nM."""
        assert nM_from_mg_per_L(1, 150) == pytest.approx(6.67, **one_percent)
        assert nM_from_mg_per_L(1) == pytest.approx(6.85, **one_percent)

    @given(decades(-6, 6), st.floats(1, 1000))
    def test_units_there_and_back(self, conc, mass):
        assert mg_per_L_from_nM(nM_from_mg_per_L(conc, mass), mass) == pytest.approx(conc)


class TestOccupancy:
    def test_l1_p12_one_arm(self):
        """L1-P12: K_D 4 nM (Brown 2020, PMC7058304) at 0.1, 1, 10 µg/mL of 146 kDa."""
        found = occupancy(nM_from_mg_per_L([0.1, 1, 10]), 4)
        assert found == pytest.approx([0.146, 0.631, 0.945], **one_percent)

    def test_exercise_at_28_mg_per_litre(self):
        assert occupancy(nM_from_mg_per_L(28, 149), 4) == pytest.approx(0.979, abs=0.001)

    def test_l1_p13_one_arm_predicts_too_little_two_arms_too_much(self, nivolumab):
        """L1-P13: Brahmer 2010 (doi:10.1200/JCO.2009.26.7609) measured more than 70 % for two months and
        longer at 0.3 to 10 mg/kg. One arm (K_D 4 nM) fails at the lowest dose, two arms pass everywhere.
        """
        courses = [
            simulate(nivolumab, Regimen(dose_mg_per_kg=dose, interval_d=90)) for dose in (0.3, 1, 3, 10)
        ]
        conc = nM_from_mg_per_L([course.conc_at(57) for course in courses])
        assert occupancy(conc, 4) == pytest.approx([0.48, 0.76, 0.90, 0.97], abs=0.006)
        assert (bivalent_occupancy(conc, 4, density_um2=184) > 0.99).all()

    @given(decades(-4, 5), decades(-4, 5), decades(-3, 4), decades(-2, 4))
    def test_two_arms_hold_better_than_two_separate_ones(self, conc, kd, density, chi):
        two = bivalent_occupancy(conc, kd, density_um2=density, chi=chi)
        assert occupancy(2 * conc, kd) - 1e-12 <= two <= 1

    @given(decades(-4, 5), decades(-4, 5), decades(-3, 4))
    def test_two_arms_obey_their_equation(self, conc, kd, density):
        a, b = 2 * conc / kd, 100 / (2 * kd_2d(kd / 1000))
        free = density * (1 - bivalent_occupancy(conc, kd, density_um2=density))
        held = a * free + 2 * a * b * free**2
        assert free + held == pytest.approx(density, rel=1e-6, abs=1e-9 * density * (1 + a + a * b * density))

    def test_two_arms_on_a_bare_surface_are_two_single_arms(self):
        assert bivalent_occupancy(3, 4, density_um2=0) == pytest.approx(occupancy(6, 4))
        assert bivalent_occupancy(3, 4, density_um2=100, chi=0) == pytest.approx(occupancy(6, 4))

    @given(st.lists(decades(-6, 6), min_size=2, max_size=9), decades(-4, 4), decades(-2, 4))
    def test_more_drug_never_occupies_less(self, concs, kd, density):
        concs = np.sort(concs)
        for filled in (occupancy(concs, kd), bivalent_occupancy(concs, kd, density_um2=density)):
            assert (np.diff(filled) >= -1e-12).all()
            assert ((filled >= 0) & (filled <= 1)).all()

    def test_no_drug_occupies_nothing(self):
        assert occupancy(0, 4) == 0
        assert bivalent_occupancy(0, 4, density_um2=184) == 0

    def test_half_is_occupied_at_kd(self):
        assert occupancy(4.0, 4.0) == 0.5

    def test_arrays_broadcast(self):
        assert occupancy([[1], [2], [3]], [4, 5]).shape == (3, 2)
        assert bivalent_occupancy([1, 2, 3], 4, density_um2=[[10], [20]]).shape == (2, 3)


class TestAvidity:
    def test_exercise_effective_concentration(self):
        """L3 exercise 4: 10⁵ receptors on a cell of 10 µm are 52.9 µM within the 10 nm that an arm reaches."""
        assert surface_density_um2(1e5) == pytest.approx(318.3, rel=1e-3)
        assert effective_conc_nM(surface_density_um2(1e5)) == pytest.approx(52_900, rel=0.001)

    @pytest.mark.parametrize(("effective_nM", "gain"), [(1e3, 100), (1e5, 1e4)])
    def test_gain_of_a_second_arm(self, effective_nM, gain):
        """L3 avidity: K_D 10 nM."""
        assert avidity_gain(10, effective_nM) == pytest.approx(gain, rel=0.001)

    @given(decades(-3, 4), decades(-3, 7))
    def test_a_patch_is_half_full_where_its_gain_says(self, kd, effective):
        half = kd / 2 / avidity_gain(kd, effective)
        assert patch(half, kd, effective).occupancy == pytest.approx(0.5, rel=1e-6)

    @given(decades(-6, 6), decades(-4, 4), st.one_of(st.just(0.0), decades(-3, 7)))
    def test_a_patch_holds_something_or_nothing(self, conc, kd, effective):
        state = patch(conc, kd, effective)
        assert state.empty + state.one_arm + state.bridged + state.two == pytest.approx(1)
        assert state.occupancy >= patch(conc, kd, 0).occupancy - 1e-12
        assert patch(conc, kd, 0).occupancy == pytest.approx(occupancy(2 * conc, kd))

    def test_much_drug_undoes_the_bridges(self):
        """One antibody on each receptor instead of one on both: avidity is lost at high dose, occupancy is not."""
        state = patch(np.array([1, 1e3, 1e7]), 10, 1e4)
        assert np.argmax(state.bridged) == 1 or state.bridged[0] > state.bridged[2]
        assert state.bridged[2] < 0.01 < 0.99 < state.two[2]
        assert (np.diff(state.occupancy) > 0).all()

    @given(decades(-4, 5), decades(-4, 5), decades(-3, 4), decades(-2, 4))
    def test_arms_add_up_and_agree_with_occupancy(self, conc, kd, density, chi):
        state = bivalent(conc, kd, density_um2=density, chi=chi)
        assert state.free + state.one_arm + state.two_arms == pytest.approx(1, abs=1e-9)
        assert state.occupancy == pytest.approx(
            bivalent_occupancy(conc, kd, density_um2=density, chi=chi), abs=1e-9
        )
        assert state.two_arms == pytest.approx(2 * state.one_arm * state.second_arms)
        assert state.occupancy / 2 - 1e-12 <= state.antibodies_per_receptor <= state.occupancy + 1e-12

    @given(decades(-4, 5), decades(-3, 4), decades(-2, 4))
    def test_effective_kd_fills_half_of_the_receptors(self, kd, density, chi):
        half = effective_kd_nM(kd, density_um2=density, chi=chi)
        assert bivalent_occupancy(half, kd, density_um2=density, chi=chi) == pytest.approx(0.5, rel=1e-6)
        assert half <= kd / 2

    def test_effective_kd_on_a_bare_surface_and_a_crowded_one(self):
        assert effective_kd_nM(10, density_um2=0) == 5
        sparse, dense = effective_kd_nM(10, density_um2=[1e3, 1e4])
        assert sparse / dense == pytest.approx(10, rel=0.01)

    def test_residence(self):
        """One arm stays 1/koff; two stay longer the denser the receptors, and shorter the more drug there is."""
        assert bivalent(1, 10, density_um2=0).residence_s(1e-3) == 1000
        dilute, full = (bivalent(conc, 10, density_um2=100).residence_s(1e-3) for conc in (1e-13, 1e8))
        assert dilute == pytest.approx(1000 * (1 + 100 / (2 * kd_2d(0.01)) * 100))
        assert full == pytest.approx(1000, rel=0.02)
        # Little drug or less: the same, as long as most receptors are free.
        assert bivalent(1e-10, 10, density_um2=100).residence_s(1e-3) == pytest.approx(dilute, rel=1e-3)

    def test_residence_is_bound_over_leaving(self):
        """At equilibrium as many antibodies arrive as leave: receptors free · 2 kon C = bound / residence."""
        conc, kd, koff = 3.0, 10.0, 1e-3
        state = bivalent(conc, kd, density_um2=50)
        arriving = 2 * koff / kd * conc * state.free
        assert state.antibodies_per_receptor / arriving == pytest.approx(state.residence_s(koff))


class TestEquilibrium:
    def test_one_reaction_has_a_quadratic_solution(self):
        found = equilibrium({"A": 3.0, "B": 5.0}, [Reaction(("A", "B"), "AB", 0.7)])
        s = 3 + 5 + 0.7
        expected = (s - np.sqrt(s * s - 4 * 15)) / 2
        assert found == pytest.approx({"A": 3 - expected, "B": 5 - expected, "AB": expected}, rel=1e-9)

    def test_a_dimer_of_one_block(self):
        found = equilibrium({"A": 10.0}, [Reaction(("A", "A"), "A2", 4.0)])
        assert found["A"] ** 2 / found["A2"] == pytest.approx(4.0)
        assert found["A"] + 2 * found["A2"] == pytest.approx(10.0)

    def test_reactions_may_stand_in_any_order(self):
        totals = {"A": 3.0, "B": 5.0}
        chain = [Reaction(("A", "B"), "AB", 1.0), Reaction(("AB", "B"), "ABB", 2.0)]
        assert equilibrium(totals, chain) == pytest.approx(equilibrium(totals, chain[::-1]))

    def test_absent_blocks_form_nothing(self):
        found = equilibrium({"A": 3.0, "B": 0.0}, [Reaction(("A", "B"), "AB", 1.0)])
        assert found == {"A": pytest.approx(3.0), "B": 0.0, "AB": 0.0}
        assert equilibrium({"A": 0.0}, []) == {"A": 0.0}

    # Chains of three blocks, each step of its own affinity: the last species holds two of each.
    network = (
        (("A", "B"), "AB", {"A": 1, "B": 1}),
        (("AB", "A"), "ABA", {"A": 2, "B": 1}),
        (("ABA", "C"), "ABAC", {"A": 2, "B": 1, "C": 1}),
        (("AB", "C"), "ABC", {"A": 1, "B": 1, "C": 1}),
        (("ABC", "ABC"), "ABCABC", {"A": 2, "B": 2, "C": 2}),
        (("C",), "C*", {"C": 1}),
    )

    @settings(deadline=None)
    @given(
        st.tuples(*[st.one_of(st.just(0.0), decades(-6, 6))] * 3), st.tuples(*[decades(-6, 6)] * len(network))
    )
    def test_any_network_conserves_mass_and_obeys_mass_action(self, totals, constants):
        totals = dict(zip("ABC", totals, strict=True))
        reactions = [Reaction(r, p, kd) for (r, p, _), kd in zip(self.network, constants, strict=True)]
        found = equilibrium(totals, reactions)
        assert min(found.values()) >= 0
        for block, total in totals.items():
            held = found[block] + sum(n.get(block, 0) * found[p] for _, p, n in self.network)
            assert held == pytest.approx(total, rel=1e-9, abs=0)
        for reaction in reactions:
            if found[reaction.product] > 1e-200:
                reactants = np.prod([found[name] for name in reaction.reactants])
                assert reactants == pytest.approx(reaction.kd * found[reaction.product], rel=1e-6)

    def test_messages(self):
        bond = Reaction(("A", "B"), "AB", 1.0)
        with pytest.raises(ValueError, match=r"totals\['A'\] is -1.*0 or more"):
            equilibrium({"A": -1, "B": 1}, [bond])
        with pytest.raises(ValueError, match="nothing provides B"):
            equilibrium({"A": 1}, [bond])
        with pytest.raises(ValueError, match="'AB' is given twice"):
            equilibrium({"A": 1, "B": 1}, [bond, bond])
        with pytest.raises(ValueError, match="kd of AB is 0"):
            Reaction(("A", "B"), "AB", 0)
        with pytest.raises(ValueError, match="give a tuple of names"):
            Reaction("AB", "C", 1.0)


class TestSynapse:
    @pytest.mark.parametrize(
        ("monomers", "engaged"),
        [
            ("inert", [183.6, 125.2, 78.9, 20.9]),
            ("none", [187.5, 126.9, 79.7, 21.1]),
            ("binding", [187.5, 127.7, 78.2, 22.8]),
        ],
    )
    def test_l1_p15_ctla4_silences_cd28_when_cd80_is_scarce(self, affinities, monomers, engaged):
        """L1-P15: calculated; 106 CD80 dimers, 243 CD28, no CD86, CTLA-4 0/50/106/212 per µm²."""
        states = [
            synapse(SynapseDensities(243, ctla4, 106, 0), affinities, monomers=monomers)
            for ctla4 in (0, 50, 106, 212)
        ]
        assert [state.cd28_engaged for state in states] == pytest.approx(engaged, **one_percent)
        assert {state.regime for state in states} == {"ligand-limited"}

    def test_l1_p16_ctla4_hardly_matters_when_cd86_abounds(self, affinities):
        """L1-P16: calculated; 1138 CD86 and no CD80."""
        states = [synapse(SynapseDensities(243, ctla4, 0, 1138), affinities) for ctla4 in (0, 50, 106, 212)]
        engaged = [state.cd28_engaged for state in states]
        assert engaged == pytest.approx([233.7, 232.6, 231.0, 226.4], **one_percent)
        assert {state.regime for state in states} == {"ligand-excess"}

    def test_ctla4_at_the_densities_of_the_published_model(self, affinities, whole_cell):
        """Calculated: CTLA-4 lowers engaged CD28 by 6.3 % and activation by 0.5 %, not by the 70 % that the
        half point of 200/µm² was chosen for (Wang 2021).
        """
        without, with_ctla4 = (
            synapse(replace(whole_cell, ctla4=ctla4), affinities).cd28_engaged for ctla4 in (0, 52.9)
        )
        assert 1 - with_ctla4 / without == pytest.approx(0.063, abs=0.0005)
        assert 1 - cd28_activation(with_ctla4) / cd28_activation(without) == pytest.approx(0.005, abs=0.0005)

    def test_antibody_gives_scarce_cd80_back_to_cd28(self, affinities):
        scarce = SynapseDensities(243, 106, 106, 0)
        engaged = [synapse(scarce, affinities, conc).cd28_engaged for conc in (0, 1, 10, 1000)]
        never = synapse(replace(scarce, ctla4=0), affinities).cd28_engaged
        assert np.all(np.diff(engaged) > 0)
        assert engaged[-1] == pytest.approx(never, **one_percent)

    def test_antibody_alone_fills_ctla4_as_its_two_arms_say(self, affinities):
        """Without ligands: C + aC + 2abC² = C_t with a = 4[Ab]/K_D and b = chi / K_D,2D."""
        state = synapse(SynapseDensities(0, 50, 0, 0), affinities, anti_ctla4_nM=2.0)
        a, b = 4 * 2.0 / 18.2, 100 / kd_2d(0.0182)
        free = state.species["CTLA-4"]
        assert free + a * free + 2 * a * b * free**2 == pytest.approx(50)
        assert state.ctla4_blocked == pytest.approx(50 - free)
        assert state.ctla4_engaged == 0

    def test_pdl1_in_cis_takes_cd80_away(self, affinities):
        densities = SynapseDensities(243, 0, 106, 0)
        bare, held = (synapse(replace(densities, pdl1=pdl1), affinities) for pdl1 in (0, 500))
        assert bare.pdl1_in_cis == 0
        assert held.pdl1_in_cis > 40
        assert held.cd28_engaged < bare.cd28_engaged

    per_um2 = st.one_of(st.just(0.0), decades(-3, 4))

    @settings(deadline=None)
    @given(
        st.builds(SynapseDensities, per_um2, per_um2, per_um2, per_um2, per_um2),
        st.one_of(st.just(0.0), decades(-3, 6)),
        st.sampled_from(["inert", "binding"]),
    )
    def test_every_molecule_is_somewhere(self, affinities, densities, antibody, monomers):
        state = synapse(densities, affinities, antibody, monomers=monomers)
        found = dict.fromkeys(("CD28", "CTLA-4", "CD80", "CD86", "PD-L1"), 0.0)
        for name, density in state.species.items():
            for part in name.split(":"):
                if part != "antibody":
                    found[part.removesuffix(" monomer")] += density * (0.5 if "monomer" in part else 1)
        totals = {
            "CD28": densities.cd28,
            "CTLA-4": densities.ctla4,
            "CD80": densities.cd80,
            "CD86": densities.cd86,
            "PD-L1": densities.pdl1,
        }
        assert found == pytest.approx(totals, rel=1e-9, abs=0)
        assert 0 <= state.cd28_engaged_fraction <= 1 + 1e-9
        assert state.ctla4_engaged + state.ctla4_blocked <= densities.ctla4 * (1 + 1e-9)
        assert state.bonds["CTLA-4:CD80"] + state.bonds["CTLA-4:CD86"] <= 2 * densities.ctla4 * (1 + 1e-9)
        assert sum(
            state.bonds[pair] for pair in state.bonds if pair != "CTLA-4:antibody" and pair != "CD80:PD-L1"
        ) <= min(state.ligand_sites, state.receptor_sites) * (1 + 1e-9)

    def test_sites_and_regime(self, affinities):
        state = synapse(SynapseDensities(cd28=100, ctla4=30, cd80=20, cd86=70), affinities)
        assert (state.ligand_sites, state.receptor_sites) == (110, 160)
        assert state.regime == "ligand-limited"

    def test_messages(self, affinities):
        with pytest.raises(ValueError, match="cd86 is -1: give molecules per µm², 0 or more"):
            SynapseDensities(1, 1, 1, -1)
        with pytest.raises(ValueError, match="cd28_cd80 is 0: give the dissociation constant, above 0"):
            replace(affinities, cd28_cd80=0)
        with pytest.raises(ValueError, match="anti_ctla4_nM is nan"):
            synapse(SynapseDensities(1, 1, 1, 1), affinities, float("nan"))
        with pytest.raises(ValueError, match="monomers is 'loose': give one of 'inert', 'binding', 'none'"):
            synapse(SynapseDensities(1, 1, 1, 1), affinities, monomers="loose")
        with pytest.raises(ValueError, match="pdl1 is 5: it binds CD80 monomers"):
            synapse(SynapseDensities(1, 1, 1, 1, pdl1=5), affinities, monomers="none")


class TestPD1:
    def test_l1_p14_the_last_tenth_matters(self, pd1_synapse):
        """L1-P14: calculated; brake at 0, 70, 90, 95, 99 % occupancy, and the occupancy that halves it."""
        state = pd1_engagement(**pd1_synapse, occupancy=[0, 0.7, 0.9, 0.95, 0.99])
        assert pd1_inhibition(state.engaged) == pytest.approx([0.997, 0.985, 0.885, 0.661, 0.073], abs=0.01)
        assert occupancy_for_inhibition(0.5, **pd1_synapse) == pytest.approx(0.964, abs=0.01)

    def test_a_pdl1_antibody_spares_pdl2(self, pd1_synapse):
        state = pd1_engagement(**(pd1_synapse | {"pdl1": 0}))
        assert state.bound_pdl1 == 0
        assert state.bound_pdl2 == pytest.approx(9.2, rel=0.05)

    per_um2 = st.one_of(st.just(0.0), decades(-4, 5))

    @given(per_um2, per_um2, per_um2, decades(-4, 4), decades(-4, 4), st.floats(0, 1))
    def test_pd1_and_ligands_are_conserved(self, pd1, pdl1, pdl2, kd1, kd2, blocked):
        state = pd1_engagement(pd1, pdl1, pdl2, kd1, kd2, blocked)
        assert state.free + state.engaged == pytest.approx(pd1 * (1 - blocked), rel=1e-9)
        assert 0 <= state.bound_pdl1 <= pdl1
        assert 0 <= state.bound_pdl2 <= pdl2
        assert state.free * (pdl1 - state.bound_pdl1) == pytest.approx(
            kd1 * state.bound_pdl1, rel=1e-6, abs=1e-9
        )

    def test_it_is_the_network_of_two_reactions(self, pd1_synapse):
        s = pd1_synapse
        found = equilibrium(
            {"PD-1": s["pd1"], "PD-L1": s["pdl1"], "PD-L2": s["pdl2"]},
            [
                Reaction(("PD-1", "PD-L1"), "PD-1:PD-L1", s["kd_pdl1"]),
                Reaction(("PD-1", "PD-L2"), "PD-1:PD-L2", s["kd_pdl2"]),
            ],
        )
        state = pd1_engagement(**s)
        assert (state.bound_pdl1, state.bound_pdl2) == pytest.approx(
            (found["PD-1:PD-L1"], found["PD-1:PD-L2"])
        )

    @settings(deadline=None)
    @given(st.floats(0.001, 0.999), decades(0, 4), decades(-1, 4), decades(-1, 4))
    def test_occupancy_for_inhibition_inverts_the_chain(self, target, pd1, pdl1, pdl2):
        synapse = {"pd1": pd1, "pdl1": pdl1, "pdl2": pdl2, "kd_pdl1": 14.8, "kd_pdl2": 4.16}
        needed = occupancy_for_inhibition(target, **synapse)
        reached = pd1_inhibition(pd1_engagement(**synapse, occupancy=needed).engaged)
        assert 0 <= needed <= 1
        if needed == 0:
            assert reached <= target
        else:
            assert reached == pytest.approx(target, rel=1e-4)

    def test_occupancy_for_inhibition_at_the_ends(self, pd1_synapse):
        assert occupancy_for_inhibition(1, **pd1_synapse) == 0
        assert occupancy_for_inhibition(0, **pd1_synapse) == pytest.approx(1)

    def test_more_occupancy_never_brakes_more(self, pd1_synapse):
        brake = pd1_inhibition(pd1_engagement(**pd1_synapse, occupancy=np.linspace(0, 1, 101)).engaged)
        assert (np.diff(brake) < 0).all()
        assert brake[-1] == 0

    def test_hill_curves_at_their_half_points(self):
        assert pd1_inhibition(6.0) == 0.5
        assert cd28_activation(200.0) == 0.5
        assert cd28_activation([0, 100], half_um2=100, hill=1).tolist() == [0, 0.5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kd_2d(0), "kd_3d_uM is 0: give the dissociation constant in µM, above 0"),
        (
            lambda: kd_2d(1, 0),
            "gap_nm is 0: give the height in nm of the layer in which the two molecules meet, between 0.1 and 100",
        ),
        (lambda: kon_2d(-1), "kon_3d_per_uM_s is -1"),
        (lambda: nM_from_mg_per_L(-1), "conc_mg_L is -1: give the concentration in mg/L, 0 or more"),
        (lambda: nM_from_mg_per_L(1, 0), "mass_kDa is 0"),
        (lambda: occupancy(1, 0), "kd_nM is 0: give the dissociation constant in nM, above 0"),
        (lambda: occupancy(None, 1), "conc_nM is None"),
        (lambda: occupancy("ten", 1), "conc_nM is 'ten'"),
        (lambda: occupancy([1, np.nan, -1], 1), r"conc_nM\[1\] is nan"),
        (
            lambda: bivalent_occupancy(1, 1, density_um2=-2),
            "density_um2 is -2: give the receptors per µm², 0 or more",
        ),
        (lambda: bivalent_occupancy(1, 1, density_um2=2, chi=-1), "chi is -1"),
        (lambda: effective_kd_nM(0, density_um2=1), "kd_nM is 0"),
        (lambda: surface_density_um2(1e5, 0), "diameter_um is 0"),
        (lambda: effective_conc_nM(-1), "density_um2 is -1"),
        (lambda: patch(-1, 1, 1), "conc_nM is -1"),
        (lambda: patch(1, 1, -1), "effective_nM is -1"),
        (lambda: avidity_gain(0, 1), "kd_nM is 0"),
        (lambda: bivalent(1, 1, density_um2=1).residence_s(0), "koff_per_s is 0"),
        (
            lambda: pd1_engagement(1, 1, 1, 1, 1, 1.2),
            "occupancy is 1.2: give the occupied fraction, between 0 and 1",
        ),
        (lambda: pd1_engagement(-1, 1, 1, 1, 1), "pd1 is -1"),
        (lambda: pd1_engagement(1, 1, 1, 0, 1), "kd_pdl1 is 0"),
        (lambda: pd1_inhibition(-1), "engaged_um2 is -1"),
        (lambda: pd1_inhibition(1, half_um2=0), "half_um2 is 0"),
        (lambda: cd28_activation(1, hill=0), "hill is 0"),
        (lambda: occupancy_for_inhibition(-0.1, 1, 1, 1, 1, 1), "target is -0.1"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
