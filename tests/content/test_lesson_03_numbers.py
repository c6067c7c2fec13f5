"""The numbers that lesson 03 states in its prose, its questions and its exercise are those of its models and tables."""

import json
import math
from functools import cache

import pytest
from lesson_text import says

from immunolab import tables
from immunolab.interactives import checkpoint_trials
from immunolab.learning import quiz
from immunolab.models import proportions, survival

STEM = "03_checkpoint_trials"


@pytest.fixture(scope="module")
def exercise():
    notebook = json.loads((quiz.home() / "exercises" / STEM / "solution.ipynb").read_text(encoding="utf8"))
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"])


def outcome(trial, arm, name, time=None, column="value"):
    """One number of trial_outcomes; ``arm`` is how the arm begins."""
    rows = tables.trial_outcomes(trial, name)
    rows = rows[
        rows.arm.str.startswith(arm) if time is None else (rows.arm == arm) & (rows.time_months == time)
    ]
    assert len(rows), (trial, arm, name, time)
    return rows[column].iloc[0]


def alive(trial, arm, months):
    return outcome(trial, arm, "alive", months)


@cache
def fitted(trial, arm):
    return survival.fit_mixture_cure(tables.trial_arm(trial, arm).patients)


def per_cent(fit):
    return [round(100 * share) for share in (fit.model.cured, fit.low, fit.high)]


# Reading the curve


def test_ten_invented_people(bank):
    died, left = [2, 4, 7, 12, 15], [5, 8, 9, 18, 20]
    assert says(bank, "at months 2, 4, 7 and 12. Three were last seen alive at months 5, 8 and 9")
    curve = survival.kaplan_meier(survival.Patients(died + left, [1] * 5 + [0] * 5))
    assert [option.value for option in quiz.question("03.Q5").options] == pytest.approx(
        [30, 43, 100 * curve.at(12), 60], abs=0.01
    )
    assert round(100 * 3 / 7) == 43


def test_a_height_by_hand(bank):
    assert says(
        bank,
        "45 of 50 pass month 3: 0.9. Just before month 8 there are 50 − 5 − 9 = 36 at risk, and 32 of them pass",
    )
    people = survival.Patients(
        [3] * 5 + [5] * 9 + [8] * 4 + [12] * 32, [1] * 5 + [0] * 9 + [1] * 4 + [0] * 32
    )
    assert quiz.question("03.Q3").answer.value == pytest.approx(survival.kaplan_meier(people).at(8))


def test_the_last_step_of_a_curve(bank):
    assert says(
        bank,
        "the curve of 475 patients stands at 58 % until month 86, and then falls to half of that. At month 86 three patients are at risk",
    )
    arm = tables.trial_arm("EORTC 18071", "ipilimumab")
    month = list(arm.time_months).index(86)
    assert (len(arm.patients), arm.at_risk[month], arm.deaths[month]) == (475, 3, 166)
    assert arm.alive[month] == pytest.approx(0.58, abs=0.002)
    assert arm.alive[month + 1] == pytest.approx(arm.alive[month] / 2, abs=0.001)
    assert says(bank, "of the other 472, 166 had died")


# One number is not enough


def test_the_copies_come_out(prose):
    assert says(prose, "within 0.03 in all 17 comparisons")
    names = tables.comparisons()
    assert len(names) == 17
    gaps = {
        name: abs(
            survival.hazard_ratio(*tables.comparison(name).patients).value
            - tables.comparison(name).hazard_ratio
        )
        for name in names
    }
    assert max(gaps.values()) < 0.03, gaps
    assert says(prose, "14.9 months instead of 15.7 for the high dose of CA184-169")
    high_dose = tables.comparison("CA184-169")
    assert high_dose.median_treatment_months == 15.7
    assert survival.kaplan_meier(high_dose.patients[0]).median.value == pytest.approx(14.9, abs=0.05)


