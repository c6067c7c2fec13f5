"""Progress: nothing written by reading, nothing lost by writing, nothing executed or destroyed by what is pasted."""

import json
import os
import string
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import small_bank
from hypothesis import example, given, settings
from hypothesis import strategies as st

from immunolab.learning import progress, record
from immunolab.learning.progress import Progress, ProgressError
from immunolab.learning.record import (
    QuestionRecord,
    Record,
    TaskRecord,
    Try,
    from_code,
    from_text,
    to_code,
    to_text,
)

NEWER = '{"course": "ImmunoLab", "format": 2, "anything": []}'
FOREIGN = '{"name": "another tool", "settings": {}}'
DAMAGED = '{"course": "ImmunoLab", "format": 1, "questio'


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a minute whenever it is read."""
    time = iter(range(1_000_000, 2_000_000, 60))
    monkeypatch.setattr(progress, "_now", lambda: next(time))


# --- what is recorded ---------------------------------------------------------------------------------------


def test_reading_writes_nothing_not_even_a_folder(folder, tmp_path):
    learner = Progress(folder)
    bank = small_bank.loaded(tmp_path)
    assert learner.answer("02.Q3") is None
    assert learner.answered("02.Q3") is False
    assert (learner.tries("02.Q3"), learner.attempts("02.E1"), learner.passed("02.E1")) == (0, 0, False)
    assert learner.met_objectives(bank) == frozenset()
    assert str(learner.statistics(bank)).endswith("answered yet.")
    assert learner.code().startswith("IL1-")
    assert json.loads(learner.export())["questions"] == {}
    assert (learner.problem, learner.notice()) == (None, None)
    assert not folder.exists()


def test_the_folder_is_the_one_named_by_the_variable(folder, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(folder))
    assert Progress().path == folder / "progress.json"
    assert progress.current() is progress.current()
    assert progress.current().path == Progress().path
    monkeypatch.delenv("IMMUNOLAB_PROGRESS")
    assert "immunolab" in str(Progress().path)


def test_an_answer_is_kept_with_its_first_and_last_try(folder, clock):
    learner = Progress(folder)
    learner.record_answer("02.Q3", "b", False, "sure")
    learner.record_answer("02.Q3", "c", False)
    learner.record_answer("02.Q3", "a", True)
    again = Progress(folder)
    assert again.answer("02.Q3") == "a"
    assert again.first_try("02.Q3") == Try("b", False, 1_000_000, "sure")
    assert again.last_try("02.Q3") == Try("a", True, 1_000_120)
    assert again.tries("02.Q3") == 3
    assert sorted(path.name for path in folder.iterdir()) == ["progress.json", "progress.json.lock"]


def test_a_wrong_answer_after_a_right_one_takes_nothing_away(folder, clock):
    learner = Progress(folder)
    learner.record_answer("02.Q3", "a", True)
    learner.record_answer("02.Q3", "b", False)
    assert learner.record.questions["02.Q3"].right is True
    assert learner.answer("02.Q3") == "b"


def test_the_same_answer_again_is_not_another_try_and_not_a_write(folder):
    learner = Progress(folder)
    learner.record_answer("02.Q3", ["a", "c"], False)
    before = learner.path.stat().st_mtime_ns, learner.path.stat().st_ino
    learner.record_answer("02.Q3", ("a", "c"), False)
    assert learner.tries("02.Q3") == 1
    assert (learner.path.stat().st_mtime_ns, learner.path.stat().st_ino) == before


def test_answers_within_a_second_or_with_a_clock_that_goes_back_keep_their_order(folder, monkeypatch):
    times = iter([500, 500, 100])
    monkeypatch.setattr(progress, "_now", lambda: next(times))
    learner = Progress(folder)
    for answer in "cab":
        learner.record_answer("02.Q3", answer, False)
    assert (learner.first_try("02.Q3").answer, learner.answer("02.Q3")) == ("c", "b")


def test_a_skipped_prediction_is_recorded_as_skipped(folder):
    learner = Progress(folder)
    learner.record_answer("02.Q10", None, None)
    assert learner.answered("02.Q10")
    assert learner.answer("02.Q10") is None
    assert learner.first_try("02.Q10").right is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("question three", "a", True), "an id looks like 02.Q3"),
        (("02.Q3", {"a": 1}, True), "an answer is"),
        (("02.Q3", float("nan"), True), "an answer is"),
        (("02.Q3", "a", 1), "right is True, False or None"),
        (("02.Q3", "a", True, "certain"), "confidence is 'certain'"),
    ],
)
def test_what_is_no_answer_is_refused(arguments, reason, folder):
    with pytest.raises(ValueError, match=reason):
        Progress(folder).record_answer(*arguments)
    assert not folder.exists()


def test_a_task_keeps_its_different_wrong_answers(folder):
    learner = Progress(folder)
    for answer in ("21", "0.27", "21"):
        learner.record_task("02.E1", False, answer)
    assert (learner.attempts("02.E1"), learner.passed("02.E1")) == (2, False)
    learner.record_task("02.E1", True)
    assert (Progress(folder).attempts("02.E1"), Progress(folder).passed("02.E1")) == (2, True)


def test_a_long_answer_is_cut_not_refused(folder):
    learner = Progress(folder)
    learner.record_answer("02.Q22", " 4" * 5000, False)
    learner.record_task("02.E1", False, "4" * 5000)
    assert len(Progress(folder).answer("02.Q22")) == record.LONGEST_ANSWER


# --- what has been achieved ---------------------------------------------------------------------------------


def test_an_objective_is_met_by_a_question_right_on_any_try_and_all_its_tasks(folder, tmp_path):
    bank = small_bank.loaded(tmp_path)
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)  # a prequestion of objective 1 counts for nothing
    learner.record_answer("02.Q3", "a", False)
    assert learner.met_objectives(bank) == frozenset()
    learner.record_answer("02.Q3", "c", True)
    learner.record_answer("02.Q5", "c", True)
    assert learner.met_objectives(bank) == {"02.O2"}
    states = {state.id: state for state in learner.objectives([bank])}
    assert list(states) == ["02.O1", "02.O2", "02.O3", "02.O4", "02.O5"]
    assert states["02.O4"].question_right
    assert states["02.O4"].open_tasks == ("02.E1", "02.E2")
    learner.record_task("02.E1", True)
    learner.record_task("02.E2", False, "21")
    assert "02.O4" not in learner.met_objectives(bank)
    learner.record_task("02.E2", True)
    learner.record_answer("02.Q3", "a", False)
    assert Progress(folder).met_objectives(bank) == {"02.O2", "02.O4"}


def test_an_order_or_prediction_of_the_objective_does_not_meet_it(folder, tmp_path):
    bank = small_bank.loaded(tmp_path)
    learner = Progress(folder)
    learner.record_answer("02.Q23", list("cbad"), True)  # spaced only
    learner.record_answer("02.Q21", "b", None)
    learner.record_task("02.E1", True)
    learner.record_task("02.E2", True)
    assert learner.met_objectives(bank) == frozenset()


def test_statistics_count_first_tries_of_scored_questions(folder, tmp_path):
    bank = small_bank.loaded(tmp_path)
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)  # pre: not scored
    learner.record_answer("02.Q21", "a", None)  # predicted: not scored
    learner.record_answer("02.Q3", "a", False, "sure")
    learner.record_answer("02.Q3", "c", True)
    learner.record_answer("02.Q4", "b", True, "sure")
    learner.record_answer("02.Q5", "c", True, "unsure")
    learner.record_answer("03.Q1", "c", True)  # of no bank given here
    learner.record_task("02.E2", True)
    statistics = learner.statistics([bank])
    assert statistics == progress.Statistics(
        questions=7,
        answered=3,
        right=3,
        right_at_first=2,
        sure=2,
        sure_and_right=1,
        tasks=2,
        tasks_passed=1,
    )
    assert statistics.first_try_share == pytest.approx(2 / 3)
    assert str(statistics) == (
        "3 of 7 questions answered, 2 right at the first try. Sure of 2 first answers, and right in 1 of these."
    )


# --- several notebooks --------------------------------------------------------------------------------------


def test_two_open_notebooks_see_and_keep_each_others_answers(folder):
    one, two = Progress(folder), Progress(folder)
    one.record_answer("02.Q1", "a", True)
    two.record_answer("02.Q2", "b", False)
    assert one.answer("02.Q2") == "b"
    assert two.answer("02.Q1") == "a"


ANOTHER_NOTEBOOK = """
import sys
from immunolab.learning.progress import Progress
folder, worker = sys.argv[1:]
learner = Progress(folder)
for number in range(25):
    learner.record_answer(f"02.Q{worker}{number:02d}", "a", True)
    learner.record_answer("02.Q1", f"{worker} {number}", False)
