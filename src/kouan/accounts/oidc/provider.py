"""The provider that the installation names, and what it says of itself; kept for a bounded time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from kouan.accounts.oidc.reading import fetch, is_safe
from kouan.accounts.oidc.refusals import the_provider_is_away
from kouan.screens.formats import is_english

_KEPT_SECONDS = 3600
"""How long what the provider says of itself is not asked again."""
_BETWEEN_SECONDS = 60
"""How long after keys were fetched for an unknown one they are not fetched for another."""
_MOST_KEYS = 50


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the environment describes it. ``claim`` is what of an ID token names the person."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    claim: str
    scope: str
    label: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    posts_secret: bool
    names_issuer: bool


def the_provider() -> Provider | None:
    """Return the provider of this installation, its button in the language of the page; None where there is none."""
    if not settings.KOUAN_OIDC_ISSUER or not settings.KOUAN_OIDC_CLIENT:
        return None
    return Provider(
        issuer=settings.KOUAN_OIDC_ISSUER,
        client_id=settings.KOUAN_OIDC_CLIENT,
        secret=settings.KOUAN_OIDC_SECRET,
        claim=settings.KOUAN_OIDC_CLAIM,
        scope=settings.KOUAN_OIDC_SCOPE,
        label=settings.KOUAN_OIDC_LABEL_EN if is_english() else settings.KOUAN_OIDC_LABEL,
    )


def discover(provider: Provider) -> Metadata:
    """Return what a provider says of itself; raise TheProviderIsAway where it says nothing that can be used."""
    said = _configuration_of(provider)
    ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Metadata(
        authorization_endpoint=said["authorization_endpoint"],
        token_endpoint=said["token_endpoint"],
        jwks_uri=said["jwks_uri"],
        end_session_endpoint=said.get("end_session_endpoint") or "",
        posts_secret="client_secret_basic" not in ways and "client_secret_post" in ways,
        names_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _configuration_of(provider: Provider) -> dict[str, Any]:
    key = f"oidc-metadata-{provider.issuer}"
    if (kept := cache.get(key)) is not None:
        return kept
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    if not is_safe(address):
        raise the_provider_is_away("the issuer's address is not https")
    status, said = fetch("GET", address)
    if status != 200:
        raise the_provider_is_away(f"its configuration is answered with {status}")
    _check(provider, said)
    cache.set(key, said, _KEPT_SECONDS)
    return said


def _check(provider: Provider, said: dict[str, Any]) -> None:
    """Refuse a configuration of another issuer, or one whose addresses cannot be trusted."""
    if said.get("issuer") != provider.issuer:
        raise the_provider_is_away("its configuration names another issuer")
    needed = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if said.get("end_session_endpoint"):
        needed.append(said["end_session_endpoint"])
    if not all(isinstance(one, str) and is_safe(one) for one in needed):
        raise the_provider_is_away("its configuration names an address that is missing or not https")


def keys_of(provider: Provider) -> KeySet:
    """Return the keys with which a provider signs, as they are kept."""
    said = cache.get(_keys_key(provider))
    return _read_keys(said if said is not None else _fetch_keys(provider))


def newest_keys_of(provider: Provider) -> KeySet | None:
    """Fetch the keys anew, since one is unknown; None where that was done a moment ago."""
    if not cache.add(f"oidc-asked-{provider.issuer}", True, _BETWEEN_SECONDS):
        return None
    return _read_keys(_fetch_keys(provider))


def _keys_key(provider: Provider) -> str:
    return f"oidc-keys-{provider.issuer}"


def _fetch_keys(provider: Provider) -> list[Any]:
    status, said = fetch("GET", discover(provider).jwks_uri)
    keys = said.get("keys")
    if status != 200 or not isinstance(keys, list):
        raise the_provider_is_away(f"its keys are answered with {status}")
    cache.set(_keys_key(provider), keys[:_MOST_KEYS], _KEPT_SECONDS)
    return keys[:_MOST_KEYS]


def _read_keys(said: list[Any]) -> KeySet:
    """Read the keys for signatures; what is no such key, or of a kind that is not known here, is left out."""
    found = []
    for one in said:
        if isinstance(one, dict) and one.get("kty") in {"RSA", "EC", "OKP"} and one.get("use", "sig") == "sig":
            try:
                found.append(import_key(one))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    return KeySet(found)
