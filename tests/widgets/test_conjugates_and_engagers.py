"""Every interactive of lesson 05 at its presets, at its corners, and back; its tables and pictures."""

import re

import numpy as np
import pytest

from immunolab import tables
from immunolab.interactives import conjugates_and_engagers as lesson05
from immunolab.interactives.conjugates_and_engagers.bell import CD3_PER_CELL, SWEEP_NM, bridge
from immunolab.interactives.conjugates_and_engagers.cargo import MONKEY, STABLE, batch, load
from immunolab.interactives.conjugates_and_engagers.neighbours import (
    CHARGED,
    CROSSES,
    GROWTH_PER_D,
    treat_mixed,
)
from immunolab.interactives.conjugates_and_engagers.reach import TRACKS, _at, _tracks, irradiate
from immunolab.interactives.conjugates_and_engagers.still import (
    SHOWN,
    approval,
    counted,
    pace,
    pace_sentence,
    told,
)
from immunolab.interactives.explorer import Slide, nearest
from immunolab.models import conjugate, radionuclide, ternary

EXPLORERS = {fn.__name__: fn for fn in (lesson05.cargo, lesson05.neighbours, lesson05.reach, lesson05.bell)}


@pytest.fixture(params=EXPLORERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return EXPLORERS[request.param]()


ANSWERS = {
    "What is still on the antibody?": {"day": 15.0},
    "The neighbours": {"payload": CROSSES, "positive": 80},
    "Reach and dose": {"diameter_mm": 2.8},
    "The bell": {"kd_cd3_nM": 1.0, "drug_nM": 1.0},
}


def test_vary_can_be_reached(explorer):
    state = explorer.start | ANSWERS[explorer.title]
    for control in explorer.controls:
        if isinstance(control, Slide) and control.values:
            state[control.name] = nearest(control.values, state[control.name])
    assert explorer.vary.reached(state, explorer.compute(**state))


# Cargo


def test_batches_are_mixtures_with_their_means():
    means = {name: conjugate.mean_dar(batch(name)) for name in ("made", "fewer", "paired", "filled")}
    assert means == pytest.approx({"made": 3.07, "fewer": 1.47, "paired": 4, "filled": 8}, abs=0.005)


def test_the_three_lines_part_and_a_perfect_linker_keeps_them_together():
    monkey = load("made", MONKEY, 7.0)
    now = [monkey.now(course) for course in (monkey.antibody, monkey.carrying, monkey.drug)]
    assert now == pytest.approx([28, 23, 14], abs=0.5)
    assert monkey.mixture.sum() == pytest.approx(100)
    stable = load("filled", STABLE, 21.0)
    assert np.allclose(stable.antibody, stable.drug) and stable.mean == pytest.approx(8)


# Neighbours


def test_charged_drug_kills_positive_cells_and_never_meets_the_others():
    charged = treat_mixed(90, CHARGED, 1.0)
    assert charged.positive[-1] == 0 and not charged.drug_negative.any()
    assert charged.negative[-1] == pytest.approx(10 * np.exp(GROWTH_PER_D * 63), rel=1e-3)


def test_what_crosses_gains_neighbours_and_costs_drug():
    charged, crosses = (treat_mixed(90, name, 1.0) for name in (CHARGED, CROSSES))
    assert crosses.left < charged.left / 10
    assert crosses.drug_positive.max() < charged.drug_positive.max()
    pure = [treat_mixed(100, name, 1.0).left for name in (CHARGED, CROSSES)]
    assert pure[0] < pure[1]


# Reach


def test_nuclides_change_places_between_cluster_and_lump():
    cluster, lump = (irradiate("Y-90", size, 168) for size in (0.2, 20.0))
    doses = [{name: _at(run, name) for name in tables.nuclides()} for run in (cluster, lump)]
    assert doses[0]["Y-90"] / doses[0]["Lu-177"] == pytest.approx(0.30, abs=0.01)
    assert doses[1]["Y-90"] / doses[1]["Lu-177"] == pytest.approx(2.9, abs=0.05)


@pytest.mark.parametrize("nuclide", tables.nuclides())
def test_tracks_begin_inside_and_leave_in_the_share_that_the_model_gives(nuclide):
    size = 1.0
    inside, outside = _tracks(nuclide, size)
    assert len(inside) == TRACKS and len(outside) <= TRACKS
    assert np.all(np.linalg.norm(inside[:, 0], axis=1) <= size / 2)
    longest = radionuclide.electron_range_mm(tables.nuclide(nuclide).max_energy_MeV)
    assert np.linalg.norm(outside[:, 1], axis=1).max() < longest + size


# The bell


def test_the_marked_top_is_the_highest_point():
    for kd_cd3, antigens in ((100, 50_000), (1, 1_000_000), (0.1, 1000)):
        run = bridge(10.0, kd_cd3, antigens, 1.0, 1)
        top = SWEEP_NM[run.bridges.argmax()]
        assert np.log(top / run.best_nM) == pytest.approx(0, abs=0.06)
        assert run.bridges.max() == pytest.approx(run.most, rel=2e-3)
        assert run.bridges.max() <= run.most * (1 + 1e-9)


def test_bridges_for_a_cell_are_those_of_the_model():
    run = bridge(12.0, 100, 50_000, 1.0, 1)
    a, c = (ternary.receptors_nM(1e6, count) for count in (CD3_PER_CELL, 50_000))
    assert run.now == pytest.approx(ternary.per_cell(ternary.ternary(12.0, a, c, 100, 1).ternary_nM, 1e6))


# Pictures and tables


def test_every_conjugate_has_its_row_and_its_place_of_approval():
    shown = lesson05.products().data
    assert all(f">{name}</th>" in shown for name in tables.conjugate_names())
    approved = tables.approvals()
    assert approval(approved, "trastuzumab emtansine").startswith("US 2013")
    assert "as of 2" in shown


def test_only_antibodies_make_radioimmunoconjugates():
    rows = re.findall(r"<tr>(.*?)</tr>", lesson05.carriers().data)[1:]
    for row in rows:
        assert ("radioimmunoconjugate" in row) == ("antibody" in row), row


@pytest.mark.parametrize("kind", ["conjugate", "engager"])
def test_trials_say_their_counts_and_hide_no_row(kind):
    shown = lesson05.trials(kind).data
    for study, outcomes in SHOWN[kind]:
        for outcome in outcomes:
            for row in tables.antibody_trials(study=study, outcome=outcome).itertuples():
                assert f"{told(row)}: {counted(row)}" in shown


def test_two_paces():
    run = pace()
    assert run.plateau_pg_mL == pytest.approx(525.5, rel=1e-3)
    assert run.pump_pg_mL.max() <= run.plateau_pg_mL
    assert len(run.doses_d) == 10 and run.injected_mg_L[-1] > 100 * run.injected_mg_L[12]
    words = pace_sentence(run)
    assert "in 6.2 hours" in words and "526 pg/mL" in words
    assert words in lesson05.hours_and_weeks().data
