"""Hypothesis tries the same examples in every run, so that a change is judged by itself; `--hypothesis-profile=default` looks further."""

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.load_profile("same")
