"""The interactives of lesson 01: what they claim in words agrees with their models and tables."""

import itertools
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.interactives import immune_system_and_cancer as lesson
from immunolab.interactives.explorer import Stage
from immunolab.interactives.immune_system_and_cancer.cycle import (
    MENDS,
    NEEDS,
    PARTLY,
    WITHOUT,
    known_therapies,
)
from immunolab.interactives.immune_system_and_cancer.friend_or_foe import SWEEPS, wait
from immunolab.interactives.immune_system_and_cancer.phase_plane import (
    FATES,
    NAMES,
    SURGERY,
    TREATMENTS,
    cells,
    plane_of,
    struggle,
)
from immunolab.interactives.page import cite
from immunolab.learning.quiz import question
from immunolab.models import proofreading, tumour_immune


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return lambda maker: Stage(maker())


def run(maker, **changed):
    """State, result and sentence of an explorer that starts as usual and differs by these controls."""
    explorer = maker()
    state = explorer.start | changed
    result = explorer.compute(**state)
    return state, result, explorer.sentence(state, result)


# Friend or foe


def test_ten_foreign_among_100_000_own_as_the_model_says():
    lever = tables.proofreading("Lever 2014")
    contact = proofreading.Contact(proofreading.Ladder.at_rate(13, 1.0), lever.receptors, lever.kon_per_s)
    met = contact.engage((10, 0.1), (1e5, 1.0))
    _, result, sentence = run(lesson.friend_or_foe, steps=13)
    assert (result.now.foreign, result.now.own) == pytest.approx(tuple(met.signalling))
    assert result.now.first_s == pytest.approx(met.first_signal_s[0])
    assert (
        "2,370 times as often" in sentence
        and "1.6 foreign and 1.4 own" in sentence
        and "51 seconds" in sentence
    )


def test_thirteen_steps_are_the_first_that_suffice():
    _, result, _ = run(lesson.friend_or_foe)
    louder = SWEEPS["steps"][result.sweep.stands_out > 1]
    assert louder[0] == 13


def test_the_price_of_steps():
    _, result, _ = run(lesson.friend_or_foe)
    assert (np.diff(result.sweep.stands_out) > 0).all()
    assert (np.diff(result.sweep.sensed) < 0).all()
    assert (np.diff(result.sweep.first_s) > 0).all()


@pytest.mark.parametrize(
    ("steps", "climb"), [(0, "steps"), (0, "delay"), (2.67, "steps"), (10, "steps"), (10, "delay")]
)
def test_the_ladder_shows_what_the_model_lets_through(steps, climb):
    _, result, _ = run(lesson.friend_or_foe, steps=steps, climb=climb)
    assert result.heights[-1] == steps
    assert result.reaching[:, 0] == pytest.approx(1)
    assert result.reaching[:, -1] == pytest.approx(result.ladder.completing(np.array([1.0, 0.1])))
    if climb == "steps" and steps == 10:
        assert result.reaching[1] == pytest.approx(result.ladder.rungs(0.1))


def test_a_fixed_delay_tells_apart_better_than_steps():
    ladders = [run(lesson.friend_or_foe, steps=10, climb=climb)[1] for climb in ("steps", "delay")]
    assert ladders[1].now.stands_out > ladders[0].now.stands_out
    assert ladders[1].ladder.delay_s == ladders[0].ladder.delay_s == 10


def test_who_drowns_whom_follows_the_numbers_everywhere():
    for steps, lasts, own in itertools.product((0, 2.67, 13, 20), (0.1, 1.0, 10.0, 100.0), (1e3, 1e5, 1e6)):
        _, result, sentence = run(lesson.friend_or_foe, steps=steps, lasts_s=lasts, own=own)
        ratio = result.now.stands_out
        assert ("stand out" in sentence) == (ratio >= 1.05), sentence
        assert ("drown" in sentence) == (ratio <= 1 / 1.05), sentence
        if steps and lasts != 1.0:
            assert ("a foreign bond gets through" in sentence) == (lasts > 1), sentence
        assert ("times as often" in sentence) == bool(steps and lasts != 1.0)


