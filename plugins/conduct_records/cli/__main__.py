"""`python -m conduct_records.cli COMMAND`, where no launcher is installed."""

import sys

from conduct_records.cli.main import main

sys.exit(main())
