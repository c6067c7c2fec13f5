"""The facts of the antibody lessons: molecules, parameters of the models, drugs on the market, counts of trials."""

import re

import numpy as np
import pytest

from immunolab import tables
from immunolab.models import conjugate, effector, radionuclide, ternary
from immunolab.models.penetration import Binder, Tumour
from immunolab.models.pharmacokinetics import PKParameters, half_lives
from immunolab.models.target_mediated import TargetMediated

TRIALS = tables.antibody_trials()


# --- the molecule and its receptors ----------------------------------------------------------------------


def test_four_subclasses_add_up_to_the_igg_of_blood():
    rows = tables.igg_subclasses().set_index("subclass")
    assert list(rows.index) == ["IgG1", "IgG2", "IgG3", "IgG4"]
    assert rows["serum_g_L"].sum() == pytest.approx(11.85)
    assert rows.loc["IgG3", "half_life_high_d"] < rows.loc["IgG1", "half_life_low_d"]


def test_names_by_either_scheme():
    old, new = (
        tables.name_endings(scheme)["ending"] for scheme in ("source of the sequence", "what the molecule is")
    )
    assert "-umab" in set(old)
    assert {"-tug", "-bart", "-mig", "-ment"} <= set(new)


def test_fc_affinities_of_bruhns():
    assert tables.fc_affinity("FcγRIIIA V158")["IgG1"] == 2e6
    assert effector.kd_uM_from_ka(2e6) == pytest.approx(0.5)
    ratio = tables.fc_affinity("FcγRIIIA V158")["IgG1"] / tables.fc_affinity("FcγRIIIA F158")["IgG1"]
    assert ratio == pytest.approx(1.709, abs=1e-3)


@pytest.mark.parametrize("receptor", tables.fc_receptors())
def test_every_receptor_was_tried_with_every_subclass(receptor):
    assert list(tables.fc_affinity(receptor)) == ["IgG1", "IgG2", "IgG3", "IgG4"]


def test_affinities_with_one_transcription_are_marked():
    rows = tables.fc_affinities()
    assert set(rows.loc[~rows["confirmed"], "receptor"]) == {"FcγRIIIB"}


def test_the_promise_of_a_small_trial_and_what_larger_ones_found():
    rows = tables.fcgr3a_trials().set_index(["study", "genotype"])
    assert rows.loc[("Cartron 2002", "V/V"), "successes"] == rows.loc[("Cartron 2002", "V/V"), "n"] == 10
    assert np.ptp(rows.loc["PRIMA", "percent"]) <= 2


# --- disposition and penetration -------------------------------------------------------------------------


def test_a_membrane_target_as_in_its_paper():
    target = tables.target_mediated("a membrane target")
    assert isinstance(target, TargetMediated)
    assert target.kss_nM == pytest.approx(0.044, abs=5e-4)
    assert target.baseline_nM == pytest.approx(12.36, abs=0.01)


def test_bevacizumab_starts_from_the_measured_growth_factor():
    target = tables.target_mediated("bevacizumab and VEGF")
    assert target.kss_nM == pytest.approx(267)
    assert target.baseline_nM * 40e3 == pytest.approx(212, rel=1e-3)  # ng/L, of a dimer of 40 kDa


def test_penetration_of_an_igg():
    found = tables.penetration()
    assert isinstance(found.tumour, Tumour)
    assert isinstance(found.binder, Binder)
    assert found.plasma.fractions == (0.6, 0.4)
    assert (found.tumour.krogh_um, found.tumour.capillary_um, found.tumour.void) == (75, 8, 0.24)


def test_a_stain_of_zero_hides_molecules():
    her2 = tables.antigens("HER2").set_index("cells")
    assert tables.antigen_density("HER2", "BT-474") == her2["per_cell_n"].max() > 4e5
    assert her2.loc[her2["ihc"].astype(str) == "0", "per_cell_n"].max() > 2e4


