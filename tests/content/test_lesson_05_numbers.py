"""The numbers that lesson 05 states in its prose, its questions and its exercise are those of its models and tables."""

import math

import numpy as np
import pytest
from lesson_text import right, says

from immunolab import tables
from immunolab.interactives.conjugates_and_engagers.bell import bridge
from immunolab.interactives.conjugates_and_engagers.cargo import MONKEY, load
from immunolab.interactives.conjugates_and_engagers.neighbours import CHARGED, treat_mixed
from immunolab.interactives.conjugates_and_engagers.reach import _at, irradiate
from immunolab.learning import quiz
from immunolab.models import conjugate, injection, pharmacokinetics, radionuclide, ternary

STEM = "05_conjugates_and_engagers"


def counts(study, outcome):
    """Arm to (successes, n) of a result."""
    rows = tables.antibody_trials(study=study, outcome=outcome)
    return {row.product: (row.successes, row.n) for row in rows.itertuples()}


# Segment 1


def test_two_drugs_on_one_antibody(prose):
    assert says(prose, "208 of 261 patients responded to the first")
    assert says(prose, "90 of 263 to the second")
    assert counts("DESTINY-Breast03", "response") == {
        "trastuzumab deruxtecan": (208, 261),
        "trastuzumab emtansine": (90, 263),
    }
    assert tables.conjugate("T-DXd").target == tables.conjugate("T-DM1").target == "HER2"


@pytest.mark.parametrize(
    ("trial", "outcome", "sentence", "medians"),
    [
        ("DESTINY-Breast04", "median overall survival", "a median of 22.9 against 16.8 months", [22.9, 16.8]),
        ("Witzig 2002", "median time to progression", "a median of 11.2 against 10.1 months", [11.2, 10.1]),
    ],
)
def test_medians_of_two_trials(prose, trial, outcome, sentence, medians):
    assert says(prose, sentence)
    assert tables.trial_outcomes(trial, outcome).value.tolist() == medians


def test_a_measured_batch(prose):
    assert says(
        prose, "with a mean of 3.1, two antibodies in a hundred carried nothing and two carried seven copies"
    )
    lot = tables.dar_lot("T-DM1, mean 3.1")
    assert (lot[0], lot[7]) == pytest.approx((0.02, 0.02), abs=5e-4)
    assert conjugate.mean_dar(lot) == pytest.approx(3.1, abs=0.05)


def test_a_week_in_a_monkey():
    run = load("made", MONKEY, 7.0)
    question = quiz.question("05.Q10")
    assert "28 % of the antibody" in question.stem
    assert run.now(run.antibody) == pytest.approx(28, abs=0.5)
    assert next(option.value for option in question.options if option.right) == pytest.approx(
        run.now(run.drug), abs=0.5
    )


def test_half_life_and_the_cornea(prose):
    assert says(prose, "halves every 3.9 days")
    assert says(prose, "671 patients")
    rows = tables.table("antibody_pk")
    assert rows[rows["name"] == "trastuzumab emtansine"].patients.tolist() == [671]
    assert pharmacokinetics.half_lives(tables.antibody("trastuzumab emtansine"))[1] == pytest.approx(
        3.94, rel=0.01
    )
    assert says(
        prose,
        "Of 95 patients who got one conjugate against myeloma, a cancer of plasma cells, 68 had changes",
    )
    assert counts("DREAMM-2", "changes of the cornea") == {"belantamab mafodotin": (68, 95)}


# Segment 2


def test_the_neighbours():
    question = quiz.question("05.Q11")
    charged = treat_mixed(90, CHARGED, 1.0)
    assert next(option.value for option in question.options if option.right) == pytest.approx(
        charged.left, abs=1
    )
    assert (
        charged.cells_rise if hasattr(charged, "cells_rise") else charged.negative[-1] > charged.negative[0]
    )


def test_the_price(prose):
    assert says(prose, "45 of 371 patients on T-DXd had inflamed lungs, and 4 died of it")
    assert counts("DESTINY-Breast04", "interstitial lung disease")["trastuzumab deruxtecan"] == (45, 371)
    assert counts("DESTINY-Breast04", "death from interstitial lung disease")["trastuzumab deruxtecan"] == (
        4,
        371,
    )
    lungs = counts("DESTINY-Breast03", "interstitial lung disease")
    assert (
        "28 of 257 patients on T-DXd" in quiz.question("05.Q6").stem
        and "5 of 261 on T-DM1" in quiz.question("05.Q6").stem
    )
    assert lungs == {"trastuzumab deruxtecan": (28, 257), "trastuzumab emtansine": (5, 261)}


