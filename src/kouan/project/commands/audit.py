"""proves the audit: entries against seals, seals against the files outside the database.

Names every entry that was changed, deleted or inserted after it was sealed, every broken place of the chain, and what
is not sealed yet. Exit status: 0 nothing is tampered, 1 something is, 2 the proof could not be carried out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kouan.project.places import data_folder

if TYPE_CHECKING:
    from kouan.audit.services.verifying import Verification

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("act", choices=["verify"], help="核验 / prove")
    parser.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")
    parser.add_argument(
        "--seals", metavar="DIR", help="封存文件目录，可以是异地副本 / the exported seals, or a copy of them"
    )
    parser.add_argument("--head", metavar="HASH", default="", help="此前另行记录的封存值 / a seal's hash noted earlier")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def run(args: argparse.Namespace) -> int:
    """Prove the audit and say what was found."""
    from kouan.project.database import running_django

    with running_django(data_folder(args.data)):
        from django.conf import settings
        from django.db import DatabaseError

        from kouan.audit.services import verify

        folder = Path(args.seals) if args.seals else settings.KOUAN_AUDIT_FOLDER
        if args.seals and not folder.is_dir():
            return cannot(f"没有目录 {folder}。\nThere is no folder {folder}.")
        try:
            proof = verify(folder=folder, head=args.head.lower())
        except DatabaseError as error:
            return cannot(f"无法核验：{error}\nThe proof could not be carried out: {error}")
    print(json.dumps(proof.to_dict(), ensure_ascii=False, indent=2) if args.json else describe(proof, folder))
    return 0 if proof.is_sound else 1


def cannot(why: str) -> int:
    """Say why there is no proof."""
    print(why, file=sys.stderr)
    return 2


def describe(proof: Verification, folder: Path) -> str:
    """Say in both languages what a proof found."""
    lines = [
        f"封存 {proof.seals} 个，其中 {proof.exported_seals} 个与 {folder} 中的文件核对；"
        f"已封存记录 {proof.sealed_entries} 条。",
        f"{proof.seals} seals, {proof.exported_seals} of them compared with the files in {folder}; "
        f"{proof.sealed_entries} sealed entries.",
    ]
    if proof.dropped_entries:
        lines.append(
            f"到期清理 {proof.dropped_entries} 条 / {proof.dropped_entries} dropped after their time of keeping"
        )
    if proof.unsealed_entries:
        since = proof.unsealed_since.astimezone().isoformat(" ", "seconds") if proof.unsealed_since else ""
        lines.append(f"尚未封存 {proof.unsealed_entries} 条，最早 {since} / {proof.unsealed_entries} not sealed yet")
    if proof.unexported_seals:
        lines.append(f"尚未导出的封存 {proof.unexported_seals} 个 / {proof.unexported_seals} seals not exported yet")
    if proof.head:
        lines.append(f"最新封存值 / head: {proof.head}")
    if proof.is_sound:
        lines.append("未发现篡改。/ Nothing is tampered.")
    else:
        lines.append(f"发现 {len(proof.findings)} 处篡改 / {len(proof.findings)} findings:")
        for finding in proof.findings[:SHOWN]:
            where = " ".join(
                text for text in (f"封存 {finding.seal}" if finding.seal else "", finding.entry, finding.place) if text
            )
            lines.append(f"  {finding.kind:<18} {where}  {finding.zh} / {finding.en}")
        if len(proof.findings) > SHOWN:
            lines.append(f"  … 另有 {len(proof.findings) - SHOWN} 处，用 --json 查看 / more with --json")
    return "\n".join(lines)
