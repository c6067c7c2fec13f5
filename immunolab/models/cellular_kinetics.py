"""How many CAR-T cells there are: lag, expansion, two-phase contraction.

    t < lag:            C = C_max / fold
    lag ≤ t < T_max:    C = C_max / fold · e^(ρ·(t − lag)),    ρ = ln(fold) / (T_max − lag)
    t ≥ T_max:          C = C_max·[(1 − F)·e^(−α·(t − T_max)) + F·e^(−β·(t − T_max))]

One curve serves both published analyses: tisagenlecleucel without a lag (Stein et al. 2019,
doi:10.1002/psp4.12388) and lisocabtagene maraleucel with one (Ogasawara et al. 2021,
doi:10.1007/s40262-021-01039-5). That C stands still during the lag is our reading. Everything is a closed
form. Units: days; C in copies of the transgene per µg of genomic DNA, or any other unit of ``c_max``.

The curve describes; it explains nothing. It holds no dose, no tumour and no other T cell, and a copy of the
transgene in blood is not a cell in a tumour. Slow half-lives longer than the follow-up are extrapolated.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from immunolab.models._arrays import plain
from immunolab.models._checks import keep, not_negative, one_of, one_shape, positive, whole, within

_VARYING = ("fold", "t_max_d", "c_max", "alpha_per_d", "slow_fraction", "beta_per_d", "lag_d")


@dataclass(frozen=True)
class ExpansionCurve:
    """One typical or one real patient (numbers), or n patients (arrays of shape (n,), numbers among them).

    ``c_max`` at ``t_max_d``; ``fold``: C_max over the start, at least 1; ``alpha_per_d`` and ``beta_per_d``:
    fast and slow contraction; ``slow_fraction``: share of C_max that declines slowly; ``lag_d``.

    ``growth_changes`` holds (day, factor): from that day until T_max the rate of expansion is multiplied, as
    by a drug; several multiply each other. T_max stays, so C_max moves. Impossible values raise ValueError.
    """

    c_max: float | np.ndarray
    t_max_d: float | np.ndarray
    fold: float | np.ndarray
    alpha_per_d: float | np.ndarray
    beta_per_d: float | np.ndarray
    slow_fraction: float | np.ndarray
    lag_d: float | np.ndarray = 0.0
    growth_changes: tuple[tuple[float, float], ...] = ()

    _shape: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        positive("c_max", self.c_max, "the highest level")
        positive("t_max_d", self.t_max_d, "the day of the highest level")
        within("fold", self.fold, 1, 1e12, "the highest level over the first")
        not_negative("alpha_per_d", self.alpha_per_d, "the fast rate of contraction per day")
        not_negative("beta_per_d", self.beta_per_d, "the slow rate of contraction per day")
        within("slow_fraction", self.slow_fraction, 0, 1, "the share of C_max that declines slowly")
        not_negative("lag_d", self.lag_d, "the days before expansion")
        if np.any(np.asarray(self.lag_d) >= self.t_max_d):
            raise ValueError(f"lag_d is {self.lag_d}: give days before t_max_d, which is {self.t_max_d}")
        for day, factor in self.growth_changes:
            not_negative("growth_changes", day, "days after infusion")
            not_negative("growth_changes", factor, "a factor on the rate of expansion")
        keep(self, _shape=one_shape(**{name: getattr(self, name) for name in _VARYING}))

    @classmethod
    def from_half_lives(
        cls, c_max, t_max_d, doubling_d, fast_half_life_d, slow_half_life_d, slow_fraction, lag_d=0.0
    ) -> "ExpansionCurve":
        """From doubling time and half-lives in days, as the liso-cel analysis prints them."""
        doubling = positive("doubling_d", doubling_d, "the doubling time in days")
        fast = positive("fast_half_life_d", fast_half_life_d, "the first half-life in days")
        slow = positive("slow_half_life_d", slow_half_life_d, "the terminal half-life in days")
        fold = 2 ** ((np.asarray(t_max_d) - lag_d) / doubling)
        return cls(c_max, t_max_d, plain(fold), math.log(2) / fast, math.log(2) / slow, slow_fraction, lag_d)

    def with_growth_factor(self, factor: float, from_d: float) -> "ExpansionCurve":
        """The same patient with expansion ``factor`` times as fast from day ``from_d`` until T_max.

        A thought experiment: Stein et al. estimated the factor for tocilizumab and for corticosteroids, but
        the patients who got them were those whose cells had expanded most.
        """
        return replace(self, growth_changes=(*self.growth_changes, (from_d, factor)))

    # --- numbers that describe the curve: numbers, or arrays of shape (n,) --------------------------------

    @property
    def start(self) -> float | np.ndarray:
        """C at the start of expansion: C_max / fold."""
        return plain(np.divide(self.c_max, self.fold))

    @property
    def growth_per_d(self) -> float | np.ndarray:
        """ρ, the rate of expansion before any change, per day."""
        return plain(np.log(self.fold) / (np.asarray(self.t_max_d) - self.lag_d))

    @property
    def doubling_d(self) -> float | np.ndarray:
        """Doubling time during expansion, in days; inf where nothing expands."""
        return _days(self.growth_per_d)

    @property
    def fast_half_life_d(self) -> float | np.ndarray:
        """Half-life of the fast phase, in days."""
        return _days(self.alpha_per_d)

    @property
    def slow_half_life_d(self) -> float | np.ndarray:
        """Half-life of the slow phase, in days."""
        return _days(self.beta_per_d)

    @property
    def peak(self) -> float | np.ndarray:
        """The level at T_max: C_max, moved by ``growth_changes``."""
        return plain(np.exp(self._log_expansion(np.reshape(self.t_max_d, (-1, 1)))).reshape(self._shape))

    @property
    def crossover_d(self) -> float | np.ndarray:
        """The day after T_max when as many cells decline slowly as fast; inf if that never comes."""
        share, gap = np.asarray(self.slow_fraction, float), np.subtract(self.alpha_per_d, self.beta_per_d)
        with np.errstate(divide="ignore", invalid="ignore"):
            wait = np.log((1 - share) / share) / gap
        wait = np.where(share >= 0.5, 0.0, np.where(gap > 0, wait, np.inf))
        return plain(self.t_max_d + wait)

    # --- the curve ----------------------------------------------------------------------------------------

    def conc(self, times_d) -> float | np.ndarray:
        """C at days from 0 on: shape (times,), or (n, times) for n patients; a number for one day."""
        times = not_negative("times_d", times_d, "days after infusion")
        days = np.atleast_1d(times)
        since = np.maximum(days - _column(self.t_max_d), 0)
        share = _column(self.slow_fraction)
        left = (1 - share) * np.exp(-_column(self.alpha_per_d) * since)
        left = left + share * np.exp(-_column(self.beta_per_d) * since)
        curve = np.exp(self._log_expansion(days)) * left
        return plain(curve.reshape(self._shape + np.shape(times)))

    def auc(self, start_d: float = 0.0, end_d: float = 28.0) -> float | np.ndarray:
        """Area under C from one day to another, in C × days; exact. A number, or shape (n,)."""
        start = not_negative("start_d", start_d, "the first day")
        end = not_negative("end_d", end_d, "the last day")
        if end < start:
            raise ValueError(f"end_d is {end:g}: give a day after start_d, which is {start:g}")
        knots, rates = self._segments()
        area, level = 0.0, _column(self.start)
        for low, high, rate in zip(knots[:-1], knots[1:], rates, strict=True):
            area = area + level * _growth(
                rate, np.clip(start, low, high) - low, np.clip(end, low, high) - low
            )
            level = level * np.exp(rate * (high - low))
        a, b = np.maximum(start - knots[-1], 0), np.maximum(end - knots[-1], 0)
        share = _column(self.slow_fraction)
        fast = (1 - share) * _growth(-_column(self.alpha_per_d), a, b)
        slow = share * _growth(-_column(self.beta_per_d), a, b)
        return plain((area + level * (fast + slow)).reshape(self._shape))

    def _segments(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Days (columns) at which the rate of growth changes, from 0 to T_max, and the rates between."""
        end, lag = _column(self.t_max_d), _column(self.lag_d)
        growth = _column(self.growth_per_d)
        knots, rates = [np.zeros_like(end), lag + 0 * end], [0 * growth]
        for day, factor in sorted(self.growth_changes):
            rates.append(growth)
            knots.append(np.clip(day, knots[-1], end))
            growth = growth * factor
        return [*knots, end], [*rates, growth]

    def _log_expansion(self, days) -> np.ndarray:
        """ln C up to T_max, and ln of the peak from then on."""
        knots, rates = self._segments()
        log = np.log(_column(self.start))
        for low, high, rate in zip(knots[:-1], knots[1:], rates, strict=True):
            log = log + rate * (np.clip(days, low, high) - low)
        return log


