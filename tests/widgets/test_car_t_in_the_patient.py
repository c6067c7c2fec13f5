"""Every interactive of lesson 07 at its presets, at its corners, and back; and what each is there to show."""

import math

import numpy as np
import pytest

from immunolab import tables
from immunolab.interactives import car_t_in_the_patient as lesson
from immunolab.interactives.car_t_in_the_patient.fewer_cells import SWEEP, feast
from immunolab.interactives.car_t_in_the_patient.race import WITHOUT_ANTIGEN, RacePlot
from immunolab.interactives.car_t_in_the_patient.shared import cells
from immunolab.interactives.car_t_in_the_patient.time_course import time_course_of
from immunolab.interactives.car_t_in_the_patient.trials import (
    OUTCOMES,
    TrialsPlot,
    counts,
    studies_of,
    trial_note,
)
from immunolab.interactives.explorer import Pick

EXPLORERS = {
    fn.__name__: fn
    for fn in (lesson.time_course, lesson.fewer_cells, lesson.race, lesson.bedside, lesson.trials)
}


@pytest.fixture(params=EXPLORERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return EXPLORERS[request.param]()


def values_of(control):
    """Every value of a control, in order."""
    return list(control.options) if isinstance(control, Pick) else list(control.widget().values)


def state_of(explorer, label):
    """The controls as a preset sets them."""
    return explorer.start | next(preset.state for preset in explorer.presets if preset.label == label)


VARY = {  # the control that the task moves, and what it keeps
    "A drug that grows": ("start_times", {"ends": "day"}),
    "Ten times fewer": ("leukaemia", {}),
    "The race for room": ("k_c_per_uL", {"r_b_per_d": 0.19}),
    "CRS and ICANS at the bedside": ("pressure", {"temperature_C": 38.6, "pressure": "one", "oxygen": "nasal cannula"}),
    "How sure is 80 %?": ("n", {"percent": 80.0}),
}  # fmt: skip


def test_vary_can_be_reached(explorer):
    name, kept = VARY[explorer.title]
    control = next(c for c in explorer.controls if c.name == name)
    states = [explorer.start | kept | {name: value} for value in values_of(control)]
    found = [state for state in states if explorer.vary.reached(state, explorer.compute(**state))]
    assert 0 < len(found) < len(states)


def test_the_start_does_not_show_what_is_to_be_predicted(explorer):
    """The picture before the prediction stands at another setting than the one that is asked for."""
    asked = explorer.presets[explorer.tests_prediction]
    assert explorer.start | asked.state != explorer.start


# A drug that grows


def test_a_tenth_of_the_cells_costs_days_or_height():
    usual = time_course_of("tisagenlecleucel", 1.0, "peak", "sd").curve
    later = time_course_of("tisagenlecleucel", 0.1, "peak", "sd").curve
    lower = time_course_of("tisagenlecleucel", 0.1, "day", "sd").curve
    assert later.peak == pytest.approx(usual.peak)
    assert later.t_max_d - usual.t_max_d == pytest.approx(math.log2(10) * usual.doubling_d)
    assert (later.doubling_d, lower.doubling_d) == pytest.approx((usual.doubling_d, usual.doubling_d))
    assert (lower.peak / usual.peak, lower.t_max_d) == pytest.approx((0.1, usual.t_max_d))


def test_the_band_is_wider_if_the_column_is_read_as_variances():
    peaks = {
        reading: time_course_of("tisagenlecleucel", 1.0, "peak", reading).peaks
        for reading in ("sd", "variance")
    }
    assert peaks["variance"][0] < peaks["sd"][0] < 24_000 < peaks["sd"][1] < peaks["variance"][1]


def test_a_product_without_published_height_has_no_band_and_says_so():
    explorer = lesson.time_course()
    state = state_of(explorer, "The other product")
    result = explorer.compute(**state)
    assert result.band is None
    assert "lag of 3.3 days" in explorer.sentence(state, result)
    assert "borrowed" in explorer.sentence(state, result)


# Ten times fewer


def test_the_peak_hardly_depends_on_the_dose_and_much_on_the_leukaemia():
    usual, fewer = (feast(dose, 5e10, 14.0).course.peak for dose in (1e7, 1e6))
    assert fewer[1] / usual[1] == pytest.approx(1.07, abs=0.01)
    assert fewer[0] > usual[0]
    assert feast(1e7, 5e9, 14.0).course.peak[1] < usual[1] / 4


def test_the_sweep_meets_the_dot():
    result = feast(1e7, 5e10, 14.0)
    assert np.interp(7, np.log10(SWEEP), result.peaks) == pytest.approx(result.course.peak[1], rel=0.02)


# The race for room


def test_more_lymphocytes_at_infusion_cost_the_peak():
    explorer = lesson.race()
    few = explorer.compute(**explorer.start)
    many = explorer.compute(**state_of(explorer, "30 lymphocytes instead of 6"))
    assert few.peak[1] == pytest.approx(30.1, abs=0.3)
    assert many.peak[1] == pytest.approx(1.9, abs=0.1)
    assert few.extinction_probability == pytest.approx(0.62, abs=0.01)
    assert many.extinction_probability < 1e-9


def test_a_fast_tumour_is_back_only_after_it_was_small():
    """At these corners it grows by a fifth within a day of the infusion, and only later shrinks, or never does."""
    explorer = lesson.race()
    shrinks = explorer.start | {"lymphocytes_per_uL": 1, "k_c_per_uL": 60, "r_b_per_d": 0.5}
    result = explorer.compute(**shrinks)
    assert result.progression_d() < 1 < 13 < result.progression_d(from_d=result.nadir[0])
    back = f"Otherwise, on day {result.progression_d(from_d=result.nadir[0]):.0f}, it is 20 % larger"
    assert "smallest on day 13" in explorer.sentence(shrinks, result)
    assert back in explorer.sentence(shrinks, result)
    grows = shrinks | {"lymphocytes_per_uL": 60}
    words = explorer.sentence(grows, explorer.compute(**grows))
    assert "does not shrink" in words and "Otherwise, within a day, it is 20 % larger" in words


def test_persistence_outruns_a_faster_tumour():
    explorer = lesson.race()
    fast = explorer.compute(**state_of(explorer, "A faster tumour"))
    held = explorer.compute(**state_of(explorer, "Faster, and more room"))
    assert fast.extinction_probability < 1e-6 and held.extinction_probability > 0.999
    assert held.progression_d() is None  # below one cell nothing grows back


def test_two_sets_agree_for_four_weeks_and_part_later():
    explorer = lesson.race()
    one = explorer.compute(**explorer.start)
    twin = explorer.compute(**state_of(explorer, "Other parameters, same four weeks"))
    days = np.linspace(0, 28, 113)
    ratio = np.exp(twin.log_tumour_at(days) - one.log_tumour_at(days))
    assert np.abs(ratio - 1).max() < 0.13
    np.testing.assert_allclose(one.car_cells, twin.car_cells)
    assert one.extinction_probability - twin.extinction_probability > 0.5
    assert one.progression_d() - twin.progression_d() > 150


def test_nothing_is_drawn_below_one_cell():
    explorer = lesson.race()
    held = explorer.compute(**state_of(explorer, "Faster, and more room"))
    drawn = RacePlot._until_one_cell(held)
    gone = held.times_d >= held.one_cell_d
    assert np.isnan(drawn[gone]).all() and (drawn[~gone] >= 1).all()


def test_tumour_cells_without_antigen_undo_the_extinction():
    explorer = lesson.race()
    state = state_of(explorer, "Faster, and more room")
    chances = [
        explorer.compute(**state | {"without_antigen": share}).extinction_probability
        for share in WITHOUT_ANTIGEN
    ]
    assert chances[0] > 0.999 and chances[-1] < 0.01
    assert np.all(np.diff(chances) <= 1e-9)


def test_measured_medians_lie_near_the_published_curve():
    seen = tables.t_cell_counts()
    course = lesson.race().compute(**lesson.race().start)
    model = course.conc_at(seen.day_d.to_numpy(float))
    assert ((seen.low_per_uL <= model) & (model <= seen.high_per_uL)).all()


# The bedside


@pytest.mark.parametrize(
    ("label", "crs", "icans"),
    [
        ("38.6 °C, one vasopressor, 3 L of oxygen", 3, 0),
        ("39 °C, fluids, 3 L of oxygen", 2, 0),
        ("After tocilizumab: no fever, one vasopressor", 3, 0),
        ("No fever from the start, low pressure", 0, 0),
        ("ICE 5, wakes to voice", 0, 2),
        ("ICE 8, then a short seizure", 0, 3),
    ],
)
def test_grades_of_the_cases(label, crs, icans):
    explorer = lesson.bedside()
    result = explorer.compute(**state_of(explorer, label))
    assert (result.crs.grade, result.icans.grade) == (crs, icans)


def test_every_cell_of_the_two_tables_can_be_reached():
    """A sign and a grade that stand in the picture are what some setting of the controls gives."""
    explorer = lesson.bedside()
    reached = set()
    for control in explorer.controls:
        for value in values_of(control):
            result = explorer.compute(**explorer.start | {"temperature_C": 38.6, control.name: value})
            reached |= {("CRS", f.sign, f.grade) for f in result.crs.findings}
            reached |= {("ICANS", f.sign, f.grade) for f in result.icans.findings}
    drawn = set(explorer.draw(1.0).reached)
    assert drawn <= reached
    assert {cell for cell in reached if cell[2]} <= drawn


def test_low_pressure_without_fever_asks_for_another_cause():
    explorer = lesson.bedside()
    state = state_of(explorer, "No fever from the start, low pressure")
    assert "What else explains the hypotension?" in explorer.sentence(state, explorer.compute(**state))


# Trials


def test_counts_and_their_intervals():
    result = counts("CRS grade 3+", 15, 0.0)
    assert (result.x, result.low, result.high) == (0, 0, pytest.approx(21.8, abs=0.05))
    juliet = result.studies[result.studies.study == "JULIET"].iloc[0]
    assert (juliet.successes, juliet.n) == (24, 111)
    assert juliet.low < 22 < juliet.high


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_studies_fit_the_picture(outcome):
    shown = studies_of(outcome)
    assert 3 <= len(shown) <= TrialsPlot.ROWS
    assert shown.study.is_unique
    assert set(shown.kind) == {"CAR-T"}
    counted = shown[shown.successes.notna()]
    assert ((counted.low <= counted.percent + 0.6) & (counted.percent - 0.6 <= counted.high)).all()


def test_a_scale_that_is_not_confirmed_is_said_to_be_so():
    explorer = lesson.trials()
    state = state_of(explorer, "Severe CRS, and none of 15")
    result = explorer.compute(**state)
    assert "Scales: Penn, Lee 2014; in 4 of the studies one that we could not confirm." in explorer.sentence(
        state, result
    )
    notes = {row.study: trial_note(row) for row in result.studies.itertuples()}
    assert notes["JULIET"] == "24 of 111, Penn"
    assert notes["TRANSCEND"] == "2 % of 269, Lee 2014"
    assert notes["FELIX"].endswith("scale not confirmed")
    assert "scale" not in trial_note(next(studies_of("response").itertuples()))


def test_the_recount_that_the_limits_mention_stands_in_the_table():
    rows = tables.cell_therapy_trials("CAR-T", outcome="CRS grade 3+").set_index("study")
    assert (rows.percent["KarMMa, US review"], rows.percent["KarMMa"]) == (9, 5)
    assert "9 % had severe CRS by the US review, 5 % by the paper" in " ".join(lesson.trials().limits)


# Tocilizumab


def test_tocilizumab_figure_states_level_and_counts():
    shown = lesson.tocilizumab().data
    assert "31 of 45, exact interval 53 to 82 %" in shown
    assert "below 1 mg/L after 18.6 days" in shown
    assert "COVID-19" in shown


# Words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (2.32, "2.3"),
        (0.5, "0.5"),
        (36.2, "36"),
        (1128, "1,130"),
        (410_706, "411,000"),
        (1.64e10, "1.64 × 10¹⁰"),
        (1e7, "10⁷"),
    ],
)
def test_numbers_of_cells(count, words):
    assert cells(count) == words
