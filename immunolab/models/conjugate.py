"""An antibody that carries drug: how many copies, how they come off in the patient, and what that is worth.

The drug-to-antibody ratio (DAR) counts the copies of drug, the payload, on one antibody. A batch is a mixture,
given here as the fraction of antibodies at each DAR: an array whose index is the DAR.

    dp_i/dt = −k_i·p_i + k_{i+1}·p_{i+1}        one copy lost after another; k_0 = 0

The copies come off at the same rates wherever in the body the antibody is, and losing one does not change how
the antibody itself moves or is cleared. Then the mixture and the amount of antibody go their ways apart:
concentration of antibodies with i copies = total antibody (``pharmacokinetics``) · p_i. Source of the chain:
Bender et al. 2014, doi:10.1208/s12248-014-9618-3 (trastuzumab emtansine in rat and monkey, DAR 0 to 7).

Limits: clearance does not depend on the DAR, though heavily loaded antibodies often leave faster; an antibody
that has lost its drug still counts as total antibody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from immunolab.models._arrays import plain
from immunolab.models._checks import finite, not_negative, positive, whole, within
from immunolab.models.pharmacokinetics import Course, Regimen, simulate

MOST = 200  # copies of drug on one antibody; no product comes near


# --- how many copies: the mixture ----------------------------------------------------------------------


def poisson_dar(mean_dar: float, max_dar: int | None = None) -> np.ndarray:
    """Fractions at DAR 0, 1, ...: many sites, each rarely used (lysines). Shape (max_dar + 1,).

    p_i = λ^i e^(−λ) / i!, λ = ``mean_dar``, from 0 to 50. What lies beyond ``max_dar`` (by default less than
    1e-9) is left out and the rest scaled to 1, which lowers the mean if ``max_dar`` is small.
    """
    mean = within("mean_dar", mean_dar, 0, 50, "the mean DAR")
    if max_dar is None:
        max_dar = math.ceil(mean + 7 * math.sqrt(mean) + 10)
    copies = np.arange(whole("max_dar", max_dar, 0, MOST, "the largest DAR") + 1)
    fractions = np.exp(xlogy(copies, mean) - mean - gammaln(copies + 1))
    return fractions / fractions.sum()


def binomial_dar(mean_dar: float, sites: int = 8) -> np.ndarray:
    """Fractions at DAR 0 to ``sites``: equal sites, each used with chance mean_dar / sites."""
    sites = whole("sites", sites, 1, MOST, "the sites on one antibody")
    chance = within("mean_dar", mean_dar, 0, sites, "the mean DAR, at most the number of sites") / sites
    copies = np.arange(sites + 1)
    ways = gammaln(sites + 1) - gammaln(copies + 1) - gammaln(sites - copies + 1)
    return np.exp(ways + xlogy(copies, chance) + xlogy(sites - copies, 1 - chance))


def paired_dar(mean_dar: float, pairs: int = 4) -> np.ndarray:
    """Fractions at DAR 0 to 2·pairs when copies come in pairs: each opened disulfide bond takes two.

    An IgG1 has four bonds between its chains: loads 0, 2, 4, 6, 8. Each bond is opened by chance on its own.
    """
    pairs = whole("pairs", pairs, 1, MOST // 2, "the bonds between the chains")
    mean = within("mean_dar", mean_dar, 0, 2 * pairs, "the mean DAR, at most two for each bond")
    fractions = np.zeros(2 * pairs + 1)
    fractions[::2] = binomial_dar(mean / 2, pairs)
    return fractions


def site_specific_dar(sites: int, efficiency: float = 1.0) -> np.ndarray:
    """Fractions at DAR 0 to ``sites`` when chosen sites are each filled with the chance ``efficiency``."""
    chance = within("efficiency", efficiency, 0, 1, "the chance that a site is filled")
    return binomial_dar(chance * sites, sites)


def measured_dar(fractions: Sequence[float]) -> np.ndarray:
    """A measured batch: fractions at DAR 0, 1, ... in this order, scaled to a sum of 1.

    Rounded fractions may miss 1 by 0.03; anything else raises ValueError.
    """
    return _mixture(fractions, slack=0.03)


def mean_dar(fractions):
    """Mean DAR of a mixture, or of many: the last axis is the DAR."""
    fractions = not_negative("fractions", fractions, "the fraction of antibodies at each DAR")
    return plain(fractions @ np.arange(fractions.shape[-1]) / fractions.sum(axis=-1))


def variance_dar(fractions):
    """Variance of the DAR of a mixture, or of many: the last axis is the DAR. Poisson: equal to the mean."""
    fractions = not_negative("fractions", fractions, "the fraction of antibodies at each DAR")
    copies = np.arange(fractions.shape[-1])
    away = (copies - np.asarray(mean_dar(fractions))[..., None]) ** 2
    return plain((fractions * away).sum(axis=-1) / fractions.sum(axis=-1))


def _mixture(fractions, slack=1e-6) -> np.ndarray:
    fractions = np.atleast_1d(not_negative("fractions", fractions, "the fraction of antibodies at each DAR"))
    if fractions.ndim > 1 or abs(fractions.sum() - 1) > slack or len(fractions) > MOST + 1:
        raise ValueError(
            f"fractions is {fractions.tolist()}: give one fraction for each DAR from 0 on, together 1"
        )
    return fractions / fractions.sum()


# --- losing copies -------------------------------------------------------------------------------------


def independent_losses(rate_per_d: float, max_dar: int) -> np.ndarray:
    """Rates k_1, k_2, ... when each copy comes off on its own at ``rate_per_d``: k_i = i · rate."""
    rate = not_negative("rate_per_d", rate_per_d, "the rate per day at which one copy comes off")
    return rate * np.arange(1, whole("max_dar", max_dar, 1, MOST, "the largest DAR") + 1)


def deconjugate(fractions, rates_per_d, times_d) -> np.ndarray:
    """The mixture over time: fractions at DAR 0, 1, ..., shape (times, max DAR + 1); each row adds up to 1.

    ``fractions`` at the start, shape (max DAR + 1,), together 1. ``rates_per_d``: k_1, k_2, ... per day, the
    rate at which an antibody with that many copies loses one, shape (max DAR,), or one number for all of
    them. ``times_d`` in days, shape (times,), 0 or more. Bad input raises ValueError. Equation, source and
    limits stand at the head of this module.
    """
    start = _mixture(fractions)
    rates = _rates(rates_per_d, len(start) - 1)
    times = np.atleast_1d(not_negative("times_d", times_d, "days"))
    if times.ndim > 1:
        raise ValueError(f"times_d has the shape {times.shape}: give days in one row")
    return _chain(start, rates, times)


def _chain(start, rates, times) -> np.ndarray:
    """From each time to the next by the exponential of the chain; equal gaps share one."""
    order = np.argsort(times)
    gaps, kind = np.unique(np.round(np.diff(times[order], prepend=0.0), 12), return_inverse=True)
    moves = _exponentials(rates, gaps)
    mixtures, now = np.empty((len(times), len(start))), start
    for place, step in zip(order, kind, strict=True):
        now = moves[step] @ now
        mixtures[place] = now
    return mixtures


def _exponentials(rates, gaps) -> np.ndarray:
    """exp(gap · chain) for each gap, by Taylor over a short time that is then doubled again and again.

    For small matrices many times faster than ``scipy.linalg.expm``, which wakes threads for each of them.
    """
    longest = float(np.max(rates, initial=0.0) * gaps.max())
    doublings = max(0, math.frexp(longest)[1] + 1)
    chain = np.diag(np.append(0.0, -rates)) + np.diag(rates, 1)
    short = (gaps / 2.0**doublings)[:, None, None] * chain
    still = np.eye(len(chain))
    moves = still + 0 * short
    for term in range(14, 0, -1):
        moves = still + short @ moves / term
    for _ in range(doublings):
        moves = moves @ moves
    moves = np.maximum(moves, 0.0)
    return moves / moves.sum(axis=1, keepdims=True)  # no antibody comes or goes


def _rates(rates_per_d, losses: int) -> np.ndarray:
    rates = not_negative("rates_per_d", rates_per_d, "the rate per day of losing one copy")
    if np.shape(rates) not in ((), (losses,)):
        raise ValueError(
            f"rates_per_d has the shape {np.shape(rates)}: give one rate, or {losses}, from DAR 1 to DAR {losses}"
        )
    return np.broadcast_to(rates, losses).astype(float)


# --- what three assays see -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Analytes:
    """Antibody in plasma at ``times_d``, by DAR: ``by_dar_nM`` has the shape (times, max DAR + 1).

    The properties are what the usual assays measure, each of shape (times,).
    """

    times_d: np.ndarray
    by_dar_nM: np.ndarray

    @property
    def total_nM(self) -> np.ndarray:
        """Antibody with or without drug."""
        return self.by_dar_nM.sum(axis=-1)

    @property
    def conjugated_nM(self) -> np.ndarray:
        """Antibody with at least one copy of drug."""
        return self.by_dar_nM[:, 1:].sum(axis=-1)

    @property
    def payload_nM(self) -> np.ndarray:
        """Copies of drug that are still on antibody."""
        return self.by_dar_nM @ np.arange(self.by_dar_nM.shape[-1])

    @property
    def mean_dar(self) -> np.ndarray:
        """Copies of drug per antibody; NaN where there is no antibody."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.payload_nM / self.total_nM


