"""``python -m sslstudio`` does what the ``sslstudio`` command does."""

import os
import sys

from sslstudio.cli import main

status = main()
if os.environ.get("WORLD_SIZE", "1") != "1":
    # one of torchrun's processes: threads that torch.distributed leaves behind abort the
    # interpreter on its way out now and then, after everything was saved and said
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
raise SystemExit(status)
