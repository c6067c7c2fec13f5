"""How the concentration of an antibody rises and falls: two compartments, repeated infusions, many patients.

    dA1/dt = input − CL(t)·C − Vmax·C/(Km + C) − Q·(C − A2/V2),    C = A1/V1
    dA2/dt = Q·(C − A2/V2)
    CL(t)  = CL·exp(Emax·t^h/(T50^h + t^h))

Plasma (V1) takes the infusion and exchanges Q with tissue (V2). Drug leaves at a clearance CL that may drift
over months (Bajaj et al. 2017, doi:10.1002/psp4.12143), and through its target, which saturates (Vmax, Km;
Elassaiss-Schaap et al. 2017, doi:10.1002/psp4.12132). Each part may be absent; with one compartment there is
no Q and no V2. Units: days, litres, mg, mg/L (= µg/mL).

While clearance is constant, the solution is exact: a sum of two exponentials. Otherwise elimination is made
linear for one short step after another, and concentrations are right to a relative 1e-4 (5e-4 in the hours
when a steep saturable elimination takes over).

A parameter set describes a typical patient. The model leaves out antibodies against the drug, the tumour
itself, and injection under the skin.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import brentq

from immunolab.models._arrays import plain
from immunolab.models._checks import (
    finite,
    flag,
    keep,
    not_negative,
    one_of,
    one_shape,
    positive,
    whole,
    within,
)
from immunolab.models._compartments import Body, Path, returning_state, solve

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
_FIELD = {"cl": "cl_L_d", "v1": "v1_L", "q": "q_L_d", "v2": "v2_L"}


# --- parameters ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covariate:
    """What a patient's trait x does to ``parameter`` (``"cl"``, ``"v1"``, ``"q"`` or ``"v2"``), by ``form``.

    ``"power"``: (x / reference)^coefficient; ``"logratio_power"``: (ln x / ln reference)^coefficient;
    ``"fraction"``: 1 + coefficient·x; ``"exponential"``: exp(coefficient·x); x is 0 or 1 in the last two.
    """

    parameter: str
    name: str
    form: str
    coefficient: float
    reference: float | None = None

    def __post_init__(self):
        one_of("parameter", self.parameter, _FIELD)
        one_of("form", self.form, ("power", "logratio_power", "fraction", "exponential"))
        finite("coefficient", self.coefficient, f"the coefficient of {self.name}")
        if self.form.endswith("power"):
            positive("reference", self.reference, f"{self.name} of the reference patient")

    def factor(self, value):
        """The factor on the parameter for one value of the covariate, or for an array of values."""
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

    ``cl_L_d``, ``q_L_d`` in L/d and ``v1_L``, ``v2_L`` in L may be arrays of shape (n,); without ``q_L_d`` or
    ``v2_L`` (0 or None) there is one compartment. ``emax``, ``t50_d`` and ``hill`` let clearance drift;
    ``vmax_mg_d`` and ``km_mg_L`` add elimination that saturates. ``omega2_cl`` and ``omega2_v1`` are the
    variances, ``omega_cl_v1`` the covariance, of ln CL and ln V1 between subjects. ``reference_weight_kg`` is
    the weight the values belong to. Impossible values raise ValueError.
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
        keep(self, **{name: 0.0 for name in ("q_L_d", "v2_L") if getattr(self, name) is None})
        cl = not_negative("cl_L_d", self.cl_L_d, "the clearance in L/d")
        positive("v1_L", self.v1_L, "the volume of the plasma compartment in L")
        not_negative("q_L_d", self.q_L_d, "the exchange with tissue in L/d")
        not_negative("v2_L", self.v2_L, "the volume of the tissue compartment in L")
        one_shape(**{name: getattr(self, name) for name in _FIELD.values()})
        if finite("emax", self.emax, "the logarithm of late over first clearance"):
            within("t50_d", self.t50_d, 0.01, 100_000, "the day when half of the drift of clearance is done")
            within("hill", self.hill, 0.1, 40, "the Hill exponent of the drift of clearance")
        if not_negative("vmax_mg_d", self.vmax_mg_d, "the largest saturable elimination in mg/d"):
            positive("km_mg_L", self.km_mg_L, "the concentration of half saturation in mg/L")
        elif not np.all(cl):
            raise ValueError("cl_L_d is 0 and vmax_mg_d is 0: give one of them, or the drug never leaves")
        largest = math.sqrt(
            not_negative("omega2_cl", self.omega2_cl, "the variance of ln CL")
            * not_negative("omega2_v1", self.omega2_v1, "the variance of ln V1")
        )
        within("omega_cl_v1", self.omega_cl_v1, -largest, largest, "the covariance of ln CL and ln V1")
        positive("mass_kDa", self.mass_kDa, "the molecular mass in kDa")

    @property
    def covariate_names(self) -> tuple[str, ...]:
        """The covariates of this study, in its order."""
        return tuple(dict.fromkeys(covariate.name for covariate in self.covariates))

    def for_patient(self, **covariates) -> "PKParameters":
        """The parameters of one patient, or of n patients where values are arrays of shape (n,).

        Example: ``for_patient(weight_kg=60, albumin_g_L=32, female=1)``. What is left out stays at the
        reference. ``weight_kg`` is always accepted and kept for doses per kilogram; ``male`` and ``female``
        stand for each other. An unknown or impossible covariate raises ValueError.
        """
        values = dict(self._recognised(name, value) for name, value in covariates.items())
        shapes = {np.shape(value) for value in values.values()} - {()}
        if len(shapes) > 1:
            raise ValueError(
                f"{', '.join(values)} have the shapes {shapes}: give numbers, or as many of each"
            )
        changed = {name: getattr(self, name) for name in _FIELD.values()}
        for covariate in self.covariates:
            if covariate.name in values:
                factor = covariate.factor(values[covariate.name])
                changed[_FIELD[covariate.parameter]] = changed[_FIELD[covariate.parameter]] * factor
        weight = values.get("weight_kg", self.reference_weight_kg)
        return replace(self, **changed, covariates=(), reference_weight_kg=weight)

    def _recognised(self, name: str, value) -> tuple[str, object]:
        if name == "weight_kg":
            return name, _plausible(name, value)
        if name in self.covariate_names:
            return name, value
        if _OPPOSITE.get(name) in self.covariate_names:
            return _OPPOSITE[name], 1 - flag(name, value)
        known = ", ".join(dict.fromkeys(("weight_kg", *self.covariate_names)))
        raise ValueError(f"{name} is not a covariate of {self.name} ({self.study}): give one of {known}")


def _plausible(name: str, value):
    if name in _PLAUSIBLE:
        return within(name, value, *_PLAUSIBLE[name])
    return positive(name, value, f"a value of {name}")


def _body(p: PKParameters, late: bool = False) -> Body:
    """What the solver needs; ``late``: when the drift of clearance has come to its end."""
    two = np.logical_and(p.q_L_d, p.v2_L)
    k12 = np.where(two, p.q_L_d, 0) / p.v1_L
    # Without tissue nothing flows there; a huge rate back keeps the two exponentials apart.
    k21 = np.where(two, p.q_L_d / np.where(two, p.v2_L, 1), 1e6)
    cl = p.cl_L_d * (math.exp(p.emax) if late else 1.0)
    v1, cl, k12, k21 = (x if np.ndim(x) else float(x) for x in (p.v1_L, cl, k12, k21))
    drift = (0.0, 1.0, 1.0) if late or not p.emax else (float(p.emax), float(p.t50_d), float(p.hill))
    saturation = (float(p.vmax_mg_d), float(p.km_mg_L)) if p.vmax_mg_d else (0.0, 1.0)
    return Body(v1, cl, k12, k21, *drift, *saturation)


# --- regimens ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Regimen:
    """When, how much, and for how long each infusion runs.

    Give ``dose_mg`` or ``dose_mg_per_kg``: one number, or a list that begins with loading doses (the last of
    the list is repeated). Doses come every ``interval_d`` days, ``n_doses`` times, or at ``times_d``; then
    ``interval_d`` is what follows the last dose, by default the last gap. ``infusion_d`` is the length of the
    infusion in days, a number or a list in the same way, at most the time to the next dose (equal to it: a
    pump that never stops). A dose, interval or infusion that cannot be raises ValueError.
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
        starts, interval = self._every_interval() if self.times_d is None else self._at_times()
        _repeat_last(self._doses(), len(starts))
        infusions = positive("infusion_d", self.infusion_d, "the length of the infusion in days")
        infusions = _repeat_last(np.atleast_1d(infusions), len(starts))
        room = np.diff(starts, append=starts[-1] + interval)
        if np.any(infusions > room * (1 + 1e-9)):
            raise ValueError(
                f"infusion_d is {self.infusion_d}: give days, at most up to the next dose ({room.min():g}); "
                "30 minutes are 30/1440"
            )
        keep(self, interval_d=interval, starts_d=starts, infusions_d=infusions)

    @classmethod
    def every(cls, interval_d: float, **doses) -> "Regimen":
        """Reads like a prescription: ``Regimen.every(21, dose_mg=200, n_doses=6)``."""
        return cls(interval_d=interval_d, **doses)

    @property
    def end_d(self) -> float:
        """The end of the last dosing interval."""
        return float(self.starts_d[-1] + self.interval_d)

    def amounts_mg(self, weight_kg=None) -> np.ndarray:
        """Amount of each dose in mg, shape (doses,), or (n, doses) for n weights and a dose per kilogram."""
        amounts = _repeat_last(self._doses(), len(self.starts_d))
        if self.dose_mg_per_kg is None:
            return amounts
        if weight_kg is None:
            raise ValueError("weight_kg is None: give the body weight in kilograms for a dose per kilogram")
        return np.multiply.outer(_plausible("weight_kg", weight_kg), amounts)

    def continued(self, n_doses: int) -> "Regimen":
        """Maintenance alone: the last dose every ``interval_d``, ``n_doses`` times."""
        last = self._doses()[-1]
        dose = {"dose_mg": last} if self.dose_mg_per_kg is None else {"dose_mg_per_kg": last}
        return Regimen(**dose, interval_d=self.interval_d, n_doses=n_doses, infusion_d=self.infusions_d[-1])

    def _doses(self) -> np.ndarray:
        if self.dose_mg_per_kg is None:
            return np.atleast_1d(within("dose_mg", self.dose_mg, 0, 20_000, "the dose in mg"))
        return np.atleast_1d(within("dose_mg_per_kg", self.dose_mg_per_kg, 0, 150, "the dose in mg per kg"))

    def _every_interval(self) -> tuple[np.ndarray, float]:
        interval = _interval(self.interval_d)
        n_doses = len(self._doses()) if self.n_doses is None else self.n_doses
        return np.arange(whole("n_doses", n_doses, 1, 10_000, "the number of doses")) * interval, interval

    def _at_times(self) -> tuple[np.ndarray, float]:
        starts = np.atleast_1d(not_negative("times_d", self.times_d, "the days of the doses"))
        if np.any(np.diff(starts) <= 0):
            raise ValueError(f"times_d is {self.times_d}: give days that increase")
        if self.n_doses not in (None, len(starts)):
            raise ValueError(f"n_doses is {self.n_doses}: leave it out, times_d has {len(starts)} doses")
        last_gap = np.diff(starts)[-1] if len(starts) > 1 else None
        return starts, _interval(last_gap if self.interval_d is None else self.interval_d)


