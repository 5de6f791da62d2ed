"""Fills an empty database with demonstration data (演示数据); run twice, it adds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from kouan.accounts.demo import seed_accounts
from kouan.audit.types import SystemActor
from kouan.brokerage.demo import seed_desk
from kouan.clearance.demo import seed_cases
from kouan.clearance.services.goods_routing import answer_goods_messages, route_goods
from kouan.gateway.codes import Step
from kouan.goods.demo import seed_goods
from kouan.goods.services.storing import store_goods
from kouan.project.demo_places import place_of_demo_goods, seed_places
from kouan.supervision.demo import seed_supervision


class Command(BaseCommand):
    """Seeds organisations and people, tables and places, and then declarations, newest last."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        parser.add_argument("--parcels", type=int, default=110, help="每天的申报数 / declarations a day")
        parser.add_argument("--days", type=int, default=28, help="天数 / days")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed everything."""
        at = timezone.now()
        actor = SystemActor("演示数据")
        seed_accounts(at=at)
        seed_places(actor=actor, at=at)
        measures = seed_supervision(at=at)
        self.stdout.write(f"演示台账：{measures} 项举措 / demo ledger: {measures} measures")
        count = seed_cases(
            at=at,
            ledger=Path(settings.DATA) / "counterpart" / "ledger.db",
            parcels_a_day=options["parcels"],
            days=options["days"],
            say=self.stdout.write,
        )
        seed_goods(
            at=at,
            ledger=Path(settings.DATA) / "counterpart" / "goods_window.db",
            exchange=Path(settings.EXCHANGE_ROOT),
            place=place_of_demo_goods(),
            steps=[
                (Step.STORE_GOODS, store_goods),
                (Step.ROUTE_GOODS, route_goods),
                (Step.ANSWER_GOODS, answer_goods_messages),
            ],
            say=self.stdout.write,
        )
        waiting = seed_desk(at=at, say=self.stdout.write)
        self.stdout.write(f"演示报关行待办：{waiting} 项 / demo broker: {waiting} things wait")
        self.stdout.write(f"演示数据就绪：{count} 票申报 / demo data ready: {count} declarations")
