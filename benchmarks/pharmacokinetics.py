"""How fast the course's pharmacokinetics runs beside scipy's solve_ivp, side by side in one run.

    python benchmarks/pharmacokinetics.py

The same equations, doses and output times on both sides. ``solve_ivp`` takes LSODA at rtol 1e-6, restarted
where an infusion starts or stops. For 1,000 patients it is timed on the first 20 and multiplied by 50.
"""

import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from immunolab.models.pharmacokinetics import PKParameters, Regimen, population, simulate
from immunolab.tables import antibody

CASES = {
    "constant clearance": ("pembrolizumab", Regimen.every(21, dose_mg=200, n_doses=17)),
    "drifting clearance": ("nivolumab", Regimen.every(14, dose_mg=240, n_doses=26)),
    "linear and saturable": ("durvalumab", Regimen.every(28, dose_mg=1500, n_doses=13)),
    "saturable only": ("cetuximab", Regimen.every(7, dose_mg=[720, 450], n_doses=26)),
}
PATIENTS, TIMED = 1000, 20


def best_of(run: Callable, repeats: int):
    """The result, and the shortest time in milliseconds: what the machine can do when left alone."""
    durations = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        durations.append(time.perf_counter() - start)
    return result, 1000 * min(durations)


def with_scipy(p: PKParameters, cl: float, v1: float, regimen: Regimen, times: np.ndarray) -> np.ndarray:
    """Concentrations of one patient by solve_ivp."""

    def right_hand_side(t, y, rate):
        conc = y[0] / v1
        drift = t**p.hill / (p.t50_d**p.hill + t**p.hill) if p.emax else 0
        out = cl * np.exp(p.emax * drift) * conc
        out += p.vmax_mg_d * conc / (p.km_mg_L + conc) if p.vmax_mg_d else 0
        across = p.q_L_d * (conc - y[1] / p.v2_L)
        return [rate - out - across, across]

    rates = regimen.amounts_mg() / regimen.infusions_d
    stops = regimen.starts_d + regimen.infusions_d
    starting = zip(regimen.starts_d, rates, strict=True)
    switches = [*sorted([*starting, *((stop, 0.0) for stop in stops)]), (times[-1], 0.0)]
    state, found = [0.0, 0.0], []
    for (start, rate), (end, _) in pairwise(switches):
        inside = times[(times >= start) & (times < end)]
        run = solve_ivp(
            right_hand_side, (start, end), state, "LSODA", [*inside, end], args=(rate,), rtol=1e-6, atol=1e-9
        )
        found.append(run.y[0, :-1])
        state = run.y[:, -1]
    return np.append(np.concatenate(found), state[0]) / v1


def main() -> None:
    print(f"{'':22}{'patients':>9}{'course':>12}{'solve_ivp':>13}{'ratio':>9}{'difference':>13}")
    for label, (name, regimen) in CASES.items():
        p = antibody(name)
        times = np.linspace(0, regimen.end_d, 500)
        course, ours = best_of(lambda p=p, r=regimen, t=times: simulate(p, r, t), 20)
        conc, theirs = best_of(lambda p=p, r=regimen, t=times: with_scipy(p, p.cl_L_d, p.v1_L, r, t), 3)
        report(label, 1, ours, theirs, course.conc_mg_L, conc)

        crowd, ours = best_of(lambda p=p, r=regimen, t=times: population(p, r, PATIENTS, times_d=t), 3)
        people = crowd.parameters
        individuals = list(zip(people.cl_L_d[:TIMED], people.v1_L[:TIMED], strict=True))
        conc, theirs = best_of(
            lambda p=p, r=regimen, t=times, i=individuals: [with_scipy(p, cl, v1, r, t) for cl, v1 in i], 1
        )
        report(label, PATIENTS, ours, theirs * PATIENTS / TIMED, crowd.conc_mg_L[:TIMED], np.array(conc))


def report(
    label: str, patients: int, ours: float, theirs: float, conc: np.ndarray, other: np.ndarray
) -> None:
    seen = other > 1e-6 * other.max()
    difference = np.max(abs(conc[seen] / other[seen] - 1))
    print(f"{label:22}{patients:9}{ours:9.1f} ms{theirs:10.0f} ms{theirs / ours:8.0f}x{difference:13.1e}")


if __name__ == "__main__":
    main()
