"""Lecture mode: what a projector shows is large enough, in every live figure of the course."""

import pytest
from matplotlib.text import Text

from immunolab.interactives import checkpoints, lecture, start
from immunolab.interactives.explorer import Stage
from immunolab.interactives.questions import asked
from immunolab.lesson import Lesson

MIN_PX = 18
CSS_DPI = 100


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    monkeypatch.setattr(lecture, "_switched", None)
    monkeypatch.delenv("IMMUNOLAB_LECTURE", raising=False)
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))


def type_sizes(figure):
    """Pixels of every text that is seen."""
    seen = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    assert seen
    return {text.get_text(): text.get_fontsize() / 72 * CSS_DPI for text in seen}


@pytest.mark.parametrize("name", ["synapse", "spare_brake", "regimen"])
def test_type_in_live_figures(name):
    usual = Stage(getattr(checkpoints, name)())
    lecture.switch(True)
    large = Stage(getattr(checkpoints, name)())
    for stage, least in ((usual, 12), (large, MIN_PX)):
        stage.press(stage.explorer.presets[1].label)
        small = {words: px for words, px in type_sizes(stage.picture.plot.figure).items() if px < least}
        assert not small
    assert large.picture.plot.width <= 1100, "fits beside the margins of a screen 1280 px wide"
    assert large.picture.plot.height <= 600, "fits under the tool bar of a screen 720 px high"


def test_switch_in_the_notebook_wins_over_the_environment(monkeypatch):
    assert lecture.scale() == 1
    monkeypatch.setenv("IMMUNOLAB_LECTURE", "1")
    assert lecture.scale() == lecture.SCALE
    Lesson("02_immune_checkpoints").lecture(False)
    assert lecture.scale() == 1
    Lesson("02_immune_checkpoints").lecture()
    monkeypatch.setenv("IMMUNOLAB_LECTURE", "0")
    assert lecture.scale() == lecture.SCALE


def test_every_output_is_marked_for_the_style_sheet():
    lecture.switch(True)
    views = [Stage(checkpoints.synapse()).view, asked("02.Q1").card, start.MovingPicture().view]
    assert all(lecture.CLASS in view._dom_classes for view in views)
