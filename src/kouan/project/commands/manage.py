"""runs one of Django's management commands over the database of the data folder.

For example: ./kouan manage makemigrations accounts; ./kouan manage shell. While `./kouan up` runs, its database is
used; otherwise one is started for the time of the command.
"""

from __future__ import annotations

import argparse

from kouan.project.places import data_folder

WITHOUT_DATABASE = {"makemigrations", "makemessages", "startapp", "check", "diffsettings", "help", "findstatic"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, help="Django 管理命令及其参数 / the command and its arguments"
    )


def run(args: argparse.Namespace) -> int:
    """Run the management command."""
    from kouan.project.database import running_django, set_up_django

    data = data_folder(args.data)
    if not args.words or args.words[0] in WITHOUT_DATABASE:
        set_up_django(data)
        return execute(args.words)
    with running_django(data):
        return execute(args.words)


def execute(words: list[str]) -> int:
    """Hand the words over to Django."""
    import warnings

    from django.core.management import execute_from_command_line

    warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    execute_from_command_line(["./kouan manage", *words])
    return 0
