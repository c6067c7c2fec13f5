"""The facing membranes of a dendritic cell and a T cell, molecules drawn to one scale and to stoichiometry."""

from random import Random

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import DOWN, UP, bilayer, bind, cd28, cd80, cd86, crowd, ctla4, pmhc, tcr
from immunolab.draw.palette import CD28, CD80, CD86, CTLA4, DENDRITIC, MHC, MUTED, PAPER, T_CELL, TCR, mix
from immunolab.draw.scene import HEAD, Scene, disc

TITLE = "CD28 and CTLA-4 at the synapse"
ALT = (
    "Two facing membranes, a dendritic cell above and a T cell below, joined by molecules. From left to right: a T-cell "
    "receptor reads a peptide on MHC; two CD28 molecules hold one ligand each, a single CD86 and one head of a CD80 pair; "
    "two CTLA-4 molecules hold two CD80 pairs each, so that they close into a zipper; at the far right a vesicle inside "
    "the T cell carries CTLA-4 away with the CD80 it has torn off. CTLA-4 silences CD28 by taking its ligands."
)
CAPTION = "CD28 holds one ligand at a time. CTLA-4 holds two, zips CD80 pairs together and carries them off."
SOURCES = ("Collins2002", "Jansson2005", "Qureshi2011", "Ikemizu2000")

WIDTH, HEIGHT = 920, 618
NM = 12.6
LOW, HIGH = 266, 440  # the two outer faces
MIDDLE = (LOW + HIGH) / 2
FIRST_PAIR = 456  # x of the first CD80 pair of the zipper


def draw() -> Figure:
    """The whole picture, from back to front."""
    scene = Scene(WIDTH, HEIGHT)
    _cytoplasm(scene)
    _depth(scene)
    _membranes(scene)
    _go(scene)
    _brake(scene)
    _carried_off(scene)
    _names(scene)
    scene.caption(CAPTION)
    return scene.figure


def _cytoplasm(scene: Scene) -> None:
    """Both cells fade away from their membranes; both surfaces recede into a common haze."""
    for colour, face, away in ((T_CELL, LOW, -1), (DENDRITIC, HIGH, 1)):
        for step in range(16):
            share = step / 15
            inner, surface = face + away * 30, face
            scene.path(_box(inner + away * 160 * share, inner + away * 190), fill=mix(colour.tint, PAPER, 0.2 + 0.8 * share))
            scene.path(_box(surface - away * 62 * share, MIDDLE), fill=mix(colour.tint, PAPER, share**1.6))


def _depth(scene: Scene) -> None:
    """Rows of molecules behind, smaller and paler: a real synapse holds thousands."""
    fate = Random(3)
    for nearness, haze, apart in ((0.56, 0.84, 30), (0.66, 0.76, 37), (0.78, 0.66, 52)):
        rows: dict = {glyph: [] for glyph in (tcr, cd28, ctla4, pmhc, cd80, cd86)}
        low, high = (MIDDLE + (face - MIDDLE) * nearness for face in (LOW, HIGH))
        for x in np.arange(-10, WIDTH + 20, apart):
            rows[fate.choice((tcr, cd28, cd28, cd28, ctla4))].append((x + fate.uniform(-7, 7), low + fate.uniform(-3, 3)))
            rows[fate.choice((pmhc, pmhc, cd80, cd86, cd86))].append((x + fate.uniform(-7, 7), high + fate.uniform(-3, 3)))
        with scene.faded(haze):
            for glyph, places in rows.items():
                if places:
                    crowd(scene, glyph, places, UP if glyph in (tcr, cd28, ctla4) else DOWN, NM * nearness)


def _membranes(scene: Scene) -> None:
    across = np.linspace(-12, WIDTH + 12, 2)
    bilayer(scene, np.column_stack([across, [LOW, LOW]]), T_CELL, 4.5 * NM)
    bilayer(scene, np.column_stack([across, [HIGH, HIGH]]), DENDRITIC, 4.5 * NM, below=False)


def _go(scene: Scene) -> None:
    """The signals that start a T cell: what it recognises, and the second signal through CD28."""
    inside = {"inside": True}
    for x, receptor, ligand, site in ((92, tcr, pmhc, 0), (212, cd28, cd86, 0), (306, cd28, cd80, 1)):
        ends = {"sites": (0, site), "receptor_how": inside, "ligand_how": inside}
        low, _ = bind(scene, receptor, ligand, (x, LOW), (x, HIGH), NM, **ends)
        scene.arrow((x, low.tail[1] - 7), (x, low.tail[1] - 36))


def _brake(scene: Scene) -> None:
    """CTLA-4 and CD80, two by two: each arm of one holds a head of the next."""
    half = 2.62 * NM
    stalk = ((HIGH - LOW) / NM - 5.67 - 7.83) / 2
    for step in range(3):
        ctla4(scene, (FIRST_PAIR + (4 * step + 2) * half, LOW), UP, NM, inside=True, stalk=stalk)
    for step in range(4):
        cd80(scene, (FIRST_PAIR + 4 * step * half, HIGH), DOWN, NM, inside=True, stalk=stalk)
    scene.bar((480, LOW - 100), (352, LOW - 100))


def _carried_off(scene: Scene) -> None:
    """A vesicle inside the T cell with a CTLA-4 and the CD80 it took along."""
    x, y, radius, thick = 860, 116, 47, 13
    around = np.linspace(0, 2 * np.pi, 60)
    ring = np.column_stack([x + radius * np.cos(around), y + radius * np.sin(around)])
    scene.path(disc((x, y), radius), fill=mix(DENDRITIC.tint, PAPER, 0.5))
    bilayer(scene, ring, T_CELL, thick, below=False)
    inner = radius - thick
    held = ctla4(scene, (x + 11, y - inner), UP, 4.7)
    cd80(scene, (held.tips[0][0] - 2.62 * 4.7, held.tips[0][1] + 7.83 * 4.7), DOWN, 4.7)
    scene.arrow((770, LOW - 122), (811, 112), -0.3, MUTED)


def _names(scene: Scene) -> None:
    scene.text((18, HEIGHT - 34), "Dendritic cell", HEAD, DENDRITIC.edge, bold=True, halo=0)
    scene.text((18, 56), "T cell", HEAD, T_CELL.edge, bold=True, halo=0)
    scene.text((78, 56), "activated, or regulatory", 14, T_CELL.edge, halo=0)
    for x, name, colour in ((92, "Peptide on MHC", MHC), (212, "CD86", CD86), (339, "CD80", CD80), (650, "CD80 pairs", CD80)):
        scene.text((x, HIGH + 102), name, 15.5, colour.edge, bold=True, align="center", halo=0)
    for x, name, remark, colour in (
        (92, "T-cell receptor", "signal 1", TCR),
        (259, "CD28", "signal 2, one ligand each", CD28),
        (592, "CTLA-4", "two ligands each, held more tightly:\nlittle is left for CD28", CTLA4),
    ):
        scene.label((x, 116), name, remark, colour=colour.edge, align="center", halo=0)
    scene.text((766, 76), "taken inside", 14, align="center", halo=0)


def _box(low: float, high: float) -> Path:
    return Path([(-2, low), (WIDTH + 2, low), (WIDTH + 2, high), (-2, high), (-2, low)], closed=True)
