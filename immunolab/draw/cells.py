"""The cells of the course, and the places they live in.

Each cell is a function ``name(scene, at, radius, ...)`` that draws and returns a ``Cell``, whose ``surface(angle)`` says
where on its membrane a molecule stands and in which direction it points. Kinds are told apart by outline and nucleus, not
by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from matplotlib.path import Path

from .palette import (
    B_CELL,
    BLOOD,
    DENDRITIC,
    ENDOTHELIUM,
    EXHAUSTED_T,
    FIBROBLAST,
    HEALTHY,
    HELPER_T,
    MAST_CELL,
    MDSC,
    MYELOID,
    NAIVE_T,
    NEUTROPHIL,
    NK_CELL,
    PAPER,
    STEM_LIKE_T,
    T_CELL,
    TREG,
    TUMOUR,
    Colour,
    mix,
)
from .scene import LINE, Point, Scene, disc, moved, smooth_line, smooth_polygon
from .shapes import LIGHT, soft_body, wavy


@dataclass(frozen=True)
class Cell:
    """A drawn cell: its middle, mean radius in pixels, and outline (n, 2) as a closed polygon."""

    at: Point
    radius: float
    outline: np.ndarray

    def surface(self, angle: float) -> tuple[Point, float]:
        """The point of the membrane in direction ``angle`` (degrees) from the middle, and the direction outwards there."""
        spokes = self.outline - self.at
        around = np.degrees(np.arctan2(spokes[:, 1], spokes[:, 0]))
        off = (around - angle + 180) % 360 - 180
        order = np.argsort(off)
        x, y = (np.interp(0.0, off[order], spokes[order, i]) for i in (0, 1))
        slope = [
            np.interp(8.0, off[order], spokes[order, i]) - np.interp(-8.0, off[order], spokes[order, i])
            for i in (0, 1)
        ]
        outwards = float(np.degrees(np.arctan2(-slope[0], slope[1])))
        return (float(x + self.at[0]), float(y + self.at[1])), outwards

    def rim(self, angle: float, sideways: float = 0.0) -> Point:
        """Where a line in direction ``angle``, ``sideways`` pixels to its left, leaves the cell.

        Two cells that face each other are joined by ``a.rim(angle, s)`` and ``b.rim(angle + 180, -s)``.
        """
        along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        left = np.array([-along[1], along[0]])
        spokes = self.outline - self.at
        ahead = spokes[spokes @ along > 0]
        ahead = ahead[np.argsort(ahead @ left)]
        reach = float(np.interp(sideways, ahead @ left, ahead @ along))
        return tuple(float(v) for v in np.asarray(self.at) + reach * along + sideways * left)

    def middle(self, x: float = 0.0, y: float = 0.0) -> Point:
        """A point inside the cell, in radii from its middle."""
        return self.at[0] + x * self.radius, self.at[1] + y * self.radius


@dataclass(frozen=True)
class TCellState:
    """How a T cell looks in one of its states.

    ``size`` and ``nucleus`` are shares of radius and cell; ``waves`` and ``nucleus_waves`` shape the two outlines;
    ``beads`` marks the nucleus with a ring of beads; ``vesicles`` are those of a cell that sends messengers.
    """

    colour: Colour
    size: float
    nucleus: float
    waves: dict[int, float]
    nucleus_waves: dict[int, float]
    granules: int = 0
    beads: bool = False
    vesicles: bool = False


T_CELL_STATES = {
    "naive": TCellState(NAIVE_T, 0.82, 0.70, {2: 0.015, 3: 0.01}, {2: 0.03, 3: 0.02}),
    "effector": TCellState(
        T_CELL, 1.0, 0.50, {3: 0.015, 6: 0.018, 9: 0.024}, {2: 0.03, 3: 0.02}, granules=15
    ),
    "exhausted": TCellState(
        EXHAUSTED_T, 0.95, 0.48, {2: 0.045, 3: 0.05, 5: 0.03}, {2: 0.05, 3: 0.06, 5: 0.03}, granules=3
    ),
    "stem-like": TCellState(STEM_LIKE_T, 0.88, 0.60, {2: 0.012, 3: 0.008}, {2: 0.03, 3: 0.02}, beads=True),
    "helper": TCellState(
        HELPER_T, 0.95, 0.54, {2: 0.012, 4: 0.018, 5: 0.016}, {2: 0.03, 3: 0.02}, vesicles=True
    ),
    "regulatory": TCellState(TREG, 0.92, 0.54, {2: 0.02, 4: 0.015}, {2: 0.10, 3: 0.05}),
}


def t_cell(
    scene: Scene,
    at: Point,
    radius: float,
    state: str = "effector",
    *,
    seed: int = 1,
    facing: float = 0.0,
    shadow: bool = True,
) -> Cell:
    """A T cell. ``state`` is one of ``T_CELL_STATES``; an effector's granules gather on the side it is ``facing``."""
    if state not in T_CELL_STATES:
        raise ValueError(f"No T-cell state {state!r}. The states are: {', '.join(T_CELL_STATES)}.")
    look = T_CELL_STATES[state]
    size = radius * look.size
    cell = _body(scene, at, size, look.colour, look.waves, seed, points=36, shadow=shadow)
    back = -0.16 * size * np.array([np.cos(np.radians(facing)), np.sin(np.radians(facing))])
    core = tuple(at + back * (look.nucleus < 0.55))
    _nucleus(scene, core, size * look.nucleus, look.colour, look.nucleus_waves, seed)
    if look.beads:
        ring = smooth_polygon(wavy(core, size * look.nucleus * 0.80, look.nucleus_waves, seed))
        dots = (0.01, size * 0.09)
        scene.path(ring, edge=mix(look.colour.line, PAPER, 0.25), width=max(1.2, size * 0.035), dashes=dots)
    _granules(scene, cell, look, facing, seed)
    if look.vesicles:
        rim = [
            cell.middle(0.76 * np.cos(turn), 0.76 * np.sin(turn)) for turn in np.radians(range(5, 365, 45))
        ]
        scene.stamp(
            disc((0, 0), size * 0.075),
            rim,
            mix(look.colour.tint, PAPER, 0.6),
            look.colour.line,
            max(0.9, size * 0.022),
        )
    return cell


