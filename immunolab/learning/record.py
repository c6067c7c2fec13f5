"""What a learner has answered, as plain values: how two records join, and how one becomes text and back.

A record is data and stays data: reading one parses JSON and checks every field, nothing is ever executed.
Joining is commutative, associative and idempotent, so that the file, a second notebook and a pasted code can
meet in any order.
"""

import base64
import binascii
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

FORMAT = 1
COURSE = "ImmunoLab"
CONFIDENCES = ("sure", "unsure", None)

LONGEST_ANSWER = 200
LONGEST_CODE = 64 * 1024
LONGEST_TEXT = 1024 * 1024
MOST_TRIED = 30
"""How many different wrong answers to a task are kept; all hints are open long before."""

_ID = re.compile(r"[0-9]{2}\.[A-Z][0-9]{1,3}")
_CODE_HEAD = re.compile(r"IL([1-9][0-9]{0,2})-")
# What mail programs, chats and notebooks put around or into a pasted line.
_PASTED_ALONG = re.compile(r"[\s\"'`´‘’“”„«»<>\u00ad\u200b-\u200d\u2060\ufeff]+")


class ProgressError(ValueError):
    """Progress that cannot be read, with a message for the learner.

    ``kind`` is "damaged" (a part is missing or changed), "foreign" (not of this course) or "newer" (made by a
    later version of the course). Whatever was there before is still there.
    """

    def __init__(self, message: str, kind: str = ""):
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Try:
    """One answer as given. ``right`` is None where nothing is scored; ``at`` counts seconds since 1970."""

    answer: Any
    right: bool | None
    at: int
    confidence: str | None = None

    def __post_init__(self):
        _require(_is_answer(self.answer), "an answer is text, a number, or a list of option ids")
        _require(self.right is None or type(self.right) is bool, "right is True, False or None")
        _require(type(self.at) is int and 0 <= self.at < 2**40, "the time is a count of seconds")
        _require(self.confidence in CONFIDENCES, "confidence is “sure”, “unsure” or None")


@dataclass(frozen=True)
class QuestionRecord:
    """The first and the last try of a question, whether any try was right, and how many there were."""

    first: Try
    last: Try
    right: bool | None
    tries: int

    def __post_init__(self):
        _require(self.right is None or type(self.right) is bool, "right is True, False or None")
        _require(type(self.tries) is int and 1 <= self.tries < 2**31, "tries is a count")

    def join(self, other: "QuestionRecord") -> "QuestionRecord":
        return QuestionRecord(
            first=min(self.first, other.first, key=_moment),
            last=max(self.last, other.last, key=_moment),
            right=max(self.right, other.right, key=(None, False, True).index),
            tries=max(self.tries, other.tries),
        )


@dataclass(frozen=True)
class TaskRecord:
    """Whether a task of an exercise has passed, and the different wrong answers tried, sorted."""

    right: bool = False
    tried: tuple[str, ...] = ()

    def __post_init__(self):
        _require(type(self.right) is bool, "right is True or False")
        _require(
            all(isinstance(text, str) and len(text) <= LONGEST_ANSWER for text in self.tried), "tried is text"
        )
        object.__setattr__(self, "tried", tuple(sorted(set(self.tried))[:MOST_TRIED]))

    def join(self, other: "TaskRecord") -> "TaskRecord":
        return TaskRecord(self.right or other.right, self.tried + other.tried)


@dataclass(frozen=True)
class Record:
    """Everything a learner has answered, by question id and by task id."""

    questions: Mapping[str, QuestionRecord] = field(default_factory=dict)
    tasks: Mapping[str, TaskRecord] = field(default_factory=dict)

    def __post_init__(self):
        _require(
            all(_ID.fullmatch(part) for part in [*self.questions, *self.tasks]), "an id looks like 02.Q3"
        )

    def join(self, other: "Record") -> "Record":
        """Both records as one: first tries stay first, what was right stays right."""
        return Record(_union(self.questions, other.questions), _union(self.tasks, other.tasks))

    def with_try(self, question_id: str, new: Try) -> "Record":
        """The record after this answer. The same answer given again is not another try."""
        old = self.questions.get(question_id)
        if old is None:
            return self._with("questions", question_id, QuestionRecord(new, new, new.right, 1))
        if (new.answer, new.right, new.confidence) == (old.last.answer, old.last.right, old.last.confidence):
            return self
        new = replace(new, at=max(new.at, old.last.at + 1))  # the clock may stand still, or go back
        joined = old.join(QuestionRecord(new, new, new.right, old.tries + 1))
        return self._with("questions", question_id, joined)

    def with_task(self, task_id: str, right: bool, answer: str) -> "Record":
        """The record after this answer to a task. A wrong answer that was tried before changes nothing."""
        new = TaskRecord(right, () if right else (answer,))
        return self._with("tasks", task_id, self.tasks.get(task_id, TaskRecord()).join(new))

    def without(self, other: "Record") -> "Record":
        """What this record holds beyond the other one."""
        return Record(_beyond(self.questions, other.questions), _beyond(self.tasks, other.tasks))

    def _with(self, group: str, part: str, entry: QuestionRecord | TaskRecord) -> "Record":
        groups = {"questions": self.questions, "tasks": self.tasks}
        return Record(**{**groups, group: {**groups[group], part: entry}})


