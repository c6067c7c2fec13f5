"""The frame of every interactive: predict first, compare, reset, speak, and survive bad input."""

from dataclasses import dataclass, replace

import pytest

from immunolab.draw import plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Place, Preset, Slide, Stage, Task
from immunolab.interactives.questions import AskedQuestion
from immunolab.learning import progress, quiz

BANK = """
lesson: 02_immune_checkpoints
questions:
  - id: 02.Q1
    objective: 02.O1
    kind: predict
    use: [predict]
    stem: What happens to the height?
    options:
      - {text: It doubles, value: 2.0, feedback: "Watch the line while you move the first slider of this test."}
      - {text: It stays, right: true, value: 1.0, feedback: "Watch the line while you move the first slider of this test."}
      - {text: It falls, feedback: "Watch the line while you move the first slider of this test."}
    hint: Look at the line.
    source: [Brown2020]
    last_checked: 2026-11-23
"""


@dataclass
class Seen:
    """What the picture was asked to show, one entry a frame."""

    calls: list


class Line(LivePlot):
    width, height = 200, 120
    seen = None

    def build(self):
        self.axes = self.clickable = self.figure.subplots()
        self.axes.set(xlim=(0.5, 20), xscale="log", ylim=(0, 10))
        self.line = self.moving(plots.now_line(self.axes))

    def update(self, result, previous=None, prediction=None):
        Line.seen.calls.append((result, previous, prediction))
        self.line.set_data([0, 1], [0, result])


def add(height, kind, far):
    if height == 9:
        raise ValueError("height is 9: give a height from 0 to 8.")
    return height + (100 if kind == "tall" else 0) + far


@pytest.fixture
def explorer():
    Line.seen = Seen([])
    return Explorer(
        title="Test bench",
        compute=add,
        draw=Line,
        controls=[
            Slide("height", "Height", 1, 0, 10, 1),
            Pick("kind", "Kind", "short", {"short": "short", "tall": "tall"}),
            Slide("far", "Far", 0, 0, 5, 1, advanced=True),
        ],
        presets=[
            Preset("Two", {"height": 2}),
            Preset("Tall against five", {"kind": "tall"}, against={"height": 5}),
            Preset("Broken", {"height": 9}),
        ],
        prediction="02.Q1",
        sentence=lambda state, result: f"The line is {result} high at {state['height']}.",
        alt="A line.",
        explain=("Why?", "Because."),
        vary=Task("Make it 4.", lambda state, result: result == 4),
        limits=["It is only a line."],
        tag=lambda state: f"Model · {state['kind']}",
    )


@pytest.fixture
def question(tmp_path):
    path = tmp_path / "quiz.yaml"
    path.write_text(BANK, encoding="utf8")
    return AskedQuestion(quiz.load(path).question("02.Q1"), progress.Progress(tmp_path / "progress"))


@pytest.fixture
def stage(explorer, question):
    return Stage(explorer, question)


@pytest.fixture
def map_stage(explorer, question):
    """The same with a click in the picture: across is the height, on a log axis; up is the other slider."""
    return Stage(replace(explorer, place=Place(x="height", y="far")), question)


def commit(stage, answer):
    """What the card does when the learner presses Commit (an option) or Skip (None)."""
    stage.question.card.answer = answer
    stage.question.card.submitted += 1


def test_controls_are_locked_until_a_prediction_is_committed(stage):
    everything = [*stage.controls.values(), stage.presets, stage.reset_button]
    assert all(widget.disabled for widget in everything)
    assert stage.picture.figure.veiled, "the answer does not show before the question is answered"
    commit(stage, "a")
    assert not any(widget.disabled for widget in everything)
    assert not stage.picture.figure.veiled
    assert Line.seen.calls[-1] == (1, None, 2.0), "the prediction is drawn at its value"


def test_skipping_unlocks_and_draws_no_prediction(stage):
    commit(stage, None)
    assert not stage.controls["height"].disabled
    assert Line.seen.calls[-1][2] is None


