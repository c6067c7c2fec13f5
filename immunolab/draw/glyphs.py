"""The drawing vocabulary of the course in one place: cells, molecules, and how they meet.

A new entity is a new function of a few lines in ``molecules`` or ``cells``, built from the kit in ``shapes``, in a colour of
its own in ``palette``.
"""

from .cells import (
    T_CELL_STATES,
    Cell,
    dendritic_cell,
    macrophage,
    red_cell,
    t_cell,
    tissue,
    tumour_cell,
    vessel,
)
from .molecules import ARM, FC, cd28, cd80, cd86, ctla4, cytokines, igg, lag3, pd1, pdl1, pdl2, pmhc, tcr
from .shapes import (
    DOWN,
    MEMBRANE,
    NM,
    UP,
    Anchors,
    Molecule,
    bilayer,
    bind,
    binding_sites,
    crowd,
    soft_body,
    wavy,
)

__all__ = [
    "ARM", "DOWN", "FC", "MEMBRANE", "NM", "T_CELL_STATES", "UP", "Anchors", "Cell", "Molecule", "bilayer", "bind", "binding_sites", "cd28",
    "cd80", "cd86", "crowd", "ctla4", "cytokines", "dendritic_cell", "igg", "lag3", "macrophage", "pd1", "pdl1", "pdl2",
    "pmhc", "red_cell", "soft_body", "t_cell", "tcr", "tissue", "tumour_cell", "vessel", "wavy",
]  # fmt: skip
