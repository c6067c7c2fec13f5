"""Every number has a unit, a source that can be looked up, and a word for how well it is known."""

import os
import re
import warnings
from datetime import date
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from immunolab import course, tables
from immunolab.models.binding import kd_2d
from immunolab.models.pharmacokinetics import PKParameters

DATA = resources.files("immunolab") / "data"
README = (DATA / "README.md").read_text(encoding="utf-8")
UNIT = re.compile(
    r"_(L|L_d|d|h|kg|kDa|nM|uM|mg|mg_d|mg_L|g_L|mg_per_kg|mm|um2|uL|months|percent|MeV|Gy|per_M|per_uM_s|s|per_s|per_d|cells|cells_d|per_cell|per_cell_d)$"
    # ratios, variances, shape parameters and counts have no unit
    r"|^(emax|hill|omega2?_\w+|coefficient|hazard_ratio|ci_(low|high)|p_value|percent|\w+_n|n(_\w+)?|patients|molecules)$"
    r"|^(successes|cases|copies_per_cell|batch|grade|(mean_)?dar|cooperativity|receptors|steps|(\w+_)?step)$"
    # these take the unit of the row: of the covariate, or of the column `unit`
    r"|^(reference|value|amount|low|high|least|most|spread|pmid|year|first_us_approval|day)$"
)
# Words of the course, not findings of others
OWN = ("glossary", "misconceptions")
SOURCED = [name for name in tables.tables() if name not in (*OWN, "antibodies")]
# What a document prints, a rule it sets, or a scheme in words: true or outdated, but not measured
DOCUMENTS = {
    "antibody_regimens",
    "approvals",
    "astct_grades",
    "car_parts",
    "car_products",
    "car_release_criteria",
    "conjugates",
    "cycle_steps",
    "end_points",
    "engager_steps",
    "engagers",
    "fc_choices",
    "her2_groups",
    "immune_cells",
    "immunotherapies",
    "melanoma_timeline",
    "name_endings",
    "radiotherapeutics",
    "regulatory_actions",
}
KINDS = {
    "reported": {"peer-reviewed", "conference", "company-reported"},
    "primary_met": {"yes", "no", "descriptive"},
    "confidence": {"high", "medium", "low"},
    "counted": {"read", "percent", np.nan},
}
# Tables with rows that can go stale, and the column that says when they were checked
DATED = {
    name: column
    for name in tables.tables()
    for column in ("as_of", "last_checked")
    if column in tables.table(name)
}


@pytest.mark.parametrize("name", tables.tables())
def test_every_column_of_numbers_names_its_unit(name):
    rows = tables.table(name)
    numbers = rows.select_dtypes("number").columns
    assert [column for column in numbers if not UNIT.search(column)] == []


@pytest.mark.parametrize("name", SOURCED)
def test_every_row_has_a_known_source(name):
    rows = tables.table(name)
    unconfirmed = ~rows["confirmed"] if "confirmed" in rows else False
    assert set(rows["source"][~(rows["source"].isna() & unconfirmed)]) <= set(tables.sources())


@pytest.mark.parametrize("name", [n for n in SOURCED if n not in DOCUMENTS])
def test_every_row_says_how_well_it_is_known(name):
    assert set(tables.table(name)["evidence"]) <= set(tables.EVIDENCE)


@pytest.mark.parametrize("name", tables.tables())
def test_words_come_from_a_short_list(name):
    rows = tables.table(name)
    for column, words in KINDS.items():
        if column in rows:
            assert set(rows[column]) <= words


@pytest.mark.parametrize("name", tables.tables())
def test_the_licence_of_every_table_is_stated(name):
    line = next(line for line in README.splitlines() if line.startswith(f"| `{name}.csv`"))
    assert re.search(r"CC0 1\.0|CC BY 4\.0", line.split("|")[-2])


