"""The solver behind ``pharmacokinetics``: two compartments, exact where clearance is constant.

Amounts in mg, time in days, volumes in litres. Between two doses a patient with constant clearance follows
a sum of a fast and a slow exponential (``held``), in one step, however long. Where elimination drifts or
saturates, it is replaced by its tangent in the middle of a short step; each step is then solved exactly.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np

TOLERANCE = 1e-5  # relative error allowed in one step where elimination changes
FIRST_STEP_D = 0.05
SPECK_MG = 1e-15  # fewer than ten molecules: relative accuracy no longer matters

# What the solver uses of numpy, for plain numbers: one patient runs ten times faster without arrays.
NUMBERS = SimpleNamespace(
    exp=math.exp,
    expm1=math.expm1,
    sqrt=math.sqrt,
    minimum=min,
    maximum=max,
    where=lambda condition, yes, no: yes if condition else no,
    any=bool,
)


@dataclass(frozen=True)
class Body:
    """Volumes and rates of one patient (numbers) or of n patients (the first four may be arrays (n,)).

    Elimination in mg/d at concentration C: cl·exp(emax·t^hill/(t50^hill + t^hill))·C + vmax·C/(km + C).
    """

    v1: float
    cl: float
    k12: float
    k21: float
    emax: float = 0.0
    t50: float = 1.0
    hill: float = 1.0
    vmax: float = 0.0
    km: float = 1.0

    @property
    def constant(self) -> bool:
        """Whether clearance never changes."""
        return self.emax == 0 and self.vmax == 0

    @property
    def shape(self) -> tuple[int, ...]:
        """``()`` for one patient, ``(n,)`` for n."""
        return np.broadcast_shapes(*map(np.shape, (self.v1, self.cl, self.k12, self.k21)))

    def quickest(self) -> float:
        """The largest fraction of the plasma amount that can leave it per day."""
        clearance = self.cl * max(1.0, math.exp(self.emax)) + self.vmax / self.km
        return float(np.max(clearance / self.v1 + self.k12))

    def elimination(self, time_d, central, xp):
        """The tangent of elimination at one amount in plasma: a fraction per day, and mg/d on top."""
        clearance = self.cl
        if self.emax:
            progress = (time_d / self.t50) ** self.hill
            clearance = clearance * xp.exp(self.emax * progress / (1 + progress))
        if not self.vmax:
            return clearance / self.v1, 0.0
        unsaturated = self.km / (self.km + central / self.v1)
        slope = clearance + self.vmax / self.km * unsaturated**2
        return slope / self.v1, self.vmax * (1 - unsaturated) ** 2


def held(state, k10, k12, k21, rate, days, xp):
    """Amount in plasma, amount in tissue and ∫ plasma amount dt after ``days`` of constant rates: exact.

    dA1/dt = rate − (k10 + k12)·A1 + k21·A2,  dA2/dt = k12·A1 − k21·A2. Every entry is written as a sum of
    terms of one sign, so that nothing cancels, however long the step.
    """
    central, tissue, area = state
    half_sum = (k10 + k12 + k21) / 2
    fast = half_sum + xp.sqrt(half_sum * half_sum - k10 * k21)
    slow = k10 * k21 / fast
    apart = fast - slow
    of_slow = (k21 - slow) / apart  # share of an amount in plasma that leaves slowly
    of_fast = (fast - k21) / apart
    left_fast, left_slow = xp.exp(-fast * days), xp.exp(-slow * days)
    once_fast, once_slow = -xp.expm1(-fast * days) / fast, -xp.expm1(-slow * days) / slow
    twice_fast, twice_slow = (days - once_fast) / fast, (days - once_slow) / slow

    stay, swing = of_slow * once_slow + of_fast * once_fast, once_slow - once_fast
    from_tissue, to_tissue = tissue * k21 / apart, k12 / apart
    return (
        central * (of_slow * left_slow + of_fast * left_fast)
        + from_tissue * (left_slow - left_fast)
        + rate * stay,
        tissue * (of_fast * left_slow + of_slow * left_fast)
        + to_tissue * (central * (left_slow - left_fast) + rate * swing),
        area + central * stay + from_tissue * swing + rate * (of_slow * twice_slow + of_fast * twice_fast),
    )


def step(body: Body, state, time_d, rate, days, xp):
    """One step; elimination is its tangent in the middle of the step, where half a step leads."""
    k10, extra = body.elimination(time_d, state[0], xp)
    if not body.constant:
        middle = held(state, k10, body.k12, body.k21, rate - extra, days / 2, xp)
        k10, extra = body.elimination(time_d + days / 2, middle[0], xp)
    return held(state, k10, body.k12, body.k21, rate - extra, days, xp)


def refined_step(body: Body, state, time_d, rate, days, xp):
    """Two half steps, improved by their difference to a whole one (Richardson), and the relative error."""
    whole = step(body, state, time_d, rate, days, xp)
    half = step(body, state, time_d, rate, days / 2, xp)
    halves = step(body, half, time_d + days / 2, rate, days / 2, xp)
    gaps = [(two - one) / 3 for two, one in zip(halves, whole, strict=True)]
    central, tissue, _ = (abs(gap) / (abs(two) + SPECK_MG) for gap, two in zip(gaps, halves, strict=True))
    return tuple(two + gap for two, gap in zip(halves, gaps, strict=True)), xp.maximum(central, tissue)


@dataclass(frozen=True)
class Path:
    """A solution: states at its nodes. Between nodes, a step from the one before gives the rest."""

    body: Body
    edges_d: np.ndarray  # (edges,): where the infusion rate changes
    times_d: np.ndarray  # (nodes,) or (nodes, n): every patient has his own
    rates: np.ndarray  # infusion in mg/d from the node on, of the same shape
    states: tuple[np.ndarray, np.ndarray, np.ndarray]  # plasma, tissue, area; each of the same shape

    def at(self, times_d: np.ndarray):
        """Concentration and area under it from day 0, each of shape (times,) or (n, times)."""
        nodes = (self.times_d, self.rates, *self.states)
        asked_d = times_d if self.times_d.ndim == 1 else times_d[:, None]
        if self.times_d.ndim == 1 or self.body.constant:  # everybody has the same nodes
            first = self.times_d.reshape(len(self.times_d), -1)[:, 0]
            node = np.searchsorted(first, times_d, side="right") - 1
            start, rate, *state = (values[node] for values in nodes)
        else:
            mine = [np.searchsorted(own, times_d, side="right") - 1 for own in self.times_d.T]
            node = np.stack(mine, axis=1)
            start, rate, *state = (np.take_along_axis(values, node, axis=0) for values in nodes)
        central, _, area = step(self.body, state, start, rate, asked_d - start, np)
        return (central / self.body.v1).T, (area / self.body.v1).T

    def grid(self, start_d: float, end_d: float) -> np.ndarray:
        """Times from start to end that miss no peak: every edge, and more of them just behind it."""
        inner = self.edges_d[(self.edges_d > start_d) & (self.edges_d < end_d)]
        sparse, dense = np.linspace(0, 1, 5)[:-1], np.linspace(0, 1, 33)[:-1] ** 2
        pieces = [
            a + (b - a) * (dense if b - a > 0.5 else sparse) for a, b in pairwise([start_d, *inner, end_d])
        ]
        return np.concatenate([*pieces, [end_d]])


def solve(body: Body, edges, rates, state=(0.0, 0.0, 0.0)) -> Path:
    """Walk from edge to edge (days, increasing); between two the infusion runs at one rate (mg/d).

    ``rates`` holds a number, or an array over patients, for each gap between edges; ``state`` is the start.
    """
    shape = np.broadcast_shapes(body.shape, np.shape(rates[0]), np.shape(state[0]))
    xp = np if shape else NUMBERS
    if shape:
        rates = [np.broadcast_to(rate, shape) for rate in rates]
        state = tuple(np.broadcast_to(amount, shape) for amount in state)
    nodes = []
    for rate, (start, end) in zip(rates, pairwise(edges), strict=True):
        steps, state = _walk(body, state, rate, start, end, xp)
        nodes += steps
    nodes.append((end + 0 * rate, 0 * rate, *state))
    times, rates, *states = map(np.array, zip(*nodes, strict=True))
    return Path(body, np.asarray(edges), times, rates, tuple(states))


def _walk(body: Body, state, rate, start, end, xp):
    """Steps from start to end, each as long as the tolerance allows, and the state at the end.

    Every patient walks at his own pace; whoever has arrived waits, with steps of length 0. Where clearance is
    constant, one step is exact.
    """
    time = start + 0 * rate
    if body.constant:
        return [(time, rate, *state)], step(body, state, start, rate, end - start, xp)
    steps, days = [], 0 * rate + min(FIRST_STEP_D, 0.1 / body.quickest())
    while xp.any(time < end):
        days = xp.minimum(days, end - time)
        refined, error = refined_step(body, state, time, rate, days, xp)
        steps.append((time, rate, *state))
        good = error <= TOLERANCE
        state = tuple(xp.where(good, new, old) for new, old in zip(refined, state, strict=True))
        time = xp.where(good, xp.where(days < end - time, time + days, end), time)
        days = days * xp.minimum(4.0, 0.9 * (TOLERANCE / xp.maximum(error, 1e-12)) ** (1 / 3))
    return steps, state


def returning_state(body: Body, edges, rates):
    """The state that one interval returns to itself, by Newton's method from the empty body."""

    def after(central, tissue):
        path = solve(body, edges, rates, (central, tissue, 0.0))
        return path.states[0][-1], path.states[1][-1]

    nudge = 1e-3 * sum(after(0.0, 0.0))
    nudge = np.where(nudge > 0, nudge, 1.0)
    central = tissue = np.zeros_like(nudge)
    for _ in range(100):
        # Three runs side by side: as it is, with a little more in plasma, with a little more in tissue.
        (c, c_plasma, c_tissue), (t, t_plasma, t_tissue) = after(
            np.stack([central, central + nudge, central]), np.stack([tissue, tissue, tissue + nudge])
        )
        plasma_lost, tissue_gained = 1 - (c_plasma - c) / nudge, (t_plasma - t) / nudge
        tissue_lost, plasma_gained = 1 - (t_tissue - t) / nudge, (c_tissue - c) / nudge
        scale = plasma_lost * tissue_lost - plasma_gained * tissue_gained
        more_central = (tissue_lost * (c - central) + plasma_gained * (t - tissue)) / scale
        more_tissue = (tissue_gained * (c - central) + plasma_lost * (t - tissue)) / scale
        central, tissue = np.maximum(central + more_central, 0), np.maximum(tissue + more_tissue, 0)
        if np.all(abs(more_central) + abs(more_tissue) <= 1e-8 * (central + tissue + nudge)):
            return tuple(x if x.ndim else float(x) for x in (central, tissue, np.zeros_like(nudge)))
    raise ArithmeticError("no steady state found")
