"""The question bank, the exercise checks and the learner's progress. No science, no pictures, no widgets."""
