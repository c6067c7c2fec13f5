"""Three landscapes of a tumour: T cells inside, T cells at the edge, no T cells."""

from collections.abc import Sequence
from random import Random

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from immunolab.draw.glyphs import (
    dendritic_cell,
    fibre,
    fibroblast,
    macrophage,
    red_cell,
    small_cells,
    vessel,
    wavy,
)
from immunolab.draw.palette import (
    BLOOD,
    DENDRITIC,
    FIBROBLAST,
    INK,
    MYELOID,
    PAPER,
    T_CELL,
    TISSUE,
    TUMOUR,
    mix,
)
from immunolab.draw.scene import HEAD, LINE, Point, Scene, disc, smooth_polygon

TITLE = "Three landscapes"
ALT = (
    "Three round sections of tumours, each with a nest of brown tumour cells in grey stroma and a blood vessel. In the inflamed tumour "
    "blue T cells lie among the tumour cells, beside a macrophage and a dendritic cell. In the excluded tumour many T cells lie "
    "outside the nest, behind a wall of fibroblasts and fibres. In the desert there are no T cells, neither inside nor at the edge. Below "
    "each stands the step of the cycle that mostly fails: seven, killing; five, entry; two or three, presentation and priming. Where the "
    "T cells lie hints at the step that fails."
)
CAPTION = "Where the T cells lie hints at the step of the cycle that fails most."
SOURCES = ("ChenMellman2017",)

WIDTH, HEIGHT = 920, 500
MIDDLES, LEVEL, FIELD = (156, 460, 764), 286, 138
NEST = 88  # mean radius of a nest
BIG, SMALL = 11.5, 8.2  # radii of a tumour cell and a T cell

LANDSCAPES = (
    ("Inflamed", (7,), "T cells inside; killing fails"),
    ("Excluded", (5,), "T cells outside; entry fails"),
    ("Desert", (2, 3), "no T cells; the start fails"),
)


def draw() -> Figure:
    """Three fields of view."""
    scene = Scene(WIDTH, HEIGHT)
    for x, (name, steps, remark) in zip(MIDDLES, LANDSCAPES, strict=True):
        _field(scene, (x, LEVEL), name)
        left = x - 60 - 14 * (len(steps) - 1)
        for place, number in enumerate(steps):
            scene.step((left + 26 * place, 112), number)
        scene.name((left + 26 * len(steps) - 4, 105), name, align="left", size=HEAD)
        scene.text((x, 74), remark, align="center")
    _names(scene)
    scene.caption(CAPTION)
    return scene.figure


def _field(scene: Scene, at: Point, name: str) -> None:
    """One field: stroma, nest, the cells that tell the landscapes apart."""
    fate = Random(name)
    outline = wavy(
        tuple(np.add(at, (10, 12))),
        NEST * (0.8 if name == "Excluded" else 1),
        {2: 0.04, 3: 0.06, 5: 0.03},
        len(name),
        30,
    )
    nest = smooth_polygon(outline)
    rim = nest.interpolated(12).to_polygons()[0]
    scene.path(disc(at, FIELD), fill=mix(FIBROBLAST.tint, PAPER, 0.5))
    _stroma(scene, at, outline, name == "Excluded", fate)
    way = [(168, 10), (178, -4), (198, -11), (220, -13), (242, -11), (262, -4), (272, 10)]
    vessel(scene, [_polar(at, turn, FIELD + far) for turn, far in way], 22)
    for turn in (184, 203, 214, 238, 253):
        red_cell(scene, _polar(at, turn, FIELD - 12 + fate.uniform(-4, 4)), 5.2, turn + 90)
    scene.path(
        nest, fill=mix(TISSUE.tint, TUMOUR.line, 0.12), edge=mix(TUMOUR.line, TUMOUR.tint, 0.35), width=1.6
    )
    cells = [
        spot
        for spot in _packed(at, 2 * BIG + 0.8, fate)
        if nest.contains_point(spot) and _far(spot, rim) > 7.5
    ]
    guests = _guests(name, at, cells, rim, fate)
    small_cells(scene, [spot for spot in cells if spot not in guests], BIG, TUMOUR, nucleus=0.56)
    small_cells(scene, guests, SMALL, T_CELL, nucleus=0.66)
    macrophage(scene, _polar(at, 118, FIELD - 24), 14, shadow=False)
    if name == "Inflamed":
        dendritic_cell(scene, _polar(at, -28, FIELD - 30), 10, arms=(60, 105, 150, 195, 240))
    scene.path(disc(at, FIELD + 13), edge=PAPER, width=24)
    scene.path(disc(at, FIELD), edge=mix(INK, PAPER, 0.45), width=2.4, role=LINE)


