"""A tumour and the effector cells that find it: eliminated, held in check, or escaped.

Kuznetsov et al. 1994 (doi:10.1007/BF02460644): effector cells E come in at the rate s, are recruited by the
tumour T and used up by it, and kill it.

    dE/dt = s + p·E·T/(g + T) − m·E·T − d·E
    dT/dt = a·T·(1 − b·T) − n·E·T

Two numbers describe everything at a time, so the model can be drawn whole: the *phase plane*, with E across
and T up. No trajectory runs in a circle for ever (Dulac's criterion with 1/(E·T)), so each ends in a steady
state.

Units: days and cells. The tumour is followed as a logarithm. In these equations no tumour ever reaches zero,
it only becomes a fraction of a cell and grows back from there; that below one cell it is gone is our rule,
not theirs.

Limits: fitted to one lymphoma (BCL1) in the spleen of mice; well mixed; a tumour that does not change, without
suppressor cells, loss of antigen or space. What the model calls escape is a tumour near the most that the
spleen carries. It says how such a balance can tip, and nothing about a patient's time or cell numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.polynomial import Polynomial

from immunolab.models._arrays import plain
from immunolab.models._checks import not_negative, one_number, positive, within
from immunolab.models._lsoda import lsoda, until_one_cell

Numbers = float | np.ndarray


# --- parameters ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scaled:
    """The parameters without units: cells counted in ``unit_cells``, time in units of ``unit_d`` days.

    unit_d = 1/(n·unit_cells); the names are those of the paper, ``s`` is its σ.
    """

    s: float
    rho: float
    eta: float
    mu: float
    delta: float
    alpha: float
    beta: float
    unit_d: float
    unit_cells: float = 1e6


@dataclass(frozen=True)
class KuznetsovParameters:
    """One tumour and its host, in cells and days; the symbols are those of the equations.

    ``s_cells_d``: effector cells that arrive each day; ``p_per_d``: recruitment by a large tumour,
    ``g_cells``: the tumour at half of it; ``m_per_cell_d``: effector cells lost to tumour cells; ``d_per_d``:
    their death; ``a_per_d``: growth of a small tumour; ``b_per_cell``: 1/b cells are the most that there is
    room for; ``n_per_cell_d``: killing by one effector cell. s, p and m may be 0. Bad input raises
    ValueError.
    """

    s_cells_d: float
    p_per_d: float
    g_cells: float
    m_per_cell_d: float
    d_per_d: float
    a_per_d: float
    b_per_cell: float
    n_per_cell_d: float

    def __post_init__(self):
        for f in fields(self):
            check = not_negative if f.name in ("s_cells_d", "p_per_d", "m_per_cell_d") else positive
            check(f.name, one_number(f.name, getattr(self, f.name)), "one number in cells and days")

    @property
    def capacity_cells(self) -> float:
        """The largest tumour that there is room for, 1/b."""
        return 1 / self.b_per_cell

    @property
    def clearing_influx(self) -> float:
        """The influx s above which effector cells kill a small tumour faster than it grows, a·d/n.

        Only then is the state without tumour stable; below it, cells that are left behind grow back.
        """
        return self.a_per_d * self.d_per_d / self.n_per_cell_d

    def scaled(self, unit_cells: float = 1e6) -> Scaled:
        """The same parameters without units."""
        unit = positive("unit_cells", unit_cells, "the cells to count in")
        rate = self.n_per_cell_d * unit
        return Scaled(
            s=self.s_cells_d / (rate * unit),
            rho=self.p_per_d / rate,
            eta=self.g_cells / unit,
            mu=self.m_per_cell_d / self.n_per_cell_d,
            delta=self.d_per_d / rate,
            alpha=self.a_per_d / rate,
            beta=self.b_per_cell * unit,
            unit_d=1 / rate,
            unit_cells=unit,
        )

    @classmethod
    def from_scaled(cls, scaled: Scaled) -> "KuznetsovParameters":
        """The way back, for a source that prints parameters without units."""
        unit, rate = scaled.unit_cells, 1 / scaled.unit_d
        return cls(
            s_cells_d=scaled.s * rate * unit,
            p_per_d=scaled.rho * rate,
            g_cells=scaled.eta * unit,
            m_per_cell_d=scaled.mu * rate / unit,
            d_per_d=scaled.delta * rate,
            a_per_d=scaled.alpha * rate,
            b_per_cell=scaled.beta / unit,
            n_per_cell_d=rate / unit,
        )


# --- the phase plane -----------------------------------------------------------------------------------


def flow(parameters: KuznetsovParameters, effector_cells, tumour_cells) -> tuple[Numbers, Numbers]:
    """dE/dt and dT/dt in cells per day; numbers or arrays that broadcast, 0 or more."""
    p = parameters
    effector = not_negative("effector_cells", effector_cells, "effector cells")
    tumour = not_negative("tumour_cells", tumour_cells, "tumour cells")
    change, growth = _rates(p, effector, tumour)
    return change, growth * tumour


def _rates(p: KuznetsovParameters, effector, tumour):
    """dE/dt and d ln T/dt, the two equations; unchecked, for the solvers."""
    recruited = p.p_per_d * tumour / (p.g_cells + tumour) - p.m_per_cell_d * tumour
    return (
        p.s_cells_d + (recruited - p.d_per_d) * effector,
        p.a_per_d * (1 - p.b_per_cell * tumour) - p.n_per_cell_d * effector,
    )


def _tumour(log_tumour: float) -> float:
    """exp, where a trial step of the solver may lie far beyond any tumour."""
    return math.exp(min(log_tumour, 600.0))


@dataclass(frozen=True)
class Nullclines:
    """Where one of the two stands still: E for each T of ``tumour_cells``; steady states are where they cross.

    On ``effector_still`` effector cells neither rise nor fall (NaN where they always rise), on
    ``tumour_still`` the tumour does not (NaN above the most there is room for). A tumour of 0 stands still
    everywhere.
    """

    tumour_cells: np.ndarray
    effector_still: np.ndarray
    tumour_still: np.ndarray


def nullclines(parameters: KuznetsovParameters, tumour_cells) -> Nullclines:
    """Both nullclines at an array of tumours; numbers of cells, 0 or more."""
    p = parameters
    tumour = np.atleast_1d(not_negative("tumour_cells", tumour_cells, "tumour cells"))
    lost = p.d_per_d + p.m_per_cell_d * tumour - p.p_per_d * tumour / (p.g_cells + tumour)
    with np.errstate(divide="ignore", invalid="ignore"):
        effector_still = np.where(lost > 0, p.s_cells_d / lost, np.nan)
    tumour_still = p.a_per_d * (1 - p.b_per_cell * tumour) / p.n_per_cell_d
    return Nullclines(tumour, effector_still, np.where(tumour_still >= 0, tumour_still, np.nan))


@dataclass(frozen=True)
class SteadyState:
    """A point at which nothing changes, and what happens near it.

    ``eigenvalues_per_d``: the two rates at which a small push grows (real part above 0) or fades; an imaginary
    part makes it swing. ``role`` is our reading: "tumour-free", "dormant" and "escaped" for stable states with
    less and more than half the room taken (of two stable ones, the smaller is dormant), "watershed" for a
    saddle with tumour, "unstable" for what is left.
    """

    effector_cells: float
    tumour_cells: float
    eigenvalues_per_d: tuple[complex, complex]
    role: str

    @property
    def stable(self) -> bool:
        """Whether small pushes fade."""
        return max(value.real for value in self.eigenvalues_per_d) < 0

    @property
    def kind(self) -> str:
        """How things move near it: "saddle", or stable or unstable "node" (straight) or "focus" (a spiral)."""
        first, second = self.eigenvalues_per_d
        if not first.imag and first.real * second.real <= 0:
            return "saddle"
        return f"{'stable' if self.stable else 'unstable'} {'focus' if first.imag else 'node'}"

    @property
    def period_d(self) -> float | None:
        """Days for one turn of the spiral, 2π/|imaginary part|; None where there is none."""
        turn = abs(self.eigenvalues_per_d[0].imag)
        return 2 * math.pi / turn if turn else None


def steady_states(parameters: KuznetsovParameters) -> tuple[SteadyState, ...]:
    """All steady states, by rising tumour; the first has none.

    With T = 0, E = s/d. With tumour, E = a(1 − b·T)/n, and T is a root of a cubic between 0 and 1/b.
    """
    p = parameters
    points = [(p.s_cells_d / p.d_per_d, 0.0)]
    points += [(p.a_per_d * (1 - share) / p.n_per_cell_d, share * p.capacity_cells) for share in _shares(p)]
    rates = [_eigenvalues(p, *point) for point in points]
    held = [t for (_, t), rate in zip(points, rates, strict=True) if t and max(rate.real) < 0]

    def role(tumour, rate) -> str:
        if tumour == 0:
            return "tumour-free"
        if max(rate.real) < 0:
            small = tumour < p.capacity_cells / 2 if len(held) == 1 else tumour == min(held)
            return "dormant" if small else "escaped"
        return "watershed" if min(rate.real) < 0 else "unstable"

    return tuple(
        SteadyState(*point, tuple(map(complex, rate)), role(point[1], rate))
        for point, rate in zip(points, rates, strict=True)
    )


def _balance(p: KuznetsovParameters) -> tuple[Polynomial, Polynomial]:
    """Numerator and denominator of the influx that holds a tumour, over the share y = b·T of the room."""
    y = Polynomial([0, 1])
    tumour = y * p.capacity_cells
    lost = (p.d_per_d + p.m_per_cell_d * tumour) * (p.g_cells + tumour) - p.p_per_d * tumour
    return p.a_per_d / p.n_per_cell_d * (1 - y) * lost, p.g_cells + tumour


def _inside(roots) -> list[float]:
    """Real ones above 0 and up to 1, rising."""
    real = roots.real[np.abs(roots.imag) < 1e-7 * np.abs(roots)]
    return sorted(float(y) for y in real if 1e-14 < y <= 1 + 1e-12)


def _shares(p: KuznetsovParameters) -> list[float]:
    above, below = _balance(p)
    return [min(share, 1.0) for share in _inside((above - p.s_cells_d * below).roots())]


def _eigenvalues(p: KuznetsovParameters, effector: float, tumour: float) -> np.ndarray:
    room = p.g_cells + tumour
    return np.linalg.eigvals(
        [
            [
                p.p_per_d * tumour / room - p.m_per_cell_d * tumour - p.d_per_d,
                (p.p_per_d * p.g_cells / room**2 - p.m_per_cell_d) * effector,
            ],
            [
                -p.n_per_cell_d * tumour,
                p.a_per_d * (1 - 2 * p.b_per_cell * tumour) - p.n_per_cell_d * effector,
            ],
        ]
    )


# --- which influx holds which tumour -------------------------------------------------------------------


def influx_at(parameters: KuznetsovParameters, tumour_cells) -> Numbers:
    """The influx s, in cells per day, at which a tumour of ``tumour_cells`` stands still.

    (a/n)(1 − b·T)(d + m·T − p·T/(g + T)): drawn with s across and T up, all steady states for all s at once.
    Below 0 there is none. Numbers or arrays between 0 and 1/b; of the other parameters, s does not matter.
    """
    room = parameters.capacity_cells * (1 + 1e-9)
    tumour = within("tumour_cells", tumour_cells, 0, room, "tumour cells that there is room for")
    share = np.minimum(tumour * parameters.b_per_cell, 1)
    above, below = _balance(parameters)
    return plain(above(share) / below(share))


def critical_influx(parameters: KuznetsovParameters) -> tuple[float, ...]:
    """Influxes s, rising, at which two steady states with tumour meet and vanish; none below 0.

    The turning points of ``influx_at``.
    """
    above, below = _balance(parameters)
    turns = _inside((above.deriv() * below - above * below.deriv()).roots())
    return tuple(sorted(float(above(y) / below(y)) for y in turns if y < 1 and above(y) > 0))


# --- one course ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pulse:
    """What is done on one day: ``effector_cells`` given, the share ``tumour_killed`` of the tumour removed."""

    day: float
    effector_cells: float = 0.0
    tumour_killed: float = 0.0

    def __post_init__(self):
        not_negative("day", one_number("day", self.day), "a day of the course")
        not_negative("effector_cells", one_number("effector_cells", self.effector_cells), "cells given")
        within(
            "tumour_killed", one_number("tumour_killed", self.tumour_killed), 0, 1, "a share of the tumour"
        )


@dataclass(frozen=True)
class TumourCourse:
    """Effector and tumour cells, arrays of shape (times,) at ``times_d``.

    On the day of a pulse the value is the one after it. ``one_cell_d`` is the day on which the tumour fell
    below one cell (0 from then on), or None.
    """

    parameters: KuznetsovParameters
    times_d: np.ndarray
    effector_cells: np.ndarray
    tumour_cells: np.ndarray
    one_cell_d: float | None

    @cached_property
    def peaks(self) -> tuple[tuple[float, float], ...]:
        """Day and size of each largest tumour on the way, by a parabola through three logarithms."""
        log, times, found = np.log(np.maximum(self.tumour_cells, 0.5)), self.times_d, []
        for i in range(1, len(log) - 1):
            (before, top, after), step = log[i - 1 : i + 2], times[i] - times[i - 1]
            bend = before - 2 * top + after
            # A bend below 1e-7 is the rounding of a tumour that stands still.
            if before < top >= after and bend < -1e-7 and math.isclose(times[i + 1] - times[i], step):
                shift = 0.5 * (before - after) / bend
                found.append(
                    (float(times[i] + shift * step), math.exp(top - 0.25 * (before - after) * shift))
                )
        return tuple(found)

    @cached_property
    def outcome(self) -> str:
        """How it ends: "eliminated", the role of the stable state that it is near (a fifth), or "undecided"."""
        if self.tumour_cells[-1] == 0:
            return "eliminated"
        last = self.effector_cells[-1], self.tumour_cells[-1]
        for state in steady_states(self.parameters):
            near = zip(last, (state.effector_cells, state.tumour_cells), strict=True)
            if state.stable and all(abs(now - there) <= 0.2 * there for now, there in near):
                return state.role
        return "undecided"


def simulate_kuznetsov(
    parameters: KuznetsovParameters,
    effector_cells: float,
    tumour_cells: float,
    horizon_d: float = 1000.0,
    pulses: Sequence[Pulse] = (),
) -> TumourCourse:
    """One host from day 0 to ``horizon_d``, with what is done to him; the equations stand in the module.

    ``effector_cells`` 0 or more; a tumour of less than one cell is none. LSODA, relative 1e-8. Another influx
    from some day on is a second course that starts where the first ended. Bad input raises ValueError.
    """
    p = parameters
    horizon = within("horizon_d", horizon_d, 1, 20_000, "how many days to follow")
    effector = not_negative("effector_cells", one_number("effector_cells", effector_cells), "effector cells")
    tumour = not_negative("tumour_cells", one_number("tumour_cells", tumour_cells), "tumour cells")
    for pulse in pulses:
        if pulse.day >= horizon:
            raise ValueError(f"day is {pulse.day}: give a day before the end of the course, {horizon:g}")

    def rhs(_, state, alive):
        effector, log_tumour = state.tolist()
        change, growth = _rates(p, effector, _tumour(log_tumour) if alive else 0.0)
        return change, growth if alive else 0.0

    times, states, one_cell = [], [], None
    for start, end in pairwise(sorted({0.0, horizon, *(float(pulse.day) for pulse in pulses)})):
        for pulse in (pulse for pulse in pulses if pulse.day == start):
            effector += pulse.effector_cells
            tumour *= 1 - pulse.tumour_killed
        if tumour < 1 and one_cell is None:
            tumour, one_cell = 0.0, start
        days = np.linspace(start, end, max(9, math.ceil((end - start) / horizon * 800) + 1))
        path, last = until_one_cell(
            rhs,
            [effector, math.log(tumour or 1)],
            days,
            1 if tumour else None,
            rtol=1e-8,
            atol=[1e-2, 1e-8],
        )
        path[1] = np.exp(path[1]) if tumour else 0.0
        one_cell = last if one_cell is None else one_cell
        effector, tumour = path[:, -1]
        times.append(days[:-1])
        states.append(path[:, :-1])
    times = np.append(np.concatenate(times), horizon)
    effectors, tumours = np.hstack([*states, [[effector], [tumour]]])
    return TumourCourse(p, times, effectors, tumours, one_cell)


# --- watersheds ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """A line in the phase plane, arrays of shape (points,); it ends where a number leaves 1 to 1e12 cells."""

    effector_cells: np.ndarray
    tumour_cells: np.ndarray


def separatrix(parameters: KuznetsovParameters) -> Curve | None:
    """The line that parts the starts which end on either side of the saddle; None where there is no saddle.

    Found by walking backwards in time from the saddle, on both sides along the direction that leads into it;
    it runs from few effector cells to many.
    """
    saddle = next((state for state in steady_states(parameters) if state.role == "watershed"), None)
    if saddle is None:
        return None
    point = np.array([saddle.effector_cells, saddle.tumour_cells])
    rate = min(value.real for value in saddle.eigenvalues_per_d)
    # (J − λ)·v = 0 by its second row, −n·T·v_E + (−a·b·T − λ)·v_T = 0; then in logarithms.
    growth = -parameters.a_per_d * parameters.b_per_cell * point[1]
    into = np.array([growth - rate, parameters.n_per_cell_d * point[1]]) / point
    into *= math.copysign(1e-4, into[0]) / math.hypot(*into)
    fewer, more = (_backwards(parameters, np.log(point) + side) for side in (-into, into))
    return Curve(*np.hstack([fewer[:, ::-1], point[:, None], more]))


def last_cell_line(parameters: KuznetsovParameters) -> Curve | None:
    """The line beyond which the first attack leaves less than one tumour cell; None if none could grow back.

    The way to the point (E = a(1 − b)/n, T = 1), where a tumour turns at its last cell. In the equations
    nothing ends there; that nothing grows from less than a cell is our rule.
    """
    p = parameters
    effector = p.a_per_d * (1 - p.b_per_cell) / p.n_per_cell_d
    rising = flow(p, effector, 1.0)[0] >= 0
    return None if rising else Curve(*_backwards(p, np.log([effector, 1.0])))


def _backwards(p: KuznetsovParameters, logs) -> np.ndarray:
    """Effector and tumour cells (2, points) on the way to a point; equal steps in the plane of logarithms."""

    def rhs(_, logs):
        log_effector, log_tumour = logs.tolist()
        effector = math.exp(log_effector)
        change, up = _rates(p, effector, _tumour(log_tumour))
        along = change / effector
        length = math.hypot(along, up)
        return -along / length, -up / length

    path = lsoda(rhs, logs, np.linspace(0, 45, 451), rtol=1e-7, atol=1e-7)
    outside = np.flatnonzero(((path < -1e-6) | (path > math.log(1e12))).any(axis=0))
    return np.exp(path[:, : outside[0] if outside.size else None])


def basins(
    parameters: KuznetsovParameters, effector_cells, tumour_cells, horizon_d: float = 2000.0
) -> np.ndarray:
    """Where each start of a grid ends: an array of outcomes (words) of shape (tumours, effectors).

    ``effector_cells`` and ``tumour_cells`` are arrays of shape (n,), the tumours between one cell and ten
    times the room. Fourth-order Runge-Kutta for all starts together; whoever is not settled by ``horizon_d``
    counts to the side of the saddle on which he is. A picture to shade, about 0.1 s for 40 × 40 starts; the
    sharp lines are ``separatrix`` and ``last_cell_line``.
    """
    p = parameters
    across = np.atleast_1d(not_negative("effector_cells", effector_cells, "effector cells"))
    most = 10 * p.capacity_cells
    up = np.atleast_1d(
        within("tumour_cells", tumour_cells, 1, most, "tumour cells, one to ten times the room")
    )
    horizon = within("horizon_d", horizon_d, 1, 20_000, "how many days to follow")
    fastest = max(
        p.a_per_d * max(1, p.b_per_cell * up.max()), p.d_per_d + p.m_per_cell_d * up.max(), p.p_per_d
    )
    steps = math.ceil(horizon * fastest)
    step = horizon / steps

    def rhs(state):
        return np.array(_rates(p, state[0], np.exp(state[1])))

    state = np.array([grid.ravel() for grid in np.meshgrid(across, np.log(up))])
    place = np.arange(state.shape[1])  # of those whose tumour is alive
    for _ in range(steps):
        k1 = rhs(state)
        k2 = rhs(state + step / 2 * k1)
        k3 = rhs(state + step / 2 * k2)
        state = state + step / 6 * (k1 + 2 * k2 + 2 * k3 + rhs(state + step * k3))
        alive = state[1] >= 0
        if not alive.all():
            state, place = state[:, alive], place[alive]
    outcome = np.full(across.size * up.size, "eliminated", dtype="<U11")
    known = steady_states(p)
    ends = sorted((s.tumour_cells, s.role) for s in known if s.stable)
    saddle = next((s.tumour_cells for s in known if s.role == "watershed"), math.inf)
    for tumour, role in ends:
        side = np.exp(state[1]) < saddle if tumour < saddle else np.exp(state[1]) >= saddle
        outcome[place[side]] = role
    return outcome.reshape(up.size, across.size)
