"""Writing the audit, sealing it, proving it."""

from kouan.audit.services.recording import digest_of_ids, record, record_batch
from kouan.audit.services.retention import TheRetentionIsTooShort, drop_old_entries
from kouan.audit.services.sealing import adopt_cluster, export_seals, seal
from kouan.audit.services.verifying import verify

__all__ = [
    "TheRetentionIsTooShort",
    "adopt_cluster",
    "digest_of_ids",
    "drop_old_entries",
    "export_seals",
    "record",
    "record_batch",
    "seal",
    "verify",
]