def test_curves_that_cross(bank, exercise):
    trial = tables.comparison("CheckMate 057")
    assert says(
        bank,
        "median survival was 12.2 months with nivolumab and 9.4 with docetaxel, a chemotherapy; the hazard ratio was 0.73",
    )
    assert (trial.median_treatment_months, trial.median_control_months, trial.hazard_ratio) == (
        12.2,
        9.4,
        0.73,
    )
    assert says(bank, "the curves cross for the last time in month 7")
    assert 6 < survival.crossings(*trial.patients)[-1] < 7
    assert says(bank, "the ratio is 1.10 up to month 6 and 0.55 after it")
    early = survival.hazard_ratio(*trial.patients, end=6)
    late = survival.hazard_ratio(*trial.patients, start=6)
    assert [early.value, late.value] == pytest.approx([1.10, 0.55], abs=0.006)
    assert says(exercise, "an interval from 0.82 to 1.47. After it, it is 0.55 (0.42 to 0.72)")
    assert [early.low, early.high, late.low, late.high] == pytest.approx([0.82, 1.47, 0.42, 0.72], abs=0.006)
    assert says(bank, "51 against 39 of 100 lived a year")
    assert [alive("CheckMate 057", arm, 12) for arm in ("nivolumab", "docetaxel")] == [51, 39]
    gained = survival.rmst_difference(*trial.patients, 12)
    values = [option.value for option in quiz.question("03.Q9").options]
    assert values == pytest.approx([gained.value, 1, 12.2 - 9.4, 0.27 * 12], abs=0.05)


def test_half_the_rate(bank):
    assert says(bank, "√0.10 = 0.32. So 68 have died")
    assert 100 * (1 - math.sqrt(0.10)) == pytest.approx(68, abs=0.5)


def test_the_prequestion_on_ratios(bank):
    assert says(bank, "a hazard ratio of death of 0.53")
    assert outcome("CheckMate 067", "nivolumab and", "hazard ratio of death") == 0.53
    assert says(
        bank, "After five years 48 of 100 had died with both and 74 of 100 with one: about a third fewer"
    )
    both, one = (alive("CheckMate 067", arm, 60) for arm in ("nivolumab and ipilimumab", "ipilimumab"))
    assert (100 - both, 100 - one) == (48, 74)
    assert says(bank, "the medians were 71.9 and 19.9 months")
    medians = [
        outcome("CheckMate 067", arm, "median overall survival") for arm in ("nivolumab and", "ipilimumab")
    ]
    assert medians == [71.9, 19.9]


# The tail


def test_the_plateau_of_ipilimumab(prose):
    assert says(
        prose,
        "Among 1,861 people with melanoma who had received ipilimumab, the curve stopped falling about year three, with 21 % alive",
    )
    assert outcome("pooled ipilimumab", "ipilimumab", "alive", 120) == 21
    assert outcome("pooled ipilimumab", "ipilimumab", "alive", 120, "n") == 1861


def test_what_was_known_when(bank):
    people = tables.trial_arm("CheckMate 067", "nivolumab and ipilimumab").patients
    assert says(bank, "the model reads a long-term share of 49 %")
    now, early = (survival.fit_mixture_cure(known) for known in (people, people.until(12)))
    assert round(100 * now.model.cured) == 49
    values = [option.value for option in quiz.question("03.Q12").options]
    assert values == pytest.approx(
        [100 * now.model.cured, 100 * survival.kaplan_meier(people).at(12), 0], abs=0.5
    )
    assert early.model.cured == 0 and not early.plateau


def test_a_share_that_is_not_identified(prose, bank):
    fit = fitted("KEYNOTE-024", "pembrolizumab")
    assert says(prose, "the model reads a share of 58 %, but any share from 0 to 72 % fits")
    assert says(bank, "gives a long-term share of 58 %, interval 0 to 72 %")
    assert per_cent(fit) == [58, 0, 72]
    assert says(bank, "the curves end at 18 months") and says(bank, "65 % were alive at 18 months")
    people = tables.trial_arm("KEYNOTE-024", "pembrolizumab").patients
    curve = survival.kaplan_meier(people)
    assert curve.longest == 18 and curve.at_risk_at(18) == 2
    assert curve.at(18) == pytest.approx(0.65, abs=0.005)
    assert says(bank, "Five years on, 31.9 % were alive")
    assert alive("KEYNOTE-024", "pembrolizumab", 60) == 31.9


