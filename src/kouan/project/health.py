"""Health checks: is the process alive, and can it do its work."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kouan.accounts.access import public_door

# A check returns None when all is well, or a sentence (Chinese, English) that says what is wrong.
Check = Callable[[], tuple[str, str] | None]
CHECKS: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Have `/health/ready` ask one more question; an app does so when it starts (a backlog that grows, for one)."""
    CHECKS[name] = check


def check_database() -> tuple[str, str] | None:
    """Ask the database for an answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return ("数据库没有应答", "the database does not answer")
    return None


_migrated: set[str] = set()


def check_migrations() -> tuple[str, str] | None:
    """Compare the database's tables with what the program expects; once they agree, they do so for this process."""
    database = str(connection.settings_dict["NAME"])
    if database in _migrated:
        return None
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ("数据库结构尚未更新", "the database has not been migrated")
    _migrated.add(database)
    return None


@never_cache
@require_safe
@public_door(reason="监测程序查询进程是否存活 / a monitor asks whether the process lives")
def live(request: HttpRequest) -> JsonResponse:
    """Answer that the process runs."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
@public_door(reason="监测程序查询能否提供服务 / a monitor asks whether it can do its work")
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all checks pass, else 503 with the ones that do not."""
    failed: dict[str, dict[str, str]] = {}
    for name, check in {"database": check_database, "migrations": check_migrations, **CHECKS}.items():
        answer = check()
        if answer:
            failed[name] = {"zh": answer[0], "en": answer[1]}
            if name == "database":
                break
    return JsonResponse(
        {"status": "unready" if failed else "ready", "failed": failed},
        status=503 if failed else 200,
        json_dumps_params={"ensure_ascii": False},
    )
