"""Verifies the signature of a message, and refuses every construction other than the one of the standard.

One signature, child of the root, over the whole document: anything else (a second signature, a reference to a part, a
moved or wrapped original, further transforms) could make a valid signature cover something other than what is read.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field, replace
from datetime import datetime
from hmac import compare_digest
from typing import Literal

from lxml import etree

from kouan.records.problems import Problem, Severity

from . import algorithms as a
from .certificates import Certificate, UnreadableCertificate, read_certificate
from .documents import (
    SIGNATURE,
    Document,
    UnparsableDocument,
    canonical_without_signature,
    parse,
    with_less_white_space,
)
from .trust import Trust

State = Literal["valid", "digest_mismatch", "signature_invalid", "unsupported", "missing", "untrusted", "expired"]

_DS = f"{{{a.NAMESPACE}}}"
_LARGEST_SIGNATURE = 64 * 1024  # characters of one value
# What the working client declares on SignedInfo before it signs, whether the document declares it or not.
_CLIENT_NAMESPACES = {
    "ceb": "http://www.chinaport.gov.cn/ceb",
    "ds": a.NAMESPACE,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a signature is worth.

    state: ``valid`` only if the content is what was signed, the key signed it, and the trust accepts the certificate.
    algorithm: ``rsa-sha1`` or ``sm2-sm3``. certificate_serial, key_name: as the message states them.
    whitespace_tolerated: the digest matches only without the white space around the signature.
    """

    state: State
    key_name: str = ""
    certificate_serial: str = ""
    subject: str = ""
    algorithm: str = ""
    whitespace_tolerated: bool = False
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_valid(self) -> bool:
        """True if the signature counts."""
        return self.state == "valid"