@pytest.mark.parametrize(
    ("trial", "arm", "name", "months"),
    [
        ("KEYNOTE-006", "ipilimumab", "ipilimumab", 26),
        ("CheckMate 067", "ipilimumab", "ipilimumab", 56),
        ("CheckMate 067", "nivolumab and ipilimumab", "both antibodies", 56),
    ],
)
def test_shares_that_were_wrong(prose, trial, arm, name, months):
    share, low, high = per_cent(fitted(trial, arm))
    later, of_melanoma = alive(trial, arm, 120), outcome(trial, arm, "not dead of melanoma", 120)
    assert says(
        prose,
        f"| {trial}, {name}, first {months} months | {share} % ({low} to {high}) | {later:g} % | {of_melanoma:g} % |",
    )
    assert tables.trial_arm(trial, arm).patients.time[-1] == months
    assert later < share
    assert says(prose, "Without them CheckMate 067 lies within its intervals")
    assert says(prose, "KEYNOTE-006 still lies below")
    assert low <= of_melanoma <= high if trial == "CheckMate 067" else of_melanoma < low


def test_an_interval_that_misses(bank):
    assert says(
        bank,
        "a long-term share of 40 % for ipilimumab, with an interval of 32 to 47 %. At ten years 23.6 % were alive",
    )
    assert per_cent(fitted("KEYNOTE-006", "ipilimumab")) == [40, 32, 47]
    assert says(bank, "31.3 % had not died of melanoma")
    assert outcome("KEYNOTE-006", "ipilimumab", "not dead of melanoma", 120) == 31.3
    assert says(bank, "With 278 patients")
    assert len(tables.trial_arm("KEYNOTE-006", "ipilimumab").patients) == 278


# Melanoma


def test_2010_and_ten_years(prose):
    assert says(prose, "median survival was 10.1 months with ipilimumab and 6.4 with a vaccine")
    rows = tables.trial_outcomes("MDX010-20", "median overall survival").set_index("arm").value
    assert (rows["ipilimumab"], rows["gp100"]) == (10.1, 6.4)
    assert says(prose, "half were alive after 71.9 months, and 43 of 100 after ten years")
    assert outcome("CheckMate 067", "nivolumab and", "median overall survival") == 71.9
    assert alive("CheckMate 067", "nivolumab and ipilimumab", 120) == 43


def test_how_many_for_one(prose, bank):
    both, one = (alive("CheckMate 067", arm, 60) for arm in ("nivolumab and ipilimumab", "ipilimumab"))
    assert says(bank, "after five years 52 % were alive with both antibodies, 26 % with ipilimumab")
    assert (both, one) == (52, 26)
    assert quiz.question("03.Q10").answer.accepts(survival.number_needed_to_treat(both / 100, one / 100))
    assert quiz.question("03.Q10").answer.accepts(4)
    assert says(prose, "26 more of 100 alive after five years: one more for every four treated")
    assert says(bank, "12.5 compares both with nivolumab alone (52 and 44 %)")
    assert alive("CheckMate 067", "nivolumab", 60) == 44


