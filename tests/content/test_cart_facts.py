"""The facts of the CAR-T lessons: parts of products, counts and their denominators, parameters of the models."""

import re

import numpy as np
import pytest

from immunolab import tables
from immunolab.models.car_t import simulate_cartmath, simulate_kimmel, simulate_leon_triana
from immunolab.models.cellular_kinetics import ExpansionCurve
from immunolab.models.cytokine_storm import simulate_storm
from immunolab.models.pharmacokinetics import Regimen, simulate
from immunolab.models.proportions import clopper_pearson
from immunolab.models.transduction import overdispersed
from immunolab.tables.cart import PARTS

SEVEN = ["tisa-cel", "axi-cel", "brexu-cel", "liso-cel", "ide-cel", "cilta-cel", "obe-cel"]
TRIALS = tables.cell_therapy_trials()


# --- products -------------------------------------------------------------------------------------------


def test_seven_products_in_the_order_of_their_approval():
    products = [tables.car_product(name) for name in tables.car_products()]
    assert [product.short for product in products] == SEVEN
    us = tables.approvals("US").set_index("product")["first_approved"]
    approved = [us[product.name] for product in products]
    assert approved == sorted(approved)


@pytest.mark.parametrize("name", SEVEN)
def test_every_product_has_every_part(name):
    product = tables.car_product(name)
    assert tuple(product.parts) == PARTS
    for part in product.parts.values():
        assert part.value
        assert part.confirmed == (part.source is not None)


def test_parts_that_no_source_prints_say_so():
    unconfirmed = {
        (product, part.part)
        for product in SEVEN
        for part in tables.car_product(product).parts.values()
        if not part.confirmed
    }
    assert unconfirmed == {
        ("cilta-cel", "hinge"),
        ("cilta-cel", "transmembrane"),
        ("obe-cel", "hinge"),
        ("obe-cel", "transmembrane"),
    }


def test_products_are_found_by_their_parts():
    assert tables.matching_products() == tables.car_products()
    short = {tables.car_product(name).name: name for name in SEVEN}

    def found(*args, **kwargs):
        return [short[name] for name in tables.matching_products(*args, **kwargs)]

    assert found(costimulation="CD28") == ["axi-cel", "brexu-cel"]
    assert found(vector="gammaretrovirus") == ["axi-cel", "brexu-cel"]
    assert found("BCMA") == ["ide-cel", "cilta-cel"]
    # The membrane of one protein and the signal of another
    assert found("CD19", transmembrane="CD28", costimulation="4-1BB") == ["liso-cel"]
    assert found("BCMA", costimulation="CD28") == []
    assert found(hinge=None, signal="CD3ζ") == SEVEN


# --- trials ---------------------------------------------------------------------------------------------


def rounds_to(successes, n, percent):
    step = 0.1 if percent % 1 else 1
    return abs(100 * successes / n - percent) <= step / 2 + 1e-9


def test_counts_agree_with_their_percentages():
    for row in TRIALS.dropna(subset=["successes"]).itertuples():
        assert rounds_to(row.successes, row.n, row.percent), (row.study, row.outcome)


def test_a_count_from_a_percentage_is_the_only_one():
    for row in TRIALS[TRIALS["counted"] == "percent"].itertuples():
        fits = [count for count in range(row.n + 1) if rounds_to(count, row.n, row.percent)]
        assert fits == [row.successes], (row.study, row.outcome)


def test_no_count_without_saying_where_from():
    assert (TRIALS["successes"].notna() == TRIALS["counted"].notna()).all()
    assert TRIALS["successes"].dropna().index.isin(TRIALS["n"].dropna().index).all()


def test_severe_is_never_more_than_any():
    wide = TRIALS.pivot(index="study", columns="outcome", values="percent")
    for any_grade in ("CRS", "neurotoxicity"):
        both = wide[[any_grade, f"{any_grade} grade 3+"]].dropna()
        assert (both[any_grade] >= both[f"{any_grade} grade 3+"]).all()
    both = wide[["response", "complete response"]].dropna()
    assert (both["response"] >= both["complete response"]).all()


