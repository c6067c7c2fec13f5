"""The checks are held against a page that was broken on purpose, and must say so.

Nothing of this is in the course: a part of the page is taken away in the browser, or a function is exchanged in the
one kernel that runs here. Each case passes the check before it is broken.
"""

import pytest
from checks import all_named, clean_by_axe, drag_leaves_nothing_behind, sentence_follows
from lesson_page import FULL, ExplorerOnPage, Notebook, explorers

MODEL = explorers(FULL)[0]
CELL = "checkpoints.synapse()"
OUTPUT = ".il-explorer"

MEND = """
from immunolab.interactives import explorer as _frame
from immunolab.widgets import Slider as _Slider
if "_whole" not in globals():
    _whole = (_frame.Stage.__init__, _frame.Stage._moved, _Slider._esm)
_frame.Stage.__init__, _frame.Stage._moved, _Slider._esm = _whole
"""
SENTENCE_STUCK = """
def _stuck(stage, explorer, *more):
    first = explorer.sentence(explorer.start, explorer.compute(**explorer.start))
    object.__setattr__(explorer, "sentence", lambda state, result: first)
    _whole[0](stage, explorer, *more)
_frame.Stage.__init__ = _stuck
"""
FRAMES_QUEUED = """
import asyncio
def _queued(stage, *moved):
    late = stage.picture.figure.frame
    _whole[1](stage, *moved)
    asyncio.get_running_loop().call_later(0.8, lambda: setattr(stage.picture.figure, "frame", late))
_frame.Stage._moved = _queued
"""
MOVES_QUEUED = """
_Slider._esm = _whole[2].replace("model.save_changes();", "model.save_changes(); model.send({kind: 'each'});")
assert _Slider._esm != _whole[2]
"""


@pytest.fixture(scope="module")
def lesson(notebook: Notebook) -> Notebook:
    return notebook.open(FULL).run_all()


def built_again(lesson: Notebook, broken: str = "") -> ExplorerOnPage:
    """The explorer, shown anew: whole, or with something broken in the kernel."""
    lesson.in_kernel(MEND + broken)
    lesson.run_cell(lesson.find(CELL))
    explorer = lesson.explorer(MODEL)
    explorer.root.wait_for()
    explorer.predict()
    return explorer


def test_a_control_without_a_label_is_noticed(lesson: Notebook):
    explorer = built_again(lesson)
    lesson.show_all_cells()
    all_named(lesson.page, OUTPUT)
    clean_by_axe(lesson.page)
    explorer.control(MODEL.controls[0]).evaluate(
        "(slider) => slider.labels.forEach((label) => label.remove())"
    )
    with pytest.raises(AssertionError, match="without a name"):
        all_named(lesson.page, OUTPUT)
    with pytest.raises(AssertionError, match="label"):
        clean_by_axe(lesson.page)


def test_a_sentence_that_does_not_follow_is_noticed(lesson: Notebook):
    for broken in ("", SENTENCE_STUCK):
        explorer = built_again(lesson, broken)
        explorer.key(MODEL.controls[1], "ArrowRight", 3)
        if broken:
            with pytest.raises(AssertionError, match="says"):
                sentence_follows(explorer, seconds=3)
        else:
            sentence_follows(explorer)


@pytest.mark.parametrize(
    ("broken", "sign"),
    [(FRAMES_QUEUED, "a frame older than the last move"), (MOVES_QUEUED, "moves are queued")],
    ids=["frames", "moves"],
)
def test_a_queue_that_is_not_dropped_is_noticed(lesson: Notebook, broken, sign):
    explorer = built_again(lesson, broken)
    lesson.in_kernel("import time; time.sleep(2)", wait=False)
    with pytest.raises(AssertionError, match=sign):
        drag_leaves_nothing_behind(explorer, MODEL.controls[1])
    lesson.in_kernel(MEND)
