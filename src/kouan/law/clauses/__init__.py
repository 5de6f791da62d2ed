"""The clauses that Kouan carries out: what each asks for in our words, which code answers it, on which screen."""

from kouan.law.clauses.register import Clause, ClausesMalformed, Progress, all_clauses

__all__ = ["Clause", "ClausesMalformed", "Progress", "all_clauses"]
