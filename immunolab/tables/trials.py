"""Randomised trials of checkpoint drugs: survival month by month, and what the papers print beside it."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from immunolab.models.survival import Patients, from_counts
from immunolab.tables.reading import chosen, known, read, record


@dataclass(frozen=True, eq=False)
class TrialArm:
    """One arm of a trial, read off its published curve; arrays of shape (months,), from month 0 on.

    ``alive`` is the height of the curve, from 0 to 1. ``at_risk`` counts who was under observation just before
    a month, ``deaths`` those so far. The months are whole: what happens in between is spread evenly.
    """

    trial: str
    name: str
    time_months: np.ndarray
    alive: np.ndarray
    at_risk: np.ndarray
    deaths: np.ndarray

    @cached_property
    def patients(self) -> Patients:
        """Individual times, rebuilt from the counts."""
        return from_counts(self.time_months, self.at_risk, self.deaths)


@dataclass(frozen=True)
class Comparison:
    """Two arms of a randomised trial, with the hazard ratio and the medians that the paper prints.

    A median of inf was not reached; None was not reported. ``trial_arm(trial, treatment)`` is the curve.
    """

    name: str
    trial: str
    cancer: str
    setting: str
    endpoint: str
    treatment: str
    control: str
    n_treatment: int
    n_control: int
    hazard_ratio: float
    ci_low: float
    ci_high: float
    median_treatment_months: float | None
    median_control_months: float | None
    evidence: str
    source: str
    note: str | None

    @property
    def arms(self) -> tuple[TrialArm, TrialArm]:
        """The curves: treatment, control."""
        return trial_arm(self.trial, self.treatment), trial_arm(self.trial, self.control)

    @property
    def patients(self) -> tuple[Patients, Patients]:
        """Individual times rebuilt from the curves: treatment, control."""
        treatment, control = self.arms
        return treatment.patients, control.patients


def comparisons(cancer: str | None = None) -> list[str]:
    """The names that ``comparison`` accepts, of all cancers or of one. Raises ValueError that lists the cancers."""
    return list(chosen("survival_comparisons", cancer=cancer)["name"])


@cache
def comparison(name: str) -> Comparison:
    """Two arms of a trial, for example ``comparison("CheckMate 057")``. Raises ValueError that lists them."""
    rows = read("survival_comparisons")
    known(name, rows["name"], "comparison")
    return record(Comparison, rows[rows["name"] == name].iloc[0])


@cache
def trial_arm(trial: str, arm: str) -> TrialArm:
    """The curve of one arm. Raises ValueError that lists the trials, or the arms of the trial."""
    rows = read("survival_curves")
    known(trial, rows["trial"].unique(), "trial with curves")
    rows = rows[rows["trial"] == trial]
    known(arm, rows["arm"].unique(), f"arm of {trial}")
    rows = rows[rows["arm"] == arm]
    columns = (rows[c].to_numpy(copy=True) for c in ("time_months", "alive_percent", "at_risk_n", "deaths_n"))
    time, alive, at_risk, deaths = columns
    return TrialArm(trial, arm, time.astype(float), alive / 100, at_risk, deaths)


def trial_arms(trial: str | None = None) -> list[tuple[str, str]]:
    """Trial and arm of every curve, or of one trial's. Raises ValueError that lists the trials."""
    rows = chosen("survival_curves", trial=trial)[["trial", "arm"]].drop_duplicates()
    return list(rows.itertuples(index=False, name=None))


def trial_outcomes(trial: str | None = None, outcome: str | None = None) -> pd.DataFrame:
    """What papers print of trials, one row an arm and an outcome, harm among them, with ``n`` behind it.

    ``time_months`` is the time of an outcome that has one. Raises ValueError that lists the values of a column.
    """
    return chosen("trial_outcomes", trial=trial, outcome=outcome)


def melanoma_timeline(kind: str | None = None) -> pd.DataFrame:
    """Approvals, trials and failures in melanoma, in order of time. Raises ValueError that lists the kinds."""
    return chosen("melanoma_timeline", kind=kind)


def end_points() -> pd.DataFrame:
    """What a trial can count, what each end point shows and misses, with an example."""
    return chosen("end_points")
