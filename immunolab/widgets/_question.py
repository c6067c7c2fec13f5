"""What a question must hold before it is shown. No widget library is needed here."""

import re
from collections.abc import Mapping
from typing import Any

KINDS = ("single", "multiple", "numeric", "order", "predict")
_SHOWN = {"id", "kind", "stem_html", "options", "items", "unit", "ask_confidence", "hint_html"}
_JUDGED = {"right", "messages", "summary", "marks", "answered"}
# The inline elements a question may use, without attributes: what passes cannot run anything.
_HARMLESS = re.compile(r"</?(?:em|strong|code|sub|sup)>|<br>")


def checked_question(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question with every part in place, ready to be shown. ValueError says what is wrong with it."""
    name = f"question {question.get('id', '?')}"
    _check_keys(name, question, _SHOWN, needed={"id", "kind", "stem_html"})
    empty = {"options": [], "items": [], "unit": "", "ask_confidence": False, "hint_html": ""}
    whole = {**empty, **question}
    if whole["kind"] not in KINDS:
        raise ValueError(f"{name}: kind is {whole['kind']!r}; give one of {', '.join(KINDS)}.")
    parts = {"order": "items", "numeric": None}.get(whole["kind"], "options")
    if parts and len(whole[parts]) < 2:
        raise ValueError(f"{name}: {parts} has {len(whole[parts])} entries; give at least two.")
    if not whole["stem_html"].strip():
        raise ValueError(f"{name}: stem_html is empty; give the words of the question.")
    texts = {"stem_html": whole["stem_html"], "hint_html": whole["hint_html"]}
    texts |= {f"text of {part['id']}": part["text_html"] for part in [*whole["options"], *whole["items"]]}
    for argument, text in texts.items():
        checked_html(f"{name}: {argument}", text)
    return whole


def checked_verdict(question_id: str, verdict: Mapping[str, Any]) -> dict[str, Any]:
    """A verdict that may be shown; an empty one stands for "not judged". ValueError says what is wrong with it."""
    name = f"{question_id}: verdict"
    if not verdict:
        return {}
    _check_keys(name, verdict, _JUDGED, needed={"right"})
    for part, text in {**verdict.get("messages", {}), "summary": verdict.get("summary", "")}.items():
        checked_html(f"{name}, message {part!r}", text)
    return dict(verdict)


def checked_html(argument: str, text: str) -> str:
    """The text itself if nothing but harmless inline elements stands in it; else ValueError."""
    rest = _HARMLESS.sub("", text)
    if "<" in rest or ">" in rest:
        raise ValueError(f"{argument} holds HTML other than em, strong, code, sub, sup and br: {text[:80]!r}")
    return text


def _check_keys(name: str, given: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    if strange := set(given) - known:
        raise ValueError(f"{name} has {sorted(strange)}; known are {sorted(known)}.")
    if missing := needed - set(given):
        raise ValueError(f"{name} lacks {sorted(missing)}.")
