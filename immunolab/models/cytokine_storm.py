"""CAR-T cells, leukaemia and inflammation: why a large tumour burden makes the storm larger.

Hanson et al. 2016 (doi:10.1101/049908; equations as in BioModels BIOMD0000000837): cytotoxic and helper CAR-T
cells rest as memory cells (C_m, H_m) and become effectors (C_e, H_e) where they meet leukaemia B; effectors
that meet it make the inflammatory signal I, which activates more memory cells. L: the other lymphocytes.

    g = max(0, 1 − (C_m + C_e + H_m + H_e + L + B)/l)      room for lymphocytes
    h = I²/(I² + b²)                                       how inflamed it is, from 0 to 1
    dC_m/dt = r₂·C_m·g − x,    dC_e/dt = 2ⁿ·x − d₃·C_e,    x = a₁·B·C_m·(1 + a₂·H_e)·h
    dH_m/dt = r₃·H_m·g − y,    dH_e/dt = 2ⁿ·y − d₄·H_e,    y = a₃·B·H_m·h
    dL/dt   = p₂ + r₄·L·g − d₅·L
    dI/dt   = p₀ + p₁·B·(C_e + H_e) − d₂·I − D
    dB/dt   = r₁·B·(1 − B/k) − d₁·B·C_e

Units: hours, cells/µL, pg/mL. A treatment D removes I at a constant rate; it is a thought experiment and not
a drug: tocilizumab blocks the receptor of IL-6 and leaves IL-6 in the blood.

Limits: I stands for all of inflammation, with the numbers of one cytokine; the model was never compared with
patients. Use it for "burden drives the storm", not for a level of IL-6. It holds no macrophages, although
host macrophages make most of the IL-6 in mice.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from immunolab.models._checks import each, not_negative, one_number, positive, within
from immunolab.models._lsoda import lsoda

_STATES = (
    "cytotoxic_memory",
    "cytotoxic_effector",
    "helper_memory",
    "helper_effector",
    "lymphocytes",
    "inflammation",
    "leukaemia",
)


@dataclass(frozen=True)
class StormParameters:
    """The parameters of Hanson et al. 2016 and the state at infusion; symbols as in the equations.

    Rates per hour; ``l_per_uL``, ``k_per_uL`` and all cells per µL; ``b_pg_mL`` and ``inflammation0_pg_mL``
    in pg/mL; ``p0`` in pg/mL/h; ``n_divisions``: how often a memory cell divides on becoming effectors.
    ``car0_per_uL``: each of the four kinds of CAR-T cells at infusion. Impossible values raise ValueError.
    """

    n_divisions: float
    a1: float
    a2: float
    a3: float
    b_pg_mL: float
    p0: float
    p1: float
    p2: float
    r1: float
    r2: float
    r3: float
    r4: float
    d1: float
    d2: float
    d3: float
    d4: float
    d5: float
    l_per_uL: float
    k_per_uL: float
    car0_per_uL: float
    lymphocytes0_per_uL: float
    inflammation0_pg_mL: float
    leukaemia0_per_uL: float

    def __post_init__(self):
        each(self, one_number)
        each(self, not_negative, "a rate, or a number of cells")
        within("n_divisions", self.n_divisions, 0, 30, "divisions")
        each(self, positive, "a rate, or a number of cells", names=("b_pg_mL", "d2", "l_per_uL", "k_per_uL"))


@dataclass(frozen=True)
class Storm:
    """Cells per µL and inflammation in pg/mL, arrays of shape (times,) at ``times_h``."""

    parameters: StormParameters
    times_h: np.ndarray
    cytotoxic_memory: np.ndarray
    cytotoxic_effector: np.ndarray
    helper_memory: np.ndarray
    helper_effector: np.ndarray
    lymphocytes: np.ndarray
    inflammation: np.ndarray
    leukaemia: np.ndarray

    @property
    def peak(self) -> tuple[float, float]:
        """Hour and height, in pg/mL, of the largest inflammation."""
        highest = int(np.argmax(self.inflammation))
        return float(self.times_h[highest]), float(self.inflammation[highest])

    def hours_above(self, level_pg_mL: float) -> float:
        """How long inflammation stays above a level, in hours."""
        level = positive("level_pg_mL", level_pg_mL, "a level of inflammation in pg/mL")
        middle = (self.inflammation[1:] + self.inflammation[:-1]) / 2
        return float(np.diff(self.times_h)[middle > level].sum())


def simulate_storm(
    parameters: StormParameters,
    horizon_h: float = 1500.0,
    removal_pg_mL_h: float = 0.0,
    removal_from_h: float = 0.0,
    removal_to_h: float | None = None,
) -> Storm:
    """One patient from infusion to ``horizon_h``; see the module for the equations, the source and the limits.

    ``removal_pg_mL_h`` is D, between two hours (to the end without ``removal_to_h``); it stops where no
    inflammation is left, so that I does not fall below zero: our addition. LSODA, relative 1e-9. Bad input
    raises ValueError.
    """
    p = parameters
    horizon = within("horizon_h", horizon_h, 1, 20_000, "how many hours to follow")
    removal = not_negative("removal_pg_mL_h", removal_pg_mL_h, "the removal in pg/mL/h")
    first = not_negative("removal_from_h", removal_from_h, "the hour at which removal begins")
    last = (
        horizon
        if removal_to_h is None
        else positive("removal_to_h", removal_to_h, "the hour at which it ends")
    )
    burst = 2.0**p.n_divisions

    def rhs(_, y, removed):
        c_m, c_e, h_m, h_e, others, signal, leukaemia = y.tolist()
        room = max(0.0, 1 - (c_m + c_e + h_m + h_e + others + leukaemia) / p.l_per_uL)
        inflamed = signal**2 / (signal**2 + p.b_pg_mL**2)
        activated = p.a1 * leukaemia * c_m * (1 + p.a2 * h_e) * inflamed
        helping = p.a3 * leukaemia * h_m * inflamed
        return (
            p.r2 * c_m * room - activated,
            burst * activated - p.d3 * c_e,
            p.r3 * h_m * room - helping,
            burst * helping - p.d4 * h_e,
            p.p2 + p.r4 * others * room - p.d5 * others,
            p.p0 + p.p1 * leukaemia * (c_e + h_e) - p.d2 * signal - removed * min(1.0, max(signal, 0.0)),
            p.r1 * leukaemia * (1 - leukaemia / p.k_per_uL) - p.d1 * leukaemia * c_e,
        )

    car = [p.car0_per_uL] * 4
    state = np.array([*car, p.lymphocytes0_per_uL, p.inflammation0_pg_mL, p.leukaemia0_per_uL])
    edges = sorted({0.0, *(edge for edge in (first, last) if edge < horizon), horizon})
    times, states = [np.zeros(1)], [state[:, None]]
    for start, end in pairwise(edges):
        hours = np.linspace(start, end, max(9, int(2 * (end - start)) + 1))
        removed = removal if first <= start < last else 0.0
        path = lsoda(rhs, states[-1][:, -1], hours, args=(removed,))
        times.append(hours[1:])
        states.append(path[:, 1:])
    return Storm(p, np.concatenate(times), **dict(zip(_STATES, np.hstack(states), strict=True)))
