"""A picture that the kernel redraws: real alternative text, a sentence that is spoken, and a store of frames."""

from collections.abc import Callable
from typing import Protocol

import traitlets as t

from immunolab.widgets._base import CourseWidget, require_text, script, style

_PNG = b"\x89PNG"


class Control(Protocol):
    """What a figure can follow: a Slider or a Choice."""

    group: str
    name: str

    def token(self, value=None) -> str: ...


class LiveFigure(CourseWidget):
    """A picture, the tag that says where it comes from, and the sentence that says what it shows.

    Set ``frame``, ``sentence`` and ``alt`` under ``hold_sync()``, or call `show`: picture and words then arrive
    together. The browser sets ``ratio`` to the device pixels a CSS pixel has (fine screens, a page zoomed in), so
    that a frame can be drawn as sharp as it will be seen.

    Frames may be drawn ahead. After `follow`, the browser knows the state of the controls without asking; a frame
    stored with `ahead` under the key of a state is shown at once when the controls get there.

    After `on_place`, a click in the picture chooses a point of it. The keyboard needs another way to the same end.

    Parameters
    ----------
    tag : str
        "Model · source" or "Data · source, year".
    width, height : float
        Size of the picture in CSS pixels. A narrow page shows it smaller, never cut. With a height the room is kept
        before the first frame comes.
    """

    _esm = script("live_figure")
    _css = style("live_figure")

    frame = t.Bytes(b"", help="PNG").tag(sync=True)
    frame_id = t.Int(0, help="counts the frames").tag(sync=True)
    alt = t.Unicode().tag(sync=True)
    sentence = t.Unicode().tag(sync=True)
    tag = t.Unicode().tag(sync=True)
    width = t.Float(680.0).tag(sync=True)
    height = t.Float(None, allow_none=True).tag(sync=True)
    ratio = t.Float(1.0).tag(sync=True)
    veiled = t.Bool(False, help="blurred, so that it does not give an answer away").tag(sync=True)
    key = t.Unicode(help="the state of the controls that the frame shows").tag(sync=True)
    group = t.Unicode().tag(sync=True)
    hint = t.Unicode(help="what a click in the picture does; empty: nothing").tag(sync=True)

    def __init__(
        self, *, tag: str = "", width: float = 680.0, height: float | None = None, disabled: bool = False
    ):
        super().__init__(tag=tag, width=width, height=height, disabled=disabled)
        self._controls: dict[str, Control] = {}

    def show(self, frame: bytes, sentence: str, alt: str = "", key: str | None = None) -> None:
        """Show a frame with its words, as one message.

        ``alt`` left out is the sentence; ``key`` left out is the present state of the controls that are followed.
        """
        with self.hold_sync():
            self.frame = frame
            self.sentence = sentence
            self.alt = alt or sentence
            self.key = self.state_key() if key is None else key

    def follow(self, **controls: Control) -> None:
        """Name the sliders and choices whose state decides which frame is shown."""
        self._controls = dict(sorted(controls.items()))
        self.group = self.model_id
        for name, control in self._controls.items():
            control.group, control.name = self.group, name

    def state_key(self, **changed) -> str:
        """The key of the controls' state; with arguments, of the state that differs by these values."""
        return ";".join(f"{name}={token}" for name, token in self.tokens(**changed).items())

    def tokens(self, **changed) -> dict[str, str]:
        """Where each control stands, as a short exact name; with arguments, where it would stand."""
        unknown = changed.keys() - self._controls.keys()
        if unknown:
            raise ValueError(f"No control {sorted(unknown)}; this figure follows {sorted(self._controls)}.")
        return {name: control.token(changed.get(name)) for name, control in self._controls.items()}

    def ahead(self, key: str, frame: bytes, sentence: str, alt: str = "") -> None:
        """Store a frame in the browser under the key of a state (the latest fifty or so are kept)."""
        content = {"kind": "ahead", "key": key, "sentence": sentence, "alt": alt or sentence}
        self.send(content, buffers=[_checked(frame)])

    def on_shown(self, listener: Callable[[], None]) -> None:
        """Call ``listener()`` whenever the figure appears on a page, for the first time or again."""
        self.on_msg(lambda _widget, content, _buffers: content.get("kind") == "shown" and listener())

    def on_place(self, listener: Callable[[float, float], None], hint: str) -> None:
        """Call ``listener(x, y)`` when a point of the picture is clicked, unless that is disabled or veiled.

        The point comes as fractions of width and height, from the top left. ``hint`` stands under the picture; it
        says what a click does, and what does the same without one.
        """
        self.hint = require_text("LiveFigure", "hint", hint)

        def placed(_widget, content, _buffers) -> None:
            if content.get("kind") == "place" and not (self.disabled or self.veiled):
                listener(content["x"], content["y"])

        self.on_msg(placed)

    def forget(self) -> None:
        """Empty the browser's store, for instance when the frames would now be drawn at another resolution."""
        self.send({"kind": "forget"})

    @t.validate("frame")
    def _valid_frame(self, proposal) -> bytes:
        return _checked(proposal["value"])

    @t.validate("ratio")
    def _valid_ratio(self, proposal) -> float:
        return min(max(proposal["value"], 1.0), 3.0)

    @t.validate("width", "height")
    def _valid_size(self, proposal) -> float | None:
        size = proposal["value"]
        if size is not None and not size > 0:
            raise ValueError(f"LiveFigure: {proposal['trait'].name} is {size}; give CSS pixels above 0.")
        return size

    @t.observe("frame")
    def _count(self, _change) -> None:
        self.frame_id += 1


def _checked(frame: bytes) -> bytes:
    frame = bytes(frame)
    if frame and not frame.startswith(_PNG):
        raise ValueError(f"LiveFigure: frame starts with {frame[:8]!r}; give the bytes of a PNG.")
    return frame
