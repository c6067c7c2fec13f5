"""Lecture mode on a projector of 1280 x 720: the last row can read what is in figures and on controls."""

import pytest
from checks import sentence_follows, smallest_type
from lesson_page import FULL, Notebook, explorers

SMALLEST_PX = 18
# Texts of the interactives, and whatever is operated or belongs to a picture elsewhere. The type inside the plots is
# measured where they are drawn (tests/widgets).
READ_FROM_AFAR = (".il", ".il-explorer", ".il-lecture", ".il-static figcaption")


@pytest.fixture(scope="module")
def lecture(notebook: Notebook) -> Notebook:
    notebook.page.set_viewport_size({"width": 1280, "height": 720})
    notebook.open(FULL).in_kernel("import os; os.environ['IMMUNOLAB_LECTURE'] = '1'")
    notebook.run_all()
    for model in explorers(FULL):
        explorer = notebook.explorer(model)
        explorer.predict()
        explorer.unfold()
        explorer.key(model.controls[1], "ArrowDown")
        sentence_follows(explorer)
    notebook.show_all_cells()
    return notebook


@pytest.mark.parametrize("part", READ_FROM_AFAR)
def test_type_is_large(lecture: Notebook, part):
    sizes = smallest_type(
        lecture.page, f".jp-OutputArea-output :is({part}), .jp-OutputArea-output:is({part})"
    )
    assert sizes, f"nothing on the page matches {part}"
    small = sorted({(size, text) for size, text in sizes if size < SMALLEST_PX})
    assert not small, "\n".join(f"{size:g} px: {text}" for size, text in small)


def test_picture_and_controls_in_view_fit_on_the_projector(lecture: Notebook):
    """Side by side or one above the other: who moves a control sees the picture move."""
    for model in explorers(FULL):
        stage = lecture.explorer(model).root.locator(".il-stage")
        shown = stage.locator("img.il-figure-picture").bounding_box()
        assert shown["width"] >= 600, f"{model.title}: the picture is {shown['width']:.0f} px wide"


def test_a_switch_in_the_notebook_does_the_same(lecture: Notebook):
    """`lesson.lecture()` sets it for the cells that run afterwards, and takes it back."""
    lecture.in_kernel("import os; del os.environ['IMMUNOLAB_LECTURE']")
    at = lecture.find("checkpoints.synapse()")
    for call, large in (("lesson.lecture(False)", False), ("lesson.lecture()", True)):
        lecture.in_kernel(call)
        lecture.run_cell(at)
        output = lecture.cell(at).locator(".il-explorer")
        output.wait_for()
        size = float(output.evaluate("(node) => getComputedStyle(node).fontSize").removesuffix("px"))
        assert (size >= SMALLEST_PX) is large, f"after {call}: {size} px"
