"""Checkpoint receptors and ligands: affinities, densities on the membrane, and trials."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from immunolab.models.binding import Affinities2D, kd_2d
from immunolab.tables.antibody_drugs import antibody_affinity
from immunolab.tables.reading import known, pick, read, record


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


def affinity_pairs() -> list[str]:
    """The receptor pairs that ``affinity`` knows, written ``receptor:ligand``."""
    return list(read("receptor_affinities")["pair"].drop_duplicates())


@cache
def affinity(pair: str, study: str | None = None) -> Affinity:
    """The affinity of two receptors, for example ``affinity("PD-1:PD-L1")``.

    Raises ValueError that lists the known pairs, or the studies of the pair.
    """
    rows = read("receptor_affinities")
    known(pair, affinity_pairs(), "pair")
    return record(Affinity, pick(rows[rows["pair"] == pair], study, f"study of {pair}"))


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
    rows = read("surface_densities")
    known(where, rows["set"].unique(), "set of densities")
    mine = rows[rows["set"] == where]
    return dict(zip(mine["molecule"], mine["density_um2"].astype(float), strict=True))


def checkpoint_trials(target: str | None = None) -> pd.DataFrame:
    """Randomised trials beyond CTLA-4 and PD-1, those that failed included, with patients per arm.

    ``target`` is one of the column of that name, or None for all. Raises ValueError that lists the targets.
    """
    rows = read("checkpoint_trials")
    if target is None:
        return rows.copy()
    known(target, rows["target"].unique(), "target")
    return rows[rows["target"] == target].reset_index(drop=True)
