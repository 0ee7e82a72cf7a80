"""Kept: what a study has solved, in a folder, so that the same command goes on where it was left."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from masterplan.data.files import CannotKeepError, write_atomically


class Kept:
    """Results on disk, one JSON file each, found again by what they came from. Anything else in the folder is left alone."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def key(self, *parts: Any) -> str:
        """A name for what a result depends on; another version of masterplan is another name."""
        return hashlib.sha256(json.dumps([version("masterplan"), version("highspy"), *parts], default=str).encode()).hexdigest()[:32]

    def get(self, key: str) -> Any:
        """The result under a key; None if there is none that can be read."""
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep a result, whole or not at all. Raises CannotKeepError with a sentence for the planner."""
        try:
            write_atomically(self.folder / f"{key}.json", json.dumps(result).encode())
        except OSError as error:
            why = error.strerror or "it may not be written"
            raise CannotKeepError(
                f"cannot keep what was solved in {self.folder}: {why}. What it holds by now is not lost: make room there, or name another "
                "folder, and run the same command again; without --keep nothing is kept."
            ) from error
