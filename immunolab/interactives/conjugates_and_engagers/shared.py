"""Lesson 05: how its interactives round."""


def rounded(value: float) -> str:
    """Two digits, thousands parted: ``0.12``, ``68``, ``1,200``."""
    return f"{float(f'{value:.2g}'):,g}"
