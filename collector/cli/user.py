"""``siaga user``: who may log in to the page. Passwords are asked for, or read from standard input; never arguments."""

from __future__ import annotations

import getpass
import sys

import click

from collector.cli.context import Context
from collector.model.clock import WallClock
from collector.model.errors import NotFound
from collector.model.person import Person, Role
from collector.store.base import AuditEntry, Storage

ROLES = click.Choice([role.value for role in Role])


@click.group("user")
def user() -> None:
    """Add, reset, remove and list the people who log in to the page."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, default=Role.EDITOR.value, show_default=True, help="A reader only reads.")
@click.pass_obj
def add(context: Context, name: str, role: str) -> None:
    """Add a person. The password is asked for, or is the first line of standard input."""
    now = WallClock().now()
    try:
        person = Person(name=name.strip(), role=Role(role), added_at=now)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    with context.store() as store:
        if store.people.get(person.name) is not None:
            raise click.UsageError(f"{person.name} is there already; another password: siaga user reset {person.name}")
        with store.transaction(durable=True):
            store.people.add(person, _hashed())
            _note(store, "user add", person.name, role)
    click.echo(f"{person.name} may log in as {role}")


@user.command("reset")
@click.argument("name")
@click.option("--role", type=ROLES, help="Another role; without --password the password stays.")
@click.option(
    "--password/--no-password", "wanted", default=None, help="Ask for another password. Default without --role."
)
@click.pass_obj
def reset(context: Context, name: str, role: str | None, wanted: bool | None) -> None:
    """Give a person another password or role, and log them out everywhere."""
    with context.store() as store:
        if store.people.get(name) is None:
            raise NotFound(_nobody(store, name))
        ask = role is None if wanted is None else wanted
        with store.transaction(durable=True):
            store.people.reset(name, password=_hashed() if ask else None, role=Role(role) if role else None)
            _note(store, "user reset", name, " ".join(filter(None, (role, "password" if ask else ""))))
    click.echo(f"{name} has to log in again")


@user.command("remove")
@click.argument("name")
@click.pass_obj
def remove(context: Context, name: str) -> None:
    """Remove a person and log them out everywhere. What they did stays under their name."""
    with context.store() as store, store.transaction(durable=True):
        if not store.people.remove(name):
            raise NotFound(_nobody(store, name))
        _note(store, "user remove", name, "")
    click.echo(f"{name} is removed")


@user.command("list")
@click.pass_obj
def list_(context: Context) -> None:
    """List who may log in."""
    with context.store() as store:
        people = store.people.list()
    if not people:
        click.echo("nobody yet; siaga user add NAME", err=True)
    for person in people:
        added_at = person.added_at.astimezone(context.settings.timezone)
        click.echo(f"{person.name:<30} {person.role.value:<7} since {added_at:%Y-%m-%d}")


def _hashed() -> str:
    from collector.web.password import LEAST_CHARS, MOST_CHARS, hashed

    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not LEAST_CHARS <= len(password) <= MOST_CHARS:
        raise click.UsageError(f"a password has {LEAST_CHARS} to {MOST_CHARS} characters")
    return hashed(password)


def _nobody(store: Storage, name: str) -> str:
    there = ", ".join(person.name for person in store.people.list()) or "nobody"
    return f"no user is called {name!r}; there are: {there}"


def _note(store: Storage, action: str, name: str, detail: str) -> None:
    entry = AuditEntry(at=WallClock().now(), actor=_actor(), action=action, subject=f"user:{name}", detail=detail)
    store.audit.write(entry)


def _actor() -> str:
    """Who sits at this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's numeric user has no name
        return "operator"
