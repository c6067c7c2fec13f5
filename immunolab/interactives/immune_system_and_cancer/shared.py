"""Lesson 01: how its interactives read and write the steps of the cycle."""


def steps_in(listed: str) -> tuple[int, ...]:
    """The steps that a cell of a table lists: ``1;2;5``."""
    return tuple(int(step) for step in listed.split(";") if step)


def joined(steps: tuple[int, ...], word: str = "and") -> str:
    """Steps as they are read: ``1, 2 and 5``."""
    *first, last = map(str, sorted(steps))
    if not first:
        return last
    return f"{', '.join(first)}{'' if word == ',' else ' '}{word} {last}"
