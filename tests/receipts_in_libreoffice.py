"""Opens the receipts of all samples and pitfalls in LibreOffice; run by hand, for the suite does not need it.

PYTHONPATH=plugins .venv/bin/python tests/receipts_in_libreoffice.py [soffice]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from conduct_records.receipts.desk import check_path

ROOT = Path(__file__).parents[1]
READ = {".csv", ".xlsx", ".xls", ".jsonl"}


def main(soffice: str = "soffice") -> int:
    """Exit 0 if each receipt could be opened and printed."""
    files = [path for folder in ("samples/inbox", "tests/pitfalls") for path in (ROOT / folder).rglob("*.*")]
    with tempfile.TemporaryDirectory() as folder:
        receipts = []
        for number, path in enumerate(path for path in files if path.suffix in READ):
            made = check_path(path, receipt_dir=Path(folder) / "made" / str(number)).receipts
            receipts.append(Path(made[0]).rename(Path(folder) / f"{number}.xlsx"))
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", f"{folder}/pdf"]
        subprocess.run([*command, *map(str, receipts)], check=True, capture_output=True)
        opened = {path.stem for path in Path(folder, "pdf").glob("*.pdf")}
    missing = [path.name for path in receipts if path.stem not in opened]
    print(f"{len(opened)} of {len(receipts)} receipts opened", *missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
