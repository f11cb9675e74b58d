"""Who is told, by which channel, when, and how messages are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

from collector.app.network import ca_bundle
from collector.config.secret import Secret
from collector.config.settings import PartnerSend, Settings, Webhook
from collector.model.plan import Plan
from collector.registry import CHANNELS, implementation
from collector.store.base import Storage

if TYPE_CHECKING:
    from alerts.channels.base import Channel
    from alerts.render import Renderer


def build_plans(settings: Settings) -> Mapping[str, Plan]:
    """When each receiver wants to be told, by its name."""
    return {receiver.name: receiver.plan for receiver in settings.receivers}


def build_channels(settings: Settings) -> Mapping[str, Channel]:
    """A channel per receiver, by the receiver's name."""
    channels: dict[str, Channel] = {}
    for receiver in settings.receivers:
        factory = cast("Callable[..., Channel]", implementation(CHANNELS, "siaga.channels", receiver.kind))
        channels[receiver.name] = factory(receiver.channel, network=settings.network, ca_bundle=ca_bundle())
    return {**channels, **build_partner_channels(settings)}


def build_partner_channels(settings: Settings) -> Mapping[str, Channel]:
    """A signed webhook per partner that is told, by :func:`collector.partners.outgoing.receiver_of`."""
    told = _told_partners(settings)
    if not told:
        return {}
    from alerts.channels.webhook import WebhookChannel

    return {
        receiver: WebhookChannel(
            Webhook(url=send.url, secret=send.secret, receiver=receiver),
            network=settings.network,
            ca_bundle=ca_bundle(),
        )
        for receiver, send in told
    }


def receiver_entries(settings: Settings) -> Mapping[str, str]:
    """A fingerprint of each receiver's entry by its name, secrets included but not told."""
    found: dict[str, str] = {}
    for receiver in settings.receivers:
        values = (getattr(receiver.channel, field.name) for field in fields(receiver.channel))
        found[receiver.name] = _mark(value.reveal() if isinstance(value, Secret) else str(value) for value in values)
    for partner, send in _told_partners(settings):
        found[partner] = _mark((send.url.reveal(), send.secret.reveal()))
    return found


def _mark(values: Iterable[str]) -> str:
    return blake2b("\n".join(values).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _told_partners(settings: Settings) -> list[tuple[str, PartnerSend]]:
    """The receiver that each partner who is told goes by, with where and how."""
    told = [(partner.name, partner.send) for partner in settings.partners if partner.send is not None]
    if not told:
        return []
    from collector.partners.outgoing import receiver_of

    return [(receiver_of(name), send) for name, send in told]


def build_renderer(settings: Settings, store: Storage | None = None) -> Renderer:
    """With links to react by where there is a page, and the ``store`` that keeps the key they are signed with."""
    from alerts.links import ActionLinks
    from alerts.render import Renderer

    web = settings.web
    links = ActionLinks(web.address, store.signing_key()) if web is not None and store is not None else None
    return Renderer(settings.language, settings.timezone, links=links, templates=settings.templates)
