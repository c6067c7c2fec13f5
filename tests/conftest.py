"""Settings that all tests share."""

from hypothesis import settings

# The same examples on every run: a change makes a test fail, chance does not. Look further with
# `pytest --hypothesis-profile=default`.
settings.register_profile("course", derandomize=True)
settings.load_profile("course")
