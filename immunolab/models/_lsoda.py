"""Ordinary differential equations by LSODA, which changes between stiff and non-stiff steps by itself.

``scipy.integrate.odeint`` and ``solve_ivp(method="LSODA")`` call the same code; ``odeint`` keeps the loop
compiled and is about five times faster, which is what a slider needs.
"""

from collections.abc import Callable

import numpy as np
from scipy.integrate import odeint


def lsoda(rhs: Callable, start, times, args: tuple = (), rtol: float = 1e-9, atol=1e-9) -> np.ndarray:
    """States at ``times``, shape (states, times), from ``start`` at times[0]; ``rhs(t, y, *args)``.

    ``rtol`` and ``atol`` are the solver's tolerances; ``atol`` is a number, or one for each state. An integration that does not reach the end raises ArithmeticError.
    """
    path, report = odeint(
        rhs, start, times, args=args, tfirst=True, rtol=rtol, atol=atol, mxstep=20_000, full_output=True
    )
    if report["message"] != "Integration successful.":
        raise ArithmeticError(
            f"the equations could not be solved up to day {times[-1]:g}: {report['message']}"
        )
    return path.T


def until_one_cell(
    rhs: Callable, start, times, index: int | None, **tolerances
) -> tuple[np.ndarray, float | None]:
    """As ``lsoda``, for equations in which state ``index`` is the logarithm of a number of cells.

    Half a cell does not exist: once that number falls below one, it is zero (its logarithm -inf), and stays
    so. ``rhs(t, y, alive)`` is told by ``alive`` whether such cells are left. At times[0] there is at least
    one; where there are none, ``index`` is None. Returns the states, and the time of the last cell or None.
    """
    if index is None:
        return lsoda(rhs, start, times, args=(False,), **tolerances), None
    path = lsoda(rhs, start, times, args=(True,), **tolerances)
    below = np.flatnonzero(path[index] < 0)
    if not below.size:
        return path, None
    first = below[0]
    last, state = _last_cell(rhs, path[:, first - 1], times[first - 1], times[first], index, **tolerances)
    state[index] = 0.0  # any number: the equations no longer look at it
    rest = np.concatenate([[last], times[first:]])
    path[:, first:] = lsoda(rhs, state, rest, args=(False,), **tolerances)[:, 1:]
    path[index, first:] = -np.inf
    return path, last


def _last_cell(rhs, state, start, end, index, **tolerances) -> tuple[float, np.ndarray]:
    """When the logarithm passes zero between two times of the path, and all states then."""
    fine = np.linspace(start, end, 21)
    path = lsoda(rhs, state, fine, args=(True,), **tolerances)
    last = float(np.interp(0.0, -path[index], fine))
    if last <= start:
        return start, state.copy()
    return last, lsoda(rhs, state, [start, last], args=(True,), **tolerances)[:, -1].copy()
