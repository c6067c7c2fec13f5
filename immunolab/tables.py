"""The numbers of the course: the tables in ``immunolab/data``, turned into the parameters of the models.

Every row carries its unit in the column names, a source (a key of ``sources.bib``), and an evidence class:
``measured``, ``fitted``, ``assumed`` or ``illustrative``. ``data/README.md`` says what each table holds, from
whom it comes, and under which licence. The files are read from the installed package, once, so the loaders
work from any folder.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import resources

import pandas as pd

from immunolab.models.binding import Affinities2D, kd_2d
from immunolab.models.pharmacokinetics import Covariate, PKParameters

EVIDENCE = ("measured", "fitted", "assumed", "illustrative")
WARN_MONTHS, ERROR_MONTHS = 4, 8

_DATA = resources.files("immunolab") / "data"
_STRUCTURE = ("cl_L_d", "v1_L", "q_L_d", "v2_L", "emax", "t50_d", "hill", "vmax_mg_d", "km_mg_L")
_VARIABILITY = ("omega2_cl", "omega2_v1", "omega_cl_v1", "reference_weight_kg")
_WHOLE_NUMBERS = dict.fromkeys(("n", "n_doses", "n_drug", "n_control", "n_total", "patients"), "Int64")


@dataclass(frozen=True)
class Source:
    """One entry of ``sources.bib``: ``text`` is a short citation; identifiers that do not exist are None."""

    key: str
    text: str
    title: str
    doi: str | None
    pmid: str | None
    url: str | None


@dataclass(frozen=True)
class Affinity:
    """How tightly two receptors bind in solution: ``kd_uM`` in µM, ``kon_per_uM_s`` in 1/(µM s) or None."""

    pair: str
    study: str
    geometry: str
    kd_uM: float
    kon_per_uM_s: float | None
    evidence: str
    source: str


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


def tables() -> list[str]:
    """The names that ``table`` accepts."""
    return sorted(path.name.removesuffix(".csv") for path in _DATA.iterdir() if path.name.endswith(".csv"))


def table(name: str) -> pd.DataFrame:
    """A whole table, one row a number or a parameter set. The copy is yours to change.

    Raises ValueError that lists the tables if there is none of this name.
    """
    _known(name, tables(), "table")
    return _read(name).copy()


def antibodies(group: str | None = None) -> list[str]:
    """Antibodies with a parameter set that the pharmacokinetic model can use, in the order of the table.

    ``group`` is ``"checkpoint"``, ``"other"`` or None for both.
    """
    facts = _read("antibodies").set_index("name")["group"]
    if group is not None:
        _known(group, facts.unique(), "group of antibodies")
    names = _usable()["name"].drop_duplicates()
    return [name for name in names if group in (None, facts[name])]


def studies(name: str) -> list[str]:
    """The published parameter sets of an antibody, the default first.

    Raises ValueError that lists the known antibodies.
    """
    return list(_default_first(_antibody_rows(name))["study"])


@cache
def antibody(name: str, study: str | None = None) -> PKParameters:
    """Parameters of a two-compartment model with their covariates, as published.

    ``study`` picks one of ``studies(name)``; without it, the default. Units: L/d, L, d, mg/d, mg/L.
    Raises ValueError that lists the known names or studies.
    """
    row = _pick(_antibody_rows(name), study, f"study of {name}")
    mass_kDa = antibody_facts(name).mass_kDa
    return PKParameters(
        name=name,
        study=row["study"],
        covariates=_covariates(name, row["study"]),
        **{field: _plain(row[field]) for field in _STRUCTURE + _VARIABILITY},
        **({} if mass_kDa is None else {"mass_kDa": mass_kDa}),
    )


@cache
def antibody_facts(name: str) -> AntibodyFacts:
    """Target, isotype, group and mass of an antibody. Raises ValueError that lists the known ones."""
    rows = _read("antibodies")
    _known(name, rows["name"], "antibody")
    return _record(AntibodyFacts, rows[rows["name"] == name].iloc[0])


def regimens(name: str) -> list[LabelledRegimen]:
    """The adult schedules printed in the label of an antibody, the default first; empty where none is listed.

    Raises ValueError that lists the known antibodies.
    """
    antibody_facts(name)
    rows = _read("antibody_regimens")
    mine = _default_first(rows[rows["name"] == name])
    return [_record(LabelledRegimen, row) for _, row in mine.iterrows()]


def affinity_pairs() -> list[str]:
    """The receptor pairs that ``affinity`` knows, written ``receptor:ligand``."""
    return list(_read("receptor_affinities")["pair"].drop_duplicates())


@cache
def affinity(pair: str, study: str | None = None) -> Affinity:
    """The affinity of two receptors, for example ``affinity("PD-1:PD-L1")``.

    Raises ValueError that lists the known pairs, or the studies of the pair.
    """
    rows = _read("receptor_affinities")
    _known(pair, affinity_pairs(), "pair")
    return _record(Affinity, _pick(rows[rows["pair"] == pair], study, f"study of {pair}"))


@cache
def antibody_affinity(name: str, study: str | None = None) -> AntibodyAffinity:
    """The affinity of a drug for its target, by the default assay or the one of ``study``.

    Raises ValueError that lists the known antibodies, or the studies of this one.
    """
    rows = _read("antibody_affinities")
    _known(name, rows["name"].drop_duplicates(), "antibody with a measured affinity")
    return _record(AntibodyAffinity, _pick(rows[rows["name"] == name], study, f"study of {name}"))


@cache
def affinities_2d(gap_nm: float = 3.0) -> Affinities2D:
    """The default affinities of the synapse in molecules/µm², for two membranes ``gap_nm`` apart."""

    def flat(pair: str) -> float:
        return kd_2d(affinity(pair).kd_uM, gap_nm)

    return Affinities2D(
        cd28_cd80=flat("CD28:CD80"),
        cd28_cd86=flat("CD28:CD86"),
        ctla4_cd80=flat("CTLA-4:CD80"),
        ctla4_cd86=flat("CTLA-4:CD86"),
        cd80_dimer=flat("CD80:CD80"),
        cd80_pdl1=flat("CD80:PD-L1"),
        ctla4_antibody_nM=antibody_affinity("ipilimumab").kd_nM,
    )


def surface_densities(where: str = "whole cell") -> dict[str, float]:
    """Molecules per µm² by molecule: ``"whole cell"`` (the densities of a published model) or ``"synapse"``.

    Both are assumed, not measured: molecules counted for one synapse, spread over a chosen area.
    Raises ValueError that lists the two sets.
    """
    rows = _read("surface_densities")
    _known(where, rows["set"].unique(), "set of densities")
    mine = rows[rows["set"] == where]
    return dict(zip(mine["molecule"], mine["density_um2"].astype(float), strict=True))


def published_exposures(name: str | None = None) -> pd.DataFrame:
    """What trials and labels report about exposure and occupancy, all drugs or one.

    Raises ValueError that lists the drugs.
    """
    rows = _read("published_exposures")
    if name is None:
        return rows.copy()
    _known(name, rows["name"].drop_duplicates(), "antibody with a published exposure")
    return rows[rows["name"] == name].reset_index(drop=True)


def checkpoint_trials(target: str | None = None) -> pd.DataFrame:
    """Randomised trials beyond CTLA-4 and PD-1, those that failed included, with patients per arm.

    ``target`` is one of the column of that name, or None for all. Raises ValueError that lists the targets.
    """
    rows = _read("checkpoint_trials")
    if target is None:
        return rows.copy()
    _known(target, rows["target"].unique(), "target")
    return rows[rows["target"] == target].reset_index(drop=True)


def approvals(jurisdiction: str | None = None) -> pd.DataFrame:
    """Approved checkpoint antibodies. Dated: see ``last_checked``. A drug not listed is not judged.

    Raises ValueError that lists the jurisdictions.
    """
    rows = _read("approvals")
    if jurisdiction is None:
        return rows.copy()
    _known(jurisdiction, rows["jurisdiction"].unique(), "jurisdiction")
    return rows[rows["jurisdiction"] == jurisdiction].reset_index(drop=True)


def glossary(lesson: str | None = None) -> dict[str, str]:
    """Term to definition, for the whole course or for one lesson (its stem); empty for a lesson without terms."""
    rows = _read("glossary")
    if lesson is not None:
        rows = rows[rows["lesson"] == lesson]
    return dict(zip(rows["term"], rows["definition"], strict=True))


def source(key: str) -> Source:
    """The source behind a number. Raises ValueError that lists the keys."""
    entries = _bibliography()
    _known(key, entries, "source")
    return entries[key]


def sources() -> list[str]:
    """Every key of ``sources.bib``."""
    return sorted(_bibliography())


@dataclass(frozen=True)
class Stale:
    """A dated row whose last check lies ``months`` back."""

    table: str
    row: str
    checked: date
    months: int


def stale(today: date | None = None, months: int = WARN_MONTHS) -> list[Stale]:
    """Dated rows (``last_checked`` or ``as_of``) that were checked ``months`` months ago or earlier."""
    today = today or date.today()
    found = []
    for name in tables():
        rows = _read(name)
        for column in ("last_checked", "as_of"):
            if column not in rows:
                continue
            for label, text in zip(rows.iloc[:, 0], rows[column], strict=True):
                if pd.isna(text):
                    continue
                checked = date.fromisoformat(text)
                age = _whole_months(checked, today)
                if age >= months:
                    found.append(Stale(name, str(label), checked, age))
    return found


def _whole_months(start: date, end: date) -> int:
    # The 31st counts as reached on the last day of a shorter month.
    last_day = calendar.monthrange(end.year, end.month)[1]
    not_yet = end.day < min(start.day, last_day)
    return (end.year - start.year) * 12 + end.month - start.month - not_yet


@cache
def _read(name: str) -> pd.DataFrame:
    with (_DATA / f"{name}.csv").open(encoding="utf-8") as file:
        rows = pd.read_csv(file, keep_default_na=False, na_values=[""], dtype=_WHOLE_NUMBERS)
    for column in ("default", "complete", "censored"):
        if column in rows:
            rows[column] = rows[column].isin(["yes", "upper"])
    return rows


def _usable() -> pd.DataFrame:
    rows = _read("antibody_pk")
    return rows[rows["complete"]]


def _antibody_rows(name: str) -> pd.DataFrame:
    _known(name, antibodies(), "antibody")
    rows = _usable()
    return rows[rows["name"] == name]


def _pick(rows: pd.DataFrame, study: str | None, what: str) -> pd.Series:
    """The row of a study, or the default row."""
    if study is None:
        return rows[rows["default"]].iloc[0]
    _known(study, rows["study"], what)
    return rows[rows["study"] == study].iloc[0]


def _known(name: str, names: Iterable[str], what: str) -> None:
    names = list(names)
    if name not in names:
        raise ValueError(f"No {what} is called {name!r}. Known: {', '.join(names)}.")


def _default_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("default", ascending=False, kind="stable")


def _covariates(name: str, study: str) -> tuple[Covariate, ...]:
    rows = _read("antibody_covariates")
    mine = rows[(rows["name"] == name) & (rows["study"] == study)]
    return tuple(
        Covariate(row.parameter, row.covariate, row.form, row.coefficient, _plain(row.reference))
        for row in mine.itertuples()
    )


def _record(kind: type, row: pd.Series):
    """A row as a dataclass, field by column of the same name; empty cells become None."""
    return kind(**{field.name: _plain(row[field.name]) for field in fields(kind)})


def _plain(value: object):
    """A cell as Python's own type, None where it is empty."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