def _stroma(scene: Scene, at: Point, nest: np.ndarray, wall: bool, fate: Random) -> None:
    """Fibres and fibroblasts round the nest; a ``wall`` has many of both."""
    heart = nest.mean(axis=0)
    for share in (1.10, 1.19, 1.28, 1.38) if wall else (1.22, 1.45):
        around = heart + (nest - heart) * share * np.array([[fate.uniform(0.985, 1.015)] for _ in nest])
        for start in (0, 10, 20):
            fibre(scene, [tuple(spot) for spot in np.roll(around, -start, axis=0)[:9]], 2.0)
    for step in range(20 if wall else 6):
        turn = (18 if wall else 60) * step + fate.uniform(-5, 5)
        share = (1.15, 1.32)[step % 2] if wall else 1.3
        spot = heart + share * np.hypot(*(nest - heart).T).mean() * np.array(
            [np.cos(np.radians(turn)), np.sin(np.radians(turn))]
        )
        fibroblast(scene, tuple(spot), 46, turn + 90, seed=step, shadow=False)


def _guests(name: str, at: Point, cells: Sequence[Point], nest: np.ndarray, fate: Random) -> list[Point]:
    """Where the T cells lie: in place of tumour cells, outside the wall, or nowhere."""
    if name == "Desert":
        return []
    outside = [
        spot
        for spot in _packed(at, 19, fate)
        if np.hypot(*np.subtract(spot, at)) < FIELD - 12
        and not Path(nest).contains_point(spot)
        and not (
            np.hypot(*np.subtract(spot, at)) > FIELD - 34 and spot[0] < at[0] + 16 and spot[1] < at[1] + 30
        )
        and _far(spot, nest) > (30 if name == "Excluded" else 16)
    ]
    if name == "Excluded":
        return fate.sample(outside, min(30, len(outside)))
    return cells[1::3] + fate.sample(outside, 7)


def _packed(at: Point, apart: float, fate: Random) -> list[Point]:
    """Places in shifted rows over a field, none quite on its spot."""
    steps = int(FIELD / apart) + 1
    return [
        (
            at[0] + apart * (column + 0.5 * (row % 2)) + fate.uniform(-1, 1),
            at[1] + 0.87 * apart * row + fate.uniform(-1, 1),
        )
        for row in range(-steps, steps + 1)
        for column in range(-steps, steps + 1)
    ]


def _far(spot: Point, edge: np.ndarray) -> float:
    return float(np.hypot(*(edge - spot).T).min())


def _polar(at: Point, turn: float, far: float) -> Point:
    return at[0] + far * float(np.cos(np.radians(turn))), at[1] + far * float(np.sin(np.radians(turn)))


def _names(scene: Scene) -> None:
    """A row of names above the fields, each with what it names."""
    y = HEIGHT - 34
    small_cells(scene, [(40, y)], BIG, TUMOUR, nucleus=0.56)
    small_cells(scene, [(182, y)], SMALL, T_CELL, nucleus=0.66)
    fibroblast(scene, (282, y), 50, 8, shadow=False)
    vessel(scene, [(480, y), (510, y)], 18)
    macrophage(scene, (634, y), 14, shadow=False)
    dendritic_cell(scene, (786, y), 10)
    for x, words, colour in (
        (60, "tumour cell", TUMOUR),
        (198, "T cell", T_CELL),
        (314, "fibroblast, fibres", FIBROBLAST),
        (531, "vessel", BLOOD),
        (655, "macrophage", MYELOID),
        (804, "dendritic cell", DENDRITIC),
    ):
        scene.text((x, y - 5), words, colour=colour.edge, bold=True)
