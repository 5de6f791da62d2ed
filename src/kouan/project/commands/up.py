"""sets everything up and serves the whole system: database, web, message workers, jobs.

The first start makes the database and fills it with demo data (marked 演示); later starts go on with the same data.
Ctrl-C or SIGTERM stops everything cleanly.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kouan.project import database
from kouan.project.hub import CommandFailed
from kouan.project.logs import Log
from kouan.project.places import ROOT, data_folder, make_private_folder
from kouan.project.processes import Process, counterparts_of, kouan, list_processes, postgres_of
from kouan.project.secret import keep_secret_key
from kouan.project.supervisor import CannotStart, Stopped, Supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--port", type=int, default=8000, help="网页端口 / the port of the pages (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 / the address to listen on (127.0.0.1)")
    parser.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")
    parser.add_argument("--empty", action="store_true", help="不放演示数据 / no demo data")


def run(args: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    data = data_folder(args.data)
    refuse_a_busy_port(args.host, args.port)
    make_private_folder(data)
    with only_one(data):
        keep_secret_key(data)
        supervisor = Supervisor(Log(data / "logs"))
        supervisor.listen_to_signals()
        try:
            serve(supervisor, data, args)
        except Stopped:
            pass
        except CannotStart as what:
            raise CommandFailed(
                f"{what} 未能启动，原因见上，全部日志在 {data / 'logs'}。\n"
                f"{what} did not start; the reason stands above, the whole log is in {data / 'logs'}."
            ) from what
        finally:
            supervisor.log.say("正在停止 … / stopping …")
            supervisor.stop()
            supervisor.log.say("已停止 / stopped")
    return 0


def serve(supervisor: Supervisor, data: Path, args: argparse.Namespace) -> None:
    """Start everything in order and watch it; raises Stopped, CannotStart or CommandFailed."""
    os.environ["KOUAN_DATA"] = str(data)
    os.environ.setdefault("KOUAN_ADDRESS", f"http://{shown(args.host)}:{args.port}")
    if args.host not in {"127.0.0.1", "localhost"}:
        os.environ.setdefault("KOUAN_HOSTS", ",".join(names_of_this_machine(args.host)))
    start_database(supervisor, data)
    demo = data / "demo"  # says "wanted" until all demo data are there, then "there"
    if not args.empty and has_demo_data() and database.is_empty():
        demo.write_text("wanted")
    if demo.exists():
        os.environ.setdefault("KOUAN_DEMO", "1")
    supervisor.log.say("正在更新数据库结构 … / bringing the database up to date …")
    supervisor.finish(Process("prepare", kouan("manage", "prepare")))
    is_wanted = demo.exists() and demo.read_text() == "wanted"
    processes = list_processes(args.host, args.port)
    # The demo data are made with the clock set back: the workers, whose clock is right, begin when they are there.
    later = [process for process in processes if is_wanted and process.name.startswith(("work", "tell"))]
    for process in processes:
        if process not in later:
            supervisor.add(process)
    supervisor.log.say(f"口岸已就绪 / Kouan is ready: http://{shown(args.host)}:{args.port}/")
    if is_wanted:
        supervisor.log.say("正在放入演示数据，页面已可使用 … / adding demo data; the pages can be used already …")
        supervisor.run_beside(
            Process("demo", ("nice", *kouan("manage", "seed_demo"))),
            lambda status: demo_ended(supervisor, data, demo, status, later),
        )
    elif demo.exists():
        show_sign_ins(supervisor)
        play_the_national_side(supervisor, data)
    supervisor.run()


def start_database(supervisor: Supervisor, data: Path) -> None:
    """Start the data folder's cluster, or check the named server; DATABASE_URL names it afterwards."""
    if database.is_given():
        database.check_given_server()
        return
    cluster = database.cluster_of(data)
    if not cluster.exists:
        supervisor.log.say(f"正在建立数据库 … / making the database … {cluster.folder}")
    cluster.prepare()
    supervisor.add(postgres_of(cluster))
    cluster.finish()
    os.environ["DATABASE_URL"] = cluster.url()


def has_demo_data() -> bool:
    """Whether an app brings demo data."""
    return any((ROOT / "src" / "kouan").glob("*/management/commands/seed_demo.py"))


def demo_ended(supervisor: Supervisor, data: Path, demo: Path, status: int, later: list[Process]) -> None:
    """Remember that the demo data are there, or say that they are not; then start what waited for them."""
    if status == 0:
        demo.write_text("there")
        supervisor.log.say("演示数据已就绪 / the demo data are there")
        show_sign_ins(supervisor)
        play_the_national_side(supervisor, data)
    else:
        supervisor.log.say(
            "演示数据未能全部放入，下次启动时继续 / the demo data are not complete; the next start goes on with them",
            level="WARNING",
        )
    for process in later:
        supervisor.add(process)


def show_sign_ins(supervisor: Supervisor) -> None:
    """Print who can sign in to the demonstration."""
    supervisor.run_beside(Process("demo", kouan("manage", "show_sign_ins")), lambda status: None)


def refuse_a_busy_port(host: str, port: int) -> None:
    """Raise CommandFailed when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandFailed(
                f"无法使用 {host}:{port}（{error.strerror}）。请换一个端口：./kouan up --port {port + 1}\n"
                f"{host}:{port} cannot be used ({error.strerror}). Choose another: ./kouan up --port {port + 1}"
            ) from error


def play_the_national_side(supervisor: Supervisor, data: Path) -> None:
    """Start the counterparts that answer the demonstration's declarations, where their memory is there."""
    for counterpart in counterparts_of(data):
        supervisor.add(counterpart)


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder; raises CommandFailed when another `up` holds it."""
    with open(data / "lock", "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandFailed(
                f"数据目录 {data} 已有一个正在运行的口岸系统。\nKouan already runs on the data folder {data}."
            ) from error
        yield


def names_of_this_machine(host: str) -> list[str]:
    """Return the names under which this machine may be asked when it listens beyond itself."""
    names = {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), socket.getfqdn()}
    if host not in {"0.0.0.0", "::"}:  # noqa: S104
        names.add(host)
    try:
        names.update(str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET))
    except OSError:
        pass
    return sorted(names)


def shown(host: str) -> str:
    """Return the host as it stands in an address to click on."""
    if host in {"0.0.0.0", "::", "127.0.0.1"}:  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host
