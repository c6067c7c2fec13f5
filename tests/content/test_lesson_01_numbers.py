"""The numbers that lesson 01 states in its prose, its questions and its exercise are those of its models and tables."""

import math
from dataclasses import replace

import numpy as np
import pytest
from lesson_text import right, says

from immunolab import tables
from immunolab.learning import quiz
from immunolab.models import proofreading, tumour_immune

STEM = "01_immune_system_and_cancer"
OWN, FOREIGN, KP = 1.0, 0.1, 1.0  # per second


@pytest.fixture(scope="module")
def mouse():
    return tables.kuznetsov()


def crowd(steps):
    """Ten foreign peptides among 100,000 of the body's own, on the published contact."""
    contact = replace(tables.proofreading().contact, ladder=proofreading.Ladder.at_rate(steps, KP))
    return contact.engage((10, FOREIGN), (1e5, OWN))


def state(mouse, role):
    return next(entry for entry in tumour_immune.steady_states(mouse) if entry.role == role)


def most_held(mouse, effector_cells):
    """The largest tumour that this many effector cells hold: the height of the watershed there."""
    line = tumour_immune.separatrix(mouse)
    return math.exp(
        np.interp(math.log(effector_cells), np.log(line.effector_cells), np.log(line.tumour_cells))
    )


# Segment 2


def test_five_steps(prose, bank):
    published = tables.proofreading()
    assert (published.koff_self_per_s, published.koff_agonist_per_s, published.ladder.kp_per_s) == (
        OWN,
        FOREIGN,
        KP,
    )
    five = proofreading.Ladder.at_rate(5, KP)
    assert says(prose, "Take five steps of about one second each")
    assert says(prose, "bonds that last ten seconds on average, 62 in 100 reach the top")
    assert 100 * five.completing(FOREIGN) == pytest.approx(62, abs=0.5)
    assert says(prose, "of bonds that last one second, 3 in 100")
    assert 100 * five.completing(OWN) == pytest.approx(3, abs=0.5)
    assert says(prose, "Ten times the duration has become twenty times the signal")
    assert five.discrimination(OWN, FOREIGN) == pytest.approx(20, abs=0.2)


def test_human_t_cells(prose):
    human = tables.proofreading("Pettmann 2021")
    assert says(prose, "a ladder of 2.67 steps in 2.8 seconds")
    assert (human.steps, human.delay_s) == (2.67, 2.8)
    assert says(prose, "bonds of ten seconds get through five times as often as bonds of one")
    assert human.ladder.discrimination(OWN, FOREIGN) == pytest.approx(5, abs=0.3)


def test_ten_among_a_hundred_thousand(bank):
    assert says(bank, "Ten foreign peptides stand among 100,000 of the body's own")
    louder = [steps for steps in range(41) if np.diff(crowd(steps).signalling[::-1])[0] > 0]
    assert louder[0] == right("01.Q7").value == 13


def test_twice_as_many_steps(bank):
    assert says(bank, "the mean signal in the model falls from 3.5 to 2.2 pairs")
    assert [crowd(n).signalling[0] for n in (5, 10)] == pytest.approx([3.5, 2.2], abs=0.05)
    assert says(bank, "the mean wait of one peptide rises from 18 to 36 seconds")
    assert [crowd(n).first_signal_s[0] for n in (5, 10)] == pytest.approx([18, 36], abs=0.5)


# Segment 3


def test_without_mhc_class_i(bank):
    asked = {
        "antibody against PD-1 or PD-L1": "yes",
        "vaccine against a cancer": "yes",
        "TIL": "yes",
        "CAR-T cell": "no",
        "T-cell engager": "no",
        "antibody-drug conjugate": "no",
    }
    needs = tables.immunotherapies().set_index("therapy").needs_mhc_class_i
    assert dict(needs[list(asked)]) == asked
    assert right("01.Q10").value == list(asked.values()).count("no")


def test_the_order_of_the_cycle(bank):
    items = quiz.question("01.Q9").items
    assert [len(items), *tables.cycle_steps().step] == [7, 1, 2, 3, 4, 5, 6, 7]


def test_what_a_therapy_drives(bank):
    table = tables.immunotherapies().set_index("therapy")
    assert says(bank, "Antigens come free (step 1), and dendritic cells come and take them up (step 2)")
    assert table.acts_on_steps["oncolytic virus"] == "1;2" and table.cannot_mend_step["oncolytic virus"] == 7
    assert says(bank, "Anti-PD-1 acts mainly on the last steps")
    assert table.main_step["antibody against PD-1 or PD-L1"] == 7
    assert "3" in table.stopped_by_steps["antibody against PD-1 or PD-L1"].split(";")


def test_relapses_under_an_antibody(prose):
    assert says(prose, "Four people with melanoma, a skin cancer, relapsed")
    notes = tables.hiding_tricks().set_index("trick").note
    assert says(notes["MHC class I is lost"], "One of four melanomas")
    assert says(
        prose, "20 of 21 cancers with faulty DNA repair and broken β2-microglobulin remained sensitive"
    )
    notes = tables.immunotherapies().set_index("therapy").note
    assert says(
        notes["antibody against PD-1 or PD-L1"],
        "In cancers with faulty DNA repair, 20 of 21 with broken B2M remained sensitive",
    )


