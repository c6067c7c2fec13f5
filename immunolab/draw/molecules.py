"""The molecules of the course, drawn to one scale: nanometres times ``scale``.

Each is a function ``name(scene, at, angle, scale)`` that draws and returns ``Anchors``. ``at`` is the foot on the
membrane's outer face, ``angle`` the direction away from the cell. ``inside=True`` adds the part in the membrane and the
tail below it; ``stalk`` lengthens the stalk so that a bond closes (``shapes.bind`` works that out).

No two are told apart by colour alone: PD-1 is one round head on a long stalk, PD-L1 a wide head with a round socket, PD-L2
one with a pointed socket; CD28 is a closed bud with one site, CTLA-4 an open V with two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.path import Path

from .palette import (
    ADENOSINE,
    ANTIBODY,
    CD8,
    CD28,
    CD47,
    CD80,
    CD86,
    CTLA4,
    CYTOKINE,
    GM_CSF,
    IL1,
    IL6,
    IL12,
    INTERFERON_I,
    LAG3,
    MHC,
    PAPER,
    PD1,
    PDL1,
    PDL2,
    PEPTIDE,
    TCR,
    TGF_BETA,
    Colour,
    mix,
)
from .scene import Point, Scene, disc
from .shapes import MEMBRANE, NM, UP, Anchors, Molecule, Pose

TAIL = (0.0, -MEMBRANE - 4.7)


def tcr(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """T-cell receptor: two chains side by side, with the CD3 domains that carry its signal at their feet."""
    m = Molecule(scene, at, angle, scale, TCR, stalk)
    beta = _paler(TCR)
    signal = Colour(mix(TCR.line, PAPER, 0.55), TCR.tint, mix(TCR.edge, PAPER, 0.25))
    if inside:
        for x in (-2.9, 2.9):
            m.inside(x, 1, 3.4, signal)
        for x in (-0.9, 0.9):
            m.inside(x, 3)
    m.stem((-3.0, 0), (-3.0, 1.2), colour=signal).stem((3.0, 0), (3.0, 1.2), colour=signal)
    m.stem((-1.1, 0), (-1.1, 1.4)).stem((1.1, 0), (1.1, 1.4))
    m.bead(-3.0, 1.75, 1.9, 2.3, colour=signal).bead(3.0, 1.75, 1.9, 2.3, colour=signal)
    m.bead(1.2, 2.5, 2.4, 2.7, colour=beta).bead(1.3, 5.4, 2.5, 3.1, 4, beta)
    m.bead(-1.2, 2.5, 2.4, 2.7).bead(-1.3, 5.4, 2.5, 3.1, -4)
    return m.done([(0, 6.9)], tail=TAIL)


def pmhc(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0,
    peptide: Colour | None = PEPTIDE,
) -> Anchors:  # fmt: skip
    """A peptide on an MHC molecule: a platform on two feet with the peptide in its groove (None: an empty groove)."""
    m = Molecule(scene, at, angle, scale, MHC, stalk)
    if inside:
        m.inside(1.2, length=2.5)
    m.stem((1.2, 0), (1.25, 1.4))
    m.bead(-1.35, 2.2, 2.3, 2.6, colour=_paler(MHC)).bead(1.25, 2.2, 2.4, 2.7)
    m.shape(
        [(-3.1, 4.9), (-2.8, 6.2), (-2.1, 6.6), (-1.3, 6.0), (0, 5.8), (1.3, 6.0), (2.1, 6.6), (2.8, 6.2), (3.1, 4.9),
         (1.9, 3.7), (0, 3.5), (-1.9, 3.7)],
        heart=(0, 4.7),
    )  # fmt: skip
    if peptide:
        for x in np.linspace(-1.5, 1.5, 5):
            m.bead(x, 6.55 - 0.1 * x * x, 0.95, 0.95, colour=peptide)
    return m.done([(0, 7.0)], middle=(0, 4.9))


def cd28(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CD28: two chains closed like a bud. It holds one ligand at a time."""
    m = Molecule(scene, at, angle, scale, CD28, stalk)
    if inside:
        m.inside(-0.6, 1).inside(0.6, 1)
    m.stem((-0.6, 0), (-0.35, 1.1), (-0.7, 2.4)).stem((0.6, 0), (0.35, 1.1), (0.7, 2.4))
    m.bead(0.92, 4.05, 2.0, 4.0, -13, _paler(CD28)).bead(-0.92, 4.05, 2.0, 4.0, 13)
    return m.done([(0, 6.1)], middle=(0, 4), tail=TAIL)


