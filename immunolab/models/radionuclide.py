"""Radioactive antibodies: how long they radiate, how far, and what dose of radiation a tissue absorbs.

    1/T_eff = 1/T_physical + 1/T_biological        decay and washout empty the tissue together
    Ã = A₀ · T_eff / ln 2                           cumulated activity: all decays in the tissue
    D = Ã · E · φ / m                               absorbed dose in Gy (J/kg): decays · energy · share kept / mass

Activity (MBq) says how many atoms decay per second, dose (Gy) what they leave behind. Source: the MIRD schema
(Bolch et al. 2009, doi:10.2967/jnumed.108.056036). 1 MeV = 1.602e-13 J.

The share φ that stays in a small tumour depends on the range of the electrons. Here they run straight, from
places and in directions spread evenly in a sphere, and lose energy by the range–energy relation of Katz &
Penfold (1952, doi:10.1103/RevModPhys.24.28). Beta energies are spread between 0 and the largest so that their
mean is right. Limits: unit-density tissue, activity spread evenly, no photons, no scatter; against Monte Carlo
for Y-90 the share for Y-90 is right to 0.02.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from immunolab.models._arrays import plain
from immunolab.models._checks import not_negative, positive, whole, within

JOULE_PER_MEV = 1.602176634e-13
MBQ_PER_MCI = 37.0
SECONDS_PER_HOUR = 3600.0

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2  # on 0 to 1


@dataclass(frozen=True)
class Nuclide:
    """A radionuclide: ``half_life_h`` in hours, ``energy_MeV`` of electrons per decay, and the largest beta
    energy ``max_energy_MeV``; without it, range and absorbed fraction of a sphere are not known.
    """

    name: str
    half_life_h: float
    energy_MeV: float
    max_energy_MeV: float | None = None

    def __post_init__(self):
        positive("half_life_h", self.half_life_h, "the physical half-life in hours")
        within("energy_MeV", self.energy_MeV, 1e-4, 50, "the mean energy per decay in MeV")
        if self.max_energy_MeV is not None:
            within(
                "max_energy_MeV", self.max_energy_MeV, 0.01, 3, "the largest energy of a beta particle in MeV"
            )
            if self.energy_MeV >= self.max_energy_MeV:
                raise ValueError(
                    f"energy_MeV is {self.energy_MeV}: give less than max_energy_MeV ({self.max_energy_MeV})"
                )


# --- time ----------------------------------------------------------------------------------------------


def effective_half_life(physical, biological=math.inf):
    """Half-life of activity in a tissue that both decays and washes out; same unit as given.

    1/T_eff = 1/T_physical + 1/T_biological. Numbers or arrays above 0; ``biological`` may be infinite (it
    never leaves). Bad input raises ValueError.
    """
    return 1 / (
        1 / positive("physical", physical, "the physical half-life") + _rate("biological", biological)
    )


def decays_in_place(physical, biological=math.inf):
    """Share of the atoms that decay before they are washed out: T_eff / T_physical."""
    return effective_half_life(physical, biological) / physical


def activity(times_h, start_MBq, half_life_h, uptake_h=0.0):
    """Activity in a tissue in MBq at ``times_h``: A₀·(2^(−t/T_eff) − 2^(−t/T_up)).

    ``half_life_h`` is the effective one; ``uptake_h``, shorter than that, the (effective) half-life with
    which the tissue fills, 0 for at once. Numbers or arrays that broadcast. Bad input raises ValueError.
    """
    times = not_negative("times_h", times_h, "hours")
    start, half_life, uptake = _filling(start_MBq, half_life_h, uptake_h)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        missing = np.where(np.asarray(uptake) > 0, np.exp2(-np.divide(times, uptake)), 0.0)
    return plain(start * (np.exp2(-times / half_life) - missing))


def cumulated_activity_MBq_h(start_MBq, half_life_h, uptake_h=0.0):
    """All decays in a tissue, Ã = A₀·(T_eff − T_up)/ln 2, in MBq·h (1 MBq·h = 3.6e9 decays).

    Arguments and errors as in ``activity``. Divided by the activity given to the patient, it is the residence
    time in hours.
    """
    start, half_life, uptake = _filling(start_MBq, half_life_h, uptake_h)
    return start * (half_life - uptake) / math.log(2)


def _filling(start_MBq, half_life_h, uptake_h):
    start = not_negative("start_MBq", start_MBq, "the activity in MBq")
    half_life = positive("half_life_h", half_life_h, "the effective half-life in hours")
    uptake = not_negative("uptake_h", uptake_h, "the half-life of uptake in hours")
    if np.any(uptake >= half_life):
        raise ValueError(f"uptake_h is {uptake_h}: give less than half_life_h ({half_life_h})")
    return start, half_life, uptake


def _rate(name, half_life):
    """1 / half-life; 0 where it is infinite."""
    if np.any(np.isposinf(half_life)):
        half_life = np.where(np.isposinf(half_life), 1e300, half_life)
    return 1 / positive(name, half_life, "a half-life, or infinity")


# --- dose ----------------------------------------------------------------------------------------------


def absorbed_dose_Gy(cumulated_MBq_h, energy_MeV, mass_g, absorbed_fraction=1.0):
    """Absorbed dose in Gy: Ã·E·φ/m.

    ``cumulated_MBq_h`` in MBq·h (see ``cumulated_activity_MBq_h``), ``energy_MeV`` per decay, ``mass_g`` of
    the tissue in grams, ``absorbed_fraction`` from 0 to 1 of the energy that stays in it; numbers or arrays
    that broadcast. Bad input raises ValueError. Limits: the mean over the tissue; a cell at its edge gets less.
    """
    decays = (
        not_negative("cumulated_MBq_h", cumulated_MBq_h, "the cumulated activity in MBq·h")
        * 1e6
        * SECONDS_PER_HOUR
    )
    energy = not_negative("energy_MeV", energy_MeV, "the energy per decay in MeV") * JOULE_PER_MEV
    share = within("absorbed_fraction", absorbed_fraction, 0, 1, "the share of energy that stays")
    return decays * energy * share / (positive("mass_g", mass_g, "the mass in grams") / 1000)


def sphere_mass_g(diameter_mm, density_g_cm3=1.0):
    """Mass in grams of a sphere of a diameter in mm. Numbers or arrays."""
    diameter = positive("diameter_mm", diameter_mm, "the diameter in mm")
    density = positive("density_g_cm3", density_g_cm3, "the density in g/cm³")
    return math.pi / 6 * (diameter / 10) ** 3 * density


def MBq_from_mCi(activity_mCi):
    """Activity in MBq from millicuries: 1 mCi = 37 MBq. Numbers or arrays."""
    return not_negative("activity_mCi", activity_mCi, "the activity in mCi") * MBQ_PER_MCI


def administered_MBq(weight_kg, per_kg_MBq, cap_MBq=math.inf):
    """Activity for a body weight, up to a cap, in MBq. Numbers or arrays."""
    weight = within("weight_kg", weight_kg, 2, 300, "the body weight in kilograms")
    wanted = weight * not_negative("per_kg_MBq", per_kg_MBq, "the activity per kilogram in MBq")
    return plain(
        np.minimum(
            wanted, cap_MBq if np.isposinf(cap_MBq) else positive("cap_MBq", cap_MBq, "the cap in MBq")
        )
    )


# --- range ---------------------------------------------------------------------------------------------


def electron_range_mm(energy_MeV):
    """How deep an electron of an energy gets in water, in mm: 4.12·E^(1.265 − 0.0954·ln E).

    ``energy_MeV`` from 0.01 to 3 MeV, a number or an array; anything else raises ValueError. Source: Katz &
    Penfold 1952, doi:10.1103/RevModPhys.24.28 (printed up to 2.5 MeV). With the largest beta energy it gives
    the range beyond which nothing is hit.
    """
    return _range_mm(within("energy_MeV", energy_MeV, 0.01, 3, "the energy of the electron in MeV"))


def beta_energies_MeV(nuclide: Nuclide, count: int):
    """Energies of ``count`` typical beta particles, rising, shape (count,): evenly spaced quantiles of the spectrum.

    The spectrum is that of ``sphere_absorbed_fraction``. Raises ValueError for a nuclide without ``max_energy_MeV``.
    """
    shares = (np.arange(whole("count", count, 1, 100_000, "how many energies")) + 0.5) / count
    return _largest(nuclide) * betaincinv(_spectrum_shape(nuclide), 3, shares)


def sphere_absorbed_fraction(diameter_mm, nuclide: Nuclide):
    """Share of the beta energy released in a sphere, evenly filled with a nuclide, that stays in it.

    ``diameter_mm`` from 0.01 (one cell) to 10 000, a number or an array. Model and limits stand at the head of this module. Raises
    ValueError for bad input and for a nuclide without ``max_energy_MeV``.
    """
    diameter = within("diameter_mm", diameter_mm, 0.01, 10_000, "the diameter in mm")
    _largest(nuclide)
    energies, energy_shares = _spectrum(nuclide)
    # Energy lost so far, as a share; the cube puts most nodes at the start, which is all a small sphere sees.
    lost, weights = _NODES**3, 3 * _NODES**2 * _WEIGHTS
    ways = _range_mm(energies)[:, None] - _range_mm(np.multiply.outer(energies, 1 - lost))
    kept = _still_inside(ways, np.asarray(diameter)[..., None, None]) @ weights
    return plain(kept @ energy_shares)


def straight_absorbed_fraction(diameter_mm, range_mm):
    """The same share for particles of one range that lose their energy evenly on a straight way.

    With x = range / radius: 1 − 3x/8 + x³/64 up to x = 2, then 3/(4x). For alpha particles, or where only a
    range is printed: a mean range of betas misleads, since the fast ones carry most of the energy. Numbers or
    arrays above 0. Bad input raises ValueError. Derived here from the geometry of a sphere.
    """
    radius = positive("diameter_mm", diameter_mm, "the diameter in mm") / 2
    x = positive("range_mm", range_mm, "the range in mm") / radius
    return plain(np.where(x <= 2, 1 - 3 * x / 8 + x**3 / 64, 3 / (4 * x)))


def _still_inside(way, diameter):
    """Chance to be still in a sphere after a straight way from anywhere in it, in any direction."""
    x = np.minimum(way / diameter, 1.0)
    return 1 - 1.5 * x + 0.5 * x**3


def _range_mm(energy_MeV):
    return 4.12 * energy_MeV ** (1.265 - 0.0954 * np.log(energy_MeV))


def _spectrum(nuclide: Nuclide):
    """Energies in MeV and the share of all energy at each: E^(a−1)·(E_max − E)², with the mean of the nuclide."""
    carried = (
        _WEIGHTS * _NODES ** _spectrum_shape(nuclide) * (1 - _NODES) ** 2
    )  # energy · number at that energy
    return nuclide.max_energy_MeV * _NODES, carried / carried.sum()


def _spectrum_shape(nuclide: Nuclide) -> float:
    """The exponent a: with it the spectrum has the mean energy of the nuclide."""
    mean = nuclide.energy_MeV / nuclide.max_energy_MeV
    return 3 * mean / (1 - mean)


def _largest(nuclide: Nuclide) -> float:
    """The largest beta energy in MeV, if it is known."""
    if nuclide.max_energy_MeV is None:
        raise ValueError(f"max_energy_MeV of {nuclide.name} is None: give the largest beta energy in MeV")
    return nuclide.max_energy_MeV
