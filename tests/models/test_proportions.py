"""Exact intervals: published and computed values (L5-P, L5-E5, L6-E5), limits, properties, and messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from immunolab.models.proportions import clopper_pearson, people_to_see_one, upper_bound

levels = st.floats(0.5, 0.999)


@st.composite
def counts(draw):
    """A count and the people it is out of."""
    n = draw(st.integers(1, 2000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (61, 75, 0.707, 0.894),  # ELIANA, 61 inferred from 81 %
        (94, 128, 0.649, 0.809),  # KarMMa
        (48, 153, 0.241, 0.394),  # C-144-01: 24.1 to 39.4 % is also the published interval
        (39, 67, 0.455, 0.702),  # CD19-negative among relapses, Blood Adv 2019;3:3539
        (72, 94, 0.667, 0.847),  # L5-E5: FELIX, 72 inferred from 77 %
        (31, 45, 0.534, 0.818),  # L6-E5: tocilizumab, Le 2018 (doi:10.1634/theoncologist.2018-0028)
        (16, 39, 0.256, 0.579),  # L12-E1: rejection under checkpoint blockade
        (5, 5, 0.478, 1.0),  # none missed: the upper end is 1
    ],
)
def test_counts_of_the_lessons(successes, n, low, high):
    """L5-P: Clopper-Pearson intervals, tolerance 0.001."""
    assert clopper_pearson(successes, n) == pytest.approx((low, high), abs=0.001)


def test_share_of_antigen_negative_relapses():
    """L5-P: 39 of 67 is 0.582."""
    share = 39 / 67
    assert share == pytest.approx(0.582, abs=0.001)
    low, high = clopper_pearson(39, 67)
    assert low < share < high


class TestClopperPearson:
    @given(counts(), levels)
    def test_as_an_independent_solver_finds_it(self, count, level):
        expected = binomtest(*count).proportion_ci(level, method="exact")
        assert clopper_pearson(*count, level) == pytest.approx((expected.low, expected.high), abs=1e-9)

    @given(counts(), levels)
    def test_each_end_leaves_half_of_the_rest_to_chance(self, count, level):
        x, n = count
        low, high = clopper_pearson(x, n, level)
        assert 0 <= low <= x / n <= high <= 1
        if x > 0:
            assert binom.sf(x - 1, n, low) == pytest.approx((1 - level) / 2, rel=1e-6)
        if x < n:
            assert binom.cdf(x, n, high) == pytest.approx((1 - level) / 2, rel=1e-6)

    @given(counts())
    def test_people_without_the_event_mirror_those_with_it(self, count):
        x, n = count
        low, high = clopper_pearson(x, n)
        assert clopper_pearson(n - x, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)

    def test_none_and_all_have_a_closed_form(self):
        assert clopper_pearson(0, 20) == pytest.approx((0, 1 - 0.025 ** (1 / 20)))
        assert clopper_pearson(20, 20) == pytest.approx((0.025 ** (1 / 20), 1))

    def test_ten_times_the_people_make_it_about_three_times_narrower(self):
        few, many = clopper_pearson(40, 100), clopper_pearson(400, 1000)
        assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10**0.5, rel=0.05)

    def test_arrays_give_what_numbers_give(self):
        intervals = clopper_pearson([0, 48, 75], [15, 153, 75])
        for i, count in enumerate([(0, 15), (48, 153), (75, 75)]):
            assert (intervals.low[i], intervals.high[i]) == clopper_pearson(*count)
        assert clopper_pearson(np.arange(4)[:, None], [10, 20]).low.shape == (4, 2)

    def test_numbers_give_numbers(self):
        assert [type(end) for end in clopper_pearson(61, 75)] == [float, float]


class TestNoneSeen:
    def test_none_in_fifteen(self):
        """L12-E2: at most 0.181."""
        assert upper_bound(0, 15) == pytest.approx(0.181, abs=0.001)

    @pytest.mark.parametrize("n", [100, 1000, 10_000])
    def test_rule_of_three(self, n):
        assert upper_bound(0, n) == pytest.approx(3 / n, rel=0.02)

    @given(counts(), levels)
    def test_one_side_is_a_wider_interval_read_on_one_side(self, count, level):
        assert upper_bound(*count, level) == pytest.approx(clopper_pearson(*count, 2 * level - 1).high)

    def test_all_of_them(self):
        assert upper_bound(8, 8) == 1

    def test_people_for_one_fatal_event(self):
        """L10-E4: 0.5 % and a chance of 95 % take 598 people."""
        assert people_to_see_one(0.005) == 598
        assert people_to_see_one([0.005, 1]).tolist() == [598, 1]

    @given(st.floats(1e-6, 0.999), st.floats(0.01, 0.99))
    def test_one_person_fewer_is_too_few(self, share, level):
        n = people_to_see_one(share, level)
        assert 1 - (1 - share) ** n >= level * (1 - 1e-9)
        assert n == 1 or 1 - (1 - share) ** (n - 1) < level * (1 + 1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clopper_pearson(76, 75), "successes is 76: give at most n, which is 75"),
        (
            lambda: clopper_pearson(-1, 75),
            "successes is -1: give the number of people counted, a whole number, 0",
        ),
        (lambda: clopper_pearson(3.5, 75), "successes is 3.5"),
        (lambda: clopper_pearson([1, 2.5], 75), r"successes\[1\] is 2.5"),
        (lambda: clopper_pearson(0, 0), "n is 0: give the number of people, a whole number, 1 or more"),
        (lambda: clopper_pearson("half", 75), "successes is 'half'"),
        (lambda: clopper_pearson(1, float("nan")), "n is nan"),
        (lambda: clopper_pearson(61, 75, 95), "level is 95: give the confidence level, between 0 and 1"),
        (lambda: upper_bound(2, 1), "successes is 2"),
        (lambda: people_to_see_one(0), "share is 0"),
        (lambda: people_to_see_one(1.5), "share is 1.5"),
        (lambda: people_to_see_one(0.5, 1), "level is 1"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
