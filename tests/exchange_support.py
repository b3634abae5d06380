"""What tests of both sides of the wire share: a client without waiting, and openapi.yaml as a judge."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
import yaml
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from conduct_records.exchange.client import Client
from conduct_records.exchange.transport import Patience, Transport
from conduct_records.settings import ROOT, SCHEMAS
from simulator.server import Simulator

SAMPLES = ROOT / "samples" / "platform"
URN = "urn:openapi"


@cache
def specification() -> dict[str, Any]:
    return yaml.safe_load((SCHEMAS / "exchange" / "openapi.yaml").read_text(encoding="utf-8"))


def complaints(schema: dict[str, Any], value: object) -> list[str]:
    """Why a value does not fit a schema of the specification; `$ref`s may start at its root."""
    registry = Registry().with_resource(URN, DRAFT202012.create_resource(specification()))
    text = json.dumps(schema).replace('"#/', f'"{URN}#/')
    validator = OAS31Validator(
        json.loads(text), registry=registry, format_checker=OAS31Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def operation(method: str, path: str) -> dict[str, Any]:
    for template, item in specification()["paths"].items():
        pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template))
        if method.lower() in item and re.fullmatch(pattern, path):
            return item[method.lower()]
    raise AssertionError(f"{method} {path} is not in the specification")


def judge_exchange(response: requests.Response, body: bytes) -> None:
    """The request that went out and the answer that came fit the specification."""
    request, url = response.request, urlsplit(response.request.url or "")
    declared = operation(request.method or "", unquote(url.path))
    if "requestBody" in declared:
        [(kind, content)] = declared["requestBody"]["content"].items()
        raw = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        sent = json.loads(raw) if kind == "application/json" else dict(parse_qsl(raw))
        assert not complaints(content["schema"], sent)
    given = dict(parse_qsl(url.query))
    parameters = [resolved(each) for each in declared.get("parameters", [])]
    for parameter in parameters:
        if parameter["in"] == "query":
            assert parameter["name"] in given or not parameter.get("required")
            if parameter["name"] in given:
                assert not complaints(parameter["schema"], given[parameter["name"]])
    assert set(given) <= {parameter["name"] for parameter in parameters}
    answers = declared["responses"]
    answer = resolved(answers.get(str(response.status_code)) or answers["default"])
    assert not complaints(answer["content"]["application/json"]["schema"], json.loads(body))


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    target: Any = specification()
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return target


class JudgedTransport(Transport):
    """Checks every exchange against the specification."""

    def _read(self, response: requests.Response, started: float) -> bytes:
        body = super()._read(response, started)
        judge_exchange(response, body)
        return body


@dataclass
class Waits:
    """Stands in for time.sleep and keeps what it was asked for."""

    asked: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def client_of(
    simulator: Simulator, judged: bool = False, secret: str = "secret", **patience: float
) -> Client:
    """A client that never waits; `judged`: every exchange is checked against the specification."""
    kind = JudgedTransport if judged else Transport
    transport = kind(simulator.url, Patience(**{"attempts": 4, **patience}), sleep=Waits(), draw=lambda: 0.5)
    return Client(transport, "centre", secret)


def waits(client: Client) -> list[float]:
    assert isinstance(client.transport.sleep, Waits)
    return client.transport.sleep.asked


def plan(
    simulator: Simulator, kind: str, on: str = "*", times: int = 1, skip: int = 0, **params: Any
) -> None:
    """Put one fault before the simulator."""
    from simulator.faults import Fault

    simulator.faults.set([Fault(kind, on, times, skip, params)])


def message(record: str = "rec-1", ordinal: int = 1, action: str = "upsert", **more: Any) -> dict[str, Any]:
    held = {"payload": {"name": "样例"}, "content_hash": "a" * 64} if action == "upsert" else {}
    return {
        "idempotency_key": f"key-{record}-{ordinal:010d}",
        "subject_key": "s1",
        "ordinal": ordinal,
        "action": action,
        "kind": "record",
        "record_key": record,
        "region_code": "420600",
        "class_code": "penalty",
        **held,
        **more,
    }


def write_push(folder: Path, feed: str, day: str, rows: list[dict[str, Any]]) -> None:
    (folder / feed).mkdir(parents=True, exist_ok=True)
    (folder / feed / f"{day}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def case(number: int, **more: Any) -> dict[str, Any]:
    """A row of the feed pushed_cases."""
    return {
        "地区": "湖北武汉",
        "案例标题": f"案例 {number}",
        "发布时间": "2018 年 12 月 4 日",
        "信息来源": "人民网",
        "案例ID": f"{number}-1",
        "拟办意见": "",
        "标签": "",
        "正文": None,
        "清单": "typical",
        **more,
    }
