"""Find the same source again by its address, its text or its title, by indexes."""

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column, length in (("url_key", 300), ("text_hash", 64)):
        check = f"CONSTRAINT ck_sources_{column}_length CHECK (length({column}) <= {length})"
        op.execute(f"ALTER TABLE sources ADD COLUMN {column} VARCHAR({length}) {check}")
    _fill()
    for column in ("url_key", "text_hash", "title"):
        op.create_index(f"ix_sources_{column}", "sources", [column])


def _fill() -> None:
    """Write the keys of the sources that are there; their texts are long, and read one by one."""
    bind = op.get_bind()
    sources = sa.table(
        "sources",
        sa.column("id"),
        sa.column("url"),
        sa.column("text"),
        sa.column("url_key"),
        sa.column("text_hash"),
    )
    for id_, url in bind.execute(sa.select(sources.c.id, sources.c.url)).all():
        text = bind.scalar(sa.select(sources.c.text).where(sources.c.id == id_))
        keys = {"url_key": address_key(url), "text_hash": None if text is None else text_hash(text)}
        if any(keys.values()):
            bind.execute(sources.update().where(sources.c.id == id_).values(keys))


# The keys as they were when this migration was written; `tracker verify` tells where they are others today.

TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid?|mc_[ce]id|_hs(enc|mi)|"
    r"mkt_tok|ref_src|ref_url|cmpid|ocid|smid|xtor|wt\.?mc(_id)?|at_(medium|campaign)|_ga|_gl|amp|outputtype",
    re.IGNORECASE,
)
VARIANT = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")


def address_key(address: str) -> str | None:
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    host = VARIANT.sub("", host)
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    path = re.sub(r"(/amp)?/*$", "", unquote(parts.path))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = "&".join(f"{name}={value}" for name, value in sorted(pairs) if not TRACKING.fullmatch(name))
    key = UNSEEN.sub("", f"{host}{path}" + (f"?{query}" if query else "")).replace("\r\n", "\n")
    key = unicodedata.normalize("NFC", key.replace("\r", "\n")).replace("\x00", "")
    return key if len(key) <= 300 else f"sha256:{text_hash(key)}"


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def downgrade() -> None:
    for column in ("title", "text_hash", "url_key"):
        op.drop_index(f"ix_sources_{column}", table_name="sources")
    # Rebuilt on SQLite: there a later migration may have made the columns' checks the table's own.
    with op.batch_alter_table("sources") as table:
        for column in ("text_hash", "url_key"):
            table.drop_constraint(op.f(f"ck_sources_{column}_length"), type_="check")
            table.drop_column(column)
