"""The numbers that lesson 04 states in its prose, questions and tasks are those of its models and tables."""

import numpy as np
import pytest
from lesson_text import right, says, words

from immunolab import tables
from immunolab.interactives import antibody_targeting as lesson04
from immunolab.learning import quiz
from immunolab.models import binding, effector, penetration, pharmacokinetics, target_mediated

STEM = "04_antibody_targeting"


# Segment 1


def test_the_crowd_of_the_second_arm(prose):
    assert says(
        prose, "with 100,000 target molecules the second arm finds itself in a crowd as dense as 52.9 µM"
    )
    crowd = binding.effective_conc_nM(binding.surface_density_um2(1e5))
    assert crowd / 1000 == pytest.approx(52.9, abs=0.05)
    assert says(lesson04.arms().explain[1], "with 500,000 target molecules the crowd is as dense as 264 µM")
    assert 5 * crowd / 1000 == pytest.approx(264, abs=0.5)


def test_weak_arms_in_pairs():
    assert right("04.Q10").value == pytest.approx(lesson04.hold(1000, 5e5, 10).two, abs=0.5)
    text = words("04.Q4")
    assert says(text, "it holds 84 % on the tumour cell and 11 % on the healthy one")
    assert lesson04.hold(1000, 1e4, 10).two == pytest.approx(11, abs=0.5)
    assert says(text, "more than 99.9 % on the healthy cell too")
    assert lesson04.hold(1, 1e4, 10).two > 99.9


def test_measured_avidity(prose):
    assert says(prose, "pairs of arms let go 3 to 15 times more slowly than one arm")
    rows = tables.arm_affinities()
    assert rows[rows.source == "Nielsen2000"].finding.str.contains("15 times more slowly").any()


# Segment 2


def test_a_single_igg_in_blood(prose):
    assert says(prose, "an IgG1 holds it with 0.5 µM, weakly. At 10 mg/L the drug alone would hold 12 %")
    assert says(prose, "all of it competes: 0.15 % is left")
    ka = tables.fc_affinity("FcγRIIIA V158")["IgG1"]
    assert effector.kd_uM_from_ka(ka) == 0.5
    drug = {"drug": binding.nM_from_mg_per_L(10, 148)}
    assert 100 * effector.fc_occupancy(drug, {"drug": ka})["drug"] == pytest.approx(12, abs=0.5)
    crowd = effector.fc_occupancy(drug | {"own": 44_600}, {"drug": ka, "own": ka})
    assert 100 * crowd["drug"] == pytest.approx(0.15, abs=0.005)
    assert says(prose, "V holds IgG1 1.7 times as tightly as F, a small step of 0.33 kcal/mol")
    weaker = tables.fc_affinity("FcγRIIIA F158")["IgG1"]
    assert ka / weaker == pytest.approx(1.7, abs=0.05)
    assert effector.binding_energy_gap_kcal(ka, weaker) == pytest.approx(0.33, abs=0.005)


def test_the_variant_in_trials(prose):
    assert says(prose, "all 10 patients with V/V responded, against 26 of 39 others")
    rows = tables.fcgr3a_trials("Cartron 2002").set_index("genotype")
    assert tuple(rows.loc["V/V", ["successes", "n"]]) == (10, 10)
    assert tuple(rows.loc["F carriers", ["successes", "n"]]) == (26, 39)


# Segment 3


def test_salvage(prose):
    assert says(prose, "If nine in ten are returned each time, the half-life is ten times as long")
    kept, lost = (pharmacokinetics.salvage_half_life_d(0.35, share) for share in (0.9, 0.0))
    assert kept / lost == pytest.approx(10)
    igg1 = tables.igg_subclasses().set_index("subclass").loc["IgG1"]
    assert (
        says(prose, "IgG1 lasts about three weeks")
        and 20 < igg1.half_life_low_d <= igg1.half_life_high_d < 25
    )


