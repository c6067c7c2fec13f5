"""An antibody injected under the skin, with a clearance that may start high and fall: one patient or many.

    depot:   each dose leaves it at rate ka; the fraction F of it reaches the plasma
    dA1/dt = ka·F·depot − CL(t)·C − Q·(C − A2/V2),   C = A1/V1
    dA2/dt = Q·(C − A2/V2)
    CL(t)  = CL + CL_transient·exp(−k·t)

Volumes, clearances and doses are those of ``pharmacokinetics``; t counts from the start of treatment. Source
of the form: teclistamab, Miao et al. 2023, doi:10.1007/s11523-023-00989-z. Units: days, litres, mg, mg/L.

The depot is exact. Plasma and tissue are solved exactly over short steps (at most two hours) with the clearance
of the middle of each; concentrations are right to a relative 2e-4. The model leaves out antibodies against the
drug, and what the drug does to its target cells, except as CL_transient stands for it.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from immunolab.models._arrays import plain
from immunolab.models._checks import not_negative, positive, whole, within
from immunolab.models.pharmacokinetics import Exposure, PKParameters, Regimen

LONGEST_STEP_D = 1 / 12  # two hours


@dataclass(frozen=True)
class Injection:
    """What an injection adds to ``PKParameters``; each a number, or an array of shape (n,) for n patients.

    ``ka_per_d``: rate of absorption; ``bioavailability``: the fraction that arrives; ``cl_transient_L_d``:
    clearance that is there at first and goes at the rate ``transient_per_d``.
    """

    ka_per_d: float | np.ndarray
    bioavailability: float | np.ndarray = 1.0
    cl_transient_L_d: float | np.ndarray = 0.0
    transient_per_d: float | np.ndarray = 0.0

    def __post_init__(self):
        positive("ka_per_d", self.ka_per_d, "the absorption rate per day")
        within("bioavailability", self.bioavailability, 0, 1, "the fraction that reaches the plasma")
        not_negative("cl_transient_L_d", self.cl_transient_L_d, "the passing part of clearance in L/d")
        not_negative("transient_per_d", self.transient_per_d, "the rate per day at which that part goes")


@dataclass(frozen=True)
class InjectedCourse:
    """Concentration over time: ``conc_mg_L`` of shape (times,), or (n, times) for n patients, at ``times_d``.

    Exposures are read from the solver's own grid (``grid_d``, steps of at most two hours).
    """

    times_d: np.ndarray
    conc_mg_L: np.ndarray
    dose_times_d: np.ndarray
    end_d: float
    grid_d: np.ndarray
    grid_conc_mg_L: np.ndarray
    grid_area_mg_d_L: np.ndarray

    def exposure(self, start_d: float, end_d: float) -> Exposure:
        """Peak, trough after it, mean and area between two days, each taken at the nearest step."""
        rows = self._rows(start_d, end_d)
        conc, area = self.grid_conc_mg_L[..., rows], self.grid_area_mg_d_L[..., rows]
        days = self.grid_d[rows]
        behind = np.arange(len(days)) >= conc.argmax(axis=-1)[..., None]
        auc = area[..., -1] - area[..., 0]
        values = (
            conc.max(axis=-1),
            np.where(behind, conc, np.inf).min(axis=-1),
            auc / (days[-1] - days[0]),
            auc,
        )
        return Exposure(float(days[0]), float(days[-1]), *map(plain, values))

    def after_dose(self, number: int) -> Exposure:
        """Exposure from dose ``number`` (the first is 1) to the next, or to the end of its interval."""
        return self.exposure(*self._interval(number))

    def t_max_d(self, number: int):
        """Days from dose ``number`` to the highest concentration before the next dose."""
        rows = self._rows(*self._interval(number))
        days = self.grid_d[rows]
        return plain(days[self.grid_conc_mg_L[..., rows].argmax(axis=-1)] - days[0])

    def _interval(self, number: int) -> tuple[float, float]:
        number = whole("number", number, 1, len(self.dose_times_d), "the number of the dose")
        edges = [*self.dose_times_d, self.end_d]
        return edges[number - 1], edges[number]

    def _rows(self, start_d: float, end_d: float) -> slice:
        last = float(self.grid_d[-1])
        start = within("start_d", start_d, 0, last, "a day of this course")
        end = within("end_d", end_d, 0, last, "a day of this course")
        first, final = (int(np.abs(self.grid_d - day).argmin()) for day in (start, end))
        if final <= first:
            raise ValueError(f"end_d is {end:g}: give a day after start_d ({start:g})")
        return slice(first, final + 1)


def inject(
    parameters: PKParameters, injection: Injection, regimen: Regimen, times_d=None, weight_kg=None
) -> InjectedCourse:
    """Concentration of a drug injected at each dose of a regimen; ``infusion_d`` of the regimen is ignored.

    ``times_d``: days from the start of treatment, shape (times,); by default the solver's own grid.
    ``weight_kg`` as in ``pharmacokinetics.simulate``. Raises ValueError for bad input, and for parameters with
    a drifting (``emax``) or saturable clearance, which this model does not have.
    """
    if weight_kg is not None:
        parameters = parameters.for_patient(weight_kg=weight_kg)
    if parameters.emax or parameters.vmax_mg_d:
        raise ValueError(
            f"{parameters.name} has emax or vmax_mg_d: give parameters with a clearance that is constant"
        )
    end_d = regimen.end_d
    wanted = np.empty(0)
    if times_d is not None:
        wanted = np.atleast_1d(within("times_d", times_d, 0, 100_000, "days from the start of treatment"))
        if wanted.ndim > 1 or not wanted.size:
            raise ValueError(f"times_d has the shape {wanted.shape}: give one or more days in a row")
        end_d = max(end_d, float(wanted.max()))
    doses = regimen.amounts_mg(parameters.reference_weight_kg)
    grid = _grid(regimen.starts_d, end_d, wanted)
    people, plasma, area = _solve(parameters, injection, regimen.starts_d, doses, grid)
    conc, area = (values.T if people else values[:, 0] for values in (plasma, area))
    rows = slice(None) if times_d is None else np.searchsorted(grid, wanted)
    return InjectedCourse(
        grid if times_d is None else wanted,
        conc[..., rows],
        regimen.starts_d,
        regimen.end_d,
        grid,
        conc,
        area,
    )


def _grid(starts_d, end_d: float, wanted) -> np.ndarray:
    """Every dose, every day asked for, and steps of at most two hours between."""
    edges = np.unique(np.concatenate([[0.0], starts_d, [end_d]]))
    pieces = [np.linspace(a, b, int(np.ceil((b - a) / LONGEST_STEP_D)) + 1)[:-1] for a, b in pairwise(edges)]
    return np.unique(np.concatenate([*pieces, [end_d], wanted]))


def _solve(p: PKParameters, injection: Injection, starts_d, doses_mg, grid):
    """Concentration and area under it on the grid, each (times, n), and whether there are n patients."""
    columns = (p.cl_L_d, p.v1_L, p.q_L_d, p.v2_L, *vars(injection).values())
    shape = np.broadcast_shapes(*map(np.shape, columns), np.shape(doses_mg)[:-1])
    cl, v1, q, v2, ka, arriving, cl_extra, fading = (np.atleast_1d(np.asarray(x, float)) for x in columns)
    two = (q > 0) & (v2 > 0)
    k12, k21 = np.where(two, q, 0) / v1, np.where(two, q / np.where(two, v2, 1), 1e6)

    steps, start = np.diff(grid)[:, None], grid[:-1, None]
    k10 = (cl + cl_extra * np.exp(-fading * (start + steps / 2))) / v1
    half_sum = (k10 + k12 + k21) / 2
    fast = half_sum + np.sqrt(half_sum**2 - k10 * k21)
    slow = k10 * k21 / fast
    apart = fast - slow

    # What the depot holds at the start of a step, and what it feeds into a mode of decay rate r meanwhile.
    days_since = grid[:-1, None] - starts_d
    given = (
        np.atleast_2d(doses_mg) * arriving[:, None] if np.ndim(doses_mg) > 1 else np.outer(arriving, doses_mg)
    )
    left = np.where(days_since >= 0, np.exp(-np.multiply.outer(ka, np.maximum(days_since, 0))), 0.0)
    depot = (left * given[:, None, :]).sum(axis=-1).T

    def fed(rate):
        apart_from_ka = np.abs(rate - ka) * steps
        return ka * depot * steps * np.exp(-np.minimum(rate, ka) * steps) * _mean_decay(apart_from_ka)

    of_slow, of_fast = (k21 - slow) / apart, (fast - k21) / apart
    slow_left, fast_left = np.exp(-slow * steps), np.exp(-fast * steps)
    slow_fed, fast_fed = fed(slow), fed(fast)
    stay, swing = of_slow * slow_left + of_fast * fast_left, (slow_left - fast_left) / apart
    tissue_stay = of_fast * slow_left + of_slow * fast_left
    in_plasma = of_slow * slow_fed + of_fast * fast_fed
    in_tissue = k12 * (slow_fed - fast_fed) / apart

    rows = (stay, swing * k21, in_plasma, swing * k12, tissue_stay, in_tissue)
    if not shape:
        rows = (values[:, 0].tolist() for values in rows)  # plain numbers are ten times faster
    plasma, tissue = [np.zeros(shape) if shape else 0.0], [np.zeros(shape) if shape else 0.0]
    for from_plasma, from_tissue, fed_plasma, to_tissue, in_place, fed_tissue in zip(*rows, strict=True):
        before, beside = plasma[-1], tissue[-1]
        plasma.append(from_plasma * before + from_tissue * beside + fed_plasma)
        tissue.append(to_tissue * before + in_place * beside + fed_tissue)
    plasma, tissue = (np.reshape(values, (len(grid), -1)) for values in (plasma, tissue))
    # What was cleared is what arrived and is no longer there; divided by clearance it is the area.
    absorbed = depot * -np.expm1(-ka * steps)
    cleared = absorbed - np.diff(plasma + tissue, axis=0)
    area = np.concatenate([np.zeros_like(plasma[:1]), np.cumsum(cleared / (k10 * v1), axis=0)])
    return bool(shape), plasma / v1, area


def _mean_decay(x):
    """(1 − exp(−x)) / x, and 1 at 0."""
    small = x < 1e-8
    return np.where(small, 1 - x / 2, -np.expm1(-x) / np.where(small, 1, x))
