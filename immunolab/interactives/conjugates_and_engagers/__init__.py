"""Lesson 05: what a learner can move.

``cargo()`` asks how much drug is still on its antibody, ``neighbours()`` what becomes of cells without the antigen,
``reach()`` how far and how long a radionuclide acts, and ``bell()`` how many bridges a dose builds. ``products()`` and
``carriers()`` are tables, ``hours_and_weeks()`` and ``trials()`` pictures.
"""

from immunolab.interactives.conjugates_and_engagers.bell import bell
from immunolab.interactives.conjugates_and_engagers.cargo import cargo
from immunolab.interactives.conjugates_and_engagers.neighbours import neighbours
from immunolab.interactives.conjugates_and_engagers.reach import reach
from immunolab.interactives.conjugates_and_engagers.still import carriers, hours_and_weeks, products, trials

__all__ = ["bell", "cargo", "carriers", "hours_and_weeks", "neighbours", "products", "reach", "trials"]
