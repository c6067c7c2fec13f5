"""The facing membranes of a dendritic cell and a T cell, molecules drawn to one scale and to stoichiometry."""

from random import Random

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import (
    DOWN,
    MEMBRANE,
    UP,
    bilayer,
    bind,
    binding_sites,
    cd28,
    cd80,
    cd86,
    crowd,
    ctla4,
    pmhc,
    tcr,
)
from immunolab.draw.palette import CD28, CD80, CD86, CTLA4, DENDRITIC, MHC, MUTED, PAPER, T_CELL, TCR, mix
from immunolab.draw.scene import BODY, HEAD, Scene, disc

TITLE = "CD28 and CTLA-4 at the synapse"
ALT = (
    "Two facing membranes, a dendritic cell above and a T cell below, joined by molecules. From left to right: a T-cell "
    "receptor reads a peptide on MHC; two CD28 molecules hold one ligand each, a single CD86 and one head of a CD80 pair; "
    "three CTLA-4 molecules each join two of four neighbouring CD80 pairs, like a zipper; at the far right a vesicle inside "
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
        inner = face + away * 30
        for share in np.linspace(0, 1, 16):
            scene.path(
                _band(inner + away * 160 * share, inner + away * 190),
                fill=mix(colour.tint, PAPER, 0.2 + 0.8 * share),
            )
            scene.path(_band(face - away * 62 * share, MIDDLE), fill=mix(colour.tint, PAPER, share**1.6))


def _depth(scene: Scene) -> None:
    """Rows of molecules behind, smaller and paler: a real synapse holds thousands."""
    fate = Random(3)
    below, above = (tcr, cd28, cd28, cd28, ctla4), (pmhc, pmhc, cd80, cd86, cd86)
    for nearness, haze, apart in ((0.56, 0.84, 30), (0.66, 0.76, 37), (0.78, 0.66, 52)):
        low, high = (MIDDLE + (face - MIDDLE) * nearness for face in (LOW, HIGH))
        rows: dict = {(glyph, side): [] for side in (below, above) for glyph in side}
        for x in np.arange(-10, WIDTH + 20, apart):
            for side, y in ((below, low), (above, high)):
                rows[fate.choice(side), side].append((x + fate.uniform(-7, 7), y + fate.uniform(-3, 3)))
        with scene.faded(haze):
            for (glyph, side), places in rows.items():
                crowd(scene, glyph, places, UP if side is below else DOWN, NM * nearness)


def _membranes(scene: Scene) -> None:
    for colour, face in ((T_CELL, LOW), (DENDRITIC, HIGH)):
        bilayer(scene, [(-12, face), (WIDTH + 12, face)], colour, MEMBRANE * NM, below=face == LOW)


def _go(scene: Scene) -> None:
    """The signals that start a T cell: what it recognises, and the second signal through CD28."""
    for x, receptor, ligand, site in ((92, tcr, pmhc, 0), (212, cd28, cd86, 0), (306, cd28, cd80, 1)):
        low, _ = bind(scene, receptor, ligand, (x, LOW), (x, HIGH), NM, sites=(0, site), inside=True)
        scene.arrow((x, low.tail[1] - 7), (x, low.tail[1] - 36))


def _brake(scene: Scene) -> None:
    """CTLA-4 and CD80, two by two: each arm of one holds a head of the next."""
    arm = abs(binding_sites(ctla4)[0][0]) * NM
    stalk = ((HIGH - LOW) / NM - binding_sites(ctla4)[0][1] - binding_sites(cd80)[0][1]) / 2
    for step in range(3):
        ctla4(scene, (FIRST_PAIR + (4 * step + 2) * arm, LOW), UP, NM, inside=True, stalk=stalk)
    for step in range(4):
        cd80(scene, (FIRST_PAIR + 4 * step * arm, HIGH), DOWN, NM, inside=True, stalk=stalk)
    scene.bar(
        (470, LOW + 46), (360, LOW + 46)
    )  # in the layer of the heads: it takes ligands, it sends no signal


def _carried_off(scene: Scene) -> None:
    """A vesicle inside the T cell with a CTLA-4 and the CD80 it took along."""
    x, y, radius, thick, scale = 860, 116, 47, 13, 4.7
    around = np.linspace(0, 2 * np.pi, 60)
    scene.path(disc((x, y), radius), fill=mix(DENDRITIC.tint, PAPER, 0.5))
    ring = np.column_stack([x + radius * np.cos(around), y + radius * np.sin(around)])
    bilayer(scene, ring, T_CELL, thick, below=False)
    holding = ctla4(scene, (x + 11, y - radius + thick), UP, scale)
    aside, reach = binding_sites(cd80)[1]
    cd80(scene, (holding.tip[0] - aside * scale, holding.tip[1] + reach * scale), DOWN, scale)
    scene.arrow((770, LOW - 122), (811, 112), -0.3, MUTED)
    scene.text((766, 76), "taken inside", BODY, align="center")


def _names(scene: Scene) -> None:
    """Ligands above, receptors below, each beside what it names."""
    scene.name((18, HEIGHT - 34), "Dendritic cell", DENDRITIC, align="left", size=HEAD)
    scene.name((18, 56), "T cell", T_CELL, align="left", size=HEAD)
    scene.text((78, 56), "activated, or regulatory", BODY, T_CELL.edge)
    for x, name, colour in (
        (92, "Peptide on MHC", MHC),
        (212, "CD86", CD86),
        (339, "CD80", CD80),
        (650, "CD80 pairs", CD80),
    ):
        scene.name((x, HIGH + 102), name, colour)
    for x, name, remark, colour in (
        (92, "T-cell receptor", "signal 1", TCR),
        (259, "CD28", "signal 2, one ligand each", CD28),
        (592, "CTLA-4", "two ligands each, held more tightly:\nlittle is left for CD28", CTLA4),
    ):
        scene.label((x, 116), name, remark, colour=colour, align="center")


def _band(low: float, high: float) -> Path:
    return Path([(-2, low), (WIDTH + 2, low), (WIDTH + 2, high), (-2, high), (-2, low)], closed=True)
