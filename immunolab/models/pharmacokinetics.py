"""How the concentration of an antibody rises and falls: two compartments, repeated infusions, many patients.

    dA1/dt = input − CL(t)·C − Vmax·C/(Km + C) − Q·(C − A2/V2),    C = A1/V1
    dA2/dt = Q·(C − A2/V2)
    CL(t)  = CL·exp(Emax·t^h/(T50^h + t^h))

Plasma (V1) takes the infusion and exchanges Q with tissue (V2). Drug leaves at a clearance CL that may drift
over months, and through its target, which saturates (Vmax, Km). Each part may be absent; one compartment
has no Q and V2. Units: days, litres, mg, mg/L (= µg/mL). While clearance is constant the solution is exact,
a sum of two exponentials. Where it is not, it is held for one short step at a time (``TOLERANCE``).

A parameter set describes a typical patient. It leaves out antibodies against the drug, the tumour itself,
and skin as a route of dosing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

from immunolab.models._checks import finite, flag, not_negative, one_of, positive, whole, within

TOLERANCE = 1e-5  # relative error allowed in one step where clearance changes
HALF_AN_HOUR_D = 0.5 / 24

_PLAUSIBLE = {  # covariates whose unit is easily mistaken
    "weight_kg": (20, 300, "the body weight in kilograms"),
    "lean_body_weight_kg": (15, 150, "the lean body weight in kilograms"),
    "bsa_m2": (0.5, 3.5, "the body surface area in square metres"),
    "bmi_kg_m2": (10, 80, "the body mass index in kg/m²"),
    "albumin_g_L": (10, 70, "serum albumin in grams per litre"),
    "total_protein_g_L": (20, 150, "total protein in grams per litre"),
    "egfr_mL_min": (2, 250, "the glomerular filtration rate in mL/min"),
    "creatinine_clearance_mL_min": (2, 300, "the creatinine clearance in mL/min"),
    "ldh_U_L": (20, 20_000, "lactate dehydrogenase in units per litre"),
    "tumour_size_mm": (1, 1000, "the sum of tumour diameters in millimetres"),
}
_OPPOSITE = {"male": "female", "female": "male"}


# --- parameters ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covariate:
    """What a patient's trait does to ``parameter`` (``"cl"``, ``"v1"``, ``"q"`` or ``"v2"``), by ``form``:

    ``"power"`` (x / reference)^coefficient · ``"logratio_power"`` (ln x / ln reference)^coefficient ·
    ``"fraction"`` 1 + coefficient·x · ``"exponential"`` exp(coefficient·x), the last two with x = 0 or 1.
    """

    parameter: str
    name: str
    form: str
    coefficient: float
    reference: float | None = None

    def __post_init__(self):
        one_of("parameter", self.parameter, ("cl", "v1", "q", "v2"))
        one_of("form", self.form, ("power", "logratio_power", "fraction", "exponential"))
        finite("coefficient", self.coefficient, f"the coefficient of {self.name}")
        if self.form.endswith("power"):
            positive("reference", self.reference, f"the value of {self.name} in the reference patient")

    def factor(self, value):
        """The factor on the parameter for a value (or an array of values) of the covariate."""
        if self.form == "fraction":
            return 1 + self.coefficient * flag(self.name, value)
        if self.form == "exponential":
            return np.exp(self.coefficient * flag(self.name, value))
        value = _plausible(self.name, value)
        if self.form == "power":
            return (value / self.reference) ** self.coefficient
        return (np.log(value) / np.log(self.reference)) ** self.coefficient


@dataclass(frozen=True)
class PKParameters:
    """One published parameter set, or the values of one patient (numbers) or of n patients (arrays).

    ``cl_L_d``, ``q_L_d`` in L/d and ``v1_L``, ``v2_L`` in L may be arrays of shape (n,). ``emax``, ``t50_d``,
    ``hill`` let clearance drift, ``vmax_mg_d`` and ``km_mg_L`` saturate; ``q_L_d`` or ``v2_L`` of 0 or None is one
    compartment. ``omega2_cl``, ``omega2_v1`` are variances and ``omega_cl_v1`` the covariance of the logarithms of
    CL and V1 between subjects. ``reference_weight_kg`` is the weight these values belong to.
    Impossible values raise ValueError.
    """

    name: str
    study: str
    cl_L_d: float | np.ndarray
    v1_L: float | np.ndarray
    q_L_d: float | np.ndarray | None = 0.0
    v2_L: float | np.ndarray | None = 0.0
    emax: float = 0.0
    t50_d: float | None = None
    hill: float | None = None
    vmax_mg_d: float = 0.0
    km_mg_L: float | None = None
    covariates: tuple[Covariate, ...] = ()
    omega2_cl: float = 0.0
    omega2_v1: float = 0.0
    omega_cl_v1: float = 0.0
    reference_weight_kg: float | np.ndarray | None = None
    mass_kDa: float = 146.0

    def __post_init__(self):
        cl = not_negative("cl_L_d", self.cl_L_d, "the clearance in L/d")
        positive("v1_L", self.v1_L, "the volume of the central compartment in L")
        for name in ("q_L_d", "v2_L"):
            value = 0.0 if getattr(self, name) is None else getattr(self, name)
            object.__setattr__(self, name, not_negative(name, value, "0 for one compartment, or a number"))
        finite("emax", self.emax, "the log of the late over the first clearance")
        if self.emax:
            positive("t50_d", self.t50_d, "the day when half of the drift of clearance is reached")
            positive("hill", self.hill, "the Hill exponent of the drift of clearance")
        if not_negative("vmax_mg_d", self.vmax_mg_d, "the largest saturable elimination in mg/d"):
            positive("km_mg_L", self.km_mg_L, "the concentration of half saturation in mg/L")
        elif not np.all(cl):
            raise ValueError("cl_L_d is 0 and vmax_mg_d is 0: give one of them, or the drug never leaves")
        largest = math.sqrt(
            not_negative("omega2_cl", self.omega2_cl, "a variance")
            * not_negative("omega2_v1", self.omega2_v1, "a variance")
        )
        within("omega_cl_v1", self.omega_cl_v1, -largest, largest, "the covariance of CL and V1")
        positive("mass_kDa", self.mass_kDa, "the molecular mass in kDa")

    @property
    def covariate_names(self) -> tuple[str, ...]:
        """The covariates that ``for_patient`` knows, besides ``weight_kg``."""
        return tuple(dict.fromkeys(covariate.name for covariate in self.covariates))

    def for_patient(self, **covariates) -> "PKParameters":
        """The parameters of a patient, or of n patients where values are arrays of shape (n,).

        Example: ``for_patient(weight_kg=60, albumin_g_L=32, female=1)``. What is left out stays at the
        reference; ``weight_kg`` is also kept for doses per kilogram. ``male`` and ``female`` stand for each
        other. An unknown or impossible covariate raises ValueError.
        """
        values = dict(map(self._recognised, covariates.items()))
        changed = {name: getattr(self, name) for name in ("cl_L_d", "v1_L", "q_L_d", "v2_L")}
        parameter = {"cl": "cl_L_d", "v1": "v1_L", "q": "q_L_d", "v2": "v2_L"}
        for covariate in self.covariates:
            if covariate.name in values:
                factor = covariate.factor(values[covariate.name])
                changed[parameter[covariate.parameter]] = changed[parameter[covariate.parameter]] * factor
        weight = values.get("weight_kg", self.reference_weight_kg)
        return replace(self, **changed, covariates=(), reference_weight_kg=weight)

    def _recognised(self, given: tuple[str, object]) -> tuple[str, object]:
        name, value = given
        if name == "weight_kg":
            return name, _plausible(name, value)
        if name in self.covariate_names:
            return given
        if _OPPOSITE.get(name) in self.covariate_names:
            return _OPPOSITE[name], 1 - flag(name, value)
        known = ", ".join(sorted({"weight_kg", *self.covariate_names}))
        raise ValueError(f"{name} is not a covariate of {self.name} ({self.study}): give one of {known}")


def _plausible(name: str, value):
    if name in _PLAUSIBLE:
        return within(name, value, *_PLAUSIBLE[name])
    return positive(name, value, f"a value of {name}")


# --- regimens ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Regimen:
    """When, how much, and for how long each infusion runs.

    Give ``dose_mg`` or ``dose_mg_per_kg``: one number, or a list that begins with loading doses (its last
    dose is repeated). Doses come every ``interval_d`` days, ``n_doses`` times, or at ``times_d``; then
    ``interval_d`` is what follows the last dose, by default the last gap. ``infusion_d`` is the length of an
    infusion in days, one number or one per dose, at most the time to the next dose (equal to it: a pump that
    never stops). A dose, interval or infusion that cannot be raises ValueError.
    """

    dose_mg: float | Sequence[float] | None = None
    dose_mg_per_kg: float | Sequence[float] | None = None
    interval_d: float | None = None
    n_doses: int | None = None
    infusion_d: float | Sequence[float] = HALF_AN_HOUR_D
    times_d: Sequence[float] | None = None

    starts_d: np.ndarray = field(init=False, repr=False, compare=False)
    infusions_d: np.ndarray = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        if (self.dose_mg is None) == (self.dose_mg_per_kg is None):
            raise ValueError("dose_mg or dose_mg_per_kg: give exactly one of them")
        doses = self._doses()
        if self.times_d is None:
            if self.interval_d is None:
                raise ValueError("interval_d is None: give the days between doses, or times_d")
            n = len(doses) if self.n_doses is None else self.n_doses
            n = whole("n_doses", n, 1, 10_000, "the number of doses")
            interval = self._interval(self.interval_d)
            starts = np.arange(n) * interval
        else:
            starts = np.atleast_1d(not_negative("times_d", self.times_d, "the days of the doses"))
            if np.any(np.diff(starts) <= 0):
                raise ValueError(f"times_d is {self.times_d}: give days that increase")
            if self.n_doses not in (None, len(starts)):
                raise ValueError(f"n_doses is {self.n_doses}: leave it out, times_d has {len(starts)} doses")
            if self.interval_d is None and len(starts) < 2:
                raise ValueError("interval_d is None: give the days to follow after a single dose")
            interval = self._interval(np.diff(starts)[-1] if self.interval_d is None else self.interval_d)
        if len(doses) > len(starts):
            raise ValueError(f"{len(doses)} doses for {len(starts)} times: give no more doses than times")
        infusions = np.broadcast_to(
            positive("infusion_d", self.infusion_d, "the length of the infusion in days"), starts.shape
        )
        gaps = np.diff(starts, append=starts[-1] + interval)
        if np.any(infusions > gaps * (1 + 1e-9)):
            raise ValueError(
                f"infusion_d is {self.infusion_d}: give days, no more than to the next dose ({gaps.min():g}); "
                "30 minutes are 30/1440"
            )
        for name, value in (("interval_d", interval), ("starts_d", starts), ("infusions_d", infusions)):
            object.__setattr__(self, name, value)

    @classmethod
    def every(cls, interval_d: float, **doses) -> "Regimen":
        """``Regimen.every(21, dose_mg=200, n_doses=6)`` reads like a prescription."""
        return cls(interval_d=interval_d, **doses)

    @property
    def end_d(self) -> float:
        """The end of the last dosing interval."""
        return float(self.starts_d[-1] + self.interval_d)

    def amounts_mg(self, weight_kg=None) -> np.ndarray:
        """Amount of each dose in mg, shape (doses,), or (n, doses) for n weights and a dose per kilogram."""
        doses = self._doses()
        amounts = np.append(doses, np.repeat(doses[-1], len(self.starts_d) - len(doses)))
        if self.dose_mg_per_kg is None:
            return amounts
        if weight_kg is None:
            raise ValueError("weight_kg is None: give the body weight in kilograms for a dose per kilogram")
        return np.multiply.outer(_plausible("weight_kg", weight_kg), amounts)

    def continued(self, n_doses: int) -> "Regimen":
        """The last dose repeated every ``interval_d``, ``n_doses`` times: what maintenance comes to."""
        last = self._doses()[-1]
        dose = {"dose_mg": last} if self.dose_mg_per_kg is None else {"dose_mg_per_kg": last}
        return Regimen(**dose, interval_d=self.interval_d, n_doses=n_doses, infusion_d=self.infusions_d[-1])

    def _doses(self) -> np.ndarray:
        if self.dose_mg_per_kg is None:
            return np.atleast_1d(within("dose_mg", self.dose_mg, 0, 20_000, "the dose in mg"))
        return np.atleast_1d(within("dose_mg_per_kg", self.dose_mg_per_kg, 0, 150, "the dose in mg per kg"))

    @staticmethod
    def _interval(days: float) -> float:
        days = positive("interval_d", days, "the days between doses")
        return within("interval_d", days, 0, 1000, "the days between doses")


# --- the solver: clearance held for one step, each step solved exactly ----------------------------------


@dataclass(frozen=True)
class _Body:
    """What the solver needs of a parameter set; numbers, or arrays over patients."""

    v1: float
    k12: float
    k21: float
    cl: float
    emax: float
    t50: float
    hill: float
    vmax: float
    km: float

    @classmethod
    def of(cls, p: PKParameters, late: bool = False) -> "_Body":
        """The body of a parameter set; ``late``: when the drift of clearance has come to its end."""
        drift = 0.0 if late else p.emax
        cl = p.cl_L_d * np.exp(p.emax - drift)
        two = np.logical_and(p.q_L_d, p.v2_L)
        # Without tissue nothing flows there; a huge rate back keeps the two exponentials apart.
        k21 = np.where(two, p.q_L_d / np.where(two, p.v2_L, 1), 1e6)
        k12 = np.where(two, p.q_L_d, 0) / p.v1_L
        varying = [np.asarray(x, dtype=float) for x in (p.v1_L, k12, k21, cl)]
        varying = [x if x.ndim else x.item() for x in varying]
        return cls(*varying, drift, p.t50_d or 1.0, p.hill or 1.0, p.vmax_mg_d, p.km_mg_L or 1.0)

    @property
    def constant(self) -> bool:
        """Whether clearance never changes, so that one step may be as long as an interval."""
        return self.emax == 0 and self.vmax == 0

    def elimination(self, time_d, central, xp):
        """Fraction of the central amount that leaves the body per day."""
        clearance = self.cl
        if self.emax:
            progress = (time_d / self.t50) ** self.hill
            clearance = clearance * xp.exp(self.emax * progress / (1 + progress))
        if self.vmax:
            clearance = clearance + self.vmax / (self.km + central / self.v1)
        return clearance / self.v1


def _held(state, k10, k12, k21, rate, days, xp):
    """Central amount, tissue amount and ∫ central amount dt after ``days`` of constant rates: exact.

    The two-compartment model is a sum of a fast and a slow exponential. Each entry below is a sum of
    positive terms, so nothing cancels, however long the step. ``xp`` is ``math`` for numbers, else ``numpy``.
    """
    central, tissue, area = state
    half_sum = (k10 + k12 + k21) / 2
    fast = half_sum + xp.sqrt(half_sum * half_sum - k10 * k21)
    slow = k10 * k21 / fast
    apart = fast - slow
    share = (k21 - slow) / apart  # of a central dose that decays slowly
    rest = (fast - k21) / apart
    left_fast, left_slow = xp.exp(-fast * days), xp.exp(-slow * days)
    once_fast, once_slow = -xp.expm1(-fast * days) / fast, -xp.expm1(-slow * days) / slow
    twice_fast, twice_slow = (days - once_fast) / fast, (days - once_slow) / slow
    mean = share * once_slow + rest * once_fast
    lag = once_slow - once_fast
    back = tissue * k21 / apart
    return (
        central * (share * left_slow + rest * left_fast) + back * (left_slow - left_fast) + rate * mean,
        tissue * (rest * left_slow + share * left_fast)
        + k12 / apart * (central * (left_slow - left_fast) + rate * lag),
        area + central * mean + back * lag + rate * (share * twice_slow + rest * twice_fast),
    )


def _step(body, state, time_d, rate, days, xp):
    """One step with clearance held at its value in the middle, where half a step leads."""
    k10 = body.elimination(time_d, state[0], xp)
    middle = _held(state, k10, body.k12, body.k21, rate, days / 2, xp)
    k10 = body.elimination(time_d + days / 2, middle[0], xp)
    return _held(state, k10, body.k12, body.k21, rate, days, xp)


def _refined_step(body, state, time_d, rate, days, xp):
    """Two half steps, improved by what one whole step gave (Richardson); and by how much they differed."""
    if body.constant:
        return _held(state, body.cl / body.v1, body.k12, body.k21, rate, days, xp), (0.0, 0.0)
    whole_step = _step(body, state, time_d, rate, days, xp)
    half = _step(body, state, time_d, rate, days / 2, xp)
    halves = _step(body, half, time_d + days / 2, rate, days / 2, xp)
    gaps = tuple((h - w) / 3 for h, w in zip(halves, whole_step, strict=True))
    return tuple(h + g for h, g in zip(halves, gaps, strict=True)), gaps[:2]


@dataclass(frozen=True)
class _Path:
    """States at the nodes of a solution; between them, one step from the node before gives the rest."""

    body: _Body
    edges_d: np.ndarray  # (edges,): where the infusion rate changes; concentrations peak at some of them
    times_d: np.ndarray  # (nodes,)
    states: tuple[np.ndarray, np.ndarray, np.ndarray]  # each (nodes,) or (nodes, n)
    rates: np.ndarray  # infusion after each node, (nodes,) or (nodes, n)

    def at(self, times_d):
        """Concentration and cumulative AUC, each of shape (times,) or (n, times)."""
        node = np.searchsorted(self.times_d, times_d, side="right") - 1
        start, days = self.times_d[node], times_d - self.times_d[node]
        if self.rates.ndim > 1:
            start, days = start[:, None], days[:, None]
        state = tuple(values[node] for values in self.states)
        (central, _, area), _ = _refined_step(self.body, state, start, self.rates[node], days, np)
        return (central / self.body.v1).T, (area / self.body.v1).T

    def grid(self, start_d: float, end_d: float) -> np.ndarray:
        """Times from start to end that miss no peak: every edge, and close behind it."""
        inner = self.edges_d[(self.edges_d > start_d) & (self.edges_d < end_d)]
        edges = np.concatenate([[start_d], inner, [end_d]])
        fine, coarse = np.linspace(0, 1, 33)[:-1] ** 2, np.linspace(0, 1, 5)[:-1]
        pieces = [a + (b - a) * (fine if b - a > 0.5 else coarse) for a, b in pairwise(edges)]
        return np.concatenate([*pieces, [end_d]])

    def exposure(self, start_d: float, end_d: float) -> "Exposure":
        """Peak, trough, mean and area between two days."""
        conc, area = self.at(self.grid(start_d, end_d))
        peak = conc.argmax(axis=-1)[..., None]
        after_peak = np.where(np.arange(conc.shape[-1]) >= peak, conc, np.inf)
        auc = area[..., -1] - area[..., 0]
        values = conc.max(axis=-1), after_peak.min(axis=-1), auc / (end_d - start_d), auc
        return Exposure(start_d, end_d, *(x if np.ndim(x) else float(x) for x in values))


def _solve(body: _Body, edges, rates, state=(0.0, 0.0, 0.0)) -> _Path:
    """Walk from edge to edge (days); between two of them the infusion runs at a constant rate (mg/d)."""
    shape = np.broadcast_shapes(*map(np.shape, (body.v1, body.cl, body.k12, body.k21, rates[0], state[0])))
    xp = np if shape else math  # numbers are ten times faster without numpy
    if shape:
        state, rates = ([np.broadcast_to(x, shape) for x in values] for values in (state, rates))
    largest = max(np.max(rate) * (b - a) for rate, (a, b) in zip(rates, pairwise(edges), strict=True))
    speck = 1e-14 * float(largest + np.max(state[0])) + 1e-300  # of an amount this small, none is left
    nodes = []
    for rate, (start, end) in zip(rates, pairwise(edges), strict=True):
        steps, state = _walk(body, state, rate, start, end, speck, xp)
        nodes += steps
    nodes.append((edges[-1], *state, 0 * rate))
    times, *states, rates = map(np.array, zip(*nodes, strict=True))
    return _Path(body, np.asarray(edges), times, tuple(states), rates)


def _walk(body, state, rate, start, end, speck, xp):
    """Steps from start to end, each as long as the tolerance allows, and the state at the end.

    Patients walk in step: the one whose clearance changes fastest sets the pace.
    """
    steps, time, days = [], start, (end - start if body.constant else min(end - start, 0.05))
    while time < end:
        days = min(days, end - time)
        refined, gaps = _refined_step(body, state, time, rate, days, xp)
        errors = [abs(gap) / (abs(value) + speck) for gap, value in zip(gaps, refined, strict=False)]
        error = max(errors) if xp is math else np.max(errors)
        if error <= TOLERANCE:
            steps.append((time, *state, rate))
            state, time = refined, (end if days == end - time else time + days)
        days *= min(4.0, max(0.2, 0.9 * (TOLERANCE / max(error, 1e-12)) ** (1 / 3)))
    return steps, state


def _timeline(starts, infusions, amounts, end_d):
    """Edges in days, and the infusion rate in mg/d between each two: numbers, or arrays over patients."""
    stops = np.minimum(starts + infusions, np.append(starts[1:], np.inf))
    edges = np.unique(np.concatenate([[0.0], starts, stops, [end_d]]))
    edges = edges[edges <= end_d]
    middle = (edges[1:] + edges[:-1]) / 2
    dose = np.searchsorted(starts, middle, side="right") - 1
    running = (dose >= 0) & (middle < stops[dose])
    rates = np.where(running, amounts[..., dose] / infusions[dose], 0.0).T
    return edges.tolist(), rates.tolist() if rates.ndim == 1 else list(rates)


# --- results -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exposure:
    """What a patient is exposed to between two days; numbers, or arrays of shape (n,).

    ``c_max_mg_L`` is the peak, ``c_min_mg_L`` the lowest concentration from the peak on (the trough), both in mg/L;
    ``auc_mg_d_L`` in mg·d/L is the area under the curve, ``c_avg_mg_L`` that area per day. ``accumulation``, given
    at steady state, is the area over the area of the first interval.
    """

    start_d: float
    end_d: float
    c_max_mg_L: float | np.ndarray
    c_min_mg_L: float | np.ndarray
    c_avg_mg_L: float | np.ndarray
    auc_mg_d_L: float | np.ndarray
    accumulation: float | np.ndarray | None = None


@dataclass(frozen=True)
class Course:
    """Concentration over time: ``conc_mg_L`` of shape (times,), or (n, times) for n patients, at ``times_d``.

    ``doses_mg`` of shape (doses,) or (n, doses) start on ``dose_times_d``. Exposures do not depend on
    ``times_d``: they are taken from the solution itself.
    """

    parameters: PKParameters
    regimen: Regimen
    times_d: np.ndarray
    conc_mg_L: np.ndarray
    dose_times_d: np.ndarray
    doses_mg: np.ndarray
    _path: _Path = field(repr=False)

    @property
    def end_d(self) -> float:
        """The last day that was simulated."""
        return float(self._path.times_d[-1])

    def conc_at(self, times_d):
        """Concentration in mg/L on any days from 0 to ``end_d``; number in, number (or one per patient) out."""
        times = within("times_d", times_d, 0, self.end_d, "days of this course")
        conc = self._path.at(np.atleast_1d(times))[0]
        if np.ndim(times):
            return conc
        return float(conc[0]) if conc.ndim == 1 else conc[:, 0]

    def exposure(self, start_d: float | None = None, end_d: float | None = None) -> Exposure:
        """Peak, trough, mean and area from ``start_d`` to ``end_d``; by default of the last dosing interval."""
        start_d = self.dose_times_d[-1] if start_d is None else start_d
        end_d = self.regimen.end_d if end_d is None else end_d
        start = float(within("start_d", start_d, 0, self.end_d, "a day of this course"))
        end = float(within("end_d", end_d, 0, self.end_d, "a day of this course"))
        if end <= start:
            raise ValueError(f"end_d is {end_d}: give a day after start_d ({start_d})")
        return self._path.exposure(start, end)

    def after_dose(self, number: int) -> Exposure:
        """Exposure from dose ``number`` (the first is 1) to the next."""
        number = whole("number", number, 1, len(self.dose_times_d), "the number of the dose")
        ends = [*self.dose_times_d[1:], self.regimen.end_d]
        return self.exposure(self.dose_times_d[number - 1], ends[number - 1])

    def auc(self, start_d: float = 0.0, end_d: float | None = None):
        """Area under the curve in mg·d/L, by default of the whole course."""
        return self.exposure(start_d, self.end_d if end_d is None else end_d).auc_mg_d_L

    def days_until_below(self, conc_mg_L: float) -> float:
        """Days from the start of the last dose until the concentration has fallen below ``conc_mg_L`` for good.

        For one patient. Raises ValueError where the course ends before that: simulate more ``times_d``.
        """
        level = positive("conc_mg_L", conc_mg_L, "a concentration in mg/L")
        times = self._path.grid(float(self.dose_times_d[-1]), self.end_d)
        above = np.flatnonzero(self.conc_at(times) >= level)
        if len(above) == 0:
            return 0.0
        if above[-1] == len(times) - 1:
            raise ValueError(
                f"conc_mg_L is {level:g}: still higher on day {self.end_d:g}, give later times_d"
            )
        crossing = brentq(lambda t: self.conc_at(t) - level, *times[above[-1] : above[-1] + 2])
        return crossing - float(self.dose_times_d[-1])


# --- what a lesson asks --------------------------------------------------------------------------------


def simulate(parameters: PKParameters, regimen: Regimen, times_d=None, weight_kg=None) -> Course:
    """Concentration of a drug under a regimen, for one patient or for n (parameters that are arrays).

    ``times_d`` in days from the first day of treatment, any shape (times,); by default a grid that shows
    every peak. ``weight_kg`` is short for ``parameters.for_patient(weight_kg=...)``: it changes the parameters
    where they depend on weight, and doses per kilogram. Bad input raises ValueError.

    Equations, units and limits stand at the head of this module; a typical patient's values come with their
    source from the table of antibodies. Exact for constant clearance, else to about 1e-5.
    """
    if weight_kg is not None:
        parameters = parameters.for_patient(weight_kg=weight_kg)
    if times_d is not None:
        times_d = np.atleast_1d(not_negative("times_d", times_d, "days from the start of treatment"))
    doses = regimen.amounts_mg(parameters.reference_weight_kg)
    end_d = regimen.end_d if times_d is None else max(regimen.end_d, float(times_d.max()))
    edges, rates = _timeline(regimen.starts_d, regimen.infusions_d, doses, end_d)
    path = _solve(_Body.of(parameters), edges, rates)
    times = path.grid(0.0, end_d) if times_d is None else times_d
    return Course(parameters, regimen, times, path.at(times)[0], regimen.starts_d, doses, path)


def first_dose(parameters: PKParameters, regimen: Regimen, weight_kg=None) -> Exposure:
    """Exposure after the first dose, up to the second. Arguments and errors as in ``simulate``."""
    return simulate(parameters, regimen, weight_kg=weight_kg).after_dose(1)


def steady_state(parameters: PKParameters, regimen: Regimen, weight_kg=None) -> Exposure:
    """Exposure over one interval once every interval looks alike: the last dose repeated without end.

    Drifting clearance is taken at its late value. Without saturable elimination C_avg = dose / (CL · interval).
    Otherwise Newton's method finds the amounts that one interval returns to themselves.

    Raises ValueError for bad input, and where saturable elimination cannot keep up with the doses.
    """
    if weight_kg is not None:
        parameters = parameters.for_patient(weight_kg=weight_kg)
    regimen = regimen.continued(1)
    doses = regimen.amounts_mg(parameters.reference_weight_kg)
    if np.any((parameters.cl_L_d == 0) & (doses[..., 0] >= parameters.vmax_mg_d * regimen.interval_d)):
        raise ValueError(
            f"{np.max(doses):g} mg every {regimen.interval_d:g} d is more than the {parameters.vmax_mg_d:g} mg/d "
            "this body can remove: give less, there is no steady state"
        )
    edges, rates = _timeline(regimen.starts_d, regimen.infusions_d, doses, regimen.end_d)
    body = _Body.of(parameters, late=True)
    steady = _solve(body, edges, rates, _returning(body, edges, rates)).exposure(0.0, regimen.end_d)
    first = simulate(parameters, regimen).exposure().auc_mg_d_L
    with np.errstate(invalid="ignore"):
        return replace(steady, accumulation=np.divide(steady.auc_mg_d_L, first))


def _returning(body: _Body, edges, rates):
    """The state that the interval returns to itself, by Newton's method from the empty body."""

    def after(central, tissue):
        path = _solve(body, edges, rates, (central, tissue, 0.0))
        return path.states[0][-1], path.states[1][-1]

    nudge = 1e-3 * sum(after(0.0, 0.0))
    nudge = np.where(nudge > 0, nudge, 1.0)
    central = tissue = np.zeros_like(nudge)
    for _ in range(100):
        # Three runs side by side: as it is, with a little more in plasma, with a little more in tissue.
        (c, c_plasma, c_tissue), (t, t_plasma, t_tissue) = after(
            np.stack([central, central + nudge, central]), np.stack([tissue, tissue, tissue + nudge])
        )
        stays, crosses = 1 - (c_plasma - c) / nudge, (c_tissue - c) / nudge
        returns, lingers = (t_plasma - t) / nudge, 1 - (t_tissue - t) / nudge
        scale = stays * lingers - crosses * returns
        more_central = (lingers * (c - central) + crosses * (t - tissue)) / scale
        more_tissue = (returns * (c - central) + stays * (t - tissue)) / scale
        central, tissue = np.maximum(central + more_central, 0), np.maximum(tissue + more_tissue, 0)
        if np.all(abs(more_central) + abs(more_tissue) <= 1e-8 * (central + tissue + nudge)):
            return tuple(x if x.ndim else float(x) for x in (central, tissue, np.zeros_like(nudge)))
    raise ArithmeticError("no steady state found")


