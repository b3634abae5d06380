"""All contracts with what they refer to; a contract with an error disables only its kind."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from conduct_records.contracts.codes import (
    CodeList,
    IssueType,
    read_code_lists,
    read_issue_types,
    read_labels,
)
from conduct_records.contracts.model import Contract
from conduct_records.contracts.rules import NeverSays
from conduct_records.contracts.vocabulary import Vocabulary, read_vocabulary
from conduct_records.settings import SCHEMAS

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class ContractBook:
    """What checking a file needs to know. `broken` maps a kind to why it can't be used.

    `version` covers every declaration, `versions` those that the checks of one kind rest on. `holders` maps
    the codes of reporting units and departments to their names.
    """

    contracts: dict[str, Contract]
    broken: dict[str, str]
    codes: dict[str, CodeList]
    issues: dict[str, IssueType]
    vocabulary: Vocabulary
    version: str
    versions: dict[str, str]
    holders: dict[str, str]

    def version_of(self, kind: str | None) -> str:
        """The version of a kind's contract; of all declarations where the kind is not known."""
        return self.versions.get(kind or "", self.version)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Kind to its Chinese name."""
        return {kind: contract.object.label for kind, contract in self.contracts.items()}


@lru_cache(maxsize=4)
def load_contracts(schemas: Path = SCHEMAS) -> ContractBook:
    """Read every declaration under `schemas`; one broken contract leaves the other kinds in use (issue 3).

    Raises:
        ValueError, pydantic.ValidationError: what all kinds share (codes, issues, vocabulary) is broken.
    """
    codes = read_code_lists(schemas / "codes")
    vocabulary = read_vocabulary(schemas / "vocabulary.yaml")
    contracts: dict[str, Contract] = {}
    broken: dict[str, str] = {}
    for path in sorted((schemas / "submissions").glob("*.yaml")):
        try:
            contracts[path.stem] = _read(path, codes, vocabulary)
        except (ValidationError, ValueError, yaml.YAMLError) as error:
            broken[path.stem] = " ".join(str(error).split())
            log.error("the contract of %s can't be used: %s", path.stem, broken[path.stem])
    return ContractBook(
        contracts,
        broken,
        codes,
        read_issue_types(schemas / "codes" / "issues.csv"),
        vocabulary,
        _sha256([*(schemas / "submissions").glob("*.yaml"), *_shared(schemas, set(codes))]),
        {kind: _sha256(_behind(contract, schemas)) for kind, contract in contracts.items()},
        {
            code: label
            for name in ("reporting_unit", "department")
            for code, label in read_labels(schemas / "codes" / f"{name}.csv").items()
        },
    )


def _read(path: Path, codes: dict[str, CodeList], vocabulary: Vocabulary) -> Contract:
    contract = Contract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    if contract.id != path.stem:
        raise ValueError(f"id {contract.id} is not the file's name")
    for field in contract.fields.values():
        if field.use.codes and field.use.codes.list not in codes:
            raise ValueError(f"{field.name}: no code list {field.use.codes.list}")
        if unknown := set(field.use.date_formats or ()) - set(vocabulary.date_formats):
            raise ValueError(f"{field.name}: no date format {', '.join(sorted(unknown))}")
    said = {rule.issue for rule in contract.use.rules if isinstance(rule, NeverSays)}
    if unworded := said - vocabulary.never_says.keys():
        raise ValueError(f"never_says: no words for {', '.join(sorted(unworded))}")
    return contract


def _behind(contract: Contract, schemas: Path) -> list[Path]:
    """The files that a kind's checks rest on."""
    lists = {field.use.codes.list for field in contract.fields.values() if field.use.codes}
    return [schemas / "submissions" / f"{contract.id}.yaml", *_shared(schemas, lists)]


def _shared(schemas: Path, lists: set[str]) -> list[Path]:
    return [schemas / "vocabulary.yaml", *(schemas / "codes" / f"{name}.csv" for name in lists)]


def _sha256(files: list[Path]) -> str:
    """Over names and contents, so that a changed contract re-interprets what it read before."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
