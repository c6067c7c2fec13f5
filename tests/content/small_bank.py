"""A question bank small enough to change in a test, and good enough to pass every rule."""

from copy import deepcopy
from pathlib import Path

import yaml

from immunolab.learning import quiz

WHY = "This tempts because it sounds near, and it is wrong for a reason."
PROVENANCE = {"source": ["Someone2020"], "last_checked": "2026-11-23"}


def _single(number: int, objective: int, use: list[str], key: int, misconception: str) -> dict:
    texts = ["a first thing that is long", "a second thing", "a third thing"]
    options = [{"text": text, "feedback": f"{WHY} Number {place}."} for place, text in enumerate(texts)]
    options[key]["right"] = True
    options[(key + 1) % 3]["misconception"] = misconception
    return {
        "id": f"02.Q{number}",
        "objective": f"02.O{objective}",
        "kind": "single",
        "use": use,
        "stem": "Which thing is it?",
        "options": options,
        "hint": "Look at the thing.",
        **PROVENANCE,
    }


def _others() -> list[dict]:
    multiple = {**_single(20, 1, ["check"], 0, "M1"), "kind": "multiple", "stem": "Which things fit?"}
    multiple["options"][2]["right"] = True
    predict = {**_single(21, 2, ["predict"], 1, "M2"), "kind": "predict"}
    predict["options"][0]["value"] = 0.5
    numeric = {
        "id": "02.Q22",
        "objective": "02.O3",
        "kind": "numeric",
        "use": ["check"],
        "stem": "How much is it?",
        "answer": {"value": 43.3, "tolerance": 0.01, "unit": "mg/L"},
        "right_feedback": "Yes: dose over clearance and interval, and nothing else.",
        "slips": [
            {"low": 20, "high": 22, "feedback": "You counted an interval of six weeks instead of three."},
            {"low": 300, "high": 310, "feedback": "You left the clearance in litres an hour, not a day."},
        ],
        "otherwise": "Divide the dose by the clearance and by the interval.",
        "hint": "What goes in, and what comes out?",
        **PROVENANCE,
    }
    order = {
        "id": "02.Q23",
        "objective": "02.O4",
        "kind": "order",
        "use": ["spaced"],
        "stem": "Put these in order:",
        "items": ["one", "two", "three", "four"],
        "right_feedback": "Yes, each of them makes the next one possible.",
        "swaps": [
            {"pair": [0, 1], "feedback": "Two cannot come before one, because one makes it."},
            {"pair": [3, 2], "feedback": "Four cannot come before three, because three makes it."},
        ],
        "otherwise": "Ask of each what it needs before it can happen.",
        "hint": "What comes first?",
        **PROVENANCE,
    }
    return [multiple, predict, numeric, order]


def _task(number: int) -> dict:
    return {
        "id": f"02.E{number}",
        "objective": "02.O4",
        "title": "Average *concentration*",
        "answer": {"value": 43.3, "tolerance": 0.01, "unit": "mg/L"},
        "right_feedback": "Yes: dose over clearance and interval, whatever the volume.",
        "slips": [{"low": 20, "high": 22, "feedback": "That is the value for `six weeks`, not for three."}],
        "otherwise": "Divide the dose by the clearance and by the interval.",
        "hints": [
            "Look at the table.",
            "In equals out.",
            "200 mg over 21 days is 9.5 mg a day.",
            "It is 43.3 < 44.",
        ],
        "source": ["Someone2020"],
    }


_BANK = {
    "lesson": "02_immune_checkpoints",
    "questions": [
        _single(1, 1, ["pre"], 0, "M1"),
        _single(2, 2, ["pre"], 1, "M2"),
        _single(3, 2, ["check"], 2, "M3"),
        _single(4, 3, ["exit"], 1, "M4"),
        _single(5, 4, ["exit"], 2, "M5"),
        _single(6, 5, ["exit", "spaced"], 1, "M1"),
        *_others(),
    ],
    "tasks": [_task(1), _task(2)],
}


def data() -> dict:
    """The bank as plain data, the caller's own."""
    return deepcopy(_BANK)


def written(folder: Path, bank: dict | None = None) -> Path:
    """The bank as a file in this folder."""
    path = folder / "quiz.yaml"
    path.write_text(yaml.safe_dump(bank or _BANK, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def loaded(folder: Path, bank: dict | None = None) -> quiz.Bank:
    return quiz.load(written(folder, bank))


def home(folder: Path) -> Path:
    """A course folder that holds this bank as lesson 02."""
    exercises = folder / "exercises" / _BANK["lesson"]
    exercises.mkdir(parents=True)
    written(exercises)
    return folder
