"""Every diagram: drawn as its code says, readable, described, sourced and small."""

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import matplotlib.style
import pytest

from immunolab import tables
from immunolab.draw.lint import lint
from immunolab.draw.svg import svg
from immunolab.draw.type import course_style
from tools import figures

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 300_000  # bytes
SHOWN = 0.93  # a lesson's column may show a diagram a little smaller than drawn

pytestmark = pytest.mark.filterwarnings("error")  # a sign the typeface lacks is a warning of matplotlib

# All tests of one figure run in one process, which draws it once for them.
every_figure = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in figures.names()]
)


@cache
def module(name):
    return figures.load(name)


@cache
def drawn(name):
    with matplotlib.rc_context(course_style()):
        return module(name).draw()


def file(name):
    return figures.FIGURES / f"{name}.svg"


def test_each_drawing_has_its_code_and_each_code_its_drawing():
    assert figures.names()
    assert {path.stem for path in figures.FIGURES.glob("*.svg")} == set(figures.names())


@every_figure
def test_drawing_again_gives_the_same_bytes(name):
    assert figures.drawn(name).encode() == file(name).read_bytes()


@every_figure
def test_a_figure_that_was_drawn_before_gives_the_same_bytes(name):
    drawn(name).canvas.draw()
    assert svg(drawn(name), name, module(name).TITLE, module(name).ALT).encode() == file(name).read_bytes()


def test_a_reader_s_own_style_does_not_change_a_drawing():
    name = "checkpoint_two_places"
    with matplotlib.style.context(["dark_background", "fivethirtyeight"]):
        assert (
            svg(module(name).draw(), name, module(name).TITLE, module(name).ALT).encode()
            == file(name).read_bytes()
        )


@every_figure
def test_nothing_is_too_small_or_overlaps_or_leaves_the_canvas(name):
    assert lint(drawn(name), shown=SHOWN) == []


@every_figure
def test_the_file_is_small(name):
    assert file(name).stat().st_size < LARGEST


@every_figure
def test_the_file_is_sound_and_holds_its_description(name):
    root = ElementTree.parse(file(name)).getroot()
    assert root.find(f"{SVG}title").text == module(name).TITLE
    assert root.find(f"{SVG}desc").text == module(name).ALT
    labels = root.get("aria-labelledby").split()
    assert labels == [root.find(f"{SVG}{part}").get("id") for part in ("title", "desc")]
    assert float(root.get("width")) == 920


@every_figure
def test_the_file_brings_its_letters_and_calls_nothing_from_outside(name):
    text = file(name).read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert not list(root.iter(f"{SVG}text")) and not list(root.iter(f"{SVG}image"))
    targets = re.findall(r'href="([^"]*)"', text)
    assert all(target.startswith("#") for target in targets)
    assert {target[1:] for target in targets} <= {element.get("id") for element in root.iter()}


@every_figure
def test_the_alternative_text_says_what_is_there_and_ends_with_the_point(name):
    alt = module(name).ALT
    sentences = re.split(r"(?<=[.?!]) ", alt)
    assert len(alt) >= 60 and alt.endswith(".")
    assert len(sentences) >= 2
    assert not re.match(r"(?i)(an? )?(image|picture|figure|diagram) of", alt)


@every_figure
def test_the_caption_stands_in_the_picture(name):
    words = [text.get_text() for text in drawn(name).findobj(matplotlib.text.Text)]
    assert module(name).CAPTION in words
    assert module(name).CAPTION.endswith(".") and len(module(name).CAPTION) <= 120


@every_figure
def test_the_sources_are_in_the_bibliography(name):
    assert module(name).SOURCES
    assert set(module(name).SOURCES) <= set(tables.sources())


def test_a_changed_drawing_is_noticed(tmp_path, monkeypatch, capsys):
    name = "checkpoint_equal_area"
    (tmp_path / f"{name}.py").write_text(Path(figures.FIGURES / f"{name}.py").read_text(encoding="utf-8"))
    (tmp_path / f"{name}.svg").write_text("<svg/>")
    monkeypatch.setattr(figures, "FIGURES", tmp_path)
    assert figures.main(["--check"]) == 1
    assert "differs" in capsys.readouterr().out
    assert (tmp_path / f"{name}.svg").read_text() == "<svg/>"
    assert figures.main([]) == 0
    assert figures.main(["--check"]) == 0


def test_an_unknown_figure_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="checkpoint_synapse"):
        figures.load("checkpoint_synaps")
