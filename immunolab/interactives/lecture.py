"""Lecture mode: larger type, lines and controls, for a projector and the last row.

``lesson.lecture()`` in a notebook switches it on for the cells that run afterwards; the environment variable
IMMUNOLAB_LECTURE does so for every notebook. Diagrams are shown as wide as the page allows.
"""

import os

from IPython.display import HTML

SCALE = 1.5  # brings the smallest type of a plot or control, 12 px, to 18 px
CLASS = "il-lecture"
# What stands on the page beside the interactives: text, tables and captions, and diagrams as wide as the page.
PAGE = """
.jp-RenderedHTMLCommon, .jp-RenderedHTMLCommon :is(p, li, td, th, caption, figcaption, small) { font-size: 21px; line-height: 1.5; }
.jp-RenderedHTMLCommon code, .jp-InputArea-editor .cm-editor, .jp-OutputArea-output pre { font-size: 18px; }
.jp-RenderedMarkdown img, .il-static img { width: 100%; }
"""

_switched: bool | None = None


def on() -> bool:
    """Whether lecture mode is on: as switched in this notebook, else as the environment says."""
    if _switched is not None:
        return _switched
    return os.environ.get("IMMUNOLAB_LECTURE", "").strip().lower() not in ("", "0", "no", "off", "false")


def switch(wanted: bool) -> None:
    """Turn it on or off for what is shown from now on."""
    global _switched
    _switched = bool(wanted)


def scale() -> float:
    """How much larger type and lines are drawn than usual."""
    return SCALE if on() else 1.0


def dress(widget) -> None:
    """Mark the outermost box of an output, so that the style sheet enlarges what is in it."""
    if on():
        widget.add_class(CLASS)


def html(text: str) -> HTML:
    """HTML for the page; in lecture mode it brings the larger type of the page with it."""
    return HTML(f"<style>{PAGE}</style>{text}" if on() else text)
