"""Transduction: values of the dossier (L5-P, L5-E), limits, properties, and messages."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunolab.models.transduction import (
    Transduction,
    copies_at_limit,
    doublings_needed,
    from_car_positive,
    overdispersed,
)


def decades(low: float, high: float):
    """Numbers spread evenly over the powers of ten from ``low`` to ``high``."""
    return st.floats(low, high).map(lambda x: 10.0**x)


dispersions = st.one_of(st.just(math.inf), decades(-1.5, 3))


class TestPublishedValues:
    def test_multiplicity_of_one(self):
        """L5-P: CAR⁺, single copies among CAR⁺, copies per CAR⁺ cell."""
        batch = Transduction(1.0)
        assert batch.car_positive == pytest.approx(0.6321, abs=1e-3)
        assert batch.single_copy == pytest.approx(0.5820, abs=1e-3)
        assert batch.copies_per_car_positive == pytest.approx(1.5820, abs=1e-3)

    def test_mean_behind_thirty_percent(self):
        """L5-P."""
        batch = from_car_positive(0.30)
        assert batch.copies_per_cell == pytest.approx(0.3567, abs=1e-3)
        assert batch.copies_per_car_positive == pytest.approx(1.189, abs=1e-3)

    def test_ari_0001_batches(self):
        """L5-P: measured CAR⁺ and copies per cell of PMC6319086, Table 2; ratios 4.8, 4.3, 5.0."""
        batches = overdispersed([1.45, 2.32, 2.51], [0.260, 0.419, 0.397])
        assert batches.poisson_copies[0] == pytest.approx(0.301, rel=0.02)
        assert batches.excess == pytest.approx([4.8, 4.3, 5.0], rel=0.02)
        assert batches.dispersion[0] == pytest.approx(0.116, rel=0.02)

    def test_quiz_3_forty_percent_and_two_and_a_half_copies(self):
        """L5 quiz 3: Poisson allows 0.51 copies per cell."""
        assert overdispersed(2.5, 0.40).poisson_copies == pytest.approx(0.51, abs=0.005)

    def test_e1_half_of_the_cells(self):
        """L5-E1."""
        assert from_car_positive(0.5).copies_per_car_positive == pytest.approx(1.386, abs=1e-3)

    def test_e2_largest_mean_below_five_copies(self):
        """L5-E2."""
        assert copies_at_limit(5) == pytest.approx(4.965, abs=1e-3)

    def test_e4_doublings(self):
        """L5-E4: 1e8 T cells, 30 % CAR⁺, 3e8 CAR⁺ needed."""
        assert doublings_needed(1e8, 0.30, 3e8) == pytest.approx(3.32, abs=0.005)


class TestLimits:
    def test_little_vector_leaves_single_copies(self):
        batch = Transduction(1e-9)
        assert batch.car_positive == pytest.approx(1e-9)
        assert (batch.copies_per_car_positive, batch.single_copy) == pytest.approx((1, 1))

    def test_no_vector(self):
        batch = Transduction(0)
        assert (batch.car_positive, batch.copies_per_car_positive, batch.single_copy) == (0, 1, 1)
        assert (batch.excess, batch.more_than(0)) == (1, 0)
        assert batch.distribution(3).tolist() == [1, 0, 0, 0]

    def test_much_vector_reaches_every_cell(self):
        batch = Transduction(40.0)
        assert (batch.car_positive, batch.copies_per_car_positive) == pytest.approx((1, 40))

    def test_dispersion_of_one_is_geometric(self):
        assert Transduction(1.0, 1.0).distribution(4) == pytest.approx([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32])

    @pytest.mark.parametrize("mean", [0.01, 1, 20])
    def test_a_large_dispersion_is_poisson(self, mean):
        assert Transduction(mean, 1e8).distribution(30) == pytest.approx(
            Transduction(mean).distribution(30), abs=1e-7
        )

    def test_a_batch_exactly_as_chance_has_it(self):
        assert overdispersed(1.0, 1 - math.exp(-1)).dispersion == math.inf

    def test_the_mean_can_pass_while_a_tail_does_not(self):
        """Same copies per CAR⁺ cell; with a spread between cells more cells hold more than ten."""
        spread = Transduction(copies_at_limit(4, 0.2), 0.2)
        assert spread.copies_per_car_positive == pytest.approx(4)
        assert spread.more_than(10) > 5 * Transduction(copies_at_limit(4)).more_than(10)

    def test_enough_cells_need_no_doubling(self):
        assert doublings_needed([1e8, 1e9], 0.5, [1e8, 1e8]).tolist() == [1, 0]


class TestProperties:
    @given(decades(-3, 1), dispersions)
    def test_distribution_agrees_with_its_read_outs(self, mean, dispersion):
        batch = Transduction(mean, dispersion)
        shares = batch.distribution(20_000)
        copies = np.arange(20_001)
        assert shares.sum() == pytest.approx(1)
        assert shares[1:].sum() == pytest.approx(batch.car_positive)
        assert shares @ copies == pytest.approx(mean)
        assert shares[1] / shares[1:].sum() == pytest.approx(batch.single_copy)
        assert shares @ copies / shares[1:].sum() == pytest.approx(batch.copies_per_car_positive)
        assert shares[6:].sum() / shares[1:].sum() == pytest.approx(batch.more_than(5), abs=1e-9)

    @given(decades(-3, 1.5), decades(-3, 3))
    def test_spread_between_cells_wastes_copies(self, mean, dispersion):
        spread, even = Transduction(mean, dispersion), Transduction(mean)
        assert spread.car_positive <= even.car_positive
        assert spread.copies_per_car_positive >= even.copies_per_car_positive >= 1
        assert spread.excess >= 1

    @given(st.floats(1e-6, 0.999))
    def test_share_of_poisson_there_and_back(self, share):
        assert from_car_positive(share).car_positive == pytest.approx(share)

    @given(decades(-2, 1), decades(-3, 3))
    def test_dispersion_is_found_again(self, mean, dispersion):
        batch = Transduction(mean, dispersion)
        found = overdispersed(mean, batch.car_positive)
        # So near to Poisson the share hardly tells the dispersion; what it does to the share comes back.
        assert found.car_positive == pytest.approx(batch.car_positive, rel=1e-9)
        if mean / dispersion > 1e-3:
            assert found.dispersion == pytest.approx(dispersion, rel=1e-4)

    @given(st.floats(1.001, 50), dispersions)
    def test_limit_is_met(self, limit, dispersion):
        batch = Transduction(copies_at_limit(limit, dispersion), dispersion)
        assert batch.copies_per_car_positive == pytest.approx(limit, rel=1e-9)

    def test_arrays_give_what_numbers_give(self):
        means, spread = np.array([0.3, 1.0, 5.0]), np.array([math.inf, 0.2, 3.0])
        batches = Transduction(means, spread)
        for i, (m, r) in enumerate(zip(means, spread, strict=True)):
            one = Transduction(m, r)
            for name in (
                "car_positive",
                "copies_per_car_positive",
                "single_copy",
                "poisson_copies",
                "excess",
            ):
                assert getattr(batches, name)[i] == getattr(one, name)
                assert type(getattr(one, name)) is float
            assert batches.distribution(6)[i] == pytest.approx(one.distribution(6))
            assert copies_at_limit([2, 3, 4], spread)[i] == pytest.approx(copies_at_limit(i + 2, r))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Transduction(-1), "copies_per_cell is -1: give the mean copies over all cells, 0 or more"),
        (lambda: Transduction("many"), "copies_per_cell is 'many'"),
        (
            lambda: Transduction(1, 0),
            r"dispersion is 0: give the dispersion of the copies \(math.inf for Poisson\)",
        ),
        (lambda: Transduction(1, math.nan), "dispersion is nan"),
        (lambda: Transduction(1, -math.inf), "dispersion is -inf"),
        (lambda: Transduction(1, [1, -2]), r"dispersion\[1\] is -2"),
        (lambda: Transduction(1).distribution(2.5), "most is 2.5"),
        (lambda: Transduction(1).more_than(-1), "copies is -1"),
        (lambda: from_car_positive(1), "car_positive is 1: give a share below 1"),
        (
            lambda: from_car_positive(40),
            "car_positive is 40: give the share of CAR⁺ cells, below 1, between 0 and 1",
        ),
        (lambda: overdispersed(0, 0.3), "copies_per_cell is 0"),
        (lambda: overdispersed(1, 0), "car_positive is 0"),
        (
            lambda: overdispersed(0.5, 0.5),
            r"copies_per_cell is 0.5: by chance alone a share of 0.5 .* 0.6931 copies",
        ),
        (lambda: overdispersed([2, 0.2], [0.3, 0.3]), "copies_per_cell is 0.2: .*under-dispersed"),
        (lambda: copies_at_limit(1), "limit is 1.0: give the copies allowed per CAR⁺ cell, above 1"),
        (lambda: copies_at_limit(math.nan), "limit is nan"),
        (lambda: copies_at_limit(5, 0), "dispersion is 0"),
        (lambda: doublings_needed(0, 0.3, 1e8), "cells is 0"),
        (lambda: doublings_needed(1e8, 0, 1e8), "car_positive is 0"),
        (lambda: doublings_needed(1e8, 0.3, -1), "car_positive_cells_needed is -1"),
    ],
)
def test_bad_input_says_what_to_pass(call, message):
    with pytest.raises(ValueError, match=message):
        call()
