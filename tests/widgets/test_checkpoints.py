"""Every interactive of lesson 02 at its presets, at its corners, and back."""

import numpy as np
import pytest

from immunolab.interactives import checkpoints

EXPLORERS = {fn.__name__: fn for fn in (checkpoints.synapse, checkpoints.spare_brake, checkpoints.regimen)}


@pytest.fixture(params=EXPLORERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return EXPLORERS[request.param]()


def test_vary_can_be_reached(explorer):
    found = {
        "Synapse bench": {"cd86": 0, "cd80": 105, "ctla4": 210, "antibody_nM": 10},
        "The spare brake": {
            "pdl1_times": 6.0,
            "conc_mg_L": checkpoints.nearest(checkpoints.CONC_SCALE, 21.5),
        },
        "Regimen explorer": {"n_doses": 6},
    }[explorer.title]
    answers = [
        explorer.start | found | {name: value}
        for name, value in {
            **{("antibody_nM", v): v for v in checkpoints.ANTI_CTLA4_NM},
            **{("conc_mg_L", v): v for v in checkpoints.CONC_SCALE},
            **{("interval_weeks", v): v for v in range(1, 13)},
        }
        if name in explorer.start
    ]
    assert any(explorer.vary.reached(state, explorer.compute(**state)) for state in answers)


def test_switch_from_scarce_to_plentiful_ligand():
    scarce = checkpoints.contest(cd86=0, ctla4=210, antibody_nM=0, cd80=105, cd28=240, pdl1=0)
    plenty = checkpoints.contest(cd86=1140, ctla4=210, antibody_nM=0, cd80=0, cd28=240, pdl1=0)
    assert scarce.share < 12 and plenty.share > 90


def test_antibody_against_ctla4_gives_cd28_its_ligand_back():
    shares = [
        checkpoints.contest(cd86=0, ctla4=210, antibody_nM=nM, cd80=105, cd28=240, pdl1=0).share
        for nM in checkpoints.ANTI_CTLA4_NM
    ]
    assert np.all(np.diff(shares) >= 0)
    assert shares[-1] == pytest.approx(
        checkpoints.contest(cd86=0, ctla4=0, antibody_nM=0, cd80=105, cd28=240, pdl1=0).share, abs=1.0
    )


def test_pdl1_in_cis_takes_cd80_from_cd28():
    with_cis = checkpoints.contest(cd86=0, ctla4=50, antibody_nM=0, cd80=105, cd28=240, pdl1=400)
    without = checkpoints.contest(cd86=0, ctla4=50, antibody_nM=0, cd80=105, cd28=240, pdl1=0)
    assert with_cis.share < without.share
    assert with_cis.bound["CD80"][2]["PD-L1"] > 0


def test_bars_add_up_to_all_sites():
    result = checkpoints.contest(cd86=960, ctla4=55, antibody_nM=50, cd80=90, cd28=1220, pdl1=130)
    for molecule, (_, sites, held) in result.bound.items():
        assert sum(held.values()) == pytest.approx(sites), molecule
        assert min(held.values()) >= -1e-6 * sites, molecule


def test_antibody_against_pdl1_leaves_pdl2():
    blocked = checkpoints.release(1000.0, "one", "atezolizumab", 1.0, 50.0)
    assert blocked.occupancy > 99
    assert blocked.engaged_um2 > 10


def test_regimens_of_equal_dose_rate_have_equal_averages():
    sentence = {}
    for dose, weeks in ((200, 3), (400, 6)):
        run = checkpoints.treat("pembrolizumab", dose, weeks, 72 // weeks, 0.0, 76.8, 39.6, "man", "hidden")
        sentence[weeks] = run.last
    assert sentence[3].c_avg_mg_L == pytest.approx(sentence[6].c_avg_mg_L, rel=1e-3)
    assert sentence[6].c_min_mg_L / sentence[3].c_min_mg_L == pytest.approx(0.73, abs=0.01)


def test_band_holds_the_typical_patient_and_has_a_width():
    run = checkpoints.treat("nivolumab", 240, 2, 10, 0.0, 76.8, 39.6, "man", "shown")
    weeks, low, high = run.band
    typical = np.interp(weeks, run.weeks, run.conc_mg_L)
    inside = (low[2:] <= typical[2:]) & (typical[2:] <= high[2:])
    assert inside.mean() > 0.99
    assert (high[-1] - low[-1]) / run.conc_mg_L[-1] > 0.5


def test_band_with_fewer_points_misses_no_dose_and_no_pixel():
    run = checkpoints.treat("pembrolizumab", 200, 3, 16, 0.0, 76.8, 39.6, "man", "hidden")
    weeks, typical, _ = run.band
    assert {0.0, *(3.0 * n for n in range(16)), run.weeks[-1]} <= set(weeks)
    away = abs(np.interp(run.weeks, weeks, typical) - run.conc_mg_L)
    panel_px = 0.6 * checkpoints.RegimenPlot.height
    assert away.max() / run.top * panel_px < 1


def test_traits_a_study_did_not_keep_are_named_in_the_sentence():
    explorer = checkpoints.regimen()
    state = explorer.start | {"antibody": "ipilimumab", "albumin_g_L": 30.0}
    assert "albumin changes nothing" in explorer.sentence(state, explorer.compute(**state))
    state = explorer.start | {"albumin_g_L": 30.0}
    assert "changes nothing" not in explorer.sentence(state, explorer.compute(**state))


def test_every_antibody_of_the_table_can_be_shown():
    explorer = checkpoints.regimen()
    for name in next(c for c in explorer.controls if c.name == "antibody").options:
        state = explorer.start | {"antibody": name, "patients": "hidden"}
        assert name in explorer.sentence(state, explorer.compute(**state))


def test_published_numbers_stand_beside_computed_ones():
    table = checkpoints.published_against_model().data
    for number in ("27.3 d", "25.8 d", "22 d", "1870", "1818", "2.09", "14.7 d", "15.0 d"):
        assert number in table, number


def test_trials_figure_says_how_many_met_their_end_point():
    shown = checkpoints.beyond().data
    assert "2 of 10 trials met a main end point: RELATIVITY-047 and CITYSCAPE" in shown
    assert "n = 1093" in shown


def test_what_the_spare_brake_would_release_at_the_two_troughs():
    regimen, brake = checkpoints.regimen(), checkpoints.spare_brake()
    assert (
        "the spare brake of segment 3 would release 76 against 63 % at the two troughs" in regimen.explain[1]
    )
    for state, percent in ((regimen.start, 76), (regimen.presets[1].state, 63)):
        trough = regimen.compute(**regimen.start | state).last.c_min_mg_L
        assert brake.compute(**brake.start | {"conc_mg_L": trough}).released == pytest.approx(
            percent, abs=0.5
        )
