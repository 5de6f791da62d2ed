"""The person behind a session, as Django's sessions ask for it, and the address from which a request comes."""

from __future__ import annotations

from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from kouan.accounts.models import User
from kouan.accounts.oidc.provider import the_provider


class PersonBackend(BaseBackend):
    """Finds the person of a session together with the organisation, in one query; a suspended one is not found.

    Checking passwords is the service's work (``services.sign_in``), never the backend's.
    """

    def get_user(self, user_id: UUID) -> User | None:
        """Return the active person of an id, or None."""
        people = User.objects.select_related("organisation", "unit")
        return people.filter(pk=user_id, is_active=True).first()


class ProviderBackend(PersonBackend):
    """Finds the person of a session that the provider opened, as long as the person is linked to that provider."""

    def get_user(self, user_id: UUID) -> User | None:
        """Return the active and linked person of an id, or None."""
        provider = the_provider()
        person = super().get_user(user_id) if provider else None
        if person is None or provider is None or not person.identities.filter(issuer=provider.issuer).exists():
            return None
        person.came_by_provider = True
        return person


def client_address(request: HttpRequest) -> str:
    """The network address of the caller, seen past as many of our own proxies as settings say."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.KOUAN_PROXIES and len(hops) >= settings.KOUAN_PROXIES:
        address = hops[-settings.KOUAN_PROXIES]
    try:
        return str(ip_address(address))
    except ValueError:
        return "0.0.0.0"  # noqa: S104
