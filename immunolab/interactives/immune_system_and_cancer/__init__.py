"""Lesson 01: what a learner can move.

``friend_or_foe()`` lets own and foreign peptides climb the ladder of kinetic proofreading, ``cycle()`` asks of each therapy
which broken step it can do without, ``phase_plane()`` starts a tumour among effector cells. ``players()``,
``therapies()``, ``hiding()`` and ``the_word()`` are tables.
"""

from immunolab.interactives.immune_system_and_cancer.cycle import cycle
from immunolab.interactives.immune_system_and_cancer.friend_or_foe import friend_or_foe
from immunolab.interactives.immune_system_and_cancer.phase_plane import phase_plane
from immunolab.interactives.immune_system_and_cancer.still import hiding, players, the_word, therapies

__all__ = ["cycle", "friend_or_foe", "hiding", "phase_plane", "players", "the_word", "therapies"]