@pytest.mark.parametrize("key", tables.sources())
def test_every_source_can_be_looked_up(key):
    source = tables.source(key)
    assert source.doi or source.pmid or _is_a_document(key)
    assert source.doi is None or re.fullmatch(r"10\.\d{4,9}/\S+", source.doi)
    assert source.pmid is None or re.fullmatch(r"\d{7,8}", source.pmid)
    assert not re.search(r"[{}\\]", source.text), "TeX left in the citation"


def _is_a_document(key):
    """A label or a release: it has a title, a publisher and a date."""
    entry = (DATA / "sources.bib").read_text(encoding="utf-8").split(f"{{{key},")[1].split("\n}")[0]
    return all(f"\n  {field} = " in entry for field in ("title", "publisher", "date"))


def test_a_source_reads_as_a_citation():
    source = tables.source("Ahamadi2017")
    assert source.text.startswith("Ahamadi et al. Model-based characterization")
    assert source.text.endswith("CPT Pharmacometrics Syst Pharmacol 2017;6:49–57.")
    assert source.url == "https://doi.org/10.1002/psp4.12139"
    assert tables.source("KeytrudaLabel").text.startswith("Merck Sharp and Dohme. Keytruda")
    assert "van der Merwe et al." in tables.source("vanderMerwe1997").text
    assert tables.source("Turner2018").url == "https://pubmed.ncbi.nlm.nih.gov/29891725/"


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("antibody_pk", ["name"]),
        ("receptor_affinities", ["pair"]),
        ("antibody_regimens", ["name"]),
        ("antibody_affinities", ["name"]),
    ],
)
def test_exactly_one_default(name, keys):
    defaults = tables.table(name).groupby(keys)["default"].sum()
    assert set(defaults) == {1}


def test_no_row_stands_twice():
    for name, keys in {
        "antibodies": ["name"],
        "antibody_pk": ["name", "study"],
        "antibody_covariates": ["name", "study", "parameter", "covariate"],
        "antibody_affinities": ["name", "study"],
        "receptor_affinities": ["pair", "study"],
        "surface_densities": ["set", "molecule"],
        "checkpoint_trials": ["trial", "endpoint"],
        "approvals": ["product", "jurisdiction"],
        "glossary": ["term"],
        "car_products": ["name"],
        "car_parts": ["product", "part"],
        "cell_therapy_trials": ["study", "outcome"],
        "cart_parameters": ["model", "set", "parameter"],
        "car_release_criteria": ["test", "product"],
        "vein_to_vein": ["product", "setting", "region"],
        "astct_grades": ["syndrome", "grade", "sign"],
        "antibody_trials": ["study", "arm", "outcome"],
        "antigens": ["antigen", "cells"],
        "conjugate_parameters": ["model", "set", "parameter"],
        "conjugates": ["name"],
        "dar_lots": ["lot", "dar"],
        "engagers": ["name"],
        "fc_affinities": ["receptor", "subclass"],
        "nuclides": ["name"],
        "targeting_parameters": ["model", "set", "parameter"],
        "survival_comparisons": ["name"],
        "survival_curves": ["trial", "arm", "time_months"],
        "trial_outcomes": ["trial", "arm", "outcome", "time_months"],
        "cycle_steps": ["step"],
        "end_points": ["end_point"],
        "expectations": ["population", "what"],
        "hiding_tricks": ["trick"],
        "immune_cells": ["name"],
        "immunotherapies": ["therapy"],
        "immunotherapy_word": ["name"],
        "melanoma_timeline": ["date", "drug"],
    }.items():
        assert not tables.table(name).duplicated(keys).any(), name


def test_a_mass_has_a_label_behind_it():
    rows = tables.table("antibodies")
    assert (rows["mass_kDa"].notna() == rows["mass_source"].notna()).all()
    assert set(rows["mass_source"].dropna()) <= set(tables.sources())


