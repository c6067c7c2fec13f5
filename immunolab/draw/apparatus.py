"""Things that are no cells: people, a mouse, vectors, vials, bags, circuit symbols, a switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path

from .palette import ANTIBODY, INK, MUTED, PAPER, SHADOW, TCR, VECTOR, Colour, mix
from .scene import LINE, Point, Scene, disc, moved, rounded, smooth_line, smooth_polygon
from .shapes import LIGHT

CORES = ("lentivirus", "gammaretrovirus")
GLASS, SHINE = mix(MUTED, PAPER, 0.35), mix(MUTED, PAPER, 0.80)


def vector(scene: Scene, at: Point, radius: float, kind: str = "lentivirus", *, tilt: float = 0.0) -> None:
    """A viral vector: an envelope with spikes round a core, a cone in a lentivirus, a ball in a gammaretrovirus."""
    if kind not in CORES:
        raise ValueError(f"No vector {kind!r}. There are: {', '.join(CORES)}.")
    x, y = at
    for turn in np.radians(tilt + np.arange(0, 360, 30)):
        tip = (x + 1.22 * radius * np.cos(turn), y + 1.22 * radius * np.sin(turn))
        scene.line([at, tip], VECTOR.edge, max(1.2, 0.09 * radius))
        scene.path(disc(tip, 0.12 * radius), fill=mix(VECTOR.line, PAPER, 0.2), edge=VECTOR.edge, width=0.8)
    for share in np.linspace(0, 1, 6):
        spot = tuple(np.add(at, LIGHT * radius * 0.25 * share))
        fill = mix(mix(VECTOR.tint, VECTOR.line, 0.45), mix(VECTOR.tint, PAPER, 0.4), share)
        scene.path(disc(spot, radius * (1 - 0.55 * share)), fill=fill)
    scene.path(disc(at, radius), edge=VECTOR.edge, width=max(1.2, 0.10 * radius))
    turn = np.radians(tilt)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    cone = [(-0.36, 0.5), (0, 0.66), (0.36, 0.5), (0.18, -0.5), (0, -0.62), (-0.18, -0.5)]
    core = (
        smooth_polygon(np.multiply(cone, radius) @ turned + at, 0.8)
        if kind == "lentivirus"
        else disc(at, radius * 0.5)
    )
    scene.path(core, fill=mix(VECTOR.line, PAPER, 0.15), edge=VECTOR.edge, width=1.1)
    wave = np.linspace(-0.34, 0.34, 9)
    strand = np.column_stack([0.13 * np.sin(wave * 18), wave]) * radius @ turned + at
    scene.path(smooth_line(strand), edge=PAPER, width=max(1.1, 0.09 * radius))


@dataclass(frozen=True)
class BagAnchors:
    """Where tubes meet a bag: its hook above and its port below; and the middle of its content."""

    hook: Point
    port: Point
    middle: Point


def bag(
    scene: Scene, left: float, low: float, width: float, height: float, colour: Colour, level: float = 0.75
) -> BagAnchors:
    """A soft bag on a hook, filled to a share of its height with a liquid of this colour."""
    middle = left + width / 2
    scene.line([(middle, low + height), (middle, low + height + 9)], GLASS, 3)
    scene.path(disc((middle, low + height + 14), 5), edge=GLASS, width=2.6)
    scene.path(moved(rounded(left, low, width, height, 0.2 * width), 3, -5), fill=SHADOW, alpha=0.06)
    scene.path(
        rounded(left, low, width, height, 0.2 * width), fill=mix(SHINE, PAPER, 0.5), edge=GLASS, width=2.6
    )
    deep, pale = mix(colour.tint, colour.line, 0.55), mix(colour.tint, colour.line, 0.12)
    for share in np.linspace(0, 1, 8):
        size = width - 9 - 4 * share, (height - 9) * level - 6 * share
        scene.path(
            rounded(left + 4.5 + 2 * share, low + 4.5 + 3 * share, *size, 0.15 * width),
            fill=mix(deep, pale, share),
        )
    scene.path(rounded(middle - 6, low - 14, 12, 16, 4), fill=PAPER, edge=GLASS, width=2.2)
    scene.path(
        rounded(left + 0.09 * width, low + 0.2 * height, 0.07 * width, 0.6 * height, 3),
        fill=PAPER,
        alpha=0.65,
    )
    return BagAnchors((middle, low + height + 19), (middle, low - 14), (middle, low + height * level / 2))


@dataclass(frozen=True)
class GateAnchors:
    """Where wires meet a circuit symbol: its inputs from above downwards, and its output."""

    inputs: tuple[Point, Point]
    output: Point


def gate(scene: Scene, at: Point, size: float, kind: str, colour: Colour = TCR) -> GateAnchors:
    """A circuit symbol, inputs left, output right: AND has a flat back, OR a hollow one, NOT a ball at its lower input."""
    if kind not in ("AND", "OR", "NOT"):
        raise ValueError(f"No gate {kind!r}. There are: AND, OR, NOT.")
    x, y = at
    half = size / 2
    turn = np.radians(np.linspace(90, -90, 15))
    if kind == "OR":
        belly = [(x + half * 1.15 * np.cos(t) ** 0.75, y + half * np.sin(t)) for t in turn]
        hollow = [(x - half * (0.95 - 0.32 * np.cos(t)), y + half * np.sin(t)) for t in turn[::-1]]
        outline = [*belly, *hollow]
        back = x - half * 0.72
    else:
        outline = [(x + half * np.cos(t), y + half * np.sin(t)) for t in turn] + [
            (x - half * 0.9, y - half),
            (x - half * 0.9, y + half),
        ]
        back = x - half * 0.9
    path = smooth_polygon(outline, 0.0)
    scene.path(moved(path, 2, -4), fill=SHADOW, alpha=0.08)
    scene.path(path, fill=mix(colour.tint, PAPER, 0.35), edge=colour.edge, width=2.6, role=LINE)
    ends = [(back, y + half * 0.5), (back, y - half * 0.5)]
    if kind == "NOT":
        ball = (back - 6.5, ends[1][1])
        scene.path(disc(ball, 6), fill=PAPER, edge=colour.edge, width=2.4)
        ends[1] = (ball[0] - 6, ball[1])
    return GateAnchors((ends[0], ends[1]), (x + half * (1.15 if kind == "OR" else 1.0), y))


def switch(scene: Scene, at: Point, size: float, *, on: bool = False, colour: Colour = ANTIBODY) -> None:
    """A toggle in its housing: a safety switch, thrown or not."""
    x, y = at
    scene.path(
        moved(rounded(x - size, y - size / 2, 2 * size, size, size / 2), 1.5, -3), fill=SHADOW, alpha=0.08
    )
    fill = colour.line if on else mix(MUTED, PAPER, 0.6)
    scene.path(
        rounded(x - size, y - size / 2, 2 * size, size, size / 2),
        fill=fill,
        edge=colour.edge if on else INK,
        width=1.6,
    )
    knob = (x + (0.5 if on else -0.5) * size, y)
    scene.path(disc(knob, size * 0.38), fill=PAPER, edge=colour.edge if on else INK, width=1.4)


def people(scene: Scene, feet: Sequence[Point], height: float, colour: Colour) -> None:
    """People standing at these points, drawn alike on purpose: nothing is said of sex, age or illness."""
    side = [(0.09, 0), (0.12, 0.30), (0.185, 0.42), (0.205, 0.60), (0.15, 0.70)]
    body = smooth_polygon(np.multiply([*side, *((-x, y) for x, y in side[::-1])], height), 0.75)
    head = disc((0, 0.86 * height), 0.135 * height)
    glow = disc((-0.06 * height, 0.53 * height), 0.07 * height, 0.13 * height)
    figure = Path.make_compound_path(body, head)
    light = Path.make_compound_path(glow, disc((-0.035 * height, 0.90 * height), 0.06 * height))
    rim = max(1.0, 0.035 * height)
    scene.stamp(figure, feet, PAPER, PAPER, rim + 2)
    scene.stamp(figure, feet, mix(colour.tint, colour.line, 0.6), mix(colour.line, colour.edge, 0.5), rim)
    scene.stamp(light, feet, mix(colour.tint, colour.line, 0.2))
    scene.stamp(Path([(0, 0), (0, 0.24 * height)]), feet, None, PAPER, max(1.0, 0.05 * height))


def mouse(scene: Scene, at: Point, length: float, colour: Colour) -> Point:
    """A laboratory mouse from the side, nose to the left, without its tail ``length`` pixels long; gives its flank."""

    def point(x: float, y: float) -> Point:
        return at[0] + x * length, at[1] + y * length

    edge = mix(colour.line, colour.edge, 0.4)
    wide = max(1.4, 0.016 * length)
    tail = smooth_line([point(*p) for p in ((0.40, -0.12), (0.58, -0.19), (0.68, -0.08), (0.80, -0.07))])
    for stroke, thick in (
        (edge, 0.05 * length),
        (mix(colour.tint, colour.line, 0.25), 0.05 * length - 2 * wide),
    ):
        scene.path(tail, edge=stroke, width=max(1.0, thick))
    outline = (
        (-0.50, -0.10), (-0.40, 0.01), (-0.26, 0.10), (-0.10, 0.11), (0.12, 0.20), (0.32, 0.15), (0.43, -0.02),
        (0.38, -0.17), (0.20, -0.20), (-0.12, -0.19), (-0.34, -0.17),
    )  # fmt: skip
    body = smooth_polygon([point(*p) for p in outline], 0.95)
    for x in (-0.22, 0.26):
        foot = disc(point(x, -0.20), 0.075 * length, 0.026 * length)
        scene.path(foot, fill=mix(colour.tint, colour.line, 0.2), edge=edge, width=wide)
    scene.path(body, fill=mix(colour.tint, colour.line, 0.35), edge=edge, width=wide)
    for share in np.linspace(0, 1, 6):
        light = disc(
            point(0.12 - 0.03 * share, 0.02 * share),
            (0.27 - 0.15 * share) * length,
            (0.16 - 0.09 * share) * length,
        )
        scene.path(light, fill=mix(mix(colour.tint, colour.line, 0.33), mix(colour.tint, PAPER, 0.35), share))
    ear = disc(point(-0.19, 0.12), 0.085 * length, 0.105 * length, -14)
    scene.path(ear, fill=mix(colour.tint, colour.line, 0.2), edge=edge, width=wide)
    scene.path(
        disc(point(-0.185, 0.115), 0.045 * length, 0.06 * length, -14), fill=mix(colour.tint, PAPER, 0.3)
    )
    scene.path(disc(point(-0.365, -0.02), 0.02 * length), fill=INK)
    scene.path(disc(point(-0.495, -0.095), 0.018 * length), fill=colour.edge)
    return point(0.16, 0.02)


def vial(scene: Scene, at: Point, colour: Colour) -> None:
    """A small vial of a drug, 26 pixels high with its cap; ``at`` is the middle of its foot."""
    left, base = at[0] - 7, at[1]
    glass = [(0, 0), (0, 17), (4, 22), (10, 22), (14, 17), (14, 0)]
    scene.path(moved(smooth_polygon(glass, 0.25), left, base), fill=PAPER, edge=colour.edge, width=1.4)
    scene.path(rounded(left + 2, base + 2, 10, 11, 1.5), fill=mix(colour.line, PAPER, 0.25))
    scene.line([(left + 3, base + 26), (left + 11, base + 26)], colour.edge, 4)