def ctla4(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CTLA-4: two chains open like a V. It holds two ligands at a time, one with each arm."""
    m = Molecule(scene, at, angle, scale, CTLA4, stalk)
    if inside:
        m.inside(-0.6, 1).inside(0.6, 1)
    m.stem((-0.6, 0), (-0.35, 1.0), (-0.8, 2.2)).stem((0.6, 0), (0.35, 1.0), (0.8, 2.2))
    m.bead(-1.6, 3.9, 2.1, 4.1, -30).bead(1.6, 3.9, 2.1, 4.1, 30)
    return m.done([(-2.62, 5.67), (2.62, 5.67)], middle=(0, 2.2), tail=TAIL)


def cd80(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CD80: two chains side by side, most often as a pair, whose heads spread: two sites."""
    m = Molecule(scene, at, angle, scale, CD80, stalk)
    if inside:
        m.inside(-0.8, length=2).inside(0.8, length=2)
    m.stem((-0.8, 0), (-0.8, 1.4)).stem((0.8, 0), (0.8, 1.4))
    m.bead(-0.98, 2.8, 1.9, 3.1).bead(0.98, 2.8, 1.9, 3.1)
    m.bead(-1.85, 6.05, 2.1, 3.9, -24).bead(1.85, 6.05, 2.1, 3.9, 24)
    return m.done([(-2.62, 7.83), (2.62, 7.83)], middle=(0, 4.4))


def cd86(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CD86: a single slender chain with one site."""
    m = Molecule(scene, at, angle, scale, CD86, stalk)
    if inside:
        m.inside(0, length=2)
    m.stem((0, 0), (0, 1.4)).bead(0, 2.8, 2.0, 3.1).bead(0, 6.0, 2.2, 3.6)
    return m.done([(0, 7.8)])


def pd1(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """PD-1: one round head on a long stalk; two motifs inside the cell carry the brake signal."""
    m = Molecule(scene, at, angle, scale, PD1, stalk)
    if inside:
        m.inside(0, 2)
    m.stem((0, 0), (0.3, 1.2), (0, 2.8)).bead(0, 4.15, 3.3, 3.4)
    return m.done([(0, 5.85)], middle=(0, 4.15), tail=TAIL)


def pdl1(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """PD-L1: two domains, the outer one wide with a round socket for PD-1."""
    m = Molecule(scene, at, angle, scale, PDL1, stalk)
    if inside:
        m.inside(0, length=2)
    m.stem((0, 0), (0, 1.4)).bead(0, 2.7, 2.3, 3.0)
    m.shape(
        [(-2.15, 6.2), (-2.05, 7.75), (-1.45, 7.85), (-0.85, 7.1), (0, 6.85), (0.85, 7.1), (1.45, 7.85), (2.05, 7.75),
         (2.15, 6.2), (1.3, 4.5), (0, 4.05), (-1.3, 4.5)],
        heart=(0, 5.5),
    )  # fmt: skip
    return m.done([(0, 6.85)], middle=(0, 5.4))


def pdl2(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """PD-L2: like PD-L1, but angular, and its socket is pointed."""
    m = Molecule(scene, at, angle, scale, PDL2, stalk)
    if inside:
        m.inside(0, length=2)
    m.stem((0, 0), (0, 1.4))
    m.shape(
        [(0, 1.1), (1.15, 2.0), (1.15, 3.4), (0, 4.3), (-1.15, 3.4), (-1.15, 2.0)], (0, 2.7), softness=0.35
    )
    m.shape(
        [(-1.9, 5.6), (-2.0, 8.0), (-1.3, 8.0), (0, 6.3), (1.3, 8.0), (2.0, 8.0), (1.9, 5.6), (0, 3.9)],
        heart=(0, 5.2),
        softness=0.35,
    )  # fmt: skip
    return m.done([(0, 6.85)], middle=(0, 5.2))


def lag3(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """LAG-3: four domains in a row, the outermost the largest."""
    m = Molecule(scene, at, angle, scale, LAG3, stalk)
    if inside:
        m.inside(0, 1)
    m.stem((0, 0), (0, 1.2))
    for x, y in ((0, 2.0), (0.35, 4.3), (0, 6.6)):
        m.bead(x, y, 1.8, 2.5)
    m.bead(0.1, 9.1, 2.7, 3.0)
    return m.done([(0.1, 10.6)], tail=TAIL)


def cd8(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CD8: two small heads on one long stalk. It holds the MHC molecule by the side while the T-cell receptor reads it."""
    m = Molecule(scene, at, angle, scale, CD8, stalk)
    if inside:
        m.inside(0, 1)
    m.stem((-0.35, 0), (-0.2, 1.6), (-0.4, 3.2)).stem((0.35, 0), (0.2, 1.6), (0.4, 3.2))
    m.bead(0.85, 4.4, 1.6, 2.1, -10, _paler(CD8)).bead(-0.85, 4.4, 1.6, 2.1, 10)
    return m.done([(0, 5.4)], middle=(0, 4.4), tail=TAIL)


def cd47(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CD47: one flat head on a stout base. It tells macrophages not to eat."""
    m = Molecule(scene, at, angle, scale, CD47, stalk)
    if inside:
        for x in (-1.2, 0.0, 1.2):
            m.inside(x, length=0)
    m.shape([(-1.9, 0.0), (1.9, 0.0), (1.0, 1.6), (-1.0, 1.6)], (0, 0.7), softness=0.4)
    m.stem((0, 1.2), (0, 2.8)).bead(0, 3.7, 4.2, 2.2)
    return m.done([(0, 4.8)], middle=(0, 3.7))


def messenger_receptor(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0,
    colour: Colour = IL12,
) -> Anchors:  # fmt: skip
    """A receptor for a messenger: two jointed chains of unequal height that hold it between them, paler than it is."""
    pale = _paler(colour)
    m = Molecule(scene, at, angle, scale, pale, stalk)
    if inside:
        m.inside(-1.3, 1).inside(1.3, 1)
    m.stem((-1.3, 0), (-1.3, 1.2)).stem((1.3, 0), (1.3, 1.2))
    m.bead(1.35, 2.2, 1.7, 2.3).bead(1.75, 4.3, 1.7, 2.3, 20).bead(-1.35, 2.2, 1.7, 2.3).bead(
        -1.75, 4.3, 1.7, 2.3, -20
    )
    m.bead(-1.9, 6.2, 1.6, 2.0, 10)
    return m.done([(0, 5.2)], middle=(-1.3, 2.4), tail=TAIL)


# Antibodies -----------------------------------------------------------------------------------------------------

ARM = 9.3  # nanometres from the hinge to the end of a Fab arm
FC = 8.0  # nanometres from the hinge to the end of the Fc part


def igg(
    scene: Scene,
    holds: Sequence[Point],
    away: float = UP,
    scale: float = NM,
    *,
    silent: bool = False,
    spread: float = 110.0,
    fc_turn: float = 0.0,
    colour: Colour = ANTIBODY,
    second: Colour | None = None,
) -> Anchors:
    """An antibody whose arms end exactly on the one or two points it ``holds``.

    ``away`` is the direction from what it holds to its hinge and Fc part, in degrees; ``fc_turn`` bends the Fc part
    away from it. With one point, ``spread`` is the angle between the bound arm and the free one (negative: the free
    arm on the other side). ``silent`` draws the Fc part hollow: IgG4, or an IgG1 changed so that it calls no killers.
    ``second`` is the colour of the second arm when it holds something else: a bispecific antibody.
    ``tips`` of the answer are the ends of the arms, the held points first; ``tail`` is the end of the Fc part.
    Raises ValueError when two points lie further apart than the arms reach.
    """
    hinge, ends = _hinge(holds, away, scale, spread)
    fc_angle = away + fc_turn
    arms = [float(np.degrees(np.arctan2(*np.subtract(end, hinge)[::-1]))) for end in ends]
    _fc(scene, hinge, fc_angle, scale, colour, silent)
    for angle, tone in zip(arms, (colour, second or colour), strict=True):
        _arm(scene, hinge, angle, scale, tone)
    tail = Pose(hinge, fc_angle, scale).point(0, FC)
    return Anchors(hinge, tuple(ends), tail, hinge, away)


def _hinge(holds: Sequence[Point], away: float, scale: float, spread: float) -> tuple[Point, list[Point]]:
    reach = ARM * scale
    if len(holds) == 1:
        lean = np.radians(away - spread / 2)
        hinge = np.add(holds[0], (reach * np.cos(lean), reach * np.sin(lean)))
        free = np.radians(away + 180 + spread / 2)
        other = hinge + reach * np.array([np.cos(free), np.sin(free)])
        return tuple(map(float, hinge)), [tuple(map(float, holds[0])), tuple(map(float, other))]
    first, second = (np.asarray(point, float) for point in holds)
    half = float(np.hypot(*(second - first))) / 2
    if half > reach:
        raise ValueError(
            f"The two points lie {2 * half / scale:.1f} nm apart: the arms of an antibody reach {2 * ARM:.1f} nm at most."
        )
    across = (second - first) / (2 * half)
    up = np.array([-across[1], across[0]])
    if up @ (np.cos(np.radians(away)), np.sin(np.radians(away))) < 0:
        up = -up
    hinge = (first + second) / 2 + up * np.sqrt(reach**2 - half**2)
    return tuple(map(float, hinge)), [tuple(map(float, first)), tuple(map(float, second))]


def _arm(scene: Scene, hinge: Point, angle: float, scale: float, colour: Colour) -> None:
    """A Fab arm: heavy chain and light chain, two domains each. Its end is its binding site."""
    m = Molecule(scene, hinge, angle, scale, colour)
    light = _paler(colour)
    m.stem((0, 0.4), (-0.5, 2.2), width=0.6)
    m.bead(1.05, 3.5, 1.95, 3.0, colour=light).bead(0.98, 6.6, 1.9, 3.1, -5, light)
    m.bead(-0.95, 3.5, 2.05, 3.2).bead(-0.88, 6.9, 2.05, 3.5, 5)
    m.bead(0.05, ARM - 0.62, 1.5, 1.25, colour=light)
    m.done([(0, ARM)])


def _fc(scene: Scene, hinge: Point, angle: float, scale: float, colour: Colour, silent: bool) -> None:
    """The Fc part: two chains, two domains each; hollow when it calls no other cells."""
    m = Molecule(
        scene,
        hinge,
        angle,
        scale,
        Colour(mix(colour.tint, PAPER, 0.45), colour.tint, colour.line) if silent else colour,
    )
    m.stem((-0.3, 0), (-0.7, 1.6), width=0.6, colour=colour).stem(
        (0.3, 0), (0.7, 1.6), width=0.6, colour=colour
    )
    for x in (-1, 1):
        m.bead(1.35 * x, 3.0, 2.1, 3.1, 8 * x).bead(1.1 * x, 6.2, 2.2, 3.2, -6 * x)
    m.done([(0, FC)])


# Messengers -----------------------------------------------------------------------------------------------------


def cytokines(scene: Scene, places: Sequence[Point], size: float = 4.5, colour: Colour = CYTOKINE) -> None:
    """Small two-lobed messengers at these points, ``size`` pixels in radius. Interferon-gamma is such a pair."""
    pair = [disc((-0.45 * size, 0.12 * size), 0.75 * size), disc((0.45 * size, -0.12 * size), 0.75 * size)]
    scene.stamp(Path.make_compound_path(*pair), places, PAPER, PAPER, 3)
    scene.stamp(Path.make_compound_path(*pair), places, colour.line, colour.edge, 0.9)
    scene.stamp(disc((-0.6 * size, 0.4 * size), 0.24 * size), places, mix(colour.line, PAPER, 0.6))


MESSENGERS = {
    "IFN-γ": (CYTOKINE, [(-0.45, 0.12, 0.75, 0.75), (0.45, -0.12, 0.75, 0.75)]),
    "GM-CSF": (GM_CSF, [(0, 0, 0.85, 0.85)]),
    "IL-6": (IL6, [(-0.3, 0, 0.42, 1.05), (0.3, 0, 0.42, 1.05)]),
    "IL-1": (IL1, [(0, 0.5, 0.62, 0.62), (-0.48, -0.3, 0.62, 0.62), (0.48, -0.3, 0.62, 0.62)]),
    "IL-12": (IL12, [(-0.38, 0.05, 0.5, 1.0), (0.5, -0.25, 0.55, 0.6)]),
    "type I interferon": (INTERFERON_I, [(0, 0, 1.05, 0.55)]),
    "TGF-β": (TGF_BETA, [(-0.5, 0.3, 0.62, 0.5), (0.5, 0.3, 0.62, 0.5), (0, -0.25, 0.5, 0.62)]),
    "adenosine": (ADENOSINE, [(-0.3, 0, 0.52, 0.52), (0.42, 0.1, 0.34, 0.34)]),
    "anakinra": (ANTIBODY, [(0, 0.5, 0.62, 0.62), (-0.48, -0.3, 0.62, 0.62), (0.48, -0.3, 0.62, 0.62)]),
}  # colour, and the lobes as (x, y, half width, half height) in radii


def messengers(scene: Scene, places: Sequence[Point], kind: str = "IL-6", size: float = 6.0) -> None:
    """One kind of messenger at these points, ``size`` pixels in radius: each kind has a shape of its own.

    Anakinra has the shape of IL-1, whose place it takes, in the colour of a drug.
    """
    if kind not in MESSENGERS:
        raise ValueError(f"No messenger {kind!r}. There are: {', '.join(MESSENGERS)}.")
    colour, lobes = MESSENGERS[kind]
    parts = [disc((x * size, y * size), wide * size, tall * size) for x, y, wide, tall in lobes]
    body = Path.make_compound_path(*parts)
    scene.stamp(body, places, PAPER, PAPER, 3)
    scene.stamp(body, places, colour.line, colour.edge, 0.9)
    x, y, wide, tall = lobes[0]
    shine = disc(((x - 0.2 * wide) * size, (y + 0.35 * tall) * size), 0.38 * wide * size, 0.3 * tall * size)
    scene.stamp(shine, places, mix(colour.line, PAPER, 0.6))


def _paler(colour: Colour) -> Colour:
    """The partner chain of a pair: the same colour, a step lighter."""
    return Colour(mix(colour.line, PAPER, 0.30), colour.tint, mix(colour.edge, colour.line, 0.4))
