"""A click in the picture of an explorer sets two of its sliders: by mouse, by finger, zoomed in, and not before its time."""

import pytest
from checks import a_click_sets_the_sliders, sentence_follows, zoomed
from lesson_page import ExplorerOnPage, Notebook, explorers, until

from immunolab import course

CLICKABLE = [
    (lesson.stem, model) for lesson in course.ready() for model in explorers(lesson.stem) if model.place
]
MIDDLE = 0.5, 0.5


@pytest.fixture(params=CLICKABLE, ids=[model.title for _, model in CLICKABLE], scope="module")
def explorer(request, notebook: Notebook) -> ExplorerOnPage:
    stem, model = request.param
    notebook.server.new_learner()
    return notebook.open(stem).run_all().explorer(model)


def cursor(explorer: ExplorerOnPage) -> str:
    return explorer.root.locator("img.il-figure-picture").evaluate("(img) => getComputedStyle(img).cursor")


def test_before_the_prediction_a_click_does_nothing(explorer: ExplorerOnPage):
    hint = explorer.root.locator(".il-figure-hint")
    assert cursor(explorer) != "crosshair" and not hint.is_visible()
    explorer.click(*MIDDLE)
    explorer.predict()
    until(explorer.page, lambda: cursor(explorer) == "crosshair", "the cursor says that a click is wanted")
    assert explorer.state() == explorer.model.start
    names = [
        control.label
        for control in explorer.model.controls
        if control.name in (explorer.model.place.x, explorer.model.place.y)
    ]
    assert all(name in hint.inner_text() for name in names), "the sliders that do the same are named"


@pytest.mark.parametrize("zoom", [1, 2])
def test_a_click_sets_the_sliders(explorer: ExplorerOnPage, zoom):
    with zoomed(explorer.page, zoom):
        for point in ((0.3, 0.7), (0.8, 0.25)):
            a_click_sets_the_sliders(explorer, *point)


def test_so_does_a_finger(explorer: ExplorerOnPage):
    explorer.reset()
    picture = explorer.root.locator("img.il-figure-picture")
    picture.scroll_into_view_if_needed()
    box, at = picture.bounding_box(), explorer.point(*MIDDLE)
    devtools = explorer.page.context.new_cdp_session(explorer.page)
    try:
        point = {"x": box["x"] + at["x"], "y": box["y"] + at["y"]}
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finally:
        devtools.detach()
    until(explorer.page, lambda: explorer.state() != explorer.model.start, "a tap sets the sliders")
    sentence_follows(explorer)


def test_a_click_beside_the_axes_does_nothing(explorer: ExplorerOnPage):
    explorer.reset()
    explorer.click(0.005, 0.995)
    explorer.page.wait_for_timeout(300)
    assert explorer.state() == explorer.model.start


def test_an_older_frame_never_follows_a_click(explorer: ExplorerOnPage):
    """Moves by key, whose frames may be drawn ahead, and clicks in turn, without waiting."""
    place = explorer.model.place
    control = next(control for control in explorer.model.controls if control.name == place.x)
    for x in (0.2, 0.4, 0.6):
        explorer.key(control, "ArrowRight", 3)
        explorer.click(x, 0.5)
    a_click_sets_the_sliders(explorer, 0.9, 0.9)
    last = explorer.picture()
    for _ in range(6):
        explorer.page.wait_for_timeout(150)
        sentence_follows(explorer, seconds=0)
        assert explorer.picture() == last, "a frame older than the last click came after it"
