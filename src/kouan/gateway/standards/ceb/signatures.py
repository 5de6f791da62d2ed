"""What the verification of a signature means for a CEB message, in the official codes of its kind."""

from __future__ import annotations

from dataclasses import replace

from kouan.gateway.standards.xmldsig.verifying import Verification
from kouan.records.problems import Problem

from . import codes
from .reports import SignaturePolicy
from .types import Kind


def judge(kind: Kind, verification: Verification, policy: SignaturePolicy) -> list[Problem]:
    """Say what a verified signature means for the message under the policy of the connection.

    A missing signature is not judged here: whether one is needed depends on each node (``checks``). Under ``warn`` the
    same problems are warnings; under ``off`` there are none.
    """
    if policy == "off" or verification.state == "missing":
        return []
    pointer = f"/{kind.root}/Signature"
    if verification.state == "valid":
        return [replace(one, pointer=pointer) for one in verification.problems]
    code = {
        "digest_mismatch": kind.faults.signature_mismatch,
        "expired": "1002",
    }.get(verification.state, kind.faults.signature_invalid)
    known = codes.CODES[code]
    severity = "error" if policy == "require" else "warning"
    return [
        codes.problem(code, pointer, severity=severity, zh=f"{known.zh}{one.zh}", en=f"{known.en} {one.en}",
                      fix_zh=one.fix_zh, fix_en=one.fix_en)
        for one in verification.problems
    ]  # fmt: skip