def tumour_cell(
    scene: Scene, at: Point, radius: float, *, colour: Colour = TUMOUR, seed: int = 1, shadow: bool = True
) -> Cell:
    """A tumour cell: uneven outline, large uneven nucleus with nucleoli. ``colour`` is that of its clone."""
    cell = _body(scene, at, radius, colour, {2: 0.05, 3: 0.045, 5: 0.025, 8: 0.014}, seed, 22, shadow)
    waves = {2: 0.08, 3: 0.07, 5: 0.04}
    _nucleus(scene, cell.middle(0.03, -0.02), radius * 0.54, colour, waves, seed + 1, nucleoli=2)
    return cell


def b_cell(scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True) -> Cell:
    """A healthy B cell: round, with a large round nucleus."""
    cell = _body(scene, at, radius, B_CELL, {2: 0.012, 5: 0.01}, seed, 16, shadow)
    _nucleus(scene, cell.middle(-0.04, 0.02), radius * 0.66, B_CELL, {2: 0.02, 3: 0.02}, seed)
    return cell


def leukaemia_cell(scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True) -> Cell:
    """A leukaemia or lymphoma cell of the B lineage: round, nearly all nucleus, the nucleus notched."""
    cell = _body(scene, at, radius, TUMOUR, {2: 0.02, 3: 0.02, 6: 0.012}, seed, 20, shadow)
    waves = {2: 0.07, 3: 0.05}
    _nucleus(scene, cell.middle(0.03, -0.03), radius * 0.72, TUMOUR, waves, seed + 2, nucleoli=2)
    return cell