def test_prediction_stays_on_the_picture_while_moving(stage):
    commit(stage, "a")
    stage.controls["height"].value = 3
    assert Line.seen.calls[-1] == (3, 1, 2.0)


def test_faint_run_is_the_one_before_this_control_was_touched(stage):
    stage.controls["height"].value = 2
    stage.controls["height"].value = 3
    assert Line.seen.calls[-1][:2] == (3, 1), "a drag is compared with where it began"
    stage.controls["kind"].value = "tall"
    assert Line.seen.calls[-1][:2] == (103, 3), "another control is compared with what the first one left"


def test_preset_sets_all_controls_in_one_frame_and_draws_what_it_is_compared_with(stage):
    stage.controls["far"].value = 5
    frames = len(Line.seen.calls)
    stage.press("Tall against five")
    assert len(Line.seen.calls) == frames + 1
    assert Line.seen.calls[-1][:2] == (101, 5)
    assert stage.controls["far"].value == 0, "a preset starts from the start"


def test_preset_button_and_press_do_the_same(stage):
    stage.presets.value = "Two"
    stage.presets.presses += 1
    assert stage.result == 2


def test_unknown_preset_lists_the_known(stage):
    with pytest.raises(ValueError, match="Tall against five"):
        stage.press("Four")


def test_reset_returns_to_the_start_and_compares_with_nothing(stage):
    stage.press("Tall against five")
    stage.reset_button.click()
    assert stage.state == {"height": 1, "kind": "short", "far": 0}
    assert Line.seen.calls[-1][:2] == (1, None)


def test_sentence_alt_and_tag_follow_the_numbers(stage):
    stage.press("Tall against five")
    figure = stage.picture.figure
    assert figure.sentence == "The line is 101 high at 1."
    assert figure.alt == "A line. The line is 101 high at 1."
    assert figure.tag == "Model · tall"


def test_bad_input_says_so_and_keeps_the_last_good_picture(stage):
    stage.controls["height"].value = 3
    frame = stage.picture.figure.frame
    stage.controls["height"].value = 9
    assert "give a height from 0 to 8" in stage.message.value
    assert stage.picture.figure.frame == frame
    assert stage.result == 3
    stage.controls["height"].value = 4
    assert stage.message.value == ""


def test_explain_opens_after_the_first_move_and_vary_is_found(stage):
    assert stage.after.layout.display == "none"
    stage.controls["height"].value = 3
    assert stage.after.layout.display == ""
    assert stage.found.value == ""
    stage.controls["height"].value = 4
    assert "Found it" in stage.found.value


def test_one_move_is_one_frame(stage):
    before = stage.picture.figure.frame_id
    stage.controls["height"].value = 3
    assert stage.picture.figure.frame_id == before + 1


def test_answer_is_remembered_when_the_cell_runs_again(stage, explorer):
    commit(stage, "a")
    again = Stage(explorer, AskedQuestion(stage.question.question, stage.question.record))
    assert not again.controls["height"].disabled
    assert Line.seen.calls[-1][2] == 2.0


def test_output_has_a_static_companion_with_alt_text(stage):
    data, _ = stage._repr_mimebundle_()
    assert data["text/plain"] == "Test bench: The line is 1 high at 1."
    assert 'alt="A line. The line is 1 high at 1."' in data["text/html"]
    assert "data:image/png;base64," in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_more_than_three_controls_in_view_are_refused(explorer):
    with pytest.raises(ValueError, match="advanced"):
        replace(explorer, controls=[Slide(f"s{i}", "S", 1, 0, 2, 1) for i in range(4)], presets=[])


def test_preset_for_a_control_that_does_not_exist_is_refused(explorer):
    with pytest.raises(ValueError, match="heigth"):
        replace(explorer, presets=[Preset("Typo", {"heigth": 2})])


