"""The start page: does this set-up work, said in plain words, with one slider whose picture must move."""

import re
import sys
from importlib import metadata

import ipywidgets as ipw
import numpy as np
from IPython.display import Markdown

from immunolab import course
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives import lecture
from immunolab.interactives.page import Picture, mimebundle
from immunolab.learning import progress, quiz
from immunolab.widgets import Slider

CORE = ("jupyterlab", "ipywidgets", "anywidget", "matplotlib", "numpy", "scipy", "pandas")


def pins() -> dict[str, set[str]]:
    """The pinned versions of each package (more than one where Python versions differ), from requirements.txt.

    Empty where that file is not beside the notebooks.
    """
    found: dict[str, set[str]] = {}
    file = quiz.home() / "requirements.txt"
    for line in file.read_text(encoding="utf8").splitlines() if file.is_file() else ():
        if match := re.match(r"([\w.-]+)==([^\s;]+)", line):
            found.setdefault(match[1].lower(), set()).add(match[2])
    return found


def versions() -> str:
    """One line a package: as pinned, another version than the course is tested with, or missing."""
    wanted = pins()
    lines = [
        f"Python: {'fine' if sys.version_info >= (3, 11) else 'too old, the course needs 3.11 or later'}"
    ]
    for name in CORE:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            lines.append(f"{name}: missing. Start JupyterLab with `make lab`, or install requirements.txt.")
            continue
        lines.append(f"{name}: {_compared(version, wanted.get(name, set()))}")
    return "\n".join(lines)


def _compared(version: str, tested: set[str]) -> str:
    if version in tested:
        return "as pinned"
    return f"{version}; tested with {min(tested)}" if tested else f"{version}; no pins found to compare with"


class _Wave(LivePlot):
    """A curve that moves with the slider: nothing to learn here, only to see it move."""

    width, height = 560, 220

    def build(self):
        self.axes = self.figure.subplots()
        self.margins(left=60, right=16, top=12, bottom=52)
        self.axes.set(xlim=(0, 10), ylim=(0, 1.08), xlabel="position", ylabel="height")
        self.x = np.linspace(0, 10, 300)
        self.line = self.moving(plots.now_line(self.axes))
        self.dot = self.moving(plots.now_dot(self.axes, palette.PD1.line))

    def update(self, result, previous=None, prediction=None):
        self.line.set_data(self.x, np.exp(-((self.x - result) ** 2)))
        self.dot.set_data([result], [1.0])


class MovingPicture:
    """One slider and one picture. If the peak follows the slider, every interactive of the course will work."""

    def __init__(self):
        self.slider = Slider(label="Move the peak", value=3.0, min=1.0, max=9.0, step=0.5)
        self.picture = Picture(
            _Wave(lecture.scale()), "A bell-shaped curve over positions 0 to 10, with a dot on its peak."
        )
        self.slider.observe(self._moved, "value")
        self._moved()
        self.view = ipw.VBox([self.slider, self.picture.figure])
        lecture.dress(self.view)

    def _moved(self, _change=None) -> None:
        self.picture.show("Test picture", f"The peak stands at {self.slider.value:g}.", self.slider.value)

    def _repr_mimebundle_(self, **kwargs):
        return mimebundle(self.view, self.picture.sentence, self.picture.static(), **kwargs)


def lessons() -> Markdown:
    """The lessons, with minutes and what has been met; lessons that are not built yet are shown as planned."""
    record = progress.current()
    banks = {bank.lesson: bank for bank in quiz.built()}
    rows = ["| Lesson | Minutes | Idea | Met |", "|---|---|---|---|"]
    for entry in course.LESSONS:
        if entry.status == "planned":
            rows.append(
                f"| {entry.number} · {entry.title} | {entry.minutes or ''} | {entry.idea} | planned |"
            )
            continue
        states = record.objectives([banks[entry.stem]]) if entry.stem in banks else ()
        met = f"{sum(state.met for state in states)} of {len(states)}" if states else ""
        link = f"[{entry.number} · {entry.title}]({entry.stem}.ipynb)"
        rows.append(f"| {link} | {entry.minutes or ''} | {entry.idea} | {met} |")
    return Markdown("\n".join(rows))
