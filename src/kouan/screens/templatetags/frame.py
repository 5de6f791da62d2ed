"""The tags of the frame itself: who looks, what they may use, which files the page needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kouan.screens import framing, looks, navigation
from kouan.screens.counts import acted_at
from kouan.screens.html import icon_html

register = template.Library()


@register.filter
def words(text: str) -> list[str]:
    """`{% for name in "a b c"|words %}`."""
    return text.split()


@register.simple_tag
def stylesheet(name: str) -> str:
    """The address of one of our style sheets."""
    return static(f"screens/css/{name}.css")


@register.simple_tag
def script(name: str) -> str:
    """The address of one of our scripts."""
    return static(f"screens/js/{name}.js")


@register.simple_tag
def script_words() -> dict[str, str]:
    """The texts that scripts write, in the page's language; `json_script` hands them over."""
    return {
        "seconds_ago": _("{n} 秒前"),
        "minutes_ago": _("{n} 分钟前"),
        "hours_ago": _("{n} 小时前"),
        "days_ago": _("{n} 天前"),
        "in_minutes": _("{n} 分钟后"),
        "in_hours": _("{n} 小时后"),
        "in_days": _("{n} 天后"),
        "just_now": _("刚刚"),
        "soon": _("马上"),
        "chosen": _("已选 {n} 项"),
        "close": _("关闭"),
        "draft_kept": _("草稿已保存 {time}"),
        "draft_here": _("草稿存于本机 {time}"),
        "draft_found": _("有 {time} 未提交的草稿"),
        "draft_take": _("恢复草稿"),
        "draft_drop": _("放弃草稿"),
        "draft_failed": _("草稿未能保存，请勿关闭页面"),
        "mend": _("改法"),
        "nothing_found": _("没有匹配的代码"),
        "pasted": _("已粘贴 {rows} 行 {columns} 列"),
        "paste_cut": _("超出表格的 {n} 列未粘贴"),
        "paste_unknown": _("表格中没有这些列，未粘贴：{titles}"),
        "paste_full": _("最多 {most} 行，余下 {left} 行未粘贴；请分单填写或用表格制单"),
        "network": _("未能连上服务器，请检查网络后重试"),
        "server": _("服务器未能完成，请稍后重试（{status}）"),
        "view_saved": _("视图已保存"),
        "no_views": _("还没有保存的视图"),
        "delete": _("删除"),
        "copied": _("已复制"),
        "keys_title": _("快捷键"),
        "keys_find": _("查找一切"),
        "keys_down": _("下一行"),
        "keys_up": _("上一行"),
        "keys_open": _("打开"),
        "keys_pick": _("选中或取消"),
        "keys_next": _("下一页"),
        "keys_back": _("上一页"),
        "keys_close": _("关闭详情、对话框"),
        "keys_help": _("本说明"),
        "all_picked": _("全部"),
        "live_open": _("实时更新中"),
        "live_lost": _("实时更新已断开，正在重连；可刷新页面查看最新情况"),
        "live_changed": _("本办件有新进展，已更新"),
    }


@register.simple_tag
def brand() -> str:
    """The name at the head of the navigation: the office's own where the operator set it."""
    return getattr(settings, "OFFICE_NAME", "") or _("口岸")


@register.simple_tag
def demo_mark() -> SafeString | str:
    """A mark that everything here is demonstration data; nothing outside a demonstration."""
    if not getattr(settings, "DEMO", False):
        return ""
    return format_html('<span class="demo-mark">{}</span>', _("演示数据"))


def _user(context: dict[str, Any]) -> Any:
    user = getattr(context.get("request"), "user", None)
    return user if getattr(user, "is_authenticated", False) else None


@register.simple_tag(takes_context=True)
def duties(context: dict[str, Any]) -> Sequence[navigation.Duty]:
    """`{% duties as groups %}`: the navigation of the person who looks."""
    user = _user(context)
    request = context["request"]
    return navigation.list_duties(user, request.path, since=acted_at(request)) if user else ()


@register.simple_tag
def nav_links(links: Sequence[navigation.Link]) -> SafeString:
    """The links of one duty; made in Python, for every page has dozens of them."""
    return mark_safe("\n".join(map(_nav_link, links)))  # noqa: S308 - escaped piece by piece


def _nav_link(link: navigation.Link) -> str:
    label = escape(link.label)
    current = ' aria-current="page"' if link.is_current else ""
    count = f'<span class="count">{"999+" if link.count > 999 else link.count}</span>' if link.count else ""
    return (
        f'<a class="nav-link" href="{escape(link.url)}"{current} title="{label}">{icon_html(link.icon)}'
        f'<span class="nav-text">{label}</span>{count}</a>'
    )


@register.simple_tag(takes_context=True)
def person(context: dict[str, Any]) -> framing.Person | None:
    """`{% person as who %}`: how the person who looks is named."""
    user = _user(context)
    return framing.person_of(user) if user else None


@register.simple_tag(takes_context=True)
def notifications(context: dict[str, Any]) -> framing.Notifications | None:
    """`{% notifications as unread %}`: the unread notifications of the person who looks."""
    user = _user(context)
    return framing.notifications_of(user, since=acted_at(context["request"])) if user else None


@register.simple_tag(takes_context=True)
def person_links(context: dict[str, Any]) -> Sequence[navigation.Link]:
    """`{% person_links as links %}`: what stands in the person's own menu."""
    user = _user(context)
    return navigation.list_person_links(user) if user else ()


@register.simple_tag
def sign_out_url() -> str:
    """`{% sign_out_url as leave %}`: where signing out is posted to; empty where no app signs people in."""
    for name in ("sign-out", "sign_out", "logout"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag(takes_context=True)
def look(context: dict[str, Any], name: str) -> str:
    """`{% look "theme" %}`: how this person set the look: theme, density or nav."""
    return looks.look_of(context.get("request"), name)
