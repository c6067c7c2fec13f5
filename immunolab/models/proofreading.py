"""Kinetic proofreading: how a T-cell receptor tells a bond that lasts from one that does not.

A peptide on MHC (a ligand) binds a T-cell receptor and climbs a ladder of N steps, each at the rate kp.
Whenever the bond breaks, at the rate koff, it falls back to the ground. Only the top of the ladder signals.
With α = kp/(kp + koff)

    share of bonds that reach the top = share of bound pairs that stand there = α^N
    discrimination of two ligands     = ((kp + koff,self)/(kp + koff,agonist))^N

N is any number from 0 (bound is enough) to infinity (a fixed delay τ = N/kp, and α^N = exp(−koff·τ)); a fit
may give 2.67. In *limited signalling* a receptor at the top tires at the rate φ while its ligand stays; then
koff/(koff + φ) of those at the top signal, and a bond can also last too long.

Source: McKeithan 1995, doi:10.1073/pnas.92.11.5042; limited signalling: Lever et al. 2014, PMID 25145757.
Units: seconds, and molecules in one contact of two cells. Limits: mean numbers in a well-mixed contact at
equilibrium; a ligand that lets go is not caught again, receptors do not cluster or wear out, and nothing
feeds back. A fit to the responses of cells gives N and τ, and says nothing of what the steps are.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from immunolab.models._arrays import plain
from immunolab.models._checks import each, not_negative, one_number, positive, whole

Numbers = float | np.ndarray


# --- the ladder ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ladder:
    """The steps behind one receptor.

    ``steps`` is N (0 or more, ``math.inf`` for a fixed delay), ``delay_s`` the time τ = N/kp that a bond which
    never breaks needs to the top, ``phi_per_s`` the rate at which the top tires (0: never). One number each;
    bad input raises ValueError. ``Ladder.at_rate(steps, kp_per_s)`` takes kp in place of τ.
    """

    steps: float
    delay_s: float
    phi_per_s: float = 0.0

    def __post_init__(self):
        each(self, one_number)
        if self.steps != math.inf:
            not_negative("steps", self.steps, "the number of steps (math.inf for a fixed delay)")
        not_negative("delay_s", self.delay_s, "the time in s from the first step to the top")
        not_negative("phi_per_s", self.phi_per_s, "the rate in 1/s at which the top of the ladder tires")
        if (self.steps == 0) != (self.delay_s == 0):
            raise ValueError(
                f"delay_s is {self.delay_s} with {self.steps} steps: only a ladder of 0 steps takes no time"
            )

    @classmethod
    def at_rate(cls, steps: float, kp_per_s: float, phi_per_s: float = 0.0) -> "Ladder":
        """``steps`` steps, each at the rate ``kp_per_s`` in 1/s (above 0)."""
        steps = not_negative("steps", one_number("steps", steps), "the number of steps")
        return cls(steps, steps / positive("kp_per_s", one_number("kp_per_s", kp_per_s), _KP), phi_per_s)

    @property
    def kp_per_s(self) -> float:
        """The rate of one step in 1/s; infinite where there is no step, or infinitely many."""
        return self.steps / self.delay_s if 0 < self.steps < math.inf else math.inf

    def completing(self, koff_per_s) -> Numbers:
        """Share of bonds that reach the top, α^N; ``koff_per_s`` in 1/s, above 0, a number or an array."""
        return plain(np.exp(self.log_completing(koff_per_s)))

    def rungs(self, koff_per_s) -> np.ndarray:
        """Share of bonds that reach each rung, from the ground (1) to the top; shape (N + 1, ...), N whole."""
        steps = whole("steps", self.steps, 0, 1000, "the number of rungs to show")
        koff = np.asarray(_koff(koff_per_s))
        rung = np.arange(steps + 1).reshape(-1, *[1] * koff.ndim)
        return np.exp(-rung * np.log1p(koff / self.kp_per_s))

    def signal_per_bond(self, koff_per_s) -> Numbers:
        """Share of bound pairs that signal: α^N, times koff/(koff + φ) where the top tires."""
        koff = _koff(koff_per_s)
        return plain(self.completing(koff) * (koff / (koff + self.phi_per_s)))

    def discrimination(self, koff_self_per_s, koff_agonist_per_s) -> Numbers:
        """How many times more often a bond of the agonist reaches the top than one of the self peptide."""
        own = self.log_completing(_koff(koff_self_per_s, "koff_self_per_s"))
        return plain(np.exp(self.log_completing(_koff(koff_agonist_per_s, "koff_agonist_per_s")) - own))

    def exponent(self, koff_per_s) -> Numbers:
        """By what power of the off-rate the signal of a bond falls there: −d ln(signal)/d ln(koff).

        N·koff/(kp + koff): never more than N, and far less where kp is fast. Below 0 the signal still rises
        with koff, as it does where the top tires.
        """
        koff = _koff(koff_per_s)
        climb = koff * self.delay_s / (1 + koff / self.kp_per_s)
        return plain(climb - self.phi_per_s / (koff + self.phi_per_s))

    def climb_s(self, koff_per_s) -> Numbers:
        """Mean time in s to the top of those bonds that get there, N/(kp + koff): they are the fast climbers."""
        return plain(self.delay_s / (1 + _koff(koff_per_s) / self.kp_per_s))

    @property
    def best_koff_per_s(self) -> float:
        """The off-rate at which a bound pair signals most.

        The root of the derivative; 0 where the top does not tire (the longer, the better), and infinite where
        there is no step to climb but a top that tires.
        """
        if not self.phi_per_s:
            return 0.0
        if not self.delay_s:
            return math.inf
        rise = self.phi_per_s / self.delay_s
        tired = self.phi_per_s * (1 - 1 / self.steps)
        return 2 * rise / (tired + math.sqrt(tired**2 + 4 * rise))

    def log_completing(self, koff_per_s) -> Numbers:
        """ln α^N, also where α^N is too small for a number."""
        koff = _koff(koff_per_s)
        if self.steps == math.inf:
            return plain(-koff * self.delay_s)
        return plain(-self.steps * np.log1p(koff / self.kp_per_s))


def steps_needed(ratio, koff_self_per_s, koff_agonist_per_s, kp_per_s) -> int:
    """The smallest whole number of steps that tells two ligands apart by a factor of ``ratio`` (up to 1: none).

    ln(ratio)/ln((kp + koff,self)/(kp + koff,agonist)), rounded up. Rates in 1/s; the self peptide must let go
    faster than the agonist. Numbers; bad input raises ValueError.
    """
    ratio = positive(
        "ratio", one_number("ratio", ratio), "how many times more often the agonist gets through"
    )
    own = _koff(one_number("koff_self_per_s", koff_self_per_s), "koff_self_per_s")
    agonist = _koff(one_number("koff_agonist_per_s", koff_agonist_per_s), "koff_agonist_per_s")
    kp = positive("kp_per_s", one_number("kp_per_s", kp_per_s), _KP)
    if own <= agonist:
        raise ValueError(f"koff_self_per_s is {own}: give more than that of the agonist, {agonist}")
    # Where a whole number is exactly enough, rounding must not ask for one more.
    return max(0, math.ceil(math.log(ratio) / math.log((kp + own) / (kp + agonist)) - 1e-9))


# --- two cells that touch ------------------------------------------------------------------------------


def bound_pairs(ligands, receptors, kd_molecules) -> Numbers:
    """Bound pairs of one kind of ligand at equilibrium: the smaller root of C² − (L + R + K)·C + L·R = 0.

    ``ligands`` L and ``receptors`` R are molecules in the contact (0 or more), ``kd_molecules`` is
    K = koff/kon (above 0); numbers or arrays that broadcast. The root is written without cancellation.
    """
    ligands = not_negative("ligands", ligands, "the number of ligands in the contact")
    receptors = not_negative("receptors", receptors, "the number of receptors in the contact")
    kd = positive("kd_molecules", kd_molecules, "koff/kon in molecules")
    both = ligands + receptors + kd
    apart = np.sqrt((ligands - receptors) ** 2 + kd * (kd + 2 * (ligands + receptors)))
    return plain(2 * ligands * receptors / (both + apart))


@dataclass(frozen=True)
class Contact:
    """A T cell on another cell: ``receptors`` with one ``ladder`` each, and their on-rate.

    ``kon_per_s`` is in 1/(molecule s): how often a given receptor meets a given ligand. One number each.
    """

    ladder: Ladder
    receptors: float
    kon_per_s: float

    def __post_init__(self):
        positive(
            "receptors", one_number("receptors", self.receptors), "the number of receptors in the contact"
        )
        positive("kon_per_s", one_number("kon_per_s", self.kon_per_s), "the on-rate in 1/(molecule s)")

    def engage(self, *kinds: tuple) -> "Engagement":
        """All kinds of ligand at once, as pairs (ligands, koff_per_s); they share the receptors.

        Numbers, or arrays that broadcast: ``engage((10, koffs), (1e5, 1.0))`` sweeps the off-rate of 10
        agonists among 100,000 self peptides. Results have the shape (kinds, ...).
        """
        if not kinds:
            raise ValueError("kinds is empty: give at least one pair (ligands, koff_per_s)")
        pairs = [(not_negative("ligands", n, "ligands in the contact"), _koff(koff)) for n, koff in kinds]
        columns = np.broadcast_arrays(*[column for pair in pairs for column in pair])
        ligands, koff = np.stack(columns[::2]), np.stack(columns[1::2])
        kd = koff / self.kon_per_s
        if len(kinds) == 1:
            bound = np.asarray(bound_pairs(ligands, self.receptors, kd))
            free = self.receptors - bound[0]
        else:
            free = self._free_receptors(ligands, kd)
            bound = ligands * free / (kd + free)
        return Engagement(self, ligands, koff, bound, plain(free))

    def _free_receptors(self, ligands, kd):
        """r of r + Σ L·r/(K + r) = R. The left side is concave: Newton from below never steps too far."""
        free = self.receptors / (1 + (ligands / kd).sum(axis=0))
        for _ in range(200):
            share = 1 / (kd + free)
            missing = self.receptors - free - (ligands * free * share).sum(axis=0)
            step = missing / (1 + (ligands * kd * share**2).sum(axis=0))
            free = free + step
            if np.all(step <= 1e-13 * free):
                break
        return free


@dataclass(frozen=True)
class Engagement:
    """Who is bound, and who signals; arrays of shape (kinds, ...), ``free_receptors`` of shape (...)."""

    contact: Contact
    ligands: np.ndarray
    koff_per_s: np.ndarray
    bound: np.ndarray
    free_receptors: Numbers

    @property
    def signalling(self) -> np.ndarray:
        """Pairs that signal at a time, on average."""
        return self.bound * self.contact.ladder.signal_per_bond(self.koff_per_s)

    @cached_property
    def completions_per_s(self) -> np.ndarray:
        """Bonds per second that reach the top: as many as are made, koff·bound, times α^N.

        A bond that is too short does not get there, one that is too long keeps its ligand from the next receptor
        (serial engagement): here, too, there is a best dwell time.
        """
        return self.koff_per_s * self.bound * self.contact.ladder.completing(self.koff_per_s)

    @property
    def first_signal_s(self) -> np.ndarray:
        """Mean time in s until one free ligand of a kind has had a bond that reached the top; exact.

        1/α^N attempts on average, each a wait of 1/(kon·free receptors) and a bond of (1 − α^N)/koff, which
        ends at the top or before. The longer the bonds, the sooner it comes, but never before 1/(kon·free) + τ.
        """
        log_top = self.contact.ladder.log_completing(self.koff_per_s)
        wait = 1 / (self.contact.kon_per_s * np.asarray(self.free_receptors))
        return (wait - np.expm1(log_top) / self.koff_per_s) * np.exp(-log_top)

    def first_signal_by(self, time_s) -> np.ndarray:
        """Probability that at least one ligand of a kind has reached the top once within ``time_s``.

        ``time_s`` in s, above 0, a number or an array of shape (times,); the result has the shape
        (kinds, ..., times). All ligands are free at the start and the free receptors stay at their
        equilibrium. The Laplace transform of the time of one ligand is known in closed form and is inverted
        by Talbot's method (Abate & Valkó 2004, doi:10.1002/nme.995), to 1e-5. For up to 50 steps.
        """
        ladder, times = (
            self.contact.ladder,
            positive("time_s", time_s, "the time in s since the cells touched"),
        )
        if ladder.steps > 50:
            raise ValueError(f"steps is {ladder.steps}: give at most 50 for the time of the first signal")
        koff = self.koff_per_s[..., None]
        meet = self.contact.kon_per_s * np.asarray(self.free_receptors)[..., None]

        def one_by(s, koff, meet):
            top = np.exp(-ladder.steps * np.log1p((koff + s) / ladder.kp_per_s))
            found = meet / (meet + s)
            return found * top / (1 - found * koff * (1 - top) / (koff + s)) / s

        flat = np.atleast_1d(times)
        one = np.clip(_talbot(lambda s: one_by(s, koff[..., None], meet[..., None]), flat), 0, 1)
        some = -np.expm1(self.ligands[..., None] * np.log1p(-np.minimum(one, 1 - 1e-16)))
        return some if np.ndim(times) else some[..., 0]


# --- single bonds --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bonds:
    """Single bonds drawn by chance: how long each held, in s, and the rung it reached; arrays of shape (n,)."""

    dwell_s: np.ndarray
    rungs: np.ndarray
    seed: int


def draw_bonds(ladder: Ladder, koff_per_s: float, n: int = 100, seed: int = 1) -> Bonds:
    """n bonds, each a race between letting go and the next step; a whole number of steps, up to 200.

    The same seed draws the same bonds. The share with ``rungs == steps`` tends to ``ladder.completing(koff)``.
    """
    steps = whole("steps", ladder.steps, 0, 200, "the steps of a ladder that is drawn")
    koff = _koff(one_number("koff_per_s", koff_per_s))
    n = whole("n", n, 1, 1_000_000, "the number of bonds")
    rng = np.random.default_rng(whole("seed", seed, 0, 2**32, "the seed"))
    dwell, reached, clock = rng.exponential(1 / koff, n), np.zeros(n, dtype=int), np.zeros(n)
    for _ in range(steps):
        clock += rng.exponential(1 / ladder.kp_per_s, n)
        reached += clock < dwell
    return Bonds(dwell, reached, seed)


# --- small parts ---------------------------------------------------------------------------------------

_KP = "the rate of one step in 1/s"
_TALBOT = 32  # nodes; more lose to rounding what they win


def _koff(value, name: str = "koff_per_s"):
    return positive(name, value, "the off-rate in 1/s")


def _talbot(transform, times):
    """The function of time behind a Laplace ``transform``, which is called with an array (times, nodes)."""
    angle = np.arange(1, _TALBOT) * np.pi / _TALBOT
    cot = 1 / np.tan(angle)
    scale = 2 * _TALBOT / (5 * times[:, None])
    first = scale * np.ones(1)
    nodes = scale * angle * (cot + 1j)
    weights = np.exp(nodes * times[:, None]) * (1 + 1j * (angle + (angle * cot - 1) * cot))
    half = 0.5 * np.exp(2 * _TALBOT / 5) * transform(first + 0j)[..., 0].real
    return scale[:, 0] / _TALBOT * (half + (weights * transform(nodes)).real.sum(axis=-1))
