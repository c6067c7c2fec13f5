"""The course's plots: one style of axes, labels beside what they name, and marks that mean the same everywhere.

Solid line in colour: now. Grey dashes: before the last move. Orange dots: what the learner predicted.
"""

import threading
from contextlib import contextmanager

import matplotlib as mpl
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from immunolab.draw import palette
from immunolab.draw.type import FAMILY, course_style

BASE_PT = 9.75  # 13.5 CSS pixels at 100 dots an inch
SMALL_PT = 8.75  # 12 CSS pixels: the smallest type of the course


# JupyterLab answers widgets in a thread of their own, while cells run in another; rc settings belong to the process.
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def plot_style(scale: float = 1.0):
    """The rc settings of every plot of the course, with type and lines enlarged by ``scale``.

    One thread at a time: another waits until the settings are back as they were.
    """
    axes = {
        "font.size": BASE_PT * scale,
        "axes.labelsize": BASE_PT * scale,
        "axes.titlesize": 1.1 * BASE_PT * scale,
        "axes.titleweight": "semibold",
        "axes.titlelocation": "left",
        "axes.labelcolor": palette.INK,
        "axes.edgecolor": palette.MUTED,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": palette.GRID,
        "grid.linewidth": 1.0,
        "lines.linewidth": 2.2 * scale,
        "xtick.color": palette.MUTED,
        "ytick.color": palette.MUTED,
        "xtick.labelcolor": palette.INK,
        "ytick.labelcolor": palette.INK,
        "figure.facecolor": palette.PAPER,
        "axes.facecolor": palette.PAPER,
        "path.simplify": True,  # long curves are drawn at every move
    }
    with _ONE_AT_A_TIME, mpl.rc_context(course_style() | axes):
        yield


def small() -> float:
    """The size of secondary labels in the style that is set, in points."""
    return SMALL_PT / BASE_PT * mpl.rcParams["font.size"]


def halo(text: Text, width: float = 3.0) -> Text:
    """Give a label a white edge, so that it stays readable where it crosses a line."""
    text.set_path_effects([patheffects.withStroke(linewidth=width, foreground=palette.PAPER)])
    return text


def outlined(
    ax: Axes, words: str, colour: str, at, align: float = 0, *, bold: bool = False, with_halo: bool = False
) -> PathCollection:
    """A label as outlines, drawn ten times faster than text: for words that move with every frame.

    ``align`` 0, 0.5 or 1 sets its left end, its middle or its right end to ``at``, in the units of the axes.
    ``set_offsets`` moves it, also to several places at once. Bold ones are as large as the labels of the axes.
    """
    font = FontProperties(family=FAMILY, weight="semibold" if bold else "normal")
    size = mpl.rcParams["font.size"] if bold else small()
    outline = TextPath((0, 0), words, size=size, prop=font)
    shift = align * outline.get_extents().width, 0
    label = PathCollection(
        [Path(outline.vertices - shift, outline.codes)],
        offsets=[at],
        offset_transform=ax.transData,
        facecolors=colour,
        linewidths=0,
        zorder=6,
    )
    label.set_transform(Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans)
    if with_halo:
        label.set_path_effects([patheffects.withStroke(linewidth=3, foreground=palette.PAPER)])
    return ax.add_collection(label, autolim=False)


def now_line(ax: Axes, colour: str = palette.NOW, **kwargs) -> Line2D:
    """An empty line for the current run."""
    return ax.plot([], [], color=colour, zorder=4, solid_capstyle="round", **kwargs)[0]


def before_line(ax: Axes, **kwargs) -> Line2D:
    """An empty line for the previous run: grey and dashed."""
    return ax.plot([], [], color=palette.BEFORE, linestyle=(0, (4, 2.5)), zorder=3, **kwargs)[0]


def now_dot(ax: Axes, colour: str = palette.NOW, **kwargs) -> Line2D:
    """An empty marker for where the current run stands on a curve."""
    return ax.plot(
        [],
        [],
        "o",
        color=colour,
        markersize=4.5 * mpl.rcParams["lines.linewidth"],
        markeredgecolor="white",
        markeredgewidth=1.6,
        zorder=6,
        **kwargs,
    )[0]


