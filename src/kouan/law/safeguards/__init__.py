"""What norms of protection ask for, and what answers it; see ``register``."""

from kouan.law.safeguards.register import Answer, Safeguard, SafeguardsMalformed, all_safeguards

__all__ = ["Answer", "Safeguard", "SafeguardsMalformed", "all_safeguards"]
