"""The controls without a browser: what they accept, what they send, and what they never let through."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from immunolab.widgets import Choice, LiveFigure, QuestionCard, Slider, fold
from immunolab.widgets._base import script, style
from immunolab.widgets.static import details, paragraphs, static_figure, static_question

FILES = ("slider", "choice", "live_figure", "question_card", "folding")
PNG = b"\x89PNG\r\n\x1a\n"
NODE = shutil.which("node")
ROOT = Path(__file__).resolve().parents[2]


def question(**changed):
    two = [{"id": "a", "text_html": "It <em>grows</em>"}, {"id": "b", "text_html": "It shrinks"}]
    return {"id": "02.Q1", "kind": "single", "stem_html": "What happens?", "options": two} | changed


def dose(**changed):
    return Slider(
        **({"label": "Dose", "value": 200, "min": 100, "max": 400, "step": 50, "unit": "mg"} | changed)
    )


def node(code: str, module: str) -> str:
    """The output of JavaScript that may use everything a widget's module defines."""
    everything = "globalThis.window = { addEventListener() {} };\n" + module.replace(
        "export default", "const widget ="
    )
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", everything + code], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Sliders


def test_even_scale_has_clean_decimals_and_keeps_whole_numbers_whole():
    assert Slider("Share", 0.3, 0, 1, 0.1).values == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    whole = dose().values
    assert whole == (100, 150, 200, 250, 300, 350, 400)
    assert {type(value) for value in whole} == {int}


def test_slider_speaks_in_words_and_shows_numbers():
    slider = Slider(
        "Affinity", 1e-6, values=[1e-6, 0.27, 1200, 1e6], unit="µM", words=lambda v: f"{v:g} micromolar"
    )
    assert slider.shown == ("1×10⁻⁶", "0.27", "1200", "1×10⁶"), "a box holds six digits"
    assert slider.spoken[1] == "0.27 micromolar"
    assert dose().text == "200 mg"
    slider.value = 0.27
    assert slider.text == "0.27 micromolar"


def test_slider_with_a_format_of_its_own_has_no_box():
    weekly = Slider("Interval", 3, values=[2, 3, 6], format=lambda weeks: f"every {weeks} weeks")
    assert weekly.shown[0] == "every 2 weeks"
    assert not weekly.box
    assert dose().box


def test_slider_value_is_one_of_its_values_whatever_the_browser_makes_of_it():
    slider = Slider("Share", 0.3, 0, 1, 0.1)
    slider.set_state({"value": 0.1 + 0.2})  # what arrives as a message
    assert slider.value == 0.3
    seen = []
    slider.observe(lambda change: seen.append(change.new), "value")
    slider.set_state({"value": 1})
    assert seen == [1.0]
    assert isinstance(slider.value, float)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"value": 210}, r"Dose: value is 210; the values of this slider are 100, 150, 200"),
        ({"value": None}, "Dose: value is None"),
        ({"value": True}, "Dose: value is True"),
        ({"value": float("nan")}, "Dose: value is nan"),
        ({"min": None}, "Dose: min is None; give a number"),
        ({"max": 90}, "Dose: max is 90; give a number above min, which is 100"),
        ({"max": 410}, "Dose: max is 410; it must lie a whole number of steps of 50 above 100"),
        ({"step": 0}, "Dose: step is 0; give a number above 0"),
        ({"step": 0.01}, "Dose: step is 0.01, which makes 30001 positions"),
        ({"values": [1, 2]}, "Dose: values are given; leave out min, max and step"),
        ({"label": " "}, "Slider: label is ' '"),
    ],
)
def test_slider_says_what_is_wrong(changed, message):
    with pytest.raises(ValueError, match=message):
        dose(**changed)


@pytest.mark.parametrize(
    ("values", "message"),
    [([1], "values has 1 entries"), ([1, 3, 2], "not in rising order"), ([1, "2"], r"values\[1\] is '2'")],
)
def test_slider_refuses_a_row_that_is_no_scale(values, message):
    with pytest.raises(ValueError, match=message):
        Slider("Dose", 1, values=values)


def test_slider_refuses_a_later_value_off_its_scale_and_keeps_the_old_one():
    slider = dose()
    for wrong in (201, None, "200"):
        with pytest.raises(ValueError, match=f"value is {wrong!r}"):
            slider.value = wrong
    assert slider.value == 200


# Choices


