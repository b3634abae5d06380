"""One submission kind: a data contract in the shape of the Open Data Contract Standard 3.1.

What the standard has no word for stands in `customProperties`: see include/schemas/submissions/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from conduct_records.contracts.rules import RowRule, Strict, fields_of

Identifier = Literal["uscc", "org_code", "registration_no", "region"]
Normaliser = Literal["text", "document_no", "code"]


class CodesUse(Strict):
    """Which code list a field takes its values from, and whether several may stand in one cell."""

    list: str
    multiple: bool = False


class Unit(Strict):
    """The unit of a submitted number; evidence holds number x factor."""

    label: str
    factor: int


class PersonalId(Strict):
    """A natural person's id, replaced by a keyed token while the file is read (decision 16)."""

    scheme: Literal["resident_id"]
    type_field: str | None = Field(None, alias="typeField")


class FieldUse(Strict):
    """The custom properties of one field."""

    headers: tuple[str, ...] = ()
    normalise: tuple[Normaliser, ...] = ()
    identifier: Identifier | None = None
    personal_id: PersonalId | None = Field(None, alias="personalId")
    codes: CodesUse | None = None
    unit: Unit | None = None
    open_ended: bool = Field(False, alias="openEnded")
    date_formats: tuple[str, ...] | None = Field(None, alias="dateFormats")
    placeholders: tuple[str, ...] | None = None


class Options(Strict):
    """The standard's logicalTypeOptions that contracts use."""

    max_length: int | None = Field(None, alias="maxLength")
    pattern: str | None = None
    minimum: float | None = None


class Property(Strict):
    """One field of a kind; `name` is its evidence column."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(alias="businessName")
    type: Literal["string", "date", "number", "integer", "boolean"] = Field(alias="logicalType")
    required: bool = False
    classification: Literal["public", "internal", "restricted"] = "public"
    description: str | None = None
    options: Options = Field(default_factory=lambda: Options.model_validate({}), alias="logicalTypeOptions")
    use: FieldUse = Field(default_factory=lambda: FieldUse.model_validate({}), alias="customProperties")

    @field_validator("use", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return _as_mapping(value)


class Template(Strict):
    """A version of a kind: field to its headers, the official one first; told apart by headers alone.

    Without `columns` it has every field of the kind under its own name. `extensions` are columns in use
    that the official form does not print: nobody misses them.
    """

    code: str
    label: str
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    extensions: tuple[str, ...] = ()

    def with_columns(self, columns: dict[str, tuple[str, ...]]) -> Template:
        """The same template with other columns."""
        return self.model_copy(update={"columns": columns})


class KindUse(Strict):
    """The custom properties of a kind."""

    scope: Literal["delta", "replace"]
    business_key: tuple[str | tuple[str, ...], ...] = Field(alias="businessKey")
    templates: tuple[Template, ...] = Field(min_length=1)
    rules: tuple[RowRule, ...]
    never_titled: re.Pattern[str] | None = Field(None, alias="neverTitled")


class Kind(Strict):
    """The one schema object of a contract."""

    name: str
    label: str = Field(alias="businessName")
    table: str = Field(alias="physicalName", pattern=r"^evidence\.[a-z_]+$")
    logical_type: Literal["object"] = Field(alias="logicalType")
    properties: tuple[Property, ...]
    use: KindUse = Field(alias="customProperties")

    @field_validator("use", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return _as_mapping(value)

    @field_validator("use", mode="after")
    @classmethod
    def _plain_templates(cls, use: KindUse, info: ValidationInfo) -> KindUse:
        every: dict[str, tuple[str, ...]] = {field.name: () for field in info.data.get("properties", ())}
        templates = tuple(one if one.columns else one.with_columns(every) for one in use.templates)
        return use.model_copy(update={"templates": templates})


class Contract(Strict):
    """A submission kind as its file declares it.

    Raises (pydantic.ValidationError) when a name in templates, rules or key is no field of the kind.
    """

    api_version: Literal["v3.1.0"] = Field(alias="apiVersion")
    kind: Literal["DataContract"]
    id: str
    name: str
    version: str
    status: Literal["active", "draft", "retired"]
    description: dict[Literal["purpose", "usage", "limitations"], str]
    schema_: tuple[Kind] = Field(alias="schema")

    @property
    def object(self) -> Kind:
        """The one object that the contract describes."""
        return self.schema_[0]

    @property
    def use(self) -> KindUse:
        """Scope, key, templates and rules."""
        return self.object.use

    @property
    def fields(self) -> dict[str, Property]:
        """Field name to field, in evidence order."""
        return {field.name: field for field in self.object.properties}

    def headers(self, template: Template, name: str) -> tuple[str, ...]:
        """All headers that mean the field in this template, the official one first."""
        field = self.fields[name]
        return (*template.columns[name], field.label, *field.use.headers)

    @model_validator(mode="after")
    def _names_exist(self) -> Contract:
        known = set(self.fields)
        for where, names in self._named():
            if unknown := names - known:
                raise ValueError(f"{where} names no field of {self.id}: {', '.join(sorted(unknown))}")
        return self

    def _named(self) -> Iterator[tuple[str, set[str]]]:
        for template in self.use.templates:
            yield f"template {template.code}", set(template.columns)
            yield f"template {template.code}", set(template.extensions)
        for rule in self.use.rules:
            yield f"rule {rule.rule}", fields_of(rule)
        yield "businessKey", {name for part in self.use.business_key for name in first_of(part)}


def first_of(part: str | tuple[str, ...]) -> tuple[str, ...]:
    """The alternatives of one part of a business key, in order of preference."""
    return (part,) if isinstance(part, str) else part


def _as_mapping(value: Any) -> Any:
    """The standard's list of {property, value} as a mapping; a property named twice is an error."""
    if not isinstance(value, list):
        return value
    pairs = [(item["property"], item["value"]) for item in value]
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a custom property is named twice")
    return dict(pairs)