def analytes(course: Course, fractions, rates_per_d, times_d=None) -> Analytes:
    """Antibody at each DAR over time, for *total* antibody that follows ``course`` (one patient).

    Doses of one course overlap, each with its own age; since the model is linear, each is followed on its own
    and the parts are added. ``fractions`` and ``rates_per_d`` as in ``deconjugate``; ``times_d`` in days, by
    default those of the course; after its end there are no more doses. Every copy's clock starts with its dose,
    since an infusion is short. Raises ValueError for bad input, and for a course with saturable or drifting
    clearance, whose doses do not simply add up.
    """
    parameters = course.parameters
    if parameters.emax or parameters.vmax_mg_d or np.ndim(course.conc_mg_L) > 1:
        raise ValueError(f"course of {parameters.name}: give one patient, with clearance that is constant")
    start = _mixture(fractions)
    rates = _rates(rates_per_d, len(start) - 1)
    times = course.times_d if times_d is None else np.atleast_1d(not_negative("times_d", times_d, "days"))
    ages = np.round(times[:, None] - course.dose_times_d, 12)  # (times, doses); negative before the dose
    ages = np.maximum(ages, 0.0)  # at age 0 there is nothing of a dose yet, as before it
    left = np.stack([_one_dose(course, dose, ages[:, dose]) for dose in range(ages.shape[1])], axis=1)
    distinct, which = np.unique(ages, return_inverse=True)
    mixtures = _chain(start, rates, distinct)[which.reshape(ages.shape)]
    by_dar = np.einsum("td,tdi->ti", left, mixtures)
    return Analytes(times, by_dar / parameters.mass_kDa * 1000)


