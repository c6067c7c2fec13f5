"""CAR-T cells, tumour, and the other cells between them: three published models.

Kimmel, Locke & Altrock 2021 (doi:10.1098/rspb.2021.0229): normal T cells N and CAR-T cells C compete for one
niche, and C kills the tumour B.

    dN/dt = −r_N·N·ln((N + C)/K_N)
    dC/dt = −r_C(T)·C·ln((N + C)/K_C),   r_C = ρ_C + b·(T − K_N)²/(a·T² + (T − K_N)²),   T = N + C
    dB/dt = r_B·B − γ_B·B·C/(k_B + C)

León-Triana et al. 2021 (doi:10.1016/j.cnsns.2020.105570, equations 4): leukaemia L and normal B cells B both
carry CD19, and both make C divide.

    dC/dt = ρ_C·(L + B)·C − C/τ_C,    dL/dt = ρ_L·L − α·L·C,    dB/dt = −α·B·C − B/τ_B

Barros et al. 2021 ("CARTmath", PMID 34208323), mice: effector cells E, memory cells M, tumour T.

    dE/dt = (φ − ρ)·E + θ·T·M − α·T·E,    dM/dt = ε·E − θ·T·M − μ·M,    dT/dt = r·T·(1 − b·T) − γ·E·T

Units: days and cells. Tumours are followed as logarithms, because a mean of 0.001 cells is a number and not a
tumour: equations that let it fall so far let it grow back from there. Below one cell the tumour counts as
gone. Whether the last cells do go is a matter of chance (``birth_death``).

Limits: mean values of a well-mixed patient. Kimmel's model was fitted to 11 medians, with one of them for the
tumour, and it lets the tumour grow without end, so that nothing after progression means anything;
León-Triana's has no loss of antigen; CARTmath describes cell lines in mice.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import least_squares

from immunolab.models._checks import each, not_negative, one_number, one_of, positive, within
from immunolab.models._lsoda import lsoda, until_one_cell
from immunolab.models.birth_death import BirthDeath, Lineages


def _days(horizon_d: float) -> np.ndarray:
    """Days at which a course is kept: close together while the cells expand, two days apart in the end."""
    horizon = within("horizon_d", horizon_d, 1, 20_000, "how many days to follow")
    days = np.concatenate([np.arange(0, 30, 0.125), np.arange(30, 100, 0.5), np.arange(100, horizon, 2)])
    return np.append(days[days < horizon], horizon)


def _first_above(times: np.ndarray, values: np.ndarray, level: float) -> float | None:
    """The first day on which ``values`` rise to ``level``; None if never."""
    above = np.flatnonzero(values >= level)
    if not above.size:
        return None
    after = above[0]
    if after == 0:
        return float(times[0])
    share = (level - values[after - 1]) / (values[after] - values[after - 1])
    return float(times[after - 1] + share * (times[after] - times[after - 1]))


# --- Kimmel 2021 ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KimmelParameters:
    """One patient of Kimmel et al. 2021, in cells and days; the symbols are those of their equations.

    ``k_n_cells``, ``k_c_cells``: how many T cells in all normal and CAR-T cells tolerate; ``r_n_per_d``;
    ``rho_c_per_d``, ``a``, ``b_per_d``: growth of CAR-T cells; ``r_b_per_d``: net growth of the tumour;
    ``gamma_b_per_d``: largest killing; ``k_b_cells``: CAR-T cells at half of it; ``n0_cells``, ``c0_cells``,
    ``b0_cells`` on the day of infusion. ``cells_per_uL`` is what 1/µL of blood stands for in the whole body.
    Impossible values raise ValueError.
    """

    k_n_cells: float
    k_c_cells: float
    r_n_per_d: float
    rho_c_per_d: float
    a: float
    b_per_d: float
    r_b_per_d: float
    gamma_b_per_d: float
    k_b_cells: float
    n0_cells: float
    c0_cells: float
    b0_cells: float
    cells_per_uL: float = 5e8

    def __post_init__(self):
        what = {
            "k_n_cells": "the T cells at which normal T cells stop growing",
            "k_c_cells": "the T cells at which CAR-T cells stop growing",
            "a": "the weight of a full niche",
            "k_b_cells": "the CAR-T cells that kill at half speed",
            "n0_cells": "normal T cells at infusion",
            "b0_cells": "tumour cells at infusion",
            "cells_per_uL": "the cells in the body for 1 in a µL of blood",
        }
        for f in fields(self):
            value = one_number(f.name, getattr(self, f.name))
            if f.name in what:
                positive(f.name, value, what[f.name])
            else:
                not_negative(f.name, value, "cells" if f.name.endswith("cells") else "a rate per day")

    @property
    def lymphocytes0_per_uL(self) -> float:
        """Normal T cells per µL of blood on the day of infusion."""
        return self.n0_cells / self.cells_per_uL


@dataclass(frozen=True)
class AntigenLoss:
    """Tumour cells without the antigen. Our assumption, not in the published model.

    ``fraction`` of the tumour lacks the antigen at infusion (an expected number: patients differ by chance);
    ``per_division`` is the probability that a division makes another such cell. The CAR kills them at
    ``kill_share`` of the speed (0: not at all); they grow at ``growth_per_d`` (None: like the others).
    """

    fraction: float = 0.0
    per_division: float = 0.0
    kill_share: float = 0.0
    growth_per_d: float | None = None

    def __post_init__(self):
        within("fraction", self.fraction, 0, 0.999999, "the share of tumour cells without antigen")
        within("per_division", self.per_division, 0, 0.1, "the probability of antigen loss in a division")
        within("kill_share", self.kill_share, 0, 1, "the share of killing that reaches them")
        if self.growth_per_d is not None:
            not_negative("growth_per_d", self.growth_per_d, "their growth per day")


@dataclass(frozen=True)
class KimmelCourse:
    """What happens in one patient: arrays of shape (times,) at ``times_d``.

    ``normal_cells`` and ``car_cells``; ``kill_per_d``, the killing per tumour cell; ``log_positive`` and
    ``log_negative``, the natural logarithm of the mean numbers of tumour cells with and without antigen, also
    where these are below one cell.
    """

    parameters: KimmelParameters
    loss: AntigenLoss
    times_d: np.ndarray
    normal_cells: np.ndarray
    car_cells: np.ndarray
    kill_per_d: np.ndarray
    log_positive: np.ndarray
    log_negative: np.ndarray

    @property
    def car_per_uL(self) -> np.ndarray:
        """CAR-T cells per µL of blood."""
        return self.car_cells / self.parameters.cells_per_uL

    @property
    def lymphocytes_per_uL(self) -> np.ndarray:
        """All T cells per µL of blood, CAR-T cells included."""
        return (self.normal_cells + self.car_cells) / self.parameters.cells_per_uL

    @property
    def peak(self) -> tuple[float, float]:
        """Day, and CAR-T cells per µL, of the highest count."""
        highest = int(np.argmax(self.car_cells))
        return float(self.times_d[highest]), float(self.car_per_uL[highest])

    @cached_property
    def log_tumour(self) -> np.ndarray:
        """Natural logarithm of the mean number of tumour cells, also far below one cell: the raw equations."""
        return np.logaddexp(self.log_positive, self.log_negative)

    @cached_property
    def one_cell_d(self) -> float | None:
        """The day on which the mean tumour falls below one cell; None if it does not."""
        return _first_above(self.times_d, -self.log_tumour, 0.0)

    @property
    def tumour_cells(self) -> np.ndarray:
        """Mean number of tumour cells; 0 from the day on which it falls below one cell."""
        gone = self.times_d >= (math.inf if self.one_cell_d is None else self.one_cell_d)
        return np.exp(np.where(gone, -np.inf, self.log_tumour))

    @cached_property
    def nadir(self) -> tuple[float, float]:
        """Day, and natural logarithm of the cells, of the smallest mean tumour, also below one cell."""
        low = int(np.argmin(self.log_tumour))
        around = slice(max(0, low - 4), low + 5)
        days = np.linspace(*self.times_d[around][[0, -1]], 400)
        values = CubicSpline(self.times_d[around], self.log_tumour[around])(days)
        best = int(np.argmin(values))
        return float(days[best]), float(values[best])

    def progression_d(self, factor: float = 1.2, from_d: float = 0.0) -> float | None:
        """The first day with a tumour of ``factor`` times its first size; None if that does not come.

        The published definition is 1.2. A tumour that grows fast may pass it in the first days, before the
        CAR-T cells are many; ``from_d`` looks only at later days. A mean tumour that has fallen below one cell
        does not progress.
        """
        factor = positive("factor", factor, "a multiple of the first size")
        later = self.times_d >= within("from_d", from_d, 0, self.times_d[-1], "a day of this course")
        size = math.log(self.parameters.b0_cells * factor)
        day = _first_above(self.times_d[later], self.log_tumour[later], size)
        return None if day is None or (self.one_cell_d is not None and self.one_cell_d < day) else day

    def conc_at(self, times_d) -> np.ndarray:
        """CAR-T cells per µL on other days."""
        times = within("times_d", times_d, 0, self.times_d[-1], "days of this course")
        return CubicSpline(self.times_d, self.car_per_uL)(times)

    def log_tumour_at(self, times_d) -> np.ndarray:
        """Natural logarithm of the mean tumour cells on other days."""
        times = within("times_d", times_d, 0, self.times_d[-1], "days of this course")
        return CubicSpline(self.times_d, self.log_tumour)(times)

    # --- chance ------------------------------------------------------------------------------------------

    @cached_property
    def fate(self) -> BirthDeath:
        """Division and death of a tumour cell with antigen along this course.

        Its probabilities are those of ``positive0_cells`` such cells at the start.
        """
        birth = self.parameters.r_b_per_d * (1 - self.loss.per_division)
        return BirthDeath(self.times_d, birth, self.kill_per_d)

    @property
    def positive0_cells(self) -> float:
        """Tumour cells with antigen on the day of infusion."""
        return self.parameters.b0_cells * (1 - self.loss.fraction)

    @property
    def extinct_by(self) -> np.ndarray:
        """Probability that no tumour cell with antigen is left, at each day."""
        return self.fate.extinct_by(self.positive0_cells)

    def lineages(self, n: int = 100, seed: int = 1, steps: int = 60) -> Lineages:
        """The tumour cells with antigen of n patients who share these mean T cells and differ by chance."""
        return self.fate.sample(round(self.positive0_cells), n, seed, steps)

    @property
    def escape_probability(self) -> float:
        """Probability that cells without antigen are there on the last day.

        Each that is there at infusion, or made later while the cells with antigen follow their mean, has
        descendants then with the probability that Kendall gives; their number is a Poisson number.
        """
        if not (self.loss.fraction or self.loss.per_division):
            return 0.0
        p, loss = self.parameters, self.loss
        death = loss.kill_share * self.kill_per_d
        survive = BirthDeath(self.times_d, _negative_growth(p, loss), death).survival_of_one()
        made = p.r_b_per_d * loss.per_division * np.exp(self.log_positive) * survive
        expected = p.b0_cells * loss.fraction * survive[0] + np.trapezoid(made, self.times_d)
        return -math.expm1(-expected)

    @property
    def extinction_probability(self) -> float:
        """Probability that no tumour cell of either kind is left on the last day; the paper calls this cure."""
        return float(self.extinct_by[-1]) * (1 - self.escape_probability)


def simulate_kimmel(
    parameters: KimmelParameters, horizon_d: float = 1000.0, loss: AntigenLoss | None = None
) -> KimmelCourse:
    """One patient from infusion to ``horizon_d``; see the module for the equations, the source and the limits.

    N and C do not feel the tumour. They are solved together by LSODA (relative 1e-9) and kept, and the tumour
    follows from them by one integral: ln B = ln B₀ + r_B·t − γ_B·∫ C/(k_B + C). Moving a parameter of the
    tumour alone therefore costs far less. Logarithms are right to 1e-5.

    Whoever wants a second infusion starts again from N, C and B of that day. Bad input raises ValueError.
    """
    p, loss = parameters, loss or AntigenLoss()
    times, normal, car = _t_cells(
        p.k_n_cells,
        p.k_c_cells,
        p.r_n_per_d,
        p.rho_c_per_d,
        p.a,
        p.b_per_d,
        p.n0_cells,
        p.c0_cells,
        horizon_d,
    )
    kill = p.gamma_b_per_d * car / (p.k_b_cells + car)
    killed = CubicSpline(times, kill).antiderivative()(times)
    growing = math.log(p.b0_cells * (1 - loss.fraction)) + p.r_b_per_d * (1 - loss.per_division) * times
    log_positive = growing - killed
    alone = (
        _negative_growth(p, loss) * times - loss.kill_share * killed
    )  # of those without antigen, from ln 1
    with np.errstate(divide="ignore"):
        made = np.log(p.r_b_per_d * loss.per_division) + _log_integral(times, log_positive - alone)
        log_negative = alone + np.logaddexp(np.log(p.b0_cells * loss.fraction), made)
    return KimmelCourse(p, loss, times, normal, car, kill, log_positive, log_negative)


def _negative_growth(p: KimmelParameters, loss: AntigenLoss) -> float:
    return p.r_b_per_d if loss.growth_per_d is None else loss.growth_per_d


@lru_cache(maxsize=64)
def _t_cells(k_n, k_c, r_n, rho_c, a, b, n0, c0, horizon_d):
    """Days, N and C; without CAR-T cells C stays 0."""

    def rhs(_, logs):
        car = math.exp(logs[1]) if c0 else 0.0
        total = math.exp(logs[0]) + car
        gap = (total - k_n) ** 2
        r_c = rho_c + b * gap / (a * total * total + gap)
        return -r_n * math.log(total / k_n), -r_c * math.log(total / k_c) if c0 else 0.0

    times = _days(horizon_d)
    normal, car = np.exp(lsoda(rhs, [math.log(n0), math.log(c0 or 1)], times))
    car = car if c0 else np.zeros_like(car)
    for shared in (times, normal, car):
        shared.setflags(write=False)
    return times, normal, car


def _log_integral(times: np.ndarray, log_y: np.ndarray) -> np.ndarray:
    """ln ∫ y from the first time on, for y that is exponential between two times."""
    rise = np.diff(log_y)
    mean = np.where(np.abs(rise) < 1e-9, 1.0, np.expm1(rise) / np.where(rise == 0, 1.0, rise))
    parts = log_y[:-1] + np.log(np.diff(times) * mean)
    return np.concatenate([[-np.inf], np.logaddexp.accumulate(parts)])


# --- what data cannot tell apart --------------------------------------------------------------------------


@dataclass(frozen=True)
class Refit:
    """Two patients that agree where they were observed.

    ``reference`` and ``refit`` are parameter sets; ``observed`` names what was seen on which days;
    ``differences_log10`` holds refit over reference, as decimal logarithms, shape (observations,).
    """

    reference: KimmelParameters
    refit: KimmelParameters
    observed: dict[str, tuple[float, ...]]
    differences_log10: np.ndarray

    @property
    def rms_log10(self) -> float:
        """Typical difference: root of the mean square, in decimal logarithms. 0.1 is a factor of 1.26."""
        return float(np.sqrt(np.mean(self.differences_log10**2)))

    @property
    def largest_factor(self) -> float:
        """The largest difference between the two at an observation, as a factor."""
        return float(10 ** np.abs(self.differences_log10).max())


def refit(
    reference: KimmelParameters,
    changed: Mapping[str, float],
    free: Sequence[str],
    observed: Mapping[str, Sequence[float]],
) -> Refit:
    """Change some parameters, and fit others until the early course is the same again.

    ``changed`` gives new values, ``free`` names the parameters that may follow, ``observed`` the days on which
    ``"tumour"``, ``"car"`` or ``"lymphocytes"`` are seen, such as ``{"tumour": (7, 14, 28)}``. Least squares
    of decimal logarithms against the course of ``reference``, over the logarithms of the free parameters.

    What cannot be fitted shows as a large ``rms_log10``: look at it before you call two sets alike. Raises
    ValueError for unknown names or days.
    """
    names = [f.name for f in fields(KimmelParameters)]
    for name in (*changed, *free):
        one_of("parameter", name, names)
        positive(name, getattr(reference, name), "a parameter to change")
    if not free or set(free) & set(changed):
        raise ValueError(f"free is {tuple(free)}: name at least one parameter that is not in changed")
    days = {one_of("observed", what, _SEEN): tuple(seen) for what, seen in observed.items()}
    if not any(days.values()):
        raise ValueError("observed is empty: give days for 'tumour', 'car' or 'lymphocytes'")
    horizon = max(2.0, *(max(positive("observed", list(seen), "days")) for seen in days.values() if seen))
    target = _seen(reference, days, horizon)
    start = replace(reference, **changed)

    def moved(logs) -> KimmelParameters:
        return replace(start, **dict(zip(free, np.exp(logs).tolist(), strict=True)))

    found = least_squares(
        lambda logs: _seen(moved(logs), days, horizon) - target,
        np.log([getattr(start, name) for name in free]),
        x_scale=0.3,
        bounds=(-50, 80),
    )
    return Refit(reference, moved(found.x), days, found.fun)


_SEEN = ("tumour", "car", "lymphocytes")


def _seen(parameters: KimmelParameters, days: dict[str, tuple[float, ...]], horizon: float) -> np.ndarray:
    """Decimal logarithms of what is observed."""
    course = simulate_kimmel(parameters, horizon)
    logs = {
        "tumour": course.log_tumour,
        "car": np.log(course.car_cells),
        "lymphocytes": np.log(course.normal_cells + course.car_cells),
    }
    return np.concatenate([CubicSpline(course.times_d, logs[k])(v) for k, v in days.items() if v]) / math.log(
        10
    )


# --- León-Triana 2021 -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeonTrianaParameters:
    """One patient of León-Triana et al. 2021, in cells and days; the symbols are those of their equations.

    ``rho_c_per_cell_d``: divisions of a CAR-T cell for each cell with CD19; ``alpha_per_cell_d``: kills for
    each CAR-T cell; ``tau_c_d``, ``tau_b_d``: mean lives of CAR-T and B cells; ``rho_l_per_d``: growth of the
    leukaemia; ``c0_cells``, ``l0_cells``, ``b0_cells`` at infusion. Impossible values raise ValueError.
    """

    rho_c_per_cell_d: float
    alpha_per_cell_d: float
    tau_c_d: float
    rho_l_per_d: float
    tau_b_d: float
    c0_cells: float
    l0_cells: float
    b0_cells: float

    def __post_init__(self):
        each(self, one_number)
        not_negative("rho_c_per_cell_d", self.rho_c_per_cell_d, "divisions per day and cell with antigen")
        positive("alpha_per_cell_d", self.alpha_per_cell_d, "kills per day and CAR-T cell")
        positive("tau_c_d", self.tau_c_d, "the mean life of a CAR-T cell in days")
        not_negative("rho_l_per_d", self.rho_l_per_d, "the growth of the leukaemia per day")
        positive("tau_b_d", self.tau_b_d, "the mean life of a B cell in days")
        at_infusion = "c0_cells", "l0_cells", "b0_cells"
        each(self, not_negative, "cells at infusion (less than one is none)", names=at_infusion)

    @property
    def peak_rule_cells(self) -> float:
        """(ρ_C/α)·(L₀ + B₀): what the peak of CAR-T cells would be if none died; no dose in it."""
        return self.rho_c_per_cell_d / self.alpha_per_cell_d * (self.l0_cells + self.b0_cells)


@dataclass(frozen=True)
class LeonTrianaCourse:
    """CAR-T cells, leukaemia and normal B cells, arrays of shape (times,) at ``times_d``.

    ``one_cell_d`` is the day on which the leukaemia fell below one cell (0 cells from then on), or None.
    """

    parameters: LeonTrianaParameters
    times_d: np.ndarray
    car_cells: np.ndarray
    leukaemia_cells: np.ndarray
    b_cells: np.ndarray
    one_cell_d: float | None

    @property
    def peak(self) -> tuple[float, float]:
        """Day and size of the first peak of CAR-T cells; a relapse makes them expand again, later."""
        falls = np.flatnonzero(np.diff(self.car_cells) < 0)
        highest = int(falls[0]) if falls.size else len(self.times_d) - 1
        return float(self.times_d[highest]), float(self.car_cells[highest])

    def relapse_d(self, cells: float) -> float | None:
        """The first day after the smallest leukaemia on which there are ``cells`` of it again, or None."""
        cells = positive("cells", cells, "a number of leukaemia cells")
        low = int(np.argmin(self.leukaemia_cells))
        with np.errstate(divide="ignore"):
            return _first_above(self.times_d[low:], np.log(self.leukaemia_cells[low:]), math.log(cells))

    @property
    def fate(self) -> BirthDeath:
        """Division and death of a leukaemia cell along this course: chance is our addition to the model."""
        return BirthDeath(
            self.times_d, self.parameters.rho_l_per_d, self.parameters.alpha_per_cell_d * self.car_cells
        )


def simulate_leon_triana(parameters: LeonTrianaParameters, horizon_d: float = 500.0) -> LeonTrianaCourse:
    """One patient from infusion to ``horizon_d``; see the module for the equations, the source and the limits.

    LSODA on logarithms, relative 1e-9. What antigen there is decides how far the CAR-T cells expand; the dose
    decides when. Bad input raises ValueError.
    """
    p, times = parameters, _days(horizon_d)
    start = np.array([p.c0_cells, p.b0_cells, p.l0_cells])
    has_car, has_b, has_leukaemia = here = (start >= 1).tolist()

    def rhs(_, logs, alive):
        car = math.exp(logs[0]) * has_car
        antigen = math.exp(logs[1]) * has_b + math.exp(logs[2]) * alive
        return (
            (p.rho_c_per_cell_d * antigen - 1 / p.tau_c_d) * has_car,
            -p.alpha_per_cell_d * car - 1 / p.tau_b_d,
            (p.rho_l_per_d - p.alpha_per_cell_d * car) * alive,
        )

    logs, one_cell = until_one_cell(
        rhs, np.log(np.where(here, start, 1)), times, 2 if has_leukaemia else None
    )
    car, b, leukaemia = np.exp(logs) * np.array(here)[:, None]
    return LeonTrianaCourse(p, times, car, leukaemia, b, one_cell)


# --- CARTmath -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CARTmathParameters:
    """One mouse experiment of Barros et al. 2021, in cells and days; the symbols are those of their equations.

    ``phi_per_d`` and ``rho_per_d``: division and loss of effector cells, loss including that to memory;
    ``epsilon_per_d``: memory cells made per effector cell; ``theta_per_cell_d``: memory cells called back by
    tumour; ``alpha_per_cell_d``: effector cells lost to tumour; ``mu_per_d``: death of memory cells;
    ``r_per_d`` and ``b_per_cell``: growth of the tumour and its limit; ``gamma_per_cell_d``: killing.
    """

    phi_per_d: float
    rho_per_d: float
    epsilon_per_d: float
    theta_per_cell_d: float
    alpha_per_cell_d: float
    mu_per_d: float
    r_per_d: float
    b_per_cell: float
    gamma_per_cell_d: float

    def __post_init__(self):
        each(self, one_number)
        each(self, not_negative, "a rate per day, or per cell and day")


@dataclass(frozen=True)
class CARTmathCourse:
    """Effector cells, memory cells and tumour, arrays of shape (times,) at ``times_d``.

    On the day of an infusion or challenge the value is the one after it. ``one_cell_d`` holds the days on
    which the tumour fell below one cell (0 from then on, until a challenge).
    """

    parameters: CARTmathParameters
    times_d: np.ndarray
    effector_cells: np.ndarray
    memory_cells: np.ndarray
    tumour_cells: np.ndarray
    one_cell_d: tuple[float, ...]

    def at(self, day: float) -> dict[str, float]:
        """The three numbers on one day, by straight lines between the kept days."""
        day = within("day", day, 0, self.times_d[-1], "a day of this course")
        states = {"effector": self.effector_cells, "memory": self.memory_cells, "tumour": self.tumour_cells}
        return {name: float(np.interp(day, self.times_d, values)) for name, values in states.items()}


def simulate_cartmath(
    parameters: CARTmathParameters,
    tumour_cells: float,
    infusions: Sequence[tuple[float, float]] = (),
    challenges: Sequence[tuple[float, float]] = (),
    horizon_d: float = 100.0,
) -> CARTmathCourse:
    """A tumour from day 0, CAR-T cells in ``infusions`` and new tumour cells in ``challenges``.

    Both are pairs (day, cells). LSODA, relative 1e-9, the tumour as its logarithm; see the module for the
    equations, the source and the limits. Bad input raises ValueError.
    """
    p = parameters
    given: dict[float, np.ndarray] = {0.0: np.array([0.0, 0.0, 0.0])}
    horizon = positive("horizon_d", horizon_d, "how many days to follow")
    tumour = not_negative("tumour_cells", tumour_cells, "tumour cells on day 0")
    for name, pairs, which in (("infusions", infusions, 0), ("challenges", challenges, 2)):
        for day, cells in pairs:
            day = within(name, day, 0, horizon, "(day, cells) within the horizon")
            given.setdefault(day, np.zeros(3))[which] += not_negative(name, cells, "(day, cells), cells")

    def rhs(_, y, alive):
        effector, memory = y[0], y[1]
        tumour = math.exp(y[2]) if alive else 0.0
        recalled = p.theta_per_cell_d * tumour * memory
        return (
            (p.phi_per_d - p.rho_per_d - p.alpha_per_cell_d * tumour) * effector + recalled,
            p.epsilon_per_d * effector - recalled - p.mu_per_d * memory,
            (p.r_per_d * (1 - p.b_per_cell * tumour) - p.gamma_per_cell_d * effector) * alive,
        )

    now, times, states, last_cells = np.array([0.0, 0.0, tumour]), [], [], []
    edges = [*sorted(given), horizon]
    for start, end in pairwise(edges):
        now = now + given[start]
        if end - start < 1e-6:
            continue
        days = np.linspace(start, end, max(9, math.ceil((end - start) * 8) + 1))
        there = now[2] >= 1
        path, last = until_one_cell(
            rhs,
            [now[0], now[1], math.log(now[2]) if there else 0.0],
            days,
            2 if there else None,
            atol=[1e-6, 1e-6, 1e-9],
        )
        path[2] = np.exp(path[2]) if there else 0.0
        last_cells += [last] if last is not None else []
        now = path[:, -1]
        times.append(days[:-1])
        states.append(path[:, :-1])
    times, states = np.append(np.concatenate(times), horizon), np.hstack([*states, now[:, None]])
    return CARTmathCourse(p, times, *states, tuple(last_cells))