def click(stage, height, far):
    """Click where the axes say these values, as the browser does."""
    plot = stage.picture.plot
    across, up = plot.axes.transData.transform((height, far)) / plot.figure.bbox.size
    stage.picture.figure._handle_custom_msg({"kind": "place", "x": across, "y": 1 - up}, [])


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_a_point_of_the_picture_has_the_values_of_its_axes(map_stage, ratio):
    plot = map_stage.picture.plot
    plot.set_ratio(ratio)
    left, bottom, width, height = plot.axes.get_position().bounds
    assert plot.to_values(left + width / 2, 1 - bottom - height / 4) == pytest.approx((10**0.5, 2.5))
    outside = (left - 0.02, 0.5), (left + width + 0.02, 0.5), (0.5, 1 - bottom + 0.02), (-1, 0.5), (0.5, 7)
    assert [plot.to_values(*point) for point in outside] == [None] * len(outside)


def test_a_plot_without_clickable_axes_has_no_values(map_stage):
    map_stage.picture.plot.clickable = None
    assert map_stage.picture.plot.to_values(0.5, 0.5) is None


def test_a_click_sets_both_sliders_to_the_nearest_steps_in_one_frame(map_stage):
    commit(map_stage, "a")
    map_stage.presets.value = "Two"
    frames = len(Line.seen.calls)
    click(map_stage, 5.2, 2.9)
    assert map_stage.state == {"height": 5, "kind": "short", "far": 3}
    assert len(Line.seen.calls) == frames + 1
    assert Line.seen.calls[-1] == (8, 1, 2.0), "drawn against what was there before the click"
    assert map_stage.picture.figure.key == map_stage.picture.figure.state_key()
    assert map_stage.presets.value is None
    click(map_stage, 6.1, 1.2)
    assert Line.seen.calls[-1][:2] == (7, 8), "each click is drawn against the one before"


def test_a_click_beyond_a_scale_goes_to_its_end(map_stage):
    commit(map_stage, None)
    click(map_stage, 19, 9)
    assert (map_stage.state["height"], map_stage.state["far"]) == (10, 5)


def test_a_click_that_changes_nothing_keeps_the_comparison(map_stage):
    commit(map_stage, None)
    click(map_stage, 4, 2)
    frames = len(Line.seen.calls)
    click(map_stage, 4.2, 2.1)
    click(map_stage, 0.1, 2)  # left of the axes
    assert len(Line.seen.calls) == frames
    assert map_stage.previous == 1


def test_a_click_before_the_prediction_does_nothing(map_stage):
    click(map_stage, 5, 3)
    assert map_stage.state == map_stage.explorer.start


def test_a_click_on_what_the_model_refuses_is_explained(map_stage):
    commit(map_stage, None)
    click(map_stage, 9, 3)
    assert "give a height from 0 to 8" in map_stage.message.value
    assert map_stage.result == 1


def test_frames_drawn_ahead_are_forgotten_before_the_sliders_move(map_stage, monkeypatch):
    """The first slider alone would lead to a neighbour, whose frame would flash up."""
    commit(map_stage, None)
    map_stage.ahead.run()
    happened = []
    monkeypatch.setattr(type(map_stage.picture.figure), "forget", lambda _: happened.append("forgotten"))
    for name in ("height", "far"):
        map_stage.controls[name].observe(lambda _, name=name: happened.append(name), "value")
    click(map_stage, 2, 1)
    assert happened == ["forgotten", "height", "far"]


def test_a_click_is_offered_in_words_together_with_the_sliders(map_stage, stage):
    assert map_stage.picture.figure.hint == (
        "Click in the picture to set “Height” and “Far”, or use their sliders."
    )
    assert stage.picture.figure.hint == ""


@pytest.mark.parametrize("name", ["kind", "heigth"])
def test_a_click_sets_only_sliders_that_exist(explorer, name):
    with pytest.raises(ValueError, match=f"{name}.*the sliders are .'far', 'height'"):
        replace(explorer, place=Place(x="far", y=name))