def analytes_after_bolus(times_d, total_nM, fractions, rates_per_d) -> Analytes:
    """Antibody at each DAR after one dose at day 0, for total antibody given as a curve, shape (times,).

    For antibody that spreads in more than two compartments (``bolus_mg_L``) or that was measured.
    ``times_d``, ``fractions``, ``rates_per_d`` and errors as in ``deconjugate``.
    """
    mixtures = deconjugate(fractions, rates_per_d, times_d)
    total = np.atleast_1d(not_negative("total_nM", total_nM, "the concentration of total antibody in nM"))
    if total.shape != mixtures.shape[:1]:
        raise ValueError(
            f"total_nM has the shape {total.shape}: give one value for each of {len(mixtures)} times"
        )
    return Analytes(np.atleast_1d(np.asarray(times_d, float)), total[:, None] * mixtures)


def _one_dose(course: Course, dose: int, ages_d) -> np.ndarray:
    """Concentration in mg/L that one dose of a course leaves at ages of that dose."""
    regimen = course.regimen
    infusion = float(regimen.infusions_d[dose])
    alone = Regimen(dose_mg=float(course.doses_mg[dose]), interval_d=max(infusion, 1.0), infusion_d=infusion)
    return simulate(course.parameters, alone, ages_d).conc_mg_L


