"""Sensitivity and its relatives: a published table, limits, messages."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunolab.models.two_by_two import TwoByTwo

counts = st.integers(1, 500)


def test_row_p12_response_by_tumour_mutational_burden():
    """Goodman 2017: 22 of 38 with 20 mutations per megabase or more, 23 of 113 with fewer."""
    table = TwoByTwo(22, 38 - 22, 23, 113 - 23)
    assert table.risk_ratio == pytest.approx(2.84, rel=0.01)
    assert table.odds_ratio == pytest.approx(5.38, rel=0.01)
    assert table.p == pytest.approx(2.8e-5, rel=0.01)
    assert table.sensitivity == pytest.approx(0.489, rel=0.01)
    assert table.specificity == pytest.approx(0.849, rel=0.01)
    assert table.positive_predictive_value == pytest.approx(0.58, rel=0.01)
    assert table.negative_predictive_value == pytest.approx(90 / 113)


def test_pooling_can_make_an_association():
    """Two kinds of tumour, in neither of which the mark says anything; one has both mark and outcome often."""
    one, two = TwoByTwo(32, 8, 8, 2), TwoByTwo(2, 8, 8, 32)
    assert one.odds_ratio == two.odds_ratio == 1
    assert TwoByTwo(34, 16, 16, 34).odds_ratio > 4


@given(counts, counts, counts, counts)
def test_swapping_the_rows_inverts_the_ratios(a, b, c, d):
    table, swapped = TwoByTwo(a, b, c, d), TwoByTwo(c, d, a, b)
    assert swapped.odds_ratio == pytest.approx(1 / table.odds_ratio)
    assert swapped.risk_ratio == pytest.approx(1 / table.risk_ratio)
    assert (table.odds_ratio - 1) * (table.risk_ratio - 1) >= -1e-12
    assert 0 <= table.p <= 1 + 1e-12


def test_empty_rows():
    assert math.isnan(TwoByTwo(0, 0, 3, 4).positive_predictive_value)
    assert TwoByTwo(3, 0, 0, 4).odds_ratio == math.inf


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((1.5, 2, 3, 4), "positive_with is 1.5"),
        ((1, -2, 3, 4), "positive_without is -2"),
        ((0, 0, 0, 0), "at least one"),
    ],
)
def test_bad_counts_say_what_to_give(counts, message):
    with pytest.raises(ValueError, match=message):
        TwoByTwo(*counts)