# Segment 3


def test_a_mean_range_misleads(prose):
    assert says(prose, "The mean range of yttrium-90 is 2.8 mm")
    assert says(prose, "up to 12 mm")
    row = tables.table("nuclides").set_index("name").loc["Y-90"]
    assert (row.mean_range_mm, row.max_range_mm) == (2.8, 12)
    assert says(prose, "A model with one range of 2.8 mm would keep too much energy in a small tumour")
    sizes = np.array([0.2, 1.0, 2.0])
    spread = radionuclide.sphere_absorbed_fraction(sizes, tables.nuclide("Y-90"))
    assert np.all(radionuclide.straight_absorbed_fraction(sizes, 2.8) > 1.2 * spread)


def test_dose_of_a_cluster_and_a_lump():
    cluster, lump = (irradiate("Y-90", size, 168) for size in (0.2, 20.0))
    stem = quiz.question("05.Q12").stem
    assert "about three times" in stem and "2 Gy" in stem
    assert _at(lump, "Y-90") / _at(lump, "Lu-177") == pytest.approx(3, abs=0.15)
    assert _at(cluster, "Lu-177") == pytest.approx(2, abs=0.05)
    assert right("05.Q12").value == pytest.approx(cluster.dose_Gy, abs=0.01)
    feedback = " ".join(option.feedback for option in quiz.question("05.Q17").options)
    assert "About 20 % of its energy stays, against under 2 %" in feedback
    assert cluster.kept < 2
    assert irradiate("Lu-177", 0.2, 168).kept == pytest.approx(20, abs=0.5)


def test_effective_half_life():
    assert quiz.question("05.Q7").answer.value == pytest.approx(
        radionuclide.effective_half_life(159.5, 168), abs=0.05
    )
    assert tables.nuclide("Lu-177").half_life_h == 159.5


def test_radioimmunoconjugate_against_antibody_alone(prose):
    assert says(prose, "80 % of 73 patients responded")
    assert says(prose, "56 % of 70 to an antibody against B cells alone")
    rows = tables.antibody_trials(study="Witzig 2002", outcome="response")
    assert list(zip(rows.percent, rows.n, strict=True)) == [(80, 73), (56, 70)]


def test_organ_doses(prose):
    assert says(prose, "spleen 8.1 Gy, liver 5.1 Gy, red marrow 0.74 Gy")
    rows = tables.organ_doses("usual activity").set_index("organ")
    assert [rows.median_Gy[organ] for organ in ("spleen", "liver", "red marrow")] == [8.1, 5.1, 0.74]
    assert says(prose, "In 27 patients") and set(rows.n) == {27}
    assert says(prose, "15 MBq per kg") and set(rows.activity) == {"15 MBq/kg"}


# Segment 4


def test_the_bell():
    stem = quiz.question("05.Q13").stem
    best, far = (bridge(dose, 100, 50_000, 1.0, 1) for dose in (12.0, 1200.0))
    assert "68 bridges" in stem and best.now == pytest.approx(68, abs=0.5)
    assert "92 % of the antigen and 11 % of CD3" in stem
    assert (best.held(best.antigen_held), best.held(best.cd3_held)) == pytest.approx((92, 11), abs=0.5)
    assert right("05.Q13").value == pytest.approx(far.now, abs=0.1)
    assert far.held(far.cd3_held) == pytest.approx(92, abs=0.5)


def test_three_points_of_one_bell():
    at = [ternary.ternary(dose, **tables.bridge("equal arms")).ternary_nM for dose in (1, 10, 100)]
    assert at == pytest.approx([0.82, 0.10, 0.01], abs=0.003)
    assert "0.82 nM of bridges" in quiz.question("05.Q9").stem


def test_blinatumomab_beside_its_paper(prose):
    assert says(prose, "the plateau is 526 pg/mL and the half-life 1.87 hours")
    patient = tables.antibody("blinatumomab")
    assert 28e-3 / patient.cl_L_d * 1e6 == pytest.approx(526, abs=0.6)
    assert 24 * pharmacokinetics.half_lives(patient)[1] == pytest.approx(1.87, abs=0.005)
    assert says(prose, "means of 615 pg/mL and 2.10 hours")
    assert tables.engager("blinatumomab").half_life_h == 2.1


