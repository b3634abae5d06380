"""Rules across the fields of one row, as contracts declare them, as boolean columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.contracts.book import ContractBook
from conduct_records.contracts.model import Contract
from conduct_records.contracts.rules import (
    AbsentWhen,
    AmountUnit,
    AuthorityPrefix,
    Condition,
    DateOrder,
    NeverSays,
    NotFuture,
    OneOfWhen,
    OrgCodeAgrees,
    RequiredWhen,
    RowRule,
)
from conduct_records.validation.amounts import amount_pattern, stated_amounts
from conduct_records.validation.arrays import Mask, matches, none_of, of_length
from conduct_records.validation.code_masks import org_code_mask
from conduct_records.validation.columns import Columns
from conduct_records.validation.rule import Rule

_FEN = Decimal("0.01")


def compile_rule(declared: RowRule, contract: Contract, book: ContractBook) -> list[Rule]:
    """The checks of one declared rule; the contract's severity overrides the catalogue's."""

    def rule(issue: str, broken: Callable[[Columns], Mask], detail: str = "") -> Rule:
        severity = declared.severity or book.issues[issue].severity
        return Rule(declared.field, issue, severity, broken, detail)

    if isinstance(declared, AmountUnit):
        pattern = amount_pattern(declared, book.vocabulary.amounts)
        stated = partial(stated_amounts, pattern=pattern, words=book.vocabulary.amounts)
        wrong = partial(_amount, rule=declared, stated_by=stated, factor=True)
        differs = partial(_amount, rule=declared, stated_by=stated, factor=False)
        text = contract.fields[declared.text].label
        return [rule(declared.issue, wrong, text), rule("amount_disagrees", differs, text)]
    if isinstance(declared, NeverSays):
        pattern = book.vocabulary.never_says[declared.issue]
        return [rule(declared.issue, partial(_never_says, rule=declared, pattern=pattern))]
    return [rule(declared.issue, partial(_BROKEN[declared.rule], rule=declared), _other(declared, contract))]


def _other(declared: RowRule, contract: Contract) -> str:
    """The label of the field that a finding compares with."""
    if isinstance(declared, DateOrder):
        return contract.fields[declared.earlier].label
    return contract.fields[declared.when.field].label if isinstance(declared, OneOfWhen) else ""


def _holds(columns: Columns, condition: Condition) -> Mask:
    return columns.each(condition.field, lambda one: _meets(one.typed[condition.field], condition))


def _meets(values: Any, condition: Condition) -> Mask:
    if condition.present:
        return pc.is_valid(values)
    if condition.is_one_of is not None:
        return pc.fill_null(pc.is_in(values, pa.array(condition.is_one_of)), False)
    wanted = "|".join(map(re.escape, condition.has or ()))
    return matches(values, f"(^|;)({wanted})(;|$)")


def _required_when(columns: Columns, rule: RequiredWhen) -> Mask:
    return pc.and_(_holds(columns, rule.when), pc.is_null(columns.text[rule.field]))


def _absent_when(columns: Columns, rule: AbsentWhen) -> Mask:
    return pc.and_(_holds(columns, rule.when), pc.is_valid(columns.text[rule.field]))


def _one_of_when(columns: Columns, rule: OneOfWhen) -> Mask:
    codes = columns.typed[rule.field]
    other = pc.and_(pc.is_valid(codes), pc.invert(pc.is_in(codes, pa.array(rule.is_one_of))))
    return pc.and_(_holds(columns, rule.when), other)


def _date_order(columns: Columns, rule: DateOrder) -> Mask:
    return pc.fill_null(pc.less(columns.typed[rule.later], columns.typed[rule.earlier]), False)


def _not_future(columns: Columns, rule: NotFuture) -> Mask:
    return pc.fill_null(pc.greater(columns.typed[rule.field], pa.scalar(columns.data_date)), False)


def _org_code_agrees(columns: Columns, rule: OrgCodeAgrees) -> Mask:
    code, org = columns.text[rule.code], columns.text[rule.field]
    inner = pc.utf8_slice_codeunits(code, 8, 17)
    both = pc.and_(of_length(code, 18), org_code_mask(org))
    return pc.and_(both, pc.fill_null(pc.not_equal(inner, org), False))


def _authority_prefix(columns: Columns, rule: AuthorityPrefix) -> Mask:
    code = columns.text[rule.field]
    return pc.and_(of_length(code, 18), pc.invert(matches(code, f"^({'|'.join(rule.prefixes)})")))


def _never_says(columns: Columns, rule: NeverSays, pattern: str) -> Mask:
    says = columns.each(rule.field, lambda one: matches(one.text[rule.field], pattern))
    return pc.and_not(says, _holds(columns, rule.unless)) if rule.unless else says


def _amount(columns: Columns, rule: AmountUnit, stated_by: Callable[[Any], Any], factor: bool) -> Mask:
    """Where the one amount that the text states is not the field's: by a factor of 10,000, or otherwise."""
    amounts = columns.typed[rule.field]
    stated = columns.once(rule.text, stated_by)
    both = pc.and_(pc.is_valid(stated), pc.fill_null(pc.greater_equal(amounts, Decimal(0)), False))
    unequal = pc.and_(both, pc.fill_null(pc.greater(_distance(stated, amounts), _FEN), False))
    if not pc.any(unequal).as_py():
        return none_of(columns.size)
    wide = pa.decimal128(30, 2)
    thousands = pa.scalar(Decimal(10_000), pa.decimal128(6, 0))
    scaled = [(stated, pc.multiply(amounts, thousands)), (amounts, pc.multiply(stated, thousands))]
    unit = [pc.less_equal(_distance(pc.cast(a, wide), pc.cast(b, wide)), _FEN) for a, b in scaled]
    by_unit = pc.fill_null(pc.or_(*unit), False)
    return pc.and_(unequal, by_unit if factor else pc.invert(by_unit))


def _distance(left: Any, right: Any) -> Any:
    return pc.abs(pc.subtract(left, right))


_BROKEN: dict[str, Callable[..., Mask]] = {
    "required_when": _required_when,
    "absent_when": _absent_when,
    "one_of_when": _one_of_when,
    "date_order": _date_order,
    "not_future": _not_future,
    "org_code_agrees": _org_code_agrees,
    "authority_prefix": _authority_prefix,
}
