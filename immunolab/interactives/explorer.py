"""Predict · Observe · Explain · Vary · Limits: the frame around every interactive of the course.

An explorer joins one model to one picture. The learner commits to a prediction, then moves the controls; each
move runs ``compute``, redraws what moved, and states the result in a sentence made from its numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as ipw
import numpy as np

from immunolab.draw.live import LivePlot
from immunolab.interactives import lecture
from immunolab.interactives.ahead import Neighbour, ReadAhead
from immunolab.interactives.page import Picture, mimebundle
from immunolab.interactives.questions import AskedQuestion, asked
from immunolab.widgets import Choice, Slider, fold
from immunolab.widgets.static import details, paragraphs

State = dict[str, Any]
STEPS_IN_TRAVEL = 4  # drawn ahead in the direction a slider is moving


def steps(low: float, high: float, per_decade: int, *more: float) -> tuple[float, ...]:
    """The scale of a slider with even steps on a log axis, to two digits; ``more`` are put in where they belong."""
    values = np.geomspace(low, high, round(np.log10(high / low) * per_decade) + 1)
    return tuple(sorted({float(f"{value:.2g}") for value in values} | {*more}))


def nearest(scale: Sequence[float], value: float) -> float:
    """The step of a slider's scale that is nearest to a value."""
    return min(scale, key=lambda step: abs(step - value))


@dataclass(frozen=True)
class Slide:
    """A slider of an explorer. ``words`` turns its value into the words a screen reader speaks."""

    name: str
    label: str
    value: float
    low: float | None = None
    high: float | None = None
    step: float | None = None
    values: Sequence[float] | None = None  # for scales that are not even, in order
    unit: str = ""
    words: Callable[[float], str] | None = None
    advanced: bool = False

    def widget(self) -> Slider:
        return Slider(
            label=self.label, value=self.value, min=self.low, max=self.high, step=self.step,
            values=self.values, unit=self.unit, words=self.words,
        )  # fmt: skip


@dataclass(frozen=True)
class Pick:
    """A choice of an explorer: ``options`` maps what is passed to ``compute`` to what is read."""

    name: str
    label: str
    value: str
    options: Mapping[str, str]
    style: str = "radio"
    advanced: bool = False

    def widget(self) -> Choice:
        return Choice(
            label=self.label, value=self.value, options=list(self.options.items()), style=self.style
        )


@dataclass(frozen=True)
class Place:
    """The two sliders that a click in the picture sets; its `clickable` axes carry their values, in their units."""

    x: str
    y: str


@dataclass(frozen=True)
class Preset:
    """One press that sets several controls. ``against`` is drawn faintly behind it, for a comparison."""

    label: str
    state: State
    against: State | None = None


@dataclass(frozen=True)
class Task:
    """A transfer question: something to find with the controls. ``reached`` says when it is found."""

    text: str
    reached: Callable[[State, Any], bool] | None = None


@dataclass(frozen=True)
class Explorer:
    """An interactive: the model, its picture, its controls, and the questions around them.

    Parameters
    ----------
    title : str
    compute : callable
        ``compute(**state) -> result``; raises ValueError for what it cannot compute.
    draw : type of LivePlot
        ``draw(scale)`` builds the picture; ``update(result, previous, prediction)`` shows a result.
    controls : sequence of Slide or Pick
        At most three are in view; those marked ``advanced`` are folded away.
    presets : sequence of Preset
    prediction : str
        The id of the bank's predict question, asked before the controls unlock.
    sentence : callable
        ``sentence(state, result) -> str``, computed from the numbers. It stands under the plot, is spoken by
        screen readers, and ends the picture's alt text.
    alt : str
        What the picture shows and how it is arranged.
    explain : tuple of str
        The question after the first move, and our answer (Markdown-free HTML paragraphs).
    vary : Task
    limits : sequence of str
        What the model leaves out.
    tag : str or callable
        "Model" or "Data", with its source; ``tag(state)`` where the source depends on the state.
    tests_prediction : int
        Which preset shows the setting that the prediction was asked for.
    place : Place
        The sliders that a click in the picture sets. Left out, a click does nothing.
    sources : sequence of str
        Keys of ``sources.bib``.

    Raises
    ------
    ValueError
        If more than three controls are in view, a preset names a control that does not exist, or ``place`` one that
        is no slider.
    """

    title: str
    compute: Callable[..., Any]
    draw: type[LivePlot]
    controls: Sequence[Slide | Pick]
    presets: Sequence[Preset]
    prediction: str
    sentence: Callable[[State, Any], str]
    alt: str
    explain: tuple[str, str]
    vary: Task
    limits: Sequence[str]
    tag: str | Callable[[State], str]
    tests_prediction: int = 0
    place: Place | None = None
    sources: Sequence[str] = field(default_factory=tuple)

    def __post_init__(self):
        shown = [control.name for control in self.controls if not control.advanced]
        if len(shown) > 3:
            raise ValueError(
                f"{self.title}: {len(shown)} controls in view ({', '.join(shown)}); mark some `advanced`."
            )
        known = set(self.start)
        for preset in self.presets:
            strange = (set(preset.state) | set(preset.against or {})) - known
            if strange:
                raise ValueError(
                    f"Preset {preset.label!r} sets {sorted(strange)}; the controls are {sorted(known)}."
                )
        sliders = {control.name for control in self.controls if isinstance(control, Slide)}
        if self.place and not {self.place.x, self.place.y} <= sliders:
            raise ValueError(f"{self.title}: place is {self.place}; the sliders are {sorted(sliders)}.")

    @property
    def start(self) -> State:
        """The state before anything is moved."""
        return {control.name: control.value for control in self.controls}

    def _repr_mimebundle_(self, **kwargs):
        return Stage(self)._repr_mimebundle_(**kwargs)