def bolus_mg_L(dose_mg, cl_L_d, v1_L, exchanges: Sequence[tuple[float, float]], times_d) -> np.ndarray:
    """Concentration in plasma after a bolus, with any number of tissues that exchange with plasma.

    ``exchanges``: one pair (Q in L/d, V in L) for each tissue; ``times_d`` in days, shape (times,). Any other
    set of units that fits together will do (mL, µg). Exact: a sum of as many exponentials as there are
    compartments. Bad input raises ValueError.
    """
    dose = not_negative("dose_mg", dose_mg, "the dose in mg")
    clearance = not_negative("cl_L_d", cl_L_d, "the clearance in L/d")
    pairs = np.asarray(exchanges, dtype=float) if len(exchanges) else np.empty((0, 2))
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(f"exchanges is {exchanges}: give pairs of a flow and a volume, one for each tissue")
    flows = not_negative("exchanges", pairs[:, 0], "the flow between plasma and a tissue in L/d")
    tissues = positive("exchanges", pairs[:, 1], "the volume of a tissue in L")
    volumes = np.append(positive("v1_L", v1_L, "the volume of plasma in L"), tissues)
    conductance = np.diag(np.append(clearance + flows.sum(), flows))
    conductance[0, 1:] = conductance[1:, 0] = -flows
    # Scaled by the volumes, the matrix of rates is symmetric, so its modes are real and well separated.
    rates, modes = np.linalg.eigh(conductance / np.sqrt(np.outer(volumes, volumes)))
    times = np.atleast_1d(not_negative("times_d", times_d, "days"))
    return dose / volumes[0] * (np.exp(-np.outer(times, rates)) @ modes[0] ** 2)


# --- drug that is set free -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ReleasedDrug:
    """How drug comes off a conjugate into the blood and leaves it again.

    Input = ``rate_per_d`` · amount of conjugate in plasma · ``mass_ratio``, removed by ``cl_L_d`` from ``v_L``.
    ``mass_ratio`` is the mass of drug in one mass of conjugate. The rate may change with the number n of the
    dose: · n^``cycle_exponent``, and · ``later_factor`` from the second dose on. Source of the form:
    trastuzumab deruxtecan, Yin et al. 2021, doi:10.1002/cpt.2096.
    """

    rate_per_d: float
    cl_L_d: float
    v_L: float
    mass_ratio: float
    cycle_exponent: float = 0.0
    later_factor: float = 1.0

    def __post_init__(self):
        not_negative("rate_per_d", self.rate_per_d, "the rate of release per day")
        positive("cl_L_d", self.cl_L_d, "the clearance of the drug in L/d")
        positive("v_L", self.v_L, "the volume of the drug in L")
        within("mass_ratio", self.mass_ratio, 0, 1, "the mass of drug in one mass of conjugate")
        finite("cycle_exponent", self.cycle_exponent, "the exponent on the number of the dose")
        not_negative("later_factor", self.later_factor, "the factor from the second dose on")

    def rate_after_dose(self, number):
        """The rate of release per day after dose ``number`` (the first is 1)."""
        return self.rate_per_d * number**self.cycle_exponent * np.where(number > 1, self.later_factor, 1.0)