def plasma_cell(
    scene: Scene, at: Point, radius: float, *, tumour: bool = False, tilt: float = 20.0, seed: int = 1, shadow: bool = True
) -> Cell:  # fmt: skip
    """A plasma cell: an egg with its nucleus at one end, the nucleus spoked like a wheel. ``tumour``: a myeloma cell."""
    colour = TUMOUR if tumour else B_CELL
    along = np.array([np.cos(np.radians(tilt)), np.sin(np.radians(tilt))])
    points = wavy((0, 0), radius, {3: 0.035 if tumour else 0.012}, seed, 24)
    stretch = np.outer(along, along) * 0.26 + np.eye(2) * 0.93
    cell = _soft(scene, points @ stretch + at, at, radius, colour, shadow)
    heart = tuple(np.asarray(at) + 0.46 * radius * along)
    pale = tuple(np.asarray(at) - 0.12 * radius * along)
    scene.path(disc(pale, 0.26 * radius, 0.36 * radius, tilt), fill=mix(colour.tint, PAPER, 0.5), alpha=0.8)
    _shade_nucleus(scene, disc(heart, radius * 0.43), heart, colour)
    for spoke in range(7):
        turn = 2 * np.pi * spoke / 7 + 0.3
        spot = (heart[0] + 0.28 * radius * np.cos(turn), heart[1] + 0.28 * radius * np.sin(turn))
        scene.path(
            disc(spot, 0.105 * radius, 0.06 * radius, float(np.degrees(turn))), fill=colour.line, alpha=0.5
        )
    return cell