# Segment 4


def test_the_watershed(prose, bank, mouse):
    assert says(
        prose, "A thousand effector cells hold at most 2.6 million tumour cells, a million hold 413 million"
    )
    assert most_held(mouse, 1e3) == pytest.approx(2.6e6, abs=5e4)
    assert most_held(mouse, 1e6) == pytest.approx(413e6, abs=5e5)
    assert says(bank, "A tumour of up to 64 million cells is held from here")
    assert most_held(mouse, state(mouse, "tumour-free").effector_cells) == pytest.approx(64e6, abs=5e5)


def test_two_mice(bank, mouse):
    assert says(bank, "a small tumour of 5 million cells meets 1,000 effector cells")
    assert tumour_immune.simulate_kuznetsov(mouse, 1e3, 5e6).outcome == "escaped"
    assert says(bank, "a tumour of 100 million cells, twenty times as large, meets 1 million")
    assert tumour_immune.simulate_kuznetsov(mouse, 1e6, 1e8).outcome == "dormant"
    assert says(right("01.Q13").text, "The small one escapes, the large one is held")


def test_one_blow_at_a_held_tumour(bank, mouse):
    held = state(mouse, "dormant")
    assert says(bank, "a tumour is held at 8 million cells. On one day 90 % of it is killed, once")
    course = tumour_immune.simulate_kuznetsov(
        mouse,
        held.effector_cells,
        held.tumour_cells,
        5 * 365,
        [tumour_immune.Pulse(0, tumour_killed=0.9)],
    )
    assert says(right("01.Q14").text, "It is back at 8 million cells")
    assert course.tumour_cells[-1] == pytest.approx(8e6, rel=0.03)
    assert says(bank, "the tumour climbs to 28 million")
    assert course.peaks[0][1] == pytest.approx(28e6, abs=5e5)


def test_more_effector_cells_arrive(prose, bank, mouse):
    (critical,) = tumour_immune.critical_influx(mouse)
    assert says(prose, "as soon as 1.64 times as many effector cells arrive each day")
    assert critical / mouse.s_cells_d == pytest.approx(1.64, abs=0.005)
    assert says(prose, "unless about five times as many effector cells arrive")
    assert mouse.clearing_influx / mouse.s_cells_d == pytest.approx(5, abs=0.2)
    assert says(bank, "Above an influx of 21,300 cells a day")
    assert critical == pytest.approx(21_300, abs=50)
    assert says(bank, "the model asks for 67,400 cells a day")
    assert mouse.clearing_influx == pytest.approx(67_400, abs=50)
    escaped = state(mouse, "escaped")
    assert says(bank, "a tumour has escaped: 447 million cells")
    assert escaped.tumour_cells == pytest.approx(447e6, abs=5e5)
    assert says(bank, "twice as many effector cells arrive each day, 26,000 in place of 13,000")
    more = replace(mouse, s_cells_d=26_000)
    assert mouse.s_cells_d == 13_000
    course = tumour_immune.simulate_kuznetsov(more, escaped.effector_cells, escaped.tumour_cells, 3000)
    assert says(bank, "it catches the tumour at 5.6 million cells")
    assert (course.outcome, course.tumour_cells[-1]) == ("dormant", pytest.approx(5.6e6, abs=5e4))


# Segment 5


def test_what_to_expect(prose, bank):
    rows = tables.expectations()
    belief = rows[rows.topic == "belief"].iloc[0]
    assert says(prose, "Of 105 patients on checkpoint antibodies in one hospital, 36 said")
    assert (belief.successes, belief.n, belief.source) == (36, 105, "Petrillo2021")
    reach = rows[(rows.topic == "reach") & rows.population.str.contains("2023")].percent
    assert says(prose, "57 % of people in the US with advanced cancer could be given one in 2023")
    assert says(prose, "in 20 % the tumour would shrink")
    assert says(bank, "about one in five people with advanced cancer in the US respond")
    assert list(reach.round()) == [57, 20]
    harm = rows[rows.topic == "harm"].set_index("source")
    assert says(prose, "in 110 trials of a single antibody 14 % of 18,715 people had severe side effects")
    severe = harm.loc["Wang2019"].iloc[0]
    assert (severe.n, round(severe.percent)) == (18_715, 14)
    assert says(severe.population, "110 trials") and says(severe.what, "grade 3 or higher")
    assert says(prose, "in a trial in melanoma, 59 % of 313 who received two")
    assert says(bank, "of 313 people on two checkpoint antibodies at once, 59 % had severe side effects")
    assert (harm.percent["Wolchok2017"], harm.n["Wolchok2017"]) == (59, 313)
    assert says(prose, "With one antibody against PD-1, 0.36 % died of them; with two, 1.23 %")
    died = rows[rows.topic == "deaths by side effects"].set_index("population").percent
    assert died["patients in trials, one antibody against PD-1"] == 0.36
    assert died["patients in trials, antibodies against both"] == 1.23


