"""Keeps Python exceptions inside overridden Qt virtual methods.

An exception that leaves an override called by C++ is a segmentation fault on Python 3.11
(hazards no. 2), so every override in the studio wears :func:`guarded`; a test over the syntax
tree holds that. The exception is reported through ``sys.excepthook``, which shows and logs it,
and Qt gets a fallback instead. Costs one Python frame a call.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])


@overload
def guarded(override: F) -> F: ...


@overload
def guarded(*, fallback: Any) -> Callable[[F], F]: ...


def guarded(override: F | None = None, *, fallback: Any = None) -> Any:
    """Decorate the override of a Qt virtual method.

    Use it bare where Qt wants nothing back, or as ``@guarded(fallback=QSize())`` where Qt wants
    a value of a certain type.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def inside(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            # Even a KeyboardInterrupt may not pass through C++: the excepthook deals with it.
            except BaseException:
                sys.excepthook(*sys.exc_info())
                return fallback

        return inside  # type: ignore[return-value]

    return decorate if override is None else decorate(override)
