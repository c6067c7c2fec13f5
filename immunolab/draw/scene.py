"""The canvas of a diagram: pixels, painter's order, labels with a halo, leaders, arrows and bars.

Every diagram of the course is a ``Scene`` filled from back to front: what is drawn later lies above. Text lies above all
of it. Coordinates are CSS pixels at the size a learner sees, x to the right and y upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib import patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from .palette import ACTIVATES, GRID, INHIBITS, INK, MUTED, PAPER, Colour, mix
from .type import FAMILY, course_style

DPI = 96
PX = 72 / DPI  # one pixel in points

BODY, KEY, HEAD = 14, 15.5, 18  # text sizes in px: a remark, a name, the head of a panel
LINE = "line"  # the role of a line that no word may cross

ROUND = 4 / 3 * (2**0.5 - 1)  # how far the handles of a quarter circle reach

Point = tuple[float, float]


class Scene:
    """A white canvas of ``width`` by ``height`` pixels. ``figure`` is the matplotlib figure behind it."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        with matplotlib.rc_context(course_style()):
            self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
            FigureCanvasAgg(self.figure)
            self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.set_axis_off()
        self._order = 0
        self._fade, self._haze = 0.0, PAPER
        self._places: np.ndarray | None = None
        self.stencils: list | None = None

    # Paint ------------------------------------------------------------------------------------------------------

    def path(
        self,
        path: Path,
        fill: str | None = None,
        edge: str | None = None,
        width: float = 1.0,
        *,
        alpha: float = 1.0,
        dashes: Sequence[float] | None = None,
        role: str = "",
    ) -> PathPatch | PathCollection:
        """Fill and stroke one path. ``width`` and ``dashes`` in pixels; strokes have round caps and joins.

        ``role=LINE`` marks a line that no word may cross; the lint looks for it.
        """
        if self._places is not None:
            return self._crowd(path, self._places, fill, edge, width, alpha, dashes)
        patch = PathPatch(
            path,
            facecolor=self.seen(fill) if fill else "none",
            edgecolor=self.seen(edge) if edge else "none",
            linewidth=width * PX if edge else 0,
            linestyle=(0, [dash / width for dash in dashes]) if dashes else "solid",
            alpha=alpha,
            capstyle="round",
            joinstyle="round",
            clip_on=False,
            label=role,
            zorder=self._next(),
        )
        self.axes.add_artist(patch)
        return patch

    def line(self, points: Iterable[Point], colour: str, width: float = 1.5, **how: object) -> PathPatch:
        """Stroke straight lines through the points."""
        return self.path(Path(list(points)), edge=colour, width=width, **how)

    def stamp(
        self,
        path: Path,
        places: Sequence[Point],
        fill: str | None,
        edge: str | None = None,
        width: float = 0.6,
    ) -> None:
        """The same small path at many places: stored once, so that a crowd stays a small file."""
        spots = np.reshape(places, (-1, 2))
        if self._places is not None:
            spots = (self._places[:, None] + spots).reshape(-1, 2)
        self._crowd(path, spots, fill, edge, width)

    @contextmanager
    def copies(self, places: Sequence[Point]) -> Iterator[None]:
        """What is drawn inside, about the origin, appears at each of the places, and is stored once.

        Copies must not overlap, and the lint does not see their lines.
        """
        self._places = np.reshape(places, (-1, 2))
        yield
        self._places = None

    def _crowd(
        self,
        path: Path,
        places: np.ndarray,
        fill: str | None,
        edge: str | None,
        width: float,
        alpha: float | None = None,
        dashes: Sequence[float] | None = None,
    ) -> PathCollection:
        crowd = PathCollection(
            [path],
            offsets=places,
            offset_transform=self.axes.transData,
            facecolors=self.seen(fill) if fill else "none",
            edgecolors=self.seen(edge) if edge else "none",
            linewidths=width * PX if edge else 0,
            linestyles=[(0, [dash / width for dash in dashes])] if dashes else "solid",
            alpha=alpha,
            zorder=self._next(),
            clip_on=False,
        )
        crowd.set_transform(Affine2D().scale(1 / DPI) + self.figure.dpi_scale_trans)
        self.axes.add_collection(crowd, autolim=False)
        return crowd

    @contextmanager
    def faded(self, share: float, haze: str = PAPER) -> Iterator[None]:
        """Everything drawn inside recedes into the haze: for what stands behind."""
        before = self._fade, self._haze
        self._fade, self._haze = share, haze
        yield
        self._fade, self._haze = before

    @contextmanager
    def stencil(self) -> Iterator[list]:
        """Molecules drawn inside are not painted: their parts are handed out as plain shapes."""
        before, self.stencils = self.stencils, []
        yield self.stencils
        self.stencils = before

    def seen(self, colour: str) -> str:
        """A colour as it looks through the haze of the moment."""
        return mix(colour, self._haze, self._fade) if self._fade else colour

    # Words ------------------------------------------------------------------------------------------------------

    def text(
        self,
        at: Point,
        words: str,
        size: float = BODY,
        colour: str = INK,
        *,
        bold: bool = False,
        align: str = "left",
        valign: str = "baseline",
        halo: float = 0.0,
    ) -> Text:
        """Words at a point, ``size`` pixels high. A ``halo`` of some pixels lifts them off an uneven ground."""
        text = self.axes.text(
            *at,
            words,
            size=size * PX,
            color=colour,
            family=FAMILY,
            weight="semibold" if bold else "normal",
            ha=align,
            va=valign,
            linespacing=1.02,
            zorder=10_000 + self._next(),
        )
        if halo:
            text.set_path_effects([patheffects.withStroke(linewidth=2 * halo * PX, foreground=PAPER)])
        return text

    def name(
        self,
        at: Point,
        words: str,
        colour: Colour | str = INK,
        *,
        align: str = "center",
        valign: str = "baseline",
        size: float = KEY,
    ) -> Text:
        """The name of something on a quiet ground, in bold and in the dark tone of its colour."""
        tone = colour.edge if isinstance(colour, Colour) else colour
        return self.text(at, words, size, tone, bold=True, align=align, valign=valign)

    def label(
        self,
        at: Point,
        name: str,
        remark: str = "",
        *,
        to: Point | None = None,
        colour: Colour | str = INK,
        align: str = "left",
        size: float = KEY,
        halo: float = 0.0,
    ) -> None:
        """A name in bold with a remark below it, or one of the two; ``at`` is the top of the block.

        With ``to``, a leader runs from the edge of the block that lies nearest to the thing named.
        """
        how = {"align": align, "valign": "top", "halo": halo}
        tone = colour.edge if isinstance(colour, Colour) else colour
        block = [self.text(at, name, size, tone, bold=True, **how)] if name else []
        if remark:
            drop = size * 1.32 * (name.count("\n") + 1) if name else 0
            block.append(self.text((at[0], at[1] - drop), remark, BODY, **how))
        if to is not None:
            self.leader(_nearest_edge(block, to), to)

    def leader(self, start: Point, end: Point, colour: str = MUTED) -> None:
        """A thin line from a label to what it names, with a dot at the thing."""
        self.line([start, end], PAPER, 3.2)
        self.line([start, end], colour, 1.1, role=LINE)
        self.path(disc(end, 2.4), fill=colour, edge=PAPER, width=0.8)

    def caption(self, sentence: str, y: float = 20, size: float = KEY) -> None:
        """The finding, as one sentence, centred at the foot of the picture."""
        self.text((self.width / 2, y), sentence, size, align="center")

    def step(self, at: Point, number: int, colour: str = INK) -> None:
        """A numbered disc that says in which order to read."""
        self.path(disc(at, 12), fill=colour, edge=PAPER, width=2)
        self.text((at[0], at[1] - 5.2), str(number), 14.5, PAPER, bold=True, align="center")

    # Signals ----------------------------------------------------------------------------------------------------

    def arrow(
        self, start: Point, end: Point, bend: float = 0.0, colour: str = ACTIVATES, width: float = 3.4
    ) -> None:
        """An arrow: leads to, activates. ``bend`` is the sideways bulge as a share of the length, left positive."""
        curve, direction = _bow(start, end, bend)
        side, back = np.array([-direction[1], direction[0]]), np.asarray(end) - 3.6 * width * direction
        head = smooth_polygon(
            [end, back + 1.75 * width * side, back + 0.8 * width * direction, back - 1.75 * width * side], 0.0
        )
        shaft = Path([*curve.vertices[:-1], back + 0.9 * width * direction], curve.codes)
        self.path(shaft, edge=PAPER, width=width + 3)
        self.path(head, fill=PAPER, edge=PAPER, width=3)
        self.path(shaft, edge=colour, width=width, role=LINE)
        self.path(head, fill=colour, edge=colour, width=1)

    def bar(
        self, start: Point, end: Point, bend: float = 0.0, colour: str = INHIBITS, width: float = 3.4
    ) -> None:
        """A line that ends in a bar: holds back, inhibits. ``bend`` as in ``arrow``."""
        curve, direction = _bow(start, end, bend)
        side = 3.1 * width * np.array([-direction[1], direction[0]])
        stop = [tuple(end - side), tuple(end + side)]
        for edge, wide in ((PAPER, width + 3), (colour, width)):
            self.path(curve, edge=edge, width=wide, role=LINE if edge == colour else "")
            self.line(stop, edge, wide * (1.25 if edge == colour else 1.1))

    # Pixels -----------------------------------------------------------------------------------------------------

    def pixels(self, ratio: float = 1.0) -> np.ndarray:
        """The picture as RGBA values (rows, columns, 4) from 0 to 255, at ``ratio`` device pixels a CSS pixel."""
        with matplotlib.rc_context(course_style()):
            self.figure.set_dpi(DPI * ratio)
            self.figure.canvas.draw()
            seen = np.array(self.figure.canvas.buffer_rgba())
            self.figure.set_dpi(DPI)
        return seen

    def _next(self) -> int:
        self._order += 1
        return self._order