# Questions and exercise


def bound():
    lever = tables.proofreading()
    return proofreading.bound_pairs(1000, lever.receptors, FOREIGN / lever.kon_per_s)


def test_numbers_asked_for(mouse):
    lever, human = tables.proofreading(), tables.proofreading("Pettmann 2021").ladder
    tiring = replace(lever.ladder, phi_per_s=lever.phi_per_s)
    answers = {
        "01.E1": proofreading.Ladder.at_rate(5, KP).discrimination(OWN, FOREIGN),
        "01.E2": proofreading.steps_needed(100, OWN, FOREIGN, KP),
        "01.E3": human.completing(0.5),
        "01.E4": bound() * tiring.signal_per_bond(FOREIGN),
        "01.E5": state(mouse, "tumour-free").effector_cells,
    }
    assert quiz.question("01.Q6").answer.accepts(proofreading.Ladder.at_rate(4, KP).discrimination(1.0, 0.2))
    for task_id, answer in answers.items():
        assert quiz.task(task_id).answer.accepts(answer), task_id


def test_numbers_in_the_exercise():
    text = (quiz.home() / "exercises" / STEM / "solution.ipynb").read_text(encoding="utf8")
    lever = tables.proofreading()
    assert says(text, "15,708 receptors") and lever.receptors == 15_708
    assert says(text, "3.1831e-5") and lever.kon_per_s == pytest.approx(3.1831e-5)
    assert says(text, "φ = 0.09 per second") and lever.phi_per_s == 0.09
    tiring = replace(lever.ladder, phi_per_s=lever.phi_per_s)
    assert says(text, "The best duration is 16 seconds")
    assert 1 / tiring.best_koff_per_s == pytest.approx(16, abs=0.1)


def test_typical_slips_meet_their_message(mouse):
    five, human = proofreading.Ladder.at_rate(5, KP), tables.proofreading("Pettmann 2021")
    lever = tables.proofreading()
    at_top, awake = lever.ladder.completing(FOREIGN), FOREIGN / (FOREIGN + lever.phi_per_s)
    step, n = human.ladder.kp_per_s / (human.ladder.kp_per_s + 0.5), human.steps
    alone = 1000 * lever.receptors / (lever.receptors + FOREIGN / lever.kon_per_s)
    slow = human.delay_s / n
    slips = {
        "01.Q6": {
            2 / 1.2: "what one step sorts",
            5: "how many times longer",
            5**4: "five to the power of four",
            4 * 2 / 1.2: "four times 1.67",
            (1 / 1.2) ** 4: "share of foreign bonds",
            (1.2 / 2) ** 4: "upside down",
            (2 / 1.2) ** 5: "five steps give",
        },
        "01.E1": {
            10: "how many times longer",
            10**5: "ten to the power of five",
            2 / 1.1: "what one step sorts",
            5 * 2 / 1.1: "five times 1.82",
            (1.1 / 2) ** 5: "upside down",
            five.completing(FOREIGN): "share of foreign bonds",
            (2 / 1.1) ** 10: "ten steps give",
        },
        "01.E2": {
            math.log(100) / math.log(2 / 1.1): "crosses 100",
            7: "sort by 66",
            2: "sorted by ten",
            5: "as in task 1",
            math.log10(100) / math.log(2 / 1.1): "base of 10",
            100 / (2 / 1.1): "*power* of 1.82",
        },
        "01.E3": {
            human.ladder.kp_per_s: "One more line",
            step: "*one* step",
            math.exp(-0.5 * human.delay_s): "the same for every bond",
            1 - step**n: "falls off",
            (1 / 1.5) ** n: "comes from k_p = 1",
            (slow / (slow + 0.5)) ** n: "k_p = τ / N",
            human.ladder.completing(2.0): "2 per second",
            step**3: "three whole steps",
        },
        "01.E4": {
            bound(): "826 pairs are bound",
            bound() * at_top: "stand at the top",
            bound() * awake: "leaves out the ladder",
            at_top * awake: "share of bound pairs",
            1000 * at_top * awake: "if all 1,000",
            alone * at_top * awake: "receptors as free",
        },
        "01.E5": {
            mouse.s_cells_d * mouse.d_per_d: "s × d",
            mouse.s_cells_d / mouse.a_per_d: "s / a",
            mouse.s_cells_d / mouse.p_per_d: "s / p",
            mouse.s_cells_d / mouse.d_per_d / 1e6: "in millions",
            mouse.d_per_d / mouse.s_cells_d: "upside down",
            state(mouse, "dormant").effector_cells: "holds the tumour",
        },
    }  # fmt: skip
    for entry_id, wrong in slips.items():
        asked = quiz.question(entry_id) if "Q" in entry_id else quiz.task(entry_id)
        for given, words in wrong.items():
            feedback = [slip.feedback for slip in asked.slips if slip.catches(given)]
            assert len(feedback) == 1 and words in feedback[0], (entry_id, given, feedback)
