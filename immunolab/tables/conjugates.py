"""Antibodies that carry or bridge: conjugates, radionuclides, T-cell engagers, and what trials counted."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from immunolab.models.conjugate import ReleasedDrug, mass_ratio, measured_dar
from immunolab.models.injection import Injection
from immunolab.models.pharmacokinetics import PKParameters
from immunolab.models.radionuclide import Nuclide
from immunolab.tables.antibody_drugs import published_set
from immunolab.tables.reading import chosen, known, read, record


@dataclass(frozen=True)
class Conjugate:
    """An antibody-drug conjugate. ``mean_dar`` is the printed mean; ``dar_text`` is how it was printed.

    ``bystander``: does the freed drug reach neighbouring cells in the laboratory? None where no text was at hand.
    """

    name: str
    short: str
    brand: str
    target: str
    isotype: str
    linker: str
    cleavable: str
    payload: str
    payload_kind: str
    bystander: str | None
    mean_dar: float
    dar_text: str
    attachment: str
    cancers: str
    source: str


@dataclass(frozen=True)
class Disposition:
    """Clearance and volumes of an antibody in one species, in mL/d and mL, as ``conjugate.bolus_mg_L`` takes them."""

    cl_mL_d: float
    v1_mL: float
    exchanges: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Engager:
    """A drug that bridges a T cell and a tumour cell.

    ``half_life_h`` and ``mass_kDa`` are None, and ``fc`` too, where no text at hand prints them.
    """

    name: str
    brand: str
    target: str
    format: str
    fc: str | None
    route: str
    mass_kDa: float | None
    half_life_h: float | None
    half_life_text: str | None
    cancers: str
    source: str


def conjugate_names(jurisdiction: str | None = None, status: str | None = None) -> list[str]:
    """Antibody-drug conjugates in the order of the table, all or those of ``approvals`` with this status.

    Raises ValueError that lists the jurisdictions or the kinds of status.
    """
    names = list(read("conjugates")["name"])
    if jurisdiction is None and status is None:
        return names
    rows = chosen("approvals", jurisdiction=jurisdiction, status=status)
    return [name for name in names if name in set(rows["product"])]


@cache
def conjugate(name: str) -> Conjugate:
    """A conjugate by its full or its short name. Raises ValueError that lists the known ones."""
    rows = read("conjugates")
    if name in set(rows["short"].dropna()):
        return record(Conjugate, rows[rows["short"] == name].iloc[0])
    known(name, rows["name"], "conjugate")
    return record(Conjugate, rows[rows["name"] == name].iloc[0])


def dar_lots() -> list[str]:
    """The measured batches that ``dar_lot`` accepts."""
    return list(read("dar_lots")["lot"].drop_duplicates())


@cache
def dar_lot(lot: str = "T-DM1, mean 3.1") -> tuple[float, ...]:
    """Fractions of antibodies at DAR 0, 1, 2, ... in a measured batch. Raises ValueError that lists them."""
    known(lot, dar_lots(), "measured batch")
    rows = read("dar_lots")
    rows = rows[rows["lot"] == lot].sort_values("dar")
    return tuple(float(share) for share in measured_dar(rows["percent"] / 100))


def dar_losses(species: str = "monkey") -> tuple[float, ...]:
    """Rates per day at which a T-DM1 antibody with 1, 2, ..., 7 copies loses one, for ``deconjugate``.

    Raises ValueError that lists the species.
    """
    rates = _parameters("deconjugation", species)
    return tuple(rates[f"k_{copies}_per_d"] for copies in range(1, 8))


def disposition(species: str = "monkey") -> Disposition:
    """Three compartments of trastuzumab in an animal. Raises ValueError that lists the species."""
    values = _parameters("disposition", species)
    exchanges = ((values["q2_mL_d"], values["v2_mL"]), (values["q3_mL_d"], values["v3_mL"]))
    return Disposition(values["cl_mL_d"], values["v1_mL"], exchanges)


def released_drug(name: str = "trastuzumab deruxtecan", bsa_m2: float = 1.6) -> ReleasedDrug:
    """How a conjugate sets its drug free into the blood, for ``conjugate.released``.

    ``bsa_m2``: the body surface area, to which the volume is proportional; 1.6 m² is ours. Raises ValueError
    that lists the conjugates with published parameters.
    """
    values = _parameters("released drug", conjugate(name).name)
    return ReleasedDrug(
        values["rate_per_h"] * 24,
        values["cl_L_h"] * 24,
        values["v_L_per_m2"] * bsa_m2,
        mass_ratio(values["dar"], values["drug_Da"], values["conjugate_kDa"]),
        values["cycle_exponent"],
        values["later_factor"],
    )


def injected(name: str = "teclistamab") -> tuple[PKParameters, Injection]:
    """Parameters of a drug given under the skin, and what the injection adds, for ``injection.inject``.

    Raises ValueError that lists the drugs.
    """
    values = _parameters("injection", name)
    return published_set(name), Injection(**values)


def conjugate_parameters(model: str | None = None) -> pd.DataFrame:
    """The rows behind the loaders above, with units, sources and notes. Raises ValueError that lists the models."""
    return chosen("conjugate_parameters", model=model)


def nuclides() -> list[str]:
    """The names that ``nuclide`` accepts."""
    return list(read("nuclides")["name"])


def nuclide(name: str) -> Nuclide:
    """Half-life and energies of a radionuclide. Raises ValueError that lists the known ones."""
    known(name, nuclides(), "radionuclide")
    rows = read("nuclides")
    return record(Nuclide, rows[rows["name"] == name].iloc[0])


def radiotherapeutics(kind: str | None = None) -> pd.DataFrame:
    """Radioactive drugs by what carries the nuclide; ``kind`` is radioimmunoconjugate, radioligand or neither."""
    return chosen("radiotherapeutics", kind=kind)


def organ_doses(study: str | None = None) -> pd.DataFrame:
    """Median and range of the dose to healthy organs, in Gy, in patients given ibritumomab tiuxetan.

    Raises ValueError that lists the studies.
    """
    return chosen("organ_doses", study=study)


def engagers() -> list[str]:
    """The names that ``engager`` accepts, in the order of first US approval."""
    return list(read("engagers")["name"])


@cache
def engager(name: str) -> Engager:
    """What a T-cell engager is. Raises ValueError that lists the known ones."""
    known(name, engagers(), "T-cell engager")
    rows = read("engagers")
    return record(Engager, rows[rows["name"] == name].iloc[0])


def step_up(name: str | None = None) -> pd.DataFrame:
    """The first doses printed in the label of an engager. Dated facts about a document, no advice.

    Raises ValueError that lists the engagers.
    """
    return chosen("engager_steps", name=name)


def antibody_trials(
    kind: str | None = None, product: str | None = None, outcome: str | None = None, study: str | None = None
) -> pd.DataFrame:
    """Responses and harms with their denominators: conjugates, a radioactive antibody, engagers and the arms beside them.

    ``successes`` is empty where only a percentage was printed that fits several counts. Raises ValueError that
    lists the values of a column.
    """
    return chosen("antibody_trials", kind=kind, product=product, outcome=outcome, study=study)


def engager_potency(name: str | None = None) -> pd.DataFrame:
    """Concentration at which an engager has half of its effect on cells in the laboratory, in nM."""
    return chosen("engager_potency", name=name)


def bridge(name: str = "equal arms") -> dict[str, float]:
    """A worked example as the arguments of ``ternary.peak``: amounts and affinities in nM, and cooperativity.

    Illustrative; measured affinities of approved engagers were not at hand. Raises ValueError that lists them.
    """
    rows = read("bridge_affinities")
    known(name, rows["name"], "worked example of a bridge")
    row = rows[rows["name"] == name].iloc[0]
    columns = {
        "a_nM": "tumour_nM",
        "c_nM": "t_cell_nM",
        "kd_a_nM": "kd_tumour_nM",
        "kd_c_nM": "kd_t_cell_nM",
        "cooperativity": "cooperativity",
    }
    return {argument: float(row[column]) for argument, column in columns.items()}


def bridges() -> list[str]:
    """The names that ``bridge`` accepts."""
    return list(read("bridge_affinities")["name"])


def _parameters(model: str, name: str) -> dict[str, float]:
    """Parameter to value of one published set. Raises ValueError that lists the sets of the model."""
    rows = read("conjugate_parameters")
    rows = rows[rows["model"] == model]
    known(name, rows["set"].drop_duplicates(), f"set of {model}")
    rows = rows[rows["set"] == name]
    return {
        parameter: float(value) for parameter, value in zip(rows["parameter"], rows["value"], strict=True)
    }
