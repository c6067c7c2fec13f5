"""The little Markdown that question banks use inside a line: *emphasis*, **strong** and `code`."""

import html
import re

_INLINE = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>\S(?:.*?\S)?)\*\*|\*(?P<em>[^\s*](?:[^*]*[^\s*])?)\*")


def inline_html(text: str) -> str:
    """The text as HTML on one line: everything escaped, then emphasis, strong and code marked up."""
    return _INLINE.sub(_element, html.escape(" ".join(text.split()), quote=False))


def plain(text: str) -> str:
    """The text without the marks, for a screen reader or a plain-text output."""
    return _INLINE.sub(_words, " ".join(text.split()))


def _words(match: re.Match) -> str:
    return match["code"] or plain(match[match.lastgroup])


def _element(match: re.Match) -> str:
    tag = match.lastgroup
    inside = match[tag] if tag == "code" else _INLINE.sub(_element, match[tag])
    return f"<{tag}>{inside}</{tag}>"
