"""HTTP to one fixed address of the counterpart. Redirects are not followed; the answer is bounded and only noted."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from kouan.gateway.transports import Sent

TIMEOUT_SECONDS = 10.0
_NOTED_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Sends by POST; a 2xx answer is delivery, 4xx a refusal for good, anything else is tried again."""

    client: httpx.Client
    address: str

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Post one message under its name; the receiver recognises a repetition by the message's own guid."""
        headers = {"Content-Type": "application/xml", "X-File-Name": name}
        try:
            answer = self.client.post(self.address, content=data, headers=headers, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError as error:
            return Sent("unreachable", f"{type(error).__name__}: {error}"[:_NOTED_CHARACTERS])
        detail = f"HTTP {answer.status_code} {answer.text[:_NOTED_CHARACTERS]}"
        if answer.is_success:
            return Sent("delivered", detail)
        if answer.is_client_error and answer.status_code not in (408, 425, 429):
            return Sent("refused", detail)
        return Sent("unreachable", detail)