def _repeat_last(values: np.ndarray, n: int) -> np.ndarray:
    if not 1 <= len(values) <= n:
        raise ValueError(f"{len(values)} values for {n} doses: give at least one, and no more than doses")
    return np.append(values, np.repeat(values[-1:], n - len(values)))


def _interval(days: float | None) -> float:
    days = positive("interval_d", days, "the days between doses")
    return within("interval_d", days, 0, 1000, "the days between doses")


def _timeline(regimen: Regimen, doses_mg: np.ndarray, end_d: float):
    """Edges in days, and the infusion rate in mg/d between each two: numbers, or arrays over patients."""
    starts = regimen.starts_d
    stops = np.minimum(starts + regimen.infusions_d, np.append(starts[1:], np.inf))
    edges = np.unique(np.concatenate([[0.0], starts, stops, [end_d]]))
    edges = edges[edges <= end_d]
    middle = (edges[1:] + edges[:-1]) / 2
    dose = np.searchsorted(starts, middle, side="right") - 1
    running = (dose >= 0) & (middle < stops[dose])
    rates = np.where(running, doses_mg[..., dose] / regimen.infusions_d[dose], 0.0).T
    return edges.tolist(), rates.tolist() if rates.ndim == 1 else list(rates)


# --- results -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exposure:
    """What a patient is exposed to between two days; numbers, or arrays of shape (n,).

    ``c_max_mg_L`` is the peak and ``c_min_mg_L`` the lowest concentration from the peak on, the trough;
    ``auc_mg_d_L`` (mg·d/L) is the area under the curve and ``c_avg_mg_L`` that area per day. ``accumulation``,
    given at steady state, is the area over that of the same interval after a first dose.
    """

    start_d: float
    end_d: float
    c_max_mg_L: float | np.ndarray
    c_min_mg_L: float | np.ndarray
    c_avg_mg_L: float | np.ndarray
    auc_mg_d_L: float | np.ndarray
    accumulation: float | np.ndarray | None = None


