"""What the Fc end of an antibody holds: Fcγ receptors, alone, against the body's own IgG, and on a coated cell.

    θ_i = K_i·C_i/(1 + Σ K_j·C_j)        one receptor among IgGs that compete for it

K is the association constant in 1/M. Values for subclasses and receptor variants: Bruhns et al. 2009
(doi:10.1182/blood-2008-09-179754). All functions give the state at equilibrium. How a held receptor turns
into killing, swallowing or complement is not in here: no equation with a source stands behind it. A receptor
that is held is a condition of ADCC and ADCP, not a measure of it.
"""

from collections.abc import Mapping

import numpy as np

from immunolab.models._checks import not_negative, positive
from immunolab.models.binding import kd_2d

GAS_CONSTANT_KCAL = 1.987204e-3  # kcal/(mol K)
BODY_TEMPERATURE_K = 310.15


def kd_uM_from_ka(ka_per_M):
    """Dissociation constant in µM from an association constant in 1/M: 10⁶/K_A; infinite for 0.

    Numbers or arrays. 0 stands for binding too weak to be measured.
    """
    ka = np.asarray(not_negative("ka_per_M", ka_per_M, "the association constant in 1/M"))
    with np.errstate(divide="ignore"):
        kd = np.divide(1e6, ka)
    return kd if kd.ndim else float(kd)


def binding_energy_gap_kcal(stronger_ka_per_M, weaker_ka_per_M, temperature_K: float = BODY_TEMPERATURE_K):
    """Difference of binding energies in kcal/mol, R·T·ln(K₁/K₂): positive where the first binds tighter.

    Numbers or arrays of association constants above 0; at 37 °C unless told otherwise.
    """
    stronger = positive("stronger_ka_per_M", stronger_ka_per_M, "the association constant in 1/M")
    weaker = positive("weaker_ka_per_M", weaker_ka_per_M, "the association constant in 1/M")
    temperature = positive("temperature_K", temperature_K, "the temperature in kelvin")
    gap = GAS_CONSTANT_KCAL * temperature * np.log(np.divide(stronger, weaker))
    return gap if np.ndim(gap) else float(gap)


def fc_occupancy(conc_nM: Mapping[str, object], ka_per_M: Mapping[str, object]) -> dict[str, object]:
    """Fraction of one Fcγ receptor that each IgG holds, all competing for the same site.

    ``conc_nM``: name to concentration in nM, such as ``{"drug": 67.6, "IgG1": 44_600}``; ``ka_per_M``: the same
    names to K_A in 1/M, 0 where nothing binds. Numbers or arrays that broadcast. Returns name to fraction; what
    is missing to 1 is empty. Bad input and a name without affinity raise ValueError.

    Source: law of mass action, affinities as at the head of this module. Holds for single IgGs in excess of
    receptor; complexes with many Fc ends hold far better: ``contact_occupancy``.
    """
    missing = [name for name in conc_nM if name not in ka_per_M]
    if missing:
        raise ValueError(f"ka_per_M is without {', '.join(missing)}: give the association constant in 1/M")
    load = {
        name: not_negative(f"conc_nM[{name!r}]", conc, "the concentration in nM")
        * not_negative(f"ka_per_M[{name!r}]", ka_per_M[name], "the association constant in 1/M")
        * 1e-9
        for name, conc in conc_nM.items()
    }
    everything = 1 + sum(load.values())
    return {name: value / everything for name, value in load.items()}


def contact_occupancy(fc_um2, receptor_um2, ka_per_M, *, competing: float = 0.0, gap_nm: float = 3.0):
    """Fraction of Fcγ receptors held by antibodies that coat the other cell, in the area where both touch.

    B = ½·[(F + R + K) − √((F + R + K)² − 4FR)], K = K_D,2D·(1 + ``competing``), and the answer is B/R: the
    coat is no solution but a field of ``fc_um2`` ends/µm² within reach of ``receptor_um2`` receptors/µm².
    ``competing`` is Σ K·C of the IgG in the fluid, as in ``fc_occupancy``.

    Numbers or arrays that broadcast; bad input raises ValueError. Without coat, or without affinity: 0.
    Source: K_D turned to two dimensions as in ``binding.kd_2d``; the step to Fc receptors is ours, a thought
    experiment. Limits: those of ``binding``; the gap of 3 nm is the one used for other pairs.
    """
    coat = not_negative("fc_um2", fc_um2, "the Fc ends on the coated cell per µm²")
    receptors = positive("receptor_um2", receptor_um2, "the Fc receptors per µm²")
    ka = not_negative("ka_per_M", ka_per_M, "the association constant in 1/M")
    rival = not_negative("competing", competing, "the sum of K_A times concentration of the other IgG")
    # Half saturation in 1/M would be infinite for K_A 0, so the equation is written with 1/K.
    bond = ka / 1e6 / ((1 + rival) * kd_2d(1.0, gap_nm))
    total = (coat + receptors) * bond + 1
    held = 2 * coat * bond / (total + np.sqrt(np.maximum(total**2 - 4 * coat * receptors * bond**2, 0)))
    return held if np.ndim(held) else float(held)


def affinity_ratio(activating_ka_per_M, inhibiting_ka_per_M):
    """Activating over inhibiting receptor, A/I: K_A at FcγRIIIA or IIA over K_A at FcγRIIB. Numbers or arrays.

    The idea is Nimmerjahn & Ravetch's (2005, doi:10.1126/science.1118948).
    """
    activating = not_negative("activating_ka_per_M", activating_ka_per_M, "the association constant in 1/M")
    return activating / positive(
        "inhibiting_ka_per_M", inhibiting_ka_per_M, "the association constant in 1/M"
    )
