"""Corpora that need no download: ``sample:tales``, ``sample:handbook`` and ``sample:code``.

Each is built on first use from what the computer already has, into the cache.
"""
