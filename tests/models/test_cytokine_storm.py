"""The storm of Hanson 2016: our run of the published equations, an independent solver, limits, messages."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from immunolab.models.cytokine_storm import StormParameters, simulate_storm

# Hanson et al. 2016, doi:10.1101/049908, as in BioModels BIOMD0000000837
hanson = StormParameters(
    n_divisions=6,
    a1=4e-7,
    a2=2,
    a3=8e-5,
    b_pg_mL=800,
    p0=200,
    p1=0.002,
    p2=0.4,
    r1=0.003,
    r2=0.1,
    r3=0.1,
    r4=0.1,
    d1=2e-4,
    d2=1.5,
    d3=0.004,
    d4=0.004,
    d5=2e-4,
    l_per_uL=1600,
    k_per_uL=4800,
    car0_per_uL=10,
    lymphocytes0_per_uL=1600,
    inflammation0_pg_mL=140,
    leukaemia0_per_uL=300,
)


@pytest.mark.parametrize(("burden", "peak"), [(30, 145), (300, 168), (1000, 487), (3000, 2868)])
def test_l6_peak_rises_with_burden(burden, peak):
    assert simulate_storm(replace(hanson, leukaemia0_per_uL=burden)).peak[1] == pytest.approx(peak, rel=0.02)


def test_agrees_with_another_solver():
    storm = simulate_storm(replace(hanson, leukaemia0_per_uL=1000), 300)

    def rhs(_, y):
        p, (cm, ce, hm, he, others, i, b) = asdict(hanson), y
        g = max(0, 1 - (cm + ce + hm + he + others + b) / 1600)
        x = p["a1"] * b * cm * (1 + p["a2"] * he) * i**2 / (i**2 + 800**2)
        z = p["a3"] * b * hm * i**2 / (i**2 + 800**2)
        return [
            0.1 * cm * g - x,
            64 * x - 0.004 * ce,
            0.1 * hm * g - z,
            64 * z - 0.004 * he,
            0.4 + 0.1 * others * g - 2e-4 * others,
            200 + 0.002 * b * (ce + he) - 1.5 * i,
            0.003 * b * (1 - b / 4800) - 2e-4 * b * ce,
        ]

    other = solve_ivp(
        rhs, (0, 300), [10, 10, 10, 10, 1600, 140, 1000], "Radau", [100, 300], rtol=1e-9, atol=1e-9
    )
    at = np.searchsorted(storm.times_h, [100, 300])
    assert storm.inflammation[at] == pytest.approx(other.y[5], rel=1e-5)
    assert storm.leukaemia[at] == pytest.approx(other.y[6], rel=1e-4)


def test_without_leukaemia_inflammation_settles_where_making_equals_decay():
    quiet = simulate_storm(replace(hanson, leukaemia0_per_uL=0))
    assert quiet.inflammation[-1] == pytest.approx(200 / 1.5)
    assert (quiet.leukaemia == 0).all()


def test_without_car_t_cells_the_leukaemia_grows_to_its_limit():
    alone = simulate_storm(replace(hanson, car0_per_uL=0), 10_000)
    assert alone.leukaemia[-1] == pytest.approx(4800, rel=1e-4)
    assert alone.inflammation.max() == pytest.approx(140)


def test_removal_lowers_inflammation_and_not_below_zero():
    ill = replace(hanson, leukaemia0_per_uL=1000)
    treated = simulate_storm(ill, removal_pg_mL_h=300, removal_from_h=20, removal_to_h=100)
    assert treated.peak[1] < simulate_storm(ill).peak[1]
    flooded = simulate_storm(ill, removal_pg_mL_h=1e5)
    assert (flooded.inflammation >= 0).all()
    assert simulate_storm(ill).hours_above(300) > treated.hours_above(300)


@settings(deadline=None, max_examples=15)
@given(st.floats(0, 4000), st.floats(0, 50), st.floats(0.0005, 0.01))
def test_nothing_is_negative_and_more_signal_is_more_storm(burden, cells, p1):
    ill = replace(hanson, leukaemia0_per_uL=burden, car0_per_uL=cells, p1=p1)
    storm = simulate_storm(ill, 300)
    for name in ("cytotoxic_memory", "cytotoxic_effector", "helper_effector", "inflammation", "leukaemia"):
        assert (getattr(storm, name) >= -1e-6).all()
    assert simulate_storm(replace(ill, p1=2 * p1), 300).peak[1] >= storm.peak[1] * (1 - 1e-9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(hanson, d2=0), "d2 is 0"),
        (lambda: replace(hanson, leukaemia0_per_uL=-1), "leukaemia0_per_uL is -1"),
        (lambda: simulate_storm(hanson, removal_pg_mL_h=-1), "removal_pg_mL_h is -1"),
        (lambda: simulate_storm(hanson, 0), "horizon_h is 0"),
        (lambda: simulate_storm(hanson).hours_above(0), "level_pg_mL is 0"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()
