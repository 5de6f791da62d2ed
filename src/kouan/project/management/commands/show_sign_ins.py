"""Prints who can sign in to the demonstration, by kind of work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kouan.accounts.demo import DEMO_PASSWORD
from kouan.accounts.selectors import list_demo_sign_ins

SHOWN_OF_EACH = 3


class Command(BaseCommand):
    """One line for each kind of work."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them, with the password that they share."""
        groups = list_demo_sign_ins()
        if groups:
            self.stdout.write(f"演示用户口令均为 {DEMO_PASSWORD} / all demo persons have the password {DEMO_PASSWORD}")
        for group in groups:
            names = [f"{person.username}（{person.organisation.name_zh}）" for person in group.people[:SHOWN_OF_EACH]]
            more = len(group.people) - SHOWN_OF_EACH
            self.stdout.write(f"  {group.title}：{'、'.join(names)}{f' …（另 {more} 人）' if more > 0 else ''}")