# --- text and code -------------------------------------------------------------------------------------


def to_text(record: Record, indent: int | None = 1) -> str:
    """The record as JSON: the same record always gives the same text."""
    data = {"course": COURSE, "format": FORMAT, **asdict(record)}
    separators = (",", ":") if indent is None else None
    return json.dumps(data, indent=indent, separators=separators, sort_keys=True)


def from_text(text: str | bytes) -> Record:
    """The record in a JSON text. Raises `ProgressError` for what is damaged, foreign or newer."""
    if len(text) > LONGEST_TEXT:
        raise ProgressError("This is far larger than any progress of this course.", "foreign")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ProgressError("This progress is damaged: a part is missing or changed.", "damaged") from None
    if not isinstance(data, dict) or data.get("course") != COURSE:
        raise ProgressError("This is not progress of ImmunoLab.", "foreign")
    if type(data.get("format")) is int and data["format"] > FORMAT:
        raise _newer(data["format"])
    try:
        return _from_data(data)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise ProgressError("This progress is damaged: its content does not fit.", "damaged") from None


def to_code(record: Record) -> str:
    """The record as a code to copy: ``IL1-``, then checksum and packed record in capitals and digits."""
    packed = zlib.compress(to_text(record, indent=None).encode(), level=9, wbits=-15)
    return f"IL{FORMAT}-{_spell(_checksum(packed) + packed)}"


def from_code(code: str) -> Record:
    """The record in a code, as it comes out of a mail or a chat. Raises `ProgressError`."""
    if len(code) > LONGEST_CODE:
        raise ProgressError("This is far longer than any progress code.", "foreign")
    bare = _PASTED_ALONG.sub("", code)
    head = _CODE_HEAD.match(bare)
    if head is None:
        raise ProgressError(
            f"This is not a progress code of ImmunoLab: a code begins with “IL{FORMAT}-”.", "foreign"
        )
    if int(head[1]) > FORMAT:
        raise _newer(int(head[1]))
    return from_text(_unpack(bare[head.end() :]))


def _unpack(spelled: str) -> bytes:
    try:
        blob = base64.b32decode(spelled + "=" * (-len(spelled) % 8))
    except (binascii.Error, ValueError):
        raise _damaged_code() from None
    packed = blob[4:]
    # The spelling is compared too: the last letter has spare bits, which decoding would let pass.
    if blob[:4] != _checksum(packed) or _spell(blob) != spelled:
        raise _damaged_code()
    unpacker = zlib.decompressobj(wbits=-15)
    try:
        text = unpacker.decompress(packed, LONGEST_TEXT)
    except zlib.error:
        raise _damaged_code() from None
    if not unpacker.eof or unpacker.unused_data:
        raise _damaged_code()
    return text


def _spell(blob: bytes) -> str:
    """Capitals and digits only: chats turn ``_`` into italics, word processors ``--`` into a dash."""
    return base64.b32encode(blob).decode().rstrip("=")


def _checksum(packed: bytes) -> bytes:
    return zlib.crc32(packed).to_bytes(4, "big")


def _damaged_code() -> ProgressError:
    message = (
        "This code is damaged: a part is missing or changed. Copy all of it again, from “IL” to the end."
    )
    return ProgressError(message, "damaged")


def _newer(found: int) -> ProgressError:
    message = (
        f"This was made by a newer ImmunoLab (format {found}; this one reads {FORMAT}). Update this one."
    )
    return ProgressError(message, "newer")


# --- checks --------------------------------------------------------------------------------------------


def _from_data(data: dict) -> Record:
    _require(set(data) == {"course", "format", "questions", "tasks"}, "the fields are these four")
    _require(type(data["format"]) is int and data["format"] == FORMAT, "the format is known")
    return Record(
        {part: _question(entry) for part, entry in data["questions"].items()},
        {part: _task(entry) for part, entry in data["tasks"].items()},
    )


def _question(entry: dict) -> QuestionRecord:
    return QuestionRecord(**{**entry, "first": Try(**entry["first"]), "last": Try(**entry["last"])})


def _task(entry: dict) -> TaskRecord:
    _require(isinstance(entry["tried"], list), "tried is a list")
    return TaskRecord(**{**entry, "tried": tuple(entry["tried"])})


def _is_answer(answer: Any) -> bool:
    if isinstance(answer, list):
        return len(answer) <= 16 and all(isinstance(part, str) and len(part) <= 16 for part in answer)
    if isinstance(answer, str):
        return len(answer) <= LONGEST_ANSWER
    return answer is None or (type(answer) in (int, float) and math.isfinite(answer))


def _moment(entry: Try) -> tuple[int, str]:
    """When a try was; the rest of it decides between tries of the same second."""
    return entry.at, json.dumps(asdict(entry), sort_keys=True)


def _union(mine: Mapping, theirs: Mapping) -> dict:
    return {
        part: mine[part].join(theirs[part])
        if part in mine and part in theirs
        else mine.get(part) or theirs[part]
        for part in sorted({*mine, *theirs})
    }


def _beyond(mine: Mapping, theirs: Mapping) -> dict:
    return {part: entry for part, entry in mine.items() if theirs.get(part) != entry}


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
