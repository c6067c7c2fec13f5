"""Lesson 03: what its interactives share, curves in percent and the cure model fitted to an arm."""

from functools import cache

import numpy as np

from immunolab import tables
from immunolab.models import survival
from immunolab.models.survival import KaplanMeier

FEW = 10  # people at risk; with fewer, a curve says little
KNOWN = (6, 9, 12, 15, 18, 21, 24, 30, 36, 48, 60, 72, 90)


def in_percent(curve: KaplanMeier) -> tuple[np.ndarray, np.ndarray]:
    """Months and per cent alive of a curve."""
    return curve.time, 100 * curve.survival


@cache
def arms() -> dict[str, tuple[str, str]]:
    """Trial and arm of every shipped curve, under the name that is read."""
    return {f"{trial}: {arm}": (trial, arm) for trial, arm in tables.trial_arms()}


@cache
def cure_fit(
    arm: str, known: int
) -> tuple[survival.CureFit, tuple[survival.MixtureCure, survival.MixtureCure]]:
    """The fit to what was known after so many months, and the models at the ends of its interval."""
    patients = tables.trial_arm(*arms()[arm]).patients.until(known)
    fit = survival.fit_mixture_cure(patients)
    return fit, tuple(survival.cure_with_share(patients, share) for share in (fit.low, fit.high))
