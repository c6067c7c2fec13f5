"""How deep an antibody gets into a tumour: from one vessel outwards, held back by the target it binds.

Around each vessel (radius R_cap) stands a cylinder of tissue out to R_K, half way to the next vessel: a Krogh
cylinder. Antibody crosses the vessel wall (permeability P), diffuses through the fluid between the cells
(a fraction ``void`` of the tissue), binds antigen, and is taken into cells together with it:

    void·∂c/∂t = void·D·(1/r)·∂/∂r(r·∂c/∂r) − kon·c·(Ag − B) + koff·B      free, nM of the fluid
         ∂B/∂t = kon·c·(Ag − B) − (koff + ke)·B                             bound, nM of the tissue
    at R_cap:  −void·D·∂c/∂r = P·(c_plasma − c),      at R_K:  ∂c/∂r = 0

Thurber & Wittrup 2012 (doi:10.1016/j.jtbi.2012.08.034), Thurber, Schmidt & Wittrup 2008 (PMID 18541331). The
cells replace the antigen they take in (Ag stays what it was).

Three answers of rising detail: a mass balance in one line (``penetration_um``), the mean of the whole tissue
over time where antigen is in excess (``uptake``), and the profile over the distance from the vessel
(``penetrate``). Units: µm, nM, days; permeability in cm/s and diffusion in µm²/s, as they are published.

All leave out pressure and flow in the tissue, vessels that close or differ, and antigen that is shed.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
from scipy.linalg.lapack import dgtsv

from immunolab.models._checks import not_negative, one_of, positive, whole, within

SECONDS_PER_D = 86_400.0


# --- parameters ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tumour:
    """Tissue around one vessel. ``antigen_nM`` counts binding sites per volume of tissue.

    ``capillary_um`` and ``krogh_um`` are the radii R_cap and R_K; ``void`` the fraction of the tissue that a
    molecule of this size can be in; ``internalisation_per_d`` how fast antigen is taken in, ke. Numbers, or
    arrays that broadcast for the formulas. Impossible values raise ValueError.
    """

    capillary_um: float
    krogh_um: float
    void: float
    antigen_nM: float
    internalisation_per_d: float

    def __post_init__(self):
        positive("capillary_um", self.capillary_um, "the radius of the vessel in µm")
        positive("krogh_um", self.krogh_um, "the radius of the tissue around it in µm")
        if np.any(np.asarray(self.krogh_um) <= self.capillary_um):
            raise ValueError(
                f"krogh_um is {self.krogh_um}: give more than capillary_um ({self.capillary_um})"
            )
        positive("void", self.void, "the fraction of tissue open to the molecule")
        within("void", self.void, 0, 1, "the fraction of tissue open to the molecule")
        not_negative("antigen_nM", self.antigen_nM, "the binding sites in nM of tissue")
        not_negative("internalisation_per_d", self.internalisation_per_d, "the internalisation in 1/d")


@dataclass(frozen=True)
class Binder:
    """The molecule: ``kd_nM`` and ``permeability_cm_s``; for ``penetrate`` also how it moves and binds.

    ``diffusion_um2_s`` is that in the fluid of the tissue, ``kon_per_nM_d`` the association rate constant
    (10⁵/(M s) is 8.64/(nM d)). Numbers, or arrays for the formulas. Impossible values raise ValueError.
    """

    kd_nM: float
    permeability_cm_s: float
    diffusion_um2_s: float | None = None
    kon_per_nM_d: float | None = None

    def __post_init__(self):
        for field in fields(self):
            if getattr(self, field.name) is not None:
                positive(field.name, getattr(self, field.name), "a property of the molecule")

    @property
    def permeability_um_d(self):
        """The permeability in µm/d."""
        return np.multiply(self.permeability_cm_s, 1e4 * SECONDS_PER_D)


@dataclass(frozen=True)
class Plasma:
    """Concentration in plasma, c0·Σ fraction·exp(−rate·t): constant unless rates are given.

    ``c0_nM`` at time 0; ``fractions`` add up to 1 and go with ``rates_per_d``. Bad input raises ValueError.
    """

    c0_nM: float
    fractions: tuple[float, ...] = (1.0,)
    rates_per_d: tuple[float, ...] = (0.0,)

    def __post_init__(self):
        not_negative("c0_nM", self.c0_nM, "the first concentration in plasma in nM")
        for share in self.fractions:
            not_negative("fractions", share, "the share of each phase")
        for rate in self.rates_per_d:
            not_negative("rates_per_d", rate, "the rate of each phase in 1/d")
        if len(self.fractions) != len(self.rates_per_d) or abs(sum(self.fractions) - 1) > 1e-6:
            raise ValueError(f"fractions is {self.fractions}: give one for each rate, 1 in all")

    def at(self, times_d):
        """Concentration in nM at ``times_d``."""
        phases = zip(self.fractions, self.rates_per_d, strict=True)
        return self.c0_nM * sum(share * np.exp(-rate * np.asarray(times_d)) for share, rate in phases)

    @property
    def auc_nM_d(self) -> float:
        """Area under the curve without end, nM·d; infinite if a phase never falls."""
        phases = zip(self.fractions, self.rates_per_d, strict=True)
        return self.c0_nM * sum(share / rate if rate else math.inf for share, rate in phases if share)


# --- a mass balance ------------------------------------------------------------------------------------


def exchange_per_d(tumour: Tumour, binder: Binder):
    """What plasma gives to the tissue per day and nM: kex = 2·P·R_cap/R_K², in 1/d."""
    return 2 * binder.permeability_um_d * tumour.capillary_um / np.square(tumour.krogh_um)


def penetration_um(tumour: Tumour, binder: Binder, plasma_nM):
    """Radius in µm out to which a steady plasma level can keep the antigen full, from the vessel's axis.

    What crosses the wall is eaten inside: 2π·R_cap·P·C_p = ke·Ag·π·(R² − R_cap²). So
    R = √(R_cap² + 2·P·R_cap·C_p/(ke·Ag)): affinity does not appear, and the area grows in proportion to the
    dose. Beyond R_K the whole cylinder is full; infinite if nothing is taken in. ``plasma_nM``: number or
    array. Source: mass balance of this model, checked against ``penetrate``; it holds for a molecule that
    binds tightly and meets antigen in excess of what arrives.
    """
    supply = 2 * binder.permeability_um_d * tumour.capillary_um * _plasma(plasma_nM)
    demand = np.multiply(tumour.internalisation_per_d, tumour.antigen_nM)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(supply > 0, supply / demand, 0.0)
    radius = np.sqrt(np.square(tumour.capillary_um) + reach)
    return radius if radius.ndim else float(radius)


def thiele_modulus(tumour: Tumour, binder: Binder, plasma_nM):
    """φ²: antigen the tissue takes in over antibody that can cross the wall, at a steady level in plasma.

    φ² = ke·Ag·(R_K² − R_cap²)/(2·P·R_cap·C_p). Below 1 the whole tissue can be reached; above, a shell of
    1/φ² of it. The name is Thurber's (PMID 17504872); the algebra here is the mass balance of this model, not
    transcribed from there. Infinite without antibody.
    """
    demand = np.multiply(tumour.internalisation_per_d, tumour.antigen_nM) * _tissue_area(tumour)
    with np.errstate(divide="ignore", invalid="ignore"):
        return demand / (2 * binder.permeability_um_d * tumour.capillary_um * _plasma(plasma_nM))


def clearance_modulus(tumour: Tumour, binder: Binder, plasma: Plasma):
    """Γ: antigen in the tissue over all antibody that plasma offers it before it is cleared.

    Γ = Ag·(R_K² − R_cap²)/(2·P·R_cap·AUC). Above 1 the dose is gone before the antigen is full, even if
    nothing is taken in. Name and origin as in ``thiele_modulus``.
    """
    offered = 2 * binder.permeability_um_d * tumour.capillary_um * plasma.auc_nM_d
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.multiply(tumour.antigen_nM, _tissue_area(tumour)) / offered


def saturated_fraction(tumour: Tumour, binder: Binder, plasma_nM):
    """Mean occupancy of the antigen by the mass balance: min(1, 1/φ²), from 0 to 1."""
    with np.errstate(divide="ignore"):
        filled = np.minimum(1.0, 1 / np.asarray(thiele_modulus(tumour, binder, plasma_nM)))
    return filled if filled.ndim else float(filled)


def _tissue_area(tumour: Tumour):
    return np.square(tumour.krogh_um) - np.square(tumour.capillary_um)


def _plasma(plasma_nM):
    return not_negative("plasma_nM", plasma_nM, "the concentration in plasma in nM")


# --- the mean of the tissue over time ------------------------------------------------------------------


def loss_per_d(tumour: Tumour, binder: Binder):
    """Ω in 1/d: how fast the tissue loses antibody, back to plasma while free, into cells while bound.

    Ω = (kex·K_D + ke·Ag/void)/(Ag/void + K_D). Thurber & Wittrup 2012.
    """
    sites = np.divide(tumour.antigen_nM, tumour.void)
    lost = exchange_per_d(tumour, binder) * binder.kd_nM + tumour.internalisation_per_d * sites
    return lost / (sites + binder.kd_nM)


def uptake(tumour: Tumour, binder: Binder, plasma: Plasma, times_d):
    """Antibody in the tissue, free and bound, in nM of tissue at ``times_d``: number or array.

    d[Ab]/dt = kex·c_plasma(t) − Ω·[Ab], from 0, solved exactly. Holds while antigen is in excess of antibody
    and the tissue is fed by its vessels alone. Source: Thurber & Wittrup 2012,
    doi:10.1016/j.jtbi.2012.08.034. Bad input raises ValueError.
    """
    times = np.asarray(not_negative("times_d", times_d, "days after the dose"))
    kex, omega = exchange_per_d(tumour, binder), loss_per_d(tumour, binder)
    tissue = sum(
        share * _fed_by(rate, omega, times)
        for share, rate in zip(plasma.fractions, plasma.rates_per_d, strict=True)
    )
    found = plasma.c0_nM * kex * tissue
    return found if np.ndim(found) else float(found)


def _fed_by(rate, loss, times):
    """∫ exp(−rate·s)·exp(−loss·(t − s)) ds from 0 to t, also where both rates are the same."""
    slow, apart = np.minimum(rate, loss), np.abs(np.subtract(loss, rate)) * times
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(apart > 0, -np.expm1(-apart) / apart, 1.0)
    return np.exp(-slow * times) * times * mean


def percent_injected_per_g(tissue_nM, plasma_start_nM, plasma_volume_mL, density_g_mL=1.0):
    """Per cent of the injected dose in each gram of tumour: 100·(tissue/c0)/(V_plasma·density).

    ``plasma_start_nM`` is the level just after the injection into ``plasma_volume_mL`` (2 mL in a mouse).
    """
    tissue = not_negative("tissue_nM", tissue_nM, "the antibody in nM of tissue")
    start = positive("plasma_start_nM", plasma_start_nM, "the first concentration in plasma in nM")
    volume = positive("plasma_volume_mL", plasma_volume_mL, "the volume of plasma in mL")
    return 100 * tissue / start / volume / positive("density_g_mL", density_g_mL, "the density in g/mL")


# --- the profile over the distance from the vessel -----------------------------------------------------


@dataclass(frozen=True)
class Profile:
    """Antibody around a vessel. ``radius_um`` (cells,) from its axis; ``times_d`` (times,), from 0 on.

    ``free_nM`` (times, cells) in the fluid; ``bound_nM`` (times, cells) per tissue. ``weights`` (cells,) is
    the share of the tissue in each ring. ``time_error`` estimates the error in occupancy that the
    steps in time leave at the end: the largest difference between two runs, one with steps half as long.
    """

    tumour: Tumour
    binder: Binder
    plasma: Plasma
    radius_um: np.ndarray
    weights: np.ndarray
    times_d: np.ndarray
    free_nM: np.ndarray
    bound_nM: np.ndarray
    time_error: float

    @property
    def occupancy(self) -> np.ndarray:
        """Fraction of the antigen that is held, (times, cells); 0 without antigen."""
        return self.bound_nM / self.tumour.antigen_nM if self.tumour.antigen_nM else 0 * self.bound_nM

    @property
    def mean_occupancy(self) -> np.ndarray:
        """The same over the whole tissue, (times,)."""
        return self.occupancy @ self.weights

    @property
    def tissue_nM(self) -> np.ndarray:
        """Free and bound antibody per volume of tissue, (times,)."""
        return (self.tumour.void * self.free_nM + self.bound_nM) @ self.weights

    @property
    def filled_um(self) -> np.ndarray:
        """Radius in µm of a full shell with as much bound antibody, (times,): to set beside ``penetration_um``."""
        area = self.mean_occupancy * _tissue_area(self.tumour)
        return np.sqrt(self.tumour.capillary_um**2 + area)


def penetrate(
    tumour: Tumour, binder: Binder, plasma: Plasma, end_d: float, cells: int = 40, steps: int = 16
) -> Profile:
    """Free and bound antibody over the distance from a vessel, from an empty tissue on day 0 to ``end_d``.

    ``cells`` rings, finer towards the vessel, and ``steps`` steps in time, longer towards the end. Each step
    is implicit (no step is too long to be stable); two runs, one with steps half as long, are extrapolated, and
    their difference is reported as ``time_error``. The defaults take some 10 ms; their occupancy is within 0.02
    of a much finer run at every depth, and their mean within 0.002. Take more of both for numbers to quote. All
    parameters are single numbers; bad input raises ValueError. Equations, source and limits stand at the head
    of this module.
    """
    end = positive("end_d", end_d, "the days to simulate")
    cells = whole("cells", cells, 8, 2000, "the number of rings")
    steps = whole("steps", steps, 4, 100_000, "the number of steps in time")
    for part in (tumour, binder):
        for field in fields(part):
            value = getattr(part, field.name)
            if value is None or np.ndim(value):
                raise ValueError(f"{field.name} is {value}: give one number for a profile")

    rings = _Rings.of(tumour, binder, cells)
    coarse_times = end * np.linspace(0, 1, steps + 1) ** 2
    fine_times = np.insert(coarse_times, np.arange(1, steps + 1), (coarse_times[1:] + coarse_times[:-1]) / 2)
    coarse = _march(rings, tumour, binder, plasma, coarse_times)
    fine = _march(rings, tumour, binder, plasma, fine_times)[:, ::2]
    free, bound = (2 * fine - coarse).clip(min=0)
    bound = np.minimum(bound, tumour.antigen_nM)
    # Extrapolation leaves less than the difference of the two runs, but not by a known factor.
    error = np.abs(fine[1] - coarse[1])[-1].max() / tumour.antigen_nM if tumour.antigen_nM else 0.0
    weights = rings.areas / rings.areas.sum()
    return Profile(tumour, binder, plasma, rings.radius_um, weights, coarse_times, free, bound, float(error))


@dataclass(frozen=True)
class _Rings:
    """Finite volumes: areas of the rings and conductances between neighbours, all over 2π."""

    radius_um: np.ndarray
    areas: np.ndarray
    wall: float  # µm²/d: plasma to the first ring, wall and half a ring in series
    between: np.ndarray  # µm²/d

    @classmethod
    def of(cls, tumour: Tumour, binder: Binder, cells: int) -> "_Rings":
        depth = tumour.krogh_um - tumour.capillary_um
        edges = tumour.capillary_um + depth * np.linspace(0, 1, cells + 1) ** 1.5
        middle = (edges[1:] + edges[:-1]) / 2
        diffusion = tumour.void * binder.diffusion_um2_s * SECONDS_PER_D
        inside = diffusion / np.log(middle[0] / edges[0])
        outside = binder.permeability_um_d * edges[0]
        return cls(
            middle,
            np.diff(edges**2) / 2,
            float(inside * outside / (inside + outside)),
            diffusion / np.log(middle[1:] / middle[:-1]),
        )


def _march(rings: _Rings, tumour: Tumour, binder: Binder, plasma: Plasma, times: np.ndarray) -> np.ndarray:
    """Free and bound after each implicit step, shape (2, times, cells).

    Bound antibody of the new time follows from the free one in closed form, so that each step solves for the
    free one alone: a tridiagonal system, by Newton's method. Its left side rises with every unknown and
    bends down, so that the iteration cannot run away.
    """
    sites, void, kon = tumour.antigen_nM, tumour.void, binder.kon_per_nM_d
    koff, intake, areas = kon * binder.kd_nM, tumour.internalisation_per_d, rings.areas
    outflow = np.zeros_like(areas)
    outflow[:-1] += rings.between
    outflow[1:] += rings.between
    outflow[0] += rings.wall
    levels = plasma.at(times)
    path = np.zeros((2, len(times), len(areas)))
    for i in range(1, len(times)):
        free_before, bound_before = path[:, i - 1]
        free, h = free_before.copy(), times[i] - times[i - 1]
        room = sites * (1 + h * (koff + intake)) - bound_before
        side = -h * rings.between
        for _ in range(50):
            held = 1 + h * (kon * free + koff + intake)
            bound = (bound_before + h * kon * sites * free) / held
            gap = areas * (void * (free - free_before) + (1 + h * intake) * bound - bound_before)
            gap += h * outflow * free
            gap[0] -= h * rings.wall * levels[i]
            gap[:-1] += side * free[1:]
            gap[1:] += side * free[:-1]
            slope = areas * (void + (1 + h * intake) * h * kon * room / held**2) + h * outflow
            change = dgtsv(side, slope, side, -gap)[3]
            new = np.maximum(free + change, 0)
            done = np.abs(new - free).max() <= 1e-9 * (new.max() + 1e-30)
            free = new
            if done:
                break
        path[0, i] = free
        path[1, i] = (bound_before + h * kon * sites * free) / (1 + h * (kon * free + koff + intake))
    return path


# --- size against uptake -------------------------------------------------------------------------------


_PORES = ((4.5, 17.6), (500.0, 0.65))  # vessel wall: radius in nm, area over length in 1/cm
_GAPS = ((13.8, 0.9), (1000.0, 0.1))  # tissue: radius in nm, share of the fluid
_FLUID = 0.5  # fraction of the tissue that is fluid


def molecular_radius_nm(mass_kDa):
    """Radius in nm of a protein: 0.912·mass^0.333. Numbers or arrays. Schmidt & Wittrup 2009, PMC4078872."""
    return 0.912 * positive("mass_kDa", mass_kDa, "the molecular mass in kDa") ** 0.333


def permeability_cm_s(radius_nm):
    """Permeability of a tumour vessel in cm/s for a molecule of a radius in nm. Numbers or arrays.

    Two kinds of pores, P = D·Σ (area/length)·(1 − λ)²·H(λ), λ = radius/pore, D = 3·10⁻⁶/radius cm²/s; a
    molecule as large as a pore does not pass it. H is the drag on a sphere in a pore, a quotient of polynomials.
    Source: Schmidt & Wittrup 2009, PMC4078872, who take H from a table where λ is above 0.6; the quotient, used
    here throughout, changes the permeability by less than 2 %, because little passes such a pore.
    """
    radius = positive("radius_nm", radius_nm, "the radius of the molecule in nm")
    passed = sum(share * (1 - lam) ** 2 * _drag(lam) for lam, share in _relative(radius, _PORES))
    return 3e-6 / radius * passed


def available_fraction(radius_nm):
    """Fraction of the tissue that a molecule of a radius in nm can be in. Numbers or arrays.

    0.5·[0.9·(1 − R/13.8)² + 0.1·(1 − R/1000)²]. Schmidt & Wittrup 2009, PMC4078872.
    """
    radius = positive("radius_nm", radius_nm, "the radius of the molecule in nm")
    return _FLUID * sum(share * (1 - lam) ** 2 for lam, share in _relative(radius, _GAPS))


def _relative(radius, pores):
    return [(np.minimum(radius / pore, 1.0), share) for pore, share in pores]


def _drag(lam):
    above = 1 - 2.105 * lam + 2.0865 * lam**3 - 1.7068 * lam**5 + 0.72603 * lam**6
    return above / (1 - 0.75857 * lam**5)


def plasma_clearance_per_d(radius_nm, fit: str = "sigmoid"):
    """How fast a mouse clears a molecule of a radius in nm from plasma, in 1/d. Numbers or arrays.

    ``"sigmoid"``: exp(−3.3 + 4.9/(1 + exp((ln R − 1.4)/0.25))) per hour, as coded in the repository
    noormomin/Intratumoral-Immunotherapy-PK. ``"cubic"``: 7.494 − 3.069·R + 0.3872·R² − 0.01415·R³ per hour,
    a fit in yliu0921/MRD-Tracer-Uptake-PK-Model; from 0.7 to 5.2 nm only, because it falls below zero at 5.3
    nm. Both smooth over scattered data in mice and know nothing of FcRn, which keeps an IgG far longer than its
    size would. Bad input raises ValueError.
    """
    one_of("fit", fit, ("sigmoid", "cubic"))
    if fit == "sigmoid":
        radius = positive("radius_nm", radius_nm, "the radius of the molecule in nm")
        return 24 * np.exp(-3.3 + 4.9 / (1 + np.exp((np.log(radius) - 1.4) / 0.25)))
    r = within("radius_nm", radius_nm, 0.7, 5.2, "the radius in nm for which the cubic holds")
    return 24 * (7.494 - 3.069 * r + 0.3872 * r**2 - 0.01415 * r**3)


def size_uptake(
    mass_kDa,
    *,
    kd_nM,
    antigen_nM,
    internalisation_per_d,
    time_d,
    capillary_um,
    krogh_um,
    fit: str = "sigmoid",
):
    """Tumour over first plasma concentration after a bolus, for molecules of ``mass_kDa``: number or array.

    Small molecules come in fast and are cleared fast, large ones slowly and late: in between, uptake has a
    minimum, near the size of a single-chain fragment. ``uptake`` with permeability, accessible space and plasma
    clearance taken from size. Schmidt & Wittrup 2009, PMC4078872; mouse. Bad input raises ValueError.
    """
    radius = molecular_radius_nm(mass_kDa)
    void = np.maximum(available_fraction(radius), 1e-9)
    tumour = Tumour(capillary_um, krogh_um, void, antigen_nM, internalisation_per_d)
    plasma = Plasma(1.0, (1.0,), (plasma_clearance_per_d(radius, fit),))
    return uptake(tumour, Binder(kd_nM, permeability_cm_s(radius)), plasma, time_d)
