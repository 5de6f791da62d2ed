"""Files that leave together: whole, each once, and in the open when the folder is not there."""

from __future__ import annotations

from pathlib import Path

from kouan.gateway.transports import Parcel
from kouan.gateway.transports.folder import Folder, FolderTransport


def test_parcels_leave_together(tmp_path: Path) -> None:
    transport = FolderTransport(Folder(tmp_path), "OutBox", taken_to=("SentBox",))
    sent = transport.send_together([Parcel(f"{n}.xml", b"%d" % n, maybe_sent=False) for n in range(20)])
    assert [one.outcome for one in sent] == ["delivered"] * 20
    assert {path.name: path.read_bytes() for path in (tmp_path / "OutBox").iterdir()} == {
        f"{n}.xml": b"%d" % n for n in range(20)
    }


def test_what_may_have_left_before_leaves_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.prepare()
    folder.put("SentBox", "1_20261123.xml", b"taken already")
    transport = FolderTransport(folder, "OutBox", taken_to=("SentBox",))
    sent = transport.send_together([Parcel("1.xml", b"a", maybe_sent=True), Parcel("2.xml", b"b", maybe_sent=True)])
    assert [one.outcome for one in sent] == ["delivered", "delivered"]
    assert [path.name for path in (tmp_path / "OutBox").iterdir()] == ["2.xml"]


def test_a_folder_that_cannot_be_written_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "OutBox").write_bytes(b"a file in the place of the box")
    transport = FolderTransport(Folder(tmp_path), "OutBox")
    [sent] = transport.send_together([Parcel(f"{n}.xml", b"x", maybe_sent=False) for n in range(3)])
    assert sent.outcome == "unreachable"
