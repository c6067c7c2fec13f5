"""The numbers that lesson 07 states in its prose, its questions and its exercise are those of its models and tables."""

import math
from dataclasses import replace

import pytest
from lesson_text import says

from immunolab import tables
from immunolab.interactives import car_t_in_the_patient as lesson
from immunolab.interactives.car_t_in_the_patient.race import TWIN
from immunolab.learning import quiz
from immunolab.models import astct, car_t, proportions

STEM = "07_car_t_in_the_patient"


def kimmel(**changes):
    return car_t.simulate_kimmel(tables.kimmel(**changes))


def infused(times):
    return kimmel(c0_cells=tables.kimmel().c0_cells * times)


def test_the_published_curve(prose):
    curve = tables.car_kinetics("tisagenlecleucel")
    assert says(prose, "rose about 3,900-fold in nine days")
    assert (curve.fold, round(curve.t_max_d)) == (3900, 9)
    assert says(prose, "It doubled every 0.78 days")
    assert curve.doubling_d == pytest.approx(0.78, abs=0.005)
    assert says(prose, "by half every 4.3 days")
    assert curve.fast_half_life_d == pytest.approx(4.3, abs=0.05)
    assert says(prose, "less than one hundredth of the peak, by half every 220 days or so")
    assert curve.slow_fraction < 0.01
    assert curve.slow_half_life_d == pytest.approx(217, abs=0.5)
    assert says(prose, "a **lag** of three days comes first")
    assert (
        tables.kinetics_parameters("lisocabtagene maraleucel").set_index("parameter").value["lag_d"] == 3.27
    )


def test_what_ten_times_fewer_cells_do_in_two_models(prose, bank):
    assert says(prose, "lift the peak by 7 % in the first and cut it six-fold in the second")
    usual, fewer = (
        car_t.simulate_leon_triana(tables.leon_triana(c0_cells=cells)).peak[1] for cells in (1e7, 1e6)
    )
    assert fewer / usual == pytest.approx(1.07, abs=0.005)
    assert infused(1).peak[1] / infused(0.1).peak[1] == pytest.approx(6, abs=0.1)
    assert says(bank, "grow to a peak of 16 thousand million (1.6 × 10¹⁰)")
    assert usual == pytest.approx(1.64e10, rel=0.005)
    assert says(bank, "About the same, 1.7 × 10¹⁰")
    assert fewer == pytest.approx(1.75e10, rel=0.005)


def test_explanations_under_the_interactives():
    curve = tables.car_kinetics("tisagenlecleucel")
    assert says(lesson.time_course().explain[1], "Ten is 3.3 doublings")
    assert says(lesson.time_course().explain[1], "comes 2.6 days later")
    assert math.log2(10) == pytest.approx(3.3, abs=0.05)
    assert math.log2(10) * curve.doubling_d == pytest.approx(2.6, abs=0.05)
    assert says(lesson.fewer_cells().explain[1], "about a quarter of all leukaemia and B cells")
    p = tables.leon_triana()
    assert p.rho_c_per_cell_d / p.alpha_per_cell_d == pytest.approx(0.25)
    assert says(lesson.race().explain[1], "stops when there are 139 per µL of all kinds together")
    assert tables.kimmel().k_c_cells / tables.kimmel().cells_per_uL == pytest.approx(139)
    assert says(lesson.race().explain[1], "ten times fewer cells would peak six times lower")


def test_near_one_cell(prose, bank):
    course = kimmel()
    assert says(prose, "falls to 2.3 cells on day 84")
    day, log_cells = course.nadir
    assert (day, math.exp(log_cells)) == pytest.approx((84, 2.3), abs=0.5)
    assert math.exp(log_cells) == pytest.approx(2.3, abs=0.05)
    assert says(prose, "Here 62 %. Half of these extinctions have happened by day 74")
    assert course.extinction_probability == pytest.approx(0.62, abs=0.005)
    assert course.fate.extinction_day(course.positive0_cells) == pytest.approx(74, abs=0.5)
    assert says(bank, "By day 84 every one has lost more than 99.99 % of its cells")
    assert math.exp(log_cells) / tables.kimmel().b0_cells < 1e-4


def test_two_sets_of_parameters(prose):
    assert says(prose, "The tumour grows three times as fast")
    assert TWIN["r_b_per_d"] / tables.kimmel().r_b_per_d == pytest.approx(3, abs=0.1)
    assert says(prose, "the two courses differ by at most 13 %")
    one = kimmel()
    twin = kimmel(
        r_b_per_d=TWIN["r_b_per_d"],
        gamma_b_per_d=TWIN["gamma_b_per_d"],
        k_b_cells=tables.kimmel().k_b_cells * TWIN["k_b_times"],
    )
    days = [day / 4 for day in range(113)]
    assert (
        max(
            abs(math.expm1(b - a))
            for a, b in zip(one.log_tumour_at(days), twin.log_tumour_at(days), strict=True)
        )
        < 0.13
    )
    assert says(prose, "the chance of extinction is 2 % instead of 62 %")
    assert twin.extinction_probability == pytest.approx(0.02, abs=0.005)


