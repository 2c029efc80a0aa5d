"""Foreign formats are taken in once: read by a child process into JSON lines in the cache.

Everything but plain UTF-8 text, Markdown, JSON lines and source code comes this way: other
formats, other encodings, compressed files, archives. ``process`` keeps a child that reads them
(``child``), ``cache`` knows what was taken in already, ``documents`` reads it back.
"""
