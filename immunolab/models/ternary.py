"""Two receptors and a drug that bridges them: the ternary complex, its bell, and the killing that follows.

    A + B ⇌ AB (K_A),    B + C ⇌ BC (K_C),    A·B·C = alpha·a·b·c / (K_A·K_C)

B is the drug (a bispecific antibody, a degrader), A and C are what its two ends bind. With little drug there
is too little to bridge; with much drug each receptor holds a drug of its own. So the number of bridges rises
and falls again: a bell. Lower-case letters are free, capital letters total concentrations, all in nM.

Source: Douglass et al. 2013, doi:10.1021/ja311795d, for totals without cooperativity. Given the free drug b,
the rest is one quadratic equation for any cooperativity alpha; only the step from total to free drug then
needs a root. All forms are free of cancellation, so concentrations may lie many decades apart.

Limits: equilibrium in one well-mixed volume. On two cells, the receptors meet only in the gap between the
cells, and receptors are taken in and made anew. Time to bind, and drug that is used up, are left out.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize.elementwise import find_root

from immunolab.models._arrays import plain
from immunolab.models._checks import not_negative, positive, within

NM_PER_MOLECULE_PER_ML = 1e12 / 6.02214076e23  # one molecule in a millilitre, in nM

Numbers = float | np.ndarray


# --- the bridge ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TernaryState:
    """Who holds whom, in nM; numbers, or arrays of the shape of the inputs broadcast together.

    ``ternary_nM`` counts drug that bridges both receptors, ``drug_a_nM`` and ``drug_c_nM`` drug on one of
    them only, the rest what is free.
    """

    ternary_nM: Numbers
    drug_a_nM: Numbers
    drug_c_nM: Numbers
    free_a_nM: Numbers
    free_c_nM: Numbers
    free_drug_nM: Numbers

    @property
    def total_drug_nM(self) -> Numbers:
        """All of the drug, free and bound."""
        return self.free_drug_nM + self.drug_a_nM + self.drug_c_nM + self.ternary_nM


def ternary(drug_nM, a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity=1.0) -> TernaryState:
    """The equilibrium for a total concentration of drug: closed form without cooperativity, else a root.

    ``drug_nM``, ``a_nM``, ``c_nM`` are totals in nM (0 or more), ``kd_a_nM``, ``kd_c_nM`` the dissociation
    constants in nM and ``cooperativity`` the factor alpha (above 1: one end bound helps the other); numbers
    or arrays that broadcast. Totals are conserved to a relative 1e-9. Bad input raises ValueError. Equations,
    source and limits stand at the head of this module.
    """
    drug = not_negative("drug_nM", drug_nM, "the total concentration of the drug in nM")
    drug, *system = np.broadcast_arrays(drug, *_checked(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity))
    a, c, kd_a, kd_c, alpha = system
    if np.all(alpha == 1):
        # The two ends do not know of each other: each holds the share of the drug that it would hold alone.
        left_a, left_c = _unbound(drug, a, kd_a), _unbound(drug, c, kd_c)  # drug that A, that C leaves
        with np.errstate(invalid="ignore", divide="ignore"):
            free = np.where(drug > 0, left_a * (left_c / drug), 0.0)
    else:
        free = _free_drug(drug, system)
    return _plain(_at_free_drug(free, *system))


def ternary_at_free_drug(free_drug_nM, a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity=1.0) -> TernaryState:
    """The equilibrium for a *free* concentration of drug, as where plasma replaces what is bound.

    Arguments, units, errors and source as in ``ternary``. With cooperativity or without, the most bridges
    stand at a free concentration of √(K_A·K_C).
    """
    free = not_negative("free_drug_nM", free_drug_nM, "the free concentration of the drug in nM")
    system = _checked(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity)
    return _plain(_at_free_drug(*np.broadcast_arrays(free, *system)))


@dataclass(frozen=True)
class Peak:
    """The top of the bell, in nM: how much drug in all, how much of it free, and how many bridges."""

    drug_nM: Numbers
    free_drug_nM: Numbers
    ternary_nM: Numbers


def peak(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity=1.0) -> Peak:
    """Where the most bridges stand, exactly.

    Bridges rise with b / ((1 + b/K_A)(1 + b/K_C)), which is largest at a free drug of b = √(K_A·K_C). The
    total is then √(K_A·K_C) + (A√K_C + C√K_A) / (√K_A + √K_C), whatever the cooperativity: that changes only
    how high the bell is. Arguments, units and errors as in ``ternary``. Source: derived here; it equals
    √(K_A·K_C) + (A + C)/2 of Douglass et al. 2013, doi:10.1021/ja311795d, for K_A = K_C or A = C.
    """
    system = np.broadcast_arrays(*_checked(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity))
    root_a, root_c = np.sqrt(system[2]), np.sqrt(system[3])
    top = _plain(_at_free_drug(root_a * root_c, *system))
    total = root_a * root_c + (system[0] * root_c + system[1] * root_a) / (root_a + root_c)
    return Peak(plain(total), top.free_drug_nM, top.ternary_nM)


def window(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity=1.0, *, fraction=0.5) -> tuple[Numbers, Numbers]:
    """Total drug in nM between which at least ``fraction`` of the most bridges stand: (low, high).

    Exact: for a given number of bridges the free drug b solves b² + (K_A + K_C − m)·b + K_A·K_C = 0 with
    m = alpha·(A − T)(C − T)/T. ``fraction`` lies between 0 and 1, ``a_nM`` and ``c_nM`` above 0; the rest as
    in ``ternary``.
    """
    fraction = within("fraction", fraction, 1e-6, 1, "the fraction of the most bridges")
    positive("a_nM", a_nM, "the total of the first receptor in nM")
    positive("c_nM", c_nM, "the total of the second receptor in nM")
    system = np.broadcast_arrays(*_checked(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity))
    kd_a, kd_c, alpha = system[2:]
    top = _at_free_drug(np.sqrt(kd_a * kd_c), *system)
    bridges = fraction * top.ternary_nM
    # A − T is written as what is left at the top plus what comes free below it, so that nothing cancels.
    spare = top.ternary_nM - bridges
    left_a = top.free_a_nM + top.drug_a_nM + spare
    left_c = top.free_c_nM + top.drug_c_nM + spare
    half = (alpha * (left_a / bridges) * left_c - kd_a - kd_c) / 2
    high = half + np.sqrt(np.maximum(half**2 - kd_a * kd_c, 0.0))
    ends = (_plain(_at_free_drug(free, *system)).total_drug_nM for free in (kd_a * kd_c / high, high))
    return tuple(ends)


def _checked(a_nM, c_nM, kd_a_nM, kd_c_nM, cooperativity):
    return (
        not_negative("a_nM", a_nM, "the total of the first receptor in nM"),
        not_negative("c_nM", c_nM, "the total of the second receptor in nM"),
        positive("kd_a_nM", kd_a_nM, "the dissociation constant of the first end in nM"),
        positive("kd_c_nM", kd_c_nM, "the dissociation constant of the second end in nM"),
        positive("cooperativity", cooperativity, "the factor on the second binding, 1 for none"),
    )


def _at_free_drug(b, a, c, kd_a, kd_c, alpha) -> TernaryState:
    """Free receptors x = A − T and y = C − T (with or without drug) obey T·k = x·y."""
    on_a, on_c = 1 + b / kd_a, 1 + b / kd_c
    with np.errstate(divide="ignore"):
        k = np.where(b > 0, on_a * on_c * kd_a * kd_c / (alpha * np.where(b > 0, b, 1)), np.inf)
    left_a, left_c = _unbound(a, c, k), _unbound(c, a, k)
    free_a, free_c = left_a / on_a, left_c / on_c
    with np.errstate(invalid="ignore"):
        bridges = np.where(b > 0, (left_a / k) * left_c, 0.0)
    return TernaryState(bridges, free_a * (b / kd_a), free_c * (b / kd_c), free_a, free_c, b + 0.0)


def _unbound(total, partner, kd):
    """What stays unbound of ``total`` when it binds ``partner`` with ``kd``.

    x² + p·x − q = 0 with p = K + partner − total and q = K·total; the positive root without cancellation.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        # Divided by K, so that no bond at all (an infinite K) is no special case of the algebra.
        p, q = 1 + (partner - total) / kd, total / kd
        root = np.sqrt(p**2 + 4 * q)
        unbound = np.where(p > 0, 2 * total / (p + root), kd * (root - p) / 2)
    return np.where(np.isinf(kd), total, unbound)


