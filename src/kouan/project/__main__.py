"""Runs the `kouan` command: `python -m kouan.project`."""

import sys

from kouan.project.hub import main

sys.exit(main())
