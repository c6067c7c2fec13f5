"""What a diagram must keep: readable type, inside the canvas, nothing over anything that is read."""

from __future__ import annotations

from itertools import combinations

import matplotlib
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from .scene import LINE
from .type import course_style

SMALLEST_PT = 9.0
MARGIN = 4  # pixels that stay free at the rim of the canvas


def lint(figure: Figure, shown: float = 1.0) -> list[str]:
    """What is wrong with the figure, one sentence a fault; empty when nothing is.

    ``shown`` is the size on the learner's screen as a share of the drawn size. Faults: type below 9 pt as shown, text
    outside the canvas, texts that overlap, text that crosses a line (of role ``scene.LINE``: arrows, bars, leaders, rims).
    """
    with matplotlib.rc_context(course_style()):
        figure.draw_without_rendering()
        boxes = [(_words(text), text, text.get_window_extent()) for text in _visible(figure)]
    faults = []
    canvas = figure.bbox
    for words, text, box in boxes:
        if text.get_fontsize() * shown < SMALLEST_PT - 1e-6:
            faults.append(
                f"{words!r} is set in {text.get_fontsize() * shown:.1f} pt, below {SMALLEST_PT:g} pt"
            )
        if (
            box.x0 < MARGIN
            or box.y0 < MARGIN
            or box.x1 > canvas.width - MARGIN
            or box.y1 > canvas.height - MARGIN
        ):
            faults.append(f"{words!r} leaves the canvas")
    for (one, _, box), (other, _, other_box) in combinations(boxes, 2):
        if _tight(box).overlaps(_tight(other_box)):
            faults.append(f"{one!r} and {other!r} overlap")
    for line in figure.findobj(lambda artist: artist.get_label() == LINE):
        outline = line.get_transform().transform_path(line.get_path())
        for words, _, box in boxes:
            if outline.intersects_bbox(_tight(box), filled=False):
                faults.append(f"{words!r} crosses a line")
    return faults


def _visible(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def _words(text: Text) -> str:
    return " ".join(text.get_text().split())


def _tight(box: Bbox) -> Bbox:
    """A text's box without the blank above and below the letters."""
    return Bbox.from_extents(box.x0 + 1, box.y0 + 2, box.x1 - 1, box.y1 - 2)
