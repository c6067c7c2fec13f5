"""Kinetic proofreading: published values, an independent race, limits, properties, messages."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar
from scipy.special import gammainc

from immunolab.models.proofreading import Contact, Ladder, bound_pairs, draw_bonds, steps_needed

# McKeithan 1995, doi:10.1073/pnas.92.11.5042; rates and copies: Lever 2014, PMID 25145757, as in QSPIO-TNBC.
TEN = Ladder.at_rate(10, 1.0)
TIRING = Ladder.at_rate(10, 1.0, phi_per_s=0.09)
HUMAN = Ladder(2.67, 2.8)  # fitted to human T cells: Pettmann 2021, PMC8219380
RECEPTORS, KON = 15708, 3.1831e-5

rates = st.floats(1e-3, 1e3)
ladders = st.builds(Ladder, st.floats(0.5, 30), st.floats(0.1, 30), st.floats(0, 2))


# --- published, and the exercises ----------------------------------------------------------------------


def test_ten_steps_tell_a_tenfold_difference_apart_394_fold():
    assert TEN.completing(np.array([0.1, 1.0])) == pytest.approx([0.3855, 9.766e-4], rel=0.005)
    assert TEN.discrimination(1.0, 0.1) == pytest.approx(394.8, rel=0.005)
    assert TEN.discrimination(1.0, 0.1) == pytest.approx((2 / 1.1) ** 10, rel=1e-12)


def test_human_t_cells_as_pettmann_fitted_them():
    assert HUMAN.kp_per_s == pytest.approx(0.954, rel=0.01)
    assert HUMAN.completing(1.0) == pytest.approx(0.147, rel=0.01)
    assert HUMAN.completing(0.5) == pytest.approx(0.324, rel=0.01)
    assert HUMAN.exponent(1.0) == pytest.approx(1.367, rel=0.01)


def test_a_top_that_tires_has_a_best_dwell_time():
    assert TIRING.best_koff_per_s == pytest.approx(0.06265, rel=0.01)
    assert 1 / TIRING.best_koff_per_s == pytest.approx(15.96, rel=0.01)


def test_signal_of_a_thousand_ligands():
    contact = Contact(TIRING, RECEPTORS, KON)
    state = contact.engage((1000, 0.1))
    assert state.bound == pytest.approx([825.7], rel=0.01)
    assert state.signalling == pytest.approx([167.5], rel=0.01)


def test_five_steps_and_the_steps_that_a_hundredfold_needs():
    assert Ladder.at_rate(5, 1.0).discrimination(1.0, 0.1) == pytest.approx(19.9, rel=0.01)
    assert steps_needed(100, 1.0, 0.1, 1.0) == 8
    assert steps_needed(1, 1.0, 0.1, 1.0) == 0


def test_race_of_single_bonds_agrees_with_the_formula():
    """The clocks are drawn one by one; nothing of α^N is in them."""
    bonds = draw_bonds(TEN, 0.1, n=400_000, seed=3)
    assert (bonds.rungs == 10).mean() == pytest.approx(0.3855, abs=0.005)
    for rung, share in enumerate(TEN.rungs(0.1)):
        assert (bonds.rungs >= rung).mean() == pytest.approx(share, abs=0.005)
    assert bonds.dwell_s.mean() == pytest.approx(10, rel=0.01)
    again = draw_bonds(TEN, 0.1, n=400_000, seed=3)
    assert (again.rungs == bonds.rungs).all()


def test_abundance_beats_ten_steps():
    """10 agonists among 100,000 self peptides: the noise is larger than the signal, and 13 steps turn it."""
    contact = Contact(TEN, RECEPTORS, KON)
    agonist, own = contact.engage((10, 0.1), (1e5, 1.0)).signalling
    assert own > 5 * agonist
    bound = contact.engage((10, 0.1), (1e5, 1.0)).bound
    assert steps_needed(bound[1] / bound[0], 1.0, 0.1, 1.0) == 13
    agonist, own = Contact(Ladder.at_rate(13, 1.0), RECEPTORS, KON).engage((10, 0.1), (1e5, 1.0)).signalling
    assert agonist > own


# --- analytic limits -----------------------------------------------------------------------------------


def test_no_step_is_occupancy_and_infinitely_many_are_a_delay():
    koff = np.geomspace(0.01, 10, 7)
    assert Ladder(0, 0).completing(koff) == pytest.approx(np.ones(7))
    assert Ladder(0, 0).discrimination(1.0, 0.1) == 1
    assert Ladder.at_rate(0, 1.0) == Ladder(0, 0)
    delay = Ladder(math.inf, 4.0)
    assert delay.completing(koff) == pytest.approx(np.exp(-4 * koff))
    assert delay.climb_s(koff) == pytest.approx(4 * np.ones(7))
    assert delay.exponent(koff) == pytest.approx(4 * koff)
    assert Ladder(1e6, 4.0).completing(koff) == pytest.approx(delay.completing(koff), rel=1e-3)


def test_exponent_tends_to_the_number_of_steps_when_bonds_are_short():
    assert TEN.exponent(1e6) == pytest.approx(10, rel=1e-5)
    assert TEN.exponent(1e-6) == pytest.approx(0, abs=1e-4)
    assert TEN.discrimination(1e6, 1e5) == pytest.approx(1e10, rel=1e-3)


def test_best_dwell_time_of_one_step_and_without_tiring():
    assert Ladder.at_rate(1, 4.0, 0.09).best_koff_per_s == pytest.approx(math.sqrt(4 * 0.09))
    assert TEN.best_koff_per_s == 0
    assert Ladder(0, 0, 0.1).best_koff_per_s == math.inf
    delay = Ladder(math.inf, 4.0, 0.09)
    best = minimize_scalar(lambda x: -delay.signal_per_bond(math.exp(x)), bounds=(-9, 3), method="bounded")
    assert delay.best_koff_per_s == pytest.approx(math.exp(best.x), rel=1e-3)


def test_binding_limits():
    assert bound_pairs(1, 1e6, 1e6) == pytest.approx(0.5, rel=1e-5)
    assert bound_pairs(300, 200, 1e-9) == pytest.approx(200)
    assert bound_pairs(0, 200, 1) == 0
    assert bound_pairs([10, 20], 1e6, 1e-3).shape == (2,)


def test_first_signal_of_a_bond_that_never_breaks_is_a_gamma_time():
    contact = Contact(Ladder.at_rate(20, 1.0), 1e9, 1e3)
    times = np.linspace(1, 60, 30)
    assert contact.engage((1, 1e-9)).first_signal_by(times)[0] == pytest.approx(gammainc(20, times), abs=1e-5)


def chain(steps, kp, koff, meet):
    """Rates between free, the rungs 0 to N − 1, and the top, which keeps what reaches it; columns sum to 0."""
    rates = np.zeros((steps + 2, steps + 2))
    rates[1, 0] = meet
    for rung in range(1, steps + 1):
        rates[0, rung], rates[rung + 1, rung] = koff, kp
    return rates - np.diag(rates.sum(axis=0))


def test_first_signal_agrees_with_the_chain_of_states():
    contact = Contact(Ladder.at_rate(4, 1.0), RECEPTORS, KON)
    state = contact.engage((3, 0.4))
    rates = chain(4, 1.0, 0.4, KON * state.free_receptors)
    times = np.array([2.0, 10, 50, 200])
    path = solve_ivp(lambda _, y: rates @ y, (0, 200), np.eye(6)[0], t_eval=times, rtol=1e-10, atol=1e-12)
    assert state.first_signal_by(times)[0] == pytest.approx(1 - (1 - path.y[-1]) ** 3, abs=1e-6)
    mean = -np.linalg.inv(rates[:-1, :-1])[:, 0].sum()
    assert state.first_signal_s == pytest.approx([mean], rel=1e-9)


def test_one_ligand_triggers_most_receptors_at_a_middling_dwell_time():
    """Serial engagement; with receptors in excess the rate is kon·R·koff·α^N/(kon·R + koff) for each ligand."""
    koff = np.geomspace(1e-3, 10, 200)
    state = Contact(TEN, 1e6, 1e-6).engage((1, koff))
    expected = koff / (1 + koff) * (1 + koff) ** -10.0
    assert state.completions_per_s[0] == pytest.approx(expected, rel=1e-4)
    assert koff[state.completions_per_s[0].argmax()] == pytest.approx(1 / 10, rel=0.05)


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 20), st.floats(0.2, 5), st.floats(0.01, 10))
def test_longer_bonds_signal_sooner(steps, kp, koff):
    contact = Contact(Ladder.at_rate(steps, kp), RECEPTORS, KON)
    state = contact.engage((1, np.array([koff, koff / 2])))
    first, longer = state.first_signal_s[0]
    assert first >= longer * (1 - 1e-4)
    assert longer >= steps / kp + 1 / (KON * RECEPTORS)


def test_rare_first_signals_come_at_their_mean_rate():
    """Long waits lose their memory: P = 1 − exp(−L·t/mean)."""
    state = Contact(TEN, RECEPTORS, KON).engage((10, 0.1), (1e5, 1.0))
    assert state.first_signal_by(600.0)[1] == pytest.approx(1, abs=1e-5)
    lone = Contact(TEN, RECEPTORS, KON).engage((1, 3.0))
    expected = 1 - math.exp(-2e4 / lone.first_signal_s[0])
    assert lone.first_signal_by(2e4)[0] == pytest.approx(expected, rel=0.02)


# --- properties ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(ladders, rates)
def test_longer_bonds_get_further(ladder, koff):
    here, longer = ladder.completing(koff), ladder.completing(koff / 2)
    assert 0 <= here <= longer <= 1
    assert ladder.signal_per_bond(koff) <= here
    assert ladder.discrimination(koff, koff / 2) >= 1


@settings(deadline=None)
@given(ladders, st.floats(0.01, 10))
def test_exponent_is_the_slope(ladder, koff):
    step = 1e-5
    up, down = ladder.signal_per_bond(koff * math.exp(step)), ladder.signal_per_bond(koff * math.exp(-step))
    assert ladder.exponent(koff) == pytest.approx(-math.log(up / down) / (2 * step), rel=1e-4, abs=1e-5)


@settings(deadline=None)
@given(st.floats(0.5, 30), st.floats(0.1, 30), st.floats(1e-3, 2))
def test_nothing_is_better_than_the_best_dwell_time(steps, delay, phi):
    ladder = Ladder(steps, delay, phi)
    best = ladder.best_koff_per_s
    others = best * np.array([0.5, 0.9, 1.1, 2])
    assert (ladder.signal_per_bond(others) < ladder.signal_per_bond(best)).all()
    assert ladder.exponent(best) == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(st.floats(0.5, 20), st.floats(0.1, 5), st.floats(1.2, 50), st.floats(1.5, 1e6))
def test_steps_needed_are_enough_and_no_more(agonist, kp, times, ratio):
    n = steps_needed(ratio, agonist * times, agonist, kp)
    assert Ladder.at_rate(n, kp).discrimination(agonist * times, agonist) >= ratio * (1 - 1e-6)
    assert Ladder.at_rate(n - 1, kp).discrimination(agonist * times, agonist) < ratio


@settings(deadline=None)
@given(
    st.floats(0, 1e6),
    st.floats(0, 1e6),
    st.floats(1e-3, 100),
    st.floats(1e-3, 100),
    st.floats(1, 1e5),
    st.floats(-7, 1),
)
def test_kinds_share_the_receptors(few, many, slow, fast, receptors, log_kon):
    contact = Contact(TEN, receptors, 10**log_kon)
    both = contact.engage((few, slow), (many, fast))
    assert both.bound.sum() + both.free_receptors == pytest.approx(receptors, rel=1e-9)
    free = both.ligands - both.bound
    assert both.bound * both.koff_per_s == pytest.approx(
        contact.kon_per_s * free * both.free_receptors, rel=1e-6, abs=1e-9 * receptors
    )
    assert both.bound[0] <= contact.engage((few, slow)).bound[0] * (1 + 1e-9)
    split = contact.engage((few / 2, slow), (few / 2, slow))
    assert split.bound.sum() == pytest.approx(contact.engage((few, slow)).bound[0], rel=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.floats(0.5, 20), st.floats(0.2, 5), st.floats(0.02, 10), st.integers(1, 1000))
def test_probability_of_a_first_signal_rises_with_time_and_ligands(steps, kp, koff, ligands):
    contact = Contact(Ladder.at_rate(steps, kp), RECEPTORS, KON)
    times = np.geomspace(0.1, 1000, 30)
    one, more = contact.engage((ligands, koff), (0, koff)), contact.engage((2 * ligands, koff), (0, koff))
    by = one.first_signal_by(times)
    assert by.shape == (2, 30)
    assert (by[1] == 0).all()
    assert (np.diff(by[0]) >= -1e-5).all()
    assert ((by >= 0) & (by <= 1)).all()
    assert (more.first_signal_by(times)[0] >= by[0] - 0.02).all()  # more ligands leave fewer receptors free
    assert one.completions_per_s[0] * one.first_signal_s[0] <= ligands * (1 + 1e-9) + 1e-9


def test_a_sweep_has_one_column_for_each_value():
    state = Contact(TEN, RECEPTORS, KON).engage((10, np.geomspace(0.01, 10, 50)), (1e5, 1.0))
    assert state.signalling.shape == (2, 50)
    assert state.free_receptors.shape == (50,)
    assert state.first_signal_by([1.0, 2.0, 3.0]).shape == (2, 50, 3)
    assert state.first_signal_by(1.0).shape == (2, 50)
    assert TEN.rungs([0.1, 1.0]).shape == (11, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ladder(-1, 1), "steps is -1"),
        (lambda: Ladder(math.nan, 1), "steps is nan"),
        (lambda: Ladder(10, -2), "delay_s is -2"),
        (lambda: Ladder(10, 0), "only a ladder of 0 steps takes no time"),
        (lambda: Ladder(0, 1), "only a ladder of 0 steps takes no time"),
        (lambda: Ladder([1, 2], 1), "steps has the shape"),
        (lambda: Ladder.at_rate(10, 0), "kp_per_s is 0"),
        (lambda: TEN.completing(0), "koff_per_s is 0"),
        (lambda: TEN.completing([1, -1]), r"koff_per_s\[1\] is -1"),
        (lambda: HUMAN.rungs(1.0), "whole number"),
        (lambda: steps_needed(0, 1, 0.1, 1), "ratio is 0"),
        (lambda: steps_needed(10, 0.1, 1, 1), "koff_self_per_s is 0.1"),
        (lambda: bound_pairs(1, 1, 0), "kd_molecules is 0"),
        (lambda: Contact(TEN, 0, 1), "receptors is 0"),
        (lambda: Contact(TEN, 10, 1).engage(), "kinds is empty"),
        (lambda: Contact(TEN, 10, 1).engage((-1, 1)), "ligands is -1"),
        (lambda: Contact(Ladder(math.inf, 1), 10, 1).engage((1, 1)).first_signal_by(1), "steps is inf"),
        (lambda: Contact(TEN, 10, 1).engage((1, 1)).first_signal_by(0), "time_s is 0"),
        (lambda: draw_bonds(TEN, 1, n=0), "n is 0"),
        (lambda: draw_bonds(HUMAN, 1), "steps is 2.67"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()