def _free_drug(drug, system) -> np.ndarray:
    """Free drug for a total, by a root on the log scale: total drug rises with free drug."""
    a, c, kd_a, kd_c, alpha = system
    here = drug > 0
    total = np.where(here, drug, 1.0)

    def excess(log_free, log_total, *system):
        return np.log(_at_free_drug(np.exp(log_free), *system).total_drug_nM) - log_total

    lowest = -np.log1p(a / kd_a + c / kd_c + alpha * (a / kd_a) * (c / kd_c)) - 1e-9
    log_total = np.log(total)
    answer = find_root(
        excess,
        (log_total + lowest, log_total + 1e-9),
        args=(log_total, *system),
        tolerances={"xatol": 1e-12, "xrtol": 1e-14, "fatol": 1e-13},
    )
    return np.where(here, np.exp(answer.x), 0.0)


def _plain(state: TernaryState) -> TernaryState:
    """Numbers for arrays without a shape."""
    return TernaryState(*(plain(getattr(state, field.name)) for field in fields(state)))


# --- cells ---------------------------------------------------------------------------------------------


def receptors_nM(cells_per_mL, receptors_per_cell):
    """Concentration in nM of a receptor in a suspension, as if it floated free. Numbers or arrays.

    Example: a million cells per mL with 100 000 receptors each bring 0.17 nM. Bad input raises ValueError.
    """
    cells = not_negative("cells_per_mL", cells_per_mL, "cells per millilitre")
    each = not_negative("receptors_per_cell", receptors_per_cell, "receptors on one cell")
    return cells * each * NM_PER_MOLECULE_PER_ML