@pytest.mark.parametrize(
    ("study", "outcome", "low", "high"),
    [
        ("ELIANA", "response", 0.707, 0.894),
        ("JULIET", "response", 0.41, 0.62),
        ("TRANSCEND", "response", 0.668, 0.780),
        ("TRANSCEND", "complete response", 0.468, 0.594),
        ("KarMMa", "response", 0.649, 0.809),
        ("KarMMa, US review", "response", 0.62, 0.81),
        ("CARTITUDE-1, US review", "response", 0.927, 0.997),
        ("CARTITUDE-1, US review", "stringent complete response", 0.688, 0.861),
        ("FELIX", "response", 0.667, 0.847),
        ("C-144-01", "response", 0.241, 0.394),
        ("Rohaan 2022, TIL", "response", 0.38, 0.60),
        ("Rohaan 2022, ipilimumab", "response", 0.13, 0.32),
        ("SPEARHEAD-1", "response", 0.24, 0.51),
        ("SPEARHEAD-1, synovial sarcoma", "response", 0.24, 0.55),
    ],
)
def test_counts_give_the_published_intervals(study, outcome, low, high):
    row = TRIALS.query("study == @study and outcome == @outcome").iloc[0]
    found = clopper_pearson(int(row["successes"]), int(row["n"]))
    printed = 0.0051 if round(low, 2) == low and round(high, 2) == high else 0.00051
    assert found.low == pytest.approx(low, abs=printed)
    assert found.high == pytest.approx(high, abs=printed)


def test_juliet_has_two_denominators():
    juliet = tables.cell_therapy_trials("CAR-T", "tisagenlecleucel").query("study == 'JULIET'")
    assert set(juliet.query("outcome in ('response', 'complete response')")["n"]) == {93}
    assert set(juliet[juliet["outcome"].str.startswith(("CRS", "neuro"))]["n"]) == {111}


def test_the_scales_of_the_pivotal_trials_differ():
    crs = tables.cell_therapy_trials("CAR-T", outcome="CRS grade 3+").set_index("study")["grading"]
    assert crs["ELIANA"] == crs["JULIET"] == "Penn"
    assert crs["ZUMA-1"] == crs["TRANSCEND"] == "Lee 2014"


def test_the_same_patients_by_three_scales():
    rows = tables.table("neurotoxicity_regraded")
    assert set(rows["n"]) == {111}
    assert dict(zip(rows["scale"], rows["successes"], strict=True))["ASTCT"] == 19


@pytest.mark.parametrize("name", ["manufacture_outcomes", "tocilizumab_response", "neurotoxicity_regraded"])
def test_other_counts_agree_with_their_percentages(name):
    for row in tables.table(name).itertuples():
        assert rounds_to(row.successes, row.n, row.percent)


def test_intervals_of_survival_enclose_their_value():
    rows = tables.table("cell_therapy_survival").dropna(subset=["low", "high"])
    assert ((rows["low"] < rows["value"]) & (rows["value"] < rows["high"])).all()


# --- manufacture, escape, safety ------------------------------------------------------------------------


@pytest.mark.parametrize(("batch", "excess"), [(1, 4.8), (2, 4.3), (3, 5.0)])
def test_real_batches_hold_more_copies_than_poisson_allows(batch, excess):
    row = tables.release_batches()[batch - 1]
    assert row.batch == batch
    assert overdispersed(row.copies_per_cell, row.car_positive).excess == pytest.approx(excess, rel=0.02)


def test_all_batches_meet_the_hospital_s_limits():
    limits = tables.release_criteria().set_index("test")
    for batch in tables.release_batches():
        assert batch.car_positive_percent >= limits.loc["CAR-positive cells", "least"]
        assert batch.copies_per_cell <= limits.loc["copies of the gene per cell", "most"]


