"""Every interactive of lesson 03: its numbers against the models, its sentences at every end, and what it is there to show."""

import itertools
import math
import re

import numpy as np
import pytest

from immunolab import tables
from immunolab.draw import plots
from immunolab.interactives import checkpoint_trials as lesson
from immunolab.interactives.checkpoint_trials.curve_builder import HOW, MONTHS, MOST_LEAVE, build
from immunolab.interactives.checkpoint_trials.shared import KNOWN, arms
from immunolab.interactives.checkpoint_trials.tail import FITS, HELD
from immunolab.interactives.checkpoint_trials.trial_reader import (
    MEASURES,
    READ_AT,
    ReaderPlot,
    _curves,
    _ratio,
    crossing,
    reading,
    row_note,
)
from immunolab.interactives.explorer import Pick, Slide, Stage
from immunolab.models import survival

EXPLORERS = {fn.__name__: fn for fn in (lesson.curve_builder, lesson.trial_reader, lesson.tail)}


@pytest.fixture(params=EXPLORERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return EXPLORERS[request.param]()


def state_of(explorer, label):
    """The controls as a preset sets them."""
    return explorer.start | next(preset.state for preset in explorer.presets if preset.label == label)


def says(explorer, **changed):
    """The sentence of a state."""
    state = explorer.start | changed
    return explorer.sentence(state, explorer.compute(**state))


def whole(sentence):
    """A sentence without what a computation leaves where it has no answer."""
    return sentence.endswith(".") and not re.search(r"nan\b|inf\b|None|  |−0\b(?!\.)|\(0\.00 to", sentence)


def test_moving_redraws_only_what_moved(explorer, monkeypatch):
    """The budget in work: a move within the axes never renders the still parts again."""
    stage = Stage(explorer)
    drawn = []
    monkeypatch.setattr(stage.picture.plot.canvas, "draw", lambda: drawn.append(1))
    name = next(c.name for c in explorer.controls if isinstance(c, Slide) and not c.advanced)
    slider, frame = stage.controls[name], stage.picture.figure.frame
    slider.value = slider.values[0]
    assert stage.picture.figure.frame != frame
    assert not drawn


VARY = {  # what is kept, and the control that the task moves
    "One person at a time": ({"month": 12}, "who"),
    "One trial, five readings": ({"name": "IMvigor211", "measure": "ratio"}, "month"),
    "What did they know at month 12?": ({"arm": "KEYNOTE-024: pembrolizumab", "known": 18}, "held"),
}


def test_vary_can_be_reached_and_is_not_reached_at_the_start(explorer):
    assert not explorer.vary.reached(explorer.start, explorer.compute(**explorer.start))
    kept, name = VARY[explorer.title]
    control = next(c for c in explorer.controls if c.name == name)
    values = list(control.options) if isinstance(control, Pick) else list(control.widget().values)
    states = [explorer.start | kept | {name: value} for value in values]
    found = [state for state in states if explorer.vary.reached(state, explorer.compute(**state))]
    assert 0 < len(found) < len(states)


def test_the_start_does_not_show_what_is_to_be_predicted(explorer):
    asked = explorer.presets[explorer.tests_prediction]
    assert explorer.start | asked.state != explorer.start


# One person at a time


def test_four_ways_to_count_ten_people_at_month_12():
    built = build(12, 3, "kept", "ten", 4, "anybody")
    heights = {how: built.heights[how][12] for how in HOW}
    assert heights == pytest.approx(
        {"kept": 100 * 0.8 * 6 / 7 * 3 / 4, "dead": 30, "left out": 300 / 7, "alive": 60}
    )
    assert sorted(built.ends[built.died]) == [2, 4, 7, 12]
    assert sorted(built.ends[built.censored]) == [5, 8, 9]
    end = build(24, 3, "kept", "ten", 4, "anybody")
    assert sorted(end.ends[end.died]) == [2, 4, 7, 12, 15]
    assert sorted(end.ends[~end.died]) == [5, 8, 9, 18, 20]
    assert end.curve.median.value == 15


@pytest.mark.parametrize(("people", "who"), [*itertools.product(("ten", "twenty"), ("anybody", "sickest"))])
def test_the_curve_is_the_product_over_the_deaths_however_many_leave(people, who):
    for seed, leave in itertools.product((1, 7), range(MOST_LEAVE + 1)):
        built = build(24, leave, "kept", people, seed, who)
        height, expected = 1.0, []
        for month in MONTHS:
            at_risk = (built.ends >= month).sum()
            dead = (built.died & (built.ends == month)).sum()
            height *= 1 - dead / at_risk if dead else 1
            expected.append(100 * height)
        np.testing.assert_allclose(built.heights["kept"], expected)
        assert np.isfinite(built.left).sum() == leave
        assert (built.heights["dead"] <= built.heights["kept"] + 1e-9).all()
        assert (built.heights["kept"] <= built.heights["alive"] + 1e-9).all()


def test_leaving_just_before_death_makes_the_curve_too_high_and_leaving_at_random_hardly_moves_it():
    gap = {}
    for who in ("anybody", "sickest"):
        runs = [build(24, 6, "kept", "twenty", seed, who) for seed in range(1, 13)]
        gap[who] = np.mean([run.heights["kept"][24] - run.if_nobody_left[24] for run in runs])
    assert abs(gap["anybody"]) < 4
    assert gap["sickest"] > 10


def test_the_last_step_is_calculated_in_words():
    explorer = lesson.curve_builder()
    assert says(explorer, month=12).startswith(
        "The last step, at month 12: of 4 at risk 1 dies, 68.6 % × 3/4 = 51.4 %. Up to month 12: 4 of 10 died, 3 censored, 3 still"
    )
    assert "begins at 100 %" in says(explorer, month=0)
    assert says(explorer, month=1).startswith("Nobody has died so far")
    assert "3 of 7 alive, 42.9 %" in says(explorer, month=12, how="left out")
    assert "Had nobody left" not in says(explorer, month=12, leave=0)


@pytest.mark.parametrize("month", [0, 1, 5, 12, 24])
def test_builder_has_words_everywhere(month):
    explorer = lesson.curve_builder()
    for leave, how, people, who in itertools.product(
        (0, 1, 6), HOW, ("ten", "twenty"), ("anybody", "sickest")
    ):
        assert whole(says(explorer, month=month, leave=leave, how=how, people=people, who=who))


# Any comparison


@pytest.mark.parametrize("name", tables.comparisons())
def test_every_comparison_has_words_at_both_ends_of_the_slider(name):
    explorer = lesson.trial_reader()
    for measure, month in itertools.product(MEASURES, (READ_AT[0], READ_AT[-1])):
        said = says(explorer, name=name, measure=measure, month=month)
        assert whole(said), said
        last = min(curve.longest for curve in _curves(name))
        beyond = month > last and measure in ("alive", "gained", "ratio")
        assert said.startswith(f"Not both arms were followed to month {month};") == beyond


def test_every_row_has_its_place_on_the_axis():
    plot = ReaderPlot()
    for name, measure in itertools.product(tables.comparisons(), ("medians", "ratio", "tests")):
        result = reading(name, 12, measure)
        plot.update(result)
        low, high = plot.rows.get_xlim()
        known = [row.estimate.value for row in result.rows if row.estimate]
        assert all(low <= value <= high or math.isinf(value) for value in known), (name, measure)


def test_recomputed_numbers_are_as_near_to_the_papers_as_the_limits_say():
    for name in tables.comparisons():
        facts = tables.comparison(name)
        assert _ratio(name).value == pytest.approx(facts.hazard_ratio, abs=0.03), name
        published = facts.median_treatment_months, facts.median_control_months
        for paper, curve in zip(published, _curves(name), strict=True):
            if paper is not None and math.isfinite(paper):
                assert curve.median.value == pytest.approx(paper, abs=1), name
    words = " ".join(lesson.trial_reader().limits)
    assert "within 0.03 of the papers, medians within a month" in words


def test_checkmate_057_gains_nothing_in_a_year_and_hides_a_change():
    explorer = lesson.trial_reader()
    year, two = (
        explorer.compute(**state_of(explorer, f"Gained in {t}")) for t in ("the first year", "two years")
    )
    assert (year.apart.value, two.apart.value) == pytest.approx((0.15, 1.73), abs=0.01)
    state = state_of(explorer, "Ratio up to month 6, and after")
    early, late = (row.estimate for row in explorer.compute(**state).rows[2:])
    assert (early.value, late.value) == pytest.approx((1.10, 0.55), abs=0.005)
    assert says(explorer, **state).endswith(
        "differ by more than chance easily explains: one number hides a change."
    )
    assert crossing("CheckMate 057") == pytest.approx(6.7, abs=0.05)
    medians = [curve.median.value for curve in _curves("CheckMate 057")]
    assert medians[0] - medians[1] == pytest.approx(2.6, abs=0.05)
    for words in ("2.6 months apart", "0.75", "near month 7", "(1.10)", "(0.55)"):
        assert words in " ".join(explorer.explain)


@pytest.mark.parametrize("name", tables.comparisons())
def test_numbers_read_at_a_month_are_those_of_the_models(name):
    arms = tables.comparison(name).patients
    alive, gained = (reading(name, 12, measure) for measure in ("alive", "gained"))
    assert np.divide(alive.apart, 100) == pytest.approx(survival.survival_difference(*arms, 12))
    assert gained.apart == pytest.approx(survival.rmst_difference(*arms, 12))
    sure = (
        alive.apart.low > 0 or alive.apart.high < 0
    )  # in all, more than a few are still followed at month 12
    said = says(lesson.trial_reader(), name=name, measure="alive")
    assert ("makes no sense" in said) != sure
    assert ("for about every" in said) == sure


def test_the_area_between_the_curves_is_the_time_gained():
    plot = ReaderPlot()
    result = reading("CheckMate 057", 24, "gained")
    plot.update(result)
    gained, lost = (area.get_paths()[0].vertices for area in plot.areas)
    areas = [abs(np.trapezoid(*np.vstack([v, v[:1]]).T[::-1])) / 100 for v in (gained, lost)]
    assert areas[0] - areas[1] == pytest.approx(result.apart.value, abs=1e-6)


def test_a_median_that_is_not_reached_is_said_and_an_interval_with_one_too():
    explorer = lesson.trial_reader()
    said = says(explorer, name="KEYNOTE-024")
    assert said.count("not reached") == 3  # both arms, and once for what the paper prints
    assert "contains 1" in says(explorer, name="ECHO-301", measure="ratio")
    assert "still followed there: 3" in says(explorer, name="EORTC 18071")
    assert "too few deaths" in says(explorer, name="KEYNOTE-024", measure="ratio", month=84)


def test_tests_agree_or_say_that_the_weight_decides():
    explorer = lesson.trial_reader()
    assert says(explorer, name="CheckMate 026", measure="tests").endswith("All three lie above 0.05.")
    assert says(explorer, name="CheckMate 067, both antibodies", measure="tests").endswith(
        "All three lie below 0.05."
    )
    assert "must be chosen before" in says(explorer, name="CheckMate 057", measure="tests")


def test_no_number_needed_to_treat_where_few_are_followed():
    said = says(lesson.trial_reader(), name="CheckMate 026", measure="alive", month=84)
    assert "treated" not in said
    assert said.endswith("With so few still followed that says little; still followed: 1 and 1.")


def test_windows_of_one_arm_only_give_no_ratio():
    assert _ratio("CheckMate 057", start=24) is None
    late = reading("CheckMate 057", 24, "ratio").rows[-1]
    assert row_note("ratio", late.estimate) == "too few deaths"


# The tail


def test_what_was_known_of_checkmate_067():
    explorer = lesson.tail()
    full = explorer.compute(**explorer.start)
    assert (full.fit.model.cured, full.fit.low, full.fit.high) == pytest.approx((0.49, 0.41, 0.56), abs=0.006)
    year = explorer.compute(**state_of(explorer, "Only 12 months known"))
    assert (year.fit.model.cured, year.fit.low) == (0, 0)
    assert year.fit.high == pytest.approx(0.66, abs=0.006)
    assert "0 to 66 %, four years pin it to 15 points" in explorer.explain[0]
    assert len(full.patients) == 314
    many = survival.Patients(np.tile(year.patients.time, 4), np.tile(year.patients.event, 4))
    fit = survival.fit_mixture_cure(many)
    assert (fit.low, fit.high) == (0, pytest.approx(0.52, abs=0.005))
    assert (
        "Four times as many people, all alike, would still allow 0 to 52 % at month 12" in explorer.explain[1]
    )
    assert round(100 * full.fit.high) - round(100 * full.fit.low) == 15


def test_the_first_report_of_keynote_024_does_not_identify_the_share():
    explorer = lesson.tail()
    state = state_of(explorer, "KEYNOTE-024, first report")
    result, said = explorer.compute(**state), says(explorer, **state)
    assert "58 %; the data allow 0 to 72 %, so perhaps nobody at all: the share is not identified" in said
    assert result.found == (60, 31.9)
    assert "(20 to 72 within the interval); 32 % were" in said


@pytest.mark.parametrize("arm", list(arms()))
def test_every_arm_has_a_fit_at_both_ends_of_the_slider(arm):
    explorer = lesson.tail()
    for known, held in ((KNOWN[0], HELD[-1]), (KNOWN[-1], HELD[0])):
        said, result = says(explorer, arm=arm, known=known, held=held), explorer.compute(arm, known, held)
        assert whole(said), said
        assert ("not identified" in said) == (result.fit.low == 0)
        assert result.horizon >= result.curve.longest - 1
        fits = result.fit.low <= held / 100 <= result.fit.high
        assert ("is not contradicted" in said) == fits or result.drop == pytest.approx(FITS, abs=0.1)


def test_what_came_later_lies_later_and_is_told_apart_from_the_interval():
    explorer = lesson.tail()
    early = explorer.compute("CheckMate 067: nivolumab and ipilimumab", 24, 30)
    assert early.found[0] == 120
    assert "That lies outside" in says(explorer, known=24)
    late = explorer.compute("ATTRACTION-2: placebo", 90, 0)
    assert late.found is None
    assert "they were" not in says(explorer, arm="ATTRACTION-2: placebo", known=90)


def test_stairs_begin_whole_and_end_at_the_time_asked_for():
    times, heights = plots.stairs(np.array([2.0, 5.0]), np.array([90.0, 60.0]), until=4)
    assert (times.tolist(), heights.tolist()) == ([0, 2, 4], [100, 90, 90])
    times, heights = plots.stairs(np.array([2.0, 5.0]), np.array([90.0, 60.0]))
    assert (times.tolist(), heights.tolist()) == ([0, 2, 5, 5], [100, 90, 60, 60])
