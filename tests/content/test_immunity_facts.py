"""The tables of lesson 01: parameters load as models, words are consistent, counts are right."""

import math

import pytest

from immunolab import tables
from immunolab.draw import palette
from immunolab.models.tumour_immune import steady_states


def steps(text):
    return {int(step) for step in text.split(";") if step}


def test_proofreading_loads_as_a_ladder_and_a_contact():
    lever = tables.proofreading()
    assert (lever.study, lever.ladder.steps, lever.ladder.kp_per_s) == ("Lever 2014", 10, 1)
    assert lever.contact.receptors == 15708
    assert lever.ladder.discrimination(lever.koff_self_per_s, lever.koff_agonist_per_s) == pytest.approx(
        394.8, rel=0.005
    )
    pettmann = tables.proofreading("Pettmann 2021")
    assert pettmann.ladder.kp_per_s == pytest.approx(0.954, rel=0.01)
    assert pettmann.ladder.completing(1.0) == pytest.approx(0.147, rel=0.01)
    assert pettmann.ladder.exponent(1.0) == pytest.approx(1.367, rel=0.01)
    assert pettmann.phi_per_s is None
    with pytest.raises(ValueError, match="'Pettmann 2021' gives no receptors and no on-rate"):
        _ = pettmann.contact


def test_kuznetsov_loads_as_parameters_and_finds_its_four_states():
    parameters = tables.kuznetsov()
    assert parameters == tables.kuznetsov("Kuznetsov 1994")
    scaled = parameters.scaled()
    printed = {
        "s": 0.1181,
        "rho": 1.131,
        "eta": 20.19,
        "mu": 0.00311,
        "delta": 0.3743,
        "alpha": 1.636,
        "beta": 0.002,
    }
    for name, value in printed.items():
        assert getattr(scaled, name) == pytest.approx(value, rel=0.002), name
    kinds = [state.kind for state in steady_states(parameters)]
    assert kinds == ["saddle", "stable focus", "saddle", "stable node"]


def test_cells_and_molecules_come_with_arm_role_and_a_colour():
    rows = tables.immune_cells()
    assert len(rows) >= 14
    assert set(rows["kind"]) == {"cell", "molecule"}
    assert set(rows["arm"]) == {"innate", "adaptive", "bridging"}
    assert set(rows["role"]) == {"effector", "helper", "presenter", "suppressor", "either"}
    for name in rows["palette"].dropna():
        assert isinstance(getattr(palette, name), palette.Colour)
    for arm in ("innate", "adaptive"):
        assert {"effector", "suppressor"} <= set(tables.immune_cells(arm=arm)["role"])
    assert set(tables.immune_cells(role="suppressor")["name"]) == {
        "regulatory T cell",
        "myeloid-derived suppressor cell",
    }


def test_the_cycle_has_seven_steps_in_order():
    rows = tables.cycle_steps()
    assert list(rows["step"]) == [1, 2, 3, 4, 5, 6, 7]
    assert (rows["name"].str.len() <= 18).all()
    assert not rows["broken"].str.endswith(".").any()  # a clause for the middle of a sentence
    assert rows.loc[rows["step"] == 6, "broken"].item() == "MHC class I is lost"


def test_every_therapy_has_a_place_and_a_step_it_cannot_mend():
    rows = tables.immunotherapies().fillna({"stopped_by_steps": "", "weakened_by_steps": ""})
    assert len(rows) >= 10
    assert set(rows["direction"]) == {"activation", "less suppression", "neither"}
    for row in rows.itertuples():
        acts, stopped, weakened = map(
            steps, (str(row.acts_on_steps), row.stopped_by_steps, row.weakened_by_steps)
        )
        assert row.main_step == int(str(row.acts_on_steps).split(";")[0])
        assert acts and acts | stopped | weakened <= set(range(1, 8))
        assert not stopped & weakened and row.main_step not in stopped
        assert row.cannot_mend_step not in acts
        assert {"yes": 6 in stopped, "partly": 6 in weakened, "no": 6 not in stopped | weakened}[
            row.needs_mhc_class_i
        ]
        # Clauses for the middle of a sentence.
        assert not row.does.endswith(".") and not row.why_mhc.endswith(".") and row.does[0].islower()