def test_two_makers_set_different_limits():
    test = "copies of the gene per cell"
    limits = {
        product: tables.release_criteria(product).set_index("test").loc[test, "most"]
        for product in ("ARI-0001", "CTL019", "tisagenlecleucel")
    }
    assert (limits["ARI-0001"], limits["CTL019"]) == (10, 4)
    assert np.isnan(limits["tisagenlecleucel"]), "blacked out"


def test_reasons_of_missed_specifications_add_up():
    rows = tables.table("out_of_specification")
    assert rows["products_n"].sum() == rows["total_n"].iloc[0] == 24


def test_relapses_add_up():
    rows = tables.antigen_escape().set_index("study")
    parts = rows[["antigen_positive_n", "antigen_negative_n", "other_n"]].sum(axis=1)
    assert (parts <= rows["relapsed_n"]).all()
    chop = rows.loc["Children's Hospital of Philadelphia"]
    assert clopper_pearson(int(chop["antigen_negative_n"]), int(chop["relapsed_n"])) == pytest.approx(
        (0.455, 0.702), abs=0.001
    )


def test_severe_syndrome_after_tocilizumab():
    first = tables.tocilizumab_response().iloc[0]
    low, high = clopper_pearson(int(first["successes"]), int(first["n"]))
    assert (low, high) == pytest.approx((0.534, 0.818), abs=0.001)


def test_what_regulators_did_is_dated():
    actions = tables.regulatory_actions("US")
    assert list(actions["date"]) == ["2024-01", "2025-06-26"]


def test_patients_in_europe_waited_longer():
    waits = tables.vein_to_vein("axicabtagene ciloleucel").query("setting == 'all studies'")
    waits = waits.set_index("region")["median_d"]
    assert waits["US"] < waits["all"] < waits["Europe"]


@pytest.mark.parametrize(("syndrome", "grades"), [("CRS", [1, 2, 3, 4]), ("ICANS", [1, 2, 3, 4])])
def test_every_grade_has_its_signs(syndrome, grades):
    texts = tables.astct_grades(syndrome)
    assert list(texts) == grades
    assert all(texts[grade] for grade in grades)
    assert texts[grades[-1]] != texts[grades[0]]


# --- parameters -----------------------------------------------------------------------------------------


def test_tisagenlecleucel_grows_and_shrinks_as_published():
    curve = tables.car_kinetics()
    assert isinstance(curve, ExpansionCurve)
    assert curve.doubling_d == pytest.approx(0.78, abs=0.01)
    assert curve.fast_half_life_d == pytest.approx(4.3, abs=0.05)
    assert curve.slow_half_life_d == pytest.approx(220, abs=5)
    assert curve.auc(0, 28) == pytest.approx(171_774, rel=1e-3)


def test_liso_cel_needs_what_its_paper_does_not_print():
    with pytest.raises(ValueError, match="c_max and slow_fraction"):
        tables.car_kinetics("liso-cel")
    curve = tables.car_kinetics("liso-cel", c_max=1, slow_fraction=0.01)
    assert (curve.lag_d, curve.t_max_d) == (3.27, 9.29)
    assert curve.doubling_d == pytest.approx(0.755)
    assert tables.car_kinetics("tisa-cel", c_max=1e4).c_max == 1e4


def test_the_printed_spread_can_be_read_in_two_ways():
    wide, narrow = (tables.car_kinetics_variability(reading=reading) for reading in ("variance", "sd"))
    curve = tables.car_kinetics()
    assert wide.band(curve, "c_max") == pytest.approx((6_388, 90_033), rel=0.01)
    assert narrow.band(curve, "c_max") == pytest.approx((8_224, 69_948), rel=0.01)


