"""Why a sign-in by the provider came to nothing, each in both languages with what to do."""

from __future__ import annotations

import logging

from kouan.accounts.rules import Mistake

logger = logging.getLogger(__name__)


class TheProviderRefuses(Mistake):
    """The way over the provider ended without a person; ``status`` is that of the page that says so."""

    status = 403


class TheProviderIsAway(TheProviderRefuses):
    """The provider does not answer, or with nothing that can be used."""

    status = 503


class TheAttemptIsOver(TheProviderRefuses):
    """The answer belongs to no attempt of this browser, or to one that is over."""

    status = 400


class TheTokenIsWrong(TheProviderRefuses):
    """What the provider is said to have signed does not hold."""


def the_provider_is_away(why: str) -> TheProviderIsAway:
    """Log why for whoever runs the system; the person hears that it is not the person's fault."""
    logger.warning("the sign-in provider cannot be used: %s", why)
    return TheProviderIsAway(
        "OIDC-AWAY",
        "",
        "统一身份认证暂时无法使用。",
        "The sign-in provider cannot be used at the moment.",
        "请稍后再试，或使用本系统的用户名和口令登录；持续不能使用请告知系统管理员。",
        "Try again later, or sign in with your user name and password here; tell the system administrator if it lasts.",
    )


def the_attempt_is_over() -> TheAttemptIsOver:
    """Say that an answer came too late, twice, or to another browser."""
    return TheAttemptIsOver(
        "OIDC-OVER",
        "",
        "本次登录已过期，或不是从本浏览器发起。",
        "This sign-in has expired, or was not begun in this browser.",
        "请从登录页面重新开始。",
        "Begin again from the page to sign in.",
    )


def the_provider_says_no(error: str) -> TheProviderRefuses:
    """Pass on that the provider let nobody in."""
    logger.info("the sign-in provider refused: %s", error[:100])
    return TheProviderRefuses(
        "OIDC-REFUSED",
        "",
        "统一身份认证没有同意本次登录。",
        "The sign-in provider did not agree to this sign-in.",
        "请重试；如曾取消或没有权限，请联系统一身份认证的管理员。",
        "Try again; if you cancelled or lack the right, ask whoever runs the provider.",
    )


_TOKENS = {
    "OIDC-SIGNATURE": ("登录凭据的签名无法验证。", "The signature of the sign-in cannot be verified."),
    "OIDC-ALGORITHM": (
        "登录凭据没有使用允许的签名算法。",
        "The sign-in is not signed by an allowed algorithm.",
    ),
    "OIDC-NONCE": ("登录凭据不属于本次登录。", "The sign-in that was vouched for is not this one."),
    "OIDC-EXPIRED": ("登录凭据已过有效期。", "What the provider signed has expired."),
    "OIDC-CLAIMS": ("登录凭据不是签发给本系统的。", "What the provider signed was not made out for this system."),
    "OIDC-SUBJECT": ("登录凭据没有写明是谁。", "What the provider signed does not say who it is about."),
}


def the_token_is_wrong(code: str, why: object) -> TheTokenIsWrong:
    """Say what does not hold of an ID token; why in detail goes to the log."""
    logger.warning("an ID token was refused, %s: %s", code, why)
    zh, en = _TOKENS[code]
    return TheTokenIsWrong(
        code,
        "",
        zh,
        en,
        "请重新登录；反复出现请将此代码告知系统管理员。",
        "Sign in again; if it happens again, tell the system administrator this code.",
    )
