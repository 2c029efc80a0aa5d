"""A process limits itself before it meets a file that may be hostile.

Called first thing in the children that read such files. Setting the limits from the parent would
run Python between fork and exec, which a process with threads must not. Costs nothing. Windows
has no such limits and macOS does not grant all of them: there the parent's clock has to do.
"""

from __future__ import annotations

import contextlib


def limit_itself(
    *, memory_bytes: int, cpu_s: int | None = None, largest_file_bytes: int | None = None
) -> None:
    """Bound what this process may take from now on; it never leaves a core dump.

    Args:
        memory_bytes: addresses, more than what is in use.
        cpu_s: processor time, after which the system ends it; None for no end.
        largest_file_bytes: that it may write; 0 for none, None for no bound.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, limit in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", cpu_s),
        ("RLIMIT_FSIZE", largest_file_bytes),
        ("RLIMIT_CORE", 0),
    ):
        if limit is not None:
            # macOS knows some of these and does not grant them
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (limit, limit))
