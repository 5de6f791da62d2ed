from typing import Literal

ProblemSeverity = Literal["error", "warning"]

PROBLEM_SEVERITY_VALUES: set[ProblemSeverity] = {
    "error",
    "warning",
}


def check_problem_severity(value: str) -> ProblemSeverity:
    if value in PROBLEM_SEVERITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PROBLEM_SEVERITY_VALUES!r}")
