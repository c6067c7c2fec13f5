"""Every interactive of every lesson at its presets, at its corners, and back."""

import importlib
import inspect
import itertools
import math
import pkgutil
import re

import pytest

from immunolab import interactives
from immunolab.draw.live import LiveScene
from immunolab.interactives.explorer import Explorer, Pick, Slide, Stage


def makers():
    """The functions of `immunolab.interactives` that make an explorer, by module and name."""
    room = f"{interactives.__name__}."
    for found in pkgutil.walk_packages(interactives.__path__, room):  # in packages, too
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and function.__annotations__.get("return") is Explorer:
                yield f"{found.name.removeprefix(room)}.{name}", function


MAKERS = dict(makers())
MOST_CORNERS, MOST_DRAWN = 1000, 64


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


def corners(explorer, controls, ends=ends):
    """The states with each of these controls at one of its ends."""
    for values in itertools.product(*map(ends, controls)):
        yield explorer.start | {control.name: value for control, value in zip(controls, values, strict=True)}


def test_corners_together_have_words(explorer):
    """All controls at their ends, or those in view where all would be too many."""
    moved = explorer.controls
    if math.prod(len(ends(control)) for control in moved) > MOST_CORNERS:
        moved = [control for control in moved if not control.advanced]
    for state in corners(explorer, moved):
        sentence = explorer.sentence(state, explorer.compute(**state))
        assert speaks(sentence), sentence


def test_corners_of_what_is_in_view_are_drawn(explorer):
    """Each against the one before; of long lists the first and the last entry."""
    moved = [control for control in explorer.controls if not control.advanced]
    many = math.prod(len(ends(control)) for control in moved) > MOST_DRAWN
    plot = explorer.draw(1.0)
    previous = None
    for state in corners(
        explorer, moved, (lambda control: ends(control)[:: len(ends(control)) - 1]) if many else ends
    ):
        result = explorer.compute(**state)
        plot.update(result, previous)
        assert plot.frame(), state
        previous = result


def test_a_move_redraws_only_what_moved(explorer, monkeypatch):
    """The budget in work: while the axes stay, no move renders the still parts again."""
    stage = Stage(explorer)
    plot, drawn, frames = stage.picture.plot, [], {stage.picture.figure.frame}
    if isinstance(plot, LiveScene):
        return
    draw = plot.canvas.draw
    monkeypatch.setattr(plot.canvas, "draw", lambda: drawn.append(draw()))
    for name in stage._in_view:
        stage.reset()
        axes, places = plot._axes_state, stage._places(name)
        here = places.index(stage.controls[name].value)
        drawn.clear()
        stage.controls[name].value = places[here + 1 if here + 1 < len(places) else here - 1]
        assert not drawn or plot._axes_state != axes, name
        frames.add(stage.picture.figure.frame)
    assert len(frames) > 1


def test_a_diagram_seen_before_is_not_drawn_again(explorer, monkeypatch):
    stage = Stage(explorer)
    if not isinstance(stage.picture.plot, LiveScene):
        return
    stage.press(explorer.presets[0].label)
    monkeypatch.setattr(type(stage.picture.plot), "scene", lambda *_: pytest.fail("drawn again"))
    stage.reset()
    stage.press(explorer.presets[0].label)


def test_the_question_of_vary_is_open_at_the_start(explorer):
    if explorer.vary.reached:
        assert not explorer.vary.reached(explorer.start, explorer.compute(**explorer.start))


def test_a_click_reaches_the_corners_of_the_axes(explorer):
    """Also where the axes differ from the sliders in range: the nearest steps are shown, and spoken."""
    if not explorer.place:
        return
    stage = Stage(explorer)
    box = stage.picture.plot.clickable.get_position()
    for x, y in itertools.product((box.x0 + 1e-6, box.x1 - 1e-6), (1 - box.y0 - 1e-6, 1 - box.y1 + 1e-6)):
        stage.reset()
        stage.click(x, y)
        assert stage.state != explorer.start, "the click sets the sliders"
        assert stage.message.value == ""
        assert speaks(stage.sentence), stage.sentence


def test_starting_values_lie_on_their_scales(explorer):
    for control in explorer.controls:
        if isinstance(control, Slide):
            assert control.widget().value == control.value