def test_every_antibody_loads_with_all_its_studies():
    for name in tables.antibodies():
        assert tables.antibody_facts(name).name == name
        for study in tables.studies(name):
            parameters = tables.antibody(name, study)
            assert isinstance(parameters, PKParameters)
            assert (parameters.name, parameters.study) == (name, study)
        assert tables.antibody(name).study == tables.studies(name)[0]


def test_the_default_of_pembrolizumab_is_ahamadi():
    drug = tables.antibody("pembrolizumab")
    assert (drug.study, drug.cl_L_d, drug.v1_L, drug.q_L_d, drug.v2_L) == (
        "Ahamadi 2017",
        0.22,
        3.48,
        0.795,
        4.06,
    )
    assert drug.mass_kDa == 149
    older = tables.antibody("pembrolizumab", study="Elassaiss-Schaap 2017")
    assert (older.vmax_mg_d, older.km_mg_L) == (0.114, 0.0784)


def test_a_woman_clears_pembrolizumab_more_slowly():
    woman = tables.antibody("pembrolizumab").for_patient(female=1)
    assert woman.cl_L_d == pytest.approx(0.22 * 0.848)


def test_rows_that_leave_a_part_out_are_not_offered():
    incomplete = set(tables.table("antibody_pk").query("not complete")["name"])
    assert incomplete == {"rituximab", "daratumumab", "teclistamab"}
    assert incomplete.isdisjoint(tables.antibodies())


def test_checkpoint_antibodies_have_a_regimen_and_a_pharmacokinetic_set():
    for name in tables.antibodies("checkpoint"):
        first = tables.regimens(name)[0]
        assert (first.dose_mg is None) != (first.dose_mg_per_kg is None)
        assert first.interval_d >= 7
        assert first.jurisdiction == "US"


def test_regimens_come_as_plain_numbers():
    ipilimumab = tables.regimens("ipilimumab")[0]
    assert (ipilimumab.dose_mg, ipilimumab.dose_mg_per_kg, ipilimumab.n_doses) == (None, 3, 4)
    assert ipilimumab.infusion_d == pytest.approx(1.5 / 24)
    assert tables.regimens("bevacizumab") == []


@pytest.mark.parametrize(
    ("pair", "per_um2"),
    [
        ("CD28:CD80", 7.23),
        ("CD28:CD86", 36.1),
        ("CTLA-4:CD80", 0.759),
        ("CTLA-4:CD86", 4.70),
        ("PD-1:PD-L1", 14.8),
        ("PD-1:PD-L2", 4.16),
        ("CD80:PD-L1", 34.0),
        ("CD80:CD80", 30.7),
    ],
)
def test_affinities_in_the_plane_of_the_membrane(pair, per_um2):
    assert kd_2d(tables.affinity(pair).kd_uM) == pytest.approx(per_um2, rel=0.005)


def test_the_synapse_gets_the_default_affinities():
    flat = tables.affinities_2d()
    assert flat.ctla4_cd80 == pytest.approx(0.759, rel=0.005)
    assert flat.ctla4_antibody_nM == 18.2
    assert tables.affinity("CTLA-4:CD80", study="Jansson 2005").kd_uM == 0.2


def test_densities_come_in_two_sets():
    cell, contact = tables.surface_densities(), tables.surface_densities("synapse")
    assert cell["CD28"] == pytest.approx(1216, rel=0.001)
    assert cell["PD-1"] == pytest.approx(184.4, rel=0.001)
    assert contact["CD86"] == pytest.approx(1138, rel=0.001)


def test_a_density_is_molecules_over_area():
    rows = tables.table("surface_densities")
    assert (rows["molecules"] / rows["area_um2"] - rows["density_um2"]).abs().max() <= 0.0051


def test_assays_disagree_and_say_so():
    first = tables.antibody_affinity("nivolumab")
    assert (first.kd_nM, first.censored) == (7.2, False)
    assert tables.antibody_affinity("nivolumab", study="Yadav 2024").kd_nM == 1.45
    assert tables.antibody_affinity("tislelizumab").censored