def test_what_still_works_without_mhc_class_i():
    rows = tables.immunotherapies().set_index("therapy")["needs_mhc_class_i"]
    for therapy in ("CAR-T cell", "T-cell engager", "antibody-drug conjugate", "antibody that flags"):
        assert rows[therapy] == "no"
    for therapy in ("antibody against PD-1 or PD-L1", "vaccine against a cancer", "TIL", "TCR-T cell"):
        assert rows[therapy] == "yes"


def test_tumours_have_at_least_eight_ways_to_hide():
    rows = tables.hiding_tricks()
    assert len(rows) >= 8
    assert rows["cycle_step"].between(1, 7).all()
    assert (rows["short"].str.split().str.len() <= 5).all()
    assert rows["seen_in"].str.contains("human").sum() >= 8


@pytest.mark.parametrize("name", ["immunotherapy_word", "expectations"])
def test_counts_stand_below_their_denominators(name):
    rows = getattr(tables, name)()
    counted = rows.dropna(subset=["successes"])
    assert len(counted) and (counted["successes"] <= counted["n"]).all()
    if "percent" in rows:
        share = 100 * counted["successes"].astype(float) / counted["n"].astype(float)
        assert share.to_numpy() == pytest.approx(counted["percent"].to_numpy(float), abs=0.5)


def test_the_word_covers_both_directions_and_a_failure():
    rows = tables.immunotherapy_word()
    assert set(rows["direction"]) == {"activation", "less suppression", "suppression"}
    for row in rows.dropna(subset=["successes"]).itertuples():
        assert str(row.successes) in row.result or row.successes == row.n  # "All 8 patients"
    assert rows["note"].str.contains("Hazard ratio 1.02").any()


def test_end_points_and_timeline_of_lesson_03():
    end_points = tables.end_points()
    assert set(end_points["surrogate"]) == {"yes", "no"}
    assert end_points["short"].is_unique
    events = tables.melanoma_timeline()
    assert events["date"].is_monotonic_increasing
    assert set(events["kind"]) == {"approval", "trial", "failure"}
    assert (events["jurisdiction"].notna() == (events["kind"] == "approval")).all()
    first = tables.approvals("US").set_index("product")["first_approved"]
    for row in tables.melanoma_timeline("approval").itertuples():
        if row.drug in first:
            assert row.date >= first[row.drug][:4]


def test_life_gained_after_fewer_recurrences_must_be_shown():
    """Misconception M10: one trial after surgery gained both, one gained recurrence only."""

    def ratio(trial, outcome):
        row = tables.trial_outcomes(trial, outcome).iloc[0]
        return row["value"], row["low"], row["high"]

    assert ratio("CheckMate 238", "hazard ratio of recurrence or death")[2] < 1
    assert ratio("CheckMate 238", "hazard ratio of death")[2] > 1
    assert tables.comparison("EORTC 18071").ci_high < 1


def test_harm_stands_beside_benefit_in_all_arms_of_checkmate_067():
    severe = tables.trial_outcomes("CheckMate 067", "severe side effects").set_index("arm")
    alive = tables.trial_outcomes("CheckMate 067", "alive")
    assert set(severe.index) == set(alive["arm"])
    assert severe["n"].notna().all()
    for _, arm in alive.groupby("arm"):
        heights = arm.sort_values("time_months")["value"].to_numpy()
        assert (heights[1:] <= heights[:-1]).all() and math.isclose(
            arm["time_months"].max(), 120
        )  # down to ten years


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: tables.proofreading("Smith 1999"),
            "No study of proofreading is called 'Smith 1999'. Known: Lever 2014",
        ),
        (lambda: tables.kuznetsov("Smith 1999"), "Known: Kuznetsov 1994"),
        (lambda: tables.immune_cells(arm="left"), "No arm is called 'left'. Known: innate"),
        (lambda: tables.immune_cells(role="king"), "No role is called 'king'"),
        (lambda: tables.immunotherapies("sideways"), "No direction is called 'sideways'"),
        (lambda: tables.expectations("weather"), "No topic is called 'weather'. Known: belief"),
        (lambda: tables.melanoma_timeline("rumour"), "No kind is called 'rumour'. Known: trial, approval"),
    ],
)
def test_loaders_say_what_there_is(make, message):
    with pytest.raises(ValueError, match=message):
        make()
