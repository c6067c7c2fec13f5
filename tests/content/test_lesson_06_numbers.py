"""The numbers that lesson 06 states in its prose, questions and tasks are those of its models and tables."""

import numpy as np
import pytest
from lesson_text import right, says, words

from immunolab import tables
from immunolab.learning import quiz
from immunolab.models import antigen_gate, proportions, transduction

STEM = "06_car_t_engineering"


def one(rows, **values):
    """The only row of a table with these values."""
    for column, value in values.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, values
    return rows.iloc[0]


# Tables


def test_trials_of_the_relatives(prose):
    trials = tables.cell_therapy_trials(outcome="response")
    assert says(prose, "41 of 84 responded, against 18 of 84")
    assert tuple(one(trials, study="Rohaan 2022, TIL")[["successes", "n"]]) == (41, 84)
    assert tuple(one(trials, study="Rohaan 2022, ipilimumab")[["successes", "n"]]) == (18, 84)
    assert says(
        prose,
        "17 of 44 people with synovial sarcoma; the regulator, after doubts about the data, had the scans read again and counted 19",
    )
    assert tuple(one(trials, study="SPEARHEAD-1, synovial sarcoma")[["successes", "n"]]) == (17, 44)
    assert tuple(one(trials, study="SPEARHEAD-1, US review")[["successes", "n"]]) == (19, 44)
    assert says(prose, "Cytokine release syndrome (lesson 07) struck 33 of the 44")
    crs = one(tables.cell_therapy_trials(outcome="CRS"), study="SPEARHEAD-1, US review")
    assert (crs.successes, crs.n) == (33, 44)
    assert says(prose, "All who had TIL suffered severe side effects")
    assert says(prose, "with ipilimumab 57 % did")
    severe = tables.table("cell_therapy_survival").set_index("measure").value
    assert severe["side effects of grade 3 or more with TIL"] == 100
    assert severe["side effects of grade 3 or more with ipilimumab"] == 57
    assert says(prose, "2,959 of 6,606 people had an HLA type that fits")
    row = one(tables.table("manufacture_outcomes"), step="HLA type fits")
    assert (row.successes, row.n) == (2959, 6606)


def test_days_from_vein_to_vein(prose):
    days = tables.vein_to_vein()
    assert says(prose, "30 days for axi-cel and 48 for tisa-cel")
    for product, median in (("axicabtagene ciloleucel", 30), ("tisagenlecleucel", 48)):
        row = one(days, product=product, setting="all studies", region="all")
        assert round(row.median_d) == median
    assert says(prose, "344 people had cells collected and 269 were infused")
    row = one(tables.table("manufacture_outcomes"), study="TRANSCEND")
    assert (row.successes, row.n) == (269, 344)
    assert says(prose, "191 of 236 infused products of cilta-cel met every limit")
    row = one(tables.table("manufacture_outcomes"), step="product within specification")
    assert (row.successes, row.n, row["product"]) == (191, 236, "ciltacabtagene autoleucel")


def test_relapses_with_and_without_the_target(prose):
    rows = tables.antigen_escape()
    assert says(
        prose,
        "67 of 166 children relapsed after CD19 CAR-T cells: 39 without CD19 on the leukaemia, 28 with it",
    )
    row = one(rows, study="Children's Hospital of Philadelphia")
    assert (row.relapsed_n, row.treated_n) == (67, 166)
    assert (row.antigen_negative_n, row.antigen_positive_n) == (39, 28)
    assert says(
        prose, "of 166 relapses among 420, 68 were without and 83 with it; 12 had become another kind"
    )
    row = one(rows, study="seven US centres")
    assert (row.relapsed_n, row.treated_n) == (166, 420)
    assert (row.antigen_negative_n, row.antigen_positive_n, row.other_n) == (68, 83, 12)


def test_b_cells_and_second_cancers(prose):
    rows = tables.table("b_cell_aplasia")
    assert says(
        prose, "A month after axi-cel 30 of 34 people in remission had no B cells, after a year 8 of 19"
    )
    for day, counts in ((30, (30, 34)), (365, (8, 19))):
        row = one(rows, day_d=day)
        assert (row.without_b_cells_n, row.n) == counts
    assert says(prose, "By the end of 2023 the US regulator knew of 22 cancers of T cells")
    known = tables.second_cancers().set_index("source")
    assert known.cases["Verdun2024"] == 22 and known.counted_until["Verdun2024"] == "2023-12-31"
    assert says(prose, "in 3 the CAR gene was found in the tumour")
    assert "In 3 the gene of the CAR was found" in known.note["Verdun2024"]
    assert says(prose, "More than 27,000 doses had been given in the US")
    assert known.denominator_n["Verdun2024"] == 27000
    assert says(prose, "Since 2024 US labels warn of it in a box")
    warnings = tables.regulatory_actions("US")
    assert warnings[warnings.action.str.contains("boxed warning")].date.item().startswith("2024")


