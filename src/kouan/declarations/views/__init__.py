"""The pages of declarations, by subject, and who may use those of the declarant."""

from kouan.accounts.codes import Role

TRADER = [Role.TRADER_CLERK]
