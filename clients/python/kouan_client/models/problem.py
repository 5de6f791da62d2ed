from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.problem_severity import ProblemSeverity, check_problem_severity

T = TypeVar("T", bound="Problem")


@_attrs_define
class Problem:
    """一个问题：何处、何事、如何改正 / one thing that is wrong, where, and how to mend it

    Attributes:
        code (str): 问题代码 / code of the problem
        pointer (str): 字段位置，空为整体 / the field that it is about, empty for the whole
        severity (ProblemSeverity):
        zh (str):
        en (str):
        fix_zh (str):
        fix_en (str):
    """

    code: str
    pointer: str
    severity: ProblemSeverity
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        pointer = self.pointer

        severity: str = self.severity

        zh = self.zh

        en = self.en

        fix_zh = self.fix_zh

        fix_en = self.fix_en

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "pointer": pointer,
                "severity": severity,
                "zh": zh,
                "en": en,
                "fix_zh": fix_zh,
                "fix_en": fix_en,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        pointer = d.pop("pointer")

        severity = check_problem_severity(d.pop("severity"))

        zh = d.pop("zh")

        en = d.pop("en")

        fix_zh = d.pop("fix_zh")

        fix_en = d.pop("fix_en")

        problem = cls(
            code=code,
            pointer=pointer,
            severity=severity,
            zh=zh,
            en=en,
            fix_zh=fix_zh,
            fix_en=fix_en,
        )

        problem.additional_properties = d
        return problem

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
