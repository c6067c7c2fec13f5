"""Tumour against effector cells: published parameters, another solver, limits, properties, messages."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.tumour_immune import (
    KuznetsovParameters,
    Pulse,
    Scaled,
    basins,
    critical_influx,
    flow,
    influx_at,
    last_cell_line,
    nullclines,
    separatrix,
    simulate_kuznetsov,
    steady_states,
)

# Kuznetsov 1994, doi:10.1007/BF02460644: BCL1 lymphoma in the spleen of mice, as coded in BIOMD0000000762.
MOUSE = KuznetsovParameters(
    s_cells_d=1.3e4,
    p_per_d=0.1245,
    g_cells=2.019e7,
    m_per_cell_d=3.422e-10,
    d_per_d=0.0412,
    a_per_d=0.18,
    b_per_cell=2.0e-9,
    n_per_cell_d=1.101e-7,
)
# The same without units, as printed in arXiv:1309.3337.
PRINTED = Scaled(
    s=0.1181, rho=1.131, eta=20.19, mu=0.00311, delta=0.3743, alpha=1.636, beta=0.002, unit_d=1 / 0.1101
)
PLAIN = KuznetsovParameters.from_scaled(PRINTED)
RESTING = 1.3e4 / 0.0412  # effector cells of a healthy spleen


def log_slope(low, high):
    return st.floats(math.log(low), math.log(high)).map(math.exp)


hosts = st.builds(
    KuznetsovParameters,
    s_cells_d=log_slope(1e2, 1e5),
    p_per_d=st.floats(0, 0.4),
    g_cells=log_slope(1e6, 1e8),
    m_per_cell_d=log_slope(1e-11, 1e-8),
    d_per_d=log_slope(0.01, 0.2),
    a_per_d=log_slope(0.05, 0.5),
    b_per_cell=log_slope(1e-10, 1e-8),
    n_per_cell_d=log_slope(1e-8, 1e-6),
)


# --- published -----------------------------------------------------------------------------------------


def test_units_can_be_taken_off_and_put_on():
    scaled = MOUSE.scaled()
    found = [scaled.alpha, scaled.beta, scaled.eta, scaled.mu, scaled.delta, scaled.s, scaled.rho]
    assert found == pytest.approx([1.635, 0.0020, 20.19, 0.00311, 0.3742, 0.1181, 1.131], rel=0.002)
    assert scaled.unit_d == pytest.approx(9.08, rel=0.002)
    back = KuznetsovParameters.from_scaled(scaled)
    assert [*vars(back).values()] == pytest.approx([*vars(MOUSE).values()], rel=1e-12)
    in_thousands = KuznetsovParameters.from_scaled(MOUSE.scaled(1e3))
    assert [*vars(in_thousands).values()] == pytest.approx([*vars(MOUSE).values()], rel=1e-12)


@pytest.mark.parametrize("parameters", [PLAIN, MOUSE])
def test_four_steady_states(parameters):
    states = steady_states(parameters)
    assert [state.kind for state in states] == ["saddle", "stable focus", "saddle", "stable node"]
    assert [state.role for state in states] == ["tumour-free", "dormant", "watershed", "escaped"]
    effectors = [state.effector_cells / 1e6 for state in states]
    tumours = [state.tumour_cells / 1e6 for state in states]
    assert effectors == pytest.approx([0.3155, 1.609, 0.7598, 0.1730], rel=0.005)
    assert tumours == pytest.approx([0, 8.190, 267.8, 447.1], rel=0.005)


def test_eigenvalues_without_units():
    free, dormant = (
        [value * PRINTED.unit_d for value in state.eigenvalues_per_d] for state in steady_states(PLAIN)[:2]
    )
    assert sorted(value.real for value in free) == pytest.approx([-0.374, 1.320], rel=0.005)
    assert dormant[0].real == pytest.approx(-0.050, rel=0.005)
    assert abs(dormant[0].imag) == pytest.approx(0.576, rel=0.005)


def test_dormancy_swings_with_a_period_of_99_days():
    dormant = steady_states(MOUSE)[1]
    assert dormant.eigenvalues_per_d[0].real == pytest.approx(-0.0055, rel=0.02)
    assert dormant.period_d == pytest.approx(99.1, rel=0.01)
    assert steady_states(MOUSE)[3].period_d is None
    late = [day for day, _ in simulate_kuznetsov(MOUSE, 3.2e5, 5e5, 1500).peaks if day > 300]
    assert np.diff(late) == pytest.approx(99 * np.ones(len(late) - 1), abs=1.2)


def test_two_published_starts_without_units():
    held = simulate_kuznetsov(PLAIN, 0.5e6, 1e6, 2000)
    assert held.outcome == "dormant"
    assert held.tumour_cells[-1] == pytest.approx(8.19e6, rel=0.01)
    assert max(size for _, size in held.peaks) == pytest.approx(62.0e6, rel=0.01)
    lost = simulate_kuznetsov(PLAIN, 0.1e6, 100e6)
    assert lost.outcome == "escaped"
    assert lost.tumour_cells[-1] == pytest.approx(447.1e6, rel=0.01)


def test_course_of_lesson_ten():
    course = simulate_kuznetsov(MOUSE, 3.2e5, 5e5)
    day, size = course.peaks[0]
    assert day == pytest.approx(49.4, rel=0.01)
    assert size == pytest.approx(8.63e7, rel=0.01)
    assert course.tumour_cells[-1] == pytest.approx(8.1e6, rel=0.01)
    assert course.one_cell_d is None


@pytest.mark.parametrize(
    ("effector", "tumour", "outcome"),
    [
        (RESTING, 1e8, "escaped"),
        (RESTING, 5e7, "dormant"),
        (3.2e5, 2e8, "escaped"),
        (3.2e5, 5e6, "dormant"),
        (1e7, 5e6, "eliminated"),
    ],
)
def test_where_a_start_ends(effector, tumour, outcome):
    assert simulate_kuznetsov(MOUSE, effector, tumour).outcome == outcome


def test_more_influx_removes_the_escape():
    (critical,) = critical_influx(MOUSE)
    assert critical == pytest.approx(2.13e4, rel=0.01)
    below, above = (replace(MOUSE, s_cells_d=critical * factor) for factor in (0.999, 1.001))
    assert [len(steady_states(p)) for p in (below, above)] == [4, 2]
    assert [state.role for state in steady_states(above)] == ["tumour-free", "dormant"]
    assert separatrix(above) is None
    # Just above, a tumour lingers for years where the two states were.
    assert simulate_kuznetsov(above, 1e4, 4e8, 1000).outcome == "undecided"
    assert simulate_kuznetsov(replace(MOUSE, s_cells_d=critical * 1.1), 1e4, 4e8, 2000).outcome == "dormant"


def test_exercise_answers():
    assert steady_states(MOUSE)[0].effector_cells == pytest.approx(0.3155e6, rel=0.005)
    assert steady_states(MOUSE)[2].tumour_cells == pytest.approx(2.68e8, rel=0.005)


# --- analytic limits -----------------------------------------------------------------------------------


def test_only_above_a_clearing_influx_is_no_tumour_stable():
    assert MOUSE.clearing_influx == pytest.approx(0.18 * 0.0412 / 1.101e-7)
    for factor, stable in ((0.99, False), (1.01, True)):
        host = replace(MOUSE, s_cells_d=MOUSE.clearing_influx * factor)
        assert steady_states(host)[0].stable is stable
    cleared = replace(MOUSE, s_cells_d=1e5)
    assert len(steady_states(cleared)) == 1
    assert last_cell_line(cleared) is None
    course = simulate_kuznetsov(cleared, 0, 1e8, 3000)
    assert course.outcome == "eliminated"
    assert course.one_cell_d < 3000


def test_without_effector_cells_a_tumour_is_logistic():
    host = replace(MOUSE, s_cells_d=0)
    course = simulate_kuznetsov(host, 0, 1e4, 200)
    odds = 1e4 * host.b_per_cell / (1 - 1e4 * host.b_per_cell) * np.exp(host.a_per_d * course.times_d)
    assert course.tumour_cells == pytest.approx(host.capacity_cells * odds / (1 + odds), rel=1e-5)
    full = steady_states(host)[-1]
    assert (full.effector_cells, full.role) == (pytest.approx(0, abs=1e-3), "escaped")
    assert full.tumour_cells == pytest.approx(host.capacity_cells)


def test_without_a_tumour_effector_cells_return_to_rest():
    course = simulate_kuznetsov(MOUSE, 2e6, 0, 200)
    expected = RESTING + (2e6 - RESTING) * np.exp(-0.0412 * course.times_d)
    assert course.effector_cells == pytest.approx(expected, rel=1e-6)
    assert (course.outcome, course.one_cell_d, course.tumour_cells.max()) == ("eliminated", 0, 0)


def test_course_agrees_with_another_solver():
    def rhs(_, y):
        return flow(MOUSE, max(y[0], 0), max(y[1], 0))

    times = np.linspace(0, 400, 801)
    path = solve_ivp(rhs, (0, 400), [3.2e5, 5e6], "DOP853", times, rtol=1e-11, atol=1e-3).y
    course = simulate_kuznetsov(MOUSE, 3.2e5, 5e6, 400)
    assert course.times_d == pytest.approx(times)
    assert course.effector_cells == pytest.approx(path[0], rel=1e-5)
    assert course.tumour_cells == pytest.approx(path[1], rel=1e-5)


def test_a_killed_tumour_starts_again_from_what_is_left():
    course = simulate_kuznetsov(MOUSE, RESTING, 1e8, 1000, [Pulse(20, tumour_killed=0.9)])
    assert simulate_kuznetsov(MOUSE, RESTING, 1e8).outcome == "escaped"
    assert course.outcome == "dormant"
    before = simulate_kuznetsov(MOUSE, RESTING, 1e8, 20)
    after = simulate_kuznetsov(MOUSE, before.effector_cells[-1], before.tumour_cells[-1] / 10, 980)
    assert course.tumour_cells[-1] == pytest.approx(after.tumour_cells[-1], rel=1e-4)
    on_the_day = np.flatnonzero(course.times_d == 20)
    assert course.tumour_cells[on_the_day] == pytest.approx([before.tumour_cells[-1] / 10], rel=1e-5)


def test_pulses_can_remove_the_last_cell():
    surgery = simulate_kuznetsov(MOUSE, RESTING, 1e6, 100, [Pulse(5, tumour_killed=1), Pulse(9, 1e6)])
    assert (surgery.outcome, surgery.one_cell_d) == ("eliminated", 5)
    assert surgery.effector_cells[surgery.times_d == 9] > 1e6
    given_cells = simulate_kuznetsov(MOUSE, RESTING, 1e6, 200, [Pulse(0, 1e7)])
    assert given_cells.outcome == "eliminated"
    assert 0 < given_cells.one_cell_d < 100


def test_separatrix_parts_the_starts():
    line = separatrix(MOUSE)
    assert (np.diff(line.effector_cells) > 0).all()
    assert line.tumour_cells[0] == pytest.approx(2.54e6, rel=0.01)  # almost no effector cells
    for effector in (10, 1e4, RESTING, 3e6):
        edge = math.exp(np.interp(math.log(effector), np.log(line.effector_cells), np.log(line.tumour_cells)))
        assert simulate_kuznetsov(MOUSE, effector, edge * 1.02, 3000).outcome == "escaped"
        assert simulate_kuznetsov(MOUSE, effector, edge * 0.98, 3000).outcome == "dormant"


def test_last_cell_line_parts_the_starts():
    line = last_cell_line(MOUSE)
    i = int(np.argmin(abs(line.tumour_cells - 5e6)))
    effector, tumour = line.effector_cells[i], line.tumour_cells[i]
    assert simulate_kuznetsov(MOUSE, effector * 1.01, tumour).outcome == "eliminated"
    assert simulate_kuznetsov(MOUSE, effector * 0.99, tumour).outcome == "dormant"


def test_basins_agree_with_single_courses():
    effectors, tumours = np.geomspace(1e3, 2e7, 7), np.geomspace(1e3, 4e8, 7)
    shaded = basins(MOUSE, effectors, tumours)
    assert shaded.shape == (7, 7)
    alone = [[simulate_kuznetsov(MOUSE, e, t, 2000).outcome for e in effectors] for t in tumours]
    assert (shaded == np.array(alone)).all()
    assert set(shaded.ravel()) == {"eliminated", "dormant", "escaped"}


# --- properties ----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(hosts)
def test_steady_states_stand_still_and_lie_on_both_nullclines(host):
    states = steady_states(host)
    assert 1 <= len(states) <= 4
    assert sum(state.stable for state in states) >= 1
    assert [state.tumour_cells for state in states] == sorted(state.tumour_cells for state in states)
    for state in states:
        effector, tumour = flow(host, state.effector_cells, state.tumour_cells)
        assert abs(effector) <= 1e-6 * (host.s_cells_d + host.d_per_d * state.effector_cells)
        assert abs(tumour) <= 1e-6 * host.a_per_d * max(state.tumour_cells, 1)
        if 0 < state.tumour_cells < 0.999 * host.capacity_cells:
            lines = nullclines(host, state.tumour_cells)
            assert lines.effector_still[0] == pytest.approx(state.effector_cells, rel=1e-4)
            assert lines.tumour_still[0] == pytest.approx(state.effector_cells, rel=1e-6)
            assert influx_at(host, state.tumour_cells) == pytest.approx(host.s_cells_d, rel=1e-4)


@settings(deadline=None, max_examples=100)
@given(hosts)
def test_neighbours_differ_in_their_stability(host):
    """Between two stable states with tumour lies a saddle; a saddle with tumour has a separatrix."""
    roles = [state.role for state in steady_states(host)]
    if "dormant" in roles and "escaped" in roles:
        assert roles.index("dormant") < roles.index("watershed") < roles.index("escaped")
    line = separatrix(host)
    assert (line is not None) == ("watershed" in roles)
    if line is not None:
        assert np.isfinite(line.effector_cells).all()
        assert np.isfinite(line.tumour_cells).all()


@settings(deadline=None, max_examples=60)
@given(hosts, log_slope(1, 1e8), log_slope(1, 1e9))
def test_numbers_stay_possible(host, effector, tumour):
    course = simulate_kuznetsov(host, effector, tumour, 500)
    assert (course.effector_cells >= -1).all()
    assert (course.tumour_cells >= 0).all()
    assert course.tumour_cells.max() <= 1.001 * max(tumour, host.capacity_cells)
    assert (course.one_cell_d is not None) == (course.tumour_cells[-1] == 0)
    assert course.outcome in ("eliminated", "dormant", "escaped", "undecided")


@settings(deadline=None, max_examples=60)
@given(hosts)
def test_the_number_of_states_changes_only_where_influx_is_critical(host):
    edges = [0, *critical_influx(host), host.clearing_influx]
    for low, high in zip(sorted(edges)[:-1], sorted(edges)[1:], strict=True):
        if high - low > 0.1 * high:
            counts = {
                len(steady_states(replace(host, s_cells_d=low + share * (high - low))))
                for share in (0.2, 0.5, 0.8)
            }
            assert len(counts) == 1


def test_nullclines_have_gaps_where_there_is_no_balance():
    lines = nullclines(MOUSE, np.array([0.0, 5e7, 6e8]))
    assert lines.effector_still[0] == pytest.approx(RESTING)
    assert np.isnan(lines.effector_still[1])  # recruitment outruns every loss
    assert np.isnan(lines.tumour_still[2])  # more than there is room for
    assert influx_at(MOUSE, 5e7) < 0
    assert influx_at(MOUSE, [0, MOUSE.capacity_cells]) == pytest.approx([MOUSE.clearing_influx, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(MOUSE, a_per_d=0), "a_per_d is 0"),
        (lambda: replace(MOUSE, s_cells_d=-1), "s_cells_d is -1"),
        (lambda: replace(MOUSE, d_per_d=[1, 2]), "d_per_d has the shape"),
        (lambda: MOUSE.scaled(0), "unit_cells is 0"),
        (lambda: flow(MOUSE, -1, 1), "effector_cells is -1"),
        (lambda: influx_at(MOUSE, 6e8), "tumour_cells is 6"),
        (lambda: simulate_kuznetsov(MOUSE, -1, 1), "effector_cells is -1"),
        (lambda: simulate_kuznetsov(MOUSE, 1, math.nan), "tumour_cells is nan"),
        (lambda: simulate_kuznetsov(MOUSE, [1, 2], 1), "effector_cells has the shape"),
        (lambda: simulate_kuznetsov(MOUSE, 1, 1, 0), "horizon_d is 0"),
        (lambda: simulate_kuznetsov(MOUSE, 1, 1, 10, [Pulse(10)]), "day is 10"),
        (lambda: Pulse(-1), "day is -1"),
        (lambda: Pulse(1, tumour_killed=2), "tumour_killed is 2"),
        (lambda: basins(MOUSE, [1e5], [0.5]), r"tumour_cells\[0\] is 0.5"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()