def test_harm_beside_benefit(prose, bank):
    arms = ("nivolumab and ipilimumab", "nivolumab", "ipilimumab")
    harm = tables.trial_outcomes("CheckMate 067", "severe side effects").set_index("arm").value[list(arms)]
    assert says(prose, "Severe side effects struck 59 of 100 instead of 28")
    assert says(bank, "severe side effects struck 59 of 100 with both, 28 of 100 with ipilimumab")
    assert list(harm) == [59, 21, 28]
    assert says(prose, "it was 8 more alive and 38 more with severe side effects")
    both, nivolumab = (alive("CheckMate 067", arm, 60) for arm in arms[:2])
    assert (both - nivolumab, harm[arms[0]] - harm[arms[1]]) == (8, 38)
    assert says(
        prose,
        "ipilimumab at a high dose kept 11 more of 100 alive for five years than placebo; more than half had to stop it, "
        "and five people, 1.1 % of those treated, died",
    )
    adjuvant = "EORTC 18071"
    assert alive(adjuvant, "ipilimumab", 60) - alive(adjuvant, "placebo", 60) == pytest.approx(11)
    assert outcome(adjuvant, "ipilimumab", "stopped because of side effects") > 50
    assert outcome(adjuvant, "ipilimumab", "deaths by side effects") == 1.1
    assert outcome(adjuvant, "ipilimumab", "deaths by side effects", column="note").startswith(
        "Five patients"
    )


def test_order_of_treatments(prose, bank):
    first, second = "nivolumab and ipilimumab first", "dabrafenib and trametinib first"
    for text in (prose, bank):
        assert says(text, "265 people")
    shares = [alive("DREAMseq", arm, 24) for arm in (first, second)]
    step_one = [outcome("DREAMseq", arm, "response, first step") for arm in (first, second)]
    assert says(prose, "in 46.0 and 43.0 of 100") and step_one == [46.0, 43.0]
    assert says(prose, "71.8 % were alive with antibodies first and 51.5 % with tablets first")
    assert shares == [71.8, 51.5]
    assert says(
        prose, "Responses to antibodies lasted longer, and only 73 of the 265 had reached the second step"
    )
    lasted = [outcome("DREAMseq", arm, "median duration of response, first step") for arm in (first, second)]
    assert lasted == [math.inf, 12.7]
    reached = [
        outcome("DREAMseq", "both", "reached the second step", column=column) for column in ("successes", "n")
    ]
    assert reached == [73, 265]
    assert says(prose, "of those whose tumour had grown, about half got there")
    assert outcome("DREAMseq", "both", "reached the second step, of those with progression") == 52
    assert says(bank, "worked less often as second (29.6 %) than as first (46.0 %)")
    assert outcome("DREAMseq", second, "response, second step") == 29.6


def test_what_did_not_help_and_what_harmed(prose, bank):
    echo = tables.comparison("ECHO-301")
    assert says(
        prose, "In ECHO-301, 706 people received pembrolizumab with epacadostat, a tablet, or with placebo"
    )
    assert echo.n_treatment + echo.n_control == 706
    added, without = "pembrolizumab, pomalidomide and dexamethasone", "pomalidomide and dexamethasone"
    assert says(prose, "after six months 82 of 100 were alive with it and 90 without")
    assert says(bank, "82 % of 125 with it, 90 % of 124 without. Serious side effects: 63 and 46 %")
    assert [alive("KEYNOTE-183", arm, 6) for arm in (added, without)] == [82, 90]
    assert [outcome("KEYNOTE-183", arm, "alive", 6, "n") for arm in (added, without)] == [125, 124]
    assert [outcome("KEYNOTE-183", arm, "serious side effects") for arm in (added, without)] == [63, 46]
    assert says(bank, "Hazard ratio of death 1.61 (0.91 to 2.85)")
    assert says(prose, "Four deaths were put down to treatment with it, none without")
    assert "Four deaths" in outcome("KEYNOTE-183", added, "serious side effects", column="note")
    assert "No death" in outcome("KEYNOTE-183", without, "serious side effects", column="note")
    ratio = tables.trial_outcomes("KEYNOTE-183", "hazard ratio of death").iloc[0]
    assert (ratio.value, ratio.low, ratio.high) == (1.61, 0.91, 2.85)


