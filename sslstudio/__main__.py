"""``python -m sslstudio`` does what the ``sslstudio`` command does."""

from sslstudio.cli import main

raise SystemExit(main())
