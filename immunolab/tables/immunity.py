"""The immune system and cancer: who is who, the cycle, therapies, hiding tricks, and the parameters of two models."""

from dataclasses import dataclass, fields
from functools import cache

import pandas as pd

from immunolab.models.proofreading import Contact, Ladder
from immunolab.models.tumour_immune import KuznetsovParameters
from immunolab.tables.reading import chosen, pick, plain, read, record


@dataclass(frozen=True)
class Proofreading:
    """A published set for kinetic proofreading; what a study does not give is None.

    ``steps`` is N and ``delay_s`` the time that a bond needs to climb them all; ``phi_per_s`` is how fast the
    top rung tires. ``kon_per_s`` is in 1/(molecule s).
    """

    study: str
    steps: float
    delay_s: float
    phi_per_s: float | None
    receptors: float | None
    kon_per_s: float | None
    koff_self_per_s: float | None
    koff_agonist_per_s: float | None
    evidence: str
    source: str
    note: str | None

    @property
    def ladder(self) -> Ladder:
        """The steps, with a top rung that does not tire."""
        return Ladder(self.steps, self.delay_s)

    @property
    def contact(self) -> Contact:
        """The T cell on another cell. Raises ValueError for a study without receptors and on-rate."""
        if self.receptors is None or self.kon_per_s is None:
            raise ValueError(f"The study {self.study!r} gives no receptors and no on-rate, only the ladder.")
        return Contact(self.ladder, self.receptors, self.kon_per_s)


@cache
def proofreading(study: str | None = None) -> Proofreading:
    """A set of parameters of kinetic proofreading. Raises ValueError that lists the studies."""
    return record(Proofreading, pick(read("proofreading_parameters"), study, "study of proofreading"))


@cache
def kuznetsov(study: str | None = None) -> KuznetsovParameters:
    """A tumour and its host, in cells and days. Raises ValueError that lists the studies."""
    row = pick(read("tumour_immune_parameters"), study, "study of tumour and immune cells")
    return KuznetsovParameters(
        **{field.name: plain(row[field.name]) for field in fields(KuznetsovParameters)}
    )


def immune_cells(arm: str | None = None, role: str | None = None) -> pd.DataFrame:
    """Cells and molecules of the immune system, of all or of one arm and role.

    ``palette`` names the colour in ``draw/palette.py``, where there is one. Raises ValueError that lists the
    values of a column.
    """
    return chosen("immune_cells", arm=arm, role=role)


def cycle_steps() -> pd.DataFrame:
    """The seven steps of the cancer–immunity cycle, in order."""
    return chosen("cycle_steps")


def immunotherapies(direction: str | None = None) -> pd.DataFrame:
    """Kinds of therapy on the cycle. ``acts_on_steps`` lists steps, the main one first, as in ``7;3``.

    Raises ValueError that lists the directions.
    """
    return chosen("immunotherapies", direction=direction)


def hiding_tricks() -> pd.DataFrame:
    """Ways in which tumours escape an immune response, and where in the cycle they do it."""
    return chosen("hiding_tricks")


def immunotherapy_word() -> pd.DataFrame:
    """What the word immunotherapy covers, one treatment and one study a row, with its counts."""
    return chosen("immunotherapy_word")


def expectations(topic: str | None = None) -> pd.DataFrame:
    """What patients expect, how many respond, how many are harmed. Raises ValueError that lists the topics."""
    return chosen("expectations", topic=topic)