def test_the_still_pictures_say_what_the_tables_hold():
    bars, forest = checkpoint_trials.benefit_and_harm().data, checkpoint_trials.ratios_of_death().data
    assert says(bars, "nivolumab and ipilimumab: of 100 people 59 severe side effects, 52 alive at 5 years")
    assert says(forest, "In 7 of 9 comparisons the whole interval lies below 1")
    assert says(
        forest,
        "ECHO-301, pembrolizumab and epacadostat against pembrolizumab: 1.13 (0.86 to 1.49), 706 people",
    )


# End points and evidence


def test_end_points(prose, bank):
    assert says(prose, "the median time to growth was shorter with nivolumab, 2.3 against 4.2 months")
    medians = [
        outcome("CheckMate 057", arm, "median progression-free survival")
        for arm in ("nivolumab", "docetaxel")
    ]
    assert medians == [2.3, 4.2]
    assert says(
        prose, "44 of 100 were free of recurrence after nine years with nivolumab and 37 with ipilimumab"
    )
    arms = ("nivolumab", "ipilimumab 10 mg/kg")
    assert [outcome("CheckMate 238", arm, "without recurrence", 108) for arm in arms] == [44, 37]
    assert says(prose, "the hazard ratio of death was 0.88 (0.69 to 1.11)")
    ratio = tables.trial_outcomes("CheckMate 238", "hazard ratio of death").iloc[0]
    assert (ratio.value, ratio.low, ratio.high) == (0.88, 0.69, 1.11)
    assert says(bank, "50 % were without recurrence after seven years with pembrolizumab, 36 % with placebo")
    without = [outcome("KEYNOTE-054", arm, "without recurrence", 84) for arm in ("pembrolizumab", "placebo")]
    assert without == [50, 36]
    assert says(bank, "With a placebo group and 1,019 patients")
    assert (
        sum(
            outcome("KEYNOTE-054", arm, "without recurrence", 84, "n") for arm in ("pembrolizumab", "placebo")
        )
        == 1019
    )


def test_pseudoprogression(prose, bank):
    trial = "KEYNOTE-001, melanoma"
    for text in (prose, bank):
        assert says(text, "24 of 327")
    counts = [
        outcome(trial, "pembrolizumab", "pseudoprogression", column=column) for column in ("successes", "n")
    ]
    assert counts == [24, 327]
    assert says(
        bank,
        "77.6 % of those without growth by either of two rules, 37.5 % of those with growth by the older rule only, and 17.3 %",
    )
    rows = tables.trial_outcomes(trial, "alive")
    assert says(bank, "Of 592 who lived at least 12 weeks") and rows.n.sum() == 592
    rules = ("no progression by either rule", "progression by RECIST 1.1 only", "progression by both rules")
    assert [alive(trial, rule, 24) for rule in rules] == [77.6, 37.5, 17.3]


def test_responses_of_one_arm(prose, bank):
    assert says(prose, "first approved on 21 responses among 89 people")
    first = tables.trial_outcomes("KEYNOTE-001, after ipilimumab", "response").iloc[0]
    assert (first.successes, first.n) == (21, 89)
    assert says(prose, "in KEYNOTE-024 66 of 100 did")
    assert outcome("KEYNOTE-024", "chemotherapy", "later received an antibody against PD-1 or PD-L1") == 66

    assert says(bank, "20 of 80 leave a wide interval, from 16 to 36 %")
    interval = proportions.clopper_pearson(20, 80)
    assert [round(100 * interval.low), round(100 * interval.high)] == [16, 36]


def test_what_a_median_foretells(bank, exercise):
    assert says(bank, "12 % would be alive after five years. 26 % were")
    assert survival.exponential_survival(60, 19.9) == pytest.approx(0.12, abs=0.005)
    assert says(exercise, "For five years the same rule foretells 56, 32 and 12 %; seen were 52, 44 and 26 %")
    foretold = [survival.exponential_survival(60, median) for median in (71.9, 36.9, 19.9)]
    assert foretold == pytest.approx([0.56, 0.32, 0.12], abs=0.005)
    assert says(exercise, "at ten years it stood 12 points above")
    assert alive("CheckMate 067", "nivolumab and ipilimumab", 120) - 100 * 0.5 ** (
        120 / 71.9
    ) == pytest.approx(12, abs=0.5)


