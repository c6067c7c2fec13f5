"""How many copies of the CAR gene a vector leaves in each T cell.

Where every cell is hit with the same chance, the copies k of a cell are Poisson with mean m:

    P(k) = e^(−m)·m^k / k!,    CAR⁺ = 1 − e^(−m),    copies per CAR⁺ cell = m / (1 − e^(−m))

Real cells differ: some take up many vectors, others none. A gamma spread of the mean over the cells makes the
copies negative binomial with dispersion r, and 1 − CAR⁺ = (r/(r + m))^r; r → ∞ is Poisson again.

The mean m is what arrives (the effective multiplicity), less than the vectors added per cell. Assays disagree
with each other, and a cell may hold a copy and show no CAR; the models know neither.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize.elementwise import find_root
from scipy.stats import nbinom, poisson

from immunolab.models._arrays import plain
from immunolab.models._checks import keep, not_negative, positive, whole, within


@dataclass(frozen=True)
class Transduction:
    """A batch of T cells: ``copies_per_cell``, the mean over all cells, and the ``dispersion`` r.

    Numbers, or arrays that broadcast; ``dispersion`` is above 0, and infinite (the default) for Poisson.
    Impossible values raise ValueError.
    """

    copies_per_cell: float | np.ndarray
    dispersion: float | np.ndarray = math.inf

    def __post_init__(self):
        mean = not_negative("copies_per_cell", self.copies_per_cell, "the mean copies over all cells")
        finite = np.where(np.asarray(self.dispersion) == math.inf, 1, self.dispersion)
        positive("dispersion", finite, "the dispersion of the copies (math.inf for Poisson)")
        keep(self, copies_per_cell=mean, dispersion=plain(np.asarray(self.dispersion, dtype=float)))

    @property
    def poisson_copies(self):
        """−ln(1 − CAR⁺): the mean copies that a Poisson batch with as many CAR⁺ cells would have."""
        r = self._finite_dispersion
        spread = r * np.log1p(self.copies_per_cell / r)
        return plain(np.where(np.isinf(self.dispersion), self.copies_per_cell, spread))

    @property
    def car_positive(self):
        """Share of cells with at least one copy."""
        return plain(-np.expm1(-self.poisson_copies))

    @property
    def copies_per_car_positive(self):
        """Mean copies in a CAR⁺ cell: copies per cell / CAR⁺; 1 in the limit of no vector."""
        return _ratio(self.copies_per_cell, self.car_positive, empty=1.0)

    @property
    def single_copy(self):
        """Share of the CAR⁺ cells that hold exactly one copy; 1 in the limit of no vector."""
        one = (
            self.copies_per_cell * np.exp(-self.poisson_copies) / (1 + self.copies_per_cell / self.dispersion)
        )
        return _ratio(one, self.car_positive, empty=1.0)

    @property
    def excess(self):
        """How many times the copies that Poisson allows for this share of CAR⁺ cells; 1 for Poisson."""
        return _ratio(self.copies_per_cell, self.poisson_copies, empty=1.0)

    def distribution(self, most: int) -> np.ndarray:
        """Share of all cells with 0, 1, ... ``most`` copies, shape (..., most + 1)."""
        copies = np.arange(whole("most", most, 0, 100_000, "the largest number of copies to list") + 1)
        return self._law(copies, poisson.pmf, nbinom.pmf)

    def more_than(self, copies: int):
        """Share of the CAR⁺ cells with more than ``copies`` copies: the tail behind a modest mean."""
        copies = whole("copies", copies, 0, 100_000, "a number of copies")
        tail = self._law(np.array([copies]), poisson.sf, nbinom.sf)[..., 0]
        return _ratio(tail, self.car_positive, empty=0.0)

    @property
    def _finite_dispersion(self):
        """The dispersion, with a 1 where it is infinite and the formula of Poisson is taken instead."""
        return np.where(np.isinf(self.dispersion), 1.0, self.dispersion)

    def _law(self, copies, of_poisson, of_nbinom):
        m, r = (np.asarray(x)[..., None] for x in (self.copies_per_cell, self._finite_dispersion))
        even = np.asarray(np.isinf(self.dispersion))[..., None]
        return np.where(even, of_poisson(copies, m), of_nbinom(copies, r, r / (r + m)))


def _ratio(part, total, empty: float):
    """part / total, and ``empty`` where the total is 0."""
    part, total = np.broadcast_arrays(part, total)
    return plain(np.divide(part, total, out=np.full(part.shape, empty), where=total > 0))


def from_car_positive(car_positive) -> Transduction:
    """The Poisson batch with this share of CAR⁺ cells: m = −ln(1 − CAR⁺).

    ``car_positive`` is a number or an array, 0 or more and below 1; anything else raises ValueError.
    """
    return Transduction(-np.log1p(-_share(car_positive)))


def overdispersed(copies_per_cell, car_positive) -> Transduction:
    """The negative binomial batch with this mean of copies over all cells and this share of CAR⁺ cells.

    Solves r·ln(1 + m/r) = −ln(1 − CAR⁺) for the dispersion r. The left side rises with r from 0 to m, so
    there is one answer while copies suffice; at equality it is Poisson, r infinite.

    Numbers or arrays that broadcast: ``copies_per_cell`` above 0, ``car_positive`` above 0 and below 1. Fewer
    copies than Poisson needs for so many CAR⁺ cells (an under-dispersed batch) have no answer and raise
    ValueError, as do impossible values. Limits: two numbers fix two parameters, so the shape is assumed, not
    tested; copies come from PCR and CAR⁺ from flow cytometry, and each assay misses some.
    """
    mean = positive("copies_per_cell", copies_per_cell, "the mean copies over all cells")
    share = positive("car_positive", _share(car_positive), "the share of CAR⁺ cells")
    mean, needed = np.broadcast_arrays(mean, -np.log1p(-share))
    lacking = np.argwhere(mean - needed < -1e-9 * mean)
    if len(lacking):
        i = tuple(lacking[0])
        raise ValueError(
            f"copies_per_cell is {mean[i]:g}: by chance alone a share of {-math.expm1(-needed[i]):.3g} CAR⁺ cells "
            f"takes {needed[i]:.4g} copies per cell, and with a spread between cells more. With fewer the copies are "
            "more even than chance (under-dispersed): give more copies or a smaller share"
        )
    even = mean - needed < 1e-9 * mean  # Poisson to within rounding; no search there
    m, p = np.where(even, 2.0, mean), np.where(even, 1.0, needed)
    # The root lies between these two, because √x ≥ ln(1 + x) ≥ x − x²/2.
    low, high = p**2 / m, m**2 / (2 * (m - p))
    log_r = find_root(
        lambda log_r, m, p: np.exp(log_r) * np.log1p(m / np.exp(log_r)) - p,
        (np.log(low) - 1e-6, np.log(high) + 1e-6),
        args=(m, p),
    ).x
    return Transduction(plain(mean), np.where(even, math.inf, np.exp(log_r)))


def copies_at_limit(limit, dispersion=math.inf):
    """Largest mean of copies over all cells that keeps the copies per CAR⁺ cell at ``limit``.

    Solves m / CAR⁺(m) = limit. ``limit``, in copies per CAR⁺ cell, is a number or an array above 1 (a CAR⁺
    cell holds at least one); ``dispersion`` as in ``Transduction``. Anything else raises ValueError.
    """
    limit = positive("limit", limit, "the copies allowed per CAR⁺ cell")
    if np.any(limit <= 1):
        raise ValueError(f"limit is {limit}: give the copies allowed per CAR⁺ cell, above 1")
    limit, r = np.broadcast_arrays(limit, Transduction(0.0, dispersion).dispersion)
    mean = find_root(
        lambda m, limit, r: Transduction(m, r).copies_per_car_positive - limit,
        (np.zeros_like(limit), limit),
        args=(limit, r),
    ).x
    return plain(mean)


def doublings_needed(cells, car_positive, car_positive_cells_needed):
    """How often the cells must double until enough of them are CAR⁺: log2(needed / (cells · CAR⁺)), at least 0.

    Numbers or arrays; bad input raises ValueError. Limits: all cells divide alike, and none dies.
    """
    cells = positive("cells", cells, "the number of T cells")
    share = positive("car_positive", _share(car_positive), "the share of CAR⁺ cells")
    needed = positive("car_positive_cells_needed", car_positive_cells_needed, "the CAR⁺ cells needed")
    return plain(np.maximum(0.0, np.log2(needed / (cells * share))))


def _share(car_positive):
    share = within("car_positive", car_positive, 0, 1, "the share of CAR⁺ cells, below 1")
    if np.any(share == 1):
        raise ValueError(
            "car_positive is 1: give a share below 1, since no finite mean of copies hits every cell"
        )
    return share
