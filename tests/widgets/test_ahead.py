"""Frames drawn ahead are the very frames a move would bring, and drawing them never stands in a learner's way."""

import asyncio
import re
from pathlib import Path

import pytest

from immunolab.interactives import ahead, checkpoints
from immunolab.interactives.explorer import Stage
from immunolab.widgets import live_figure


@pytest.fixture(params=["synapse", "spare_brake", "regimen"])
def stage(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return Stage(getattr(checkpoints, request.param)())


@pytest.fixture
def sent(stage, monkeypatch):
    """What reaches the browser's store: key to (frame, sentence, alt)."""
    store = {}
    monkeypatch.setattr(
        type(stage.picture.figure), "ahead", lambda _, key, *words: store.__setitem__(key, words)
    )
    monkeypatch.setattr(type(stage.picture.figure), "forget", lambda _: store.clear())
    return store


def shown(stage):
    figure = stage.picture.figure
    return figure.frame, figure.sentence, figure.alt


def test_frame_of_a_neighbour_is_the_frame_of_the_move(stage, sent):
    stage.ahead.run()
    name, places = stage._in_view[1], stage._places(stage._in_view[1])
    stage.ahead.forget = lambda: None  # keep what was sent before the move
    stage.controls[name].value = places[places.index(stage.controls[name].value) + 1]
    assert sent[stage.picture.figure.key] == shown(stage)


def test_frame_of_a_preset_is_the_frame_of_its_press(stage, sent):
    stage.ahead.run()
    stage.ahead.forget = lambda: None
    for preset in stage.explorer.presets[:2]:
        stage.reset()
        before = stage.result
        stage.press(preset.label)
        if preset.against is not None or stage._compared_with(preset) is before:
            assert sent[stage.picture.figure.key] == shown(stage), preset.label


def test_more_is_drawn_in_the_direction_of_travel(stage, sent):
    name = stage._in_view[1]
    places = stage._places(name)
    here = places.index(stage.controls[name].value)
    stage.controls[name].value = places[here + 1]
    sent.clear()
    stage.ahead._sent.clear()
    stage.ahead.run()
    onwards = [stage.picture.figure.state_key(**{name: value}) for value in places[here + 2 : here + 6]]
    assert list(sent)[: len(onwards)] == onwards


def test_nothing_is_drawn_without_an_event_loop(stage, sent):
    stage.ahead.restart()
    assert not sent


def test_idle_kernel_draws_and_a_real_move_stops_it(stage, sent):
    async def scenario():
        stage.ahead.restart()
        while len(sent) < 2:
            await asyncio.sleep(ahead.REST_S)
        so_far = len(sent)
        stage.ahead.stop()
        await asyncio.sleep(4 * ahead.REST_S)
        return so_far

    so_far = asyncio.run(scenario())
    assert len(sent) == so_far < ahead.FRAMES_A_REST


def test_work_and_memory_have_a_bound(stage, sent, monkeypatch):
    monkeypatch.setattr(ahead, "FRAMES_KEPT", 20)
    name = stage._in_view[1]
    for value in stage._places(name)[:4]:
        stage.controls[name].value = value
        before = len(sent)
        stage.ahead.run()
        assert len(sent) - before <= ahead.FRAMES_A_REST
        assert len(stage.ahead._sent) <= ahead.FRAMES_KEPT


def test_browser_keeps_at_least_what_python_counts_on():
    script = (Path(live_figure.__file__).parent / "live_figure.js").read_text(encoding="utf8")
    assert int(re.search(r"KEPT = (\d+)", script)[1]) >= ahead.FRAMES_KEPT


def test_a_new_view_begins_with_an_empty_store(stage, sent):
    stage.ahead.run()
    assert sent and stage.ahead._sent
    stage.picture.figure._handle_custom_msg({"kind": "shown"}, [])
    assert not sent and not stage.ahead._sent


def test_frames_with_an_outdated_comparison_are_forgotten(stage, sent):
    stage.ahead.run()
    assert sent
    name = stage._in_view[1]
    stage.controls[name].value = stage._places(name)[-1]
    assert not sent


def test_a_press_names_the_state_it_leads_to(stage):
    for preset in stage.explorer.presets:
        stage.press(preset.label)
        here = {name: control.token() for name, control in stage.controls.items()}
        assert stage.presets.targets[preset.label] == here
