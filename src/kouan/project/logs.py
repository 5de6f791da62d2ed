"""One structured log: a JSON object a line in a file, plain lines on the console.

Processes print JSON lines (`KOUAN_LOG=json`); the supervisor, the only writer of the file, adds the process's name and
turns over the file when it grows large. What is no JSON (PostgreSQL, a traceback at start) becomes the message.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LARGEST_BYTES = 50_000_000
KEPT_FILES = 5
LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
POSTGRES_LEVELS = {"LOG": "INFO", "FATAL": "ERROR", "PANIC": "CRITICAL", "ERROR": "WARNING", "WARNING": "WARNING"}
# What PostgreSQL calls fatal for a connection while it starts and stops.
ROUTINE = ("the database system is", "terminating connection due to administrator command")
POSTGRES_LINE = re.compile(r"^\S+ \S+ UTC \[\d+\] (?:\S+ )?([A-Z]+):\s+(.*)$")


def django_logging(form: str) -> dict[str, Any]:
    """Return Django's LOGGING: JSON lines for the supervisor ("json"), or plain lines ("plain"), to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "{levelname}{name}{message}",
                "style": "{",
                "rename_fields": {"levelname": "level", "name": "logger"},
                "json_ensure_ascii": False,
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "httpx": {"handlers": [], "level": "WARNING", "propagate": True},
            "procrastinate": {"handlers": [], "level": "WARNING", "propagate": True},
            "pypdf": {"handlers": [], "level": "CRITICAL", "propagate": True},  # what is wrong is said to the sender
        },
    }


class Log:
    """Takes what the processes print; writes `kouan.jsonl` in its folder and plain lines to the console."""

    def __init__(self, folder: Path, console: Callable[[str], None] | None = None) -> None:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.path = folder / "kouan.jsonl"
        self.console = console or print_line
        self.file = open(self.path, "a", encoding="utf-8")  # noqa: SIM115

    def take(self, process: str, lines: list[bytes]) -> None:
        """Take lines that a process has printed."""
        for line in lines:
            if line.strip():
                self.write(read_line(process, line.decode("utf-8", errors="replace")))
        self.file.flush()

    def say(self, message: str, level: str = "INFO") -> None:
        """Write a line of the supervisor's own."""
        self.write({"level": level, "process": "kouan", "message": message})
        self.file.flush()

    def write(self, entry: dict[str, Any]) -> None:
        """Write one entry to the file, and to the console when a person should see it."""
        entry = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}
        self.file.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")
        if self.file.tell() > LARGEST_BYTES:
            self._turn_over()
        if is_for_people(entry):
            self.console(to_plain(entry))

    def _turn_over(self) -> None:
        self.file.close()
        for number in range(KEPT_FILES - 1, 0, -1):
            older = self.path.with_name(f"kouan.{number}.jsonl")
            if older.exists():
                older.rename(self.path.with_name(f"kouan.{number + 1}.jsonl"))
        self.path.rename(self.path.with_name("kouan.1.jsonl"))
        self.file = open(self.path, "a", encoding="utf-8")  # noqa: SIM115


def read_line(process: str, line: str) -> dict[str, Any]:
    """Return the entry that a printed line stands for."""
    if line.startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if isinstance(entry, dict) and "message" in entry:
            return {**entry, "process": process}
    found = POSTGRES_LINE.match(line) if process == "postgres" else None
    if found:
        return {
            "level": POSTGRES_LEVELS.get(found[1], "INFO"),
            "process": process,
            "message": f"{found[1]}: {found[2]}",
        }
    level = "DEBUG" if process == "postgres" else "INFO"
    return {"level": level, "process": process, "message": line.rstrip()}


def is_for_people(entry: dict[str, Any]) -> bool:
    """Whether an entry belongs on the console: what Kouan says, and from PostgreSQL only what is grave."""
    level = entry.get("level", "INFO")
    least = "ERROR" if entry["process"] == "postgres" else "INFO"
    if any(part in str(entry["message"]) for part in ROUTINE):
        return False
    return level not in LEVELS or LEVELS.index(level) >= LEVELS.index(least)


def to_plain(entry: dict[str, Any]) -> str:
    """Return an entry as a line to read, with the time of day here."""
    time = datetime.fromisoformat(entry["at"]).astimezone().strftime("%H:%M:%S")
    level = entry.get("level", "INFO")
    mark = "" if level in {"INFO", "DEBUG"} else f"{level} "
    text = f"{time} {entry['process']:<9} {mark}{entry['message']}"
    return f"{text}\n{entry['exc_info']}" if entry.get("exc_info") else text


def print_line(text: str) -> None:
    """Print a line; when nobody listens any more, go on without."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