class Stage:
    """One explorer on the page: its widgets and what the learner has done with them.

    Can be driven without a browser: set ``controls[name].value``, call ``press(label)``, ``click(x, y)``, ``reset()``.
    """

    def __init__(self, explorer: Explorer, question: AskedQuestion | None = None):
        self.explorer = explorer
        self.question = question or asked(explorer.prediction)
        self.picture = Picture(explorer.draw(lecture.scale()), explorer.alt)
        self.controls = {control.name: control.widget() for control in explorer.controls}
        self.presets = Choice(
            label="Try", style="buttons", value=None, options=[(p.label, p.label) for p in explorer.presets]
        )
        self.message = ipw.HTML()
        self.state = explorer.start
        self.result = explorer.compute(**self.state)
        self.previous = None
        self._last_moved = None
        self._direction = 1
        self._setting = False
        self._build()
        self.ahead = ReadAhead(self.picture.figure, self._neighbours)
        self.picture.figure.on_shown(self._shown)
        self._show()
        self._lock(not self.question.answered)

    # What happens

    def press(self, label: str) -> None:
        """Set the controls as the preset says; what it is compared with is drawn faintly."""
        preset = next((p for p in self.explorer.presets if p.label == label), None)
        if preset is None:
            raise ValueError(f"No preset {label!r}. There are: {[p.label for p in self.explorer.presets]}.")
        before = self._compared_with(preset)
        self._set({**self.explorer.start, **preset.state})
        self._last_moved = None
        self._move(before)
        if preset is self.explorer.presets[self.explorer.tests_prediction] and self.question.predicted_text:
            words = f"You predicted: {self.question.predicted_text}. The model: {self.sentence}"
            self.told.value = paragraphs(words, "status")

    def _compared_with(self, preset: Preset):
        """The run that is drawn faintly behind a preset."""
        if preset.against is None:
            return self.result
        return self.explorer.compute(**{**self.explorer.start, **preset.against})

    def click(self, x: float, y: float) -> None:
        """Set both sliders of `place` to the steps nearest to a point of the picture (fractions, from the top left)."""
        values = self.picture.plot.to_values(x, y)
        if values is None:
            return
        names = self.explorer.place.x, self.explorer.place.y
        chosen = {
            name: nearest(self.controls[name].values, value)
            for name, value in zip(names, values, strict=True)
        }
        if all(self.controls[name].value == value for name, value in chosen.items()):
            return
        self.ahead.forget()  # the sliders move one after the other: no frame of a state between
        self._set(chosen)
        self.presets.value = None
        self._last_moved = None
        self._move(self.result)

    def reset(self) -> None:
        """Back to the start; nothing is compared."""
        self._set(self.explorer.start)
        self.presets.value = None
        self._last_moved = None
        self._move(None)

    def _set(self, state: State) -> None:
        self._setting = True
        try:
            for name, value in state.items():
                self.controls[name].value = value
        finally:
            self._setting = False

    def _moved(self, name: str, change) -> None:
        if self._setting:
            return
        self.presets.value = None  # the controls no longer stand where a preset put them
        before = self._before(name)
        places = self._places(name)
        self._direction = 1 if places.index(change.new) > places.index(change.old) else -1
        self._last_moved = name
        self._move(before)

    def _before(self, name: str):
        """The run from before this control was touched, so that a long drag can be compared with where it began."""
        return self.previous if name == self._last_moved else self.result

    def _places(self, name: str) -> list:
        """All values of a control, in order."""
        control = self.controls[name]
        return (
            list(control.values) if isinstance(control, Slider) else [value for value, _ in control.options]
        )

    def _move(self, before) -> None:
        state = {name: widget.value for name, widget in self.controls.items()}
        try:
            result = self.explorer.compute(**state)
        except ValueError as problem:
            self.message.value = paragraphs(
                f"{problem} The picture still shows the last setting that worked.", "alert"
            )
            return
        self.message.value = ""
        if before is not self.previous:
            self.ahead.forget()
        self.state, self.result, self.previous = state, result, before
        self._show()
        self.ahead.restart()
        self.after.layout.display = ""
        if self.explorer.vary.reached and self.explorer.vary.reached(state, result):
            self.found.value = paragraphs("Found it. That setting answers the question above.", "status")

    def _shown(self) -> None:
        self.ahead.forget()
        if self.question.answered:
            self.ahead.restart()

    def _predicted(self) -> None:
        self._lock(False)
        self.ahead.forget()  # they were drawn without this prediction
        self._show()
        self.ahead.restart()

    # Drawn ahead

    def _neighbours(self):
        """Where the learner may go next: first on along the way, then a step of each control in view, then presets."""
        steps = {name: [1, -1] for name in self._in_view}
        if self._last_moved in self.controls:
            onwards = [self._direction * step for step in range(1, STEPS_IN_TRAVEL + 1)]
            steps = {self._last_moved: [*onwards, -self._direction]} | {
                name: by for name, by in steps.items() if name != self._last_moved
            }
        for name, jumps in steps.items():
            places = self._places(name)
            here = places.index(self.controls[name].value)
            for jump in jumps:
                if 0 <= here + jump < len(places):
                    yield self._neighbour({name: places[here + jump]}, lambda name=name: self._before(name))
        for preset in self.explorer.presets:
            state = {**self.explorer.start, **preset.state}
            yield self._neighbour(state, lambda preset=preset: self._compared_with(preset))

    def _neighbour(self, changed: State, before: Callable[[], Any]) -> Neighbour:
        state = self.state | changed

        def draw():
            result = self.explorer.compute(**state)
            sentence = self.explorer.sentence(state, result)
            return self.picture.ahead(sentence, result, before(), self.question.predicted_value)

        return Neighbour(self.picture.figure.state_key(**changed), draw)

    def _lock(self, locked: bool) -> None:
        for widget in (*self.controls.values(), self.presets, self.reset_button):
            widget.disabled = locked
        self.locked.layout.display = "" if locked else "none"
        # The answer is blurred until there is a prediction to compare it with.
        self.picture.figure.veiled = locked

    # What is seen

    @property
    def sentence(self) -> str:
        """The result in words, from its numbers."""
        return self.explorer.sentence(self.state, self.result)

    def _show(self) -> None:
        tag = self.explorer.tag(self.state) if callable(self.explorer.tag) else self.explorer.tag
        self.picture.show(tag, self.sentence, self.result, self.previous, self.question.predicted_value)

    def _build(self) -> None:
        explorer = self.explorer
        self.reset_button = ipw.Button(description="Reset", tooltip="Back to the start")
        self.reset_button.on_click(lambda _: self.reset())
        for name, widget in self.controls.items():
            widget.observe(lambda change, name=name: self._moved(name, change), "value")
        self.presets.observe(lambda _: self.press(self.presets.value), "presses")
        self.question.on_answer(self._predicted)
        self.picture.figure.follow(**self.controls)
        if explorer.place:
            x, y = (self.controls[name].label for name in (explorer.place.x, explorer.place.y))
            hint = f"Click in the picture to set “{x}” and “{y}”, or use their sliders."
            self.picture.figure.on_place(self.click, hint)
        self.presets.sets(
            self.picture.figure,
            {p.label: {**explorer.start, **p.state} for p in explorer.presets},
        )
        self._in_view = [control.name for control in explorer.controls if not control.advanced]

        self.locked = ipw.HTML(
            paragraphs("The controls unlock when you commit to a prediction, or skip it.", "note")
        )
        in_view = [self.controls[c.name] for c in explorer.controls if not c.advanced]
        folded = [self.controls[c.name] for c in explorer.controls if c.advanced]
        more = [fold("More controls", folded)] if folded else []
        panel = ipw.VBox([*in_view, *more, self.reset_button, self.message])
        panel.add_class("il-panel")
        stage = ipw.Box([panel, self.picture.figure])
        stage.add_class("il-stage")

        self.found = ipw.HTML()
        self.told = ipw.HTML()
        prompt, answer = explorer.explain
        self.after = ipw.VBox(
            [
                ipw.HTML(f"<h4>Explain</h4><p>{prompt}</p>" + details("Compare with our answer", answer)),
                ipw.HTML(f"<h4>Vary</h4><p>{explorer.vary.text}</p>"),
                self.found,
            ],
            layout=ipw.Layout(display="none"),
        )
        limits = "<ul>" + "".join(f"<li>{limit}</li>" for limit in explorer.limits) + "</ul>"
        self.view = ipw.VBox(
            [
                ipw.HTML(f"<h3>{explorer.title}</h3><h4>Predict</h4>"),
                self.question.card,
                ipw.HTML("<h4>Observe</h4>"),
                self.locked,
                self.presets,
                stage,
                ipw.HTML(f"<p><small>{explorer.draw.legend}</small></p>" if explorer.draw.legend else ""),
                self.told,
                self.after,
                ipw.HTML(details("Limits of this model", limits)),
            ]
        )
        self.view.add_class("il-explorer")
        lecture.dress(self.view)

    def _repr_mimebundle_(self, **kwargs):
        return mimebundle(
            self.view, f"{self.explorer.title}: {self.sentence}", self.picture.static(), **kwargs
        )
