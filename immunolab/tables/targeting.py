"""Antibodies at their target: the molecule, its Fc receptors, disposition, depth in a tumour, antigens."""

from dataclasses import dataclass, fields
from functools import cache

import pandas as pd

from immunolab.models.penetration import Binder, Plasma, Tumour
from immunolab.models.target_mediated import TargetMediated
from immunolab.tables.reading import chosen, known, read


@dataclass(frozen=True)
class PenetrationSet:
    """A published setting of the penetration model: the tissue, the molecule, and its level in plasma.

    ``plasma`` is None where the setting leaves it to the reader.
    """

    name: str
    tumour: Tumour
    binder: Binder
    plasma: Plasma | None


def igg_subclasses() -> pd.DataFrame:
    """The four human IgG subclasses: mass, hinge, level in blood, half-life, and what their Fc can do."""
    return read("igg_subclasses").copy()


def name_endings(scheme: str | None = None) -> pd.DataFrame:
    """What the ending of an antibody's name says, under the old and the present naming scheme of the WHO.

    Raises ValueError that lists the schemes.
    """
    return chosen("name_endings", scheme=scheme)


def fc_receptors() -> list[str]:
    """The receptors and variants that ``fc_affinity`` accepts."""
    return list(read("fc_affinities")["receptor"].drop_duplicates())


def fc_affinity(receptor: str) -> dict[str, float]:
    """Subclass to association constant K_A in 1/M, 0 where no binding was found; for ``effector.fc_occupancy``.

    Raises ValueError that lists the receptors.
    """
    rows = fc_affinities(receptor)
    return dict(zip(rows["subclass"], rows["ka_per_M"], strict=True))


def fc_affinities(receptor: str | None = None, subclass: str | None = None) -> pd.DataFrame:
    """K_A and its standard error of IgG and Fcγ receptors; ``confirmed`` says if a second text prints it too.

    Raises ValueError that lists the receptors or subclasses.
    """
    return chosen("fc_affinities", receptor=receptor, subclass=subclass)


def fc_choices(fc: str | None = None) -> pd.DataFrame:
    """Which Fc approved antibodies carry, and why: ``fc`` is ``"active"``, ``"stronger"``, ``"weak"``, ``"silent"``."""
    return chosen("fc_choices", fc=fc)


def fcgr3a_trials(study: str | None = None) -> pd.DataFrame:
    """Responses to rituximab by the FCGR3A genotype at position 158, one row a study and a genotype."""
    return chosen("fcgr3a_trials", study=study)


def target_mediated_sets() -> list[str]:
    """The names that ``target_mediated`` accepts."""
    return _sets("target-mediated disposition")


@cache
def target_mediated(name: str = "a membrane target") -> TargetMediated:
    """A published set of the full model, or one made whole as its note says. Raises ValueError that lists them."""
    values, study = _values("target-mediated disposition", name)
    if "kss_nM" in values:
        return TargetMediated.from_kss(name, study, **values)
    if "cl_L_h" in values:
        return TargetMediated.from_hours(name, study, **values)
    return TargetMediated(name, study, **values)


def penetration_sets() -> list[str]:
    """The names that ``penetration`` accepts."""
    return _sets("penetration")


@cache
def penetration(name: str = "an IgG in a mouse") -> PenetrationSet:
    """A published setting of the penetration model. Raises ValueError that lists them."""
    values, _ = _values("penetration", name)
    plasma = None
    if "plasma_c0_nM" in values:
        phases = [number for number in (1, 2, 3) if f"plasma_fraction_{number}" in values]
        plasma = Plasma(
            values["plasma_c0_nM"],
            tuple(values[f"plasma_fraction_{number}"] for number in phases),
            tuple(values[f"plasma_rate_{number}_per_d"] for number in phases),
        )
    return PenetrationSet(name, _made(Tumour, values), _made(Binder, values), plasma)


def targeting_parameters(model: str | None = None) -> pd.DataFrame:
    """The rows behind ``target_mediated`` and ``penetration``, with units, sources and notes."""
    return chosen("targeting_parameters", model=model)


def antigens(antigen: str | None = None) -> pd.DataFrame:
    """Antigens on cells: molecules per cell, by antigen and kind of cell. Raises ValueError that lists them."""
    return chosen("antigens", antigen=antigen)


def antigen_density(antigen: str, cells: str) -> float:
    """Molecules of an antigen per cell. Raises ValueError that lists the antigens, or the cells of this one."""
    rows = antigens(antigen)
    known(cells, rows["cells"], f"kind of cell with a count of {antigen}")
    return float(rows.loc[rows["cells"] == cells, "per_cell_n"].iloc[0])


def internalisation() -> pd.DataFrame:
    """How fast antigens, free or with an antibody, are taken into cells."""
    return read("internalisation").copy()


def her2_groups() -> pd.DataFrame:
    """How tumours are sorted by HER2, as the label defines the groups. Dated: see ``as_of``."""
    return read("her2_groups").copy()


def arm_affinities(antigen: str | None = None) -> pd.DataFrame:
    """One arm against two: affinities of a Fab and of its whole IgG, or what either did to cells."""
    return chosen("arm_affinities", antigen=antigen)


def _sets(model: str) -> list[str]:
    rows = read("targeting_parameters")
    return list(rows[rows["model"] == model]["set"].drop_duplicates())


def _values(model: str, name: str) -> tuple[dict[str, float], str]:
    """Parameter to value of one set, and the study it is from."""
    known(name, _sets(model), f"set of {model}")
    rows = read("targeting_parameters")
    rows = rows[(rows["model"] == model) & (rows["set"] == name)]
    return {row.parameter: float(row.value) for row in rows.itertuples()}, rows["study"].iloc[0]


def _made(kind: type, values: dict[str, float]):
    return kind(**{field.name: values[field.name] for field in fields(kind) if field.name in values})
