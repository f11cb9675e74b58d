"""A message as Prometheus Alertmanager's webhook payload, version 4, for receivers that were made for it. Pure.

Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config and the types it is made from,
``notify/webhook`` and ``template.Data`` of prometheus/alertmanager.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from alerts.channels.base import Message

VERSION = "4"
NEVER = "0001-01-01T00:00:00Z"  # how Go writes a time that has not come
_FIGURES = ("count", "expected", "limit", "sources", "level")


def payload_of(message: Message, receiver: str) -> Mapping[str, object]:
    """``receiver`` is its name in sources.yaml."""
    data: Mapping[str, Any] = message.data
    alerts = [_alert(alert) for alert in data["alerts"] or (data,)]
    external = data["externalURL"] or ""
    return {
        "version": VERSION,
        "groupKey": data["groupKey"],
        "truncatedAlerts": data["truncatedAlerts"],
        "status": "firing" if any(alert["status"] == "firing" for alert in alerts) else "resolved",
        "receiver": receiver,
        "groupLabels": {"alertname": alerts[0]["labels"]["alertname"]} if len(alerts) == 1 else {},
        "commonLabels": _common(alert["labels"] for alert in alerts),
        "commonAnnotations": _common(alert["annotations"] for alert in alerts),
        "externalURL": external,
        "alerts": alerts,
    }


def _alert(alert: Mapping[str, Any]) -> dict[str, Any]:
    figures = {name: _text(alert[name]) for name in _FIGURES if alert[name] is not None}
    return {
        "status": alert["status"],
        "labels": dict(alert["labels"]),
        "annotations": {**alert["annotations"], **figures},
        "startsAt": alert["startsAt"],
        "endsAt": alert["endsAt"] or NEVER,
        "generatorURL": alert["generatorURL"] or "",
        "fingerprint": alert["fingerprint"],
    }


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _common(maps: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What all of them say alike."""
    first, *others = maps
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}
