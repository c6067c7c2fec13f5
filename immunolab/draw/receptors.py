"""The chimeric antigen receptor, part by part, and what it meets on other cells.

A part of a CAR wears the colour of the molecule it comes from and has a shape of its own: the binder those of an antibody,
the tail that of the T-cell receptor, a hinge from CD8 a zigzag, one from CD28 a straight stalk, one from IgG4 a short
jointed one; CD28's signalling part is a pair of lobes, that of 4-1BB a hexagon. Coordinates and keywords are those of
``molecules``. A CAR is drawn as one chain; most sit on the cell as pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .cells import Cell, t_cell
from .palette import (
    ANTIBODY,
    ANTIGEN_A,
    ANTIGEN_B,
    BCMA,
    CD8,
    CD19,
    CD28,
    EGFRT,
    FOUR_1BB,
    IL1R,
    IL2RB,
    IL6R,
    PAPER,
    T_CELL,
    TCR,
    TUMOUR,
    Colour,
    mix,
)
from .scene import Point, Scene
from .shapes import DOWN, MEMBRANE, NM, UP, Anchors, Molecule, bilayer, binding_sites, cytoplasm

UNKNOWN = Colour("#8d929c", "#e8eaed", "#5a606b")  # a part that is not chosen, or that no source confirms
BINDERS = {"scFv": 4.2, "VHH2": 5.3}  # height in nanometres
HINGES = {"CD8α": (CD8, 3.2), "CD28": (CD28, 2.7), "IgG4": (ANTIBODY, 1.7)}  # colour, height in nanometres
TRANSMEMBRANE = {"CD8α": CD8, "CD28": CD28}
COSTIMULATION = {"CD28": CD28, "4-1BB": FOUR_1BB, "IL-2Rβ": IL2RB}
STEP = 2.6  # nanometres from one costimulatory part to the next


@dataclass(frozen=True)
class CARAnchors(Anchors):
    """Anchors of a CAR. ``parts`` has a point in each part that is drawn, for a leader.

    Names: binder, linker, hinge, transmembrane, costimulation, costimulation 2, zeta.
    """

    parts: Mapping[str, Point]


def car(
    scene: Scene,
    at: Point,
    angle: float = UP,
    scale: float = NM,
    *,
    binder: str | None = "scFv",
    hinge: str | None = "CD8α",
    transmembrane: str | None = "CD8α",
    costimulation: Sequence[str] = ("4-1BB",),
    zeta: bool = True,
    inside: bool = True,
    stalk: float = 0.0,
) -> CARAnchors:
    """A chimeric antigen receptor. A part given as None is drawn grey: not chosen, or not confirmed.

    ``costimulation`` is in order from the membrane; names as in the tables. Raises ValueError for a part there is not.
    """
    _known("binder", binder, BINDERS)
    _known("hinge", hinge, HINGES)
    _known("transmembrane", transmembrane, TRANSMEMBRANE)
    for part in costimulation:
        _known("costimulation", part, COSTIMULATION)
    m = Molecule(scene, at, angle, scale, ANTIBODY, stalk)
    parts: dict[str, Point] = {}
    top = _hinge(m, hinge)
    if inside:
        _inside(m, parts, transmembrane, costimulation, zeta)
    parts["hinge"] = (0.0, top * 0.5 + stalk * 0.5)
    tip = _binder(m, binder, top)
    middle = (0.0, (top + tip) / 2)
    parts["binder"] = (1.2 if binder == "scFv" else 0.0, middle[1] + stalk)
    if binder == "scFv":
        parts["linker"] = (2.0, top - 0.35 + stalk)
    done = m.done([(0, tip)], middle=middle, tail=parts.get("zeta", (0.0, -MEMBRANE)))
    points = {name: m.pose.point(*point) for name, point in parts.items()}
    return CARAnchors(done.foot, done.tips, done.tail, done.middle, done.angle, points)


def car_t_cell(
    scene: Scene,
    at: Point,
    radius: float,
    state: str = "effector",
    *,
    angles: Sequence[float] = tuple(range(0, 360, 45)),
    nm: float = 3.4,
    seed: int = 1,
    facing: float = 0.0,
    **parts: object,
) -> Cell:
    """A T cell with CARs in the directions ``angles`` (degrees), far too large beside the cell; ``parts`` as in ``car``."""
    cell = t_cell(scene, at, radius, state, seed=seed, facing=facing)
    for angle in angles:
        car(scene, *cell.surface(angle), nm, inside=False, **parts)
    return cell


def _known(what: str, name: str | None, names: Mapping) -> None:
    if name is not None and name not in names:
        raise ValueError(f"No {what} {name!r}. There are: {', '.join(names)}; or None for one not known.")


def _inside(
    m: Molecule, parts: dict[str, Point], transmembrane: str | None, costimulation: Sequence[str], zeta: bool
) -> None:
    colour = TRANSMEMBRANE.get(transmembrane, UNKNOWN)
    end = -MEMBRANE - 0.9 - STEP * len(costimulation)
    m.stem((0, -MEMBRANE + 0.2), (0, end + (0.2 if zeta else 1.3)), width=0.5, colour=UNKNOWN)
    m.stem((0, -0.35), (0, -MEMBRANE + 0.35), width=1.7, colour=colour)
    parts["transmembrane"] = (0.0, -MEMBRANE / 2)
    for step, name in enumerate(costimulation):
        y = -MEMBRANE - 1.75 - STEP * step
        _costimulation(m, name, y)
        parts["costimulation" + (f" {step + 1}" if step else "")] = (0.0, y)
    if zeta:
        run = np.linspace(0, 1, 9)
        sway = 0.55 * np.sin(run * 2.4 * np.pi)
        m.stem(*zip(sway, end - 6.2 * run, strict=True), width=0.5, colour=TCR)
        for along in (0.22, 0.56, 0.90):
            m.bead(float(np.interp(along, run, sway)), end - 6.2 * along, 1.75, 1.2, colour=TCR)
        parts["zeta"] = (float(np.interp(0.56, run, sway)), end - 6.2 * 0.56)


def _costimulation(m: Molecule, name: str, y: float) -> None:
    if name == "CD28":
        m.bead(-0.72, y, 1.5, 2.3, 14, CD28).bead(0.72, y, 1.5, 2.3, -14, CD28)
    elif name == "4-1BB":
        m.shape(
            [(1.45 * np.cos(t), y + 1.25 * np.sin(t)) for t in np.pi / 3 * np.arange(6)],
            (0, y),
            FOUR_1BB,
            0.25,
        )
    else:
        m.shape([(-1.35, y + 0.9), (1.35, y + 0.9), (0.8, y - 1.0), (-0.8, y - 1.0)], (0, y), IL2RB, 0.3)


def _hinge(m: Molecule, hinge: str | None) -> float:
    """Draw the hinge; returns how high it reaches."""
    colour, height = HINGES.get(hinge, (UNKNOWN, 2.6))
    if hinge == "CD8α":
        rise = np.linspace(-0.35, height, 8)
        m.stem(*zip([0, 0.1, -0.55, 0.55, -0.55, 0.55, -0.2, 0], rise, strict=True), width=0.6, colour=colour)
    elif hinge == "IgG4":
        m.stem((0, -0.35), (0, height), width=0.7, colour=colour).bead(0, 0.9, 1.25, 1.0, colour=colour)
    else:
        m.stem((0, -0.35), (0, height), width=0.95, colour=colour)
    return height


def _binder(m: Molecule, binder: str | None, top: float) -> float:
    """Draw the binder on its hinge; returns the height of its binding site."""
    pale = Colour(mix(ANTIBODY.line, PAPER, 0.30), ANTIBODY.tint, mix(ANTIBODY.edge, ANTIBODY.line, 0.4))
    if binder == "VHH2":
        m.stem((0, top - 0.2), (0, top + 3.2), width=0.45)
        m.bead(0, top + 1.35, 2.4, 2.5).bead(0, top + 3.95, 2.4, 2.6, colour=pale)
        return top + BINDERS["VHH2"]
    if binder == "scFv":
        m.stem((-0.2, top - 0.2), (-0.9, top + 0.8), width=0.5)
        loop = [(1.3, 0.7), (2.1, -0.1), (1.5, -0.75), (0.6, -0.15), (-0.2, 0.9)]
        m.stem(*[(x, top + y) for x, y in loop], width=0.36, colour=pale)
        m.bead(1.12, top + 2.1, 2.15, 3.6, -6, pale).bead(-1.12, top + 2.1, 2.25, 3.7, 6)
        m.bead(0.05, top + 3.55, 1.5, 1.2, colour=pale)
        return top + BINDERS["scFv"]
    m.bead(0, top + 1.9, 3.0, 3.6, colour=UNKNOWN)
    return top + 3.8


# What receptors meet --------------------------------------------------------------------------------------------


def cd19(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """CD19 of B cells: broad shoulders, a smaller head."""
    m = Molecule(scene, at, angle, scale, CD19, stalk)
    if inside:
        m.inside(0, length=3.2)
    m.stem((0, 0), (0, 1.2))
    m.bead(0, 4.6, 2.5, 2.6, colour=_paler(CD19))
    m.shape([(-2.0, 3.3), (0, 3.7), (2.0, 3.3), (2.1, 2.1), (0, 1.1), (-2.1, 2.1)], (0, 2.4))
    return m.done([(0, 5.9)], middle=(0, 2.6))


def bcma(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """BCMA of plasma cells: very small, a three-cornered head close to the membrane."""
    m = Molecule(scene, at, angle, scale, BCMA, stalk)
    if inside:
        m.inside(0, length=3.2)
    m.stem((0, 0), (0, 0.9)).shape([(-1.6, 3.0), (1.6, 3.0), (0, 0.4)], (0, 2.2), softness=0.55)
    return m.done([(0, 3.05)], middle=(0, 2.2))


def antigen_a(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """Antigen A, whatever it is: a ball on a stalk."""
    m = Molecule(scene, at, angle, scale, ANTIGEN_A, stalk)
    if inside:
        m.inside(0, length=2)
    m.stem((0, 0), (0, 2.0)).bead(0, 3.6, 3.9, 3.9)
    return m.done([(0, 5.5)], middle=(0, 3.6))


def antigen_b(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """Antigen B, whatever it is: a square on its corner, on a stalk."""
    m = Molecule(scene, at, angle, scale, ANTIGEN_B, stalk)
    if inside:
        m.inside(0, length=2)
    m.stem((0, 0), (0, 2.0)).shape([(0, 1.2), (2.5, 3.6), (0, 6.0), (-2.5, 3.6)], (0, 3.6), softness=0.12)
    return m.done([(0, 5.9)], middle=(0, 3.6))


def il6r(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """The interleukin-6 receptor: a stalk that bends into a cup."""
    m = Molecule(scene, at, angle, scale, IL6R, stalk)
    if inside:
        m.inside(0, length=3)
    m.stem((0, 0), (0, 1.4)).bead(0, 2.5, 2.0, 2.8)
    cup = [
        (-2.3, 5.0),
        (-2.1, 6.6),
        (-1.3, 6.5),
        (-0.9, 5.7),
        (0, 5.4),
        (0.9, 5.7),
        (1.3, 6.5),
        (2.1, 6.6),
        (2.3, 5.0),
        (0, 3.5),
    ]
    m.shape(cup, (0, 4.7), softness=0.8)
    return m.done([(0, 5.6)], middle=(0, 4.5))


def il1r(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """The interleukin-1 receptor: three domains bent like a finger."""
    m = Molecule(scene, at, angle, scale, IL1R, stalk)
    if inside:
        m.inside(0, length=3)
    m.stem((0, 0), (0, 1.2)).bead(0, 2.3, 1.9, 2.6).bead(0.7, 4.3, 1.9, 2.3, 30).bead(-0.3, 5.9, 2.0, 2.0)
    return m.done([(-1.3, 5.0)], middle=(0.5, 4))


def egfrt(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """A cut-down EGFR without a signal: a handle by which an antibody can find the cell."""
    m = Molecule(scene, at, angle, scale, EGFRT, stalk)
    if inside:
        m.inside(0, length=0)
    m.stem((0, 0), (0, 1.2)).bead(-0.5, 2.3, 2.3, 2.2, 20).bead(0.6, 4.0, 2.5, 2.3, -20, _paler(EGFRT))
    return m.done([(0.9, 5.1)], middle=(0, 3.2))


def _paler(colour: Colour) -> Colour:
    return Colour(mix(colour.line, PAPER, 0.30), colour.tint, mix(colour.edge, colour.line, 0.4))


# A CAR as a picture of its own ----------------------------------------------------------------------------------

TARGETS: dict[str, tuple[Callable[..., Anchors], Colour]] = {"CD19": (cd19, TUMOUR), "BCMA": (bcma, TUMOUR)}
ROWS = {"binder": 0.80, "linker": 0.70, "hinge": 0.60, "transmembrane": 0.48, "costimulation": 0.345,
        "costimulation 2": 0.25, "zeta": 0.155}  # fmt: skip


def draw_car(
    width: float = 440,
    height: float = 460,
    *,
    target: str | None = "CD19",
    labels: Mapping[str, tuple[str, str]] | None = None,
    **parts: object,
) -> Scene:
    """A CAR in its membrane, with its target on the cell above, for a learner who builds it.

    ``parts`` are those of ``car``; ``labels`` gives a name and a remark for parts named as in ``CARAnchors``. ``target`` is
    one of ``TARGETS`` or None: nothing to hold. The answer is a scene: ``.pixels(ratio)`` for a live picture.
    """
    if target is not None and target not in TARGETS:
        raise ValueError(f"No target {target!r}. There are: {', '.join(TARGETS)}; or None.")
    scene = Scene(width, height)
    nm, face, right = height / 34.5, height * 0.505, width * 0.52
    at = (right / 2, face)
    receptor = partial(car, **parts)
    cytoplasm(scene, -12, right, face - nm, 0, T_CELL)
    bilayer(scene, [(-12, face), (right, face)], T_CELL, MEMBRANE * nm)
    if target:
        glyph, colour = TARGETS[target]
        far = face + nm * (binding_sites(receptor)[0][1] + binding_sites(glyph)[0][1])
        cytoplasm(scene, -12, right, far + nm, height, colour)
        bilayer(scene, [(-12, far), (right, far)], colour, MEMBRANE * nm, below=False)
        glyph(scene, (at[0], far), DOWN, nm)
    drawn = receptor(scene, at, UP, nm)
    for part, (name, remark) in (labels or {}).items():
        if part in drawn.parts:
            scene.label((width * 0.59, height * ROWS[part] + 16), name, remark, to=drawn.parts[part])
    return scene
