"""Lesson 03: what a learner can move.

``curve_builder()`` builds a Kaplan–Meier curve from single people, ``trial_reader()`` reads any shipped comparison in
five ways, ``tail()`` fits a long-term share to what was known early. ``benefit_and_harm()`` and ``ratios_of_death()`` are
pictures, ``end_points()`` a table.
"""

from immunolab.interactives.checkpoint_trials.curve_builder import curve_builder
from immunolab.interactives.checkpoint_trials.still import benefit_and_harm, end_points, ratios_of_death
from immunolab.interactives.checkpoint_trials.tail import tail
from immunolab.interactives.checkpoint_trials.trial_reader import trial_reader

__all__ = ["benefit_and_harm", "curve_builder", "end_points", "ratios_of_death", "tail", "trial_reader"]