def test_a_bond_can_last_too_long_only_where_the_top_tires():
    _, _, sentence = run(lesson.friend_or_foe, steps=10, against="lasts")
    assert "Most foreign pairs" not in sentence
    _, result, sentence = run(lesson.friend_or_foe, steps=10, tires=0.09, against="lasts")
    assert f"about {result.best_s:.0f} s" in sentence
    assert result.sweep.foreign.max() == pytest.approx(
        result.sweep.foreign[SWEEPS["lasts"] == result.best_s][0]
    )
    _, longer, _ = run(lesson.friend_or_foe, steps=10, tires=0.09, against="lasts", lasts_s=100.0)
    assert longer.twice_as_long < 1 < result.twice_as_long
    bonds = result.ladder.signal_per_bond(np.array([0.05, 0.1]))
    assert result.twice_as_long == pytest.approx(bonds[0] / bonds[1])


def test_our_answer_quotes_the_model():
    lever = tables.proofreading("Lever 2014")
    ladders = {steps: proofreading.Ladder.at_rate(steps, 1.0) for steps in (1, 5, 10, 13)}
    gains = {steps: ladder.discrimination(1.0, 0.1) for steps, ladder in ladders.items()}
    told = lesson.friend_or_foe().explain[1]
    assert f"a gain of {gains[1]:.1f} a step" in told
    assert (
        f"{gains[5]:.0f} after five steps, {gains[10]:.0f} after ten, {round(gains[13], -1):,.0f} after thirteen"
        in told
    )
    met = lever.contact.engage((10, 0.1), (1e5, 1.0))
    assert met.bound[1] / met.bound[0] == pytest.approx(2000, rel=0.05) and f"{lever.receptors:,.0f}" in told


def test_the_task_of_the_ladder_can_be_solved(stage):
    shown = stage(lesson.friend_or_foe)
    shown.controls["steps"].value = 17
    assert "Found it" not in shown.found.value
    shown.controls["lasts_s"].value = 20.0
    assert "Found it" in shown.found.value


# Round the cycle


def test_every_therapy_with_every_broken_step():
    rows = {row.therapy: row for row in tables.immunotherapies().fillna("").itertuples()}
    for name, step in itertools.product(rows, range(1, 8)):
        _, result, sentence = run(lesson.cycle, therapy=name, broken=str(step))
        row, verdict = rows[name], result.therapy.verdict(step)
        assert (verdict == NEEDS) == (str(step) in row.stopped_by_steps)
        assert (verdict == PARTLY) == (str(step) in row.weakened_by_steps)
        assert verdict in sentence
        assert (f"{row.why_mhc[1:]}." in sentence) == (step == 6)
        found = [verdict for _, verdict in result.verdicts]
        told = re.search(
            r"Of all (\d+) kinds, (\d+) can still work, (\d+) in part, and (\d+) are stopped", sentence
        )
        whole, *parts = map(int, told.groups())
        assert whole == sum(parts) == len(rows)
        assert (
            parts[2] == found.count(NEEDS) == sum(str(step) in row.stopped_by_steps for row in rows.values())
        )


def test_of_the_six_in_the_question_as_many_still_work_as_is_right_there():
    right = next(option for option in question("01.Q10").options if option.right)
    _, _, sentence = run(lesson.cycle, broken="6")
    assert f"Of the six in the question, {right.value:.0f} can still work." in sentence


def test_what_strengthens_a_step_does_not_replace_it():
    _, _, sentence = run(lesson.cycle, broken="3")
    assert "for it can strengthen that step and not replace it" in sentence


