"""Codes: names and years as small whole numbers, so that index look-ups become array operations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import chain, count
from typing import Any

import numpy as np

DENSE = 4_000_000  # cells that a look-up may hold whether used or not; a larger one is searched


class Codes:
    """One number per index value of a model, in the order of first use."""

    def __init__(self) -> None:
        self._code: defaultdict[Any, int] = defaultdict(count().__next__)

    def of(self, keys: Collection[Any], width: int) -> np.ndarray:
        """Keys as rows of codes; a key is a tuple of `width` parts, or a single value where that is 1."""
        parts = keys if width == 1 else chain.from_iterable(keys)
        return np.fromiter(map(self._code.__getitem__, parts), np.int64, len(keys) * width).reshape(len(keys), width)

    def numbers(self, codes: np.ndarray) -> np.ndarray:
        """The values behind codes, as numbers. Raises TypeError or ValueError where one is a name."""
        known = list(self._code)
        used, places = np.unique(codes, return_inverse=True)
        return np.array([known[code] for code in used], dtype=float)[places]


class Lookup:
    """Where a key stands among the keys of a component."""

    def __init__(self, keys: np.ndarray) -> None:
        self._ranks: list[np.ndarray] = []
        self._sizes: list[int] = []
        for column in keys.T:
            used = np.unique(column)
            ranks = np.full((int(used[-1]) if len(used) else 0) + 1, -1, dtype=np.int64)
            ranks[used] = np.arange(len(used))
            self._ranks.append(ranks)
            self._sizes.append(max(len(used), 1))
        cells = float(np.prod([float(size) for size in self._sizes]))
        if cells >= 2.0**62:
            raise OverflowError("more possible keys than a whole number can count")
        joined = self._join(keys.T)
        self._table: np.ndarray | None = None
        if cells <= DENSE:
            self._table = np.full(int(cells), -1, dtype=np.int64)
            self._table[joined] = np.arange(len(joined))
        self._order = np.argsort(joined, kind="stable") if self._table is None else joined[:0]
        self._sorted = joined[self._order]

    def _join(self, columns: Iterable[np.ndarray]) -> np.ndarray:
        joined: Any = 0
        unknown: Any = False
        for column, ranks, size in zip(columns, self._ranks, self._sizes, strict=True):
            rank = ranks[np.minimum(column, len(ranks) - 1)]
            rank = np.where(column < len(ranks), rank, -1)
            unknown = unknown | (rank < 0)
            joined = joined * size + rank
        return np.where(unknown, -1, joined)

    def find(self, columns: list[np.ndarray]) -> np.ndarray:
        """The place of each key (given part by part), -1 where there is none."""
        joined = self._join(columns)
        known = joined >= 0
        if self._table is not None:
            return np.where(known, self._table[np.where(known, joined, 0)], -1)
        if not len(self._sorted):
            return np.full(joined.shape, -1)
        at = np.minimum(np.searchsorted(self._sorted, joined), len(self._sorted) - 1)
        return np.where(known & (self._sorted[at] == joined), self._order[at], -1)