def test_kinetics_rows_carry_unit_and_interval():
    rows = tables.kinetics_parameters("liso-cel")
    assert ((rows["low"] < rows["value"]) & (rows["value"] < rows["high"])).all()
    assert set(tables.kinetics_parameters()["set"]) == {"tisagenlecleucel", "lisocabtagene maraleucel"}


def test_kimmel_stays_within_the_quartiles_of_the_patients():
    course = simulate_kimmel(tables.kimmel())
    for row in tables.t_cell_counts().itertuples():
        assert row.low_per_uL <= course.conc_at(row.day_d) <= row.high_per_uL


def test_changes_reach_the_model():
    assert tables.kimmel(r_b_per_d=0.19).r_b_per_d == 0.19
    assert tables.leon_triana(c0_cells=1e6).c0_cells == 1e6
    assert tables.hanson(leukaemia0_per_uL=30).leukaemia0_per_uL == 30
    assert tables.leon_triana().peak_rule_cells == pytest.approx(1.875e10)


def test_leon_triana_peaks_as_published():
    assert simulate_leon_triana(tables.leon_triana()).peak[1] == pytest.approx(1.640e10, rel=0.01)


@pytest.mark.parametrize(
    ("line", "tumour"),
    [("Raji", 5.67e8), ("Raji with IDO", 1.71e9), ("Raji with IDO and 1-MT", 7.05e8)],
)
def test_cartmath_lines_differ_by_what_the_drug_changes(line, tumour):
    given = tables.cartmath_experiment(line)
    course = simulate_cartmath(
        tables.cartmath(line), given.tumour_cells, given.infusions, given.challenges, horizon_d=14
    )
    assert course.at(14)["tumour"] == pytest.approx(tumour, rel=0.01)


def test_the_challenged_line_is_challenged():
    given = tables.cartmath_experiment("HDLM-2")
    assert given.challenges == ((250, 1e6),)
    assert tables.cartmath_experiment("Raji").challenges == ()


def test_burden_drives_the_storm():
    peaks = [simulate_storm(tables.hanson(leukaemia0_per_uL=burden)).peak[1] for burden in (30, 300, 1000)]
    assert peaks == sorted(peaks)


def test_tocilizumab_in_patients_without_car_t_cells():
    drug = tables.antibody("tocilizumab", study="Moes 2022")
    course = simulate(
        drug, Regimen.every(28, dose_mg=600, infusion_d=1e-4, n_doses=1), np.linspace(0, 28, 57)
    )
    assert drug.v2_L == 0
    assert course.conc_at([1e-4, 7, 14]) == pytest.approx([138.2, 39.0, 8.18], rel=0.01)


@pytest.mark.parametrize(
    ("ask", "known"),
    [
        (lambda: tables.car_product("kymriah"), "tisagenlecleucel"),
        (lambda: tables.matching_products("CD22"), "BCMA"),
        (lambda: tables.matching_products(hinge="CD4"), "IgG4"),
        (lambda: tables.matching_products(spacer="IgG4"), "transmembrane"),
        (lambda: tables.cell_therapy_trials("NK"), "TCR-T"),
        (lambda: tables.cell_therapy_trials(outcome="cure"), "complete response"),
        (lambda: tables.vein_to_vein("kymriah"), "tisagenlecleucel"),
        (lambda: tables.release_criteria("kymriah"), "CTL019"),
        (lambda: tables.regulatory_actions("Mars"), "US"),
        (lambda: tables.astct_grades("CTCAE"), "ICANS"),
        (lambda: tables.car_kinetics("kymriah"), "lisocabtagene maraleucel"),
        (lambda: tables.car_kinetics_variability("liso-cel"), "tisagenlecleucel"),
        (lambda: tables.cartmath("HeLa"), "HDLM-2"),
        (lambda: tables.cartmath_experiment("HeLa"), "Raji"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(ask, known):
    with pytest.raises(ValueError, match=re.escape(known)):
        ask()