def test_products(prose):
    assert says(prose, "All seven products of the table treat cancers of the blood")
    assert len(tables.car_products()) == 7
    for name in tables.car_products():
        parts = tables.car_product(name).parts
        assert parts["costimulation"].value in ("CD28", "4-1BB")
        assert parts["signal"].value == "CD3ζ"

    assert says(
        prose, "the first for a solid tumour, against claudin 18.2, was approved in June 2026, in China"
    )
    row = one(tables.approvals(), product="satricabtagene autoleucel")
    assert (row.jurisdiction, row.target, row.status) == ("China", "CLDN18.2", "approved")
    assert str(row.first_approved).startswith("2026-06")


# Models


def test_chance_in_the_bag(prose):
    once = transduction.Transduction(1.0)
    assert 100 * once.car_positive == pytest.approx(63, abs=0.5)
    assert right("06.Q12").value == pytest.approx(100 * once.car_positive, abs=0.05)

    thrice = transduction.Transduction(3.0)
    text = words("06.Q18")
    assert says(text, "63 % become 95 %, at 3.2 copies per positive cell")
    assert 100 * thrice.car_positive == pytest.approx(95, abs=0.5)
    assert thrice.copies_per_car_positive == pytest.approx(3.2, abs=0.05)
    assert says(text, "from 1.6 to 3.2")
    assert once.copies_per_car_positive == pytest.approx(1.6, abs=0.05)

    forty = transduction.from_car_positive(0.40)
    answer = quiz.question("06.Q6").answer
    assert answer.value == pytest.approx(forty.copies_per_car_positive, rel=1e-3)


def test_real_batches_are_less_even_than_chance():
    text = words("06.Q7")
    third = tables.release_batches()[2]
    assert says(text, "39.7 % CAR-positive cells and 2.51 copies")
    assert (third.car_positive_percent, third.copies_per_cell) == (39.7, 2.51)
    assert says(text, "Chance alone would give 0.51")
    assert transduction.from_car_positive(third.car_positive).copies_per_cell == pytest.approx(
        0.51, abs=0.005
    )
    assert says(text, "between 4 and 5 times")
    for batch in tables.release_batches():
        excess = transduction.overdispersed(batch.copies_per_cell, batch.car_positive).excess
        assert 4 <= excess <= 5.05


def test_grip_and_density():
    text = words("06.Q13")
    assert says(
        text, "kills 99.9 % of tumour cells with 100,000 antigens each, and 80 % of healthy cells with 1,000"
    )
    tight = antigen_gate.recognise(np.array([1e5, 1e3]), 0.6).lysis
    assert 100 * tight == pytest.approx([99.9, 80], abs=0.1)
    weak = antigen_gate.recognise(np.array([1e5, 1e3]), 1100).lysis
    assert right("06.Q13").value == pytest.approx(100 * weak[0], abs=0.05)
    assert says(text, "about 1,800 times weaker")
    assert round(1100 / 0.6, -2) == 1800


def test_escape_is_a_matter_of_numbers(prose):
    assert says(prose, "Among a billion cells there are then a thousand")
    assert antigen_gate.loss_variants(1e-6, 1e9) == pytest.approx(1000)
    assert says(prose, "0.001 such cells are expected")
    assert antigen_gate.loss_variants(1e-6, 1e9, targets=2) == pytest.approx(0.001)


def test_answers_of_the_exercise():
    answers = {
        "06.E1": transduction.from_car_positive(0.50).copies_per_car_positive,
        "06.E2": transduction.copies_at_limit(5),
        "06.E3": antigen_gate.TwoMarkers(0.95, 0.90).both / antigen_gate.TwoMarkers(0.30, 0.05).both,
        "06.E4": transduction.doublings_needed(1e8, 0.30, 3e8),
        "06.E5": proportions.clopper_pearson(72, 94).low,
    }
    for name, value in answers.items():
        assert quiz.task(name).answer.value == pytest.approx(value, rel=0.002), name


def test_slips_of_the_exercise_are_what_they_say():
    """A number that a feedback explains falls into the range of that feedback."""
    made = {
        "06.E1": {"average over *all*": 0.693, "base 10": -np.log10(0.5) / 0.5, "m × 0.50": 0.693 * 0.5},
        "06.E2": {"which average": transduction.Transduction(3).copies_per_car_positive, "logarithm of 5": np.log(5)},
        "06.E3": {"OR": antigen_gate.TwoMarkers(0.95, 0.90).attacked("A OR B") / antigen_gate.TwoMarkers(0.30, 0.05).attacked("A OR B"),
                  "A alone": 0.95 / 0.30, "B alone": 0.90 / 0.05, "adding the shares": 1.85 / 0.35},
        "06.E4": {"100 million": np.log2(3), "natural": np.log(10)},
        "06.E5": {"normal approximation": 72 / 94 - 1.96 * np.sqrt(72 * 22 / 94**3), "90 %": proportions.clopper_pearson(72, 94, 0.90).low,
                  "99 %": proportions.clopper_pearson(72, 94, 0.99).low, "72 of 127": proportions.clopper_pearson(72, 127).low,
                  "*upper* end": proportions.clopper_pearson(72, 94).high},
    }  # fmt: skip
    for name, slips in made.items():
        for text, value in slips.items():
            hit = [slip for slip in quiz.task(name).slips if slip.low <= value <= slip.high]
            assert hit and text in hit[0].feedback, (name, text, value)
