"""Pure solvers and statistics: no Django, no clock but a stop rule, no file but those that a reader is given."""

import os

# Before Numba is loaded: see ``compiled``.
os.environ.setdefault(
    "NUMBA_CACHE_LOCATOR_CLASSES",
    "kouan.quant.compiled.SharedCache,UserProvidedCacheLocator,InTreeCacheLocator,UserWideCacheLocator",
)
