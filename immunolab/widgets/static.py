"""HTML that stands in for a widget where no kernel runs: GitHub, nbviewer, a notebook just opened, print.

It works in a notebook that is not trusted: no scripts, no style sheet, no ids; the same input gives the same text.
"""

import base64
import html
from collections.abc import Mapping
from typing import Any

from immunolab.widgets._question import checked_question

_BAR = "border-left:4px solid {};padding:2px 0 2px 12px;margin:8px 0"
# Each kind of paragraph has a role and the colour of its edge; a live page styles them further by class.
_PARAGRAPHS = {
    "": ("", ""),
    "note": ("", "#7d8592"),
    "status": (' role="status"', "#146c43"),
    "alert": (' role="alert"', "#a6400a"),
}
_ASKED = {
    "single": "Choose one",
    "multiple": "Choose all that apply",
    "numeric": "Type a number",
    "order": "Put in order",
    "predict": "Predict",
}


def static_figure(frame: bytes, *, alt: str, caption: str, tag: str = "", width: float | None = None) -> str:
    """A figure with its picture inside.

    Parameters
    ----------
    frame : bytes
        PNG.
    alt : str
        What the picture shows; must not be empty.
    caption : str
        The sentence below it.
    tag : str
        Where the picture comes from ("Model · source").
    width : float
        CSS pixels; left out, the picture's own.

    Raises
    ------
    ValueError
        If ``alt`` is empty or ``frame`` is not a PNG.
    """
    if not alt.strip():
        raise ValueError("static_figure: alt is empty; say what the picture shows.")
    if not bytes(frame).startswith(b"\x89PNG"):
        raise ValueError("static_figure: frame is not a PNG.")
    data = base64.b64encode(frame).decode("ascii")
    size = "" if width is None else f' width="{width:g}"'
    source = f"<strong>{html.escape(tag)}</strong><br>" if tag else ""
    return (
        f'<figure class="il-static" style="margin:0"><img src="data:image/png;base64,{data}" alt="{html.escape(alt)}"{size}'
        ' style="max-width:100%;height:auto;background:#fff">'
        f"<figcaption>{source}{html.escape(caption)}</figcaption></figure>"
    )


def static_question(question: Mapping[str, Any]) -> str:
    """A question as it is read: stem, options or items, hint in a fold. Nothing in it tells the answer.

    ``question`` is what a `QuestionCard` shows; its HTML is checked in the same way.
    """
    whole = checked_question(question)
    parts = "".join(f"<li>{part['text_html']}</li>" for part in whole["options"] or whole["items"])
    unit = f" ({html.escape(whole['unit'])})" if whole["unit"] else ""
    hint = details("Hint", f"<p>{whole['hint_html']}</p>") if whole["hint_html"] else ""
    return (
        f'<section class="il-static"><p><em>{_ASKED[whole["kind"]]}{unit}</em></p><p><strong>{whole["stem_html"]}</strong></p>'
        f"{f'<ul>{parts}</ul>' if parts else ''}{hint}</section>"
    )


def details(label: str, inside: str) -> str:
    """A fold that needs neither kernel nor script. ``label`` is text; ``inside`` is HTML and passes as it is."""
    return f'<details class="il-details"><summary>{html.escape(label)}</summary>{inside}</details>'


def paragraphs(text: str, kind: str = "") -> str:
    """Text as HTML paragraphs, escaped; an empty line parts them.

    ``kind`` is "" (plain), "note", "status" (read out in turn) or "alert" (read out at once). ValueError for another.
    """
    if kind not in _PARAGRAPHS:
        raise ValueError(f"paragraphs: kind is {kind!r}; give one of {', '.join(map(repr, _PARAGRAPHS))}.")
    inside = "".join(f"<p>{html.escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
    if not kind:
        return inside
    role, colour = _PARAGRAPHS[kind]
    return f'<div class="il-says il-says--{kind}"{role} style="{_BAR.format(colour)}">{inside}</div>'
