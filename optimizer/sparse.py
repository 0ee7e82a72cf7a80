"""Sparse: scipy's sparse arrays, without what Pyomo has scipy load beside them.

Where Pyomo is there first, it answers the import of scipy by importing scipy's statistics, integration and geometry as well, which takes
longer than everything else at the start. Pyomo still does so when it needs scipy itself.
"""

from __future__ import annotations

from pyomo.common import dependencies

dependencies.DeferredImportCallbackFinder._callbacks.pop("scipy", None)

from scipy.sparse import coo_matrix, csr_matrix  # noqa: E402

__all__ = ["coo_matrix", "csr_matrix"]
