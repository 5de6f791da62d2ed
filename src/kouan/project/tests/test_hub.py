"""The `kouan` command finds its subcommands and loads only the one that was asked for."""

import json
import os
import socket
import subprocess
import sys

import pytest

from kouan.project.commands import bench
from kouan.project.hub import list_commands, main
from kouan.project.places import ROOT


def test_help_names_every_command_with_its_first_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    commands = list_commands()
    assert {"up", "test", "bench", "manage", "check", "messages", "lock", "dump", "restore"} <= set(commands)
    for name, text in commands.items():
        assert text, f"{name} has no docstring"
        assert name in shown
        assert " ".join(text.partition("\n")[0].split()[:4]) in shown


def test_without_a_command_it_shows_the_help_and_says_that_nothing_was_done(capsys):
    assert main([]) == 0
    assert "COMMAND" in capsys.readouterr().out


def test_an_unknown_command_or_argument_is_refused(capsys):
    for words in (["no-such-command"], ["lock", "--no-such-argument"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2
    assert "--no-such-argument" in capsys.readouterr().err


def test_every_command_explains_itself(capsys):
    for name in list_commands():
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
    assert "--port" in capsys.readouterr().out


def test_a_command_without_a_database_loads_no_django():
    code = (
        "import sys, json\nfrom kouan.project.hub import main\n"
        "status = main(['bench'])\n"
        "print(json.dumps([status, 'django' in sys.modules, 'numpy' in sys.modules]))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout.splitlines()[-1]) == [0, False, False]


def test_benchmarks_are_found_by_their_main_function(tmp_path):
    (tmp_path / "fast.py").write_text('"""measures something.\n\nMore."""\n\n\ndef main(argv):\n    return 0\n')
    (tmp_path / "tables.py").write_text('"""only helps the others."""\n')
    assert bench.list_benchmarks(tmp_path) == {"fast": "measures something."}


def run_up(*words, **variables):
    environment = {**os.environ, "DATABASE_URL": "", **variables}
    command = [sys.executable, "-m", "kouan.project", "up", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)


def test_up_refuses_a_port_that_is_taken_before_it_makes_anything(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run_up("--port", str(port), "--data", str(tmp_path / "data"))
    assert ended.returncode == 1
    assert f"--port {port + 1}" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_up_says_when_the_named_database_does_not_answer(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"postgresql://kouan@127.0.0.1:{silent.getsockname()[1]}/kouan"
        ended = run_up("--port", "0", "--data", str(tmp_path / "data"), DATABASE_URL=address)
    assert ended.returncode == 1
    assert "DATABASE_URL 指向的数据库没有应答" in ended.stderr
    assert "Traceback" not in ended.stderr