def test_groups_of_her2_are_dated():
    rows = tables.her2_groups()
    assert list(rows["group"]) == ["HER2-positive", "HER2-low", "HER2-ultralow", "HER2 0"]
    assert rows["as_of"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()


# --- conjugates ------------------------------------------------------------------------------------------


def _first_approved(name):
    rows = tables.approvals()
    return rows.loc[rows["product"] == name, "first_approved"].min()


@pytest.mark.parametrize(
    "names", [tables.conjugate_names("US"), tables.engagers()], ids=["conjugates", "engagers"]
)
def test_drugs_stand_in_the_order_of_their_approval(names):
    years = [_first_approved(name)[:4] for name in names]
    assert years == sorted(years)


@pytest.mark.parametrize("name", [*tables.conjugate_names(), *tables.engagers()])
def test_every_drug_has_a_dated_approval(name):
    rows = tables.approvals()
    mine = rows[rows["product"] == name]
    assert len(mine)
    assert mine["status"].isin({"approved", "accelerated", "withdrawn"}).all()


def test_conjugates_by_either_name_and_by_country():
    assert tables.conjugate("T-DXd") == tables.conjugate("trastuzumab deruxtecan")
    assert tables.conjugate("T-DM1").mean_dar == 3.5
    assert tables.conjugate("T-DXd").mean_dar == 8
    assert tables.conjugate_names("China") == ["disitamab vedotin"]
    assert "telisotuzumab vedotin" in tables.conjugate_names("US", "accelerated")


def test_a_bystander_effect_is_only_claimed_where_it_was_read():
    told = {name: tables.conjugate(name).bystander for name in tables.conjugate_names()}
    assert {name: answer for name, answer in told.items() if answer} == {
        "trastuzumab emtansine": "no",
        "trastuzumab deruxtecan": "yes",
        "sacituzumab govitecan": "yes",
    }


def test_withdrawn_does_not_always_mean_gone():
    notes = tables.approvals("US").set_index("product")["note"]
    for name in ("gemtuzumab ozogamicin", "belantamab mafodotin"):
        assert re.search(r"Withdrawn .* approved again", notes[name])
    assert tables.approvals("US").set_index("product").loc["moxetumomab pasudotox", "status"] == "withdrawn"


@pytest.mark.parametrize(("lot", "mean"), [("T-DM1, mean 3.1", 3.07), ("T-DM1, mean 1.5", 1.47)])
def test_measured_batches(lot, mean):
    assert sum(tables.dar_lot(lot)) == pytest.approx(1)
    assert conjugate.mean_dar(tables.dar_lot(lot)) == pytest.approx(mean, abs=0.01)


@pytest.mark.parametrize(("species", "first", "last"), [("monkey", 0.0939, 0.341), ("rat", 0.114, 0.543)])
def test_crowded_antibodies_lose_faster(species, first, last):
    losses = tables.dar_losses(species)
    assert len(losses) == 7
    assert (losses[0], losses[-1]) == (first, last)
    assert list(losses) == sorted(losses)


def test_half_of_the_copies_are_gone_after_a_week_in_a_monkey():
    lot = tables.dar_lot()
    week = conjugate.deconjugate(lot, tables.dar_losses("monkey"), [0.0, 7.0])[-1]
    assert conjugate.mean_dar(week) / conjugate.mean_dar(lot) == pytest.approx(0.503, abs=1e-3)


def test_disposition_reaches_the_model():
    monkey = tables.disposition("monkey")
    start = conjugate.bolus_mg_L(148, monkey.cl_mL_d, monkey.v1_mL, monkey.exchanges, [0.0])
    assert start == pytest.approx([1.0])


def test_t_dm1_by_weight_and_albumin():
    drug = tables.antibody("trastuzumab emtansine")
    assert half_lives(drug)[1] == pytest.approx(3.94, abs=0.01)
    heavy, light = (drug.for_patient(weight_kg=weight, albumin_g_L=41).cl_L_d for weight in (98, 49))
    assert heavy / light == pytest.approx(2**0.49)
    thin = drug.for_patient(weight_kg=70, albumin_g_L=33).cl_L_d
    assert thin / drug.cl_L_d == pytest.approx((33 / 41) ** -0.423)


def test_the_drug_set_free_from_t_dxd():
    drug = tables.released_drug("T-DXd", bsa_m2=2.0)
    assert drug.v_L == pytest.approx(34)
    assert drug.mass_ratio == pytest.approx(0.0253, abs=1e-4)
    assert drug.cl_L_d == pytest.approx(19.2 * 24)


# --- radionuclides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "gray"), [("Y-90", 49.98), ("I-131", 30.43), ("Lu-177", 19.63)])
def test_one_gigabecquerel_in_a_kilogram(name, gray):
    nuclide = tables.nuclide(name)
    decays = radionuclide.cumulated_activity_MBq_h(1000, nuclide.half_life_h)
    assert radionuclide.absorbed_dose_Gy(decays, nuclide.energy_MeV, 1000) == pytest.approx(gray, abs=0.01)


def test_antibodies_and_small_carriers_are_kept_apart():
    assert set(tables.radiotherapeutics("radioimmunoconjugate")["carrier"]) == {"antibody"}
    assert "antibody" not in set(tables.radiotherapeutics("radioligand")["carrier"])


def test_doses_to_organs_lie_in_their_range():
    rows = tables.organ_doses()
    assert (rows["median_Gy"] < rows["high_Gy"]).all()
    assert (rows["low_Gy"].dropna() < rows["median_Gy"][rows["low_Gy"].notna()]).all()


# --- engagers --------------------------------------------------------------------------------------------


def test_blinatumomab_is_gone_in_hours():
    drug = tables.antibody("blinatumomab")
    assert half_lives(drug)[1] * 24 == pytest.approx(1.87, rel=0.01)
    assert drug.mass_kDa == tables.engager("blinatumomab").mass_kDa == 55


def test_teclistamab_needs_its_injection():
    drug, injection = tables.injected("teclistamab")
    assert isinstance(drug, PKParameters)
    assert injection.bioavailability == 0.718
    with pytest.raises(ValueError, match="blinatumomab"):
        tables.antibody("teclistamab")


def test_doses_go_up_step_by_step():
    for _, steps in tables.step_up().groupby("name"):
        assert steps["day"].is_monotonic_increasing
        assert steps["amount"].is_monotonic_increasing


@pytest.mark.parametrize(("name", "drug_nM"), [("equal arms", 1.010), ("weak for T cells", 9.42)])
def test_worked_examples_of_a_bridge(name, drug_nM):
    assert ternary.peak(**tables.bridge(name)).drug_nM == pytest.approx(drug_nM, rel=1e-3)


# --- counts of trials ------------------------------------------------------------------------------------


def test_counts_agree_with_their_percentages():
    counted = TRIALS.dropna(subset=["successes", "n"])
    assert (counted["successes"] <= counted["n"]).all()
    # some print whole percentages
    assert (abs(100 * counted["successes"] / counted["n"] - counted["percent"]) <= 0.51).all()


def test_no_count_without_saying_where_from():
    assert (TRIALS["successes"].notna() == TRIALS["counted"].notna()).all()


def test_cytokine_release_was_not_graded_by_one_scale():
    grading = TRIALS[TRIALS["outcome"] == "CRS"].groupby("product")["grading"].first()
    assert (grading["teclistamab"], grading["blinatumomab"]) == ("ASTCT", "CTCAE")


def test_ten_times_the_dose_brought_more_harm_and_not_more_responses():
    rows = tables.antibody_trials(product="tarlatamab").set_index(["outcome", "arm"])["percent"]
    assert rows["response", "100 mg"] < rows["response", "10 mg"]
    assert rows["CRS", "100 mg"] > rows["CRS", "10 mg"]


# --- speaking errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "known"),
    [
        (lambda: tables.fc_affinity("FcγRIIIA"), "FcγRIIIA V158"),
        (lambda: tables.target_mediated("rituximab"), "bevacizumab and VEGF"),
        (lambda: tables.penetration("a human"), "an IgG in a mouse"),
        (lambda: tables.antigen_density("HER2", "HeLa"), "BT-474"),
        (lambda: tables.antigen_density("CD19", "Raji"), "HER2"),
        (lambda: tables.fcgr3a_trials("GALLIUM"), "PRIMA"),
        (lambda: tables.conjugate("Kadcyla"), "trastuzumab emtansine"),
        (lambda: tables.dar_lot("commercial"), "T-DM1, mean 3.1"),
        (lambda: tables.dar_losses("human"), "monkey"),
        (lambda: tables.disposition("human"), "monkey"),
        (lambda: tables.released_drug("T-DM1"), "trastuzumab deruxtecan"),
        (lambda: tables.injected("blinatumomab"), "teclistamab"),
        (lambda: tables.nuclide("Ac-225"), "Lu-177"),
        (lambda: tables.organ_doses("children"), "usual activity"),
        (lambda: tables.engager("catumaxomab"), "blinatumomab"),
        (lambda: tables.step_up("glofitamab"), "teclistamab"),
        (lambda: tables.bridge("teclistamab"), "equal arms"),
        (lambda: tables.antibody_trials(outcome="survival"), "CRS"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(ask, known):
    with pytest.raises(ValueError, match=re.escape(known)):
        ask()