def test_lymphodepletion(bank):
    assert says(bank, "left 6 lymphocytes per µL of blood, and in the model the CAR-T cells climb to 30")
    p = tables.kimmel()
    assert p.lymphocytes0_per_uL == pytest.approx(6)
    assert kimmel().peak[1] == pytest.approx(30, abs=0.5)
    assert says(bank, "To about 2 per µL")
    assert kimmel(n0_cells=30 * p.cells_per_uL).peak[1] == pytest.approx(1.9, abs=0.05)


def test_a_number_that_is_printed_in_two_ways(prose):
    assert says(prose, "6.95 × 10¹⁰ cells in a public archive and as 6.96 × 10¹⁰ in the paper")
    assert says(prose, "The chance is 62 % with the first, 66 % with the second")
    assert says(
        " ".join(lesson.race().limits), "the paper prints 6.96, and the chance is then 66 instead of 62 %"
    )
    chances = [100 * kimmel(k_c_cells=room).extinction_probability for room in (6.95e10, 6.96e10)]
    assert chances == pytest.approx([62, 66], abs=0.5)


def test_cases_graded_again(bank):
    row = tables.table("crs_regraded").set_index("scale").loc["ASTCT"]
    assert (row.events_n, row.lower_n, row.higher_n) == (64, 23, 4)
    assert row.same_n + row.lower_n + row.higher_n == row.events_n
    assert says(
        bank,
        "trial's 64 cases were graded again by the scale of 2019, 23 got a lower grade and 4 a higher one",
    )
    assert says(
        lesson.trials().explain[1],
        "JULIET's 64 cases were graded again by the scale of 2019, 23 got a lower grade",
    )


def test_relapses_without_cd19(prose):
    assert says(prose, "166 children were treated; of 67 relapses, 39 had lost it")
    row = tables.antigen_escape().iloc[0]
    assert (row.treated_n, row.relapsed_n, row.antigen_negative_n) == (166, 67, 39)


def test_trials(prose, bank):
    rows = tables.cell_therapy_trials("CAR-T").set_index(["study", "outcome"])
    assert says(prose, "In JULIET 48 of 93 patients responded")
    assert tuple(rows.loc[("JULIET", "response"), ["successes", "n"]]) == (48, 93)
    assert says(prose, "Harm was counted in all 111")
    assert rows.loc[("JULIET", "CRS grade 3+"), "n"] == 111
    read_again = tables.table("neurotoxicity_regraded").set_index("scale")
    assert says(prose, "counted neurotoxicity in 23 of 111")
    assert tuple(rows.loc[("JULIET", "neurotoxicity"), ["successes", "n"]]) == (23, 111)
    assert says(prose, "in 50 by one scale (CTCAE), in 19 by the common scale of 2019 (ASTCT)")
    assert (read_again.successes["CTCAE 4.03"], read_again.successes["ASTCT"]) == (50, 19)
    assert says(bank, "In one lymphoma trial 22 % had severe CRS, in another 13 %")
    severe = rows.xs("CRS grade 3+", level="outcome")
    assert (severe.percent["JULIET"], severe.percent["ZUMA-1"]) == (22, 13)
    assert severe.grading["JULIET"] != severe.grading["ZUMA-1"]


def test_deaths(prose):
    assert says(prose, "Of 475 patients with lymphoma 1.1 % had died without relapse by day 28")
    assert says(prose, "and 1.2 % in the two months after")
    deaths = tables.table("toxicity_onset").set_index("syndrome").loc["death without relapse"]
    assert (set(deaths.treated_n), list(deaths.value)) == ({475}, [1.1, 1.2])


def test_intervals(bank):
    assert says(bank, "12 of 15 patients respond: 80 %")
    assert says(bank, "At about 52 %")
    assert 100 * proportions.clopper_pearson(12, 15).low == pytest.approx(52, abs=0.5)
    assert says(bank, "From 0 to about 22 %")
    assert 100 * proportions.clopper_pearson(0, 15).high == pytest.approx(22, abs=0.5)
    assert says(bank, "15 patients would still pass without a case one time in five")
    assert pytest.approx(0.2, abs=0.01) == 0.9**15
    assert says(bank, "At 50 % the chance of no case at all is 1 in 32,768")
    assert 2**15 == 32_768


def test_vignettes_of_the_questions():
    severe = astct.crs_grade(38.6, vasopressors=1, oxygen="nasal cannula", flow_L_min=3)
    fluids = astct.crs_grade(39.2, hypotension=True)
    asleep = astct.icans_grade(5, consciousness="awakens to voice")
    assert (severe.grade, fluids.grade, asleep.grade) == (3, 2, 2)
    for question, right in (("07.Q13", "Grade 3"), ("07.Q18", "CRS 2, ICANS 0"), ("07.Q7", "Grade 2")):
        options = quiz.question(question).options
        assert [option.text for option in options if option.right] == [right]


