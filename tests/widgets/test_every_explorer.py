"""Every interactive of every lesson at its presets, at its corners, and back."""

import importlib
import inspect
import itertools
import math
import pkgutil
import re

import pytest

from immunolab import interactives
from immunolab.interactives.explorer import Explorer, Pick, Slide, Stage


def makers():
    """The functions of `immunolab.interactives` that make an explorer, by module and name."""
    for found in pkgutil.iter_modules(interactives.__path__):
        module = importlib.import_module(f"{interactives.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and function.__annotations__.get("return") is Explorer:
                yield f"{found.name}.{name}", function


MAKERS = dict(makers())
MOST_CORNERS = 1000


@pytest.fixture(params=MAKERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return MAKERS[request.param]()


def ends(control):
    """All options of a choice; the first and last value of a slider."""
    if isinstance(control, Pick):
        return list(control.options)
    return [control.values[0], control.values[-1]] if control.values else [control.low, control.high]


def speaks(sentence):
    """A whole sentence, without what a computation leaves where it has no answer."""
    return sentence.endswith((".", "?")) and not re.search(r"nan\b|inf\b|None|  ", sentence)


def test_there_are_explorers_in_several_lessons():
    assert len({name.split(".")[0] for name in MAKERS}) > 1


def test_presets_draw_and_speak_and_stand_on_the_scales(explorer):
    stage = Stage(explorer)
    for preset in explorer.presets:
        stage.press(preset.label)
        assert stage.message.value == "", preset.label
        assert speaks(stage.sentence), stage.sentence
        for name, value in preset.state.items():
            wanted = pytest.approx(value) if isinstance(value, float) else value
            assert stage.state[name] == wanted, (preset.label, name)


def test_every_end_of_every_control_draws_and_reset_leads_back(explorer):
    stage = Stage(explorer)
    for control in explorer.controls:
        for value in ends(control):
            stage.reset()
            stage.controls[control.name].value = value
            assert stage.message.value == "", (control.name, value)
            assert speaks(stage.sentence), stage.sentence
    for pick in (0, -1):
        stage._set({control.name: ends(control)[pick] for control in explorer.controls})
        stage._move(None)
        assert stage.message.value == ""
    stage.reset()
    assert stage.state == explorer.start


def test_corners_together_have_words(explorer):
    """All controls at their ends, or those in view where all would be too many."""
    moved = explorer.controls
    if math.prod(len(ends(control)) for control in moved) > MOST_CORNERS:
        moved = [control for control in moved if not control.advanced]
    for values in itertools.product(*map(ends, moved)):
        state = explorer.start | {control.name: value for control, value in zip(moved, values, strict=True)}
        sentence = explorer.sentence(state, explorer.compute(**state))
        assert speaks(sentence), sentence


def test_starting_values_lie_on_their_scales(explorer):
    for control in explorer.controls:
        if isinstance(control, Slide):
            assert control.widget().value == control.value