# Predictions and the exercise


CURVE = survival.MixtureCure(cured=0.30, scale=12)


def z(rho, gamma, turned=False):
    arms = tables.comparison("CheckMate 057").patients
    return survival.log_rank(*(reversed(arms) if turned else arms), rho=rho, gamma=gamma)


def test_answers_of_the_exercise():
    answers = {
        "03.E1": CURVE.median,
        "03.E2": CURVE.rmst(60),
        "03.E3": survival.events_needed(0.7, power=0.9),
        "03.E4": survival.exponential_survival(120, 36.9),
        "03.E5": z(0, 1).z,
    }
    for task_id, answer in answers.items():
        assert quiz.task(task_id).answer.accepts(answer), task_id
    for whole in (330, 331):
        assert quiz.task("03.E3").answer.accepts(whole)


def test_typical_slips_meet_their_message():
    others = survival.MixtureCure(cured=0, scale=12)
    slips = {
        "03.E1": {
            others.median: "*not* on the tail",
            CURVE.scale: "scale",
            12 * math.log(0.7 / 0.5): "are alive as well",
            -12 * math.log(0.3): "left above the tail",
            -12 * math.log(0.2): "Divide the 0.2 by 0.7",
            -12 * math.log10(0.2 / 0.7): "base of 10",
            CURVE.survival(60): "worked example",
        },
        "03.E2": {
            survival.MixtureCure(cured=0, scale=21.69).rmst(60): "*without* a tail",
            CURVE.rmst(60) - survival.MixtureCure(cured=0, scale=21.69).rmst(60): "difference",
            60 * CURVE.survival(60): "rectangle",
            CURVE.median: "median",
            others.rmst(60): "mean of those not on the tail",
            0.7 * others.rmst(60): "share of those not on the tail",
            CURVE.rmst(120): "month 120",
            CURVE.rmst(36): "month 36",
            CURVE.rmst(60) / 60: "share of the 60 months",
        },
        "03.E3": {
            survival.events_needed(0.7, power=0.8): "80 %",
            survival.events_needed(0.6): "0.6",
            2 * survival.events_needed(0.7): "both arms together",
            survival.events_needed(0.7) / 4: "leaves out the four",
            survival.events_needed(0.7, alpha=0.1): "one-sided",
            survival.events_needed(0.3): "0.3",
            survival.events_needed(0.75): "0.75",
            survival.events_needed(0.7) * math.log(10) ** 2: "base of 10",
        },
        "03.E4": {
            0.5 ** (60 / 36.9): "five years",
            0.5 ** (120 / 71.9): "both antibodies",
            0.5 ** (120 / 19.9): "ipilimumab",
            math.exp(-120 / 36.9): "e to the power",
            0.5 ** (10 / 36.9): "10 *months*",
            1 - 0.5 ** (120 / 36.9): "has died",
            100 * 0.5 ** (120 / 36.9): "per cent",
            0.5 ** (36.9 / 120): "changed places",
        },
        "03.E5": {
            z(0, 0).z: "plain log-rank",
            z(1, 0).z: "*early*",
            z(0, 1, turned=True).z: "sign is turned",
            z(0, 0, turned=True).z: "plain test with the arms exchanged",
            z(0, 1).p: "p-value of the right test",
            z(0, 0).p: "p-value of the plain test",
            z(0, 1).observed: "number of deaths",
        },
    }  # fmt: skip
    for task_id, wrong in slips.items():
        for number, words in wrong.items():
            assert not quiz.task(task_id).answer.accepts(number), (task_id, number)
            feedback = [slip.feedback for slip in quiz.task(task_id).slips if slip.catches(number)]
            assert len(feedback) == 1 and words in feedback[0], (task_id, number, feedback)