class _Refusal(Exception):
    """Why a signature is worth nothing."""

    def __init__(self, state: State, code: str, zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> None:
        super().__init__(en)
        self.state: State = state
        self.problem = _problem(code, "error", zh, en, fix_zh, fix_en)


def verify(document: bytes | Document, *, trusted: Trust, at: datetime | None = None) -> Verification:
    """Verify the enveloped signature of a message.

    document: the bytes as they arrived, or what a reader made of them (``Reading.document``), which is quicker.
    trusted: whose signatures count. at: the moment at which the certificate has to be valid; None leaves its time out
    of account.
    """
    found = Verification("missing")
    try:
        if isinstance(document, bytes):
            document = Document(document)
        root = parse(document.rest, encoding=document.encoding)
        signature = _only_signature(root)
        found = replace(found, key_name=_text(signature, "KeyInfo/KeyName"))
        signed_info = _only(signature, "SignedInfo")
        method, digest_method, canonicalization = _methods(signature, signed_info)
        found = replace(found, algorithm="rsa-sha1" if a.SIGNATURE_FAMILIES[method] == "rsa" else "sm2-sm3")
        certificate = _certificate(signature, found.key_name, trusted)
        found = replace(found, certificate_serial=certificate.serial, subject=certificate.subject)
        warnings = _compare_digest(root, document.known, signed_info, digest_method, canonicalization)
        warnings += _check_value(signature, signed_info, method, canonicalization, certificate)
        _check_trust(certificate, trusted, at)
    except UnparsableDocument as fault:
        problem = _problem("0001", "error", "报文不能解析，无法验签。", f"The document cannot be parsed: {fault}.")
        return replace(found, state="unsupported", problems=(problem,))
    except _Refusal as refusal:
        return replace(found, state=refusal.state, problems=(refusal.problem,))
    tolerated = any(one.code == "-913001" for one in warnings)
    return replace(found, state="valid", whitespace_tolerated=tolerated, problems=tuple(warnings))


# --- form ---------------------------------------------------------------------------------------------------------


def _only_signature(root: etree._Element) -> etree._Element:
    signatures = list(root.iter(SIGNATURE))
    if not signatures:
        raise _Refusal("missing", "1001", "报文没有签名。", "The message has no signature.", "签名后发送。", "Sign it.")
    if len(signatures) > 1 or signatures[0].getparent() is not root:
        raise _Refusal("unsupported", "1001", "签名必须唯一，且直接位于根元素下。",
                       "There must be one signature, directly below the root.",
                       "只保留一个签名。", "Keep one signature.")  # fmt: skip
    return signatures[0]


def _only(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(_DS + name)
    if len(found) != 1:
        raise _Refusal("unsupported", "1001", f"签名应有且只有一个 {name}。", f"There must be one {name}.")
    return found[0]


def _methods(signature: etree._Element, signed_info: etree._Element) -> tuple[str, str, str]:
    """Give signature, digest and canonicalization method; refuse any other construction than that of the standard."""
    for child in signature:
        if child.tag not in (_DS + "SignedInfo", _DS + "SignatureValue", _DS + "KeyInfo"):
            raise _Refusal("unsupported", "1001", "签名里有不支持的内容。", "The signature holds unsupported parts.")
    reference = _only(signed_info, "Reference")
    if reference.get("URI") != "":
        raise _Refusal("unsupported", "1001", "签名没有覆盖整个报文（Reference URI 应为空）。",
                       "The signature does not cover the whole message (Reference URI must be empty).")  # fmt: skip
    transforms = [one.get("Algorithm") for one in reference.iter(_DS + "Transform")]
    if not transforms or transforms[0] != a.ENVELOPED or any(one not in a.CANONICALIZATIONS for one in transforms[1:]):
        raise _Refusal("unsupported", "1001", "签名变换不符合规范。", "The transforms are not those of the standard.")
    canonicalization = _algorithm(signed_info, "CanonicalizationMethod")
    method, digest_method = _algorithm(signed_info, "SignatureMethod"), _algorithm(reference, "DigestMethod")
    known = canonicalization in a.CANONICALIZATIONS and method in a.SIGNATURE_FAMILIES and digest_method in a.DIGESTS
    if not known:
        raise _Refusal("unsupported", "1001", "签名算法不在规范之列。", "The algorithms are not those of the standard.",
                       "使用 RSA-SHA1 或 SM2-SM3。", "Use RSA with SHA-1 or SM2 with SM3.")  # fmt: skip
    return method, digest_method, transforms[1] if len(transforms) > 1 else canonicalization


def _algorithm(parent: etree._Element, name: str) -> str:
    return _only(parent, name).get("Algorithm") or ""


def _text(signature: etree._Element, path: str) -> str:
    found = signature.find("/".join(_DS + step for step in path.split("/")))
    return (found.text or "").strip()[:100] if found is not None else ""


def _bytes(element: etree._Element, zh: str, en: str) -> bytes:
    text = element.text or ""
    if len(element) or len(text) > _LARGEST_SIGNATURE:
        raise _Refusal("unsupported", "1001", f"{zh}不是 Base64。", f"{en} is not Base64.")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _Refusal("unsupported", "1001", f"{zh}不是 Base64。", f"{en} is not Base64.") from None


# --- content, key, trust ------------------------------------------------------------------------------------------


def _compare_digest(
    root: etree._Element, known: bytes, signed_info: etree._Element, digest_method: str, canonicalization: str
) -> list[Problem]:
    """Compare the digest of the document with the one that was signed; give what had to be forgiven for it."""
    stated = _bytes(_only(_only(signed_info, "Reference"), "DigestValue"), "摘要", "The digest")
    digest = a.DIGESTS[digest_method]
    with_comments = a.CANONICALIZATIONS[canonicalization]
    document, place = canonical_without_signature(root, known, with_comments=with_comments)
    if compare_digest(digest(document), stated):
        return []
    if any(compare_digest(digest(one), stated) for one in with_less_white_space(document, place)):
        return [_problem("-913001", "warning", "签名前后插入了空白，去掉空白后摘要一致。",
                         "White space was put around the signature after signing; without it the digest matches.",
                         "签名后不要再排版报文。", "Do not format a message after signing.")]  # fmt: skip
    if not with_comments:  # the working client signs the form with comments under the name of the form without
        document, place = canonical_without_signature(root, known, with_comments=True)
        if any(compare_digest(digest(one), stated) for one in (document, *with_less_white_space(document, place))):
            return [_problem("-913002", "warning", "摘要包含注释，与声明的规范化方法不符。",
                             "The digest covers comments, against the stated canonical form.",
                             "报文不要带注释。", "Send no comments.")]  # fmt: skip
    raise _Refusal("digest_mismatch", "1004", "报文内容与签名时不一致。", "The content is not what was signed.",
                   "签名后不要再改动报文；重新签名后发送。", "Do not change a message after signing.")  # fmt: skip


def _check_value(
    signature: etree._Element,
    signed_info: etree._Element,
    method: str,
    canonicalization: str,
    certificate: Certificate,
) -> list[Problem]:
    value = _bytes(_only(signature, "SignatureValue"), "签名值", "The signature value")
    if a.family_of(certificate.key) != a.SIGNATURE_FAMILIES[method]:
        raise _Refusal(
            "unsupported", "1001", "签名算法与证书密钥不符。", "The algorithm is not that of the certificate's key."
        )
    with_comments = a.CANONICALIZATIONS[canonicalization]
    if a.is_signed_by(certificate.key, value, _canonical(signed_info, with_comments)):
        return []
    # The client signs a copy of SignedInfo with three namespaces on it, whether the document declares them or not.
    copy = etree.Element(signed_info.tag, nsmap=_CLIENT_NAMESPACES)
    copy.text = signed_info.text
    copy.extend([etree.fromstring(etree.tostring(child)) for child in signed_info])
    etree.cleanup_namespaces(copy, keep_ns_prefixes=list(_CLIENT_NAMESPACES))
    if a.is_signed_by(certificate.key, value, _canonical(copy, with_comments)):
        return [_problem("-913003", "warning", "签名按客户端惯例带有额外的命名空间声明。",
                         "The signature covers namespace declarations that the document does not make.",
                         "在根元素上声明 ceb、ds、xsi。", "Declare ceb, ds and xsi on the root.")]  # fmt: skip
    raise _Refusal("signature_invalid", "1001", "签名值验证不通过。", "The signature value does not verify.",
                   "用证书对应的私钥重新签名。", "Sign again with the key of the certificate.")  # fmt: skip


def _canonical(element: etree._Element, with_comments: bool) -> bytes:
    return etree.tostring(element, method="c14n", with_comments=with_comments, with_tail=False)


def _certificate(signature: etree._Element, key_name: str, trusted: Trust) -> Certificate:
    found = signature.findall(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate")
    if found:
        try:
            return read_certificate(_bytes(found[0], "证书", "The certificate"))
        except UnreadableCertificate as fault:
            raise _Refusal(
                "unsupported", "1001", "证书不能解析。", f"The certificate cannot be read: {fault}."
            ) from None
    certificate = trusted.by_key_name(key_name) if key_name else None
    if certificate is None:
        raise _Refusal("untrusted", "1001", f"没有登记序列号为“{key_name or '—'}”的证书。",
                       f"No certificate with the serial number “{key_name or '—'}” is registered.",
                       "请管理员登记证书。", "Ask the administrator to register the certificate.")  # fmt: skip
    return certificate


def _check_trust(certificate: Certificate, trusted: Trust, at: datetime | None) -> None:
    if not trusted.accepts(certificate):
        raise _Refusal("untrusted", "1001", f"证书 {certificate.serial} 未登记，也不是受信机构签发。",
                       f"The certificate {certificate.serial} is not registered, nor issued by a trusted authority.",
                       "请管理员登记证书。", "Ask the administrator to register the certificate.")  # fmt: skip
    if at is not None and not certificate.is_valid_at(at):
        raise _Refusal("expired", "1002", f"证书 {certificate.serial} 不在有效期内。",
                       f"The certificate {certificate.serial} is not valid at that time.",
                       "更换证书后重新签名。", "Renew the certificate and sign again.")  # fmt: skip


def _problem(code: str, severity: Severity, zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> Problem:
    return Problem(code, "/Signature", severity, zh, en, fix_zh, fix_en)
