"""The browser of the journeys: found, or installed where we may."""

from __future__ import annotations

import os
import shutil
import subprocess

PROGRAMS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
MAC_PROGRAM = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
DEBIAN_PACKAGES = ["chromium", "fonts-wqy-microhei"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoBrowser(Exception):
    """There is no Chromium and no right to install it; the text says how to."""


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome: KOUAN_CHROMIUM, else the first one found; None where there is none."""
    named = os.environ.get("KOUAN_CHROMIUM")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in [*PROGRAMS, MAC_PROGRAM])
    return next((path for path in found if path), None)


def have_chromium() -> str:
    """Return the path of Chromium; as root on Debian it is installed when it is missing. Raises NoBrowser."""
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get") and not os.environ.get("KOUAN_CHROMIUM"):
        install_chromium()
        found = find_chromium()
    if found is None:
        raise NoBrowser(
            "没有找到 Chromium，浏览器测试无法进行。请安装：apt-get install -y chromium fonts-wqy-microhei"
            "（macOS：安装 Google Chrome），或用 KOUAN_CHROMIUM 指明其路径；只跑其余测试用 ./kouan test --fast。\n"
            "No Chromium was found for the browser's tests. Install it: apt-get install -y chromium "
            "fonts-wqy-microhei (macOS: Google Chrome), or name its path in KOUAN_CHROMIUM; ./kouan test --fast runs "
            "the other tests only."
        )
    return found


def install_chromium() -> None:
    """Install Chromium and a Chinese font with Debian's package manager."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *DEBIAN_PACKAGES]
    if subprocess.run(install, env=environment, stdin=subprocess.DEVNULL, capture_output=True).returncode:
        subprocess.run(["apt-get", "update", "-qq"], env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        subprocess.run(install, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
