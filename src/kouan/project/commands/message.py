"""reads messages into JSON and writes them from JSON; needs no server and no database.

message read FILE… --json   one object a line: file, standard, kind, records, problems, loss
message write STANDARD KIND FILE.json   the message as XML, as far as the schema allows it; problems on the error stream
message sign FILE… --key KEY.json --to DIR   signs messages as the card of a declarant does; for demonstration and tests
message describe ceb|dec   the reference page of a standard: fields, rules, states, codes

FILE may be - for the standard input, a zip with several messages, or an envelope of the data exchange platform.
Exit status: 0 clean, 1 with problems, 2 unreadable.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

CLEAN, WITH_PROBLEMS, UNREADABLE = 0, 1, 2
LARGEST_FILE = 256 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    read = acts.add_parser("read", help="读出报文 / read messages")
    read.add_argument("files", nargs="+", metavar="FILE", help="报文文件，- 为标准输入 / files, - for standard input")
    read.add_argument("--json", action="store_true", help="每行一个 JSON 对象 / one JSON object a line")
    write = acts.add_parser("write", help="生成报文 / write a message")
    write.add_argument("standard", metavar="STANDARD", help="ceb, dec, dxp")
    write.add_argument("kind", metavar="KIND", help="621, 311, DecMessage, DxpMsg, …")
    write.add_argument("file", metavar="FILE", help="JSON 文件，- 为标准输入 / a JSON file, - for standard input")
    sign = acts.add_parser("sign", help="用演示卡签名 / sign with a demonstration card")
    sign.add_argument("files", nargs="+", metavar="FILE", help="未签名的报文 / unsigned messages")
    sign.add_argument("--key", required=True, metavar="KEY.json", help="演示卡 / the demonstration card")
    sign.add_argument("--to", required=True, metavar="DIR", help="存放已签名报文的目录 / where the signed ones go")
    describe = acts.add_parser("describe", help="列出标准的字段、规则和代码 / fields, rules and codes of a standard")
    describe.add_argument("standard", metavar="STANDARD", choices=["ceb", "dec"])


def run(args: argparse.Namespace) -> int:
    """Read, write or describe; return the exit status."""
    if args.act == "read":
        return read(args.files, as_json=args.json)
    if args.act == "write":
        return write(args.standard, args.kind, args.file)
    if args.act == "sign":
        return sign_files(args.files, key_file=args.key, folder=Path(args.to))
    print(page_of(args.standard), end="")
    return CLEAN


def page_of(standard: str) -> str:
    """Give the reference page of a standard."""
    from kouan.gateway.standards.ceb import retelling as ceb
    from kouan.gateway.standards.dec import retelling as dec

    return {"ceb": ceb, "dec": dec}[standard].reference_page()


def read(files: list[str], *, as_json: bool) -> int:
    """Read every message of every file and print it; the status is that of the worst."""
    from kouan.gateway.standards.ceb.codes import problem
    from kouan.gateway.standards.reading import Reading, read_messages

    status = CLEAN
    for name in files:
        try:
            readings = read_messages(name, content_of(name))
        except OSError as fault:
            failed = problem(
                "0001", "", zh=f"不能打开文件：{fault.strerror}。", en=f"The file cannot be opened: {fault}."
            )
            readings = iter([Reading(name, None, None, problems=[failed])])
        for reading in readings:
            print(json.dumps(reading.to_dict(), ensure_ascii=False) if as_json else in_words(reading))
            if not reading.is_readable:
                status = UNREADABLE
            elif reading.problems:
                status = max(status, WITH_PROBLEMS)
    return status


def in_words(reading) -> str:
    """Describe a reading in lines for people."""
    if reading.is_readable:
        lines = [f"{reading.file}: {reading.standard} {reading.kind}，{len(reading.records)} 条 / records"]
    else:
        lines = [f"{reading.file}: 无法读取 / unreadable"]
    for one in reading.problems:
        lines.append(
            f"  {one.severity:<7} {one.code:<8} {one.pointer}\n    {one.zh}{one.fix_zh}\n    {one.en} {one.fix_en}"
        )
    for one in reading.loss:
        lines.append(f"  loss    {one.pointer} {one.value[:60]}\n    {one.zh} / {one.en}")
    return "\n".join(lines)


def write(standard: str, kind: str, name: str) -> int:
    """Write a message to the standard output unless the schema forbids it, and its problems to the error stream."""
    from kouan.gateway.standards.ceb.codec import UnwritableMessage
    from kouan.gateway.standards.reading import problem_to_plain
    from kouan.gateway.standards.writing import NoPlainForm, UnknownKind, list_kinds, write_message

    try:
        raw, problems = write_message(standard, kind, content_of(name).decode("utf-8-sig"))
    except UnwritableMessage as fault:
        raw, problems = b"", fault.problems
    except UnknownKind as fault:
        known = "; ".join(f"{one}: {' '.join(kinds)}" for one, kinds in list_kinds().items())
        print(f"没有这种报文 / no such kind of message: {fault} ({known})", file=sys.stderr)
        return UNREADABLE
    except (NoPlainForm, OSError, UnicodeDecodeError) as fault:
        print(f"无法读取 / unreadable: {fault}", file=sys.stderr)
        return UNREADABLE
    for one in problems:
        print(json.dumps(problem_to_plain(one), ensure_ascii=False), file=sys.stderr)
    if raw:
        sys.stdout.flush()
        sys.stdout.buffer.write(raw + b"\n")
    return WITH_PROBLEMS if problems else CLEAN


def sign_files(files: list[str], *, key_file: str, folder: Path) -> int:
    """Sign every message with an exported key, under its own name in another folder."""
    from kouan.gateway.standards.xmldsig.documents import UnparsableDocument
    from kouan.gateway.standards.xmldsig.keys import import_key
    from kouan.gateway.standards.xmldsig.signing import AlreadySigned, sign

    status = CLEAN
    try:
        key = import_key(json.loads(content_of(key_file)))
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError, KeyError) as fault:
        print(f"无法使用这张卡 / the key cannot be used: {fault}", file=sys.stderr)
        return UNREADABLE
    for name in files:
        try:
            signed = sign(content_of(name), key)
        except (OSError, UnparsableDocument, AlreadySigned, ValueError) as fault:
            print(f"{name}: 未能签名 / not signed: {fault}", file=sys.stderr)
            status = UNREADABLE
            continue
        (folder / Path(name).name).write_bytes(signed)
        print(folder / Path(name).name)
    return status


def content_of(name: str) -> bytes:
    """Read a file, or the standard input for ``-``. Raises OSError, also if it is larger than can be a message."""
    if name == "-":
        content = sys.stdin.buffer.read(LARGEST_FILE + 1)
    else:
        with Path(name).open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise OSError(27, f"more than {LARGEST_FILE} bytes")
    return content
