"""What makes a question bank good, as far as a machine can tell. The schema holds its shape.

Each rule is a small function of the bank that yields ``(about, reason)`` for what it finds; `lint` runs all.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from immunolab import course
from immunolab.learning.bankfile import Problem
from immunolab.learning.questions import Bank, NumericAnswer, Question, Slip, Task
from immunolab.learning.quiz import misconceptions

Finding = tuple[str, str]

SHORTEST_FEEDBACK = 30
LEAST = {"pre": 2, "check": 3, "exit": 3, "spaced": 2, "predict": 1}
"""How many questions of each use a lesson has at least, as its anatomy asks."""

_CATCH_ALL = re.compile(
    r"\b(?:all|none|any|both|neither)(?: of)?(?: the)? (?:above|below|other (?:options|answers))\b"
    r"|^(?:all|none|both|neither) of (?:these|those|them)\W*$"
    r"|\bboth [a-e] and [a-e]\b",
    re.IGNORECASE,
)
_BARE_VERDICT = re.compile(
    r"^(?:(?:this|that|it) is |that's )?"
    r"(?:wrong|right|incorrect|correct|false|true|yes|no|not quite|sorry|exactly)\b\W*",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE | re.IGNORECASE)


def lint(bank: Bank, sources: Iterable[str] | None = None) -> list[Problem]:
    """Every problem of a bank that can be loaded, in the order of its file.

    ``sources`` are the keys that `sources.bib` knows; without them, keys are not checked.
    """
    known = None if sources is None else frozenset(sources)
    found = [finding for rule in RULES for finding in rule(bank)]
    found += [] if known is None else list(_unknown_sources(bank, known))
    return sorted({Problem(bank.path, bank.lines.get(about, 1), about, reason) for about, reason in found})


def source_keys(bibliography: Path) -> frozenset[str]:
    """The keys of the entries in a BibTeX file."""
    return frozenset(_ENTRY.findall(bibliography.read_text(encoding="utf-8")))


# --- the bank as a whole ------------------------------------------------------------------------------------


def belongs_to_its_lesson(bank: Bank) -> Iterator[Finding]:
    lesson = _lesson(bank)
    if lesson is None:
        yield "lesson", f"“{bank.lesson}” is not in the course list"
        return
    folder = bank.path.parent.name
    if folder != bank.lesson and any(folder == other.stem for other in course.LESSONS):
        yield "lesson", f"is “{bank.lesson}”, but the file lies in the folder {folder}"
    objectives = ", ".join(lesson.objectives)
    for entry in _entries(bank):
        if not entry.id.startswith(f"{lesson.number}."):
            yield entry.id, f"an id of this lesson begins with {lesson.number}."
        if entry.objective not in lesson.objectives:
            yield entry.id, f"objective {entry.objective} is none of the lesson's: {objectives}"


def has_every_use(bank: Bank) -> Iterator[Finding]:
    for use, least in LEAST.items():
        count = len(bank.for_use(use))
        if count < least:
            yield "questions", f"{count} with use “{use}”; a lesson has at least {least}"


def assesses_every_objective(bank: Bank) -> Iterator[Finding]:
    assessed = {question.objective for question in (*bank.for_use("check"), *bank.for_use("exit"))}
    lesson = _lesson(bank)
    for objective in lesson.objectives if lesson else ():
        if objective not in assessed:
            yield "questions", f"no check or exit question assesses objective {objective}"


def meets_every_misconception(bank: Bank) -> Iterator[Finding]:
    met = {option.misconception for _, option in _options(bank) if not option.right}
    lesson = _lesson(bank)
    for misconception in lesson.misconceptions if lesson else ():
        if misconception not in met:
            yield "questions", f"no wrong option offers misconception {misconception}"


def key_is_not_the_longest(bank: Bank) -> Iterator[Finding]:
    singles = _singles(bank)
    longest = [question.id for question in singles if _key_is_longest(question)]
    if len(longest) * 2 > len(singles):
        names = ", ".join(longest)
        yield "questions", f"the key is the longest option in more than half of the single questions: {names}"


def key_changes_place(bank: Bank) -> Iterator[Finding]:
    singles = _singles(bank)
    if len(singles) < 4:
        return
    places = Counter([option.right for option in question.shown()].index(True) for question in singles)
    place, count = places.most_common(1)[0]
    if count * 2 > len(singles):
        share = f"{count} of {len(singles)} single questions"
        advice = "exchange options in the file, before anyone has answered them"
        yield "questions", f"the key is shown in place {place + 1} in {share}; {advice}"


# --- one question or task -----------------------------------------------------------------------------------


def uses_fit_the_kind(bank: Bank) -> Iterator[Finding]:
    for question in bank.questions:
        predicts = question.kind == "predict"
        if predicts != ("predict" in question.use) or (predicts and len(question.use) > 1):
            yield question.id, "kind predict and use [predict] go together, and with no other use"
        if "pre" in question.use and question.scored:
            yield question.id, "a prequestion is not scored: it has no use check, exit or spaced"


def stem_ends_well(bank: Bank) -> Iterator[Finding]:
    for question in bank.questions:
        if question.stem.rstrip('*`"”) \n')[-1:] not in ("?", ":", "."):
            yield question.id, "the stem ends in ?, : or ."


def has_three_to_five_options(bank: Bank) -> Iterator[Finding]:
    for question in _with_options(bank):
        if not 3 <= len(question.options) <= 5:
            yield question.id, f"has {len(question.options)} options; three to five are good"


def options_differ(bank: Bank) -> Iterator[Finding]:
    for question in _with_options(bank):
        for what in ("text", "feedback"):
            said = Counter(" ".join(getattr(option, what).split()).casefold() for option in question.options)
            if said.most_common(1)[0][1] > 1:
                yield question.id, f"two options have the same {what}"
        if question.kind == "multiple" and not 2 <= len(question.key) < len(question.options):
            yield question.id, "a multiple question has two right options or more, and at least one wrong one"


def no_catch_all_options(bank: Bank) -> Iterator[Finding]:
    for question, option in _options(bank):
        if _CATCH_ALL.search(option.text):
            yield question.id, f"option {option.id} is a catch-all, which tells nothing: “{option.text}”"


def feedback_explains(bank: Bank) -> Iterator[Finding]:
    for entry in _entries(bank):
        for what, feedback in _feedbacks(entry):
            if len(_BARE_VERDICT.sub("", feedback.strip())) < SHORTEST_FEEDBACK:
                yield entry.id, f"{what} is too short to say why (“{feedback.strip()}”)"


def misconceptions_are_known(bank: Bank) -> Iterator[Finding]:
    for question, option in _options(bank):
        offered = option.misconception
        if offered and offered not in misconceptions():
            yield question.id, f"option {option.id}: {offered} is not in misconceptions.csv"
        if offered and option.right:
            yield question.id, f"option {option.id} is right, and cannot offer misconception {offered}"


def scored_questions_have_a_hint(bank: Bank) -> Iterator[Finding]:
    for question in bank.questions:
        if question.scored and not question.hint:
            yield question.id, "has no hint"


def sources_and_date_are_given(bank: Bank) -> Iterator[Finding]:
    for entry in _entries(bank):
        if not entry.source:
            yield entry.id, "names no source"
        if not entry.last_checked and isinstance(entry, Question):
            yield entry.id, "has no last_checked date"
        if entry.last_checked and not _is_date(entry.last_checked):
            yield entry.id, f"last_checked {entry.last_checked} is no date"


def numbers_are_sound(bank: Bank) -> Iterator[Finding]:
    for entry in _entries(bank):
        if entry.answer:
            yield from ((entry.id, reason) for reason in _wrong_number(entry.answer, entry.slips))


def orders_are_sound(bank: Bank) -> Iterator[Finding]:
    for question in bank.questions:
        if question.kind == "order" and not question.swaps:
            yield question.id, "has no swap with feedback; say what the likeliest exchange tells"
        if len({swap.pair for swap in question.swaps}) < len(question.swaps):
            yield question.id, "two swaps are about the same pair"


def hints_differ(bank: Bank) -> Iterator[Finding]:
    for task in bank.tasks:
        if len({" ".join(hint.split()).casefold() for hint in task.hints}) < len(task.hints):
            yield task.id, "two hints are the same"


RULES: tuple[Callable[[Bank], Iterator[Finding]], ...] = (
    belongs_to_its_lesson,
    has_every_use,
    assesses_every_objective,
    meets_every_misconception,
    key_is_not_the_longest,
    key_changes_place,
    uses_fit_the_kind,
    stem_ends_well,
    has_three_to_five_options,
    options_differ,
    no_catch_all_options,
    feedback_explains,
    misconceptions_are_known,
    scored_questions_have_a_hint,
    sources_and_date_are_given,
    numbers_are_sound,
    orders_are_sound,
    hints_differ,
)


# --- helpers ------------------------------------------------------------------------------------------------


def _unknown_sources(bank: Bank, known: frozenset[str]) -> Iterator[Finding]:
    for entry in _entries(bank):
        for key in entry.source:
            if key not in known:
                yield entry.id, f"source {key} is not in sources.bib"


def _entries(bank: Bank) -> tuple[Question | Task, ...]:
    return (*bank.questions, *bank.tasks)


def _lesson(bank: Bank) -> course.Lesson | None:
    return next((lesson for lesson in course.LESSONS if lesson.stem == bank.lesson), None)


def _singles(bank: Bank) -> list[Question]:
    return [question for question in bank.questions if question.kind == "single"]


def _with_options(bank: Bank) -> list[Question]:
    return [question for question in bank.questions if question.options]


def _options(bank: Bank) -> Iterator:
    return ((question, option) for question in bank.questions for option in question.options)


def _key_is_longest(question: Question) -> bool:
    key = next(option for option in question.options if option.right)
    return all(len(key.text) > len(option.text) for option in question.options if option is not key)


def _feedbacks(entry: Question | Task) -> Iterator[tuple[str, str]]:
    """Every feedback of a question or task, with what to call it."""
    if isinstance(entry, Question):
        yield from ((f"the feedback of option {option.id}", option.feedback) for option in entry.options)
        yield from ((f"the feedback of swap {list(swap.pair)}", swap.feedback) for swap in entry.swaps)
    yield from (
        (f"the feedback of slip {slip.low:g} to {slip.high:g}", slip.feedback) for slip in entry.slips
    )
    if entry.answer or entry.items:
        yield "right_feedback", entry.right_feedback
        yield "otherwise", entry.otherwise


def _wrong_number(answer: NumericAnswer, slips: tuple[Slip, ...]) -> Iterator[str]:
    if answer.value == 0:
        yield "the answer is 0, where a relative tolerance accepts nothing else; ask for another number"
    right = f"{answer.low:g} to {answer.high:g}"
    for slip in slips:
        if slip.low <= answer.high and slip.high >= answer.low:
            yield f"slip {slip.low:g} to {slip.high:g} reaches into the right answer, {right}"
    for one, other in combinations(slips, 2):
        if one.low <= other.high and other.low <= one.high:
            yield f"slips {one.low:g} to {one.high:g} and {other.low:g} to {other.high:g} overlap"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
