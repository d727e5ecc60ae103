"""Start the web page; the same as ``python -m kb ui``."""

import sys

from kb.cli import main

sys.exit(main(["ui", *sys.argv[1:]], program="python ui.py"))
