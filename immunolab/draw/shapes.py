"""The shape kit under the glyphs: poses, beads and stems with soft light, soft bodies, membranes.

Molecules are built in nanometres: the origin is where the molecule leaves its membrane, y points away from the cell.
So all molecules of one scene stand to each other as they do in life. Light comes from the upper left, always.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from random import Random

import numpy as np
from matplotlib.path import Path

from .palette import PAPER, SHADOW, Colour, mix
from .scene import LINE, Point, Scene, disc, moved, scaled, smooth_line, smooth_polygon

UP, DOWN = 90.0, -90.0
NM = 10.0  # pixels for a nanometre, unless a scene asks otherwise
MEMBRANE = 4.5  # thickness in nanometres
LIT = (
    (0.88, 0.07),
    (0.74, 0.15),
    (0.58, 0.24),
    (0.41, 0.34),
    (0.22, 0.44),
)  # a bead's bright parts: size, paleness
LIGHT = np.array([-0.55, 0.83])  # where the light comes from


@dataclass(frozen=True)
class Pose:
    """Where a drawing in its own units stands on the canvas. ``angle`` is the direction of its y axis, in degrees."""

    at: Point
    angle: float = UP
    scale: float = 1.0

    def point(self, x: float, y: float) -> Point:
        """A point of the drawing on the canvas."""
        px, py = self._matrix @ (x, y)
        return float(px + self.at[0]), float(py + self.at[1])

    def path(self, path: Path) -> Path:
        """A path of the drawing on the canvas."""
        return Path(path.vertices @ self._matrix.T + self.at, path.codes)

    @property
    def _matrix(self) -> np.ndarray:
        turn = np.radians(self.angle - 90)
        return self.scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


@dataclass(frozen=True)
class Anchors:
    """Where other things meet a molecule, as points of the canvas.

    ``foot``: where it leaves the membrane; ``tips``: its binding sites, left to right as seen from its own cell;
    ``tail``: its end inside the cell; ``middle``: the middle of what shows, for a leader; ``angle``: where it points.
    """

    foot: Point
    tips: tuple[Point, ...]
    tail: Point
    middle: Point
    angle: float

    @property
    def tip(self) -> Point:
        """The first binding site."""
        return self.tips[0]


@dataclass(frozen=True)
class Part:
    """One piece of a molecule. ``heart`` is the point about which its light is drawn; a stem has none."""

    path: Path
    colour: Colour
    width: float = 0.0
    heart: Point | None = None

    @property
    def look(self) -> tuple:
        """Parts of one look can be painted in one stroke."""
        return self.colour, self.width, self.heart is None


@dataclass
class Molecule:
    """Collects beads and stems in nanometres, then paints them from back to front as one body.

    ``stalk`` lengthens (or shortens) the stalk: all that lies above the membrane moves out by as much.
    """

    scene: Scene
    at: Point
    angle: float
    scale: float
    colour: Colour
    stalk: float = 0.0
    pose: Pose = field(init=False)
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pose = Pose(self.at, self.angle, self.scale)

    def stem(self, *points: Point, width: float = 0.75, colour: Colour | None = None) -> Molecule:
        """A chain through the points, ``width`` nanometres thick."""
        lifted = [(x, y + self.stalk * (y > 0.5)) for x, y in points]
        self.parts.append(Part(smooth_line(lifted), colour or self.colour, width))
        return self

    def bead(
        self, x: float, y: float, width: float, height: float, tilt: float = 0.0, colour: Colour | None = None
    ) -> Molecule:
        """A folded domain. ``tilt`` in degrees, clockwise."""
        y += self.stalk * (y > 0)
        self.parts.append(
            Part(disc((x, y), width / 2, height / 2, -tilt), colour or self.colour, heart=(x, y))
        )
        return self

    def shape(
        self, points: Sequence[Point], heart: Point, colour: Colour | None = None, softness: float = 1.0
    ) -> Molecule:
        """A domain of any outline that ``heart`` can see the whole of."""
        lift = self.stalk * (heart[1] > 0)
        lifted, heart = np.add(points, (0, lift)), (heart[0], heart[1] + lift)
        self.parts.append(Part(smooth_polygon(lifted, softness), colour or self.colour, heart=heart))
        return self

    def inside(
        self, x: float = 0.0, motifs: int = 0, length: float = 4.5, colour: Colour | None = None
    ) -> Molecule:
        """The part that crosses the membrane, and the tail inside the cell with its signalling motifs."""
        colour = colour or self.colour
        colour = Colour(mix(colour.line, colour.tint, 0.30), colour.tint, mix(colour.edge, colour.line, 0.45))
        below = -MEMBRANE
        self.stem((x, -0.1), (x, below + 0.1), width=0.95, colour=colour)
        if length:
            run = np.linspace(0, 1, 7)
            sway = 0.45 * np.sin(run * 2.2 * np.pi)
            self.stem(*zip(x + sway, below - 0.2 - run * length, strict=True), width=0.42, colour=colour)
            for motif in range(motifs):
                along = (motif + 1) / (motif + 1.6) if motifs == 1 else 0.35 + 0.6 * motif / (motifs - 1)
                at = np.interp(along, run, sway)
                self.bead(x + at, below - 0.2 - along * length, 1.25, 0.85, colour=colour)
        return self

    def done(
        self, tips: Sequence[Point], middle: Point | None = None, tail: Point = (0.0, -MEMBRANE)
    ) -> Anchors:
        """Paint everything and say where others may attach."""
        self._paint()
        middle = middle or (0.0, tips[0][1] * 0.6)
        at = self.pose.point
        sites = tuple(at(x, y + self.stalk) for x, y in tips)
        return Anchors(at(0, 0), sites, at(*tail), at(middle[0], middle[1] + self.stalk), self.angle)

    def _paint(self) -> None:
        parts = [self._placed(part) for part in self.parts]
        if self.scene.stencils is not None:
            self.scene.stencils.extend(parts)
            return
        runs = [list(run) for _, run in groupby(parts, key=lambda part: part.look)]
        self._paint_rim(parts)
        for run in runs:
            whole = Path.make_compound_path(*(part.path for part in run))
            colour, width, is_stem = run[0].look
            if is_stem:
                self.scene.path(whole, edge=colour.edge, width=width)
                self.scene.path(
                    whole, edge=mix(colour.line, PAPER, 0.15), width=max(width - 2 * self._fine, 0.5)
                )
            else:
                self.scene.path(whole, fill=colour.line, edge=colour.edge, width=self._fine)
                for size, pale in LIT:
                    lit = Path.make_compound_path(*(_lit(part, size) for part in run))
                    self.scene.path(lit, fill=mix(colour.line, PAPER, pale))

    def _paint_rim(self, parts: Sequence[Part]) -> None:
        """A white keyline round the whole molecule, so that it stands off from what lies behind."""
        rim = float(np.clip(0.42 * self.scale, 1.6, 4.5))
        stems = [part for part in parts if part.heart is None]
        for width in sorted({part.width for part in stems}):
            paths = [part.path for part in stems if part.width == width]
            self.scene.path(Path.make_compound_path(*paths), edge=PAPER, width=width + rim)
        beads = [part.path for part in parts if part.heart is not None]
        if beads:
            self.scene.path(Path.make_compound_path(*beads), fill=PAPER, edge=PAPER, width=rim)

    def _placed(self, part: Part) -> Part:
        heart = None if part.heart is None else self.pose.point(*part.heart)
        return Part(self.pose.path(part.path), part.colour, part.width * self.scale, heart)

    @property
    def _fine(self) -> float:
        return float(np.clip(0.09 * self.scale, 0.5, 1.1))


def _lit(part: Part, size: float) -> Path:
    """The bright inner part of a bead: smaller, and moved towards the light."""
    path, heart = part.path, np.asarray(part.heart)
    small = float(np.hypot(*(path.vertices - heart).T).min())
    return Path((path.vertices - heart) * size + heart + LIGHT * small * (1 - size) * 0.5, path.codes)


def crowd(
    scene: Scene,
    glyph: Callable[..., Anchors],
    places: Sequence[Point],
    angle: float = UP,
    scale: float = NM,
    **how: object,
) -> None:
    """The same molecule at many places as plain shapes: for what stands behind. Small in the file."""
    with scene.stencil() as parts:
        glyph(scene, (0.0, 0.0), angle, scale, **how)
    for look, run in groupby(parts, key=lambda part: part.look):
        colour, width, is_stem = look
        path = Path.make_compound_path(*(part.path for part in run))
        if is_stem:
            scene.stamp(path, places, None, colour.line, width)
        else:
            scene.stamp(path, places, colour.line, mix(colour.line, PAPER, 0.35), 0.8)


@cache
def binding_sites(glyph: Callable[..., Anchors]) -> tuple[Point, ...]:
    """The binding sites of a molecule in its own frame, in nanometres."""
    probe = Scene(10, 10)
    with probe.stencil():
        return glyph(probe, (0.0, 0.0), UP, 1.0).tips


def bind(
    scene: Scene,
    receptor: Callable[..., Anchors],
    ligand: Callable[..., Anchors],
    foot: Point,
    far: Point,
    scale: float = NM,
    *,
    sites: tuple[int, int] = (0, 0),
    inside: bool = False,
) -> tuple[Anchors, Anchors]:
    """Draw a receptor and its ligand on two membranes so that the chosen binding sites meet.

    ``foot`` and ``far`` are points of the two membranes opposite each other, where the bond stands. What the two are
    short of (or too long) for the gap is shared between their stalks.
    """
    across = np.subtract(far, foot)
    gap = float(np.hypot(*across)) / scale
    angle = float(np.degrees(np.arctan2(across[1], across[0])))
    (x1, y1), (x2, y2) = binding_sites(receptor)[sites[0]], binding_sites(ligand)[sites[1]]
    spare = (gap - y1 - y2) / 2
    right = np.array([across[1], -across[0]]) / gap
    low = tuple(np.subtract(foot, x1 * right))
    high = tuple(np.add(far, x2 * right))
    return (
        receptor(scene, low, angle, scale, inside=inside, stalk=spare),
        ligand(scene, high, angle + 180, scale, inside=inside, stalk=spare),
    )


# Bodies ---------------------------------------------------------------------------------------------------------


def wavy(at: Point, radius: float, waves: dict[int, float], seed: int, points: int = 18) -> np.ndarray:
    """A round outline with gentle waves: ``waves`` maps the number of waves to their share of the radius."""
    phase = Random(seed)
    around = np.linspace(0, 2 * np.pi, points, endpoint=False)
    reach = np.ones(points)
    for number, share in sorted(waves.items()):
        reach += share * np.cos(number * around + phase.uniform(0, 2 * np.pi))
    return np.column_stack([np.cos(around), np.sin(around)]) * (radius * reach)[:, None] + at


def soft_body(
    scene: Scene,
    outline: Path,
    heart: Point,
    colour: Colour,
    *,
    membrane: float = 5.0,
    rings: int = 18,
    depth: float = 0.5,
    shadow: bool = True,
) -> None:
    """A soft body in a double membrane ``membrane`` pixels thick; its rings grow paler and rounder towards the light.

    ``depth`` says how dark the rim is: 0 the tint of its colour, 1 the line colour.
    """
    rim, core = mix(colour.tint, colour.line, depth), mix(colour.tint, PAPER, 0.6)
    if shadow:
        _shadow(scene, outline, heart)
    inner = float(np.hypot(*(outline.to_polygons()[0] - heart).T).min()) * 0.97
    focus = LIGHT * inner * 0.32
    for step in range(rings):
        share = step / rings
        fill, size = mix(rim, core, share**0.7), 1 - 0.96 * share
        at = np.asarray(heart) + focus * share
        if share < 0.4:
            scene.path(_rounder(outline, heart, inner, size, share / 0.4, at), fill=fill)
        else:
            scene.path(disc(tuple(at), inner * size), fill=fill)
    if membrane:
        scene.path(outline, edge=mix(colour.edge, colour.line, 0.25), width=membrane, role=LINE)
        scene.path(outline, edge=mix(colour.tint, PAPER, 0.35), width=membrane * 0.5)


def _rounder(outline: Path, heart: Point, inner: float, size: float, roundness: float, at: Point) -> Path:
    """The outline shrunk to ``size`` about its heart, moved to ``at``, and a share nearer to a circle."""
    spokes = outline.vertices - heart
    circle = spokes / np.hypot(*spokes.T)[:, None] * inner
    return Path((spokes + (circle - spokes) * roundness) * size + at, outline.codes)


def _shadow(scene: Scene, outline: Path, heart: Point) -> None:
    size = float(np.ptp(outline.vertices, axis=0).min()) / 2
    for step in range(3):
        grown = scaled(outline, 1.0 + 0.014 * step, heart)
        scene.path(moved(grown, 0.02 * size, -0.045 * size), fill=SHADOW, alpha=0.045)


def bilayer(
    scene: Scene,
    curve: np.ndarray,
    colour: Colour,
    thickness: float,
    *,
    below: bool = True,
    pitch: float | None = None,
) -> None:
    """A lipid bilayer seen in section. ``curve`` (n, 2) is its outer face; it lies below the curve or above it."""
    curve = np.asarray(curve, float)
    slope = np.gradient(curve, axis=0)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]]) / np.hypot(slope[:, 0], slope[:, 1])[:, None]
    inward = -normal if below else normal
    head = thickness * 0.20
    pitch = pitch or head * 1.12

    def face(depth: float) -> np.ndarray:
        return curve + inward * depth

    band = np.vstack([face(head / 2), face(thickness - head / 2)[::-1]])
    scene.path(Path([*band, band[0]], closed=True), fill=mix(colour.tint, PAPER, 0.25))
    for start, stop, share in ((0.16, 0.5, 0.0), (0.5, 0.84, 0.10)):
        strip = np.vstack([face(thickness * start), face(thickness * stop)[::-1]])
        scene.path(
            Path([*strip, strip[0]], closed=True), fill=mix(mix(colour.tint, PAPER, 0.25), colour.line, share)
        )
    scene.path(
        _tails(curve, inward, thickness, head, pitch),
        edge=mix(colour.line, colour.tint, 0.55),
        width=max(0.9, head * 0.13),
    )
    for depth in (head / 2, thickness - head / 2):
        row = smooth_line(face(depth)) if len(curve) > 2 else Path(face(depth))
        dots = (0.01, pitch)
        scene.path(row, edge=mix(colour.edge, colour.line, 0.55), width=head, dashes=dots, role=LINE)
        scene.path(row, edge=mix(colour.line, colour.tint, 0.42), width=head - 1.3, dashes=dots)
        bright = moved(row, *(LIGHT * head * 0.13))
        scene.path(bright, edge=mix(colour.line, PAPER, 0.66), width=head * 0.45, dashes=dots)


def cytoplasm(scene: Scene, left: float, right: float, face: float, end: float, colour: Colour) -> None:
    """The inside of a cell seen close: strongest at its membrane's ``face`` (a height), gone at the height ``end``."""
    for share in np.linspace(0, 1, 15)[:-1]:
        start = face + (end - face) * share
        band = [(left, start), (right, start), (right, end), (left, end), (left, start)]
        scene.path(Path(band, closed=True), fill=mix(colour.tint, PAPER, 0.25 + 0.75 * share))


def _tails(curve: np.ndarray, inward: np.ndarray, thickness: float, head: float, pitch: float) -> Path:
    """Two fatty tails for each lipid of both leaflets, as one path."""
    steps = np.hypot(*np.diff(curve, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    stops = np.arange(0, along[-1], pitch)
    at = np.column_stack([np.interp(stops, along, curve[:, i]) for i in (0, 1)])
    into = np.column_stack([np.interp(stops, along, inward[:, i]) for i in (0, 1)])
    side = np.column_stack([-into[:, 1], into[:, 0]]) * pitch * 0.2
    lines = []
    for near, far in ((head * 0.9, thickness * 0.48), (thickness - head * 0.9, thickness * 0.52)):
        for hand in (-1, 1):
            lines += [at + into * near + hand * side * 0.6, at + into * far + hand * side]
    pairs = np.stack([np.stack(lines[i : i + 2], axis=1) for i in range(0, len(lines), 2)]).reshape(-1, 2)
    return Path(pairs, [Path.MOVETO, Path.LINETO] * (len(pairs) // 2))
