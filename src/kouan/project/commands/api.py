"""describes the interface for machines (OpenAPI), records its examples, and generates the Python client.

./kouan api describe [-o FILE]   writes the description, to the screen without -o
./kouan api record               makes the example calls again on a throw-away database and stores them
./kouan api client               generates clients/python from the description
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kouan.project.hub import CommandFailed
from kouan.project.places import ROOT

CLIENTS = ROOT / "clients"
CLIENT = CLIENTS / "python"
BYTES = "application/octet-stream"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    describe = actions.add_parser("describe", help="输出接口说明（OpenAPI 3.1） / write the description")
    describe.add_argument("-o", "--output", type=Path, help="写入文件 / write into this file")
    actions.add_parser("record", help="重新录制示例调用 / make the example calls again and store them")
    client = actions.add_parser("client", help="生成 Python 客户端 / generate the Python client")
    client.add_argument("--into", type=Path, default=CLIENT, help="目标文件夹 / folder, clients/python by default")


def run(args: argparse.Namespace) -> int:
    """Do one of the three; none needs the database of an installation."""
    if args.action == "record":
        environment = {**os.environ, "KOUAN_RECORD_EXAMPLES": "1"}
        words = [sys.executable, "-m", "pytest", "-q", "tests/test_api_examples.py"]
        return subprocess.run(words, cwd=ROOT, env=environment).returncode
    if args.action == "client":
        generate_client(args.into)
        return 0
    text = json.dumps(described(), ensure_ascii=False, indent=1) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def described() -> dict[str, Any]:
    """Give the description as it is served; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kouan.project.settings")
    import django

    django.setup()
    from kouan.project.api import PREFIX, api

    return json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))


def generate_client(into: Path) -> None:
    """Generate the client out of the description with our templates; what was there is replaced."""
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / "openapi.json"
        description.write_text(json.dumps(_for_the_generator(described()), ensure_ascii=False), encoding="utf-8")
        words = ["generate", "--path", str(description), "--output-path", str(into), "--overwrite", "--meta", "uv"]
        words += ["--config", str(CLIENTS / "generator.yaml"), "--custom-template-path", str(CLIENTS / "templates")]
        # The generator sorts and formats what it wrote with the ruff that it finds: ours.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        made = subprocess.run(
            [sys.executable, "-m", "openapi_python_client", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": path},
        )
    if made.returncode:
        raise CommandFailed(f"客户端生成失败。\nThe client could not be generated.\n{made.stdout}{made.stderr}")
    shutil.rmtree(into / ".ruff_cache", ignore_errors=True)
    (into / ".gitignore").unlink(missing_ok=True)


def _for_the_generator(description: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the generator does not read: Chinese in names of packages, XML and zip beside plain bytes."""
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["tags"] = [tag.partition(" ")[2] or tag for tag in operation["tags"]]
            content = operation.get("requestBody", {}).get("content", {})
            if BYTES in content:
                operation["requestBody"]["content"] = {BYTES: content[BYTES]}
    return description