sys.exit(learner.problem)
"""


def test_four_processes_at_once_lose_no_answer(folder):
    notebooks = [
        subprocess.Popen([sys.executable, "-c", ANOTHER_NOTEBOOK, folder, str(n)]) for n in (1, 2, 3, 4)
    ]
    assert [notebook.wait(120) for notebook in notebooks] == [0, 0, 0, 0]
    learner = Progress(folder)
    assert len(learner.record.questions) == 101
    assert learner.tries("02.Q1") == 100
    assert sorted(path.name for path in folder.iterdir()) == ["progress.json", "progress.json.lock"]


def test_a_crash_between_writing_and_replacing_leaves_the_old_file(folder, monkeypatch):
    Progress(folder).record_answer("02.Q1", "a", True)
    old = (folder / "progress.json").read_bytes()

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            Progress(folder).record_answer("02.Q2", "b", True)
    assert (folder / "progress.json").read_bytes() == old
    assert (folder / "progress.json.new").exists()
    later = Progress(folder)
    later.record_answer("02.Q3", "c", True)
    assert set(later.record.questions) == {"02.Q1", "02.Q3"}
    assert not (folder / "progress.json.new").exists()


def test_a_file_that_is_held_for_a_moment_is_replaced_in_the_end(folder, monkeypatch):
    """As on Windows, while another process reads it."""
    refusals = iter([True, True, False])
    replace = Path.replace

    def refuse_at_first(self, target):
        if next(refusals):
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse_at_first)
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    assert learner.problem is None
    assert Progress(folder).answer("02.Q1") == "a"


def test_what_another_notebook_deleted_does_not_come_back(folder):
    one, two = Progress(folder), Progress(folder)
    one.record_answer("02.Q1", "a", True)
    assert two.answered("02.Q1")
    assert one.forget(sure=True) == "Your progress here is deleted."
    two.record_answer("02.Q2", "b", True)
    assert set(Progress(folder).record.questions) == {"02.Q2"}


# --- files that are not what they should be -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (DAMAGED.encode(), "This progress is damaged: a part is missing or changed."),
        (b"\xff\xfe\x00", "This progress is damaged: a part is missing or changed."),
        (b"", "This progress is damaged: a part is missing or changed."),
        (b"[" * 100_000, "This progress is damaged: a part is missing or changed."),
        (FOREIGN.encode(), "This is not progress of ImmunoLab."),
        (b"[]", "This is not progress of ImmunoLab."),
    ],
)
def test_a_file_that_is_not_understood_is_told_and_set_aside_at_the_first_answer(content, says, folder):
    folder.mkdir()
    path = folder / "progress.json"
    path.write_bytes(content)
    learner = Progress(folder)
    assert learner.problem.startswith(f"{says} It is your progress file {path}, left as it is.")
    assert learner.notice() == learner.problem
    assert learner.notice() is None, "a problem is told once"
    assert learner.answer("02.Q1") is None
    assert [entry.name for entry in folder.iterdir()] == ["progress.json"]
    assert path.read_bytes() == content, "reading changes nothing"

    learner.record_answer("02.Q1", "a", True)
    assert (folder / "progress.json.kept-1").read_bytes() == content
    assert "kept as" in learner.notice()
    assert learner.problem is None
    assert Progress(folder).answer("02.Q1") == "a"
    assert Progress(folder).problem is None


def test_files_set_aside_earlier_stay(folder):
    for number, content in enumerate((DAMAGED, FOREIGN), start=1):
        folder.mkdir(exist_ok=True)
        (folder / "progress.json").write_text(content)
        Progress(folder).record_answer("02.Q1", "a", True)
        assert (folder / f"progress.json.kept-{number}").read_text() == content
    assert (folder / "progress.json.kept-1").read_text() == DAMAGED


def test_a_file_damaged_while_a_notebook_is_open_costs_it_nothing(folder):
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    (folder / "progress.json").write_text(DAMAGED)
    assert learner.answer("02.Q1") == "a"
    learner.record_answer("02.Q2", "b", True)
    assert set(Progress(folder).record.questions) == {"02.Q1", "02.Q2"}
    assert (folder / "progress.json.kept-1").read_text() == DAMAGED


def test_a_newer_file_is_never_written(folder):
    folder.mkdir()
    path = folder / "progress.json"
    path.write_text(NEWER)
    learner = Progress(folder)
    assert "newer ImmunoLab (format 2; this one reads 1)" in learner.problem
    assert "kept in this session" in learner.problem
    learner.record_answer("02.Q1", "a", True)
    learner.record_task("02.E1", False, "21")
    assert path.read_text() == NEWER
    assert not list(folder.glob("*.kept-*"))
    assert (learner.answer("02.Q1"), learner.attempts("02.E1")) == ("a", 1)
    assert learner.notice() == learner.problem
    assert learner.notice() is None
    with pytest.raises(ProgressError, match="by hand"):
        learner.forget(sure=True)
    assert path.read_text() == NEWER

    other = Progress(folder.with_name("other"))
    other.restore(learner.code())
    assert (other.answer("02.Q1"), other.attempts("02.E1")) == ("a", 1)


def test_a_file_where_the_folder_should_be_is_told_once_and_the_lesson_goes_on(folder):
    folder.write_text("something else")
    learner = Progress(folder)
    for number in range(1, 4):
        learner.record_answer(f"02.Q{number}", "a", True)
    assert learner.answer("02.Q2") == "a"
    assert folder.read_text() == "something else"
    told = learner.notice()
    assert "You can go on: your answers are kept in this session" in told
    learner.record_answer("02.Q4", "a", True)
    assert learner.notice() is None
    assert learner.problem


def test_a_folder_that_cannot_be_written_keeps_answers_until_it_can(folder, monkeypatch):
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", refuse)
        broken.setattr(progress.time, "sleep", lambda _: None)
        learner.record_answer("02.Q1", "b", False)
        learner.record_answer("02.Q2", "b", True)
        assert learner.problem == (
            f"Your progress cannot be saved in {folder}: Permission denied. You can go on: your answers are kept in "
            "this session, and “code()” gives you a copy to take along."
        )
        assert (learner.answer("02.Q1"), learner.tries("02.Q1"), learner.answer("02.Q2")) == ("b", 2, "b")
        assert Progress(folder).answer("02.Q2") is None
    learner.record_answer("02.Q3", "c", True)
    assert learner.problem is None
    assert set(Progress(folder).record.questions) == {"02.Q1", "02.Q2", "02.Q3"}
    assert Progress(folder).answer("02.Q1") == "b"


def test_a_lock_that_another_program_holds_does_not_stop_the_lesson(folder, monkeypatch):
    monkeypatch.setattr(progress, "_LOCK_SECONDS", 0.1)
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    with Progress(folder)._lock():
        learner.record_answer("02.Q2", "b", True)
        assert "another notebook holds it" in learner.problem
        assert learner.answer("02.Q2") == "b"
    learner.record_answer("02.Q3", "c", True)
    assert set(Progress(folder).record.questions) == {"02.Q1", "02.Q2", "02.Q3"}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root and Windows may write anywhere"
)
def test_a_folder_without_permission_is_told(folder):
    folder.mkdir()
    folder.chmod(0o500)
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    assert "cannot be saved" in learner.problem
    assert learner.answer("02.Q1") == "a"


# --- taking it elsewhere, and deleting it -------------------------------------------------------------------


def test_a_code_restores_everything_elsewhere(folder, tmp_path, clock):
    here = Progress(folder)
    here.record_answer("02.Q3", "b", False, "sure")
    here.record_answer("02.Q3", "a", True)
    here.record_answer("02.Q22", "43,3 mg/L", True)
    here.record_task("02.E1", False, "21")
    there = Progress(tmp_path / "elsewhere")
    assert there.restore(here.code()) == "Restored: 3 answers are new or changed here."
    assert there.record == here.record
    assert Progress(tmp_path / "elsewhere").record == here.record
    assert there.restore(here.code()) == "Restored: everything in it was here already."
    assert Progress(tmp_path / "third").restore("\ufeff" + here.export()) == (
        "Restored: 3 answers are new or changed here."
    )


def test_restoring_joins_with_what_is_here(folder, tmp_path, clock):
    early, late = Progress(folder), Progress(tmp_path / "late")
    early.record_answer("02.Q3", "b", True)
    late.record_answer("02.Q3", "c", False)
    late.record_answer("02.Q4", "a", True)
    late.restore(early.code())
    assert late.first_try("02.Q3").answer == "b"
    assert late.answer("02.Q3") == "c"
    assert late.record.questions["02.Q3"].right is True
    assert late.answered("02.Q4")


@pytest.mark.parametrize(
    "pasted",
    [
        lambda code: f"  {code}\n",
        lambda code: "\n".join(code[start : start + 20] for start in range(0, len(code), 20)),
        lambda code: "\r\n> ".join(code[start : start + 60] for start in range(0, len(code), 60)),
        lambda code: f'"{code}"',
        lambda code: f"“{code}”",
        lambda code: f"`{code}`",
        lambda code: f"\ufeff{code[:9]}\u200b{code[9:]}\u00a0",
    ],
)
def test_a_code_survives_what_mails_and_chats_do_to_it(pasted, folder):
    learner = Progress(folder)
    learner.record_answer("02.Q3", "b", False)
    assert from_code(pasted(learner.code())) == learner.record


def _packed(text: bytes, more: bytes = b"") -> str:
    packed = zlib.compress(text, wbits=-15) + more
    return f"IL1-{record._spell(record._checksum(packed) + packed)}"


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (to_code(Record())[:-1], "damaged", "This code is damaged"),
        ("IL1-", "damaged", "This code is damaged"),
        ("IL1-AAAAAAAA", "damaged", "This code is damaged"),
        ("IL1-hello!", "damaged", "This code is damaged"),
        (_packed(DAMAGED.encode()), "damaged", "This progress is damaged"),
        (_packed(to_text(Record()).encode(), more=b"and more"), "damaged", "This code is damaged"),
        (_packed(b'{"course":"ImmunoLab","format":1,"questions":[],"tasks":{}}'), "damaged", "does not fit"),
        ("", "foreign", "a code begins with “IL1-”"),
        ("hunter2", "foreign", "a code begins with “IL1-”"),
        ("IL0-AAAA", "foreign", "a code begins with “IL1-”"),
        (_packed(FOREIGN.encode()), "foreign", "This is not progress of ImmunoLab"),
        ("IL1-" + "A" * record.LONGEST_CODE, "foreign", "far longer than any progress code"),
        ("IL2-ANYTHING", "newer", "newer ImmunoLab (format 2; this one reads 1)"),
        (_packed(NEWER.encode()), "newer", "newer ImmunoLab (format 2; this one reads 1)"),
    ],
)
def test_a_code_that_cannot_be_used_is_told_and_changes_nothing(code, kind, says, folder):
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    before = learner.path.read_bytes()
    with pytest.raises(ProgressError) as caught:
        learner.restore(code)
    assert says in str(caught.value)
    assert caught.value.kind == kind
    assert learner.path.read_bytes() == before


def test_a_code_that_unpacks_without_end_is_refused():
    """A megabyte of blanks packs into a kilobyte: unpacking stops at the longest text a record could be."""
    bomb = _packed(b" " * 50_000_000)
    assert len(bomb) > record.LONGEST_CODE
    with pytest.raises(ProgressError, match="far longer"):
        from_code(bomb)
    with pytest.raises(ProgressError, match="damaged"):
        from_code(_packed(b" " * 20_000_000))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 0},
        {"format": "1"},
        {"format": True},
        {"format": None},
        {"extra": 1},
        {"questions": None},
        {"questions": {"02.Q1": {}}},
        {"questions": {"../x": None}},
        {"tasks": {"02.E1": {"right": True, "tried": "ab"}}},
        {"tasks": {"02.E1": {"right": 1, "tried": []}}},
        {"tasks": {"02.E1": {"right": True, "tried": [1]}}},
        {"tasks": {"02.E1": {"right": True, "tried": [], "more": 1}}},
    ],
)
def test_every_field_is_checked(change):
    data = json.loads(to_text(Record()))
    with pytest.raises(ProgressError, match="does not fit"):
        from_text(json.dumps({**data, **change}))


@pytest.mark.parametrize(
    "change",
    [
        {"answer": {"__reduce__": 1}},
        {"answer": ["a" * 17]},
        {"answer": float("inf")},
        {"answer": True},
        {"at": 1.5},
        {"at": -1},
        {"at": True},
        {"right": "yes"},
        {"confidence": "very"},
        {"note": "more"},
    ],
)
def test_every_field_of_a_try_is_checked(change):
    data = json.loads(to_text(Record().with_try("02.Q1", Try("a", True, 7))))
    data["questions"]["02.Q1"]["first"].update(change)
    with pytest.raises(ProgressError, match="does not fit"):
        from_text(json.dumps(data))


def test_a_whole_course_fits_into_a_code():
    full = Record()
    for lesson in range(14):
        for number in range(1, 21):
            for answer in ("b", "43.3 mg/L"):
                full = full.with_try(
                    f"{lesson:02d}.Q{number}", Try(answer, True, 1_800_000_000 + number * 97, "sure")
                )
        for number in range(1, 7):
            for answer in ("21", "0.27", "1234.5"):
                full = full.with_task(f"{lesson:02d}.E{number}", False, answer)
    assert from_code(to_code(full)) == full
    assert len(to_code(full)) < record.LONGEST_CODE / 8


def test_forgetting_asks_first_and_then_leaves_no_answer(folder):
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    with pytest.raises(ProgressError, match=r"Nothing was deleted.*forget\(sure=True\)"):
        learner.forget()
    assert learner.answered("02.Q1")
    learner.forget(sure=True)
    assert not learner.answered("02.Q1")
    assert not (folder / "progress.json").exists()
    assert Progress(folder.with_name("never used")).forget(sure=True)
    assert not folder.with_name("never used").exists()


def test_forgetting_names_the_files_that_were_set_aside(folder):
    folder.mkdir()
    (folder / "progress.json").write_text(DAMAGED)
    learner = Progress(folder)
    learner.record_answer("02.Q1", "a", True)
    said = learner.forget(sure=True)
    assert said.endswith(f"Set aside earlier, and still in {folder}: progress.json.kept-1.")
    assert (folder / "progress.json.kept-1").read_text() == DAMAGED


def test_a_damaged_file_is_not_deleted_by_the_course(folder):
    folder.mkdir()
    (folder / "progress.json").write_text(DAMAGED)
    with pytest.raises(ProgressError, match=r"you can delete .* by hand"):
        Progress(folder).forget(sure=True)
    assert (folder / "progress.json").read_text() == DAMAGED


# --- properties ---------------------------------------------------------------------------------------------

unhurried = settings(deadline=None)  # no test here is about speed

ANSWERS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.sampled_from("abcdefgh"), max_size=5),
)
TRIES = st.builds(
    Try, ANSWERS, st.sampled_from([True, False, None]), st.integers(0, 5) | st.integers(0, 2**40 - 1),
    st.sampled_from(record.CONFIDENCES),
)  # fmt: skip
QUESTIONS = st.builds(
    QuestionRecord, TRIES, TRIES, st.sampled_from([True, False, None]), st.integers(1, 2**31 - 1)
)
TASKS = st.builds(TaskRecord, st.booleans(), st.lists(st.text(max_size=8), max_size=40).map(tuple))
IDS = st.sampled_from(["02.Q1", "02.Q2", "02.E1", "13.P999"])
RECORDS = st.builds(
    Record,
    st.dictionaries(IDS, QUESTIONS, max_size=3),
    st.dictionaries(IDS, TASKS, max_size=3),
)


@unhurried
@given(RECORDS, RECORDS)
def test_joining_is_commutative(one, two):
    assert one.join(two) == two.join(one)


@unhurried
@given(RECORDS, RECORDS, RECORDS)
def test_joining_is_associative(one, two, three):
    assert one.join(two).join(three) == one.join(two.join(three))


@unhurried
@given(RECORDS, RECORDS)
def test_joining_is_idempotent_and_loses_nothing(one, two):
    both = one.join(two)
    assert both.join(one) == both
    assert one.join(one) == one
    assert both.without(one).join(one) == both
    for part, entry in one.questions.items():
        assert both.questions[part].tries >= entry.tries
        assert both.questions[part].right or not entry.right
    for part, entry in one.tasks.items():
        assert both.tasks[part].right or not entry.right


@unhurried
@given(RECORDS)
def test_a_record_survives_code_and_text(some):
    assert from_code(to_code(some)) == some
    assert from_text(to_text(some)) == some
    assert to_text(from_text(to_text(some))) == to_text(some)


@unhurried
@given(RECORDS, st.data())
@example(Record(), None)
def test_any_changed_character_of_a_code_is_noticed(some, data):
    code = to_code(some)
    places = range(len(code)) if data is None else [data.draw(st.integers(0, len(code) - 1))]
    for place in places:
        others = string.printable if data is None else [data.draw(st.characters(exclude_categories=["Cs"]))]
        for other in others:
            if other != code[place]:
                with pytest.raises(ProgressError):
                    from_code(code[:place] + other + code[place + 1 :])


@unhurried
@given(
    st.text(max_size=200) | st.text(string.ascii_uppercase + string.digits, max_size=200).map("IL1-".__add__)
)
def test_any_pasted_text_is_progress_or_gets_a_message(text):
    with pytest.raises(ProgressError) as caught:
        from_code(text)
    assert caught.value.kind in ("damaged", "foreign", "newer")


@unhurried
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=10,
    )
)
def test_any_content_of_a_file_is_progress_or_gets_a_message(content):
    data = {"course": "ImmunoLab", "format": 1, "questions": {"02.Q1": content}, "tasks": {}}
    for text in (json.dumps(content), json.dumps(data)):
        with pytest.raises(ProgressError):
            from_text(text)