def _exposure(path: Path, start_d: float, end_d: float) -> Exposure:
    conc, area = path.at(path.grid(start_d, end_d))
    peak = conc.argmax(axis=-1)[..., None]
    from_peak_on = np.where(np.arange(conc.shape[-1]) >= peak, conc, np.inf)
    auc = area[..., -1] - area[..., 0]
    values = (conc.max(axis=-1), from_peak_on.min(axis=-1), auc / (end_d - start_d), auc)
    return Exposure(start_d, end_d, *map(plain, values))


@dataclass(frozen=True)
class Course:
    """Concentration over time: ``conc_mg_L`` of shape (times,), or (n, times) for n patients, at ``times_d``.

    ``doses_mg`` of shape (doses,) or (n, doses) start on ``dose_times_d``. Exposures are taken from the
    solution itself: they do not depend on ``times_d``.
    """

    parameters: PKParameters
    regimen: Regimen
    times_d: np.ndarray
    conc_mg_L: np.ndarray
    dose_times_d: np.ndarray
    doses_mg: np.ndarray
    _path: Path = field(repr=False)

    @property
    def end_d(self) -> float:
        """The last day that was simulated."""
        return float(self._path.edges_d[-1])

    def conc_at(self, times_d):
        """Concentration in mg/L on any days from 0 to ``end_d``: an array, or a number for a number."""
        times = within("times_d", times_d, 0, self.end_d, "days of this course")
        conc = self._path.at(np.atleast_1d(times))[0]
        return conc if np.ndim(times) else plain(conc[..., 0])

    def exposure(self, start_d: float | None = None, end_d: float | None = None) -> Exposure:
        """Peak, trough, mean and area from ``start_d`` to ``end_d``, by default in the last interval."""
        start = self.dose_times_d[-1] if start_d is None else start_d
        end = self.regimen.end_d if end_d is None else end_d
        start = within("start_d", start, 0, self.end_d, "a day of this course")
        end = within("end_d", end, 0, self.end_d, "a day of this course")
        if end <= start:
            raise ValueError(f"end_d is {end:g}: give a day after start_d ({start:g})")
        return _exposure(self._path, start, end)

    def after_dose(self, number: int) -> Exposure:
        """Exposure from dose ``number`` (the first is 1) to the next."""
        number = whole("number", number, 1, len(self.dose_times_d), "the number of the dose")
        edges = [*self.dose_times_d, self.regimen.end_d]
        return self.exposure(edges[number - 1], edges[number])

    def auc(self, start_d: float = 0.0, end_d: float | None = None):
        """Area under the curve in mg·d/L, by default of the whole course."""
        return self.exposure(start_d, self.end_d if end_d is None else end_d).auc_mg_d_L

    def days_until_below(self, conc_mg_L: float) -> float:
        """Days from the start of the last dose until the concentration of one patient stays below a level.

        Raises ValueError where the course ends before that: simulate later ``times_d``.
        """
        level = positive("conc_mg_L", conc_mg_L, "a concentration in mg/L")
        last_dose = float(self.dose_times_d[-1])
        times = self._path.grid(last_dose, self.end_d)
        above = np.flatnonzero(self.conc_at(times) >= level)
        if len(above) == 0:
            return 0.0
        if above[-1] == len(times) - 1:
            raise ValueError(f"conc_mg_L is {level:g}: not reached by day {self.end_d:g}, give later times_d")
        return brentq(lambda t: self.conc_at(t) - level, *times[above[-1] : above[-1] + 2]) - last_dose


