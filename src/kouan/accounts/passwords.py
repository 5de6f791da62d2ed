"""What the installation asks of passwords, and the kinds of characters that it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What the installation asks of passwords: length, kinds of characters, how many before are not used again.

    days: after how many one has to be changed, 0 for never. Reason: complexity and regular change are asked for without
    figures (GB/T 22239-2019, 8.1.4.1 a), so that the figures are the office's.
    """

    length: int
    kinds: int
    history: int
    days: int

    def is_over(self, set_at: dt.datetime | None, *, at: dt.datetime) -> bool:
        """Whether a password that was set then has to be changed; one of unknown age is old."""
        return bool(self.days) and (set_at is None or at >= set_at + dt.timedelta(days=self.days))

    def days_left(self, set_at: dt.datetime | None, *, at: dt.datetime) -> int | None:
        """How many whole days a password still holds; None where it does not age."""
        if not self.days or set_at is None:
            return None
        return max(0, (set_at + dt.timedelta(days=self.days) - at).days)


def password_rules() -> PasswordRules:
    """Return what this installation asks of passwords."""
    return PasswordRules(
        length=settings.KOUAN_PASSWORD_LENGTH,
        kinds=settings.KOUAN_PASSWORD_KINDS,
        history=settings.KOUAN_PASSWORD_HISTORY,
        days=settings.KOUAN_PASSWORD_DAYS,
    )


class KindsOfCharacters:
    """Asks for characters of several kinds: capital letters, small letters, digits, all others. For Django's list."""

    CODE = "password_of_few_kinds"

    def __init__(self, least: int) -> None:
        self.least = least

    def validate(self, password: str, user: object = None) -> None:
        """Raise Django's ValidationError for a password of too few kinds."""
        kinds = {_kind_of(character) for character in password}
        if len(kinds) < self.least:
            raise ValidationError(self.get_help_text(), code=self.CODE)

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return f"At least {self.least} of: capital letters, small letters, digits, other characters."


def _kind_of(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "capital"
    return "small" if character.islower() else "other"
