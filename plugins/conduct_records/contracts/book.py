"""All contracts with what they refer to; a contract with an error disables only its kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from conduct_records.contracts.codes import CodeList, IssueType, read_code_lists, read_issue_types
from conduct_records.contracts.model import Contract
from conduct_records.contracts.vocabulary import Vocabulary, read_vocabulary
from conduct_records.settings import SCHEMAS


@dataclass(frozen=True, eq=False)
class ContractBook:
    """What checking a file needs to know. `broken` maps a kind to why it can't be used."""

    contracts: dict[str, Contract]
    broken: dict[str, str]
    codes: dict[str, CodeList]
    issues: dict[str, IssueType]
    vocabulary: Vocabulary
    version: str

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
    contracts: dict[str, Contract] = {}
    broken: dict[str, str] = {}
    for path in sorted((schemas / "submissions").glob("*.yaml")):
        try:
            contracts[path.stem] = _read(path, codes)
        except (ValidationError, ValueError, yaml.YAMLError) as error:
            broken[path.stem] = " ".join(str(error).split())
    return ContractBook(
        contracts,
        broken,
        codes,
        read_issue_types(schemas / "codes" / "issues.csv"),
        read_vocabulary(schemas / "vocabulary.yaml"),
        _version(schemas),
    )


def _read(path: Path, codes: dict[str, CodeList]) -> Contract:
    contract = Contract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    if contract.id != path.stem:
        raise ValueError(f"id {contract.id} is not the file's name")
    for field in contract.fields.values():
        if field.use.codes and field.use.codes.list not in codes:
            raise ValueError(f"{field.name}: no code list {field.use.codes.list}")
    return contract


def _version(schemas: Path) -> str:
    """SHA-256 over the declaration files, so that a changed contract re-interprets what it read before."""
    digest = hashlib.sha256()
    files = [*(schemas / "submissions").glob("*.yaml"), *(schemas / "codes").glob("*.csv")]
    for path in sorted([*files, schemas / "vocabulary.yaml"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