# --- what a lesson asks --------------------------------------------------------------------------------


def simulate(parameters: PKParameters, regimen: Regimen, times_d=None, weight_kg=None) -> Course:
    """Concentration of a drug under a regimen, for one patient or for n (parameters that are arrays).

    ``times_d``: days from the start of treatment, shape (times,); by default a grid that misses no peak.
    ``weight_kg`` is short for ``parameters.for_patient(weight_kg=...)``: it changes doses per kilogram, and
    the parameters where they depend on weight. Bad input raises ValueError.

    Equations, sources and limits stand at the head of this module. Exact for constant clearance, otherwise
    right to a relative 1e-4.
    """
    if weight_kg is not None:
        parameters = parameters.for_patient(weight_kg=weight_kg)
    end_d = regimen.end_d
    if times_d is not None:
        times_d = np.atleast_1d(within("times_d", times_d, 0, 100_000, "days from the start of treatment"))
        if times_d.ndim > 1 or not times_d.size:
            raise ValueError(f"times_d has the shape {times_d.shape}: give one or more days in a row")
        end_d = max(end_d, float(times_d.max()))
    doses = regimen.amounts_mg(parameters.reference_weight_kg)
    path = solve(_body(parameters), *_timeline(regimen, doses, end_d))
    times = path.grid(0.0, end_d) if times_d is None else times_d
    return Course(parameters, regimen, times, path.at(times)[0], regimen.starts_d, doses, path)


