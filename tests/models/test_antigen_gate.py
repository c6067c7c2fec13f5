"""The antigen gate, logic gates and escape: values of the dossier (L5-P, L5-E3), limits, properties, messages."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from immunolab.models.antigen_gate import (
    GATES,
    GateParameters,
    TwoMarkers,
    antigens_for_lysis,
    correlation_range,
    gate_outcome,
    loss_variants,
    no_loss_variant,
    recognise,
    time_to_relapse_d,
)


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


affinities = decades(-2, 5)
densities = decades(0, 7)
shares = st.floats(0, 1)


class TestAffinityAndDensity:
    def test_half_killing(self):
        """L5-P: 501, 526 and 6127 antigens at 0.6 nM, 16 nM and 1.1 µM."""
        assert antigens_for_lysis([0.6, 16, 1100]) == pytest.approx([501, 526, 6127], rel=0.02)

    def test_healthy_and_tumour_cell(self):
        """L5-P: 1e3 and 1e5 antigens."""
        assert recognise([1e3, 1e5], 1100).lysis == pytest.approx([0.029, 0.943], abs=0.003)
        assert recognise([1e3, 1e5], 0.6).lysis == pytest.approx([0.799, 0.999], abs=0.003)

    def test_molecules_per_synapse(self):
        """M5.2: 0.45 for each nM."""
        assert GateParameters().kd_molecules(1.0) == pytest.approx(0.45, abs=0.005)

    @given(densities, affinities)
    def test_bonds_are_in_equilibrium(self, antigens, kd_nM):
        bonds = recognise(antigens, kd_nM).bonds
        free_cars, free_antigens = 2000 - bonds, 0.1 * antigens - bonds
        assert 0 < bonds <= min(2000, 0.1 * antigens)
        largest = 2000 * 0.1 * antigens
        kd = GateParameters().kd_molecules(kd_nM)
        assert free_cars * free_antigens == pytest.approx(kd * bonds, rel=1e-6, abs=1e-9 * largest)

    @given(affinities, st.floats(0.01, 0.99))
    def test_antigens_for_lysis_reads_the_curve_backwards(self, kd_nM, lysis):
        needed = antigens_for_lysis(kd_nM, lysis)
        if math.isinf(needed):
            assert recognise(1e12, kd_nM).lysis < lysis
        else:
            assert recognise(needed, kd_nM).lysis == pytest.approx(lysis, rel=1e-6)

    @pytest.mark.parametrize("kd_nM", [0.6, 16, 1100])
    def test_a_search_finds_the_same(self, kd_nM):
        searched = brentq(lambda log_a: recognise(10**log_a, kd_nM).lysis - 0.5, 0, 8, xtol=1e-12)
        assert 10**searched == pytest.approx(antigens_for_lysis(kd_nM))

    @given(densities, affinities)
    def test_a_weaker_binder_or_less_antigen_never_kills_more(self, antigens, kd_nM):
        here = recognise(antigens, kd_nM).lysis
        assert recognise(antigens, 2 * kd_nM).lysis <= here
        assert recognise(antigens / 2, kd_nM).lysis <= here

    @given(affinities, st.floats(1, 10))
    def test_without_proofreading_affinity_matters_less(self, kd_nM, fold):
        patient = GateParameters(steps=0)
        assert antigens_for_lysis(kd_nM, parameters=patient) <= antigens_for_lysis(kd_nM) * (1 + 1e-12)

    def test_no_antigen_no_killing(self):
        silent = recognise(0, 10)
        assert (silent.bonds, silent.signalling, silent.lysis) == (0, 0, 0)

    def test_a_perfect_binder_binds_whatever_is_fewer(self):
        assert recognise([1e3, 1e7], 1e-9).bonds == pytest.approx([100, 2000])

    def test_too_weak_for_any_density(self):
        assert antigens_for_lysis(1e5) == math.inf

    def test_a_larger_synapse_dilutes(self):
        assert recognise(1e4, 1100, GateParameters(synapse_area_um2=100)).lysis < recognise(1e4, 1100).lysis

    def test_densities_and_affinities_span_a_map(self):
        signal = recognise(np.logspace(2, 6, 5), np.logspace(0, 4, 3)[:, None])
        assert signal.lysis.shape == signal.bonds.shape == (3, 5)
        assert signal.lysis[1, 2] == recognise(1e4, 100).lysis
        assert type(recognise(1e4, 100).lysis) is float


class TestGates:
    def test_e3_and_gate(self):
        """L5-E3: tumour 0.855, healthy 0.015."""
        outcome = gate_outcome("A AND B", TwoMarkers(0.95, 0.90), TwoMarkers(0.30, 0.05))
        assert (outcome.tumour_hit, outcome.healthy_hit) == pytest.approx((0.855, 0.015))
        assert outcome.tumour_missed == pytest.approx(0.145)

    @given(shares, shares)
    def test_independent_markers(self, a, b):
        """M5.3."""
        cells = TwoMarkers(a, b)
        hit = {"A": a, "A AND B": a * b, "A OR B": 1 - (1 - a) * (1 - b), "A NOT B": a * (1 - b)}
        assert {gate: cells.attacked(gate) for gate in GATES} == pytest.approx(hit, abs=1e-12)

    @given(shares, shares, shares)
    def test_four_kinds_of_cells_make_the_tissue(self, a, b, between):
        low, high = correlation_range(a, b)
        cells = TwoMarkers(a, b, low + between * (high - low))
        kinds = np.array([cells.both, cells.only_a, cells.only_b, cells.neither])
        assert kinds.sum() == pytest.approx(1)
        assert (kinds > -1e-12).all()

    def test_two_sided_markers_correlate_fully(self):
        assert correlation_range(0.5, 0.5) == (-1, 1)
        always = TwoMarkers(0.5, 0.5, 1)
        assert (always.both, always.only_a, always.only_b, always.neither) == (0.5, 0, 0, 0.5)
        never = TwoMarkers(0.5, 0.5, -1)
        assert (never.both, never.neither) == (0, 0)

    def test_a_marker_on_every_cell_cannot_correlate(self):
        assert correlation_range([0, 1, 0.3], [0.5, 0.5, 1])[1].tolist() == [0, 0, 0]

    @given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
    def test_range_ends_where_a_kind_of_cell_is_gone(self, a, b):
        low, high = correlation_range(a, b)
        apart, together = TwoMarkers(a, b, low), TwoMarkers(a, b, high)
        assert min(apart.both, apart.neither) == pytest.approx(0, abs=1e-12)
        assert min(together.only_a, together.only_b) == pytest.approx(0, abs=1e-12)

    def test_correlation_is_the_correlation(self):
        cells = TwoMarkers(0.3, 0.4, 0.25)
        a, b = np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0])
        weights = [cells.both, cells.only_a, cells.only_b, cells.neither]
        cov = np.cov(a, b, aweights=weights, ddof=0)
        assert cov[0, 1] / math.sqrt(cov[0, 0] * cov[1, 1]) == pytest.approx(0.25)

    def test_correlation_helps_and_and_harms_or(self):
        loose, tight = TwoMarkers(0.8, 0.8), TwoMarkers(0.8, 0.8, 0.9)
        assert tight.attacked("A AND B") > loose.attacked("A AND B")
        assert tight.attacked("A OR B") < loose.attacked("A OR B")

    def test_and_spares_tissue_and_lets_tumour_escape(self):
        tumour, healthy = TwoMarkers(0.95, 0.90), TwoMarkers(0.30, 0.05)
        outcomes = {gate: gate_outcome(gate, tumour, healthy) for gate in GATES}
        assert outcomes["A AND B"].healthy_hit < outcomes["A"].healthy_hit < outcomes["A OR B"].healthy_hit
        assert (
            outcomes["A AND B"].tumour_missed > outcomes["A"].tumour_missed > outcomes["A OR B"].tumour_missed
        )

    def test_prevalences_span_a_curve(self):
        outcome = gate_outcome("A OR B", TwoMarkers(0.9, [0, 0.25, 0.5, 0.75, 1]), TwoMarkers(0.1, 0.1))
        assert outcome.tumour_missed == pytest.approx([0.1, 0.075, 0.05, 0.025, 0])


class TestEscape:
    def test_second_target(self):
        """M5.4: e^(−uN) and e^(−u²N)."""
        assert no_loss_variant(1e-7, 1e7) == pytest.approx(math.exp(-1))
        assert no_loss_variant(1e-6, 1e9, targets=2) == pytest.approx(math.exp(-1e-3))

    @given(decades(-9, 0), decades(0, 12), st.integers(1, 4))
    def test_another_target_never_makes_escape_likelier(self, rate, cells, targets):
        more = no_loss_variant(rate, cells, targets + 1)
        assert 0 <= no_loss_variant(rate, cells, targets) <= more <= 1

    def test_no_tumour_and_no_loss_leave_none(self):
        assert no_loss_variant([0, 1e-6], [1e9, 0]).tolist() == [1, 1]
        assert loss_variants(1e-6, 1e9) == pytest.approx(1000)

    def test_regrowth_by_hand(self):
        """1e11 · 1e-5 = 1e6 cells; 1e9 is 2^9.97 times as many."""
        assert time_to_relapse_d(1e-5, 1e11, 10, 1e9) == pytest.approx(99.66, abs=0.01)

    def test_no_survivor_and_all_survivors(self):
        assert time_to_relapse_d([0, 1e-12, 1], 1e11, 10, 1e9).tolist() == [math.inf, math.inf, 0]

    @given(st.floats(1e-9, 1e-3), st.floats(1, 100))
    def test_each_halving_of_survivors_gains_one_doubling_time(self, fraction, doubling_d):
        later = time_to_relapse_d(fraction / 2, 1e12, doubling_d, 1e10)
        assert later - time_to_relapse_d(fraction, 1e12, doubling_d, 1e10) == pytest.approx(doubling_d)

    def test_what_a_gate_misses_grows_back(self):
        """An AND gate that misses 14.5 % is visible at once; an OR gate that misses 0.5 % later."""
        tumour = TwoMarkers(0.95, 0.90)
        missed = [1 - tumour.attacked(gate) for gate in ("A AND B", "A OR B")]
        soon, late = time_to_relapse_d(missed, 1e10, 14, 1e9)
        assert soon == 0
        assert late == pytest.approx(14 * math.log2(20))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: GateParameters(gap_nm=0), "gap_nm is 0"),
        (lambda: GateParameters(antigen_in_synapse=0), "antigen_in_synapse is 0"),
        (lambda: GateParameters(antigen_in_synapse=2), "antigen_in_synapse is 2"),
        (lambda: GateParameters(steps=1.5), "steps is 1.5: give the proofreading steps, a whole number"),
        (lambda: GateParameters(cars=-1), "cars is -1: give the CARs in the synapse, above 0"),
        (lambda: replace(GateParameters(), hill=0), "hill is 0"),
        (lambda: recognise(-1, 1), "antigens_per_cell is -1: give the antigens on a cell, 0 or more"),
        (lambda: recognise(1e3, 0), "kd_nM is 0: give the dissociation constant in nM, above 0"),
        (lambda: recognise([1e3, math.nan], 1), r"antigens_per_cell\[1\] is nan"),
        (lambda: antigens_for_lysis(1, 1), "lysis is 1"),
        (lambda: TwoMarkers(1.2, 0.5), "a is 1.2: give the share of cells with marker A, between 0 and 1"),
        (lambda: TwoMarkers(0.2, -1), "b is -1"),
        (
            lambda: TwoMarkers(0.95, 0.9, 0.9),
            "correlation is 0.9: with A on 0.95 and B on 0.9 of the cells, give one between -0.0765 and 0.688",
        ),
        (lambda: TwoMarkers(0.5, 0.5, [0, -1.2]), "correlation is -1.2"),
        (lambda: TwoMarkers(1, 0.5, 0.1), "correlation is 0.1: .* between 0 and 0"),
        (lambda: TwoMarkers(0.5, 0.5).attacked("XOR"), "gate is 'XOR': give one of 'A', 'A AND B'"),
        (lambda: no_loss_variant(2, 1e9), "loss_rate is 2"),
        (lambda: no_loss_variant(1e-6, -1), "cells is -1"),
        (lambda: no_loss_variant(1e-6, 1e9, 0), "targets is 0"),
        (lambda: time_to_relapse_d(1.1, 1e9, 10, 1e9), "surviving_fraction is 1.1"),
        (lambda: time_to_relapse_d(0.1, 1e9, 0, 1e9), "doubling_time_d is 0"),
        (lambda: time_to_relapse_d(0.1, 1e9, 10, 0), "visible_cells is 0"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
