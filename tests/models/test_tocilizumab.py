"""Tocilizumab after Moes 2022 through the model of all antibodies: 600 mg, and when it is gone."""

import pytest

from immunolab import tables
from immunolab.models.pharmacokinetics import Regimen, half_lives, simulate


@pytest.fixture(scope="module")
def tocilizumab():
    """Moes et al. 2022, doi:10.1007/s40262-021-01074-2: 29 adults with COVID-19 in intensive care."""
    return tables.antibody("tocilizumab", study="Moes 2022")


def test_l6_600_mg(tocilizumab):
    """Calculated from the published parameters: 138.2, 39.0 and 8.18 mg/L, and below 1 mg/L on day 18.5."""
    course = simulate(tocilizumab, Regimen(dose_mg=600, interval_d=40, infusion_d=1 / 1440))
    assert course.conc_at(1 / 1440) == pytest.approx(138.2, rel=0.01)
    assert course.conc_at([7, 14]) == pytest.approx([39.0, 8.18], rel=0.01)
    assert course.conc_at(18.4) > 1 > course.conc_at(18.6)


def test_an_hour_of_infusion_changes_little(tocilizumab):
    course = simulate(tocilizumab, Regimen(dose_mg=600, interval_d=40, infusion_d=1 / 24))
    assert course.conc_at(1 / 24) == pytest.approx(138.2, rel=0.01)
    assert course.conc_at(14) == pytest.approx(8.18, rel=0.02)


def test_half_life_and_time_above_1_mg_L_are_the_published_ones(tocilizumab):
    """4.15 d, and at least 15 d above 1 µg/mL in all patients; the cap of 8 mg/kg is 800 mg."""
    assert half_lives(tocilizumab)[1] == pytest.approx(4.15, rel=0.01)
    for dose in (600, 800):
        assert simulate(tocilizumab, Regimen(dose_mg=dose, interval_d=40)).conc_at(15) > 1
