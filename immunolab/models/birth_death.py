"""Cells that divide and die at random: will the last one go?

Each cell divides at a rate λ(t) and dies at a rate μ(t), on its own. Kendall (1948,
doi:10.1214/aoms/1177730285) solved this birth-death process for rates that change in time. With

    ρ(t) = ∫ (μ − λ) ds,    J(t) = ∫ μ·exp(ρ) ds    (both from 0 to t)

one cell has left no descendant by t with probability J/(1 + J), n cells with (J/(1 + J))ⁿ; a lineage that
has survived holds a geometric number of cells. The mean is exp(−ρ) cells for each one at the start.

J may pass e^1000 and 1 − J/(1 + J) may be 1e-11, so all is computed with logarithms. Units: days, cells.
Limits: no cell minds the others, and the rates do not answer to how many are left.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import CubicSpline

from immunolab.models._checks import finite, keep, not_negative, positive, whole, within

_GAUSS_AT, _GAUSS_WEIGHT = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True)
class Lineages:
    """Simulated patients: ``cells`` of shape (n, times) at ``times_d`` of shape (times,); 0 is for ever."""

    times_d: np.ndarray
    cells: np.ndarray
    seed: int

    @property
    def extinct(self) -> np.ndarray:
        """Which of the n end without a cell, shape (n,)."""
        return self.cells[:, -1] == 0

    @property
    def extinct_by(self) -> np.ndarray:
        """Share of the n without a cell at each time, shape (times,)."""
        return (self.cells == 0).mean(axis=0)


@dataclass(frozen=True)
class BirthDeath:
    """A birth-death process along a path of rates.

    ``birth_per_d`` and ``death_per_d`` are numbers, or arrays of shape (times,) at the rising ``times_d``;
    between those days they are smooth curves (cubic splines), so give steps over which a rate changes little.
    Bad input raises ValueError.
    """

    times_d: np.ndarray
    birth_per_d: float | np.ndarray
    death_per_d: float | np.ndarray

    _steps: np.ndarray = field(init=False, repr=False, compare=False)  # of ρ, between two days
    _log_j: np.ndarray = field(init=False, repr=False, compare=False)  # of J, begun anew at each day

    def __post_init__(self):
        times = finite("times_d", self.times_d, "rising days")
        if np.ndim(times) != 1 or len(times) < 4 or np.any(np.diff(times) <= 0):
            raise ValueError(f"times_d has the shape {np.shape(times)}: give at least four days that rise")
        birth = self._rate("birth_per_d", times, "the divisions of a cell per day")
        death = self._rate("death_per_d", times, "the deaths of a cell per day")
        net = CubicSpline(times, death - birth).antiderivative()
        rho, half = net(times), np.diff(times) / 2
        inside = times[:-1, None] + half[:, None] * (1 + _GAUSS_AT)
        deaths = np.maximum(CubicSpline(times, death)(inside), 0)
        j = half * ((deaths * np.exp(net(inside) - rho[:-1, None])) @ _GAUSS_WEIGHT)
        with np.errstate(divide="ignore"):
            log_j = np.log(j)
        keep(self, times_d=times, _steps=np.diff(rho), _log_j=log_j)

    def _rate(self, name: str, times: np.ndarray, what: str) -> np.ndarray:
        rate = not_negative(name, getattr(self, name), what)
        if np.shape(rate) not in ((), times.shape):
            raise ValueError(f"{name} has the shape {np.shape(rate)}: give a number, or one for each day")
        return np.broadcast_to(rate, times.shape)

    @property
    def mean(self) -> np.ndarray:
        """Expected cells for each cell at the start, shape (times,)."""
        return np.exp(-np.concatenate([[0.0], np.cumsum(self._steps)]))

    def extinct_by(self, cells: float) -> np.ndarray:
        """Probability that of ``cells`` at the start no descendant is left, at each day; shape (times,)."""
        cells = not_negative("cells", cells, "the cells at the start")
        rho = np.concatenate([[0.0], np.cumsum(self._steps[:-1])])
        log_j = np.concatenate([[-np.inf], np.logaddexp.accumulate(self._log_j + rho)])
        return _all_extinct(log_j, cells)

    def extinction_probability(self, cells: float) -> float:
        """Probability that no descendant is left on the last day."""
        return float(self.extinct_by(cells)[-1])

    def extinction_day(self, cells: float, share: float = 0.5) -> float | None:
        """The day by which ``share`` of all extinctions have happened; None if there are none."""
        share = within("share", share, 0, 1, "a share of all extinctions")
        gone = self.extinct_by(cells)
        if gone[-1] == 0:
            return None
        after = max(1, int(np.searchsorted(gone, share * gone[-1])))
        return float(
            np.interp(share * gone[-1], gone[after - 1 : after + 1], self.times_d[after - 1 : after + 1])
        )

    def survival_of_one(self) -> np.ndarray:
        """Probability that one cell born on a day has descendants on the last day; shape (times,)."""
        log_j = -np.inf  # of J from a day to the end, built backwards
        backwards = [log_j]
        for step, log_step in zip(self._steps[::-1], self._log_j[::-1], strict=True):
            log_j = np.logaddexp(log_step, step + log_j)
            backwards.append(log_j)
        return np.exp(-np.logaddexp(0, np.array(backwards[::-1])))

    def sample(
        self, cells: int, n: int = 100, seed: int = 1, steps: int = 120, ceiling: float = 1e15
    ) -> Lineages:
        """n patients with ``cells`` at the start, drawn at about ``steps`` of the days.

        Nothing is approximated: over each step every cell is lost or leaves a geometric number, with Kendall's
        probabilities. Whoever reaches ``ceiling`` stays there. The same seed draws the same patients.
        """
        cells = whole("cells", cells, 0, 10**15, "the cells at the start")
        n = whole("n", n, 1, 100_000, "the number of patients")
        steps = whole("steps", steps, 1, 100_000, "the number of steps")
        ceiling = positive("ceiling", ceiling, "the number of cells at which a patient stays")
        rng = np.random.default_rng(whole("seed", seed, 0, 2**32, "the seed"))
        days = np.unique(np.linspace(0, len(self.times_d) - 1, steps + 1).round().astype(int))
        now = np.full(n, cells, dtype=np.int64)
        path = [now]
        for rho, log_j in zip(*self._over(days), strict=True):
            found = rng.binomial(now, np.exp(-np.logaddexp(0, log_j)))  # lineages that survive the step
            one = min(1.0, np.exp(rho - np.logaddexp(0, log_j)))  # geometric: that a lineage has one cell
            grown = (found > 0) & (found < ceiling * one)
            found[grown] += rng.negative_binomial(found[grown], one)
            found[found >= ceiling * one] = int(ceiling)
            now = np.where(now >= ceiling, now, np.minimum(found, int(ceiling)))
            path.append(now)
        return Lineages(self.times_d[days], np.array(path).T, seed)

    def _over(self, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Steps of ρ and log J between chosen days: J(a, c) = J(a, b) + exp(ρ(a, b))·J(b, c)."""
        rho = np.concatenate([[0.0], np.cumsum(self._steps)])
        since = rho[:-1] - np.repeat(rho[days[:-1]], np.diff(days))
        return np.diff(rho[days]), np.logaddexp.reduceat(self._log_j + since, days[:-1])


def _all_extinct(log_j: np.ndarray, cells: float) -> np.ndarray:
    """(J/(1 + J))^cells = exp(−cells·ln(1 + 1/J))."""
    if cells == 0:
        return np.ones_like(log_j)
    return np.exp(-cells * np.logaddexp(0, -log_j))
