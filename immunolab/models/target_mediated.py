"""A drug that its own target removes: the full model of binding in plasma, beside three shortcuts.

    dL/dt = input/V1 − (CL/V1)·L − kon·L·R + koff·C − (Q/V1)·(L − T)    free drug
    dT/dt = (Q/V2)·(L − T)                                              drug in tissue, which does not bind
    dR/dt = ksyn − kdeg·R − kon·L·R + koff·C                            free target
    dC/dt = kon·L·R − (koff + kint)·C                                   drug bound to its target

Mager & Jusko 2001 (doi:10.1023/A:1014414520282). The shortcuts take binding as settled at every moment:

    ``"qe"``   quasi-equilibrium: L·R/C = K_D = koff/kon, nothing is lost while it binds.
    ``"qss"``  quasi-steady state: L·R/C = K_SS = (koff + kint)/kon (Gibiansky 2008, doi:10.1007/s10928-008-9102-8).
    ``"mm"``   Michaelis-Menten: the target is no longer counted; −ksyn·L/(K_SS + L) on top of clearance.
               A bolus stays whole, and at little drug the rate is right only where kint equals kdeg.

They are compared with the full model in ``compare``, which says where each one fails. Parameters in the tests:
Peletier & Gabrielsson 2012 (PMC3446204).

Units: days, litres, nM, nmol. The equations ask only that drug and target are counted alike: a set published
in mg/L and mg of drug, with target as the drug it could bind, runs if nM is read as mg/L and nmol as mg.
Volumes, clearances and doses may all be per kilogram.

A target on cells takes its drug inside: kint is then the rate of internalisation. A soluble target leaves with
the antibody that holds it: kint is then close to CL/V1, slower than kdeg, and total target rises under
treatment while free target falls. The equations are the same.

The model leaves out that drug has two arms, that tissue holds target too, and antibodies against the drug.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from immunolab.models._checks import each, not_negative, one_number, one_of, positive, whole
from immunolab.models._lsoda import lsoda
from immunolab.models.binding import nM_from_mg_per_L
from immunolab.models.pharmacokinetics import Regimen

MODELS = ("full", "qss", "qe", "mm")


# --- parameters ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TargetMediated:
    """One drug and its target. Rates in 1/d, ``kon_per_nM_d`` in 1/(nM d), ``ksyn_nM_d`` in nM/d.

    ``cl_L_d``, ``v1_L``, ``q_L_d``, ``v2_L`` as in ``pharmacokinetics``; without ``q_L_d`` or ``v2_L`` there
    is one compartment. Impossible values raise ValueError.
    """

    name: str
    study: str
    cl_L_d: float
    v1_L: float
    kon_per_nM_d: float
    koff_per_d: float
    ksyn_nM_d: float
    kdeg_per_d: float
    kint_per_d: float
    q_L_d: float = 0.0
    v2_L: float = 0.0

    def __post_init__(self):
        not_negative("cl_L_d", self.cl_L_d, "the clearance of free drug in L/d")
        positive("v1_L", self.v1_L, "the volume of plasma in L")
        positive("kon_per_nM_d", self.kon_per_nM_d, "the association rate constant in 1/(nM d)")
        not_negative("koff_per_d", self.koff_per_d, "the dissociation rate constant in 1/d")
        not_negative("ksyn_nM_d", self.ksyn_nM_d, "the synthesis of target in nM/d")
        positive("kdeg_per_d", self.kdeg_per_d, "the degradation of free target in 1/d")
        positive("kint_per_d", self.kint_per_d, "the removal of the complex in 1/d")
        not_negative("q_L_d", self.q_L_d, "the exchange with tissue in L/d")
        not_negative("v2_L", self.v2_L, "the volume of tissue in L")
        each(self, one_number)

    @classmethod
    def from_hours(cls, name: str, study: str, **values) -> "TargetMediated":
        """A set published per hour: ``cl_L_h``, ``kon_per_nM_h``, ``koff_per_h``, ``ksyn_nM_h`` and so on."""
        daily = {
            key.removesuffix("_h") + "_d": 24 * value for key, value in values.items() if key[-2:] == "_h"
        }
        return cls(name, study, **daily, **{key: value for key, value in values.items() if key[-2:] != "_h"})

    @classmethod
    def from_kss(
        cls, name: str, study: str, *, kss_nM: float, kon_per_nM_d: float, kint_per_d: float, **values
    ) -> "TargetMediated":
        """A set fitted with the QSS model, which knows K_SS alone: koff = kon·K_SS − kint for a kon of choice.

        ``"qss"`` and ``"mm"`` do not depend on that choice; ``"full"`` and ``"qe"`` do. A kon so slow that
        koff would be negative raises ValueError.
        """
        koff = positive("kss_nM", kss_nM, "K_SS in nM") * kon_per_nM_d - kint_per_d
        if not koff >= 0:
            raise ValueError(
                f"kon_per_nM_d is {kon_per_nM_d}: give at least kint/K_SS ({kint_per_d / kss_nM:g})"
            )
        return cls(name, study, kon_per_nM_d=kon_per_nM_d, koff_per_d=koff, kint_per_d=kint_per_d, **values)

    @property
    def kel_per_d(self) -> float:
        """Elimination of free drug, CL/V1, in 1/d."""
        return self.cl_L_d / self.v1_L

    @property
    def kd_nM(self) -> float:
        """K_D = koff/kon: the free drug at which half of the target is held, if nothing else happened to it."""
        return self.koff_per_d / self.kon_per_nM_d

    @property
    def kss_nM(self) -> float:
        """K_SS = (koff + kint)/kon: the same while the complex is being removed."""
        return (self.koff_per_d + self.kint_per_d) / self.kon_per_nM_d

    @property
    def baseline_nM(self) -> float:
        """Target without drug, ksyn/kdeg."""
        return self.ksyn_nM_d / self.kdeg_per_d

    @property
    def plateau_nM(self) -> float:
        """Total target once all of it is held for long, ksyn/kint: above or below ``baseline_nM``."""
        return self.ksyn_nM_d / self.kint_per_d

    @property
    def onset_nM(self) -> float:
        """Free drug below which removal by the target outruns clearance, ksyn/(CL/V1); infinite without CL.

        Stein & Peletier 2018, PMC6202475.
        """
        return self.ksyn_nM_d / self.kel_per_d if self.kel_per_d else math.inf

    @property
    def terminal_overshoot(self) -> float:
        """QSS over full model in the terminal phase, (koff + kint)/koff; infinite if nothing ever lets go.

        Holds where removal of the complex is the slowest step: the complex then feeds the free drug from the
        K_D side, and QSS puts K_SS in its place. Source: calculated, checked against the full model.
        """
        return (self.koff_per_d + self.kint_per_d) / self.koff_per_d if self.koff_per_d else math.inf

    @property
    def terminal_half_life_d(self) -> float:
        """Half-life in days of the last phase, exact: the slowest rate of the model near zero drug."""
        binding = self.kon_per_nM_d * self.baseline_nM
        k12, k21 = self._exchange
        matrix = np.array(
            [
                [-self.kel_per_d - binding - k12, self.koff_per_d, k12],
                [binding, -self.koff_per_d - self.kint_per_d, 0],
                [k21, 0, -k21],
            ]
        )
        size = 3 if k21 else 2
        slowest = -np.linalg.eigvals(matrix[:size, :size]).real.max()
        return math.log(2) / slowest if slowest > 0 else math.inf

    @property
    def _exchange(self) -> tuple[float, float]:
        """Flow between plasma and tissue in 1/d, as seen from plasma and from tissue."""
        if self.q_L_d and self.v2_L:
            return self.q_L_d / self.v1_L, self.q_L_d / self.v2_L
        return 0.0, 0.0


# --- doses ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dosing:
    """Amounts in nmol at ``times_d``, each over ``infusion_d`` days; 0 is a bolus. Infusions may overlap.

    ``amounts_nmol`` and ``infusion_d`` are one number for all doses or one for each. ValueError for bad input.
    """

    amounts_nmol: float | Sequence[float]
    times_d: float | Sequence[float] = 0.0
    infusion_d: float | Sequence[float] = 0.0

    def __post_init__(self):
        times = np.atleast_1d(not_negative("times_d", self.times_d, "the days of the doses"))
        if times.ndim > 1 or not times.size or np.any(np.diff(times) <= 0):
            raise ValueError(f"times_d is {self.times_d}: give one or more days that increase")
        amounts = not_negative("amounts_nmol", self.amounts_nmol, "the doses in nmol")
        infusions = not_negative("infusion_d", self.infusion_d, "the length of the infusion in days")
        for name, value in (("amounts_nmol", amounts), ("times_d", times), ("infusion_d", infusions)):
            if np.shape(value) not in ((), (1,), times.shape):
                raise ValueError(f"{name} has the shape {np.shape(value)}: give one, or one for each dose")
            object.__setattr__(self, name, tuple(np.broadcast_to(value, times.shape).tolist()))

    @classmethod
    def every(cls, interval_d: float, n_doses: int, amount_nmol: float, infusion_d: float = 0.0) -> "Dosing":
        """The same dose again and again, the first on day 0."""
        interval = positive("interval_d", interval_d, "the days between doses")
        n_doses = whole("n_doses", n_doses, 1, 10_000, "the number of doses")
        return cls(amount_nmol, np.arange(n_doses) * interval, infusion_d)

    @classmethod
    def of(cls, regimen: Regimen, mass_kDa: float, weight_kg: float | None = None) -> "Dosing":
        """A ``Regimen`` in mg or mg/kg of a drug of ``mass_kDa``, in nmol."""
        amounts = regimen.amounts_mg(weight_kg)
        return cls(nM_from_mg_per_L(amounts, mass_kDa), regimen.starts_d, regimen.infusions_d)


# --- the models ----------------------------------------------------------------------------------------


def free_drug(total_nM, target_nM, k_nM):
    """Free drug in nM where total drug and total target are given and L·R/C = ``k_nM`` (K_D or K_SS).

    The larger root of L² − (Lt − Rt − K)·L − K·Lt = 0, in the form that keeps its digits where almost all
    drug is bound. Numbers or arrays of 0 or more; ``k_nM`` above 0.
    """
    total = not_negative("total_nM", total_nM, "the total drug in nM")
    target = not_negative("target_nM", target_nM, "the total target in nM")
    k = positive("k_nM", k_nM, "K_D or K_SS in nM")
    excess = total - target - k
    root = np.sqrt(excess**2 + 4 * k * total)
    with np.errstate(invalid="ignore", divide="ignore"):
        free = np.where(excess > 0, (excess + root) / 2, 2 * k * total / (root - excess))
    return free if free.ndim else float(free)


def _free(total: float, target: float, k: float) -> float:
    """``free_drug`` for numbers inside the solver, where a step may reach a hair below zero."""
    excess = total - target - k
    root = math.sqrt(max(0.0, excess * excess + 4 * k * total))
    return (excess + root) / 2 if excess > 0 else 2 * k * total / (root - excess)


def _full(p: TargetMediated):
    kon, koff, ksyn, kdeg, kint, kel = _rates(p)
    k12, k21 = p._exchange

    def slope(_, y, rate):
        free, tissue, target, bound = y
        binding = kon * free * target - koff * bound
        out = k12 * (free - tissue)
        return (
            rate - kel * free - binding - out,
            k21 * (free - tissue),
            ksyn - kdeg * target - binding,
            binding - kint * bound,
        )

    return slope, (0.0, 0.0, p.baseline_nM, 0.0)


def _settled(p: TargetMediated, k: float):
    """QE and QSS: the totals move, free drug follows at once."""
    _, _, ksyn, kdeg, kint, kel = _rates(p)
    k12, k21 = p._exchange

    def slope(_, y, rate):
        total, tissue, target = y
        free = _free(total, target, k)
        out = k12 * (free - tissue)
        return (
            rate - kint * total - (kel - kint) * free - out,
            k21 * (free - tissue),
            ksyn - kdeg * target - (kint - kdeg) * target * free / (k + free),
        )

    return slope, (0.0, 0.0, p.baseline_nM)


def _michaelis_menten(p: TargetMediated):
    _, _, ksyn, _, _, kel = _rates(p)
    k12, k21, k = *p._exchange, p.kss_nM

    def slope(_, y, rate):
        free, tissue = y
        out = k12 * (free - tissue)
        return rate - kel * free - ksyn * free / (k + free) - out, k21 * (free - tissue)

    return slope, (0.0, 0.0)


def _rates(p: TargetMediated):
    return p.kon_per_nM_d, p.koff_per_d, p.ksyn_nM_d, p.kdeg_per_d, p.kint_per_d, p.kel_per_d


@dataclass(frozen=True)
class Course:
    """Concentrations in nM at ``times_d``, each of shape (times,). At the day of a bolus, just after it.

    ``free_nM`` drug without target, ``tissue_nM`` drug in tissue, ``target_nM`` free target, ``complex_nM``
    the two together. Michaelis-Menten does not count its target: both are None there.
    """

    parameters: TargetMediated
    dosing: Dosing
    model: str
    times_d: np.ndarray
    free_nM: np.ndarray
    tissue_nM: np.ndarray
    target_nM: np.ndarray | None
    complex_nM: np.ndarray | None

    @property
    def total_nM(self) -> np.ndarray:
        """Drug in plasma, free and bound."""
        return self.free_nM if self.complex_nM is None else self.free_nM + self.complex_nM

    @property
    def target_total_nM(self) -> np.ndarray | None:
        """Target, free and bound."""
        return None if self.complex_nM is None else self.target_nM + self.complex_nM

    @property
    def occupancy(self) -> np.ndarray:
        """Fraction of the target that is held, 0 without target; L/(K_SS + L) for Michaelis-Menten."""
        if self.complex_nM is None:
            return self.free_nM / (self.parameters.kss_nM + self.free_nM)
        total = self.target_total_nM
        return np.divide(self.complex_nM, total, out=np.zeros_like(total), where=total > 0)

    def auc(self) -> float:
        """Area under free drug in nM·d over ``times_d``, by the trapezoidal rule: give times densely."""
        return float(np.trapezoid(self.free_nM, self.times_d))


def simulate(
    parameters: TargetMediated, dosing: Dosing, times_d, model: str = "full", tolerance: float = 1e-8
) -> Course:
    """Free drug, target and complex over time, in the full model or in a shortcut.

    ``times_d``: increasing days from the first possible dose on, shape (times,). ``model``: ``"full"``,
    ``"qss"``, ``"qe"`` or ``"mm"``. ``tolerance`` is the relative error allowed in one step; at 1e-8 results
    are right to 1e-4 (most to 1e-6), at 1e-5 to 5e-3 in a third of the time, enough for a picture that moves.

    The solver (LSODA) starts afresh at every beginning and end of a dose. Bad input raises ValueError, as does
    ``"qe"`` for a drug that never lets go. Equations, sources and limits stand at the head of this module.
    """
    one_of("model", model, MODELS)
    times = np.atleast_1d(not_negative("times_d", times_d, "days from the start of treatment"))
    if times.ndim > 1 or not times.size or np.any(np.diff(times) <= 0):
        raise ValueError(f"times_d is {times_d}: give one or more days that increase")
    positive("tolerance", tolerance, "the relative error allowed in one step")
    if model == "qe" and not parameters.koff_per_d:
        raise ValueError("koff_per_d is 0: quasi-equilibrium needs a drug that lets go, above 0")
    k = parameters.kd_nM if model == "qe" else parameters.kss_nM
    if model == "full":
        system = _full(parameters)
    else:
        system = _michaelis_menten(parameters) if model == "mm" else _settled(parameters, k)
    states = _solve(system, parameters.v1_L, dosing, times, tolerance).clip(min=0)

    if model == "mm":
        free, tissue, target, bound = *states, None, None
    elif model == "full":
        free, tissue, target, bound = states
    else:
        total, tissue, total_target = states
        free = free_drug(total, total_target, k)
        bound, target = total_target * free / (k + free), total_target * k / (k + free)
    return Course(parameters, dosing, model, times, free, tissue, target, bound)


def _solve(system, volume: float, dosing: Dosing, times: np.ndarray, tolerance: float) -> np.ndarray:
    """States at ``times``, shape (states, times), from one beginning or end of a dose to the next."""
    slope, start = system
    amounts, lengths = np.array(dosing.amounts_nmol), np.array(dosing.infusion_d)
    # To a tenth of a millisecond: the solver refuses a stretch as short as a rounding error.
    begins, stops, times = (np.round(days, 9) for days in (dosing.times_d, dosing.times_d + lengths, times))
    bolus = begins == stops
    edges = np.unique(np.concatenate([[0.0], begins, stops, times[-1:]]))
    edges = edges[edges <= times[-1]]
    state = np.array(start)
    scale = max(amounts.max() / volume, *start, 1e-30)
    found = np.empty((len(start), len(times)))
    for begin, end in pairwise([*edges, math.inf]):
        state[0] += amounts[bolus & (begins == begin)].sum() / volume
        running = ~bolus & (begins <= begin) & (begin < stops)
        rate = float((amounts[running] / lengths[running]).sum()) / volume
        inside = (times >= begin) & (times < end)
        asked = np.unique([begin, *times[inside], min(end, times[-1])])
        path = state[:, None]
        if len(asked) > 1:
            path = lsoda(slope, state, asked, (rate,), tolerance, 1e-15 * scale)
        found[:, inside] = path[:, np.searchsorted(asked, times[inside])]
        state = path[:, -1].copy()
    return found


# --- where a shortcut fails ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """The full model and its shortcuts at the same times: ``full`` and ``shortcuts`` (by name)."""

    full: Course
    shortcuts: dict[str, Course]

    def error(self, name: str) -> np.ndarray:
        """Free drug of a shortcut over that of the full model, minus 1, shape (times,); NaN without drug."""
        one_of("name", name, self.shortcuts)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(
                self.full.free_nM > 0, self.shortcuts[name].free_nM / self.full.free_nM - 1, np.nan
            )

    def auc_error(self, name: str) -> float:
        """The same for the area under free drug."""
        one_of("name", name, self.shortcuts)
        return self.shortcuts[name].auc() / self.full.auc() - 1

    def fails(self, name: str, limit: float = 0.1) -> list[tuple[float, float]]:
        """Stretches of days in which free drug is off by more than ``limit`` (0.1: a tenth)."""
        limit = positive("limit", limit, "the relative error that counts as failure")
        off = np.concatenate([[False], np.abs(np.nan_to_num(self.error(name))) > limit, [False]])
        edges = np.flatnonzero(np.diff(off.astype(int)))
        days = self.full.times_d
        return [(float(days[a]), float(days[b - 1])) for a, b in edges.reshape(-1, 2)]


def compare(
    parameters: TargetMediated,
    dosing: Dosing,
    times_d,
    shortcuts=("qss", "qe", "mm"),
    tolerance: float = 1e-8,
) -> Comparison:
    """Run the full model and its shortcuts. Arguments and errors as in ``simulate``."""
    full = simulate(parameters, dosing, times_d, "full", tolerance)
    others = {name: simulate(parameters, dosing, times_d, name, tolerance) for name in shortcuts}
    return Comparison(full, others)


@dataclass(frozen=True)
class Phases:
    """When the phases after a bolus end, in days; NaN where the course does not get there.

    A: drug finds target, until ``bound_d``. B: the target is full and clearance alone counts, until free drug
    falls below 10 K_SS on ``saturated_until_d``. C: the target takes over. D: what is left follows the complex,
    once free drug is below 0.1 K_SS, from ``terminal_from_d`` on.
    """

    bound_d: float
    saturated_until_d: float
    terminal_from_d: float


def phases(course: Course) -> Phases:
    """The four phases of a full-model course of one bolus on its first day. Other courses raise ValueError.

    Binding counts as done when 99 % of the first drop is done: from all drug free to the equilibrium of
    drug and baseline target. Phases after Peletier & Gabrielsson 2012 (PMC3446204); the factors 10 and 0.1
    on K_SS are ours.
    """
    p, dosing = course.parameters, course.dosing
    one_bolus = len(dosing.times_d) == 1 and dosing.infusion_d[0] == 0
    if course.model != "full" or not one_bolus or course.times_d[0] != dosing.times_d[0]:
        raise ValueError("course: give a full-model course that begins with its one bolus")
    begin = course.free_nM[0]
    settled = free_drug(begin, p.baseline_nM, p.kd_nM) if p.koff_per_d else max(0.0, begin - p.baseline_nM)
    levels = (settled + 0.01 * (begin - settled), 10 * p.kss_nM, 0.1 * p.kss_nM)
    return Phases(*(_falls_below(course, level) for level in levels))


def _falls_below(course: Course, level_nM: float) -> float:
    """The first day on which free drug is at ``level_nM`` or below, read between the times on a log scale."""
    below = np.flatnonzero(course.free_nM <= level_nM)
    if not below.size:
        return math.nan
    i = below[0]
    if i == 0 or course.free_nM[i] == 0:
        return float(course.times_d[i])
    before, after = np.log(course.free_nM[i - 1 : i + 1])
    share = (before - math.log(level_nM)) / (before - after)
    return float(course.times_d[i - 1] + share * (course.times_d[i] - course.times_d[i - 1]))


# --- while the target is full --------------------------------------------------------------------------


def saturated_free_nM(parameters: TargetMediated, bolus_nM: float, times_d):
    """Free drug in nM after a bolus of ``bolus_nM`` (dose over V1), while the target is full.

    L = (L0 − R0 + ksyn/kel)·exp(−kel·t) − ksyn/kel: all target that was there and all that is made is taken.
    ``times_d``: number or array; after ``saturation_time_d`` the answer is 0. One compartment, L0 above R0;
    anything else raises ValueError. Source: Peletier & Gabrielsson 2012, PMC3446204.
    """
    surplus, times = _surplus(parameters, bolus_nM), not_negative("times_d", times_d, "days after the bolus")
    kel, made = parameters.kel_per_d, parameters.ksyn_nM_d
    taken = made * times if kel == 0 else -made * np.expm1(-kel * times) / kel
    free = np.maximum(0.0, surplus * np.exp(-kel * times) - taken)
    return free if np.ndim(free) else float(free)


def saturation_time_d(parameters: TargetMediated, bolus_nM: float) -> float:
    """Days for which a bolus keeps the target full: ln(1 + kel·(L0 − R0)/ksyn)/kel.

    Arguments, errors, limits and source as in ``saturated_free_nM``. Doubling the dose adds days, it does not
    double them.
    """
    surplus, kel, made = _surplus(parameters, bolus_nM), parameters.kel_per_d, parameters.ksyn_nM_d
    if not made:
        return math.inf
    return surplus / made if kel == 0 else math.log1p(kel * surplus / made) / kel


def _surplus(p: TargetMediated, bolus_nM: float) -> float:
    if any(p._exchange):
        raise ValueError(f"q_L_d is {p.q_L_d} and v2_L is {p.v2_L}: this formula holds for one compartment")
    bolus = positive("bolus_nM", bolus_nM, "the dose over the volume of plasma in nM")
    if bolus <= p.baseline_nM:
        raise ValueError(
            f"bolus_nM is {bolus:g}: give more than the target that is there ({p.baseline_nM:g})"
        )
    return bolus - p.baseline_nM
