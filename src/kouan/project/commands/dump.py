"""writes the whole database into one file, for keeping or for moving to another version of PostgreSQL.

The file is pg_dump's custom form; ./kouan restore reads it. Data written by an older PostgreSQL are dumped with its own
programs: KOUAN_PGBIN=/usr/lib/postgresql/17/bin ./kouan dump FILE.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from kouan.project.hub import CommandFailed
from kouan.project.places import data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, help="目标文件 / the file to write")
    parser.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")


def run(args: argparse.Namespace) -> int:
    """Write the file; a file that stands there already is not touched."""
    from kouan.project.database import running_database
    from kouan.project.postgres.binaries import clean_environment, find_binaries

    if args.file.exists():
        raise CommandFailed(f"文件已存在：{args.file}\nThe file is there already: {args.file}")
    with running_database(data_folder(args.data)):
        unfinished = args.file.with_name(args.file.name + ".unfinished")
        command = [find_binaries() / "pg_dump", "--format=custom", "--no-owner", f"--file={unfinished}"]
        # The address carries the password: in the environment other users do not see it.
        done = subprocess.run(command, env={**clean_environment(), **connection_variables(os.environ["DATABASE_URL"])})
    if done.returncode:
        unfinished.unlink(missing_ok=True)
        raise CommandFailed("导出未完成，见上。\nThe dump was not finished; see above.")
    unfinished.rename(args.file)
    print(f"{args.file}: {args.file.stat().st_size:,} B")
    return 0


def connection_variables(address: str) -> dict[str, str]:
    """Return the variables from which PostgreSQL's programs read where to connect and with which password."""
    from psycopg.conninfo import conninfo_to_dict

    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE"}  # fmt: skip
    given = conninfo_to_dict(address)
    return {variable: str(given[name]) for name, variable in names.items() if given.get(name)}