def _growth(rate, start, end) -> np.ndarray:
    """∫ e^(rate·t) dt from start to end; also where the rate is 0."""
    span = np.asarray(rate * (end - start))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(span == 0, 1.0, np.expm1(span) / np.where(span == 0, 1.0, span))
    return np.exp(rate * start) * (end - start) * mean


def _days(rate_per_d) -> float | np.ndarray:
    with np.errstate(divide="ignore"):
        return plain(math.log(2) / np.asarray(rate_per_d, float))


def _column(value) -> np.ndarray:
    return np.reshape(np.asarray(value, dtype=float), (-1, 1))


# --- between patients -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variability:
    """How the parameters of ``ExpansionCurve`` differ between patients: log-normally, each on its own.

    The numbers are a published column, and ``reading`` says what it prints of the logarithm: ``"variance"``
    or ``"sd"``. For Stein et al. 2019 both are possible: a public library of models enters the column as
    variances, tables of the software they used usually print standard deviations. Show both.
    """

    fold: float = 0.0
    t_max_d: float = 0.0
    c_max: float = 0.0
    alpha_per_d: float = 0.0
    slow_fraction: float = 0.0
    beta_per_d: float = 0.0
    lag_d: float = 0.0
    reading: str = "variance"

    def __post_init__(self):
        one_of("reading", self.reading, ("variance", "sd"))
        for name in _VARYING:
            not_negative(name, getattr(self, name), f"the {self.reading} of the logarithm of {name}")

    def sd(self, name: str) -> float:
        """Standard deviation of the logarithm of one parameter."""
        value = getattr(self, one_of("name", name, _VARYING))
        return math.sqrt(value) if self.reading == "variance" else value

    def band(self, curve: ExpansionCurve, name: str, z: float = 1.645) -> tuple[float, float]:
        """The parameter ``z`` standard deviations below and above its median; 1.645: from 5 to 95 %."""
        factor = math.exp(z * self.sd(name))
        return getattr(curve, name) / factor, getattr(curve, name) * factor


