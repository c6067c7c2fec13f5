"""A diagram as a small SVG file that is the same, byte for byte, each time it is drawn."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, islice
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

from .scene import DPI, PX, ROUND
from .type import course_style

LARGE_PT = 45  # a path of this extent needs no hundredths of a point
_GLYPH_UNIT = 1 / 64  # matplotlib writes glyph outlines in 64ths of its font unit


def svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as SVG text: no date, rounded numbers, title and description inside for screen readers.

    ``name`` (the file's stem) makes the ids of the title and the description unique on a page.
    """
    rims = _take_rims(figure)
    stream = io.StringIO()
    try:
        with matplotlib.rc_context(course_style()):
            figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    finally:
        for words, _, effects in rims:
            words.set_path_effects(effects)
            words.set_gid(None)
    text = _compact(stream.getvalue())
    for words, gid, effects in rims:
        text = _draw_rim(text, gid, *_rim(effects), words.get_fontsize())
    width, height = (round(inches * DPI) for inches in figure.get_size_inches())
    view = " ".join(f"{side * PX:g}" for side in (width, height))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {view}" role="img" aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>\n'
    )
    return re.sub(r"^.*?<svg [^>]*>\n", lambda _: head, text, count=1, flags=re.DOTALL)


def save_svg(figure: Figure, file: Path, title: str, description: str) -> None:
    """Write the figure as ``file``; see ``svg``."""
    file.write_text(svg(figure, file.stem, title, description), encoding="utf-8", newline="\n")


def _compact(text: str) -> str:
    """The same picture in a third of the bytes: rounded numbers, no metadata, no comments, no lone groups."""
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r' (d|transform)="([^"]*)"', _rounded, text)
    text = re.sub(r' (x|y|width|height)="(-?\d+\.\d+)"', lambda m: f' {m[1]}="{_short(m[2])}"', text)
    text = re.sub(r"\n\s+", "\n", text)
    text = re.sub(r'<g id="patch_\d+">\n(<path [^>]*/>)\n</g>', r"\1", text)
    text = re.sub(r"<g>\n(<use [^>]*/>)\n</g>", r"\1", text)
    text = re.sub(r'(?:<use [^>]* style="[^"]*"/>\n)+', _styled_once, text)
    return text.replace("; ", ";").replace(": ", ":")


def _styled_once(match: re.Match) -> str:
    """A run of stamps: each style is written once, on a group."""
    stamps = re.findall(r'<use (.*?) style="([^"]*)"/>\n', match[0])
    groups = []
    for style, run in groupby(stamps, key=lambda stamp: stamp[1]):
        uses = "".join(f"<use {place}/>\n" for place, _ in run)
        groups.append(f'<g style="{style}">\n{uses}</g>\n')
    return "".join(groups)


def _rounded(match: re.Match) -> str:
    name, value = match.groups()
    if name == "transform":
        value = re.sub(
            r"translate\(([^)]*)\)", lambda m: f"translate({' '.join(map(_short, m[1].split()))})", value
        )
        return f' transform="{value}"'
    places = 2 if _extent(value) < LARGE_PT else 1
    steps = [
        (step[0], [float(number) for number in step[1:].split()])
        for step in re.findall(r"[A-Za-z][^A-Za-z]*", value)
    ]
    return f' d="{"".join(_relative(steps, places))}"'


def _extent(value: str) -> float:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", value)]
    return max(max(numbers[i::2]) - min(numbers[i::2]) for i in (0, 1))


def _relative(steps: list[tuple[str, list[float]]], places: int) -> Iterator[str]:
    """A path in relative steps of rounded numbers, with ellipses as two arcs each."""
    here = start = (0.0, 0.0)
    queue = deque(steps)
    while queue:
        step, numbers = queue.popleft()
        if step == "z":
            yield "z"
            here = start
            continue
        ends = [
            (round(x, places), round(y, places)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
        ]
        if step == "M":
            start = ends[0]
            yield f"M{_pair(start)}"
            ellipse = _ellipse(start, list(islice(queue, 5)))
            if ellipse:
                yield ellipse
                for _ in range(5):
                    queue.popleft()
        else:
            moves = [(x - here[0], y - here[1]) for x, y in ends]
            yield step.lower() + " ".join(map(_pair, moves)).replace(" -", "-")
        here = ends[-1]


def _ellipse(start: tuple[float, float], steps: list[tuple[str, list[float]]]) -> str | None:
    """Two arcs, when the four curves that follow are those of ``scene.disc``; None when they are not."""
    if [step for step, _ in steps] != ["C", "C", "C", "C", "z"]:
        return None
    points = np.array([start, *np.reshape([numbers for _, numbers in steps[:4]], (12, 2))])
    middle = (points[0] + points[6]) / 2
    one, other = points[0] - middle, points[3] - middle
    wide, tall = np.hypot(*one), np.hypot(*other)
    turn = np.degrees(np.arctan2(one[1], one[0]))
    near = 0.02 + 1e-3 * (wide + tall)
    if abs(one @ other) > near * (wide + tall) or np.abs((points[3] + points[9]) / 2 - middle).max() > near:
        return None
    if np.abs(points[1] - points[0] - (points[3] - middle) * ROUND).max() > near:
        return None
    arc = f"a{_short(wide)} {_short(tall)} {turn:.1f} 1 0 "
    across = _pair(-2 * one)
    return f"{arc}{across}{arc}{_pair(2 * one)}z"


def _pair(point: Sequence[float]) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(number: str | float) -> str:
    """A number with two decimals at most: a seventieth of a pixel."""
    short = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _take_rims(figure: Figure) -> list[tuple[Text, str, list]]:
    """Take the halo off every text, and give the text an id under which to find it in the SVG.

    As a path effect each letter would be written out twice; here the letters are written once and used twice.
    """
    rimmed = [words for words in figure.findobj(Text) if words.get_path_effects() and words.get_text()]
    rims = []
    for number, words in enumerate(rimmed):
        rims.append((words, f"words{number}", words.get_path_effects()))
        words.set_path_effects([])
        words.set_gid(f"words{number}")
    return rims


def _rim(effects: list) -> tuple[str, float]:
    rim = effects[0]._gc
    return rim["foreground"], rim["linewidth"]


def _draw_rim(text: str, gid: str, colour: str, width_pt: float, size_pt: float) -> str:
    """Draw the letters of one text first as a rim, then filled."""

    def doubled(match: re.Match) -> str:
        style, place, defs, letters = match.groups()
        wide = width_pt / (size_pt / 100 * _GLYPH_UNIT)
        rim = f"fill:none;stroke:{colour};stroke-width:{wide:.0f}"
        return f'<g style="{rim}"{place}>\n{defs}{letters}</g>\n<g{style or ""}{place}>\n{letters}</g>'

    block = rf'<g id="{gid}">\n<g( style="[^"]*")?( transform="[^"]*")>\n(<defs>.*?</defs>\n)?(.*?)</g>\n</g>'
    return re.sub(block, doubled, text, count=1, flags=re.DOTALL)
