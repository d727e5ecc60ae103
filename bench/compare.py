"""Quality of the comparison in one go: ``python -m bench.compare``: recognition, recoding, targets, sectors."""

from __future__ import annotations

import sys

from bench import compare_recognise, compare_sectors, compare_targets
from kb.errors import KbError


def main() -> None:
    """Print all tables, those that need the real texts only where these are at hand."""
    print("## 举措识别\n")
    try:
        print(compare_recognise.recognition())
    except KbError as error:
        print(error, file=sys.stderr)
    print("\n## 框架改动后重新识别\n")
    print(compare_recognise.recoding())
    print("\n## 量化目标\n")
    compare_targets.main()
    print("\n## 产业\n")
    compare_sectors.main()


if __name__ == "__main__":
    main()