def test_shortcuts(prose):
    base = tables.target_mediated(lesson04.SET)
    days = np.concatenate([[0], np.geomspace(1e-4, 150, 600)])
    side = target_mediated.compare(base, target_mediated.Dosing(100), days)
    assert says(prose, "K_SS is four times K_D") and base.kss_nM / base.kd_nM == pytest.approx(4)
    assert says(prose, "**QSS** ends four times too high") and side.error("qss")[-1] + 1 == pytest.approx(
        4, abs=0.05
    )
    assert says(prose, "**QE** ends within 0.5 %") and abs(side.error("qe")[-1]) < 0.005
    assert says(words("04.Q8"), "QE is off by 0.4 %")
    assert abs(side.error("qe")[-1]) == pytest.approx(0.004, abs=0.0005)
    assert says(prose, "14.5 % too much on day 1")
    assert np.interp(1, days, side.error("mm")) == pytest.approx(0.145, abs=0.0005)
    assert says(prose, "the area of QSS is right to 0.2 %") and abs(side.auc_error("qss")) < 0.002


def test_three_times_the_dose():
    days = [lesson04.give(dose, 1.0, lesson04.NOTHING, 1.0).full_d for dose in (300, 900)]
    text = words("04.Q11")
    assert says(text, "the target in the model is full until day 45") and round(days[0]) == 45
    assert right("04.Q11").value == round(days[1]) == 72
    assert says(lesson04.dose().explain[0], "27 days longer") and round(days[1] - days[0]) == 27


def test_bevacizumab(prose):
    drug = tables.target_mediated("bevacizumab and VEGF")
    plan = pharmacokinetics.Regimen.every(14, dose_mg_per_kg=5, n_doses=5)
    course = target_mediated.simulate(
        drug, target_mediated.Dosing.of(plan, 149, 70), np.linspace(0, 70, 500), "qss"
    )
    total = course.target_total_nM
    for text in (prose, words("04.Q7")):
        assert says(text, "2.8 times its start") and total.max() / total[0] == pytest.approx(2.8, abs=0.05)
    assert course.target_nM.max() == course.target_nM[0]
    assert says(prose, "half-life of 25.2 days for bevacizumab")
    panoilia = pharmacokinetics.PKParameters(
        "bevacizumab", drug.study, drug.cl_L_d, drug.v1_L, drug.q_L_d, drug.v2_L
    )
    assert pharmacokinetics.half_lives(panoilia)[1] == pytest.approx(25.2, abs=0.05)
    assert pharmacokinetics.half_lives(tables.antibody("bevacizumab"))[1] == pytest.approx(19.1, abs=0.05)
    assert says(prose, "a study of 1,792 patients prints 19.6 (its typical woman has 19.1 in our model)")
    rows = tables.table("antibody_pk")
    assert rows[rows.study == "Han 2016"].patients.iloc[0] == 1792


# Segment 4


def test_grip_and_depth(prose):
    means = {kd: lesson04.stain(kd, 100, 1000, 3.0, 15.0).mean for kd in (10.0, 1.0, 0.1)}
    assert says(words("04.Q12"), "6 % of the antigen holds antibody") and round(means[10.0]) == 6
    assert right("04.Q12").value == pytest.approx(means[0.1], abs=0.05)
    text = words("04.Q9")
    assert says(text, "ten times the level in blood brings the mean from 6 to 64 %")
    assert round(means[1.0]) == 6 and round(lesson04.stain(1.0, 1000, 1000, 3.0, 15.0).mean) == 64
    assert says(text, "the share that is held falls to well below 1 %")
    setting = tables.penetration(lesson04.TISSUE_SET)
    dense = penetration.Tumour(8, 75, 0.24, 10_000, setting.tumour.internalisation_per_d)
    held = penetration.penetrate(dense, setting.binder, penetration.Plasma(100), 3)
    assert held.mean_occupancy[-1] < 0.008


def test_the_valley_of_sizes(prose):
    assert says(prose, "about 25 kDa") and says(prose, "our version has it at 27.7")
    masses = np.linspace(10, 160, 3001)
    taken = penetration.size_uptake(masses, kd_nM=1, antigen_nM=150, internalisation_per_d=1.109, time_d=1, capillary_um=8, krogh_um=75)  # fmt: skip
    assert masses[np.argmin(taken)] == pytest.approx(27.7, abs=0.15)


# Segment 5