def first_dose(parameters: PKParameters, regimen: Regimen, weight_kg=None) -> Exposure:
    """Exposure after the first dose, up to the second. Arguments and errors as in ``simulate``."""
    return simulate(parameters, regimen, weight_kg=weight_kg).after_dose(1)


def steady_state(parameters: PKParameters, regimen: Regimen, weight_kg=None) -> Exposure:
    """Exposure over one interval once every interval looks alike: the last dose repeated without end.

    Drifting clearance is taken at its late value. Where nothing saturates, C_avg = dose / (CL · interval).
    Peak and trough follow from the amounts that one interval returns to themselves.

    Raises ValueError for bad input, and where saturable elimination cannot keep up with the doses.
    """
    if weight_kg is not None:
        parameters = parameters.for_patient(weight_kg=weight_kg)
    regimen = regimen.continued(1)
    doses = regimen.amounts_mg(parameters.reference_weight_kg)
    most = parameters.vmax_mg_d * regimen.interval_d
    if np.any((np.asarray(parameters.cl_L_d) == 0) & (doses[..., 0] >= most)):
        raise ValueError(
            f"the dose is {doses.max():g} mg every {regimen.interval_d:g} d: give less than {most:g} mg, "
            "all that can be removed in that time; above it there is no steady state"
        )
    body, (edges, rates) = _body(parameters, late=True), _timeline(regimen, doses, regimen.end_d)
    path = solve(body, edges, rates, returning_state(body, edges, rates))
    steady = _exposure(path, 0.0, regimen.end_d)
    with np.errstate(invalid="ignore"):  # without a dose, accumulation is NaN
        accumulation = np.divide(steady.auc_mg_d_L, simulate(parameters, regimen).auc())
    return replace(steady, accumulation=plain(accumulation))


