"""Published parameters that the model tests share. Each names the paper it comes from."""

import pytest

from immunolab.models.binding import Affinities2D, SynapseDensities, kd_2d
from immunolab.models.pharmacokinetics import Covariate, PKParameters


@pytest.fixture(scope="session")
def pembrolizumab() -> PKParameters:
    """Ahamadi 2017, doi:10.1002/psp4.12139 (PMC5270291); the covariates these tests need."""
    return PKParameters(
        "pembrolizumab",
        "Ahamadi 2017",
        cl_L_d=0.22,
        v1_L=3.48,
        q_L_d=0.795,
        v2_L=4.06,
        covariates=(
            Covariate("cl", "weight_kg", "power", 0.595, 76.8),
            Covariate("q", "weight_kg", "power", 0.595, 76.8),
            Covariate("v1", "weight_kg", "power", 0.489, 76.8),
            Covariate("v2", "weight_kg", "power", 0.489, 76.8),
            Covariate("cl", "albumin_g_L", "power", -0.907, 39.6),
            Covariate("cl", "female", "fraction", -0.152),
            Covariate("v1", "female", "fraction", -0.134),
        ),
        omega2_cl=0.134,
        omega2_v1=0.0417,
        reference_weight_kg=76.8,
    )


@pytest.fixture(scope="session")
def pembrolizumab_saturable() -> PKParameters:
    """Elassaiss-Schaap 2017, doi:10.1002/psp4.12132."""
    return PKParameters(
        "pembrolizumab", "Elassaiss-Schaap 2017", 0.168, 2.88, 0.384, 2.85, vmax_mg_d=0.114, km_mg_L=0.0784
    )


@pytest.fixture(scope="session")
def nivolumab() -> PKParameters:
    """Bajaj 2017, doi:10.1002/psp4.12143; reference: white woman, 80 kg. Units of the paper: mL/h, h."""
    return PKParameters(
        "nivolumab",
        "Bajaj 2017",
        cl_L_d=9.4 * 24 / 1000,
        v1_L=3.63,
        q_L_d=32.1 * 24 / 1000,
        v2_L=2.78,
        emax=-0.295,
        t50_d=1410 / 24,
        hill=3.15,
        covariates=(
            Covariate("cl", "weight_kg", "power", 0.566, 80),
            Covariate("cl", "male", "exponential", 0.165),
            Covariate("v1", "male", "exponential", 0.152),
        ),
        omega2_cl=0.123,
        omega2_v1=0.123,
        omega_cl_v1=0.0432,
        reference_weight_kg=80,
    )


@pytest.fixture(scope="session")
def ipilimumab() -> PKParameters:
    """Feng 2014, doi:10.1111/bcp.12323."""
    return PKParameters(
        "ipilimumab",
        "Feng 2014",
        cl_L_d=0.36,
        v1_L=4.15,
        q_L_d=0.986,
        v2_L=3.11,
        covariates=(
            Covariate("cl", "weight_kg", "power", 0.642, 80),
            Covariate("v1", "weight_kg", "power", 0.708, 80),
            Covariate("cl", "ldh_U_L", "logratio_power", 1.13, 206),
        ),
        omega2_cl=0.125,
        omega2_v1=0.0223,
        omega_cl_v1=0.0254,
        reference_weight_kg=80,
    )


@pytest.fixture(scope="session")
def durvalumab() -> PKParameters:
    """Baverel 2018, doi:10.1002/cpt.982, as reprinted by Centanni 2019 (PMC6584248)."""
    return PKParameters(
        "durvalumab",
        "Baverel 2018",
        0.232,
        3.51,
        0.476,
        3.45,
        vmax_mg_d=0.824,
        km_mg_L=0.344,
        omega2_cl=0.0729,
    )


@pytest.fixture(scope="session")
def cetuximab() -> PKParameters:
    """Dirks 2008, doi:10.1177/0091270007313393: no linear clearance at all."""
    return PKParameters("cetuximab", "Dirks 2008", 0, 2.83, 2.472, 2.43, vmax_mg_d=105.12, km_mg_L=74)


@pytest.fixture(scope="session")
def daratumumab() -> PKParameters:
    """Xu 2020, doi:10.1007/s12325-020-01247-8: a saturable elimination that is steep when it takes over."""
    return PKParameters("daratumumab", "Xu 2020", 0.1164, 4.09, 1.5408, 3.06, vmax_mg_d=49.92, km_mg_L=0.93)


@pytest.fixture(scope="session")
def blinatumomab() -> PKParameters:
    """Clements 2020, doi:10.1007/s40262-019-00823-8: one compartment, micrograms, hours."""
    return PKParameters("blinatumomab", "Clements 2020", cl_L_d=53.28, v1_L=5.98, omega2_cl=0.2266)


@pytest.fixture(scope="session")
def drugs(request) -> dict[str, PKParameters]:
    """Every drug above, by name."""
    names = "pembrolizumab pembrolizumab_saturable nivolumab ipilimumab durvalumab cetuximab daratumumab blinatumomab"
    return {name: request.getfixturevalue(name) for name in names.split()}


@pytest.fixture(scope="session")
def affinities() -> Affinities2D:
    """K_D in µM: CD28:CD80 and CTLA-4:CD80 van der Merwe 1997 (PMC2196039); CD86 Collins 2002 (PMID 12196291);
    CD80 dimer Ikemizu 2000 (PMID 10661405); CD80:PD-L1 Cheng 2013 (PMC3636866); ipilimumab Wang 2014.
    """
    return Affinities2D(
        cd28_cd80=kd_2d(4.0),
        cd28_cd86=kd_2d(20.0),
        ctla4_cd80=kd_2d(0.42),
        ctla4_cd86=kd_2d(2.6),
        cd80_dimer=kd_2d(17.0),
        cd80_pdl1=kd_2d(18.8),
        ctla4_antibody_nM=18.2,
    )


@pytest.fixture(scope="session")
def whole_cell() -> SynapseDensities:
    """Densities of the model of Wang 2021 (QSPIO-TNBC): synapse counts of Jansson 2005 on whole cells."""
    return SynapseDensities(cd28=1216, ctla4=52.9, cd80=88.9, cd86=956)


@pytest.fixture(scope="session")
def pd1_synapse() -> dict[str, float]:
    """PD-1 and ligands per µm² of Wang 2021 (QSPIO-TNBC), K_D of Cheng 2013 (PMC3636866)."""
    return {"pd1": 184, "pdl1": 132, "pdl2": 9.2, "kd_pdl1": kd_2d(8.2), "kd_pdl2": kd_2d(2.3)}
