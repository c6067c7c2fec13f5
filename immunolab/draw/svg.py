"""A diagram as a small SVG file that is the same, byte for byte, each time it is drawn."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, islice

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from .scene import DPI, PX, ROUND
from .type import course_style

LARGE_PT = 45  # a path of this extent needs no hundredths of a point


def svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as SVG text: no date, rounded numbers, title and description inside for screen readers.

    ``name`` (the file's stem) makes the ids of the title and the description unique on a page.
    """
    stream = io.StringIO()
    with matplotlib.rc_context(course_style()):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = _compact(stream.getvalue())
    width, height = (round(inches * DPI) for inches in figure.get_size_inches())
    view = " ".join(f"{side * PX:g}" for side in (width, height))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {view}" role="img" aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>\n'
    )
    return re.sub(r"^.*?<svg [^>]*>\n", lambda _: head, text, count=1, flags=re.DOTALL)


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
            ellipse = _ellipse(numbers, list(islice(queue, 5)))
            if ellipse:
                yield ellipse
                for _ in range(5):
                    queue.popleft()
        else:
            moves = [(x - here[0], y - here[1]) for x, y in ends]
            yield step.lower() + " ".join(map(_pair, moves)).replace(" -", "-")
        here = ends[-1]


def _ellipse(start: Sequence[float], steps: list[tuple[str, list[float]]]) -> str | None:
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
