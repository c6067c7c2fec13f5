"""The numbers that lesson 02 states in its prose are the numbers its models give."""

import pytest
from lesson_text import says, words

from immunolab import tables
from immunolab.models import binding, pharmacokinetics

STEM = "02_immune_checkpoints"


def test_affinities_on_a_membrane(prose):
    assert says(prose, "Its K_D is 0.42 µM against 4 µM")
    assert tables.affinity("CTLA-4:CD80").kd_uM == 0.42
    assert tables.affinity("CD28:CD80").kd_uM == 4
    assert says(prose, "The 4 µM of CD28 and CD80 become 7.2 molecules per µm²")
    assert binding.kd_2d(4) == pytest.approx(7.2, abs=0.05)


def test_what_ctla4_takes_at_published_densities(prose):
    assert says(prose, "loses 6 % of the engaged CD28, and 0.5 % of the activation")
    density = tables.surface_densities()
    with_it, without = (
        binding.synapse(
            binding.SynapseDensities(density["CD28"], count, density["CD80"], density["CD86"]),
            tables.affinities_2d(),
        ).cd28_engaged
        for count in (density["CTLA-4"], 0)
    )
    assert 100 * (1 - with_it / without) == pytest.approx(6, abs=0.5)
    lost = 1 - binding.cd28_activation(with_it) / binding.cd28_activation(without)
    assert 100 * lost == pytest.approx(0.5, abs=0.05)


def test_occupancy_after_one_low_dose(prose):
    assert says(prose, "with a K_D of 7.2 nM, the one-armed formula gives 34 %")
    drug = tables.antibody_affinity("nivolumab")
    once = pharmacokinetics.Regimen(dose_mg_per_kg=0.3, interval_d=60, n_doses=1)
    conc = pharmacokinetics.simulate(tables.antibody("nivolumab"), once).conc_at(57)
    nM = binding.nM_from_mg_per_L(conc)
    assert drug.kd_nM == 7.2
    assert 100 * binding.occupancy(nM, drug.kd_nM) == pytest.approx(34, abs=0.5)
    assert says(prose, "with another published K_D (1.45 nM) 72 %")
    assert 100 * binding.occupancy(
        nM, tables.antibody_affinity("nivolumab", "Yadav 2024").kd_nM
    ) == pytest.approx(72, abs=0.5)
    assert says(prose, "more than 99 %")
    two_arms = binding.bivalent_occupancy(nM, drug.kd_nM, density_um2=tables.surface_densities()["PD-1"])
    assert two_arms > 0.99


def test_half_of_the_function(prose):
    assert says(prose, "half of the function returns at about 96 % occupied")
    density = tables.surface_densities()
    kd = [binding.kd_2d(tables.affinity(f"PD-1:{ligand}").kd_uM) for ligand in ("PD-L1", "PD-L2")]
    half = binding.occupancy_for_inhibition(0.5, density["PD-1"], density["PD-L1"], density["PD-L2"], *kd)
    assert 100 * half == pytest.approx(96, abs=0.6)


def test_clearance_and_trials(prose):
    assert says(prose, "For pembrolizumab that is 0.22 litres")
    pembrolizumab = tables.antibody("pembrolizumab")
    assert pembrolizumab.cl_L_d == 0.22
    assert says(prose, "the level halves in about 26 days")
    assert round(pharmacokinetics.half_lives(pembrolizumab)[-1]) == 26
    harm = tables.table("toxicity").set_index("arm")
    assert says(prose, "78 of 355 patients on both drugs and 43 of 359 on anti-PD-1 alone")
    both, alone = harm[harm.trial == "RELATIVITY-047"].sort_values("percent", ascending=False).itertuples()
    assert (both.patients, alone.patients) == (355, 359)
    assert "78 patients" in both.note and "43 patients" in alone.note


def test_severe_side_effects_in_two_reports_of_one_trial():
    first = tables.table("toxicity").query("trial == 'CheckMate 067'").set_index("arm").percent
    later = tables.table("trial_outcomes").query(
        "trial == 'CheckMate 067' and outcome == 'severe side effects'"
    )
    later = later.set_index("arm").value
    shares = [report[arm] for report in (first, later) for arm in ("nivolumab", "nivolumab and ipilimumab")]
    assert [f"{share:.0f}" for share in shares] == ["16", "55", "21", "59"]
    assert says(words("02.Q3"), "16 % of patients on nivolumab alone and 55 % on nivolumab with ipilimumab")
    assert says(words("02.Q3"), "after three years it was 21 and 59 %")


def test_confounding(prose):
    assert says(prose, "2.64 (95 % interval 1.94 to 3.57), and to 1.88 (1.22 to 2.89) after correction")
    rows = tables.table("exposure_response")
    lung = rows[rows.cancer == "lung"]
    assert sorted(lung.hazard_ratio) == [1.88, 2.64]
    assert set(lung.n) == {804}
