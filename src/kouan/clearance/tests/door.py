"""The door for messages as tests call it: POST /api/v1/messages by every side, and the steps behind it."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from kouan.audit.types import SystemActor
from kouan.clearance.tests.national import work
from kouan.declarations.factories import make_channels, make_firms, make_national_channel
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.models import Work
from kouan.gateway.services.tokens import issue_token
from kouan.gateway.standards.ceb.codec import decode
from kouan.gateway.standards.ceb.generate import messages, parcels


class Door:
    """The machine interface as the firms and the national side call it, and the steps behind it."""

    def __init__(self, *, policy: SignaturePolicy = SignaturePolicy.OFF) -> None:
        self.at = timezone.now()
        firms = make_firms()
        actor = SystemActor("tests")
        self.channels = make_channels(firms, policy=policy)
        self.national = make_national_channel(firms["621"].pk)
        every = {**self.channels, "national": self.national}
        self.tokens = {
            name: issue_token(actor=actor, connection_id=channel.pk, at=self.at) for name, channel in every.items()
        }
        self.client = Client(raise_request_exception=True)
        self.seed = 0

    def post(self, raw, *, by="621", **headers):
        """Post a body; give the answer."""
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.tokens[by]}", **headers}
        return self.client.post("/api/v1/messages", data=raw, content_type="application/xml", **headers)

    def fresh(self, kind="621", count=1):
        """Make a good message that nobody has sent before."""
        self.seed += 1
        made = parcels(count, at=self.at, seed=self.seed, lines=(2, 3))
        [(_, raw)] = messages(made, kinds=[kind], seed=self.seed, per_message=count)
        return raw

    def answers(self, by="621") -> dict[str, list[Any]]:
        """Fetch and confirm what waits for a firm: check results as objects, the others as the heads of their nodes."""
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.tokens[by]}"}
        found: dict[str, list[Any]] = defaultdict(list)
        receipts = self.client.get("/api/v1/receipts?limit=500", **headers).json()["receipts"]
        for one in receipts:
            body = base64.b64decode(one["body_base64"])
            found[one["kind"]] += (
                [json.loads(body)] if one["kind"] == "check" else [node.head for node in decode(body).nodes]
            )
        ids = json.dumps({"receipt_ids": [one["receipt_id"] for one in receipts]})
        self.client.post("/api/v1/receipts/confirm", data=ids, content_type="application/json", **headers)
        return found

    def work(self):
        """Do every step, and again after what failed was left alone for its time."""
        for _ in range(4):
            work(self.at)
            self.at += timedelta(seconds=30)

    def failures(self):
        """Give what stands parked or is to be tried again, and forget it: nothing may come of what was posted."""
        left = Work.objects.exclude(step="deliver")
        found = [(step, error.split(":")[0]) for step, error in left.values_list("step", "error")]
        left.delete()
        return found