def time_to_steady_state(parameters: PKParameters, regimen: Regimen, fraction: float = 0.95, weight_kg=None):
    """Days until troughs stay within ``1 - fraction`` of the steady-state trough; a number, or (n,).

    Counted in whole intervals of ``regimen``, which may begin with loading doses and goes on beyond
    ``n_doses``. Raises ValueError for bad input and for doses at ``times_d``.
    """
    fraction = within("fraction", fraction, 0.01, 0.9999, "the fraction of steady state to reach")
    if regimen.times_d is not None:
        raise ValueError(f"times_d is {regimen.times_d}: give a regimen with one interval")
    goal = np.asarray(steady_state(parameters, regimen, weight_kg).c_min_mg_L)[..., None]
    n = max(8, len(regimen.starts_d))
    while n <= 10_000:
        longer = replace(regimen, n_doses=n, infusion_d=regimen.infusions_d[-1])
        ends = longer.starts_d + longer.interval_d
        troughs = simulate(parameters, longer, ends, weight_kg).conc_mg_L
        away = abs(troughs - goal) > (1 - fraction) * goal
        if not away[..., n // 2 :].any():  # the second half holds still, so it has not just passed by
            return plain(ends[np.max(away * np.arange(1, n + 1), axis=-1)])
        n *= 2
    raise ValueError(f"fraction is {fraction:g}: not reached within {n // 2} doses")


def half_lives(parameters: PKParameters, late: bool = False, conc_mg_L: float | None = None):
    """Half-lives (alpha, beta) in days of the fast and the slow phase; alpha is NaN with one compartment.

    ``late`` takes clearance after its drift instead of on the first day. Saturable elimination is left out
    unless ``conc_mg_L`` says at which concentration (0: all of it). Numbers, or arrays of shape (n,).
    Raises ValueError without any clearance to go by.
    """
    body = _body(parameters, late)
    k10 = body.cl / body.v1
    if conc_mg_L is not None:
        conc = not_negative("conc_mg_L", conc_mg_L, "a concentration in mg/L")
        k10 = k10 + body.vmax / (body.km + conc) / body.v1
    if not np.all(k10):
        raise ValueError("conc_mg_L is None: this drug has no linear clearance, give a concentration in mg/L")
    half_sum = (k10 + body.k12 + body.k21) / 2
    fast = half_sum + np.sqrt(half_sum**2 - k10 * body.k21)
    slow = k10 * body.k21 / fast
    alpha = np.where(np.asarray(body.k12) > 0, math.log(2) / fast, np.nan)
    return plain(alpha), plain(math.log(2) / slow)


def critical_conc_mg_L(parameters: PKParameters):
    """Concentration in mg/L below which saturable elimination outruns clearance, about Vmax/CL.

    Far above it a half-life hardly depends on the dose, below it does. 0 without saturable elimination,
    infinite without clearance; a number, or an array of shape (n,). Stein & Peletier 2018, PMC6202475.
    """
    if not parameters.vmax_mg_d:
        return plain(np.zeros(np.shape(parameters.cl_L_d)))
    with np.errstate(divide="ignore"):
        return plain(np.divide(parameters.vmax_mg_d, parameters.cl_L_d))


def salvage_half_life_d(uptake_per_d, recycled):
    """Half-life in days of an IgG that cells take up all the time and mostly give back: ln2/(k·(1 − r)).

    ``uptake_per_d`` k is the fraction of the body's IgG that cells take up each day; ``recycled`` r, from 0
    to below 1, what FcRn returns of it. Numbers or arrays; bad input raises ValueError. A picture of the idea,
    not a fitted model: FcRn binds in the acid of the endosome, lets go at the pH of blood, and can be filled.
    """
    uptake = positive("uptake_per_d", uptake_per_d, "the fraction taken up each day")
    lost = 1 - within("recycled", recycled, 0, 1, "the fraction that FcRn returns")
    if np.any(np.asarray(lost) == 0):
        raise ValueError(f"recycled is {recycled}: give less than 1, or nothing is ever lost")
    return math.log(2) / (uptake * lost)


# --- many patients -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spread:
    """How a covariate varies between patients: mean and standard deviation, cut off at ``low`` and ``high``.

    ``shape`` is ``"normal"`` or ``"lognormal"``; both take mean and standard deviation of the covariate itself.
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
        """Values for n patients; what lies beyond an end is moved to it."""
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

    ``patients`` gives covariates: a number, an array of shape (n,), or a ``Spread`` to draw from, such as
    ``{"weight_kg": Spread(80, 17, 40, 160)}``; the rest stay at the reference. One seed draws the same people
    for every drug and regimen, so that comparisons are fair. Bad input raises ValueError. Limits: people
    differ in CL and V1 only, do not change from dose to dose, and are measured without error.
    """
    n = whole("n", n, 1, 100_000, "the number of patients")
    rng = np.random.default_rng(whole("seed", seed, 0, 2**32, "the seed"))
    one, other = rng.standard_normal((2, n))
    drawn = {name: _values(name, value, rng, n) for name, value in (patients or {}).items()}
    typical = parameters.for_patient(**drawn)

    sd_cl, sd_v1 = math.sqrt(parameters.omega2_cl), math.sqrt(parameters.omega2_v1)
    correlation = parameters.omega_cl_v1 / (sd_cl * sd_v1) if sd_cl and sd_v1 else 0.0
    other = correlation * one + math.sqrt(max(0.0, 1 - correlation**2)) * other
    people = replace(
        typical, cl_L_d=typical.cl_L_d * np.exp(sd_cl * one), v1_L=typical.v1_L * np.exp(sd_v1 * other)
    )
    return Population(simulate(people, regimen, times_d), drawn, seed)


def _values(name: str, value, rng: np.random.Generator, n: int) -> np.ndarray:
    values = value.draw(rng, n) if isinstance(value, Spread) else np.asarray(value)
    if values.shape not in ((), (n,)):
        raise ValueError(f"{name} has the shape {values.shape}: give one value or {n}, one per patient")
    return np.broadcast_to(values, (n,))
