"""The words under which the audit log shows the acts and subjects of the apps above accounts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kouan.audit import acts

ACTS: dict[str, Any] = {
    "open_connection": _("开通连接"),
    "issue_token": _("发放接口令牌"),
    "retry_parked": _("重试搁置事项"),
    "resend_message": _("重发报文"),
    "resend_receipt": _("重发回执"),
    "register_certificate": _("登记证书"),
    "appoint_key_service": _("登记代签委托"),
    "sign_for_firm": _("代签报文"),
    "play_decision": _("演示：发出官方答复"),
    "play_behaviour": _("演示：调整对端行为"),
    "store_declarations": _("申报入库"),
    "take_official_answers": _("登记官方回执"),
    "declare_draft": _("提交申报"),
    "declare_sheet": _("表格申报"),
    "discard_draft": _("删除草稿"),
    "sign_draft": _("传回签名报文"),
    "reopen_draft": _("退回修改"),
    "record_arrivals": _("登记到货"),
    "take_back_arrivals": _("撤回到货"),
    "ask_gate": _("卡口查询"),
    "record_leaving": _("登记离场"),
    "register_place": _("登记监管场所"),
    "close_place": _("停用监管场所"),
    "set_retention": _("登记保存期限"),
    "destroy_key": _("销毁密钥"),
    "import_codes": _("导入代码表"),
    "begin_decision_version": _("起草判定表"),
    "save_decision_version": _("修改判定表草案"),
    "submit_decision_version": _("提交判定表草案"),
    "send_back_decision_version": _("退回判定表草案"),
    "replay_decision_version": _("回放判定表"),
    "draft_decision_version": _("起草判定表"),
    "approve_decision_version": _("启用判定表"),
    "discard_decision_version": _("作废判定表草稿"),
    "ask_review": _("询问申报人"),
    "receive_answer_review": _("收到答复"),
    "order_inspection_review": _("要求查验"),
    "clear_review": _("登记无意见"),
    "clear_with_conditions_review": _("登记附条件同意"),
    "object_review": _("登记异议"),
    "reopen_review": _("重新办理"),
    "book_inspection": _("预约查验"),
    "rebook_inspection": _("改约查验"),
    "present_inspection": _("货物到场"),
    "record_done_inspection": _("登记查验完成"),
    "cancel_inspection": _("取消查验"),
    "answer_ticket": _("答复协调单"),
    "ask_again_ticket": _("再次询问"),
    "close_ticket": _("办结协调单"),
    "reopen_ticket": _("重开协调单"),
}
SUBJECTS: dict[str, Any] = {
    "connection": _("连接"),
    "gateway_item": _("待办步骤"),
    "message": _("报文"),
    "receipt": _("回执"),
    "certificate": _("证书"),
    "key_appointment": _("代签委托"),
    "counterpart": _("演示对端"),
    "document": _("单证"),
    "draft": _("草稿"),
    "sheet": _("申报表格"),
    "arrival": _("到货"),
    "gate_check": _("卡口核放"),
    "supervision_place": _("监管场所"),
    "retention": _("保存期限"),
    "month_key": _("月密钥"),
    "code_import": _("代码表导入"),
    "decision_version": _("判定表版本"),
    "review": _("机关办理"),
    "inspection": _("查验"),
    "ticket": _("协调单"),
}


def register_audit_words() -> None:
    """Give every act and subject its word."""
    acts.register_words(acts=ACTS, subjects=SUBJECTS)
