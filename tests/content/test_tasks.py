"""Exercise checks: each wrong number meets its message, hints open one a try, running a stub writes nothing."""

import numpy as np
import pytest
import small_bank

from immunolab.learning import quiz
from immunolab.learning.progress import Progress, current
from immunolab.learning.tasks import check


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """A learner with an empty progress folder, in a course whose lesson 02 is the small bank."""
    monkeypatch.setenv("IMMUNOLAB_HOME", str(small_bank.home(tmp_path / "course")))
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path / "progress"))
    return current()


@pytest.mark.parametrize("answer", [..., None, "", " ", "...", "…"])
def test_a_stub_is_told_what_to_do_and_writes_nothing(answer, learner):
    result = check("02.E1", answer)
    assert (result.right, result.answered, result.attempts, result.hints) == (False, False, 0, ())
    assert result.message == "Not answered yet: replace the dots with your value, and run the cell again."
    assert not learner.path.parent.exists()


@pytest.mark.parametrize(
    "answer", [43.3, "43,3 mg/L", np.float64(43.1), np.array(43.3), np.array([43.3]), [43.3]]
)
def test_a_right_answer_passes_and_is_kept(answer, learner):
    result = check("02.E1", answer)
    assert (result.right, result.answered, result.attempts, result.hints) == (True, True, 0, ())
    assert result.message.startswith("Yes: dose over clearance")
    assert Progress(learner.path.parent).passed("02.E1")


@pytest.mark.parametrize(
    ("answer", "begins"),
    [(21, "That is the value for `six weeks`"), (50, "Divide the dose"), (-43.3, "Divide the dose")],
)
def test_each_wrong_number_meets_its_message(answer, begins, learner):
    result = check("02.E1", answer)
    assert (result.right, result.answered, result.attempts) == (False, True, 1)
    assert result.message.startswith(begins)


def test_hints_open_one_a_try_and_never_the_answer_first(learner):
    hints = small_bank.data()["tasks"][0]["hints"]
    for attempts, wrong in enumerate((50, 51, 52, 53, 54), start=1):
        result = check("02.E1", wrong)
        assert result.attempts == attempts
        assert list(result.hints) == hints[:attempts]
        assert result.next_hint == hints[min(attempts, 4) - 1]
    assert check("02.E2", 50).attempts == 1, "each task has a ladder of its own"


def test_running_the_cell_again_is_not_a_new_attempt(learner):
    for answer in (50, 50.0, "50 mg/L", np.float32(50), 21, 50):
        result = check("02.E1", answer)
    assert result.attempts == 2
    content, written = learner.path.read_bytes(), learner.path.stat().st_mtime_ns
    assert check("02.E1", 21).attempts == 2
    assert (learner.path.read_bytes(), learner.path.stat().st_mtime_ns) == (content, written)


def test_a_task_that_passed_stays_passed_and_is_not_written_again(learner):
    check("02.E1", 43.3)
    written = learner.path.stat().st_mtime_ns, learner.path.stat().st_ino
    assert check("02.E1", 43.2).right
    assert (learner.path.stat().st_mtime_ns, learner.path.stat().st_ino) == written
    assert not check("02.E1", 50).right
    assert learner.passed("02.E1")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("about forty", "no number at its start"),
        ("43.3 nM", "Give it in mg/L"),
        (float("nan"), "division by zero"),
        (np.linspace(0, 50, 240), "240 values (ndarray). The check wants one number: pick it"),
        (True, "a yes or no"),
        (check, "You passed the function check. Call it"),
    ],
)
def test_what_is_no_number_says_what_to_pass_and_is_no_attempt(answer, says, learner):
    result = check("02.E1", answer)
    assert (result.right, result.answered, result.attempts) == (False, False, 0)
    assert says in result.message
    assert not learner.path.parent.exists()


def test_hints_that_are_open_stay_open_beside_a_stub(learner):
    check("02.E1", 50)
    assert check("02.E1", ...).hints == ("Look at the table.",)


def test_a_task_that_does_not_exist_is_told(learner):
    with pytest.raises(ValueError, match=r"no task '02.E9'. It has: 02.E1, 02.E2"):
        check("02.E9", 1)


def test_a_folder_that_cannot_be_written_still_counts_attempts(learner, tmp_path):
    (tmp_path / "progress").write_text("something else")
    assert [check("02.E1", wrong).attempts for wrong in (50, 51, 51)] == [1, 2, 2]
    assert check("02.E1", 43.3).right


def test_a_result_shows_as_text_and_as_html(learner):
    check("02.E1", 50)
    result = check("02.E1", 21)
    assert str(result) == (
        "02.E1 Average concentration\n"
        "✗ Not quite. That is the value for six weeks, not for three.\n"
        "Hint 1 of 4, where to look: Look at the table.\n"
        "Hint 2 of 4, the principle: In equals out."
    )
    assert result._repr_mimebundle_() == {
        "text/plain": str(result),
        "text/html": (
            '<div class="il-task"><p><strong>02.E1</strong> Average <em>concentration</em></p>'
            "<p><strong>✗ Not quite.</strong> That is the value for <code>six weeks</code>, not for three.</p>"
            "<details><summary>Hint 1 of 4, where to look</summary><p>Look at the table.</p></details>"
            "<details><summary>Hint 2 of 4, the principle</summary><p>In equals out.</p></details></div>"
        ),
    }
    for wrong in (51, 52):
        page = check("02.E1", wrong)._repr_mimebundle_()["text/html"]
    assert "It is 43.3 &lt; 44." in page
    assert str(check("02.E1", 43.3)).splitlines()[1].startswith("✓ Right. Yes: dose")
    assert "✓" not in str(check("02.E2", ...))


REAL = [task for bank in quiz.banks() for task in bank.tasks]


@pytest.mark.parametrize("task", REAL, ids=lambda task: task.id)
def test_each_real_task_takes_its_answer_and_tells_its_slips(task, tmp_path):
    learner = Progress(tmp_path)
    assert not check(task.id, ..., learner).answered
    for slip in task.slips:
        for number in (slip.low, (slip.low + slip.high) / 2, slip.high):
            assert check(task.id, number, learner).message == slip.feedback
    assert check(task.id, task.answer.value, learner).right
    assert check(task.id, f"{task.answer.value} {task.answer.unit}", learner).right
    assert learner.passed(task.id)
