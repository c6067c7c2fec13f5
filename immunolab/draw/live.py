"""Figures that are kept alive: drawn once, then only what moved is drawn again.

A fresh figure for every move costs most of the wait that a learner feels. Here the still parts (axes, ticks,
labels) are rendered once and kept as pixels; a move restores them and draws the moving artists on top.
"""

import io
from collections.abc import Hashable, Iterable

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from immunolab.draw.plots import plot_style
from immunolab.draw.scene import DPI, Scene

CSS_DPI = 100
TALLEST = 1.2  # of the usual height
STILLS = 4  # still pictures kept, 1 to 5 MB each
FRAMES = 64  # finished frames of a diagram kept, about 0.1 MB each
# Flat fills, text and a dozen lines need few colours. A palette image is less than half the bytes of true colour
# and takes half the time to encode.
COLOURS = 256


def encode_png(canvas: FigureCanvasAgg, *, shaded: bool = False) -> bytes:
    """The pixels of a drawn canvas as PNG bytes (no metadata, so equal pixels give equal bytes).

    A palette image, or true colour for what is ``shaded``: soft shades need more colours than a palette has.
    """
    size = canvas.get_width_height()
    pixels = Image.frombuffer("RGBA", size, canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
    out = io.BytesIO()
    if shaded:
        pixels.save(out, "png", compress_level=4)
    else:
        few = pixels.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "png", compress_level=1)
    return out.getvalue()


class LivePlot:
    """Base of every plot that a learner moves.

    A subclass draws its still parts in ``build`` and registers what moves with ``moving``; its ``update`` changes
    those artists to show a result. ``frame`` returns the picture.

    ``width`` and ``height`` give the size in CSS pixels. ``scale`` enlarges type, lines and width for a projector;
    the height grows less, so that the picture still fits on its screen.

    ``build`` may set ``clickable`` to the axes on which a learner chooses a point. ``legend`` stands under the plot and
    says what its kinds of line mean.
    """

    width, height = 680, 420
    legend = "Solid line: now. Grey dashes: before. Orange dots: your prediction."
    clickable: Axes | None = None

    def __init__(self, scale: float = 1.0):
        self.scale = scale
        self.width, self.height = round(self.width * scale), round(self.height * min(scale, TALLEST))
        self._moving: list[Artist] = []
        self._stills = {}
        self._axes_state: tuple = ()
        with plot_style(scale):
            self.figure = Figure(figsize=(self.width / CSS_DPI, self.height / CSS_DPI), dpi=CSS_DPI)
            self.canvas = FigureCanvasAgg(self.figure)
            self.build()

    def build(self) -> None:
        """Draw the still parts and create the moving artists."""
        raise NotImplementedError

    def update(self, result, previous=None, prediction=None) -> None:
        """Show a result. ``previous`` is drawn faintly; ``prediction`` is the value a learner committed to, or None."""
        raise NotImplementedError

    def margins(self, left: float, right: float, top: float, bottom: float, **between: float) -> None:
        """Room around the axes, in CSS pixels at the usual size; it grows with the type."""
        self.figure.subplots_adjust(
            left=left * self.scale / self.width,
            right=1 - right * self.scale / self.width,
            top=1 - top * self.scale / self.height,
            bottom=bottom * self.scale / self.height,
            **between,
        )

    def moving(self, *artists: Artist | Iterable[Artist]):
        """Register artists that change from move to move; returns what was passed, for assignment."""
        for artist in artists:
            if isinstance(artist, Artist):
                artist.set_animated(True)  # left out of the still picture
                self._moving.append(artist)
            else:
                self.moving(*artist)
        return artists[0] if len(artists) == 1 else artists

    def set_ratio(self, ratio: float) -> None:
        """Draw at this many device pixels per CSS pixel (screens with fine pixels, a page zoomed in)."""
        self.figure.set_dpi(CSS_DPI * min(max(ratio, 1.0), 2.0))
        self._stills = {}

    def to_values(self, x: float, y: float) -> tuple[float, float] | None:
        """What the `clickable` axes say at a point of the picture; None outside of them.

        The point is given as fractions of width and height, from the top left.
        """
        axes = self.clickable
        point = self.figure.bbox.width * x, self.figure.bbox.height * (1 - y)
        if axes is None or not axes.bbox.contains(*point):
            return None
        return tuple(map(float, axes.transData.inverted().transform(point)))

    def axes_are(self, *state) -> None:
        """Name the state of axes and ticks, after a change of them: each has its own still picture, and some are kept."""
        self._axes_state = state

    def share_stills(self, other: "LivePlot") -> None:
        """Use the still pictures of another plot of the same class, scale and resolution, and give it mine."""
        self._stills = other._stills

    def frame(self) -> bytes:
        """The current picture as PNG bytes."""
        with plot_style(self.scale):
            if self._axes_state not in self._stills:
                if len(self._stills) >= STILLS:
                    del self._stills[next(iter(self._stills))]
                self.canvas.draw()
                self._stills[self._axes_state] = self.canvas.copy_from_bbox(self.figure.bbox)
            self.canvas.restore_region(self._stills[self._axes_state])
            for artist in sorted(self._moving, key=lambda moved: moved.get_zorder()):
                if artist.get_visible():
                    (artist.axes or self.figure).draw_artist(artist)
        return encode_png(self.canvas)


class LiveScene:
    """Base of every diagram of glyphs that a learner changes: a `Scene` drawn whole for each state, and kept.

    A subclass draws it in ``scene``, and says in ``shows`` what of a result it depends on. The interface is that of
    `LivePlot`. ``width`` and ``height`` are the pixels of the scene; a projector and a fine screen get more dots, not
    another drawing.
    """

    width, height = 680, 400
    legend = ""  # glyphs carry their names

    def __init__(self, scale: float = 1.0):
        self.scale = scale
        self.width, self.height = round(self.width * scale), round(self.height * scale)
        self._ratio = 1.0
        self._frames: dict[Hashable, bytes] = {}
        self._now = ()

    def scene(self, result, previous=None, prediction=None) -> Scene:
        """Draw a result."""
        raise NotImplementedError

    def shows(self, result, previous=None, prediction=None) -> Hashable:
        """What the picture depends on; equal answers are one picture."""
        raise NotImplementedError

    def update(self, result, previous=None, prediction=None) -> None:
        """Say what the next frame shows."""
        self._now = (result, previous, prediction)

    def set_ratio(self, ratio: float) -> None:
        """Draw at this many device pixels per CSS pixel."""
        self._ratio = min(max(ratio, 1.0), 2.0)
        self._frames = {}

    def share_stills(self, other: "LiveScene") -> None:
        """Use the frames of another diagram of the same class, scale and resolution, and give it mine."""
        self._frames = other._frames

    def frame(self) -> bytes:
        """The current picture as PNG bytes."""
        key = self.shows(*self._now)
        if key not in self._frames:
            if len(self._frames) >= FRAMES:
                del self._frames[next(iter(self._frames))]
            self._frames[key] = self._drawn()
        return self._frames[key]

    def _drawn(self) -> bytes:
        with plot_style(self.scale):
            figure = self.scene(*self._now).figure
            figure.set_dpi(DPI * self.scale * self._ratio)
            figure.canvas.draw()
            return encode_png(figure.canvas, shaded=True)
