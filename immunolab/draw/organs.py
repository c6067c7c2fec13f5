"""Organs of the immune system, each in an outline of its own: where its cells are born, taught, and meet."""

from __future__ import annotations

import numpy as np

from .cells import small_cells
from .palette import BLOOD, BONE, NODE, PAPER, SPLEEN, STEM_LIKE_T, THYMUS, mix
from .scene import Point, Scene, disc, smooth_line, smooth_polygon
from .shapes import soft_body


def bone(scene: Scene, at: Point, size: float) -> None:
    """A long bone with a window that shows its marrow. ``size`` is half its length in pixels."""
    half = [(0.0, 0.19), (0.52, 0.20), (0.74, 0.34), (0.93, 0.36), (1.0, 0.17), (0.93, 0.0)]
    upper = [*half, *((x, -y) for x, y in half[-2::-1])]
    outline = smooth_polygon(_laid([*upper, *((-x, y) for x, y in _inner(upper))], at, size, 24), 0.9)
    soft_body(scene, outline, at, BONE, membrane=3.2, rings=8, depth=0.3)
    window = smooth_polygon(
        _laid(
            [
                (-0.5, 0.1),
                (0, 0.13),
                (0.5, 0.1),
                (0.56, 0),
                (0.5, -0.1),
                (0, -0.13),
                (-0.5, -0.1),
                (-0.56, 0),
            ],
            at,
            size,
            24,
        )
    )
    scene.path(window, fill=mix(BLOOD.tint, BLOOD.line, 0.22), edge=mix(BONE.line, BONE.edge, 0.3), width=1.6)
    marrow = _laid([(x / 10, 0.05 * (-1) ** x) for x in range(-4, 5)], at, size, 24)
    small_cells(scene, [tuple(spot) for spot in marrow], 0.072 * size, STEM_LIKE_T)


def thymus(scene: Scene, at: Point, size: float) -> None:
    """The thymus: two lobes side by side, each of many small ones. ``size`` is half its height."""
    for hand in (1, -1):
        lobe = [
            (0.03, 0.30), (0.10, 0.78), (0.24, 0.98), (0.40, 0.86), (0.46, 0.58), (0.60, 0.36), (0.60, 0.04), (0.74, -0.22),
            (0.70, -0.62), (0.50, -0.90), (0.22, -0.86), (0.05, -0.60), (0.01, -0.1),
        ]  # fmt: skip
        outline = smooth_polygon(_laid([(hand * x, y) for x, y in lobe], at, size))
        heart = tuple(np.add(at, (hand * 0.36 * size, -0.12 * size)))
        soft_body(scene, outline, heart, THYMUS, membrane=3.0, rings=8, depth=0.34)
        for start, end in (
            ((0.30, 0.42), (0.42, 0.46)),
            ((0.34, 0.02), (0.58, 0.08)),
            ((0.32, -0.42), (0.62, -0.46)),
        ):
            run = _laid([(hand * start[0], start[1]), (hand * end[0], end[1])], at, size)
            scene.line(run, mix(THYMUS.line, THYMUS.tint, 0.35), 1.6)


def lymph_node(scene: Scene, at: Point, size: float) -> None:
    """A lymph node: a bean in a capsule, follicles along its rim, vessels at its notch. ``size`` is half its height."""
    for y, colour in ((0.10, BLOOD), (-0.12, NODE)):
        way = smooth_line(_laid([(0.35, 0.5 * y), (0.75, y), (1.15, 2.2 * y)], at, size))
        scene.path(way, edge=mix(colour.line, colour.tint, 0.2), width=0.13 * size)
        scene.path(way, edge=mix(colour.tint, PAPER, 0.2), width=0.06 * size)
    bean = [
        (0.50, 0.06), (0.60, 0.44), (0.42, 0.84), (0.02, 1.0), (-0.44, 0.80), (-0.70, 0.30), (-0.70, -0.30),
        (-0.44, -0.80), (0.02, -1.0), (0.42, -0.84), (0.60, -0.44), (0.50, -0.06), (0.40, 0.0),
    ]  # fmt: skip
    outline = smooth_polygon(_laid(bean, at, size))
    soft_body(scene, outline, tuple(np.add(at, (-0.12 * size, 0))), NODE, membrane=3.4, rings=9, depth=0.34)
    rim = [(0.16, 0.70), (-0.22, 0.60), (-0.44, 0.22), (-0.44, -0.22), (-0.22, -0.60), (0.16, -0.70)]
    for spot in _laid(rim, at, size):
        scene.path(
            disc(tuple(spot), 0.15 * size), fill=mix(NODE.line, NODE.tint, 0.25), edge=NODE.edge, width=0.9
        )
        scene.path(disc(tuple(spot), 0.075 * size), fill=mix(NODE.tint, PAPER, 0.4))


def spleen(scene: Scene, at: Point, size: float) -> None:
    """The spleen: smooth, notched on one side, white islands in red pulp. ``size`` is half its height."""
    shape = [
        (0.10, 0.96), (0.44, 0.78), (0.62, 0.36), (0.66, -0.12), (0.52, -0.62), (0.20, -0.96), (-0.12, -0.92), (-0.34, -0.56),
        (-0.26, -0.26), (-0.40, 0.0), (-0.28, 0.22), (-0.40, 0.50), (-0.22, 0.86),
    ]  # fmt: skip
    outline = smooth_polygon(_laid(shape, at, size))
    soft_body(scene, outline, tuple(np.add(at, (0.14 * size, 0))), SPLEEN, membrane=3.2, rings=9, depth=0.62)
    islands = [
        (0.14, 0.60),
        (0.40, 0.26),
        (0.06, 0.16),
        (0.44, -0.22),
        (0.10, -0.26),
        (0.26, -0.62),
        (-0.10, -0.62),
    ]
    for spot in _laid(islands, at, size):
        scene.path(
            disc(tuple(spot), 0.085 * size, 0.075 * size),
            fill=mix(SPLEEN.tint, PAPER, 0.5),
            edge=SPLEEN.line,
            width=0.9,
        )


def _laid(points: list, at: Point, size: float, tilt: float = 0.0) -> np.ndarray:
    """Points of a unit drawing on the canvas, turned by ``tilt`` degrees."""
    turn = np.radians(tilt)
    return np.multiply(points, size) @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]] + at


def _inner(points: list) -> list:
    """The points that a mirror image still needs: all but the two on the mirror's line, the other way round."""
    return points[-2:0:-1]