def time_to_steady_state(parameters: PKParameters, regimen: Regimen, fraction: float = 0.95, weight_kg=None):
    """Days until troughs stay within ``1 - fraction`` of the steady-state trough; a number, or (n,).

    Counts dosing intervals of ``regimen`` (which goes on beyond ``n_doses`` and may begin with loading doses).
    Raises ValueError for bad input and for doses at ``times_d``.
    """
    fraction = within("fraction", fraction, 0.01, 0.9999, "the fraction of steady state to reach")
    if regimen.times_d is not None:
        raise ValueError(f"times_d is {regimen.times_d}: give a regimen with one interval")
    goal = np.asarray(steady_state(parameters, regimen, weight_kg).c_min_mg_L)[..., None]
    n = max(8, len(regimen.starts_d))
    while n <= 10_000:
        longer = replace(regimen, n_doses=n)
        ends = longer.starts_d + longer.interval_d
        troughs = simulate(parameters, longer, ends, weight_kg).conc_mg_L
        away = abs(troughs - goal) > (1 - fraction) * goal
        if not away[..., n // 2 :].any():  # the second half holds still, so it has not just passed by
            reached = ends[
                n - np.argmax(away[..., ::-1], axis=-1) * away.any(axis=-1) - n * ~away.any(axis=-1)
            ]
            return reached
        n *= 2
    raise ValueError(f"fraction is {fraction:g}: not reached within {n // 2} doses")


def half_lives(parameters: PKParameters, late: bool = False, conc_mg_L: float | None = None):
    """Half-lives (alpha, beta) in days of the fast and the slow phase; alpha is NaN with one compartment.

    ``late`` takes clearance after its drift instead of on the first day. Saturable elimination is left out
    unless ``conc_mg_L`` says at which concentration (0: fully effective). Numbers, or arrays of shape (n,).
    Raises ValueError without any clearance to go by.
    """
    body = _Body.of(parameters, late)
    cl = body.cl
    if conc_mg_L is not None and parameters.vmax_mg_d:
        conc = not_negative("conc_mg_L", conc_mg_L, "a concentration in mg/L")
        cl = cl + parameters.vmax_mg_d / (parameters.km_mg_L + conc)
    if not np.all(cl):
        raise ValueError("conc_mg_L is None: this drug has no linear clearance, give a concentration in mg/L")
    half_sum = (cl / body.v1 + body.k12 + body.k21) / 2
    fast = half_sum + np.sqrt(half_sum**2 - cl / body.v1 * body.k21)
    slow = cl / body.v1 * body.k21 / fast
    alpha = np.where(np.asarray(body.k12) > 0, math.log(2) / fast, np.nan)
    return (alpha, math.log(2) / slow) if np.ndim(slow) else (float(alpha), float(math.log(2) / slow))


# --- many patients -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spread:
    """How a covariate varies between patients: mean and standard deviation, cut off at ``low`` and ``high``.

    ``shape`` is ``"normal"`` or ``"lognormal"``; both take the mean and the standard deviation of the
    covariate itself.
    """

    mean: float
    sd: float
    low: float = -math.inf
    high: float = math.inf
    shape: str = "normal"

    def __post_init__(self):
        positive("mean", self.mean, "the mean of the covariate")
        not_negative("sd", self.sd, "the standard deviation of the covariate")
        one_of("shape", self.shape, ("normal", "lognormal"))
        if not self.low < self.high:
            raise ValueError(f"low is {self.low} and high is {self.high}: give low below high")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Values for n patients, those beyond the ends moved to the ends."""
        if self.shape == "normal":
            values = rng.normal(self.mean, self.sd, n)
        else:
            variance = math.log1p((self.sd / self.mean) ** 2)
            values = rng.lognormal(math.log(self.mean) - variance / 2, math.sqrt(variance), n)
        return values.clip(self.low, self.high)


@dataclass(frozen=True)
class Population:
    """Simulated patients: their ``course`` (arrays of shape (n, times)), covariates (each (n,)) and seed."""

    course: Course
    patients: dict[str, np.ndarray]
    seed: int

    @property
    def times_d(self) -> np.ndarray:
        """Days, shape (times,)."""
        return self.course.times_d

    @property
    def conc_mg_L(self) -> np.ndarray:
        """Concentrations in mg/L, shape (n, times)."""
        return self.course.conc_mg_L

    @property
    def parameters(self) -> PKParameters:
        """The parameters of the n patients; ``steady_state`` and ``half_lives`` take them too."""
        return self.course.parameters

    def exposure(self, start_d: float | None = None, end_d: float | None = None) -> Exposure:
        """Exposure of each patient, by default in the last dosing interval; arrays of shape (n,)."""
        return self.course.exposure(start_d, end_d)

    def percentiles(self, percent=(5, 50, 95)) -> np.ndarray:
        """Percentiles of the concentration at each time, shape (len(percent), times)."""
        return np.percentile(self.conc_mg_L, percent, axis=0)


def population(
    parameters: PKParameters,
    regimen: Regimen,
    n: int = 100,
    seed: int = 1,
    times_d=None,
    patients: Mapping[str, object] | None = None,
) -> Population:
    """n patients who differ as the study found: ln CL and ln V1 vary together around the typical patient.

    ``patients`` gives covariates: a number, an array of shape (n,), or a ``Spread`` to draw from, for example
    ``{"weight_kg": Spread(80, 17, 40, 160), "female": [0, 1, ...]}``; the rest stay at the reference. One seed
    draws the same patients for every drug and regimen, so that comparisons are fair.
    Bad input raises ValueError. Limits: no variability from one dose to the next, none of measurement.
    """
    n = whole("n", n, 1, 100_000, "the number of patients")
    rng = np.random.default_rng(whole("seed", seed, 0, 2**63, "the seed"))
    one, other = rng.standard_normal((2, n))
    drawn = {name: _values(name, value, rng, n) for name, value in (patients or {}).items()}
    typical = parameters.for_patient(**drawn)

    sd_cl, sd_v1 = math.sqrt(parameters.omega2_cl), math.sqrt(parameters.omega2_v1)
    together = parameters.omega_cl_v1 / (sd_cl * sd_v1) if sd_cl and sd_v1 else 0.0
    of_v1 = together * one + math.sqrt(max(0.0, 1 - together**2)) * other
    individual = replace(
        typical, cl_L_d=typical.cl_L_d * np.exp(sd_cl * one), v1_L=typical.v1_L * np.exp(sd_v1 * of_v1)
    )
    return Population(simulate(individual, regimen, times_d), drawn, seed)


def _values(name: str, value, rng: np.random.Generator, n: int) -> np.ndarray:
    values = value.draw(rng, n) if isinstance(value, Spread) else np.asarray(value)
    if values.shape not in ((), (n,)):
        raise ValueError(f"{name} has the shape {values.shape}: give one value or {n}, one per patient")
    return np.broadcast_to(values, (n,))
