"""What a count such as 61 of 75 says about the true share: exact intervals, and how rare "none seen" may be.

Counts are binomial: every person answers once, alone, with the same chance. The interval says how far chance
alone can lead; it knows nothing of a biased choice of patients.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

from immunolab.models._arrays import plain
from immunolab.models._checks import positive, whole_numbers, within


class Interval(NamedTuple):
    """Lower and upper end of a share, from 0 to 1: numbers, or arrays in the shape of the counts."""

    low: float | np.ndarray
    high: float | np.ndarray


def clopper_pearson(successes, n, level=0.95) -> Interval:
    """Exact interval of the share behind ``successes`` of ``n``.

    low solves P(X ≥ x) = (1 − level)/2 and high solves P(X ≤ x) = (1 − level)/2 for X ~ Bin(n, share); both
    are quantiles of a beta distribution. None of n begins at 0, all of n ends at 1.

    ``successes`` (0 to ``n``) and ``n`` (1 or more) are whole numbers, or arrays that broadcast; ``level``
    lies between 0 and 1. Anything else raises ValueError. Source: Clopper and Pearson 1934,
    doi:10.1093/biomet/26.4.404. Limits: cautious; it covers the true share at least as often as ``level``.
    """
    x, n = _counts(successes, n)
    tail = (1 - within("level", level, 0, 1, "the confidence level")) / 2
    # betaincinv gives quantiles of the beta distribution. At the ends a parameter is 0; a 1 keeps them defined.
    low = np.where(x == 0, 0.0, betaincinv(np.maximum(x, 1), n - x + 1, tail))
    high = np.where(x == n, 1.0, betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail))
    return Interval(plain(low), plain(high))


def upper_bound(successes, n, level=0.95):
    """One-sided exact bound: with confidence ``level`` the share behind ``successes`` of ``n`` is no higher.

    For none of n it is 1 − (1 − level)^(1/n), for many n close to 3/n at 95 % (the rule of three). Arguments,
    errors and source as in ``clopper_pearson``.
    """
    level = within("level", level, 0, 1, "the confidence level")
    x, n = _counts(successes, n)
    return plain(np.where(x == n, 1.0, betaincinv(x + 1, np.maximum(n - x, 1), level)))


def people_to_see_one(share, level=0.95):
    """How many people a study needs to see an event of this ``share`` at least once with chance ``level``.

    The smallest n with 1 − (1 − share)^n ≥ level. ``share`` (above 0, at most 1) is a number or an array,
    ``level`` at least 0 and below 1; anything else raises ValueError.
    """
    share = within("share", positive("share", share, "the share of people with the event"), 0, 1, "the share")
    level = within("level", level, 0, 0.9999, "the chance to see one")
    with np.errstate(divide="ignore"):
        n = np.log1p(-level) / np.log1p(-np.asarray(share))
    return plain(np.maximum(1.0, np.ceil(n * (1 - 1e-12))))


def _counts(successes, n):
    n = whole_numbers("n", n, 1, "the number of people")
    x = whole_numbers("successes", successes, 0, "the number of people counted")
    if np.any(x > n):
        raise ValueError(f"successes is {successes}: give at most n, which is {n}")
    return np.asarray(x), np.asarray(n)
