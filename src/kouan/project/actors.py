"""Who acts when a command is run by hand: the system, with the name of the account of this machine."""

from __future__ import annotations

import getpass

from kouan.audit.types import SystemActor


def command_line() -> SystemActor:
    """The actor for the audit of a command."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container without a line for this user
        name = "?"
    return SystemActor(f"命令行 {name}"[:120])