@dataclass(frozen=True)
class CellPopulation:
    """Simulated patients: their ``curves`` (arrays of shape (n,)) and seed."""

    curves: ExpansionCurve
    seed: int

    def percentiles(self, times_d, percent=(5, 50, 95)) -> np.ndarray:
        """Percentiles of C at each day, shape (len(percent), times)."""
        return np.percentile(self.curves.conc(np.atleast_1d(times_d)), percent, axis=0)


def population(
    typical: ExpansionCurve,
    variability: Variability,
    n: int = 200,
    seed: int = 1,
    fixed: Mapping[str, float] | None = None,
) -> CellPopulation:
    """n patients around a typical one; one seed draws the same people for every curve and reading.

    ``fixed`` holds parameters that all share, such as ``{"t_max_d": 9.3}``. What a draw cannot be is moved to
    the nearest value that can: a fold below 1, a slow fraction above 1, a peak less than half a day after the
    lag. Bad input raises ValueError. Limits: the papers' residual error is not added, and parameters are
    independent of each other, which those of real patients are not.
    """
    n = whole("n", n, 1, 100_000, "the number of patients")
    rng = np.random.default_rng(whole("seed", seed, 0, 2**32, "the seed"))
    for name in fixed or {}:
        one_of("fixed", name, _VARYING)
    typical = replace(typical, **(fixed or {}))
    drawn = {
        name: getattr(typical, name) * np.exp((name not in (fixed or {})) * variability.sd(name) * z)
        for name, z in zip(_VARYING, rng.standard_normal((len(_VARYING), n)), strict=True)
    }
    drawn["fold"] = np.clip(drawn["fold"], 1, 1e12)
    drawn["slow_fraction"] = np.minimum(drawn["slow_fraction"], 1)
    drawn["t_max_d"] = np.maximum(drawn["t_max_d"], drawn["lag_d"] + 0.5)
    return CellPopulation(replace(typical, **drawn), seed)