def test_predictions_are_what_the_models_give():
    curve = tables.car_kinetics("tisagenlecleucel")
    right = {
        "07.Q10": curve.t_max_d + math.log2(10) * curve.doubling_d,
        "07.Q11": car_t.simulate_leon_triana(tables.leon_triana(c0_cells=1e6)).peak[1],
        "07.Q12": kimmel(n0_cells=30 * tables.kimmel().cells_per_uL).peak[1],
        "07.Q14": 100 * proportions.clopper_pearson(12, 15).low,
    }
    for question in quiz.load(STEM).questions:
        if question.id in right:
            value = next(option.value for option in question.options if option.right)
            assert value == pytest.approx(right[question.id], rel=0.02), question.id


# The exercise


def test_answers_of_the_exercise():
    curve = tables.car_kinetics("tisagenlecleucel")
    answers = {
        "07.E1": replace(curve, alpha_per_d=2 * curve.alpha_per_d).auc(0, 28),
        "07.E2": curve.crossover_d,
        "07.E4": math.exp(kimmel(r_b_per_d=0.19).nadir[1]),
        "07.E5": proportions.clopper_pearson(31, 45).low,
    }
    for task_id, answer in answers.items():
        assert quiz.task(task_id).answer.accepts(answer), task_id


def test_the_six_cases():
    grades = [
        astct.crs_grade(39.0, hypotension=True),
        astct.crs_grade(37.2, vasopressors=1, vasopressin=True, treated=True),
        astct.crs_grade(38.4, oxygen="CPAP"),
        astct.icans_grade(astct.ice_score(attention=0)),
        astct.icans_grade(8, consciousness="awakens to voice"),
        astct.icans_grade(6, seizure="prolonged"),
    ]
    assert quiz.task("07.E3").answer.value == int("".join(str(grade.grade) for grade in grades))


def wilson(x, n, z=1.96):
    p = x / n
    return (p + z * z / 2 / n - z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)) / (1 + z * z / n)


def test_typical_slips_meet_their_message():
    curve = tables.car_kinetics("tisagenlecleucel")
    alpha, beta, share = curve.alpha_per_d, curve.beta_per_d, curve.slow_fraction
    p, n = 31 / 45, 45
    slips = {
        "07.E1": {
            curve.auc(0, 28): "published rate",
            curve.auc(0, 28) / 2: "half of the published",
            replace(curve, alpha_per_d=alpha / 2).auc(0, 28): "slower fall",
            replace(curve, c_max=48_000, alpha_per_d=2 * alpha).auc(0, 28): "taller curve",
            curve.c_max * 28: "rectangle",
        },
        "07.E2": {
            curve.crossover_d - curve.t_max_d: "counted from the *peak*",
            curve.fast_half_life_d: "fast phase",
            curve.slow_half_life_d: "slow phase",
            curve.t_max_d + math.log10((1 - share) / share) / (alpha - beta): "base of 10",
            math.log10((1 - share) / share) / (alpha - beta): "base of 10, and is counted",
            math.log((1 - share) / share) / alpha: "counted from the peak, and leaves out",
            curve.t_max_d + math.log((1 - share) / share) / alpha: "leaves out that the slow part falls",
            curve.crossover_d + curve.t_max_d: "more than once",
        },
        "07.E4": {
            math.exp(kimmel().nadir[1]): "0.105",
            kimmel(r_b_per_d=0.19).nadir[0]: "*day*",
            tables.kimmel().b0_cells: "begins",
            kimmel(r_b_per_d=0.19).nadir[1]: "natural logarithm",
            kimmel(r_b_per_d=0.19).nadir[1] / math.log(10): "base of 10",
            math.exp(kimmel(r_b_per_d=0.3).nadir[1]): "0.3 per day",
        },
        "07.E5": {
            proportions.clopper_pearson(31, 45).high: "*upper*",
            p: "31/45 itself",
            p - 1.96 * math.sqrt(p * (1 - p) / n): "normal approximation",
            wilson(31, 45): "Wilson",
            proportions.clopper_pearson(31, 45, level=0.9).low: "90 %",
            proportions.clopper_pearson(14, 45).low: "did *not* respond",
            100 * proportions.clopper_pearson(31, 45).low: "per cent",
        },
    }  # fmt: skip
    for task_id, wrong in slips.items():
        for number, words in wrong.items():
            feedback = [slip.feedback for slip in quiz.task(task_id).slips if slip.catches(number)]
            assert len(feedback) == 1 and words in feedback[0], (task_id, number, feedback)


def test_every_slip_of_the_cases_differs_in_one_digit_or_is_the_swap():
    right = str(round(quiz.task("07.E3").answer.value))
    for slip in quiz.task("07.E3").slips:
        wrong = str(round((slip.low + slip.high) / 2))
        differences = sum(a != b for a, b in zip(wrong, right, strict=True))
        assert differences == 1 or wrong == right[3:] + right[:3], wrong
