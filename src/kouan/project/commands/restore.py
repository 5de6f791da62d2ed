"""reads a file that ./kouan dump has written into an empty database.

For example: ./kouan restore FILE --data NEW-FOLDER, then ./kouan up --data NEW-FOLDER.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from kouan.project.commands.dump import connection_variables
from kouan.project.hub import CommandFailed
from kouan.project.places import data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, help="要读入的文件 / the file to read")
    parser.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")


def run(args: argparse.Namespace) -> int:
    """Read the file in one transaction: all of it or nothing; a database with content is not touched."""
    from kouan.project.database import is_empty, running_database
    from kouan.project.postgres.binaries import clean_environment, find_binaries

    if not args.file.is_file():
        raise CommandFailed(f"没有这个文件：{args.file}\nThere is no such file: {args.file}")
    with running_database(data_folder(args.data)):
        if not is_empty():
            raise CommandFailed(
                "数据库中已有内容，未作更改；请用 --data 指定新的数据目录。\n"
                "The database has content already and was not changed; name a new data folder with --data."
            )
        variables = connection_variables(os.environ["DATABASE_URL"])
        command = [find_binaries() / "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error"]
        done = subprocess.run(
            [*command, f"--dbname={variables['PGDATABASE']}", str(args.file)],
            env={**clean_environment(), **variables},
        )
    if done.returncode:
        raise CommandFailed(
            "读入未完成，数据库未作更改，见上。\nNothing was read, the database is as it was; see above."
        )
    return 0