@dataclass(frozen=True)
class Chart:
    """A small chart inside a scene: a rectangle of the canvas with its own x and y."""

    left: float
    low: float
    width: float
    height: float
    x_span: tuple[float, float]
    y_span: tuple[float, float]

    def point(self, x: float, y: float) -> Point:
        """Where a value stands on the canvas."""
        across = (x - self.x_span[0]) / (self.x_span[1] - self.x_span[0])
        up = (y - self.y_span[0]) / (self.y_span[1] - self.y_span[0])
        return float(self.left + across * self.width), float(self.low + up * self.height)

    def points(self, xs: Iterable[float], ys: Iterable[float]) -> list[Point]:
        """Where a curve runs on the canvas."""
        return [self.point(x, y) for x, y in zip(xs, ys, strict=True)]

    def axes(
        self,
        scene: Scene,
        x_ticks: Sequence[float] = (),
        y_ticks: Sequence[float] = (),
        x_name: str = "",
        size: float = 13,
    ) -> None:
        """Grid lines, numbers, and the name of x below its numbers."""
        right = self.left + self.width
        for tick in y_ticks:
            _, y = self.point(self.x_span[0], tick)
            scene.line([(self.left, y), (right, y)], GRID, 1, role=LINE)
            scene.text((self.left - 8, y - 0.36 * size), f"{tick:g}", size, MUTED, align="right")
        scene.line([(self.left, self.low), (right, self.low)], MUTED, 1.2)
        for tick in x_ticks:
            x, _ = self.point(tick, self.y_span[0])
            scene.line([(x, self.low), (x, self.low - 5)], MUTED, 1.2)
            scene.text((x, self.low - 8 - size), f"{tick:g}", size, MUTED, align="center")
        if x_name:
            below = (self.left + self.width / 2, self.low - 12 - 2.4 * size)
            scene.text(below, x_name, size, MUTED, align="center")


