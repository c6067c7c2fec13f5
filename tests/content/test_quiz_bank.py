"""Question banks: the real ones pass every rule, each rule catches what it is for, and every kind is judged."""

import runpy
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import small_bank
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolab import course
from immunolab.learning import bankfile, lint, quiz
from immunolab.learning.answers import UnreadableAnswer, read_number
from immunolab.learning.markup import inline_html, plain

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {"Someone2020"}
unhurried = settings(deadline=None)  # no test here is about speed


@pytest.fixture
def bank(tmp_path):
    return small_bank.loaded(tmp_path)


# --- the banks of the course --------------------------------------------------------------------------------


def test_the_banks_of_the_course_pass_the_check():
    done = subprocess.run([sys.executable, ROOT / "tools" / "check.py"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("checks passed\n")


@pytest.mark.parametrize("real", quiz.banks(), ids=lambda real: real.lesson)
def test_every_option_slip_and_swap_of_a_real_bank_meets_its_feedback(real):
    for question in real.questions:
        for option in question.options:
            answer = [option.id] if question.kind == "multiple" else option.id
            assert quiz.judge(question, answer).messages[option.id] == option.feedback
        for slip in question.slips:
            assert quiz.judge(question, (slip.low + slip.high) / 2).messages[""] == slip.feedback
        for swap in question.swaps:
            order = list(question.key)
            first, second = swap.pair
            order[first], order[second] = order[second], order[first]
            assert quiz.judge(question, order).messages[""] in {other.feedback for other in question.swaps}
        key = {
            "numeric": question.answer and question.answer.value,
            "multiple": question.key,
            "order": question.key,
        }
        right = quiz.judge(question, key.get(question.kind, question.key[0] if question.key else None)).right
        assert right is (None if question.kind == "predict" else True), question.id


@pytest.mark.parametrize("real", quiz.banks(), ids=lambda real: real.lesson)
def test_what_a_card_shows_of_a_real_bank_holds_no_feedback_and_no_key(real):
    for question in real.questions:
        shown = str(question.card())
        hidden = [option.feedback for option in question.options] + [
            question.right_feedback,
            question.otherwise,
        ]
        assert not any(text and inline_html(text) in shown for text in hidden)
        assert "right" not in question.card()


def test_both_validators_read_the_schema_alike(tmp_path):
    """The quick one gates, the thorough one explains: they must not disagree on what is well formed."""
    assert jsonschema.Draft7Validator.check_schema(bankfile._schema()) is None
    assert bankfile._every_breach(small_bank.data()) == []
    assert bankfile._against_schema(small_bank.data()) == []
    assert quiz.load(small_bank.written(tmp_path)).lesson == "02_immune_checkpoints"


def test_misconceptions_are_those_of_the_course():
    known = quiz.misconceptions()
    assert list(known) == [f"M{number}" for number in range(1, 30)]
    assert {entry.provenance for entry in known.values()} == {"documented", "reviewed", "expected"}
    for lesson in course.ready():
        told = tuple(entry.id for entry in known.values() if lesson.stem in entry.lesson)
        assert told == lesson.misconceptions


# --- finding and loading ------------------------------------------------------------------------------------


def test_the_exercises_are_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("IMMUNOLAB_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert quiz.home() == ROOT


def test_the_course_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_HOME", str(small_bank.home(tmp_path)))
    assert [bank.lesson for bank in quiz.banks()] == ["02_immune_checkpoints"]
    assert quiz.question("02.Q3") == quiz.load("02").question("02.Q3")
    assert quiz.task("02.E1").title == "Average *concentration*"


def test_a_named_folder_without_exercises_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"IMMUNOLAB_HOME is .* or unset it"):
        quiz.load("02")


def test_a_package_without_its_repository_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("IMMUNOLAB_HOME", raising=False)
    monkeypatch.setattr(quiz, "_PACKAGE", tmp_path / "site-packages" / "immunolab")
    with pytest.raises(FileNotFoundError, match=r"pip install -e"):
        quiz.home()


@pytest.mark.parametrize(
    ("ask", "error", "reason"),
    [
        (lambda: quiz.load("03_checkpoint_trials"), FileNotFoundError, "no question bank at"),
        (lambda: quiz.load("77"), ValueError, "The lessons are: 00_start_here"),
        (lambda: quiz.question("Q3"), ValueError, "02.Q3"),
        (lambda: quiz.question("02.Q999"), ValueError, "It has: 02.Q1, 02.Q2"),
        (lambda: quiz.task("02.E999"), ValueError, "It has: 02.E1, 02.E2"),
    ],
)
def test_what_does_not_exist_is_told(ask, error, reason, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_HOME", str(small_bank.home(tmp_path)))
    with pytest.raises(error, match=reason):
        ask()


def test_a_changed_bank_is_read_again(tmp_path):
    changed = small_bank.data()
    assert small_bank.loaded(tmp_path).questions[0].stem == "Which thing is it?"
    changed["questions"][0]["stem"] = "Which of these things is it?"
    assert small_bank.loaded(tmp_path, changed).questions[0].stem == "Which of these things is it?"


def test_every_problem_of_a_file_is_told_with_its_line(tmp_path):
    path = tmp_path / "quiz.yaml"
    path.write_text(
        """\
lesson: 02_immune_checkpoints
questions:
  - id: 02.Q1
    objective: 02.O1
    kind: single
    use: [check, nope]
    stme: "Which?"
    options:
      - {text: 12, feedback: because, value: 3}
      - {text: b, feedback: because}
  - id: 02.Q2
    kind: numeric
    kind: order
    objective: 02.O1
    use: [check]
    stem: "How much?"
    options: []
extra: 1
""",
        encoding="utf-8",
    )
    with pytest.raises(quiz.BankError) as caught:
        quiz.load(path)
    told = [(problem.line, problem.about, problem.reason.split(" (")[0]) for problem in caught.value.problems]
    assert told == [
        (1, "file", "unknown key “extra”; known are lesson, questions, tasks"),
        (3, "02.Q1", "needs “stem”"),
        (3, "02.Q1", "unknown key “stme”; did you mean “stem”?"),
        (6, "02.Q1 use[1]", "is 'nope'; allowed are pre, check, exit, spaced, poll, predict"),
        (9, "02.Q1 options[0].text", "is 12; it must be text that is not empty"),
        (9, "02.Q1 options[0].value", "does not belong to a question of this kind"),
        (11, "02.Q2", "needs “items”"),
        (11, "02.Q2", "needs “otherwise”"),
        (11, "02.Q2", "needs “right_feedback”"),
        (13, "02.Q2 kind", "stands here twice; YAML would keep only one of them"),
        (17, "02.Q2 options", "[] is too short"),
        (17, "02.Q2 options", "does not belong to a question of this kind"),
    ]
    assert str(caught.value).startswith("The question bank has 12 problems:\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("lesson: a: b", "is not valid YAML"),
        ("- 1", r"is not of type 'object'"),
        ("lesson: 02_immune_checkpoints\nquestions: []", "should be non-empty"),
    ],
)
def test_a_file_that_is_no_bank_is_told(text, reason, tmp_path):
    path = tmp_path / "quiz.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(quiz.BankError, match=reason):
        quiz.load(path)


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "quiz.yaml").write_bytes(b"lesson: \xff\xfe")
    with pytest.raises(quiz.BankError, match="UTF-8"):
        quiz.load(tmp_path / "quiz.yaml")


def _second_key(data):
    data["questions"][0]["options"][1]["right"] = True


def _no_key(data):
    del data["questions"][6]["options"][0]["right"], data["questions"][6]["options"][2]["right"]


def _two_predicted(data):
    data["questions"][7]["options"][0]["right"] = True


def _same_id(data):
    data["questions"][1]["id"] = "02.Q1"


def _crossed_slip(data):
    data["questions"][8]["slips"][0]["low"] = 23


def _swap_outside(data):
    data["questions"][9]["swaps"][0]["pair"] = [0, 4]


@pytest.mark.parametrize(
    ("spoil", "about", "reason"),
    [
        (_second_key, "02.Q1", "has 2 right options; a single question has exactly one"),
        (_no_key, "02.Q20", "has no right option"),
        (_two_predicted, "02.Q21", "has 2 right options; a prediction has one, or none"),
        (_same_id, "02.Q1 id", "is used twice in this bank"),
        (_crossed_slip, "02.Q22 slips[0]", "low 23 lies above high 22"),
        (_swap_outside, "02.Q23 swaps[0]", "pair [0, 4] must be two different places from 0 to 3"),
    ],
)
def test_a_bank_that_could_not_be_judged_does_not_load(spoil, about, reason, tmp_path):
    data = small_bank.data()
    spoil(data)
    with pytest.raises(quiz.BankError) as caught:
        small_bank.loaded(tmp_path, data)
    assert [(problem.about, problem.reason) for problem in caught.value.problems] == [(about, reason)]


# --- the rules ----------------------------------------------------------------------------------------------


def test_the_small_bank_passes_every_rule(bank):
    assert lint.lint(bank, KNOWN) == []


def _change(question, **values):
    return lambda data: data["questions"][question].update(values)


def _change_option(question, option, **values):
    return lambda data: data["questions"][question]["options"][option].update(values)


def _change_task(**values):
    return lambda data: data["tasks"][0].update(values)


def _lengthen_keys(data):
    for question in data["questions"][:6]:
        for option in question["options"]:
            option["text"] += " that is indeed much longer than any other" * option.get("right", False)


def _keys_shown_first(data):
    for question in data["questions"][:6]:
        shown = sorted("abc", key=lambda letter: quiz.shuffle_key(question["id"], letter))
        for letter, option in zip("abc", question["options"], strict=True):
            option.pop("right", None), option.pop("misconception", None)
            option.update({"right": True} if letter == shown[0] else {"misconception": "M1"})
    for place, misconception in enumerate(("M2", "M3", "M4", "M5")):
        wrong = next(option for option in data["questions"][place]["options"] if not option.get("right"))
        wrong["misconception"] = misconception


def _drop(place):
    return lambda data: data["questions"].pop(place)


def _fewer_options(data):
    del data["questions"][0]["options"][2]


LONG = "This feedback is long enough to say why it tempts and what is right."


@pytest.mark.parametrize(
    ("spoil", "about", "reason"),
    [
        (lambda data: data.update(lesson="02_checkpoints"), "lesson", "is not in the course list"),
        (_change(0, id="03.Q1"), "03.Q1", "an id of this lesson begins with 02."),
        (_change(3, objective="02.O9"), "02.Q4", "objective 02.O9 is none of the lesson's"),
        (_drop(0), "questions", "1 with use “pre”; a lesson has at least 2"),
        (_drop(7), "questions", "0 with use “predict”"),
        (_change(4, objective="02.O5"), "questions", "no check or exit question assesses objective 02.O4"),
        (_change_option(2, 0, misconception="M1"), "questions", "no wrong option offers misconception M3"),
        (
            _lengthen_keys,
            "questions",
            "the key is the longest option in more than half of the single questions",
        ),
        (_keys_shown_first, "questions", "the key is shown in place 1 in 6 of 6 single questions"),
        (_change(0, use=["predict"]), "02.Q1", "kind predict and use [predict] go together"),
        (_change(7, use=["predict", "poll"]), "02.Q21", "kind predict and use [predict] go together"),
        (_change(0, use=["pre", "spaced"]), "02.Q1", "a prequestion is not scored"),
        (_change(0, stem="Which thing is it"), "02.Q1", "the stem ends in"),
        (_fewer_options, "02.Q1", "has 2 options; three to five are good"),
        (_change_option(0, 1, text="A third  thing"), "02.Q1", "two options have the same text"),
        (_change_option(0, 1, feedback=f"{small_bank.WHY} Number 2."), "02.Q1", "have the same feedback"),
        (_change_option(6, 2, right=False), "02.Q20", "a multiple question has two right options or more"),
        (_change_option(0, 1, text="All of the above"), "02.Q1", "option b is a catch-all"),
        (_change_option(0, 1, text="None of these."), "02.Q1", "option b is a catch-all"),
        (_change_option(0, 1, text="Both A and C"), "02.Q1", "option b is a catch-all"),
        (
            _change_option(0, 1, feedback="Wrong."),
            "02.Q1",
            "the feedback of option b is too short to say why",
        ),
        (_change_option(0, 1, feedback="No. That is incorrect, sorry!"), "02.Q1", "is too short to say why"),
        (_change(9, otherwise="Not quite, sorry. Please try again."), "02.Q23", "otherwise is too short"),
        (_change_option(0, 2, misconception="M77"), "02.Q1", "option c: M77 is not in misconceptions.csv"),
        (
            _change_option(0, 0, misconception="M1"),
            "02.Q1",
            "option a is right, and cannot offer misconception M1",
        ),
        (lambda data: data["questions"][3].pop("hint"), "02.Q4", "has no hint"),
        (lambda data: data["questions"][3].pop("source"), "02.Q4", "names no source"),
        (lambda data: data["tasks"][0].pop("source"), "02.E1", "names no source"),
        (lambda data: data["questions"][3].pop("last_checked"), "02.Q4", "has no last_checked date"),
        (_change(3, last_checked="2026-02-30"), "02.Q4", "last_checked 2026-02-30 is no date"),
        (_change(3, source=["Nobody1999"]), "02.Q4", "source Nobody1999 is not in sources.bib"),
        (
            _change(8, slips=[{"low": 43.5, "high": 50, "feedback": LONG}]),
            "02.Q22",
            "slip 43.5 to 50 reaches into the right answer, 42.867 to 43.733",
        ),
        (
            _change(8, slips=[{"low": n, "high": 22, "feedback": LONG} for n in (20, 21)]),
            "02.Q22",
            "slips 20 to 22 and 21 to 22 overlap",
        ),
        (_change_task(answer={"value": 0, "tolerance": 0.1}), "02.E1", "the answer is 0"),
        (_change(9, swaps=[]), "02.Q23", "has no swap with feedback"),
        (
            _change(9, swaps=[{"pair": pair, "feedback": LONG} for pair in ([0, 1], [1, 0])]),
            "02.Q23",
            "two swaps are about the same pair",
        ),
        (
            _change_task(hints=["Look.", "In equals out.", "look.", "It is 43.3."]),
            "02.E1",
            "two hints are the same",
        ),
    ],
)
def test_each_rule_catches_what_it_is_for(spoil, about, reason, tmp_path):
    data = small_bank.data()
    spoil(data)
    found = lint.lint(small_bank.loaded(tmp_path, data), KNOWN)
    assert any(problem.about == about and reason in problem.reason for problem in found), found


def test_a_problem_points_at_the_line_of_its_question(tmp_path):
    data = small_bank.data()
    data["questions"][3]["stem"] = "Which thing is it"
    (problem,) = lint.lint(small_bank.loaded(tmp_path, data), KNOWN)
    assert "02.Q4" in problem.file.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_a_bank_in_the_folder_of_another_lesson_is_told(tmp_path):
    folder = tmp_path / "03_checkpoint_trials"
    folder.mkdir()
    (problem,) = lint.lint(small_bank.loaded(folder), KNOWN)
    assert (
        problem.reason == "is “02_immune_checkpoints”, but the file lies in the folder 03_checkpoint_trials"
    )


def test_source_keys_are_read_from_a_bibliography(tmp_path):
    path = tmp_path / "sources.bib"
    path.write_text(
        "@comment{x,\n}\n@article{Ahamadi2017,\n year={2017}}\n @Misc{ FDA2026 , a={b}}\n", encoding="utf-8"
    )
    assert lint.source_keys(path) == {"Ahamadi2017", "FDA2026"}


def test_the_check_prints_place_and_reason_and_fails(tmp_path, capsys, monkeypatch):
    check = runpy.run_path(str(ROOT / "tools" / "check.py"))
    data = small_bank.data()
    data["questions"][0]["stem"] = "Which thing is it"
    small_bank.written(small_bank.home(tmp_path) / "exercises" / "02_immune_checkpoints", data)
    broken = tmp_path / "exercises" / "03_checkpoint_trials"
    broken.mkdir()
    (broken / "quiz.yaml").write_text("lesson: 3", encoding="utf-8")
    monkeypatch.setitem(check["question_banks"].__globals__, "ROOT", tmp_path)
    assert check["main"]() == 1
    lines = capsys.readouterr().out.splitlines()
    assert "exercises/02_immune_checkpoints/quiz.yaml:3: 02.Q1: the stem ends in ?, : or ." in lines
    assert any(
        line.startswith("exercises/03_checkpoint_trials/quiz.yaml:1: file: needs “questions”")
        for line in lines
    )


# --- showing ------------------------------------------------------------------------------------------------


def test_options_are_shown_in_an_order_that_never_changes(bank):
    """Seeded by a digest of the id: this very order holds on every machine and in every Python."""
    shown = {question.id: "".join(part.id for part in question.shown()) for question in bank.questions[:6]}
    assert shown == {
        "02.Q1": "bac",
        "02.Q2": "cab",
        "02.Q3": "bca",
        "02.Q4": "abc",
        "02.Q5": "cba",
        "02.Q6": "acb",
    }


@unhurried
@given(st.integers(0, 999), st.integers(3, 8))
def test_items_are_never_shown_in_their_right_order(number, count):
    items = quiz._items(f"02.Q{number}", [f"step {place}" for place in range(count)])
    shown = sorted(items, key=lambda item: item.id)
    assert sorted(item.text for item in shown) == sorted(item.text for item in items)
    assert [item.text for item in shown] != [item.text for item in items]


def test_a_card_is_plain_data_with_escaped_text(tmp_path):
    data = small_bank.data()
    data["questions"][0]["stem"] = "Is *a* < `b & c` or **not**?"
    card = small_bank.loaded(tmp_path, data).questions[0].card(ask_confidence=True)
    assert card == {
        "id": "02.Q1",
        "kind": "single",
        "stem_html": "Is <em>a</em> &lt; <code>b &amp; c</code> or <strong>not</strong>?",
        "options": [
            {"id": "b", "text_html": "a second thing"},
            {"id": "a", "text_html": "a first thing that is long"},
            {"id": "c", "text_html": "a third thing"},
        ],
        "items": [],
        "unit": "",
        "ask_confidence": True,
        "hint_html": "Look at the thing.",
    }


@pytest.mark.parametrize(
    ("text", "html", "bare"),
    [
        ("5 * 3 * 2", "5 * 3 * 2", "5 * 3 * 2"),
        ("C_max and k_on", "C_max and k_on", "C_max and k_on"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>", "a b c"),
        ("`*x*`", "<code>*x*</code>", "*x*"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("two\n  lines", "two lines", "two lines"),
    ],
)
def test_inline_marks(text, html, bare):
    assert inline_html(text) == html
    assert plain(text) == bare


# --- judging ------------------------------------------------------------------------------------------------


def test_a_single_choice_is_judged_with_its_own_feedback(bank):
    question = bank.question("02.Q1")
    wrong = quiz.judge(question, "b")
    assert (wrong.right, wrong.messages) == (False, {"b": f"{small_bank.WHY} Number 1."})
    assert wrong.summary == "Not quite. Try again."
    right = quiz.judge(question, "a")
    assert right.right is True
    assert set(right.messages) == {"a", "b", "c"}, "once right, every option says why"
    assert right.marks == {"a": True, "b": False, "c": False}


@pytest.mark.parametrize(
    ("answer", "right", "general"),
    [
        (["a", "c"], True, None),
        (["c", "a"], True, None),
        (["a"], False, "What you chose is right. Something is still missing."),
        (["a", "b"], False, "Something is still missing."),
        (["a", "b", "c"], False, None),
        (["b"], False, "Something is still missing."),
    ],
)
def test_a_multiple_choice_is_right_only_as_the_exact_set(answer, right, general, bank):
    verdict = quiz.judge(bank.question("02.Q20"), answer)
    assert verdict.right is right
    assert verdict.messages.get("") == general
    assert set(verdict.messages) - {""} == ({"a", "b", "c"} if right else set(answer))


@pytest.mark.parametrize(
    ("answer", "right", "begins"),
    [
        (43.3, True, "Yes"),
        ("43,3", True, "Yes"),
        ("43.3 mg/L", True, "Yes"),
        ("43.3mg/l", True, "Yes"),
        ("≈ 4.33 × 10¹", True, "Yes"),
        ("4.33e1", True, "Yes"),
        (42.9, True, "Yes"),
        (42.8, False, "Divide"),
        ("21", False, "You counted"),
        (305, False, "You left"),
        (-43.3, False, "Divide"),
    ],
)
def test_a_number_is_judged_within_its_tolerance_and_by_its_slips(answer, right, begins, bank):
    verdict = quiz.judge(bank.question("02.Q22"), answer)
    assert (verdict.right, verdict.answered) == (right, True)
    assert verdict.messages[""].startswith(begins)


def test_what_is_no_number_is_not_a_try(bank):
    verdict = quiz.judge(bank.question("02.Q22"), "about forty")
    assert (verdict.right, verdict.answered) == (False, False)
    assert verdict.messages[""] == "“about forty” has no number at its start. Write one, such as 43.3 mg/L."


def test_an_order_meets_the_feedback_of_its_first_exchange(bank):
    question = bank.question("02.Q23")
    one, two, three, four = question.key
    said = {
        (one, two, three, four): "Yes, each of them",
        (two, one, three, four): "Two cannot come before one",
        (one, two, four, three): "Four cannot come before three",
        (two, one, four, three): "Two cannot come before one",
        (one, three, two, four): "Ask of each",
    }
    for order, begins in said.items():
        verdict = quiz.judge(question, list(order))
        assert verdict.right is (order == question.key)
        assert verdict.messages[""].startswith(begins)


def test_a_prediction_is_noted_and_never_scored(bank):
    question = bank.question("02.Q21")
    verdict = quiz.judge(question, "a")
    assert (verdict.right, verdict.answered, verdict.summary) == (None, True, "Your prediction is noted.")
    assert verdict.messages == {"a": f"{small_bank.WHY} Number 0."}
    assert verdict.marks == {}
    assert question.options[0].value == 0.5
    assert not question.scored


@pytest.mark.parametrize("answer", [None, "", [], ()])
def test_nothing_is_not_an_answer(answer, bank):
    for question in bank.questions:
        verdict = quiz.judge(question, answer)
        assert not verdict.answered
        assert verdict.right is (None if question.kind == "predict" else False)


@pytest.mark.parametrize(
    ("question_id", "answer"),
    [
        ("02.Q1", "h"),
        ("02.Q1", ["a", "b"]),
        ("02.Q20", ["a", "h"]),
        ("02.Q23", ["a", "b"]),
        ("02.Q23", list("aabc")),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_for_again(question_id, answer, bank):
    """An option that an older bank had, or an order that is not complete: never an error, never a try."""
    verdict = quiz.judge(bank.question(question_id), answer)
    assert (verdict.right, verdict.answered) == (False, False)
    assert len(verdict.messages[""]) > 10


def test_a_verdict_for_a_card_is_plain_data(bank):
    assert quiz.judge(bank.question("02.Q1"), "b").card() == {
        "right": False,
        "messages": {"b": f"{small_bank.WHY} Number 1."},
        "summary": "Not quite. Try again.",
        "answered": True,
        "marks": {"b": False},
    }


# --- reading numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "unit", "number"),
    [
        (43, "", 43.0),
        (np.float64(43.3), "", 43.3),
        (np.float32(0.5), "", 0.5),
        (np.int64(7), "", 7.0),
        (np.array(43.3), "", 43.3),
        (np.array([43.3]), "", 43.3),
        ([43.3], "", 43.3),
        ("0,631", "fraction", 0.631),
        ("63.1 %", "fraction", 0.631),
        ("63.1 %", "%", 63.1),
        ("−2.5", "", -2.5),
        ("12 000", "", 12000.0),
        ("12\u202f000,5", "", 12000.5),
        ("1.5·10^-3 µM", "µM", 0.0015),
        ("1.5 x 10⁻³ uM", "µM", 0.0015),
        ("2e-3", "", 0.002),
        (".5", "", 0.5),
        ("5 days", "d", 5.0),
        ("6 molecules/um2", "molecules/µm²", 6.0),
        ("12.5 mg·d/L", "mg d/L", 12.5),
    ],
)
def test_numbers_that_are_read(answer, unit, number):
    assert read_number(answer, unit) == pytest.approx(number, rel=1e-12)


def _some_function():
    return 1


@pytest.mark.parametrize(
    ("answer", "unit", "reason"),
    [
        ("43.3 µg/mL", "mg/L", "carries “µg/mL”. Give it in mg/L"),
        ("43.3 nM", "µM", "carries “nM”. Give it in µM"),
        ("43.3 mg", "", "Give it as a bare number, without a unit"),
        ("1,200", "mg", "could be 1.200 or 1200"),
        ("1,234.5", "mg", "more than one point or comma"),
        ("forty", "mg", "no number at its start"),
        ("mg 40", "mg", "no number at its start"),
        ("nan", "", "no number at its start"),
        (float("nan"), "", "division by zero"),
        (np.inf, "", "division by zero"),
        ("1e999", "", "division by zero"),
        (True, "", "a yes or no"),
        (np.True_, "", "a yes or no"),
        ([1, 2], "", "2 values (list). The check wants one number: pick it"),
        (np.arange(240.0), "", "240 values (ndarray)"),
        (np.ones((1, 2)), "", "2 values (list)"),
        ((), "", "an empty tuple"),
        ((43, 3), "mg/L", "If you meant 43.3, write it with a point"),
        ((4, 3, 2), "", "3 values (tuple)"),
        (_some_function, "", "You passed the function _some_function. Call it, with brackets"),
        ({"a": 1}, "", "a value of type dict"),
        (1 + 2j, "", "a value of type complex"),
        (
            quiz.Slip(1, 2, "why"),
            "",
            "You passed a whole Slip. Pick the number you mean from its fields: low, high",
        ),
    ],
)
def test_what_is_no_number_says_what_to_write(answer, unit, reason):
    with pytest.raises(UnreadableAnswer) as caught:
        read_number(answer, unit)
    assert reason in str(caught.value)


@unhurried
@given(st.floats(-1e12, 1e12, allow_subnormal=False), st.sampled_from(["", " mg/L", "mg/L"]))
def test_any_number_python_writes_is_read_back(number, unit):
    assert read_number(f"{number!r}{unit}", "mg/L") == number


@unhurried
@given(st.text(max_size=60))
def test_any_text_is_a_number_or_gets_a_message(text):
    try:
        assert np.isfinite(read_number(text, "mg/L"))
    except UnreadableAnswer as error:
        assert len(str(error)) > 20


@unhurried
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4),
    )
)
def test_any_json_answer_is_judged_without_an_error(answer):
    for question in quiz.load("02").questions:
        verdict = quiz.judge(question, answer)
        assert isinstance(verdict.card()["messages"], dict)
        assert verdict.right in (True, False, None)


def test_the_text_of_the_small_bank_is_what_yaml_gives_back(tmp_path):
    assert yaml.safe_load(small_bank.written(tmp_path).read_text(encoding="utf-8")) == small_bank.data()