def test_choice_starts_with_its_first_option_and_presets_with_none():
    options = {"pembrolizumab": "Pembrolizumab", "nivolumab": "Nivolumab"}
    assert Choice("Antibody", options).value == "pembrolizumab"
    assert Choice("Antibody", options, style="select").text == "Pembrolizumab"
    presets = Choice("Try", list(options.items()), style="buttons")
    assert presets.value is None
    assert presets.text == ""


def test_the_same_preset_can_be_pressed_twice():
    presets = Choice("Try", {"low": "Low dose"}, style="buttons")
    pressed = []
    presets.observe(lambda change: pressed.append(presets.value), "presses")
    for count in (1, 2):
        presets.set_state({"value": "low", "presses": count})
    assert pressed == ["low", "low"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Choice("", {"a": "A"}), "label is ''"),
        (lambda: Choice("Drug", {}), "Drug: options is empty"),
        (lambda: Choice("Drug", {"a": ""}), "Drug: the text of option 'a' is ''"),
        (lambda: Choice("Drug", [("a", "A"), ("a", "B")]), "Drug: options names an id twice"),
        (lambda: Choice("Drug", {"a": "A"}, "b"), "Drug: value is 'b'; the options are a"),
        (
            lambda: Choice("Drug", {"a": "A"}, style="menu"),
            "style is 'menu'; give one of radio, select, buttons",
        ),
    ],
)
def test_choice_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_choice_without_buttons_always_has_a_value():
    choice = Choice("Drug", {"a": "A", "b": "B"})
    with pytest.raises(ValueError, match="value is None"):
        choice.value = None


# The figure


def test_figure_sends_picture_and_words_in_one_message():
    figure = LiveFigure(tag="Model · Ahamadi 2017", width=600, height=400)
    sent = []
    figure.send_state = lambda key=None: sent.append(set([key] if isinstance(key, str) else key))
    figure.show(PNG, "96 % is occupied.")
    assert sent == [{"frame", "frame_id", "sentence", "alt"}]
    assert figure.alt == figure.sentence == "96 % is occupied."
    assert figure.frame_id == 1


def test_figure_keeps_the_ratio_of_a_screen_in_bounds():
    figure = LiveFigure()
    figure.set_state({"ratio": 2})
    assert figure.ratio == 2.0
    figure.ratio = 9
    assert figure.ratio == 3.0


@pytest.mark.parametrize("argument", ["width", "height"])
def test_figure_refuses_an_impossible_size(argument):
    with pytest.raises(ValueError, match=f"{argument} is -1"):
        LiveFigure(**{argument: -1})


def test_figure_refuses_what_is_no_png():
    figure = LiveFigure()
    for call in (lambda: figure.show(b"<svg>", "x"), lambda: figure.ahead("k", b"<svg>", "x")):
        with pytest.raises(ValueError, match="give the bytes of a PNG"):
            call()


def followed():
    figure, slider = LiveFigure(), dose()
    drug = Choice("Antibody", {"p": "Pembrolizumab", "n": "Nivolumab"})
    figure.follow(drug=drug, amount=slider)
    return figure, slider, drug


def test_figure_names_the_state_of_the_controls_it_follows():
    figure, slider, drug = followed()
    assert figure.state_key() == "amount=2;drug=0"
    assert figure.state_key(amount=400.0, drug="n") == "amount=6;drug=1"
    slider.value = 250
    figure.show(PNG, "x")
    assert figure.key == "amount=3;drug=0"
    with pytest.raises(ValueError, match=r"No control \['dose'\]; this figure follows \['amount', 'drug'\]"):
        figure.state_key(dose=1)
    assert drug.group == slider.group == figure.group != LiveFigure().group


def test_figure_sends_frames_ahead_with_their_key():
    figure, *_ = followed()
    sent = []
    figure.send = lambda content, buffers=None: sent.append((content, buffers))
    figure.ahead(figure.state_key(amount=300), PNG, "Later.")
    figure.forget()
    assert sent == [
        ({"kind": "ahead", "key": "amount=4;drug=0", "sentence": "Later.", "alt": "Later."}, [PNG]),
        ({"kind": "forget"}, None),
    ]


def test_figure_tells_where_it_was_clicked_unless_that_is_off():
    figure, clicked = LiveFigure(), []
    figure.on_place(lambda *point: clicked.append(point), "Click in the picture.")
    assert figure.hint == "Click in the picture."
    figure._handle_custom_msg({"kind": "place", "x": 0.25, "y": 0.5}, [])
    figure._handle_custom_msg({"kind": "shown"}, [])
    for off in ("disabled", "veiled"):
        figure.set_trait(off, True)
        figure._handle_custom_msg({"kind": "place", "x": 0.5, "y": 0.5}, [])
        figure.set_trait(off, False)
    assert clicked == [(0.25, 0.5)]
    with pytest.raises(ValueError, match="hint is ''"):
        figure.on_place(print, "")


