"""Great Expectations' context and its Data Docs: pages that fetch nothing from outside.

GX costs seconds and hundreds of megabytes to import: only the functions here import it (decision 9).
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any

from conduct_records.settings import TEMPLATES

SITE = "conduct_records"
_OUTSIDE = re.compile(
    rb"<script[^>]*\bsrc=\"https:[^>]*>\s*</script>|<(?:link|img)[^>]*(?:src|href)=\"https:[^>]*>", re.DOTALL
)


def gx_context(docs: Path | None) -> Any:
    """A context without a home that tells nobody and shows no bars; with `docs`, its site lies there."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it tells each step of its own
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    if docs is not None:
        site: Any = {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "site_section_builders": {"expectations": "none", "profiling": "none"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(docs.resolve()),
            },
        }
        context.add_data_docs_site(site_name=SITE, site_config=site)
    return context


def write_docs(context: Any, docs: Path) -> None:
    """Write the pages of what the context has validated, with styles of our own."""
    context.build_data_docs(site_names=[SITE])  # an ephemeral context has a site of its own as well
    for page in docs.rglob("*.html"):
        page.write_bytes(_local(page.read_bytes()))
    for film in docs.glob("static/images/*.gif"):  # 3 MB a site that show GX's own how-to, which is off
        film.unlink()


def _local(page: bytes) -> bytes:
    styles = (TEMPLATES / "data_docs.css").read_bytes()
    return _OUTSIDE.sub(b"", page).replace(b"</head>", b"<style>" + styles + b"</style></head>", 1)
