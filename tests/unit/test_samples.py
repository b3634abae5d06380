"""The committed submissions are what the story says."""

import runpy

from tests.submissions import BOOK, SAMPLES


def test_the_story_gives_the_committed_files(tmp_path):
    make = runpy.run_path(str(SAMPLES / "make_samples.py"))["make"]
    written = make(tmp_path, BOOK)
    committed = {
        path.relative_to(SAMPLES / "inbox"): path.read_bytes() for path in SAMPLES.rglob("inbox/*/*/*.*")
    }
    assert {path.relative_to(tmp_path): path.read_bytes() for path in written} == committed