# The question card


def test_card_collects_an_answer_and_shows_the_verdict():
    card = QuestionCard(question())
    given = []

    def judge(_change):
        given.append((card.answer, card.confidence))
        card.verdict = {"right": False, "messages": {"a": "Not <em>that</em> one."}, "summary": "Not quite."}

    card.observe(judge, "submitted")
    for count in (1, 2):  # as the browser sends it: the same answer twice is judged twice
        card.set_state({"answer": "a", "confidence": "sure", "submitted": count, "verdict": {}})
        assert card.verdict["right"] is False
    assert given == [("a", "sure"), ("a", "sure")]
    card.reopen()
    assert (card.answer, card.confidence, card.verdict, card.submitted) == (None, "", {}, 2)


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, "b"),
        ({"kind": "predict"}, None),
        ({"kind": "multiple"}, ["a", "b"]),
        ({"kind": "numeric", "options": [], "unit": "mg/L"}, "43,3"),
        ({"kind": "order", "items": question()["options"], "options": []}, ["b", "a"]),
    ],
)
def test_card_restores_an_earlier_answer_of_every_kind(changed, answer):
    verdict = {"right": True, "messages": {"": "Yes."}, "summary": "Right."}
    card = QuestionCard(question(**changed), answer=answer, verdict=verdict, confidence="unsure")
    assert (card.answer, card.verdict, card.confidence) == (answer, verdict, "unsure")


def test_card_takes_an_option_that_no_longer_exists_for_no_answer():
    assert QuestionCard(question(), answer="z").answer is None
    assert QuestionCard(question(kind="multiple"), answer=["a", "z"]).answer is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "essay"}, "02.Q1: kind is 'essay'"),
        ({"options": []}, "02.Q1: options has 0 entries"),
        ({"kind": "order"}, "02.Q1: items has 0 entries"),
        ({"stem_html": " "}, "02.Q1: stem_html is empty"),
        ({"key": "b"}, r"02.Q1 has \['key'\]"),
    ],
)
def test_card_says_what_is_wrong_with_a_question(changed, message):
    with pytest.raises(ValueError, match=message):
        QuestionCard(question(**changed))
    with pytest.raises(ValueError, match="lacks"):
        QuestionCard({"id": "02.Q1", "kind": "single"})


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<em onclick=alert(1)>x</em>",
    "<EM>x</EM>",
    "<a href='javascript:alert(1)'>x</a>",
    "1 < 2",
    "<em",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_but_harmless_inline_html_reaches_the_page(text):
    card = QuestionCard(question())
    for call in (
        lambda: QuestionCard(question(stem_html=text)),
        lambda: QuestionCard(question(hint_html=text)),
        lambda: QuestionCard(
            question(options=[{"id": "a", "text_html": text}, {"id": "b", "text_html": "B"}])
        ),
        lambda: card.set_trait("verdict", {"right": True, "messages": {"a": text}}),
        lambda: card.set_trait("verdict", {"right": True, "summary": text}),
        lambda: static_question(question(stem_html=text)),
    ):
        with pytest.raises(ValueError, match="holds HTML other than em, strong, code, sub, sup and br"):
            call()
    assert card.verdict == {}


def test_inline_marks_and_escaped_signs_pass():
    text = "<em>K</em><sub>D</sub> &lt; 1 &amp; <strong>10<sup>3</sup></strong> in <code>nM</code><br>"
    assert QuestionCard(question(stem_html=text)).question["stem_html"] == text


def test_verdict_with_unknown_parts_is_refused():
    card = QuestionCard(question())
    with pytest.raises(ValueError, match=r"verdict has \['hint'\]"):
        card.verdict = {"right": True, "hint": "x"}
    with pytest.raises(ValueError, match=r"verdict lacks \['right'\]"):
        card.verdict = {"summary": "x"}


# The fold


def test_fold_hides_and_shows_its_box():
    inside = dose()
    box = fold("More controls", [inside])
    assert box.body.children == (inside,)
    assert box.body.layout.display == "none"
    box.fold.set_state({"is_open": True})
    assert box.body.layout.display is None
    assert fold("More controls", [], open=True).body.layout.display is None
    with pytest.raises(ValueError, match="label is ''"):
        fold("", [])


# Sign of life


