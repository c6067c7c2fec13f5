"""Every interactive of lesson 04 at its presets, at its corners, and back; and its tables."""

import re

import numpy as np
import pytest

from immunolab import tables
from immunolab.interactives import antibody_targeting as lesson04
from immunolab.interactives.explorer import Slide

EXPLORERS = {fn.__name__: fn for fn in (lesson04.arms, lesson04.dose, lesson04.depth)}


@pytest.fixture(params=EXPLORERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return EXPLORERS[request.param]()


ANSWERS = {
    "One arm, two arms": {"kd_nM": 100.0, "molecules": 1000.0, "conc_nM": 10.0},
    "Where does the dose go?": {"target_times": 3.2},
    "Affinity is not depth": {"kd_nM": 0.1, "plasma_nM": 1300},
}


def test_vary_can_be_reached(explorer):
    state = explorer.start | ANSWERS[explorer.title]
    for control in explorer.controls:
        if isinstance(control, Slide):
            assert state[control.name] in control.values
    assert explorer.vary.reached(state, explorer.compute(**state))


# One arm, two arms


def test_a_single_arm_does_not_see_the_density_and_two_arms_do():
    dense, sparse = (lesson04.hold(1000.0, count, 10.0) for count in (5e5, 1e4))
    assert dense.one == sparse.one == pytest.approx(0.99, abs=0.01)
    assert dense.two == pytest.approx(84, abs=0.5) and sparse.two == pytest.approx(11, abs=0.1)


@pytest.mark.parametrize("kd_nM", [0.1, 10.0, 10_000.0])
def test_half_is_held_where_the_sentence_says(kd_nM):
    grip = lesson04.hold(kd_nM, 1e5, 1.0)
    again = lesson04.hold(kd_nM, 1e5, grip.two_half_nM)
    assert again.two == pytest.approx(50, rel=1e-6)


def test_words_of_a_concentration_keep_their_unit():
    assert [lesson04.conc(nM) for nM in (1e-9, 0.001, 0.25, 1.0, 999.0, 1000.0, 52_900.0)] == [
        "less than 1 pM", "1 pM", "250 pM", "1 nM", "999 nM", "1 µM", "52.9 µM",
    ]  # fmt: skip


# Where does the dose go?


def test_three_times_the_dose_is_not_three_times_the_days():
    small, large = (lesson04.give(dose, 1.0, lesson04.NOTHING, 1.0) for dose in (300, 900))
    assert (round(small.full_d), round(large.full_d)) == (45, 72)
    assert small.by_target == pytest.approx(43, abs=0.6) and large.by_target < small.by_target


def test_shortcuts_fail_where_the_lesson_says():
    full = lesson04.give(100, 1.0, lesson04.NOTHING, 1.0).free
    ends = {name: lesson04.give(100, 1.0, name, 1.0).beside[-1] / full[-1] for name in lesson04.SHORTCUTS}
    assert ends["qss"] == pytest.approx(4.03, abs=0.05)
    assert ends["qe"] == pytest.approx(1, abs=0.01)
    assert ends["mm"] < 1e-3
    state = {"dose_mg_L": 100, "beside": "qe"}
    assert "right at the end" in lesson04.give_sentence(state, lesson04.give(100, 1.0, "qe", 1.0))


# Affinity is not depth


def test_grip_sets_the_place_and_supply_the_amount():
    weak, tight = (lesson04.stain(kd, 100, 1000, 3.0, 15.0) for kd in (10.0, 0.1))
    assert tight.mean == pytest.approx(weak.mean, rel=0.02)
    assert tight.beside > 4 * weak.beside and tight.edge < 0.1 < weak.edge
    more = lesson04.stain(0.1, 1000, 1000, 3.0, 15.0)
    assert more.mean == pytest.approx(10 * tight.mean, rel=0.02)


def test_cells_of_the_picture_fill_the_ring_and_do_not_overlap():
    outlines, distances = lesson04._cells(8.0, 75.0)
    assert distances.min() > 8 and distances.max() < 75
    areas = [0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) for x, y in (o.T for o in outlines)]
    assert 0.7 < sum(areas) / (np.pi * (75**2 - 8**2)) < 1
    assert min(np.hypot(*outline.T).min() for outline in outlines) > 7.5


# Tables


def test_fc_table_marks_what_one_text_alone_prints():
    shown = lesson04.fc_grip().data
    assert shown.count(" ?</td>") == (~tables.fc_affinities().confirmed).sum()
    assert "0.5</td>" in shown and "FcγRIIIA V158" in shown


def test_variant_table_has_an_interval_only_where_counts_are_known():
    shown = lesson04.variant().data
    assert "10 of 10: 69 to 100 %" in shown and "26 of 39: 50 to 81 %" in shown
    assert shown.count(" %</td>") == len(tables.fcgr3a_trials())
    assert len(re.findall(r"\d+ to \d+ %</td>", shown)) == 2


def test_other_tables_hold_every_row():
    assert lesson04.fc_choices().data.count("<tr>") == 1 + len(tables.fc_choices())
    assert lesson04.her2().data.count("<tr>") == 1 + len(tables.antigens("HER2"))
