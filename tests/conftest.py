"""Hypothesis tries the same examples in every run, however long they take; `--hypothesis-profile=default` looks further."""

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")