def healthy_cell(scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True) -> Cell:
    """A cell of a healthy tissue: a calm block with round corners and a small round nucleus."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    reach = radius * 0.96 / (np.abs(np.cos(turn)) ** 4 + np.abs(np.sin(turn)) ** 4) ** 0.25
    points = np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None] + at
    cell = _soft(scene, points, at, radius, HEALTHY, shadow)
    _nucleus(scene, at, radius * 0.42, HEALTHY, {2: 0.02}, seed)
    return cell


def nk_cell(
    scene: Scene, at: Point, radius: float, *, seed: int = 1, facing: float = 0.0, shadow: bool = True
) -> Cell:  # fmt: skip
    """A natural killer cell: a bean-shaped nucleus at its back, large granules on the side it is ``facing``."""
    cell = _body(scene, at, radius, NK_CELL, {2: 0.03, 3: 0.02, 7: 0.018}, seed, 30, shadow)
    ahead = np.array([np.cos(np.radians(facing)), np.sin(np.radians(facing))])
    left = np.array([-ahead[1], ahead[0]])
    bean = [
        (-0.10, 0.0),
        (0.10, 0.34),
        (-0.02, 0.58),
        (-0.32, 0.5),
        (-0.55, 0.0),
        (-0.32, -0.5),
        (-0.02, -0.58),
        (0.10, -0.34),
    ]
    outline = smooth_polygon([tuple(at + radius * (x * ahead + y * left)) for x, y in bean])
    _shade_nucleus(scene, outline, tuple(at - 0.28 * radius * ahead), NK_CELL)
    spots = [
        tuple(at + radius * far * np.array([np.cos(turn), np.sin(turn)]))
        for far, turn in zip(
            (0.4, 0.66, 0.7, 0.7, 0.62, 0.78, 0.34, 0.52),
            np.radians(facing + np.array([2, -14, 14, -42, 40, 0, 45, -28])),
            strict=True,
        )
    ]
    scene.stamp(disc((0, 0), radius * 0.075), spots, mix(NK_CELL.line, NK_CELL.edge, 0.25), NK_CELL.edge, 0.8)
    return cell


def dead_cell(scene: Scene, at: Point, radius: float, colour: Colour = TUMOUR, *, seed: int = 1) -> Cell:
    """A cell that has died: shrunken, blebs at its rim, the nucleus in pieces, colour drained."""
    drained = Colour(*(mix(tone, "#9b9ea4", 0.45) for tone in (colour.line, colour.tint, colour.edge)))
    fate = Random(seed)
    for step in range(8):
        turn, size = 0.785 * step + fate.uniform(-0.2, 0.2), fate.uniform(0.14, 0.25) * radius
        spot = (at[0] + 0.74 * radius * np.cos(turn), at[1] + 0.74 * radius * np.sin(turn))
        scene.path(disc(spot, size), fill=mix(drained.tint, PAPER, 0.3), edge=drained.line, width=1.3)
    with_waves = wavy(at, radius * 0.72, {3: 0.06, 5: 0.05, 8: 0.05}, seed, 28)
    cell = _soft(scene, with_waves, at, radius * 0.72, drained, False)
    for step in range(4):
        turn, far = 1.7 * step + fate.uniform(0, 0.6), radius * 0.29
        spot = (at[0] + far * np.cos(turn), at[1] + far * np.sin(turn))
        scene.path(
            disc(spot, fate.uniform(0.09, 0.15) * radius), fill=drained.line, edge=drained.edge, width=1
        )
    return cell


def dendritic_cell(
    scene: Scene,
    at: Point,
    radius: float,
    *,
    arms: Sequence[float] = (75, 110, 145, 180, 215, 250, 285),
    seed: int = 1,
) -> Cell:
    """A dendritic cell: long arms in the directions ``arms`` (degrees, rising), a calm rim elsewhere."""
    fate = Random(seed)
    spots: list[tuple[float, float]] = []  # direction and reach, in radii
    for arm in arms:
        reach, lean = fate.uniform(1.35, 1.72), arm + fate.uniform(-5, 5)
        shoulder = 0.72 + reach * 0.36
        spots += [(arm - 13, 0.98), (lean - 5.5, shoulder), (lean - 3, reach)]
        spots += [(lean + 3, reach), (lean + 5.5, shoulder), (arm + 13, 0.98)]
    spots += [(float(angle), 1.0) for angle in np.arange(arms[-1] + 27, arms[0] + 339, 16)]
    turn = np.radians([angle for angle, _ in spots])
    reach = np.array([share for _, share in spots]) * radius
    points = np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None] + at
    cell = _soft(scene, points, at, radius, DENDRITIC, True)
    _nucleus(scene, cell.middle(-0.06, 0.02), radius * 0.46, DENDRITIC, {2: 0.13, 3: 0.05}, seed)
    return cell


def macrophage(
    scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True, prey: tuple[Point, float] | None = None
) -> Cell:  # fmt: skip
    """A myeloid cell of the tissue, a macrophage: ruffled rim, kidney-shaped nucleus, vesicles.

    ``prey``, a middle and a radius, is what it folds itself round: the rim leaves that circle free.
    """
    points = wavy(at, radius, {3: 0.05, 5: 0.04, 9: 0.04}, seed, 40 if prey else 32)
    cell = _soft(scene, _folded(points, at, *prey) if prey else points, at, radius, MYELOID, shadow)
    kidney = [
        (-0.58, 0.07), (-0.42, 0.38), (-0.03, 0.46), (0.34, 0.32), (0.42, 0.04), (0.26, -0.12), (-0.03, 0.04),
        (-0.28, 0.0), (-0.42, -0.18),
    ]  # fmt: skip
    outline = smooth_polygon([cell.middle(*point) for point in kidney])
    _shade_nucleus(scene, outline, cell.middle(-0.08, 0.22), MYELOID)
    fate = Random(seed)
    for x, y, size in ((0.38, -0.38, 0.10), (0.1, -0.5, 0.08), (-0.3, -0.5, 0.11), (0.62, -0.1, 0.07)):
        spot = cell.middle(x + fate.uniform(-0.05, 0.05), y)
        scene.path(
            disc(spot, size * radius),
            fill=mix(MYELOID.tint, PAPER, 0.55),
            edge=mix(MYELOID.line, MYELOID.tint, 0.4),
            width=0.9,
        )
    return cell


def _folded(points: np.ndarray, at: Point, middle: Point, free: float) -> np.ndarray:
    """An outline that bends in before a circle of radius ``free`` and reaches round it with two arms."""
    far = float(np.hypot(*np.subtract(middle, at)))
    spokes = points - at
    reach, turn = np.hypot(*spokes.T), np.arctan2(spokes[:, 1], spokes[:, 0])
    off = np.abs(np.angle(np.exp(1j * (turn - np.arctan2(middle[1] - at[1], middle[0] - at[0])))))
    edge = np.arcsin(free / far)  # direction in which the circle ends
    near = far * np.cos(off) - np.sqrt(np.maximum(free**2 - (far * np.sin(off)) ** 2, 0))
    arm = 1.2 * far * np.cos(edge) * np.exp(-(((off - edge - 0.17) / 0.26) ** 4))
    reach = np.where(off < edge, near, (reach**6 + arm**6) ** (1 / 6))
    return at + reach[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])


def neutrophil(scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True) -> Cell:
    """A neutrophil: its nucleus is four lobes on a string, fine granules all over."""
    cell = _body(scene, at, radius, NEUTROPHIL, {2: 0.025, 3: 0.02, 7: 0.016}, seed, 28, shadow)
    fate = Random(seed)
    dust = [(fate.uniform(0.1, 0.84), fate.uniform(0, 2 * np.pi)) for _ in range(34)]
    spots = [cell.middle(far * np.cos(turn), far * np.sin(turn)) for far, turn in dust]
    scene.stamp(disc((0, 0), radius * 0.035), spots, mix(NEUTROPHIL.line, NEUTROPHIL.tint, 0.25))
    lobes = [cell.middle(x, y) for x, y in ((-0.42, -0.16), (-0.26, 0.34), (0.25, 0.36), (0.40, -0.14))]
    scene.path(
        smooth_line(lobes), edge=mix(NEUTROPHIL.line, NEUTROPHIL.edge, 0.4), width=max(2.0, 0.11 * radius)
    )
    for step, lobe in enumerate(lobes):
        outline = smooth_polygon(wavy(lobe, radius * 0.25, {2: 0.10, 3: 0.05}, seed + step, 12))
        _shade_nucleus(scene, outline, lobe, NEUTROPHIL)
    return cell


def mast_cell(scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True) -> Cell:
    """A mast cell: packed with large granules round a small nucleus."""
    cell = _body(scene, at, radius, MAST_CELL, {2: 0.05, 3: 0.02, 9: 0.012}, seed, 32, shadow)
    spots = [
        cell.middle(far * np.cos(turn), far * np.sin(turn))
        for far, number, start in ((0.78, 19, 0.0), (0.59, 14, 0.2), (0.41, 9, 0.05))
        for turn in start + 2 * np.pi * np.arange(number) / number
    ]
    scene.stamp(disc((0, 0), radius * 0.085), spots, mix(MAST_CELL.line, PAPER, 0.12), MAST_CELL.edge, 0.7)
    scene.stamp(disc((-0.02 * radius, 0.03 * radius), radius * 0.03), spots, mix(MAST_CELL.line, PAPER, 0.55))
    _nucleus(scene, cell.middle(0.02, 0.0), radius * 0.31, MAST_CELL, {2: 0.04}, seed)
    return cell


def mdsc(scene: Scene, at: Point, radius: float, *, seed: int = 1, shadow: bool = True) -> Cell:
    """A myeloid-derived suppressor cell: young, uneven, its nucleus a horseshoe."""
    cell = _body(scene, at, radius, MDSC, {2: 0.03, 3: 0.05, 5: 0.045, 7: 0.02}, seed, 30, shadow)
    turn = np.radians(np.linspace(-50, 230, 15))
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    way = smooth_line([cell.middle(0.40 * x + 0.02, 0.38 * y) for x, y in ring])
    tones = mix(MDSC.line, MDSC.edge, 0.2), mix(MDSC.tint, MDSC.line, 0.55), mix(MDSC.tint, MDSC.line, 0.32)
    for tone, share in zip(tones, (0.35, 0.31, 0.19), strict=True):
        scene.path(way, edge=tone, width=share * radius)
    return cell


def fibroblast(
    scene: Scene, at: Point, length: float, tilt: float = 0.0, *, seed: int = 1, shadow: bool = True
) -> Cell:
    """A fibroblast of the stroma, ``length`` pixels from tip to tip: a long spindle with an oval nucleus."""
    fate = Random(seed)
    sway = [fate.uniform(-0.012, 0.012) for _ in range(4)]
    upper = [
        (-0.5, sway[0]),
        (-0.32, 0.035),
        (-0.14, 0.10),
        (0.0, 0.125),
        (0.14, 0.10),
        (0.32, 0.035),
        (0.5, sway[1]),
    ]
    lower = [(0.3, -0.03 + sway[2]), (0.13, -0.085), (0.0, -0.10), (-0.13, -0.085), (-0.3, -0.03 + sway[3])]
    turn = np.radians(tilt)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    points = np.multiply(upper + lower, length) @ turned + at
    outline = smooth_polygon(points)
    soft_body(
        scene,
        outline,
        at,
        FIBROBLAST,
        membrane=float(np.clip(length * 0.022, 1.6, 3.5)),
        shadow=shadow,
        rings=7,
    )
    scene.path(
        disc(at, 0.12 * length, 0.052 * length, tilt),
        fill=mix(FIBROBLAST.tint, FIBROBLAST.line, 0.5),
        edge=mix(FIBROBLAST.line, FIBROBLAST.edge, 0.3),
        width=1,
    )
    return Cell(at, length / 2, outline.to_polygons()[0])


def fibre(scene: Scene, points: Sequence[Point], width: float = 3.0) -> None:
    """A fibre of collagen through the points."""
    way = smooth_line(points)
    for edge, wide in ((PAPER, width + 2.2), (mix(FIBROBLAST.line, FIBROBLAST.tint, 0.30), width)):
        scene.path(way, edge=edge, width=wide)
    scene.path(moved(way, *(LIGHT * 0.2 * width)), edge=mix(FIBROBLAST.tint, PAPER, 0.4), width=width * 0.35)


def red_cell(scene: Scene, at: Point, radius: float, tilt: float = 0.0, squash: float = 0.62) -> None:
    """A red blood cell: a disc with a dent."""
    x, y = at
    tall = radius * squash
    rim = mix(BLOOD.line, PAPER, 0.1)
    scene.path(disc(at, radius, tall, tilt), fill=mix(BLOOD.line, PAPER, 0.42), edge=rim, width=1)
    dent = disc((x + 0.06 * radius, y - 0.05 * radius), 0.52 * radius, 0.5 * tall, tilt)
    scene.path(dent, fill=mix(BLOOD.line, PAPER, 0.28))
    bright = disc((x - 0.22 * radius, y + 0.24 * radius), 0.5 * radius, 0.26 * tall, tilt)
    scene.path(bright, fill=mix(BLOOD.line, PAPER, 0.58))


def vessel(scene: Scene, centreline: Sequence[Point], width: float, colour: Colour = BLOOD) -> None:
    """A blood vessel along the points, ``width`` pixels wide, with a soft wall."""
    way = smooth_line(centreline)
    scene.path(way, edge=mix(colour.line, colour.tint, 0.35), width=width + 7)
    scene.path(way, edge=mix(colour.tint, PAPER, 0.25), width=width + 3.5)
    rim, core = mix(colour.tint, colour.line, 0.30), mix(colour.tint, PAPER, 0.35)
    for share in np.linspace(0, 1, 9):
        lit = moved(way, 0, LIGHT[1] * width * 0.16 * share)
        scene.path(lit, edge=mix(rim, core, share**0.7), width=width * (1 - 0.62 * share))


def endothelium(
    scene: Scene,
    left: float,
    right: float,
    y: float,
    *,
    cells: int = 5,
    thick: float = 22.0,
    gap: float = 3.0,
) -> None:
    """The wall of a capillary seen in section: flat cells side by side, ``gap`` pixels apart; wide gaps leak."""
    wide = (right - left) / cells
    for step in range(cells):
        middle, half = left + wide * (step + 0.5), (wide - gap) / 2
        lens = [
            (middle - half, y), (middle - half * 0.55, y + thick * 0.30), (middle, y + thick * 0.62),
            (middle + half * 0.55, y + thick * 0.30), (middle + half, y), (middle + half * 0.5, y - thick * 0.26),
            (middle, y - thick * 0.36), (middle - half * 0.5, y - thick * 0.26),
        ]  # fmt: skip
        soft_body(scene, smooth_polygon(lens), (middle, y + 0.1 * thick), ENDOTHELIUM, membrane=2.6, rings=6)
        nucleus = disc((middle, y + 0.13 * thick), half * 0.3, thick * 0.25)
        scene.path(nucleus, fill=mix(ENDOTHELIUM.line, PAPER, 0.35), edge=ENDOTHELIUM.line, width=1)


def tissue(
    scene: Scene,
    outline: Path,
    colour: Colour,
    ground: Colour,
    *,
    apart: float,
    clear: Sequence[tuple[float, float, float]] = (),
    haze: float = 0.82,
    rim: bool = True,
) -> None:
    """A ground of pale packed cells, ``apart`` pixels from one to the next, inside an outline.

    ``clear`` holds (x, y, width) of the words that need a quiet ground; without ``rim`` only the cells are drawn.
    """
    if rim:
        scene.path(outline, fill=ground.tint, edge=mix(ground.line, ground.tint, 0.45), width=2.5, role=LINE)
    radius = apart * 0.42
    edge = outline.interpolated(24).to_polygons()[0]
    places = [
        place
        for place in _packed(edge, apart)
        if outline.contains_point(place)
        and np.hypot(*(edge - place).T).min() > 1.3 * radius
        and not any(
            abs(place[0] - x) < wide / 2 + radius and abs(place[1] - y) < 9 + radius for x, y, wide in clear
        )
    ]
    with scene.faded(haze, ground.tint):
        body = smooth_polygon(wavy((0, 0), radius, {2: 0.05, 3: 0.06, 5: 0.03}, 3, 12))
        scene.stamp(body, places, mix(colour.line, PAPER, 0.5), colour.edge, 1.2)
        scene.stamp(disc((0.04 * radius, 0), radius * 0.52), places, colour.line)


def _packed(edge: np.ndarray, apart: float) -> Iterator[Point]:
    """Places in rows, each row shifted by half a step, none quite on its spot."""
    fate = Random(2)
    (left, low), (right, high) = edge.min(axis=0), edge.max(axis=0)
    for row, y in enumerate(np.arange(low, high, apart * 0.87)):
        for x in np.arange(left + (row % 2) * apart / 2, right, apart):
            yield x + 0.09 * apart * fate.uniform(-1, 1), y + 0.09 * apart * fate.uniform(-1, 1)


def _body(
    scene: Scene, at: Point, radius: float, colour: Colour, waves: dict[int, float], seed: int,
    points: int = 22, shadow: bool = True,
) -> Cell:  # fmt: skip
    return _soft(scene, wavy(at, radius, waves, seed, points), at, radius, colour, shadow)


def _soft(scene: Scene, points: np.ndarray, at: Point, radius: float, colour: Colour, shadow: bool) -> Cell:
    outline = smooth_polygon(points)
    membrane, rings = float(np.clip(radius * 0.075, 2.4, 6.5)), int(np.clip(radius / 4, 6, 18))
    soft_body(scene, outline, at, colour, membrane=membrane, shadow=shadow, rings=rings)
    return Cell(at, radius, outline.to_polygons()[0])


def _nucleus(
    scene: Scene,
    at: Point,
    radius: float,
    colour: Colour,
    waves: dict[int, float],
    seed: int,
    nucleoli: int = 0,
) -> None:
    """A quiet nucleus: it must not draw the eye from the membrane."""
    _shade_nucleus(scene, smooth_polygon(wavy(at, radius, waves, seed + 7, 14)), at, colour)
    fate = Random(seed)
    for step in range(5):
        turn, far = 2.4 * step + fate.uniform(0, 1), radius * (0.30 + 0.10 * step)
        spot = (at[0] + far * np.cos(turn), at[1] + far * np.sin(turn))
        scene.path(smooth_polygon(wavy(spot, radius * 0.13, {2: 0.3, 3: 0.1}, seed + step, 8)),
                   fill=colour.line, alpha=0.16)  # fmt: skip
    for step in range(nucleoli):
        spot = (at[0] + radius * (0.32 - 0.6 * step), at[1] + radius * (0.12 + 0.12 * step))
        scene.path(disc(spot, radius * 0.17), fill=mix(colour.line, colour.edge, 0.2), alpha=0.55)


def _shade_nucleus(scene: Scene, outline: Path, heart: Point, colour: Colour) -> None:
    rim = Colour(colour.line, mix(colour.tint, colour.line, 0.30), colour.edge)
    soft_body(scene, outline, heart, rim, membrane=0, rings=10, depth=0.22, shadow=False)
    scene.path(outline, edge=mix(colour.line, colour.edge, 0.2), width=1.1, alpha=0.75)


def _granules(scene: Scene, cell: Cell, look: TCellState, facing: float, seed: int) -> None:
    if not look.granules:
        return
    fate = Random(seed + 3)
    spots: list[Point] = []
    while len(spots) < look.granules:
        turn, far = np.radians(facing + fate.uniform(-55, 55)), cell.radius * fate.uniform(0.5, 0.84)
        x, y = cell.at[0] + far * np.cos(turn), cell.at[1] + far * np.sin(turn)
        if all(np.hypot(x - a, y - b) > 0.115 * cell.radius for a, b in spots):
            spots.append((x, y))
    scene.stamp(
        disc((0, 0), cell.radius * 0.045), spots, mix(look.colour.line, PAPER, 0.05), look.colour.edge, 0.7
    )


def small_cells(
    scene: Scene,
    places: Sequence[Point],
    radius: float,
    colour: Colour,
    *,
    nucleus: float = 0.6,
    car: Colour | None = None,
) -> None:
    """A crowd of plain cells, stored once in the file; ``car`` is the colour of the knobs of a CAR round each."""
    turns = np.radians(np.arange(20, 380, 60))
    ring = [(np.cos(turn), np.sin(turn)) for turn in turns]
    if car:
        spokes = [Path(np.multiply([spoke, spoke], [[0.9 * radius], [1.28 * radius]])) for spoke in ring]
        scene.stamp(Path.make_compound_path(*spokes), places, None, car.edge, max(1.0, 0.12 * radius))
        knobs = [disc((1.32 * radius * x, 1.32 * radius * y), 0.17 * radius) for x, y in ring]
        scene.stamp(Path.make_compound_path(*knobs), places, car.line, car.edge, 0.8)
    body = mix(colour.tint, colour.line, 0.34)
    scene.stamp(disc((0, 0), radius), places, body, colour.edge, max(1.0, 0.07 * radius))
    scene.stamp(disc((-0.1 * radius, 0.14 * radius), 0.76 * radius), places, mix(body, PAPER, 0.3))
    core = mix(colour.tint, colour.line, 0.62)
    scene.stamp(disc((0, 0), nucleus * radius), places, core, mix(colour.line, colour.edge, 0.3), 0.9)
    shine = disc((-0.16 * nucleus * radius, 0.2 * nucleus * radius), 0.55 * nucleus * radius)
    scene.stamp(shine, places, mix(core, PAPER, 0.3))