def test_her2(prose):
    rows = tables.antigens("HER2")
    zero = rows[rows.ihc == "0"].per_cell_n
    assert says(prose, "A stain of 0 hid 567 to 27,343 molecules")
    assert (zero.min(), zero.max()) == (567, 27_343)
    assert says(words("04.Q14"), "11,249") and tables.antigen_density("HER2", "MDA-MB-231") == 11_249
    assert (
        says(words("04.Q14"), "forty times less")
        and 40 < tables.antigen_density("HER2", "BT-474") / 11_249 < 46
    )
    assert set(tables.her2_groups().as_of.astype(str)) == {"2026-11-23"}


def test_uptake_into_cells(prose):
    assert says(prose, "half of a trastuzumab conjugate on HER2 was taken in within 6 to 14 hours")
    row = tables.internalisation().iloc[0]
    assert (row.step, row.low_h, row.high_h) == ("taken into the cell", 6, 14)


def test_thought_experiment(prose):
    assert says(prose, "**A thought experiment, ours.**") and says(
        prose, "650 FcγRIIIA per µm² (an assumed number)"
    )


# The exercise


def test_answers_of_the_exercise():
    ka, drug = 2.0e6, binding.nM_from_mg_per_L(10, 148)
    setting, base = tables.penetration(lesson04.TISSUE_SET), tables.target_mediated(lesson04.SET)
    tissue = penetration.Tumour(8, 200, 0.24, 100, 1.109)
    once, doubled = (penetration.penetration_um(tissue, setting.binder, level) for level in (100, 200))
    answers = {
        "04.E1": effector.fc_occupancy({"drug": drug, "own": 44_600}, {"drug": ka, "own": ka})["drug"],
        "04.E2": once,
        "04.E3": 24 * target_mediated.saturation_time_d(base, 300),
        "04.E4": binding.effective_conc_nM(binding.surface_density_um2(1e5)) / 1000,
        "04.E5": (doubled**2 - 64) / (once**2 - 64),
    }
    for name, value in answers.items():
        assert quiz.task(name).answer.value == pytest.approx(value, rel=0.002), name


def test_slips_of_the_exercise_are_what_they_say():
    """A number that a feedback explains falls into the range of that feedback."""
    load, own = 2e6 * 10e-3 / 148e3, 2e6 * 44.6e-6
    reach, once, doubled = 3740.0, np.sqrt(64 + 3740), np.sqrt(64 + 7480)
    made = {
        "04.E1": {"alone": load / (1 + load), "body's own IgG1 holds": own / (1 + load + own), "per cent": 100 * load / (1 + load + own),
                  "a tenth of the body's": load / (1 + load + own / 10), "comes from 44.6 nM": load / (1 + load + own / 1000)},
        "04.E2": {"*wall*": once - 8, "leaves out the 8²": np.sqrt(reach), "R². Take": 64 + reach, "a tenth of the antigen": np.sqrt(64 + 10 * reach),
                  "ten times the antigen": np.sqrt(64 + reach / 10), "still in cm/s": np.sqrt(64 + reach / 8.64e8), "leaves out the 2": np.sqrt(64 + reach / 2)},
        "04.E3": {"in days": 1062.5 / 24, "forgets R0": np.log(1 + 0.0015 * 300 / 0.11) / 0.0015, "times three": 3 * 524.2, "L0 to 300": 524.2,
                  "log10": np.log10(1 + 0.0015 * 287.64 / 0.11) / 0.0015, "leaves out clearance": 287.64 / 0.11, "logarithm alone": 1062.5 * 0.0015},
        "04.E4": {"in nM": 52_858, "per µm². Put": 318.3, "per µm³": 31_831, "π·r²": 211.4, "4·π·d²": 13.2, "in mM": 0.0529, "10,000 molecules": 5.29},
        "04.E5": {"two radii": doubled / once, "depths from the wall": (doubled - 8) / (once - 8), "R² over R²": doubled**2 / once**2,
                  "smaller over": 0.5, "86.9 µm": doubled},
    }  # fmt: skip
    for name, slips in made.items():
        for text, value in slips.items():
            hit = [slip for slip in quiz.task(name).slips if slip.low <= value <= slip.high]
            assert hit and text in hit[0].feedback, (name, text, value)