def test_mhc_class_i_decides_the_sixth_step():
    said = {"yes": NEEDS, "partly": PARTLY}
    for row in tables.immunotherapies().itertuples():
        verdict = known_therapies()[row.therapy].verdict(6)
        if row.needs_mhc_class_i == "no":
            assert verdict in (MENDS, WITHOUT), row.therapy
        else:
            assert verdict == said[row.needs_mhc_class_i], row.therapy


def test_with_nothing_broken_the_sentence_says_what_each_needs():
    for name, known in known_therapies().items():
        _, _, sentence = run(lesson.cycle, therapy=name)
        assert known.does in sentence
        assert ("No single step" in sentence) == (not known.stopped_by and not known.weakened_by)


def test_our_answer_on_the_cycle_follows_from_the_table():
    known = known_therapies()
    broken = {
        step: {name for name, one in known.items() if one.verdict(step) == NEEDS} for step in range(1, 8)
    }
    assert broken[6] & broken[5] & broken[3] == {"antibody against PD-1 or PD-L1", "TIL"}
    for name in ("CAR-T cell", "T-cell engager"):
        assert [step for step in broken if name in broken[step]] == [5, 7]
    assert not any("antibody-drug conjugate" in stopped for stopped in broken.values())


def test_only_the_antibody_against_pd1_takes_the_brake_off_at_the_last_step(stage):
    shown = stage(lesson.cycle)
    shown.controls["broken"].value = "7"
    assert "Found it" in shown.found.value


# Eliminated, held, escaped


def fate_of(plane, effectors, tumour):
    return next(fate for end, fate in plane.fates(effectors) if tumour < end)


WORDS = {"dormant": "held", "escaped": "escapes", "eliminated": "eliminated"}


@pytest.mark.parametrize("influx", [0.2, 0.5, 0.6, 1.0, 1.6, 1.7, 3.0, 6.0])
def test_the_regions_end_as_the_courses_do(influx):
    """Of many starts, all that are settled after 1,000 days ended as their region says."""
    settled = 0
    for effectors, tumour in itertools.product(np.geomspace(1.5e3, 8e7, 9), np.geomspace(15, 4.5e8, 9)):
        result = struggle(tumour, effectors, influx, "none", 20)
        if result.course.outcome != "undecided":
            settled += 1
            assert fate_of(result.plane, effectors, tumour) == WORDS[result.course.outcome], (
                effectors,
                tumour,
            )
    assert settled > 60


def test_small_can_escape_and_large_be_held():
    """The prediction of the segment: 1,000 against 5 million, 1 million against 100 million."""
    small, large = (preset.state for preset in lesson.phase_plane().presets[:2])
    _, result, sentence = run(lesson.phase_plane, **small)
    assert (
        result.course.outcome == "escaped"
        and "it escapes" in sentence
        and "up to 2.57 million are held" in sentence
    )
    _, result, sentence = run(lesson.phase_plane, **large)
    assert result.course.outcome == "dormant" and "it is held" in sentence
    assert large["tumour"] == 20 * small["tumour"]


def test_the_start_swings_as_the_model_says():
    _, result, sentence = run(lesson.phase_plane)
    assert result.course.peaks[0] == pytest.approx((49.4, 86.3e6), rel=0.02)
    assert "largest on day 50, with 86.2 million" in sentence


def test_with_half_the_influx_held_starts_are_an_island():
    plane = plane_of(0.5)
    assert plane.island and [fate for _, fate in plane.fates(3.2e5)] == ["escapes", "held", "escapes"]
    assert not plane_of(1.0).island


def test_the_critical_influx_lies_between_two_steps_of_the_slider(stage):
    mouse = tables.kuznetsov()
    critical = tumour_immune.critical_influx(mouse)[0] / mouse.s_cells_d
    assert 1.6 < critical < 1.7
    assert plane_of(1.6).watershed is not None and plane_of(1.7).watershed is None
    shown = stage(lesson.phase_plane)
    shown.controls["influx"].value = 1.6
    assert "Found it" not in shown.found.value
    shown.controls["influx"].value = 1.7
    assert "Found it" in shown.found.value