def mass_ratio(dar: float, drug_Da: float, conjugate_kDa: float) -> float:
    """Mass of drug in one mass of conjugate: DAR · mass of one copy / mass of the conjugate."""
    copies = not_negative("dar", dar, "the mean DAR") * positive(
        "drug_Da", drug_Da, "the mass of one copy in Da"
    )
    return copies / (positive("conjugate_kDa", conjugate_kDa, "the mass of the conjugate in kDa") * 1000)


@dataclass(frozen=True)
class ReleasedCourse:
    """Free drug in plasma: ``conc_mg_L`` of shape (times,) at ``times_d``; 1e-6 mg/L are 1 ng/L."""

    times_d: np.ndarray
    conc_mg_L: np.ndarray


def released(course: Course, drug: ReleasedDrug, times_d=None) -> ReleasedCourse:
    """Free drug in plasma over time, for one patient whose conjugate follows ``course``.

    ``times_d`` in days, from 0 to the end of the course; by default a grid that misses no peak. The input is
    taken as straight between close times, each such step is solved exactly; right to a relative 1e-3.
    Bad input raises ValueError.
    """
    if np.ndim(course.conc_mg_L) > 1:
        raise ValueError(f"course of {course.parameters.name} has {len(course.conc_mg_L)} patients: give one")
    starts = course.dose_times_d
    wanted = np.empty(0)
    if times_d is not None:
        wanted = np.atleast_1d(within("times_d", times_d, 0, course.end_d, "days of this course"))
    close = np.concatenate([np.linspace(0, 0.2, 49), np.geomspace(0.2, max(course.end_d, 1), 150)])
    grid = np.unique(
        np.concatenate([*(start + close for start in starts), starts, wanted, [0.0, course.end_d]])
    )
    grid = grid[grid <= course.end_d]
    number = np.maximum(np.searchsorted(starts, grid[:-1], side="right"), 1)
    amount = course.conc_at(grid) * course.parameters.v1_L * drug.mass_ratio
    steps, rate = np.diff(grid), drug.rate_after_dose(number)
    keep = drug.cl_L_d / drug.v_L
    left = np.exp(-keep * steps)
    whole_step = -np.expm1(-keep * steps) / keep
    ramp = (steps - whole_step) / keep  # what an input that starts at 0 and rises by 1 a day leaves
    fed = rate * (amount[:-1] * whole_step + np.diff(amount) / steps * ramp)
    free = [0.0]
    for share, more in zip(left.tolist(), fed.tolist(), strict=True):
        free.append(free[-1] * share + more)
    conc = np.array(free) / drug.v_L
    if times_d is None:
        return ReleasedCourse(grid, conc)
    return ReleasedCourse(wanted, conc[np.searchsorted(grid, wanted)])


# --- help and harm -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DoseResponse:
    """Share of patients (or cells) that respond to a dose: x^h / (half^h + x^h)."""

    half: float
    hill: float = 1.0

    def __post_init__(self):
        positive("half", self.half, "the dose to which half respond")
        within("hill", self.hill, 0.1, 40, "the Hill exponent")

    def at(self, dose):
        """Share that responds to a dose, 0 or more, in the unit of ``half``; a number or an array."""
        with np.errstate(divide="ignore", over="ignore"):
            away = np.log(self.half) - np.log(not_negative("dose", dose, "a dose in the unit of half"))
            return 1 / (1 + np.exp(self.hill * away))

    def dose_for(self, share):
        """Dose to which a share between 0 and 1 responds."""
        share = within("share", share, 1e-12, 1 - 1e-12, "the share that responds")
        return self.half * (share / (1 - share)) ** (1 / self.hill)


def therapeutic_index(harm: DoseResponse, benefit: DoseResponse, harmed=0.5, helped=0.5):
    """Dose that harms the share ``harmed`` over the dose that helps the share ``helped``.

    With 0.5 and 0.5 it is the classical TD50/ED50. That says nothing of steepness: with ``harmed=0.01`` and
    ``helped=0.99`` it is the certain safety factor, below 1 where the curves overlap.
    """
    return harm.dose_for(harmed) / benefit.dose_for(helped)
