"""The committed submissions are what the stories say, and every kind has one that passes."""

import runpy
from datetime import date

import pytest

from tests.submissions import BOOK, SAMPLES, examine

MORE = sorted((SAMPLES / "more").glob("*/*/*.*"))


@pytest.mark.parametrize(("folder", "story"), [("inbox", "story.yaml"), ("more", "more.yaml")])
def test_the_story_gives_the_committed_files(tmp_path, folder, story):
    make = runpy.run_path(str(SAMPLES / "make_samples.py"))["make"]
    written = make(tmp_path, BOOK, story)
    committed = {
        path.relative_to(SAMPLES / folder): path.read_bytes() for path in SAMPLES.glob(f"{folder}/*/*/*.*")
    }
    assert {path.relative_to(tmp_path): path.read_bytes() for path in written} == committed


def test_every_kind_has_a_sample():
    files = [*MORE, *SAMPLES.glob("inbox/*/*/*.*")]
    assert {examine(path, unit=path.parent.name).checked.kind for path in files} - {None} == set(
        BOOK.contracts
    )


@pytest.mark.parametrize("path", MORE, ids=lambda path: path.stem)
def test_a_sample_of_a_kind_is_free_of_findings(path):
    outcome = examine(path, unit=path.parent.name, day=date.fromisoformat(path.parent.parent.name))
    assert (outcome.refusal, outcome.issues) == (None, [])
    assert len(outcome.evidence) == sum(outcome.counts) > 0
