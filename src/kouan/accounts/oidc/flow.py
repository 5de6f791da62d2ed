"""One attempt to be vouched for: what the browser is sent away with, and what is believed when it comes back."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self
from urllib.parse import quote_plus, urlencode

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.core import signing
from joserfc import jwt
from joserfc.errors import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet

from kouan.accounts.oidc.provider import Provider, discover, keys_of, newest_keys_of
from kouan.accounts.oidc.reading import fetch
from kouan.accounts.oidc.refusals import (
    the_attempt_is_over,
    the_provider_is_away,
    the_provider_says_no,
    the_token_is_wrong,
)

ATTEMPT_SECONDS = 600
"""How long somebody may take at the provider."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures by a key of the provider's alone: none is not signed, HS… by a secret that we hold too."""
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
_LONGEST_CODE = 4096
_SALT = "kouan.accounts.oidc"


class Purpose(StrEnum):
    """What somebody wants to be vouched for."""

    SIGN_IN = "sign_in"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser has to bring back; signed in its cookie, so that no row is written for strangers.

    goal: the address within Kouan where it leads. person_id: who links, empty for signing in.
    """

    purpose: Purpose
    state: str
    nonce: str
    verifier: str
    goal: str
    person_id: str = ""

    @classmethod
    def begin(cls, purpose: Purpose, *, goal: str, person_id: str = "") -> Self:
        """Make an attempt that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        return cls(purpose, state, nonce, verifier, goal, person_id)

    def seal(self) -> str:
        """Give the text for the cookie."""
        return signing.dumps(asdict(self), salt=_SALT)

    @classmethod
    def open(cls, sealed: str) -> Self:
        """Read the cookie; raise TheAttemptIsOver where it is none of ours or too old."""
        try:
            kept = signing.loads(sealed, salt=_SALT, max_age=ATTEMPT_SECONDS)
        except signing.BadSignature:
            raise the_attempt_is_over() from None
        return cls(**kept | {"purpose": Purpose(kept["purpose"])})


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who the provider says that somebody is, and the token that says so."""

    issuer: str
    subject: str
    id_token: str


def address_to_ask(provider: Provider, attempt: Attempt, *, return_url: str) -> str:
    """Return the address at the provider to which the browser goes. Raises TheProviderIsAway.

    Whoever links is asked to sign in there anew: another one's session may stand open in the browser.
    """
    anew = {"prompt": "login"} if attempt.purpose == Purpose.LINK else {}
    return prepare_grant_uri(
        discover(provider).authorization_endpoint,
        provider.client_id,
        "code",
        redirect_uri=return_url,
        scope=provider.scope,
        state=attempt.state,
        nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier),
        code_challenge_method="S256",
        **anew,
    )


def hear(provider: Provider, attempt: Attempt, said: Mapping[str, str], *, return_url: str, at: dt.datetime) -> Vouched:
    """Return who somebody is, from what the browser brought back. Raises a TheProviderRefuses."""
    if not secrets.compare_digest(said.get("state", "").encode(), attempt.state.encode()):
        raise the_attempt_is_over()
    issuer = said.get("iss", "" if discover(provider).names_issuer else provider.issuer)
    if issuer != provider.issuer:
        raise the_attempt_is_over()
    if error := said.get("error"):
        raise the_provider_says_no(error)
    code = said.get("code", "")
    if not code or len(code) > _LONGEST_CODE:
        raise the_attempt_is_over()
    tokens = _redeem(provider, attempt, code, return_url)
    claims = _believe(provider, attempt, tokens, at)
    subject = claims.get(provider.claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise the_token_is_wrong("OIDC-SUBJECT", provider.claim)
    return Vouched(provider.issuer, subject, tokens["id_token"])


def address_to_leave(provider: Provider, id_token: str, *, return_url: str) -> str:
    """Return the address where the session at the provider ends (RP-Initiated Logout 1.0); empty where it has none."""
    end = discover(provider).end_session_endpoint
    if not end:
        return ""
    words = {"id_token_hint": id_token, "client_id": provider.client_id, "post_logout_redirect_uri": return_url}
    return f"{end}{'&' if '?' in end else '?'}{urlencode(words)}"


def _redeem(provider: Provider, attempt: Attempt, code: str, return_url: str) -> dict[str, Any]:
    """Change the code into tokens, with the proof that it was we who asked."""
    found = discover(provider)
    body = urlencode(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_url,
            "code_verifier": attempt.verifier,
        }
    )
    address, headers, body = _client_auth(provider, posts_secret=found.posts_secret).prepare(
        "POST", found.token_endpoint, {"Content-Type": "application/x-www-form-urlencoded"}, body
    )
    status, tokens = fetch("POST", address, headers=headers, body=body)
    if status != 200 and tokens.get("error") == "invalid_grant":
        raise the_attempt_is_over()
    if status != 200 or not isinstance(tokens.get("id_token"), str):
        raise the_provider_is_away(f"the code is answered with {status} {str(tokens.get('error'))[:100]}")
    return tokens


def _client_auth(provider: Provider, *, posts_secret: bool) -> ClientAuth:
    """Say how we show the provider that it is we: id and secret are form-encoded for Basic (RFC 6749, 2.3.1)."""
    if not provider.secret:
        return ClientAuth(provider.client_id, None, "none")
    if posts_secret:
        return ClientAuth(provider.client_id, provider.secret, "client_secret_post")
    return ClientAuth(quote_plus(provider.client_id), quote_plus(provider.secret), "client_secret_basic")


def _believe(provider: Provider, attempt: Attempt, tokens: dict[str, Any], at: dt.datetime) -> CodeIDToken:
    """Return the claims of an ID token that holds in every respect (OpenID Connect Core 1.0, 3.1.3.7)."""
    token = _verify(provider, tokens["id_token"])
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={"iss": {"essential": True, "value": provider.issuer}, "aud": {"value": provider.client_id}},
        params={
            "nonce": attempt.nonce,
            "client_id": provider.client_id,
            "access_token": tokens.get("access_token"),
        },
    )
    try:
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except ExpiredTokenError as error:
        raise the_token_is_wrong("OIDC-EXPIRED", error) from error
    except (InvalidClaimError, MissingClaimError) as error:
        is_nonce = "nonce" in str(error)
        raise the_token_is_wrong("OIDC-NONCE" if is_nonce else "OIDC-CLAIMS", error) from error
    except (JoseError, ValueError, TypeError) as error:
        raise the_token_is_wrong("OIDC-CLAIMS", error) from error
    return claims


def _verify(provider: Provider, raw: str) -> jwt.Token:
    """Return a token whose signature is the provider's; a key that is not known yet is asked for once."""
    try:
        return _decode(raw, keys_of(provider))
    except InvalidKeyIdError as unknown:
        keys = newest_keys_of(provider)
        if keys is None:
            raise the_token_is_wrong("OIDC-SIGNATURE", unknown) from unknown
    try:
        return _decode(raw, keys)
    except InvalidKeyIdError as unknown:
        raise the_token_is_wrong("OIDC-SIGNATURE", unknown) from unknown


def _decode(raw: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(raw, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        raise
    except UnsupportedAlgorithmError as error:
        raise the_token_is_wrong("OIDC-ALGORITHM", error) from error
    except (JoseError, ValueError, TypeError) as error:
        raise the_token_is_wrong("OIDC-SIGNATURE", error) from error