def per_cell(conc_nM, cells_per_mL):
    """Molecules (bridges, say) for each cell; the inverse of ``receptors_nM``. Numbers or arrays."""
    conc = not_negative("conc_nM", conc_nM, "a concentration in nM")
    cells = positive("cells_per_mL", cells_per_mL, "cells per millilitre")
    return conc / (cells * NM_PER_MOLECULE_PER_ML)


def killing(ternary_nM, half_nM, hill=1.0, largest=1.0):
    """Killing by bridged effector cells: largest · T^h / (half^h + T^h), in the unit of ``largest``.

    Numbers or arrays. A sigmoid Emax curve, as usual for T-cell engagers; its parameters are illustrative,
    not measured. Bad input raises ValueError.
    """
    bridges = not_negative("ternary_nM", ternary_nM, "the ternary complex in nM")
    half = positive("half_nM", half_nM, "the ternary complex of half the killing in nM")
    hill = positive("hill", hill, "the Hill exponent")
    largest = not_negative("largest", largest, "the largest killing")
    with np.errstate(divide="ignore", over="ignore"):
        return largest / (1 + np.exp(hill * (np.log(half) - np.log(bridges))))


def tumour_course(times_d, killing_per_d, growth_per_d, cells=1e9):
    """Tumour cells over time under killing that may change: dT/dt = (g − E(t))·T, shape (times,).

    ``killing_per_d`` is E at each of ``times_d`` (days, increasing), or a number; between two times it runs
    straight. Solved for ln T, exactly for such E. Below one cell there are 0, for good: a fraction of a cell
    does not grow back. Bad input raises ValueError.
    """
    times = np.atleast_1d(not_negative("times_d", times_d, "days"))
    if times.ndim > 1 or np.any(np.diff(times) <= 0):
        raise ValueError(f"times_d is {times_d}: give days that increase, in one row")
    kill = np.broadcast_to(not_negative("killing_per_d", killing_per_d, "killing per day"), times.shape)
    growth = not_negative("growth_per_d", growth_per_d, "growth per day")
    start = positive("cells", cells, "tumour cells at the start")
    steps = np.diff(times) * (growth - (kill[1:] + kill[:-1]) / 2)
    log_cells = np.log(start) + np.concatenate([[0.0], np.cumsum(steps)])
    alive = np.logical_and.accumulate(log_cells >= 0)
    return np.where(alive, np.exp(np.where(alive, log_cells, 0.0)), 0.0)
