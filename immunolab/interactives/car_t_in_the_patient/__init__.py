"""Lesson 07: what a learner can move.

``time_course()`` reads a published curve of CAR-T cells, ``fewer_cells()`` asks what the dose does to the peak,
``race()`` sets CAR-T cells against other lymphocytes and a tumour, ``bedside()`` grades a case, ``trials()`` puts
exact intervals around counts. ``tocilizumab()`` is a picture that stands still.
"""

from immunolab.interactives.car_t_in_the_patient.bedside import bedside
from immunolab.interactives.car_t_in_the_patient.fewer_cells import fewer_cells
from immunolab.interactives.car_t_in_the_patient.race import race
from immunolab.interactives.car_t_in_the_patient.still import tocilizumab
from immunolab.interactives.car_t_in_the_patient.time_course import time_course
from immunolab.interactives.car_t_in_the_patient.trials import trials

__all__ = ["bedside", "fewer_cells", "race", "time_course", "tocilizumab", "trials"]