def test_every_widget_answers_when_the_page_asks():
    for widget in (
        dose(),
        Choice("Drug", {"a": "A"}),
        LiveFigure(),
        QuestionCard(question()),
        fold("More", []).fold,
    ):
        sent = []
        widget.send = lambda content, buffers=None, sent=sent: sent.append(content)
        widget._handle_custom_msg({"kind": "il-ping", "count": 7}, [])
        widget._handle_custom_msg({"kind": "something else"}, [])
        assert sent == [{"kind": "il-pong", "count": 7}]


# What stands in where no kernel runs


def test_static_figure_is_escaped_and_always_the_same():
    html = static_figure(PNG, alt='Curve of "C" <b>', caption="A & B", tag="Data · <i>", width=640)
    assert 'alt="Curve of &quot;C&quot; &lt;b&gt;"' in html
    assert "A &amp; B" in html and "Data · &lt;i&gt;" in html and 'width="640"' in html
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in html
    assert " id=" not in html and "<script" not in html and "http" not in html
    assert html == static_figure(PNG, alt='Curve of "C" <b>', caption="A & B", tag="Data · <i>", width=640)


def test_static_figure_needs_alternative_text_and_a_picture():
    with pytest.raises(ValueError, match="alt is empty"):
        static_figure(PNG, alt=" ", caption="A")
    with pytest.raises(ValueError, match="not a PNG"):
        static_figure(b"GIF", alt="A", caption="A")


@pytest.mark.parametrize("kind", ["single", "multiple", "numeric", "order", "predict"])
def test_static_question_shows_what_is_asked_and_no_key(kind):
    two = question()["options"]
    parts = {"numeric": {"options": [], "unit": "mg/L"}, "order": {"options": [], "items": two}}.get(kind, {})
    asked = question(kind=kind, hint_html="Look at the axis.", **parts)
    card = QuestionCard(
        asked, verdict={"right": True, "messages": {"": "Because of X."}, "marks": {"b": True}}
    )
    html = static_question(card.question)
    assert "What happens?" in html and "Look at the axis." in html
    assert ("It <em>grows</em>" in html) == (kind != "numeric")
    assert "Because of X." not in html and "right" not in html.lower()
    assert " id=" not in html and "<input" not in html
    assert html == static_question(asked)


def test_static_text_is_escaped():
    assert paragraphs("One <b>.\n\nTwo.") == "<p>One &lt;b&gt;.</p><p>Two.</p>"
    assert 'role="alert"' in paragraphs("Too much.", "alert")
    assert details("A <b>", "<p>x</p>") == (
        '<details class="il-details"><summary>A &lt;b&gt;</summary><p>x</p></details>'
    )
    with pytest.raises(ValueError, match="kind is 'loud'"):
        paragraphs("x", "loud")


def test_static_companions_need_no_widget_library():
    code = "import sys, immunolab.widgets.static; sys.exit('ipywidgets' in sys.modules or 'anywidget' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


# The front end


@pytest.mark.parametrize("name", FILES)
def test_front_end_is_whole_and_calls_nobody(name):
    module = script(name)
    assert "import " not in module.replace("important", "")
    assert module.count("export default { render };") == 1 and "export function" not in module
    for text in (module, style(name)):
        assert "http" not in text and "@import" not in text and "url(" not in text
    assert "innerHTML" not in (ROOT / f"immunolab/widgets/{name}.js").read_text("utf-8")


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize("name", [*FILES, "shared"])
def test_javascript_parses(name, tmp_path):
    module = tmp_path / f"{name}.mjs"
    module.write_text(
        (ROOT / "immunolab/widgets/shared.js").read_text("utf-8") if name == "shared" else script(name),
        "utf-8",
    )
    done = subprocess.run([NODE, "--check", module], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_box_reads_decimal_comma_and_point_and_never_guesses():
    texts = [
        "12.5",
        "12,5",
        " 1 200 ",
        "−3",
        "2e-3",
        ".5",
        "0,125",
        "1,200",
        "1.2.3",
        "12 mg",
        "",
        "NaN",
        "Infinity",
    ]
    read = node(f"console.log(JSON.stringify({json.dumps(texts)}.map(readNumber)))", script("slider"))
    assert json.loads(read) == [12.5, 12.5, 1200, -3, 0.002, 0.5, 0.125, *[None] * 6]


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_browser_and_kernel_spell_a_state_alike():
    figure, *_ = followed()
    code = 'announceState("g", "drug", "0"); announceState("g", "amount", "2"); console.log(stateKey("g"))'
    assert node(code, script("slider")) == figure.state_key()