def test_hazard_ratios_lie_inside_their_intervals():
    for name in ("checkpoint_trials", "exposure_response"):
        rows = tables.table(name).dropna(subset=["hazard_ratio", "ci_low", "ci_high"])
        assert ((rows["ci_low"] < rows["hazard_ratio"]) & (rows["hazard_ratio"] < rows["ci_high"])).all()


def test_trials_that_failed_are_there_too():
    trials = tables.checkpoint_trials()
    assert {"LAG-3", "TIGIT", "IDO1"} <= set(trials["target"])
    assert (trials["primary_met"] == "no").sum() > (trials["primary_met"] == "yes").sum()
    assert set(tables.checkpoint_trials("IDO1")["trial"]) == {"ECHO-301"}


def test_definitions_are_short_and_belong_to_a_lesson():
    stems = {lesson.stem for lesson in course.LESSONS}
    rows = tables.table("glossary")
    assert set(rows["lesson"]) <= stems
    assert (rows["definition"].str.split().str.len() <= 30).all()
    assert tables.glossary("02_immune_checkpoints")["PD-1"].startswith("A brake")


@pytest.mark.parametrize(
    ("ask", "known"),
    [
        (lambda: tables.table("doses"), "antibody_pk"),
        (lambda: tables.antibody("keytruda"), "pembrolizumab"),
        (lambda: tables.antibody("pembrolizumab", study="Smith 1999"), "Ahamadi 2017"),
        (lambda: tables.antibodies("tumour"), "checkpoint"),
        (lambda: tables.studies("aspirin"), "nivolumab"),
        (lambda: tables.regimens("aspirin"), "nivolumab"),
        (lambda: tables.affinity("PD-1:CD80"), "PD-1:PD-L1"),
        (lambda: tables.affinity("PD-1:PD-L1", study="Smith 1999"), "Cheng 2013"),
        (lambda: tables.antibody_affinity("aspirin"), "nivolumab"),
        (lambda: tables.surface_densities("brain"), "synapse"),
        (lambda: tables.published_exposures("aspirin"), "pembrolizumab"),
        (lambda: tables.checkpoint_trials("VISTA"), "LAG-3"),
        (lambda: tables.approvals("Mars"), "US"),
        (lambda: tables.source("Nobody1900"), "Ahamadi2017"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(ask, known):
    with pytest.raises(ValueError, match=re.escape(known)):
        ask()


def test_a_table_may_be_changed_without_harm():
    mine = tables.table("antibody_pk")
    mine["cl_L_d"] = 0
    assert tables.antibody("nivolumab").cl_L_d == 0.2256


def test_months_are_counted_whole():
    dated = tables.stale(date(2027, 3, 23), months=4)
    assert {row.table for row in dated} == set(DATED)
    assert tables.stale(date(2027, 3, 22), months=4) == []
    assert {row.months for row in tables.stale(date(2027, 7, 31), months=8)} == {8}


def test_dated_facts_are_fresh():
    """Age alone never breaks an untouched clone: it warns, and fails only for a release (STRICT=1)."""
    if old := tables.stale(months=tables.ERROR_MONTHS):
        assert os.environ.get("STRICT") != "1", f"Check again before a release: {_names(old)}"
    if aging := tables.stale():
        warnings.warn(f"Checked {tables.WARN_MONTHS} months ago or earlier: {_names(aging)}", stacklevel=1)


def _names(rows):
    return ", ".join(sorted({f"{row.table}: {row.row}" for row in rows}))


def test_dates_are_dates():
    for name, column in DATED.items():
        assert pd.to_datetime(tables.table(name)[column], format="%Y-%m-%d").notna().all()


def test_every_name_leads_to_its_loader():
    for name in tables.__all__:
        assert getattr(tables, name) is not None
    assert set(tables.__all__) <= set(dir(tables))
    with pytest.raises(AttributeError, match="no attribute 'doses'"):
        _ = tables.doses
