"""What the processes print becomes one structured log and plain lines for people."""

import json
import logging
import logging.config

from kouan.project import logs


def entries(log):
    return [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]


def test_a_json_line_keeps_its_fields_and_gets_the_name_of_its_process(tmp_path):
    shown = []
    log = logs.Log(tmp_path, shown.append)
    log.take("web", ['{"level": "WARNING", "message": "未找到", "case": "7"}'.encode()])
    (entry,) = entries(log)
    assert entry["process"] == "web"
    assert (entry["level"], entry["message"], entry["case"]) == ("WARNING", "未找到", "7")
    assert entry["at"].endswith("+00:00")
    assert "WARNING 未找到" in shown[0]


def test_other_lines_become_messages_and_postgres_speaks_only_when_it_is_grave(tmp_path):
    shown = []
    log = logs.Log(tmp_path, shown.append)
    log.take(
        "postgres",
        [
            b"2026-11-23 08:00:00.000 UTC [7] LOG:  checkpoint starting: time",
            b"2026-11-23 08:00:01.000 UTC [8] ERROR:  duplicate key value",
            b"2026-11-23 08:00:02.000 UTC [9] FATAL:  the database system is starting up",
            b"2026-11-23 08:00:02.500 UTC [9] FATAL:  terminating connection due to administrator command",
            b"2026-11-23 08:00:03.000 UTC [9] PANIC:  could not write",
            b"",
        ],
    )
    log.take("web", [b"Traceback (most recent call last):", b"{not json", b"\xff\xfe"])
    assert [entry["level"] for entry in entries(log)] == [
        "INFO", "WARNING", "ERROR", "ERROR", "CRITICAL", "INFO", "INFO", "INFO",
    ]  # fmt: skip
    assert [line.split()[1] for line in shown] == ["postgres", "web", "web", "web"]


def test_a_large_log_is_turned_over_and_the_oldest_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST_BYTES", 200)
    monkeypatch.setattr(logs, "KEPT_FILES", 2)
    log = logs.Log(tmp_path, lambda line: None)
    for number in range(20):
        log.say(f"line {number} {'x' * 80}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kouan.1.jsonl", "kouan.2.jsonl", "kouan.jsonl"]
    last = json.loads((tmp_path / "kouan.1.jsonl").read_text().splitlines()[-1])
    assert last["message"].startswith("line 19")


def test_django_writes_json_lines_with_what_was_given_beside(capsys):
    logging.config.dictConfig(logs.django_logging("json"))
    try:
        logging.getLogger("kouan.test").warning("收到 %s", "报文", extra={"owner": "演示企业"})
        line = json.loads(capsys.readouterr().err.splitlines()[-1])
    finally:
        logging.config.dictConfig(logs.django_logging("plain"))
    assert line == {"level": "WARNING", "logger": "kouan.test", "message": "收到 报文", "owner": "演示企业"}