class PredictionMark:
    """A dotted orange line with a label: the value a learner committed to, horizontal or vertical.

    Beside a vertical line the label stands to the right, or to the left where it would leave the axes.

    Parameters
    ----------
    ax : Axes
    axis : {"x", "y"}
        The axis on which the predicted value is read.
    at : float
        Where the label stands along the line, as a fraction of the axes.
    """

    WORDS = "your prediction"

    def __init__(self, ax: Axes, axis: str = "y", at: float = 0.02, ha: str = "left"):
        self.axis = axis
        draw = ax.axhline if axis == "y" else ax.axvline
        self.line = draw(
            np.nan,
            color=palette.PREDICTION,
            linestyle=(0, (1, 1.6)),
            linewidth=1.2 * mpl.rcParams["lines.linewidth"],
            zorder=5,
        )
        blended = ax.get_yaxis_transform() if axis == "y" else ax.get_xaxis_transform()
        offset = (0, 4) if axis == "y" else (5, 0)
        self.text = halo(
            ax.annotate(
                "", (0, 0), offset, blended, "offset points", color=palette.PREDICTION, zorder=7, ha=ha
            )
        )
        self.at = at

    @property
    def artists(self) -> tuple[Line2D, Text]:
        return self.line, self.text

    def show(self, value: float | None) -> None:
        """Draw the mark at this value; None hides it."""
        seen = value is not None
        for artist in self.artists:
            artist.set_visible(seen)
        if not seen:
            return
        if self.axis == "y":
            self.line.set_ydata([value, value])
            self.text.xy = (self.at, value)
        else:
            self.line.set_xdata([value, value])
            self.text.xy = (value, self.at)
        self.text.set_text(self.WORDS)
        if self.axis == "x":
            self._stand_inside()

    def _stand_inside(self) -> None:
        """To the right of the line, or to its left if the label would leave the axes there."""
        for ha, offset in (("left", 5), ("right", -5)):
            self.text.set(ha=ha)
            self.text.xyann = (offset, 0)
            if self.text.get_window_extent().x1 <= self.text.axes.bbox.x1:
                break


def forest(ax: Axes, labels: list[str], estimate, low, high, colours: list[str], notes: list[str]) -> None:
    """A forest plot on a log axis: one row a trial, estimate and interval, with the line of no difference at 1.

    ``estimate``, ``low`` and ``high`` have shape (n,); ``notes`` stand at the right edge of each row.
    """
    rows = np.arange(len(labels))[::-1]
    ax.axvline(1, color=palette.INK, linewidth=1.4, zorder=2)
    for row, name, mid, lo, hi, colour, note in zip(
        rows, labels, estimate, low, high, colours, notes, strict=True
    ):
        ax.plot([lo, hi], [row, row], color=colour, zorder=3)
        ax.plot(mid, row, "s", color=colour, markersize=9, markeredgecolor="white", zorder=4)
        ax.text(-0.01, row, name, transform=ax.get_yaxis_transform(), ha="right", va="center")
        ax.text(1.01, row, note, transform=ax.get_yaxis_transform(), ha="left", va="center")
    ax.set_xscale("log")
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_ylim(-0.6, len(labels) - 0.4)


def stairs(time, height, until: float = np.inf, start: float = 100.0) -> tuple[np.ndarray, np.ndarray]:
    """Points of a curve in steps from (0, ``start``) up to a time, for ``drawstyle="steps-post"``.

    ``height`` holds from its ``time`` on; both of shape (steps,).
    """
    last = min(until, time[-1])
    there = time <= last
    times = np.concatenate([[0.0], time[there], [last]])
    heights = np.concatenate([[start], height[there]])
    return times, np.append(heights, heights[-1])


def numbers_below(ax: Axes, times, down_px: float) -> list[Text]:
    """Empty texts so far below the axis, one at each of ``times``: room for the numbers at risk."""
    down = (0, -0.72 * down_px * mpl.rcParams["font.size"] / BASE_PT)
    style = {"ha": "center", "va": "top", "fontsize": small(), "annotation_clip": False}
    return [ax.annotate("", (t, 0), down, ax.get_xaxis_transform(), "offset points", **style) for t in times]


def spread(heights: list[float], gap: float) -> list[float]:
    """Heights of labels, pushed apart until neighbours are at least ``gap`` away; the order is kept."""
    order = np.argsort(heights)
    placed = np.array(heights, dtype=float)[order]
    for _ in range(50):
        too_close = gap - np.diff(placed)
        if (too_close <= 1e-9 * gap).all():
            break
        push = np.clip(too_close, 0, None) / 2
        placed[:-1] -= push
        placed[1:] += push
    placed += max(0.0, gap / 2 - placed[0])  # not below the axis
    back = np.empty_like(placed)
    back[order] = placed
    return back.tolist()


def subscript(name: str) -> str:
    """``C_max`` as mathematics sets it, in the course's typeface."""
    base, _, below = name.partition("_")
    return rf"{base}$_{{\mathrm{{{below}}}}}$"


def percent(share: float) -> str:
    """A share in words of two digits, without claiming 0 or 100 that it only nears: ``0.3 %``, ``97 %``, ``99.8 %``."""
    if share in (0, 100):
        return f"{share:.0f} %"
    if share < 0.1 or share > 99.9:
        return "less than 0.1 %" if share < 50 else "more than 99.9 %"
    return f"{share:.1f} %" if share < 10 or share > 98 else f"{share:.0f} %"


def number(value: float, digits: int = 3) -> str:
    """A number to so many significant digits, as people write it: ``0.0412``, ``43.3``, ``1240``."""
    if 0 < value < 0.001:
        return "less than 0.001"
    return f"{float(f'{value:.{digits}g}'):g}"


def count(value: float) -> str:
    """A large number to three digits, its thousands parted: ``12,300``."""
    return f"{float(f'{value:.3g}'):,.0f}"


def plural(count: float, unit: str) -> str:
    """``1 week`` is ``week`` after "every"; ``3 weeks`` keeps its number."""
    return unit if count == 1 else f"{count:g} {unit}s"
