"""Antibodies as drugs: pharmacokinetic parameters, labelled schedules, affinities and published exposures."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from immunolab.models.pharmacokinetics import Covariate, PKParameters
from immunolab.tables.reading import default_first, known, pick, plain, read, record

_STRUCTURE = ("cl_L_d", "v1_L", "q_L_d", "v2_L", "emax", "t50_d", "hill", "vmax_mg_d", "km_mg_L")
_VARIABILITY = ("omega2_cl", "omega2_v1", "omega_cl_v1", "reference_weight_kg")


@dataclass(frozen=True)
class AntibodyAffinity:
    """How tightly a drug binds its target. ``censored`` means the true K_D is below ``kd_nM``."""

    name: str
    target: str
    study: str
    kd_nM: float
    censored: bool
    kon_per_uM_s: float | None
    method: str
    evidence: str
    source: str


@dataclass(frozen=True)
class AntibodyFacts:
    """What an antibody is. ``mass_kDa`` is None where no label was at hand; the models then take 146 kDa."""

    name: str
    target: str
    isotype: str
    group: str
    mass_kDa: float | None
    mass_source: str | None


@dataclass(frozen=True)
class LabelledRegimen:
    """A schedule printed in a label, as a dated fact about that label; not advice on how to treat anyone.

    Exactly one of ``dose_mg`` and ``dose_mg_per_kg`` is given; ``n_doses`` is None where the label sets no
    number; ``as_of`` is an ISO date.
    """

    name: str
    text: str
    dose_mg: float | None
    dose_mg_per_kg: float | None
    interval_d: float
    n_doses: int | None
    infusion_h: float
    jurisdiction: str
    as_of: str
    source: str

    @property
    def infusion_d(self) -> float:
        """Length of the infusion in days, the unit of the models."""
        return self.infusion_h / 24


def antibodies(group: str | None = None) -> list[str]:
    """Antibodies with a parameter set that the pharmacokinetic model can use, in the order of the table.

    ``group`` is ``"checkpoint"``, ``"other"`` or None for both.
    """
    facts = read("antibodies").set_index("name")["group"]
    if group is not None:
        known(group, facts.unique(), "group of antibodies")
    names = _usable()["name"].drop_duplicates()
    return [name for name in names if group in (None, facts[name])]


def studies(name: str) -> list[str]:
    """The published parameter sets of an antibody, the default first.

    Raises ValueError that lists the known antibodies.
    """
    return list(default_first(_antibody_rows(name))["study"])


@cache
def antibody(name: str, study: str | None = None) -> PKParameters:
    """Parameters of a two-compartment model with their covariates, as published.

    ``study`` picks one of ``studies(name)``; without it, the default. Units: L/d, L, d, mg/d, mg/L.
    Raises ValueError that lists the known names or studies.
    """
    return _parameters(pick(_antibody_rows(name), study, f"study of {name}"))


def published_set(name: str) -> PKParameters:
    """The default set of a drug, complete or not: for models that add the part that its row leaves out."""
    rows = read("antibody_pk")
    known(name, rows["name"].drop_duplicates(), "drug with pharmacokinetic parameters")
    return _parameters(pick(rows[rows["name"] == name], None, f"study of {name}"))


@cache
def antibody_facts(name: str) -> AntibodyFacts:
    """Target, isotype, group and mass of an antibody. Raises ValueError that lists the known ones."""
    rows = read("antibodies")
    known(name, rows["name"], "antibody")
    return record(AntibodyFacts, rows[rows["name"] == name].iloc[0])


def regimens(name: str) -> list[LabelledRegimen]:
    """The adult schedules printed in the label of an antibody, the default first; empty where none is listed.

    Raises ValueError that lists the known antibodies.
    """
    antibody_facts(name)
    rows = read("antibody_regimens")
    mine = default_first(rows[rows["name"] == name])
    return [record(LabelledRegimen, row) for _, row in mine.iterrows()]


@cache
def antibody_affinity(name: str, study: str | None = None) -> AntibodyAffinity:
    """The affinity of a drug for its target, by the default assay or the one of ``study``.

    Raises ValueError that lists the known antibodies, or the studies of this one.
    """
    rows = read("antibody_affinities")
    known(name, rows["name"].drop_duplicates(), "antibody with a measured affinity")
    return record(AntibodyAffinity, pick(rows[rows["name"] == name], study, f"study of {name}"))


def published_exposures(name: str | None = None) -> pd.DataFrame:
    """What trials and labels report about exposure and occupancy, all drugs or one.

    Raises ValueError that lists the drugs.
    """
    rows = read("published_exposures")
    if name is None:
        return rows.copy()
    known(name, rows["name"].drop_duplicates(), "antibody with a published exposure")
    return rows[rows["name"] == name].reset_index(drop=True)


def _parameters(row: pd.Series) -> PKParameters:
    mass_kDa = antibody_facts(row["name"]).mass_kDa
    return PKParameters(
        name=row["name"],
        study=row["study"],
        covariates=_covariates(row["name"], row["study"]),
        **{field: plain(row[field]) for field in _STRUCTURE + _VARIABILITY},
        **({} if mass_kDa is None else {"mass_kDa": mass_kDa}),
    )


def _usable() -> pd.DataFrame:
    rows = read("antibody_pk")
    return rows[rows["complete"]]


def _antibody_rows(name: str) -> pd.DataFrame:
    known(name, antibodies(), "antibody")
    rows = _usable()
    return rows[rows["name"] == name]


def _covariates(name: str, study: str) -> tuple[Covariate, ...]:
    rows = read("antibody_covariates")
    mine = rows[(rows["name"] == name) & (rows["study"] == study)]
    return tuple(
        Covariate(row.parameter, row.covariate, row.form, row.coefficient, plain(row.reference))
        for row in mine.itertuples()
    )
