"""A small OpenID provider that answers over HTTP as a real one does, and lies where a test asks it to.

It signs with RS256, gives a code once, and checks the client's secret, the return address and the PKCE verifier.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "kouan-client", "s:e/c r+e%t"


@dataclass
class OpenIdProvider:
    """The provider's state. ``subject`` is who sits before it; the rest says how it lies.

    claims: replaces claims of the ID token (None leaves one out). sign: gives the token instead of the honest one.
    answers: by path, what is sent instead: status, body, headers.
    """

    issuer: str = ""
    subject: str = "u-10086"
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Any = None
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True))
    asked: list[str] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """What stands at /.well-known/openid-configuration."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/leave",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata

    def authorize(self, asked: dict[str, str]) -> str:
        """Sign the person in and give the address back to which the browser goes."""
        back = {"state": asked["state"], "iss": self.issuer}
        if self.error:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': self.error})}"
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def redeem(self, given: dict[str, str], client: str) -> tuple[int, dict[str, Any]]:
        """Change a code into tokens."""
        if client != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(given.get("code", ""), None)
        challenge = _text(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or given.get("grant_type") != "authorization_code"
            or given.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"]}  # fmt: skip
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        token = self.sign(claims) if self.sign else self.signed(claims)
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None, kid: str | None = None) -> str:
        """An ID token by our key, or another one under any id."""
        return jwt.encode({"alg": "RS256", "kid": kid or self.key.kid}, claims, key or self.key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """An ID token that says it needs no signature."""
        return self._parts("none", claims) + "."

    def signed_by_what_all_know(self, claims: dict[str, Any]) -> str:
        """An ID token whose secret is the public key, which takes in libraries that believe its header."""
        parts = self._parts("HS256", claims)
        return f"{parts}.{_text(hmac.digest(self.key.as_pem(private=False), parts.encode(), 'sha256'))}"

    def _parts(self, algorithm: str, claims: dict[str, Any]) -> str:
        head = {"alg": algorithm, "kid": self.key.kid}
        return ".".join(_text(json.dumps(part).encode()) for part in (head, claims))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def serve() -> Iterator[OpenIdProvider]:
    """Run a provider at a free port of this machine."""
    provider = OpenIdProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            provider.asked.append(parts.path)
            if parts.path in provider.answers:
                self._answer(*provider.answers[parts.path])
            elif parts.path == "/.well-known/openid-configuration":
                self._json(200, provider.describe())
            elif parts.path == "/jwks":
                self._json(200, {"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/authorize":
                self._answer(302, b"", {"Location": provider.authorize(asked)})
            elif parts.path == "/leave":
                provider.left.append(asked)
                self._answer(302, b"", {"Location": asked["post_logout_redirect_uri"]})
            else:
                self._answer(404, b"", {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path in provider.answers:
                return self._answer(*provider.answers[self.path])
            scheme, _, shown = self.headers.get("Authorization", "").partition(" ")
            given = {name: values[0] for name, values in parse_qs(body).items()}
            client = f"{given.get('client_id')}:{given.get('client_secret')}"
            if scheme == "Basic":
                name, _, secret = base64.b64decode(shown).decode().partition(":")
                client = f"{unquote_plus(name)}:{unquote_plus(secret)}"
            return self._json(*provider.redeem(given, client))

        def _json(self, status: int, body: dict[str, Any]) -> None:
            self._answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