def test_teclistamab_beside_its_paper(prose):
    assert says(prose, "a peak 4.2 times as high after dose 13 as after dose 1")
    assert says(
        prose,
        "Our model gives 4.3 if dose 1 is looked at alone, and 3.5 with what the two steps before it left behind",
    )
    weekly = 6 + 7 * np.arange(13)
    alone = pharmacokinetics.Regimen(dose_mg_per_kg=1.5, times_d=weekly, interval_d=7)
    stepped = pharmacokinetics.Regimen(
        dose_mg_per_kg=[0.06, 0.3, *[1.5] * 13], times_d=[0, 3, *weekly], interval_d=7
    )
    for regimen, first, ratio in ((alone, 1, 4.3), (stepped, 3, 3.5)):
        course = injection.inject(*tables.injected("teclistamab"), regimen)
        got = course.after_dose(first + 12).c_max_mg_L / course.after_dose(first).c_max_mg_L
        assert got == pytest.approx(ratio, abs=0.05)


def test_steps_and_crs(prose):
    assert says(prose, "Teclistamab: 0.06, then 0.3, then 1.5 mg per kg")
    assert list(tables.step_up("teclistamab").amount) == [0.06, 0.3, 1.5]
    assert says(prose, "119 of 165 patients had CRS, one of them severely")
    assert counts("MajesTEC-1", "CRS") == {"teclistamab": (119, 165)}
    assert counts("MajesTEC-1", "CRS grade 3+") == {"teclistamab": (1, 165)}
    assert says(prose, "91 of the 165 had a severe one, and 21 died of one")
    assert counts("MajesTEC-1", "infection grade 3 or 4") == {"teclistamab": (91, 165)}
    assert counts("MajesTEC-1", "death from infection") == {"teclistamab": (21, 165)}
    assert says(prose, "but only on HLA-A*02:01")
    assert tables.engager("tebentafusp").target.endswith("HLA-A*02:01")


def test_ten_times_the_dose(prose):
    assert says(prose, "ten times the dose brought no more responses")
    rows = tables.antibody_trials(study="DeLLphi-301")
    percent = {(row.arm, row.outcome): row.percent for row in rows.itertuples()}
    assert percent["100 mg", "response"] <= percent["10 mg", "response"]
    assert percent["100 mg", "CRS"] > percent["10 mg", "CRS"]


# The exercise


def test_answers_of_the_exercise():
    lutetium = tables.nuclide("Lu-177")
    decays = radionuclide.cumulated_activity_MBq_h(
        10, radionuclide.effective_half_life(lutetium.half_life_h, 168)
    )
    due = {
        "05.E1": conjugate.poisson_dar(3.5)[0],
        "05.E2": radionuclide.decays_in_place(tables.nuclide("Y-90").half_life_h, 168),
        "05.E3": radionuclide.absorbed_dose_Gy(decays, lutetium.energy_MeV, 80),
        "05.E4": ternary.peak(10, 1, 0.5, 5).drug_nM,
        "05.E5": 28 / 24 / 2.22 * 1000,
    }
    for task, value in due.items():
        assert quiz.task(task).answer.value == pytest.approx(value, rel=2e-3), task


def test_slips_of_the_exercise_are_what_they_say():
    """Each wrong number, worked out, meets the message that explains it."""
    slips = {
        "05.E1": {3.5 * math.exp(-3.5): "exactly *one* copy", math.exp(3.5): "sign is minus", math.exp(-3): "worked example"},
        "05.E2": {46.4: "effective half-life, and right", 64.1 / 168: "64.1 / 168", 0.276: "washed out"},
        "05.E3": {62.8: "whole 500 MBq", 2.447: "physical half-life", 0.87: "ln 2", 100.4: "mass of 80 g", 1.768: "iodine-131"},
        "05.E4": {math.sqrt(2.5): "*free* drug", math.sqrt(2.5) + 5.5: "short form", 4.743: "its own root", 7.838: "second term"},
        "05.E5": {0.5255: "µg per litre", 28 / 2.22 * 1000: "clearance per hour", 9 / 24 / 2.22 * 1000: "9 µg a day",
                  28 / 24 / 5.98 * 1000: "divided by the volume", 28 / 5.98 * 1000: "day's dose divided"},
    }  # fmt: skip
    for task, wrong in slips.items():
        for value, words in wrong.items():
            met = [slip.feedback for slip in quiz.task(task).slips if slip.low <= value <= slip.high]
            assert met and words in met[0], (task, value, met)
