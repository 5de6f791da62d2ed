"""gathers every text that is shown, and writes the ones to be translated into the English catalogue.

The texts in the sources are Chinese; `src/kouan/locale/en/LC_MESSAGES/django.po` gives the English ones. Run it after
adding a text, then fill in what it lists as missing. --check changes nothing and fails when something is missing.
"""

from __future__ import annotations

import argparse

from kouan.project import translations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--check", action="store_true", help="只检查，不写入 / only look")


def run(args: argparse.Namespace) -> int:
    """Write the catalogue, or look whether it is complete."""
    catalogue = translations.updated_catalogue()
    if not args.check:
        translations.write_catalogue(catalogue)
        translations.compile_catalogues()
    missing = translations.untranslated(catalogue)
    for message in missing:
        place = ":".join(str(part) for part in message.locations[0]) if message.locations else ""
        print(f"{place}  {message.id}")
    print(f"{len(catalogue)} 条，缺 {len(missing)} 条英文 / {len(catalogue)} texts, {len(missing)} without English")
    return 1 if args.check and missing else 0