@cache
def _bibliography() -> dict[str, Source]:
    from pybtex.database import parse_string  # loaded only when someone asks for a source

    bibliography = parse_string((_DATA / "sources.bib").read_text(encoding="utf-8"), "bibtex")
    return {key: _as_source(key, entry) for key, entry in bibliography.entries.items()}


def _as_source(key: str, entry) -> Source:
    fields = {name: value.replace("{", "").replace("}", "") for name, value in entry.fields.items()}
    place = fields.get("journal") or fields.get("howpublished") or fields.get("publisher", "")
    volume = fields.get("volume", "")
    pages = fields.get("pages", "").replace("--", "–")
    where = ":".join(part for part in (volume, pages) if part)
    detail = f"{place} {fields['year']}" + (f";{where}" if where else "")
    doi, pmid = fields.get("doi"), fields.get("pmid")
    if doi:
        url = f"https://doi.org/{doi}"
    else:
        url = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else fields.get("url")
    text = f"{_authors(entry)}. {fields['title']}. {detail}."
    return Source(key, text, fields["title"], doi, pmid, url)


def _authors(entry) -> str:
    """One or two names in full, more as ``First et al.``; organisations as they write themselves."""
    people = entry.persons.get("author", [])
    names = [" ".join(person.prelast_names + person.last_names).strip("{}") for person in people]
    if not names:
        return entry.fields["publisher"]
    return f"{names[0]} et al" if len(names) > 2 or names[-1] == "others" else " and ".join(names)
