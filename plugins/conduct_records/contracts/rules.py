"""Rules across the fields of one row, as a contract declares them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from conduct_records.contracts.codes import Severity


class Strict(BaseModel):
    """A part of a declaration: unknown keys are errors, content never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(Strict):
    """When a rule applies: the field holds one of `in`, has one of `has` among its codes, or is present."""

    field: str
    is_one_of: tuple[str, ...] | None = Field(None, alias="in")
    has: tuple[str, ...] | None = None
    present: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if sum(test is not None for test in (self.is_one_of, self.has, self.present)) != 1:
            raise ValueError("a condition has exactly one of in, has, present")
        return self


class Rule(Strict):
    """What every rule may state: a severity of its own in place of the catalogue's."""

    severity: Severity | None = None


class RequiredWhen(Rule):
    """`field` must have a value when the condition holds (conditional presence, B4)."""

    rule: Literal["required_when"]
    field: str
    when: Condition
    issue: str = "required_when"


class AbsentWhen(Rule):
    """`field` must be empty when the condition holds."""

    rule: Literal["absent_when"]
    field: str
    when: Condition
    issue: str = "absent_when"


class OneOfWhen(Rule):
    """The code of `field`, where it has one, is one of `in` when the condition holds."""

    rule: Literal["one_of_when"]
    field: str
    is_one_of: tuple[str, ...] = Field(alias="in")
    when: Condition
    issue: str = "codes_disagree"


class DateOrder(Rule):
    """`earlier` is not after `later`; the finding stands on `later`."""

    rule: Literal["date_order"]
    earlier: str
    later: str
    issue: str = "date_order"

    @property
    def field(self) -> str:
        """The field that a finding is written on."""
        return self.later


class NotFuture(Rule):
    """`field` is not after the data date."""

    rule: Literal["not_future"]
    field: str
    issue: str = "date_future"


class AmountUnit(Rule):
    """The amount that `text` states equals `field`; 10,000 times it is a wrong unit.

    It is stated after one of `words`, or before one of `behind`.
    """

    rule: Literal["amount_unit"]
    field: str
    text: str
    words: tuple[str, ...]
    behind: tuple[str, ...] = ()
    issue: str = "amount_unit"


class OrgCodeAgrees(Rule):
    """The organisation code is characters 9 to 17 of the unified code (GB 32100-2015)."""

    rule: Literal["org_code_agrees"]
    field: str
    code: str
    issue: str = "code_disagreement"


class AuthorityPrefix(Rule):
    """An authority's unified code begins with one of `prefixes`; vertical departments may differ."""

    rule: Literal["authority_prefix"]
    field: str
    prefixes: tuple[str, ...]
    issue: str = "authority_prefix"


class NeverSays(Rule):
    """`field` does not match the vocabulary's pattern for `issue`, unless a condition holds."""

    rule: Literal["never_says"]
    field: str
    unless: Condition | None = None
    issue: str


RowRule = Annotated[
    RequiredWhen
    | AbsentWhen
    | OneOfWhen
    | DateOrder
    | NotFuture
    | AmountUnit
    | OrgCodeAgrees
    | AuthorityPrefix
    | NeverSays,
    Field(discriminator="rule"),
]


def fields_of(rule: RowRule) -> set[str]:
    """Every field that a rule names, so that a contract can be checked against itself."""
    named = {rule.field}
    if isinstance(rule, RequiredWhen | AbsentWhen | OneOfWhen):
        named.add(rule.when.field)
    if isinstance(rule, NeverSays) and rule.unless:
        named.add(rule.unless.field)
    if isinstance(rule, DateOrder):
        named |= {rule.earlier, rule.later}
    if isinstance(rule, AmountUnit):
        named.add(rule.text)
    if isinstance(rule, OrgCodeAgrees):
        named.add(rule.code)
    return named
