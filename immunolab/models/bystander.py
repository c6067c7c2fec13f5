"""The bystander: drug that a conjugate brings into cells with the antigen, and that reaches cells without it.

    cells with antigen      dc₊/dt = s(t) + k_in·m − (k_out + k_lost + g)·c₊
    cells without           dc₋/dt =        k_in·m − (k_out + k_lost + g)·c₋
    fluid between cells     V·dm/dt = Σ n·(k_out + E(c))·c − k_in·m·Σ n − k_wash·V·m
    number of cells         dn/dt = (g − E(c))·n,    E(c) = E_max·c^h / (c50^h + c^h)

Only cells with the antigen take up conjugate and set drug free (s). A drug that crosses membranes leaks out
(k_out), enters any cell (k_in), and is washed away by blood (k_wash); dying cells spill what they hold; growing
cells dilute it. A charged drug has k_out = k_in = 0: it works where it was brought and passes on only when a
cell dies, to nobody. c and m are concentrations in nM; n and V are volumes, relative to all cells at the start.

A mass balance written for this course, in the manner of published ones (drug in both kinds of cell, with
efflux and influx: BMC Cancer 2019, doi:10.1186/s12885-019-5336-7; Singh et al. 2016, PMC5112145), not any one
of them. Its parameters are illustrative. Limits: fluid is mixed at once, so distance between the cells does not
count; the volume of fluid stays; no new antigen loss; no drug from plasma; the uptake of conjugate is given, not
worked out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.integrate import odeint

from immunolab.models._checks import each, not_negative, positive, within

TOLERANCE = 1e-6
MOST_RELATIVE = 1e6  # beyond a million times the half concentration killing is at its most


@dataclass(frozen=True)
class Payload:
    """A drug: how it crosses membranes, how it is lost, and how well it kills. Rates per day.

    ``out_per_d`` (out of cells), ``in_per_d`` (into them), ``wash_per_d`` (out of the fluid into blood),
    ``lost_per_d`` (destroyed inside), ``half_nM`` (concentration inside of half the killing), ``hill``,
    ``kill_per_d`` (the most it kills). Both of the first two 0: charged, cannot cross.
    """

    out_per_d: float
    in_per_d: float
    wash_per_d: float
    half_nM: float
    kill_per_d: float
    hill: float = 1.0
    lost_per_d: float = 0.0

    def __post_init__(self):
        each(
            self, not_negative, "a rate per day", names=("out_per_d", "in_per_d", "lost_per_d", "kill_per_d")
        )
        positive("wash_per_d", self.wash_per_d, "the rate per day at which blood washes the drug away")
        positive("half_nM", self.half_nM, "the concentration inside a cell of half the killing in nM")
        within("hill", self.hill, 0.1, 20, "the Hill exponent")

    def killing_per_d(self, inside_nM):
        """Rate of death at a concentration inside the cell; numbers or arrays."""
        power = np.clip(inside_nM / self.half_nM, 0.0, MOST_RELATIVE) ** self.hill
        return self.kill_per_d * power / (1 + power)


@dataclass(frozen=True)
class MixedTumour:
    """A tumour of ``cells``, of which ``positive_fraction`` (0 to 1) carry the antigen.

    All grow at ``growth_per_d``. ``fluid``: volume between the cells for one volume of cells at the start.
    """

    positive_fraction: float
    growth_per_d: float = 0.0
    cells: float = 1e9
    fluid: float = 0.5

    def __post_init__(self):
        within("positive_fraction", self.positive_fraction, 0, 1, "the fraction of cells with the antigen")
        not_negative("growth_per_d", self.growth_per_d, "growth per day")
        within("cells", self.cells, 1, 1e13, "the cells at the start")
        within("fluid", self.fluid, 0.01, 100, "the volume of fluid for one of cells")


@dataclass(frozen=True)
class Delivery:
    """Drug set free inside cells with the antigen: s(t), in nM per day.

    Each dose (on ``dose_times_d``, increasing) adds ``uptake_nM_d``, which halves every ``half_life_d``.
    """

    uptake_nM_d: float
    half_life_d: float
    dose_times_d: Sequence[float] = (0.0,)

    def __post_init__(self):
        not_negative("uptake_nM_d", self.uptake_nM_d, "the drug set free inside a cell in nM per day")
        positive("half_life_d", self.half_life_d, "the half-life of the uptake in days")
        times = not_negative("dose_times_d", np.atleast_1d(self.dose_times_d), "the days of the doses")
        if times.ndim > 1 or np.any(np.diff(times) <= 0):
            raise ValueError(f"dose_times_d is {self.dose_times_d}: give days that increase")

    def at(self, day: float) -> float:
        """s on one day, in nM per day, the dose of that day included."""
        rate = math.log(2) / self.half_life_d
        given = (math.exp(-rate * (day - dose)) for dose in np.atleast_1d(self.dose_times_d) if dose <= day)
        return self.uptake_nM_d * sum(given)


@dataclass(frozen=True)
class MixedCourse:
    """Cells with and without the antigen, and drug in nM, at ``times_d``; each of shape (times,).

    ``in_positive_nM`` and ``in_negative_nM`` are what one cell of the kind holds, whether or not any is left.
    Below one cell a kind counts 0 from then on.
    """

    times_d: np.ndarray
    positive_cells: np.ndarray
    negative_cells: np.ndarray
    in_positive_nM: np.ndarray
    in_negative_nM: np.ndarray
    between_nM: np.ndarray

    @property
    def cells(self) -> np.ndarray:
        """Cells of both kinds."""
        return self.positive_cells + self.negative_cells


def simulate(payload: Payload, tumour: MixedTumour, delivery: Delivery, times_d) -> MixedCourse:
    """What becomes of a mixed tumour.

    ``times_d``: days, increasing, shape (times,), 0 or more; the tumour starts at day 0 without drug. Solved
    for the logarithm of cell numbers, right to a relative 1e-4. Bad input raises ValueError. Equations,
    sources and limits stand at the head of this module.
    """
    times = np.atleast_1d(not_negative("times_d", times_d, "days"))
    if times.ndim > 1 or not times.size or np.any(np.diff(times) <= 0):
        raise ValueError(f"times_d is {times_d}: give days that increase, in one row")
    doses = [float(day) for day in np.atleast_1d(delivery.dose_times_d) if 0 < day < times[-1]]
    edges = [0.0, *doses, float(times[-1])]
    state, pieces = np.zeros(5), [np.zeros((5, int(times[0] == 0)))]
    for start, end in pairwise(edges):
        if end == start:
            continue
        inside = times[(times > start) & (times <= end)]
        # odeint walks in compiled code; solve_ivp, with the same solver, takes three times as long.
        path, report = odeint(
            _flow(payload, tumour, delivery, start),
            state,
            np.unique([start, *inside, end]),
            tfirst=True,
            rtol=TOLERANCE,
            atol=TOLERANCE * 1e-3,
            mxstep=10_000,
            full_output=True,
        )
        if report["message"] != "Integration successful.":
            raise ArithmeticError(f"no solution from day {start:g} to {end:g}: {report['message']}")
        state = path[-1]
        pieces.append(path[1 : len(inside) + 1].T)
    log_positive, log_negative, *drug = np.concatenate(pieces, axis=1)
    fraction = tumour.positive_fraction
    return MixedCourse(
        times,
        _whole_cells(tumour.cells * fraction, log_positive),
        _whole_cells(tumour.cells * (1 - fraction), log_negative),
        *(np.maximum(conc, 0.0) for conc in drug),
    )


def _flow(payload: Payload, tumour: MixedTumour, delivery: Delivery, start: float):
    """Right-hand side from one dose to the next; the state is ln n₊, ln n₋ (relative), c₊, c₋, m."""
    uptake, rate = delivery.at(start), math.log(2) / delivery.half_life_d
    positive, negative = tumour.positive_fraction, 1 - tumour.positive_fraction
    growth, fluid, out, into = tumour.growth_per_d, tumour.fluid, payload.out_per_d, payload.in_per_d
    leaving = out + payload.lost_per_d + growth
    half, hill, most, wash = payload.half_nM, payload.hill, payload.kill_per_d, payload.wash_per_d

    def kill(inside):
        power = min(max(inside / half, 0.0), MOST_RELATIVE) ** hill
        return most * power / (1 + power)

    def flow(day, state):
        log_positive, log_negative, c_positive, c_negative, between = state.tolist()
        n_positive, n_negative = positive * math.exp(log_positive), negative * math.exp(log_negative)
        kill_positive, kill_negative = kill(c_positive), kill(c_negative)
        entering = into * between
        released = (
            n_positive * (out + kill_positive) * c_positive + n_negative * (out + kill_negative) * c_negative
        )
        return (
            growth - kill_positive,
            growth - kill_negative,
            uptake * math.exp(-rate * (day - start)) + entering - leaving * c_positive,
            entering - leaving * c_negative,
            (released - entering * (n_positive + n_negative)) / fluid - wash * between,
        )

    return flow


def _whole_cells(start: float, log_relative: np.ndarray) -> np.ndarray:
    """Cells, and 0 for good once there is less than one: a fraction of a cell does not grow back."""
    cells = start * np.exp(log_relative)
    return np.where(np.logical_and.accumulate(cells >= 1), cells, 0.0)


@dataclass(frozen=True)
class SteadyDrug:
    """Drug in nM in cells with and without the antigen, and between them; numbers or arrays."""

    in_positive_nM: float | np.ndarray
    in_negative_nM: float | np.ndarray
    between_nM: float | np.ndarray


def steady_drug(payload: Payload, positive_fraction, uptake_nM_d, fluid=0.5) -> SteadyDrug:
    """Drug at a steady uptake before cells die or grow, in closed form.

    m = f·s·k_out / (k_wash·V·(k_out + k_lost) + k_in·k_lost),  c₋ = k_in·m / (k_out + k_lost),
    c₊ = c₋ + s / (k_out + k_lost): the bystander is proportional to the fraction f of cells with antigen,
    and what leaks to it is missing in the cell that took it up.

    ``positive_fraction`` from 0 to 1 and ``uptake_nM_d`` in nM per day: numbers or arrays that broadcast.
    Raises ValueError for bad input, and for a drug that can neither leave a cell nor be destroyed in it.
    """
    fraction = within("positive_fraction", positive_fraction, 0, 1, "the fraction of cells with the antigen")
    uptake = not_negative("uptake_nM_d", uptake_nM_d, "the drug set free inside a cell in nM per day")
    volume = positive("fluid", fluid, "the volume of fluid for one of cells")
    leaving = payload.out_per_d + payload.lost_per_d
    if leaving == 0:
        raise ValueError("out_per_d and lost_per_d are 0: the drug piles up; give one of them, or simulate")
    lost = payload.wash_per_d * volume * leaving + payload.in_per_d * payload.lost_per_d
    between = fraction * uptake * payload.out_per_d / lost
    bystander = payload.in_per_d * between / leaving
    return SteadyDrug(bystander + uptake / leaving, bystander, between)
