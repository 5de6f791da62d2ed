"""Judging: whether a declaration that came may become a version, given who sends it and what is here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kouan.gateway.standards.dec.types import ROOT
from kouan.goods.codes import GoodsFinding, Step
from kouan.goods.states import OPEN_TO_A_NEW_VERSION, TURN, GoodsState, Party, may_be_sent_anew
from kouan.records.problems import Problem


@dataclass(slots=True)
class Standing:
    """A declaration as it stands before a new version. may_correct: customs has approved an application to correct.

    step: of a two-step declaration, the one that its current version is.
    """

    declaration_id: UUID
    version: int
    digest: UUID
    state: GoodsState
    may_correct: bool = False
    step: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of it: a finding that stops it, or None; and what is to be said."""

    finding: GoodsFinding | None = None
    problem: Problem | None = None


def judge(
    *,
    sender: UUID,
    agent: UUID | None,
    trader: UUID | None,
    standing: Standing | None,
    digest: UUID,
    client_no: str,
    step: str = "",
    refusal: Problem | None = None,
) -> Verdict:
    """Say what becomes of a declaration.

    sender: who sent it. agent, trader: the organisations that its codes name, None where a code is unknown here. step:
    of a two-step declaration, the one that comes. refusal: why no delegation of the trader covers the sender.
    """
    if not client_no:
        return Verdict(
            GoodsFinding.REFUSED,
            _problem(
                "-961003",
                "缺少企业编号",
                "The client number is missing",
                "请填写 ClientSeqNo",
                "Give ClientSeqNo",
                "DecSign/ClientSeqNo",
            ),
        )
    if sender not in (agent, trader) and (agent is not None or trader is not None):
        return Verdict(
            GoodsFinding.NOT_YOURS,
            _problem(
                "-961001",
                "申报单位和境内收发货人都不是报送单位",
                "The sender is neither agent nor trader of it",
                "请由申报单位或收发货人报送",
                "The agent or the trader has to send it",
                "DecHead/AgentCode",
            ),
        )
    if refusal:
        return Verdict(GoodsFinding.NOT_YOURS, refusal)
    if standing is None:
        if step == Step.COMPLETE:
            return Verdict(None, _no_outline())
        return Verdict(
            None,
            None
            if agent
            else _problem(
                "-961002",
                "申报单位未在本平台登记",
                "The agent is not registered here",
                "请核对申报单位代码",
                "Check the agent's code",
                "DecHead/AgentCode",
                "warning",
            ),
        )
    if standing.digest == digest and (TURN[standing.state] != Party.DECLARANT or standing.state == GoodsState.SAVED):
        return Verdict(GoodsFinding.SAME)
    if step == Step.COMPLETE and may_be_sent_anew(standing):
        return Verdict()
    if standing.step == Step.COMPLETE and step == Step.OUTLINE:
        return Verdict(GoodsFinding.REFUSED, _outline_again(client_no))
    if standing.state in OPEN_TO_A_NEW_VERSION or standing.may_correct:
        return Verdict()
    problem = _problem(
        "-961005", f"报关单 {client_no} 已由海关接收，不能直接修改", f"Customs has {client_no}; it cannot be changed",
        "请先申请修改或撤销（修撤单），海关同意后再报送", "Apply for correction first; send it when customs agrees",
        "DecSign/ClientSeqNo",
    )  # fmt: skip
    return Verdict(GoodsFinding.REFUSED, problem)


def _no_outline() -> Problem:
    return _problem(
        "-961006", "本平台没有这份报关单的概要申报", "There is no outline of this declaration here",
        "概要申报如在国家页面办理，可以忽略；否则请先概要申报", "Ignore it if it was made on the national page",
        "DecHead/Type", "warning",
    )  # fmt: skip


def _outline_again(client_no: str) -> Problem:
    return _problem(
        "-961007", f"报关单 {client_no} 已完整申报，不能再作概要申报", f"{client_no} is complete: no outline",
        "请按完整申报报送", "Send it as the complete declaration", "DecHead/Type",
    )  # fmt: skip


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str, pointer: str, severity: str = "error") -> Problem:
    return Problem(code, f"/{ROOT}/{pointer}", "warning" if severity == "warning" else "error", zh, en, fix_zh, fix_en)
