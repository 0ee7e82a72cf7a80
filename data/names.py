"""Names: how they are tidied, which characters they may hold, and which known name was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

RESERVED = "./=@*;"
"""Characters that row keys and changes are written with."""

_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """A name as it is compared: NFKC, spaces (also no-break ones) collapsed and trimmed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def illegal_characters(name: str) -> str:
    """The characters of a name that it may not hold, each once."""
    return "".join(dict.fromkeys(c for c in name if c in RESERVED or unicodedata.category(c).startswith("C")))


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or an empty text."""
    by_folded = {_folded(candidate): candidate for candidate in known}
    found = difflib.get_close_matches(_folded(name), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def meant(name: str, known: Iterable[str], otherwise: str) -> str:
    """`Did you mean 'x'?`, or the other advice where no known name is near."""
    near = closest(name, known)
    return f"Did you mean {near!r}?" if near else otherwise


def listed(known: Iterable[str], most: int = 12) -> str:
    """The first of the known names, for a message."""
    names = list(known)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _folded(name: str) -> str:
    return tidy(name).casefold().replace(" ", "_").replace("-", "_")
