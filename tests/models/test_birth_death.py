"""Birth and death by chance: Kendall's formula, an independent simulation, limits, properties, messages."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolab.models.birth_death import BirthDeath

days = np.linspace(0, 30, 301)


def extinct_at_constant_rates(birth, death, t):
    """One cell: μ(e − 1)/(λe − μ), e = exp((λ − μ)t); λt/(1 + λt) for equal rates."""
    if birth == death:
        return birth * t / (1 + birth * t)
    e = np.exp((birth - death) * t)
    return death * (e - 1) / (birth * e - death)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.01, 1.5), st.floats(0, 1.5), st.integers(1, 30))
def test_constant_rates_have_a_closed_form(birth, death, cells):
    process = BirthDeath(days, birth, death)
    expected = extinct_at_constant_rates(birth, death, days) ** cells
    assert process.extinct_by(cells) == pytest.approx(expected, rel=1e-6, abs=1e-12)
    assert process.mean == pytest.approx(np.exp((birth - death) * days), rel=1e-9)
    one = 1 - extinct_at_constant_rates(birth, death, 30 - days)
    assert process.survival_of_one() == pytest.approx(one, rel=1e-5, abs=1e-12)


def test_a_tumour_of_1e11_needs_the_logarithm():
    """With death but no birth each cell lives exponentially: P = (1 − e^(−μt))ⁿ."""
    process = BirthDeath(np.linspace(0, 60, 601), 0.0, 1.0)
    gone = process.extinct_by(1e11)
    assert gone[-1] == pytest.approx(math.exp(-1e11 * math.exp(-60)), rel=1e-6)
    assert process.extinction_day(1e11) == pytest.approx(math.log(1e11 / math.log(2)), abs=0.01)


def test_rates_that_overflow_a_float_do_not():
    process = BirthDeath(np.linspace(0, 5000, 5001), 0.0, 1.0)
    assert process.extinction_probability(1e11) == 1
    assert BirthDeath(np.linspace(0, 5000, 5001), 1.0, 0.0).extinction_probability(1) == 0
    assert BirthDeath(days, 0.1, 0.0).extinction_day(10) is None


@settings(deadline=None, max_examples=30)
@given(st.floats(0.05, 0.5), st.floats(0.1, 2), st.floats(1, 20), st.floats(2, 1e6))
def test_more_killing_never_hurts_and_more_cells_never_help(birth, death, peak, cells):
    wave = death * np.exp(-(((days - peak) / 5) ** 2))
    process, stronger = BirthDeath(days, birth, wave), BirthDeath(days, birth, 1.3 * wave)
    gone = process.extinct_by(cells)
    assert (np.diff(gone) >= -1e-12).all()
    assert (stronger.extinct_by(cells) >= gone - 1e-12).all()
    assert (process.extinct_by(cells * 2) <= gone + 1e-12).all()
    assert process.extinct_by(2 * cells) == pytest.approx(gone**2, rel=1e-6, abs=1e-300)


def wave(t):
    """Killing that rises and fades, as CAR-T cells do."""
    return 1.2 * np.exp(-(((t - 6) / 4) ** 2))


def simulated_cell_by_cell(cells, birth, highest, end, n, seed):
    """Gillespie's algorithm, with rates that change handled by thinning; nothing of Kendall in it."""
    rng = np.random.default_rng(seed)
    left = []
    for _ in range(n):
        t, now = 0.0, cells
        while now and now < 3000:
            t += rng.exponential(1 / (now * (birth + highest)))
            if t > end:
                break
            u = rng.random() * (birth + highest)
            now += 1 if u < birth else -1 if u < birth + wave(t) else 0
        left.append(now)
    return np.array(left)


def test_formula_and_sampling_agree_with_a_simulation_cell_by_cell():
    process = BirthDeath(days, 0.3, wave(days))
    left = simulated_cell_by_cell(60, 0.3, 1.2, 15.0, 500, 7)
    expected = process.extinct_by(60)[150]
    assert 0.2 < expected < 0.8
    assert (left == 0).mean() == pytest.approx(expected, abs=0.05)
    drawn = BirthDeath(days[:151], 0.3, wave(days[:151])).sample(60, 20_000, 3, steps=40)
    assert drawn.extinct.mean() == pytest.approx(expected, abs=0.012)
    assert drawn.extinct_by == pytest.approx(
        np.interp(drawn.times_d, days, process.extinct_by(60)), abs=0.015
    )
    alive, sampled = left[left > 0], drawn.cells[:, -1][drawn.cells[:, -1] > 0]
    of_survivors = 60 * process.mean[150] / (1 - expected)
    assert sampled.mean() == pytest.approx(of_survivors, rel=0.03)
    assert alive.mean() == pytest.approx(of_survivors, rel=0.25)


def test_sampling_is_seeded_and_holds_its_limits():
    process = BirthDeath(days, 0.3, wave(days))
    first, again = process.sample(1000, 30, 5), process.sample(1000, 30, 5)
    assert (first.cells == again.cells).all()
    assert first.cells.shape == (30, len(first.times_d))
    assert (process.sample(0, 3).cells == 0).all()
    grown = BirthDeath(days, 5.0, 0.0).sample(10**12, 3, ceiling=1e13)
    assert (grown.cells[:, -1] == 10**13).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BirthDeath([0, 1, 1, 2], 1, 1), "times_d"),
        (lambda: BirthDeath([0, 1], 1, 1), "times_d"),
        (lambda: BirthDeath(days, -1, 1), "birth_per_d is -1"),
        (lambda: BirthDeath(days, 1, np.ones(3)), "death_per_d has the shape"),
        (lambda: BirthDeath(days, 1, 1).extinct_by(-5), "cells is -5"),
        (lambda: BirthDeath(days, 1, 1).extinction_day(5, 2), "share is 2"),
        (lambda: BirthDeath(days, 1, 1).sample(1.5), "cells is 1.5"),
    ],
)
def test_bad_input_says_what_to_give(make, message):
    with pytest.raises(ValueError, match=message):
        make()