# Paths ----------------------------------------------------------------------------------------------------------


def disc(at: Point, radius: float, height: float | None = None, tilt: float = 0.0) -> Path:
    """A circle, or an ellipse ``height`` high and turned by ``tilt`` degrees, of four Bézier curves."""
    tall = radius if height is None else height
    turn = np.radians(tilt)
    return Path(_ROUND * (radius, tall) @ _rotation(turn) + at, _ROUND_CODES)


def rounded(left: float, low: float, width: float, height: float, radius: float) -> Path:
    """A rectangle with round corners."""
    handle = radius * (1 - ROUND)
    x = np.array([0, radius, width - radius, width - handle, width])
    y = np.array([0, radius, height - radius, height - handle, height])
    points = [
        (x[1], 0), (x[2], 0), (x[3], 0), (width, handle), (width, y[1]), (width, y[2]), (width, y[3]), (x[3], height),
        (x[2], height), (x[1], height), (handle, height), (0, y[3]), (0, y[2]), (0, y[1]), (0, handle), (handle, 0), (x[1], 0),
    ]  # fmt: skip
    side = [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return Path(np.add(points, (left, low)), [Path.MOVETO, *side * 4])


def smooth_polygon(points: Sequence[Point], softness: float = 1.0) -> Path:
    """A closed curve through the points: 0 straight edges, 1 fully rounded (Catmull-Rom as Bézier curves)."""
    here = np.asarray(points, float)
    before, after = np.roll(here, 1, axis=0), np.roll(here, -1, axis=0)
    pull = (after - before) * softness / 6
    following = np.roll(pull, -1, axis=0)
    curves = np.stack([here + pull, after - following, after], axis=1).reshape(-1, 2)
    codes = [Path.MOVETO] + [Path.CURVE4] * len(curves) + [Path.CLOSEPOLY]
    return Path(np.vstack([here[:1], curves, here[:1]]), codes)


def smooth_line(points: Sequence[Point]) -> Path:
    """An open curve through the points."""
    here = np.asarray(points, float)
    if len(here) == 2:
        return Path(here)
    pull = np.gradient(here, axis=0) / 3
    curves = np.stack([here[:-1] + pull[:-1], here[1:] - pull[1:], here[1:]], axis=1).reshape(-1, 2)
    return Path(np.vstack([here[:1], curves]), [Path.MOVETO] + [Path.CURVE4] * len(curves))


def scaled(path: Path, factor: float, about: Point) -> Path:
    """The path shrunk or grown about a point."""
    return Path((path.vertices - about) * factor + about, path.codes)


def moved(path: Path, x: float, y: float) -> Path:
    """The path moved by so many pixels."""
    return Path(np.add(path.vertices, (x, y)), path.codes)


def _rotation(turn: float) -> np.ndarray:
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def _bow(start: Point, end: Point, bend: float) -> tuple[Path, np.ndarray]:
    """A bowed line from start to end, and the direction in which it arrives."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    across = np.array([-(end - start)[1], (end - start)[0]])
    middle = (start + end) / 2 + 2 * bend * across
    arrival = end - middle
    path = Path([start, middle, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    return path, arrival / np.hypot(*arrival)


def _nearest_edge(block: Sequence[Text], to: Point) -> Point:
    """The point on the rim of a text block, a little outside it, from which a leader to ``to`` looks natural."""
    with matplotlib.rc_context(course_style()):
        boxes = [words.get_window_extent() for words in block]
    left, right = min(b.x0 for b in boxes) - 5, max(b.x1 for b in boxes) + 5
    low, high = min(b.y0 for b in boxes) - 3, max(b.y1 for b in boxes) + 3
    if left <= to[0] <= right:
        return float(np.clip(to[0], left + 10, right - 10)), (low if to[1] < low else high)
    return (left if to[0] < left else right), (low + high) / 2


_ROUND = np.array(
    [
        (1, 0), (1, ROUND), (ROUND, 1), (0, 1), (-ROUND, 1), (-1, ROUND), (-1, 0),
        (-1, -ROUND), (-ROUND, -1), (0, -1), (ROUND, -1), (1, -ROUND), (1, 0), (1, 0),
    ]
)  # fmt: skip
_ROUND_CODES = [Path.MOVETO] + [Path.CURVE4] * 12 + [Path.CLOSEPOLY]