def test_above_five_times_the_influx_the_last_cell_does_not_grow_back():
    mouse = tables.kuznetsov()
    assert 5.1 < mouse.clearing_influx / mouse.s_cells_d < 5.2
    assert [fate for _, fate in plane_of(5.3).fates(1e4)] == ["eliminated"]
    assert [fate for _, fate in plane_of(5.0).fates(1e4)] == ["held"]


def test_steady_states_have_names_at_every_influx():
    for influx in np.arange(0.2, 6.05, 0.1):
        for state in plane_of(round(float(influx), 1)).states:
            named = (state.role, state.kind) in NAMES
            assert named == (state.stable or state.tumour_cells > 0), (influx, state)


def test_a_treatment_is_told_beside_the_untreated_course():
    start = {"effectors": 3.2e5, "tumour": 1e8}
    _, result, sentence = run(lesson.phase_plane, **start, treatment=SURGERY)
    assert result.course.outcome == "dormant" and sentence.endswith("Untreated, it escapes.")
    _, result, sentence = run(lesson.phase_plane, **start)
    assert result.course.outcome == "escaped" and "Untreated" not in sentence


def test_sentences_of_the_plane_follow_the_course_at_every_corner():
    corners = itertools.product((10.0, 1e9), (1e3, 1e8), (0.2, 0.5, 1.0, 1.7, 6.0), TREATMENTS, (1, 200))
    for tumour, effectors, influx, treatment, day in corners:
        state = {
            "tumour": tumour,
            "effectors": effectors,
            "influx": influx,
            "treatment": treatment,
            "day": day,
        }
        _, result, sentence = run(lesson.phase_plane, **state)
        course = result.course
        assert f"{FATES[course.outcome]}." in sentence
        assert ("below one cell on" in sentence) == (course.one_cell_d is not None)
        peak = course.tumour_cells.max()
        assert ("largest on" in sentence) == (
            peak > 1.001 * tumour and course.tumour_cells[-1] < 0.99 * peak
        ), sentence


@pytest.mark.parametrize(
    ("count", "words"),
    [(15, "15"), (12_345, "12,300"), (999_600, "1 million"), (8.186e6, "8.19 million"), (1e9, "1 billion")],
)
def test_cells_in_words(count, words):
    assert cells(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(7.63, "7.6 seconds"), (119, "120 seconds"), (600, "10 minutes"), (1e5, "28 hours"), (1e12, "years")],
)
def test_waits_in_words(seconds, words):
    assert wait(seconds) == words


def test_tables_have_a_row_for_each_fact():
    for made, facts in (
        (lesson.players, tables.immune_cells), (lesson.therapies, tables.immunotherapies),
        (lesson.hiding, tables.hiding_tricks), (lesson.the_word, tables.immunotherapy_word),
    ):  # fmt: skip
        page = made().data
        assert page.count("<tr>") == page.count("<small>") + 1 == len(
            facts()
        ) + 1 and "nan" not in page.lower().replace("nano", "")
        assert cite(facts().source[0]) in page


def test_sources_are_cited_by_author_and_year():
    assert cite("ChenMellman2013") == "Chen and Mellman 2013"
    assert cite("Mocellin2013") == "Mocellin et al 2013"
    assert cite("KeytrudaLabel") == "Keytruda label"


@pytest.mark.parametrize(("align", "left"), [(0, 0.0), (0.5, -0.5), (1, -1.0)])
def test_outlined_words_stand_where_they_are_put(align, left):
    axes = Figure().subplots()
    label = plots.outlined(axes, "saddle", palette.INK, (0.3, 0.4), align)
    box = label.get_paths()[0].get_extents()
    assert box.x0 / box.width == pytest.approx(left, abs=0.1)
    assert label.get_offsets().tolist() == [[0.3, 0.4]]
