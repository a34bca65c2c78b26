"""The accounts."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from tracker.cli.shell import choice_of, find_user, open_session
from tracker.models import User
from tracker.models.vocabulary import Role


@click.group()
def user() -> None:
    """Keep the accounts."""


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for a password: give --password-stdin.")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=choice_of(Role))
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")
def user_add(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Open an account."""
    password = _password(password_stdin)
    with open_session(writes=True) as session:
        user = User.add(session, email=email, name=name, role=Role(role), password=password)
        click.echo(f"{user.email} may sign in as {role}.")


@user.command("list")
def user_list() -> None:
    """List the accounts: address, role, name."""
    with open_session() as session:
        for user in session.scalars(select(User).order_by(User.email)):
            state = "\t(disabled)" if user.is_disabled else ""
            click.echo(f"{user.email}\t{user.role.value}\t{user.name}{state}")


@user.command("disable")
@click.argument("email")
def user_disable(email: str) -> None:
    """Shut an account and sign it out everywhere; what it recorded stays."""
    with open_session(writes=True) as session:
        find_user(session, email).disable()
    click.echo(f"{email} can no longer sign in.")


@user.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")
def user_password(email: str, password_stdin: bool) -> None:
    """Set a password anew and sign the account out everywhere."""
    password = _password(password_stdin)
    with open_session(writes=True) as session:
        find_user(session, email).set_password(password)
    click.echo(f"{email} has a new password.")
