"""Make the tables of the record."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(chain) <= 32", name=op.f("ck_audit_heads_chain_length")),
        sa.CheckConstraint("length(hash) <= 64", name=op.f("ck_audit_heads_hash_length")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_heads"),
        sa.UniqueConstraint("chain", name="uq_audit_heads_chain"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "negotiations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.String(length=10000), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "public",
                "internal",
                "restricted",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "handling",
            sa.Enum(
                "clear",
                "green",
                "amber",
                "amber_strict",
                "red",
                name="handling",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("single_undertaking", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) <= 32", name=op.f("ck_negotiations_code_length")),
        sa.CheckConstraint("length(summary) <= 10000", name=op.f("ck_negotiations_summary_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_negotiations_title_length")),
        sa.PrimaryKeyConstraint("id", name="pk_negotiations"),
        sa.UniqueConstraint("code", name="uq_negotiations_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(place) <= 64", name=op.f("ck_sign_in_attempts_place_length")),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_in_attempts_place_at", "sign_in_attempts", ["place", "at"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "viewer", "editor", "admin", name="role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(email) <= 300", name=op.f("ck_users_email_length")),
        sa.CheckConstraint("length(name) <= 300", name=op.f("ck_users_name_length")),
        sa.CheckConstraint("length(password_hash) <= 200", name=op.f("ck_users_password_hash_length")),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(action) <= 16", name=op.f("ck_audit_entries_action_length")),
        sa.CheckConstraint("length(actor) <= 300", name=op.f("ck_audit_entries_actor_length")),
        sa.CheckConstraint("length(chain) <= 32", name=op.f("ck_audit_entries_chain_length")),
        sa.CheckConstraint("length(hash) <= 64", name=op.f("ck_audit_entries_hash_length")),
        sa.CheckConstraint("length(previous_hash) <= 64", name=op.f("ck_audit_entries_previous_hash_length")),
        sa.CheckConstraint("length(table_name) <= 64", name=op.f("ck_audit_entries_table_name_length")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_audit_entries_actor_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_entries_row", "audit_entries", ["table_name", "row_id"], unique=False)
    op.create_index("uq_audit_entries_chain_sequence", "audit_entries", ["chain", "sequence"], unique=True)
    op.create_table(
        "form_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=500), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(content_hash) <= 64", name=op.f("ck_form_tokens_content_hash_length")),
        sa.CheckConstraint("length(result) <= 500", name=op.f("ck_form_tokens_result_length")),
        sa.CheckConstraint("length(token) <= 64", name=op.f("ck_form_tokens_token_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_form_tokens_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_form_tokens"),
        sa.UniqueConstraint("token", name="uq_form_tokens_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_form_tokens_used_at", "form_tokens", ["used_at"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_grants_negotiation_id_negotiations"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_grants_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.UniqueConstraint("negotiation_id", "user_id", name="uq_grants_negotiation_id_user_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_grants_user_id", "grants", ["user_id"], unique=False)
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("question", sa.String(length=10000), nullable=False),
        sa.Column("proposition", sa.String(length=10000), nullable=False),
        sa.Column("description", sa.String(length=10000), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("ordering", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("deciding_parties", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("scale_unit", sa.String(length=300), nullable=False),
        sa.Column("scale_low", sa.String(length=300), nullable=False),
        sa.Column("scale_high", sa.String(length=300), nullable=False),
        sa.Column("scale_from", sa.Double(), nullable=True),
        sa.Column("scale_to", sa.Double(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(description) <= 10000", name=op.f("ck_issues_description_length")),
        sa.CheckConstraint("length(proposition) <= 10000", name=op.f("ck_issues_proposition_length")),
        sa.CheckConstraint("length(question) <= 10000", name=op.f("ck_issues_question_length")),
        sa.CheckConstraint("length(scale_high) <= 300", name=op.f("ck_issues_scale_high_length")),
        sa.CheckConstraint("length(scale_low) <= 300", name=op.f("ck_issues_scale_low_length")),
        sa.CheckConstraint("length(scale_unit) <= 300", name=op.f("ck_issues_scale_unit_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_issues_title_length")),
        sa.CheckConstraint("length(topic) <= 300", name=op.f("ck_issues_topic_length")),
        sa.ForeignKeyConstraint(["lead_id"], ["users.id"], name="fk_issues_lead_id_users"),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_issues_negotiation_id_negotiations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
        sa.UniqueConstraint("negotiation_id", "number", name="uq_issues_negotiation_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_issues_topic", "issues", ["negotiation_id", "topic", "ordering", "number"], unique=False
    )
    op.create_table(
        "parties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("short_name", sa.String(length=300), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "state",
                "organisation",
                "bloc",
                "armed_group",
                "other",
                name="partykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "party",
                "mediator",
                "guarantor",
                "host",
                "observer",
                "supporter",
                name="partyrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ordering", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(code) <= 32", name=op.f("ck_parties_code_length")),
        sa.CheckConstraint("length(name) <= 300", name=op.f("ck_parties_name_length")),
        sa.CheckConstraint("length(short_name) <= 300", name=op.f("ck_parties_short_name_length")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_parties_negotiation_id_negotiations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_parties"),
        sa.UniqueConstraint("negotiation_id", "code", name="uq_parties_negotiation_id_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "article",
                "official_document",
                "transcript",
                "statement",
                "social_post",
                "dataset",
                "internal_note",
                name="sourcekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("publisher", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("archived_url", sa.String(length=2000), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("accessed_on", sa.Date(), nullable=True),
        sa.Column("is_free_to_show", sa.Boolean(), nullable=False),
        sa.Column(
            "reliability",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                "E",
                "F",
                name="reliability",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "handling",
            sa.Enum(
                "clear",
                "green",
                "amber",
                "amber_strict",
                "red",
                name="handling",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        # Last: SQLite reads through a long text to reach what stands behind it.
        sa.Column("text", sa.String(length=1000000), nullable=True),
        sa.CheckConstraint("length(archived_url) <= 2000", name=op.f("ck_sources_archived_url_length")),
        sa.CheckConstraint("length(language) <= 35", name=op.f("ck_sources_language_length")),
        sa.CheckConstraint("length(origin) <= 300", name=op.f("ck_sources_origin_length")),
        sa.CheckConstraint("length(publisher) <= 300", name=op.f("ck_sources_publisher_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_sources_recorded_by_length")),
        sa.CheckConstraint("length(text) <= 1000000", name=op.f("ck_sources_text_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_sources_title_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_sources_uid_length")),
        sa.CheckConstraint("length(url) <= 2000", name=op.f("ck_sources_url_length")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_sources_recorded_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("uid", name="uq_sources_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sources_published_on", "sources", ["published_on"], unique=False)
    op.create_index("ix_sources_recorded_at", "sources", ["recorded_at"], unique=False)
    op.create_table(
        "tracks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(code) <= 32", name=op.f("ck_tracks_code_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_tracks_title_length")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_tracks_negotiation_id_negotiations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tracks"),
        sa.UniqueConstraint("negotiation_id", "code", name="uq_tracks_negotiation_id_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(token_hash) <= 64", name=op.f("ck_user_sessions_token_hash_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_sessions_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_user_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_user_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "round",
                "leaders_meeting",
                "visit",
                "call",
                "proposal",
                "counter_proposal",
                "statement",
                "leak",
                "decision",
                "agreement",
                "deadline",
                "other",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="eventstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(place) <= 300", name=op.f("ck_events_place_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_events_recorded_by_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_events_title_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_events_uid_length")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_events_negotiation_id_negotiations"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_events_recorded_by_id_users"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_events_track_id_tracks"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("uid", name="uq_events_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_negotiation_id", "events", ["negotiation_id"], unique=False)
    op.create_table(
        "filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_filings_negotiation_id_negotiations"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_filings_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_filings"),
        sa.UniqueConstraint("source_id", "negotiation_id", name="uq_filings_source_id_negotiation_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_filings_negotiation_id", "filings", ["negotiation_id"], unique=False)
    op.create_table(
        "issue_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "part_of",
                "split_from",
                "merged_into",
                "conditional_on",
                "package",
                name="issuelinkkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["issues.id"], name="fk_issue_links_from_id_issues"),
        sa.ForeignKeyConstraint(["to_id"], ["issues.id"], name="fk_issue_links_to_id_issues"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_links"),
        sa.UniqueConstraint("from_id", "kind", "to_id", name="uq_issue_links_from_id_kind_to_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_issue_links_to_id", "issue_links", ["to_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("bloc_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["bloc_id"], ["parties.id"], name="fk_memberships_bloc_id_parties"),
        sa.ForeignKeyConstraint(["member_id"], ["parties.id"], name="fk_memberships_member_id_parties"),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.UniqueConstraint(
            "member_id", "bloc_id", "from_on", name="uq_memberships_member_id_bloc_id_from_on"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_memberships_bloc_id", "memberships", ["bloc_id"], unique=False)
    op.create_index("ix_memberships_member_id", "memberships", ["member_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assessment",
                "question",
                "action",
                name="notekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=10000), nullable=False),
        sa.Column("owner", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(owner) <= 300", name=op.f("ck_notes_owner_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_notes_recorded_by_length")),
        sa.CheckConstraint("length(text) <= 10000", name=op.f("ck_notes_text_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_notes_uid_length")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_notes_issue_id_issues"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_notes_recorded_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("uid", name="uq_notes_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_issue_id", "notes", ["issue_id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("office", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(name) <= 300", name=op.f("ck_people_name_length")),
        sa.CheckConstraint("length(office) <= 300", name=op.f("ck_people_office_length")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name="fk_people_party_id_parties"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_people_party_id", "people", ["party_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("tabled_by", sa.JSON(), nullable=False),
        sa.Column("tabled_on", sa.Date(), nullable=True),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_proposals_recorded_by_length")),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_proposals_title_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_proposals_uid_length")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_proposals_negotiation_id_negotiations"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_proposals_recorded_by_id_users"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_proposals_source_id_sources"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_proposals_track_id_tracks"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("uid", name="uq_proposals_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_negotiation_id", "proposals", ["negotiation_id"], unique=False)
    op.create_index("ix_proposals_source_id", "proposals", ["source_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=10000), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(note) <= 10000", name=op.f("ck_reviews_note_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_reviews_recorded_by_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_reviews_uid_length")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_reviews_issue_id_issues"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_reviews_recorded_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("uid", name="uq_reviews_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reviews_issue_checked", "reviews", ["issue_id", "checked_on"], unique=False)
    op.create_table(
        "clauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=10000), nullable=False),
        sa.Column("locator", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(locator) <= 300", name=op.f("ck_clauses_locator_length")),
        sa.CheckConstraint("length(number) <= 32", name=op.f("ck_clauses_number_length")),
        sa.CheckConstraint("length(text) <= 10000", name=op.f("ck_clauses_text_length")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_clauses_proposal_id_proposals"),
        sa.PrimaryKeyConstraint("id", name="pk_clauses"),
        sa.UniqueConstraint("proposal_id", "number", name="uq_clauses_proposal_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("negotiation_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("effective_words", sa.String(length=300), nullable=False),
        sa.Column(
            "day_basis",
            sa.Enum(
                "stated",
                "published",
                "inferred",
                name="daybasis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(effective_words) <= 300", name=op.f("ck_entries_effective_words_length")),
        sa.CheckConstraint("length(kind) <= 16", name=op.f("ck_entries_kind_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_entries_recorded_by_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_entries_uid_length")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_entries_event_id_events"),
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiations.id"], name="fk_entries_negotiation_id_negotiations"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_entries_recorded_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("uid", name="uq_entries_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_event_id", "entries", ["event_id"], unique=False)
    op.create_index(
        "ix_entries_negotiation_effective", "entries", ["negotiation_id", "effective_on"], unique=False
    )
    op.create_index(
        "ix_entries_negotiation_recorded", "entries", ["negotiation_id", "recorded_at"], unique=False
    )
    op.create_table(
        "citations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("quote", sa.String(length=10000), nullable=False),
        sa.Column("translation", sa.String(length=10000), nullable=False),
        sa.Column(
            "translated_by",
            sa.Enum(
                "official",
                "publisher",
                "desk",
                "machine",
                name="translator",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("locator", sa.String(length=300), nullable=False),
        sa.Column(
            "credibility",
            sa.Enum(
                "1",
                "2",
                "3",
                "4",
                "5",
                "6",
                name="credibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "directness",
            sa.Enum(
                "official_text",
                "on_record",
                "reported",
                "anonymous",
                "analysis",
                name="directness",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("prefix", sa.String(length=32), nullable=False),
        sa.Column("suffix", sa.String(length=32), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(entry_id IS NULL) <> (event_id IS NULL)", name=op.f("ck_citations_one_subject")),
        sa.CheckConstraint("length(locator) <= 300", name=op.f("ck_citations_locator_length")),
        sa.CheckConstraint("length(prefix) <= 32", name=op.f("ck_citations_prefix_length")),
        sa.CheckConstraint("length(quote) <= 10000", name=op.f("ck_citations_quote_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_citations_recorded_by_length")),
        sa.CheckConstraint("length(suffix) <= 32", name=op.f("ck_citations_suffix_length")),
        sa.CheckConstraint("length(translation) <= 10000", name=op.f("ck_citations_translation_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_citations_uid_length")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_citations_entry_id_entries"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_citations_event_id_events"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_citations_recorded_by_id_users"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_citations_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_citations"),
        sa.UniqueConstraint("uid", name="uq_citations_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_citations_entry", "citations", ["entry_id"], unique=False)
    op.create_index("ix_citations_event", "citations", ["event_id"], unique=False)
    op.create_index("ix_citations_source", "citations", ["source_id"], unique=False)
    op.create_table(
        "clause_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name="fk_clause_issues_clause_id_clauses"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_clause_issues_issue_id_issues"),
        sa.PrimaryKeyConstraint("id", name="pk_clause_issues"),
        sa.UniqueConstraint("clause_id", "issue_id", name="uq_clause_issues_clause_id_issue_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clause_issues_issue_id", "clause_issues", ["issue_id"], unique=False)
    op.create_table(
        "entry_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contradicts",
                "denies",
                "confirms",
                name="entrylinkkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_entry_links_two_entries")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_entry_links_recorded_by_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_entry_links_uid_length")),
        sa.ForeignKeyConstraint(["from_id"], ["entries.id"], name="fk_entry_links_from_id_entries"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_entry_links_recorded_by_id_users"),
        sa.ForeignKeyConstraint(["to_id"], ["entries.id"], name="fk_entry_links_to_id_entries"),
        sa.PrimaryKeyConstraint("id", name="pk_entry_links"),
        sa.UniqueConstraint("uid", name="uq_entry_links_uid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entry_links_from", "entry_links", ["from_id"], unique=False)
    op.create_index("ix_entry_links_to", "entry_links", ["to_id"], unique=False)
    op.create_table(
        "positions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column(
            "stance",
            sa.Enum(
                "proposes",
                "supports",
                "accepts",
                "conditional",
                "reserves",
                "opposes",
                "not_addressed",
                name="stance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("condition", sa.String(length=10000), nullable=False),
        sa.Column(
            "firmness",
            sa.Enum(
                "unknown",
                "flexible",
                "firm",
                "red_line",
                name="firmness",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "movement",
            sa.Enum(
                "first",
                "restated",
                "clarified",
                "hardened",
                "softened",
                "changed",
                "unjudged",
                name="movement",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "standing",
            sa.Enum(
                "line", "voice", "leak", name="standing", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.String(length=10000), nullable=False),
        sa.Column("stated_by", sa.String(length=300), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(condition) <= 10000", name=op.f("ck_positions_condition_length")),
        sa.CheckConstraint("length(stated_by) <= 300", name=op.f("ck_positions_stated_by_length")),
        sa.CheckConstraint("length(summary) <= 10000", name=op.f("ck_positions_summary_length")),
        sa.ForeignKeyConstraint(["clause_id"], ["clauses.id"], name="fk_positions_clause_id_clauses"),
        sa.ForeignKeyConstraint(["id"], ["entries.id"], name="fk_positions_id_entries"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_positions_issue_id_issues"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name="fk_positions_party_id_parties"),
        sa.PrimaryKeyConstraint("id", name="pk_positions"),
    )
    op.create_index(
        "ix_positions_clause",
        "positions",
        ["clause_id"],
        unique=False,
        sqlite_where=sa.text("clause_id IS NOT NULL"),
        postgresql_where=sa.text("clause_id IS NOT NULL"),
    )
    op.create_index("ix_positions_issue_party", "positions", ["issue_id", "party_id"], unique=False)
    op.create_index("ix_positions_party", "positions", ["party_id"], unique=False)
    op.create_table(
        "status_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "not_tabled",
                "open",
                "clarification",
                "agreed_in_principle",
                "provisionally_agreed",
                "agreed",
                "parked",
                "blocked",
                "dropped",
                "overtaken",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "technical",
                "political",
                "leaders",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("agreed_between", sa.JSON(), nullable=False),
        sa.Column("deciding_parties", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("subject_to", sa.String(length=10000), nullable=False),
        sa.Column("reason", sa.String(length=10000), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(reason) <= 10000", name=op.f("ck_status_changes_reason_length")),
        sa.CheckConstraint("length(subject_to) <= 10000", name=op.f("ck_status_changes_subject_to_length")),
        sa.ForeignKeyConstraint(["id"], ["entries.id"], name="fk_status_changes_id_entries"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_status_changes_issue_id_issues"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_status_changes_track_id_tracks"),
        sa.PrimaryKeyConstraint("id", name="pk_status_changes"),
    )
    op.create_index("ix_status_changes_issue_track", "status_changes", ["issue_id", "track_id"], unique=False)
    op.create_table(
        "status_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("stated_by", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_tabled",
                "open",
                "clarification",
                "agreed_in_principle",
                "provisionally_agreed",
                "agreed",
                "parked",
                "blocked",
                "dropped",
                "overtaken",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=10000), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("between", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(stated_by) <= 300", name=op.f("ck_status_claims_stated_by_length")),
        sa.CheckConstraint("length(words) <= 10000", name=op.f("ck_status_claims_words_length")),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_status_claims_share_is_percent")),
        sa.ForeignKeyConstraint(["id"], ["entries.id"], name="fk_status_claims_id_entries"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_status_claims_issue_id_issues"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name="fk_status_claims_party_id_parties"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_status_claims_track_id_tracks"),
        sa.PrimaryKeyConstraint("id", name="pk_status_claims"),
    )
    op.create_index("ix_status_claims_issue_party", "status_claims", ["issue_id", "party_id"], unique=False)
    op.create_index("ix_status_claims_party", "status_claims", ["party_id"], unique=False)
    op.create_table(
        "retractions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("citation_id", sa.Integer(), nullable=True),
        sa.Column("entry_link_id", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=10000), nullable=False),
        sa.Column("replaced_by", sa.String(length=36), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN citation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN entry_link_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN note_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_retractions_one_subject"),
        ),
        sa.CheckConstraint("length(reason) <= 10000", name=op.f("ck_retractions_reason_length")),
        sa.CheckConstraint("length(recorded_by) <= 300", name=op.f("ck_retractions_recorded_by_length")),
        sa.CheckConstraint("length(replaced_by) <= 36", name=op.f("ck_retractions_replaced_by_length")),
        sa.CheckConstraint("length(uid) <= 36", name=op.f("ck_retractions_uid_length")),
        sa.ForeignKeyConstraint(
            ["citation_id"], ["citations.id"], name="fk_retractions_citation_id_citations"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_retractions_entry_id_entries"),
        sa.ForeignKeyConstraint(
            ["entry_link_id"], ["entry_links.id"], name="fk_retractions_entry_link_id_entry_links"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_retractions_note_id_notes"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_retractions_recorded_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_retractions"),
        sa.UniqueConstraint("citation_id", name="uq_retractions_citation_id"),
        sa.UniqueConstraint("entry_id", name="uq_retractions_entry_id"),
        sa.UniqueConstraint("entry_link_id", name="uq_retractions_entry_link_id"),
        sa.UniqueConstraint("note_id", name="uq_retractions_note_id"),
        sa.UniqueConstraint("uid", name="uq_retractions_uid"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("retractions")
    op.drop_index("ix_status_claims_party", table_name="status_claims")
    op.drop_index("ix_status_claims_issue_party", table_name="status_claims")
    op.drop_table("status_claims")
    op.drop_index("ix_status_changes_issue_track", table_name="status_changes")
    op.drop_table("status_changes")
    op.drop_index("ix_positions_party", table_name="positions")
    op.drop_index("ix_positions_issue_party", table_name="positions")
    op.drop_index("ix_positions_clause", table_name="positions")
    op.drop_table("positions")
    op.drop_index("ix_entry_links_to", table_name="entry_links")
    op.drop_index("ix_entry_links_from", table_name="entry_links")
    op.drop_table("entry_links")
    op.drop_index("ix_clause_issues_issue_id", table_name="clause_issues")
    op.drop_table("clause_issues")
    op.drop_index("ix_citations_source", table_name="citations")
    op.drop_index("ix_citations_event", table_name="citations")
    op.drop_index("ix_citations_entry", table_name="citations")
    op.drop_table("citations")
    op.drop_index("ix_entries_negotiation_recorded", table_name="entries")
    op.drop_index("ix_entries_negotiation_effective", table_name="entries")
    op.drop_index("ix_entries_event_id", table_name="entries")
    op.drop_table("entries")
    op.drop_table("clauses")
    op.drop_index("ix_reviews_issue_checked", table_name="reviews")
    op.drop_table("reviews")
    op.drop_index("ix_proposals_source_id", table_name="proposals")
    op.drop_index("ix_proposals_negotiation_id", table_name="proposals")
    op.drop_table("proposals")
    op.drop_index("ix_people_party_id", table_name="people")
    op.drop_table("people")
    op.drop_index("ix_notes_issue_id", table_name="notes")
    op.drop_table("notes")
    op.drop_index("ix_memberships_member_id", table_name="memberships")
    op.drop_index("ix_memberships_bloc_id", table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("ix_issue_links_to_id", table_name="issue_links")
    op.drop_table("issue_links")
    op.drop_index("ix_filings_negotiation_id", table_name="filings")
    op.drop_table("filings")
    op.drop_index("ix_events_negotiation_id", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_user_sessions_user_id", table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_table("tracks")
    op.drop_index("ix_sources_recorded_at", table_name="sources")
    op.drop_table("sources")
    op.drop_table("parties")
    op.drop_index("ix_issues_topic", table_name="issues")
    op.drop_table("issues")
    op.drop_index("ix_grants_user_id", table_name="grants")
    op.drop_table("grants")
    op.drop_index("ix_form_tokens_used_at", table_name="form_tokens")
    op.drop_table("form_tokens")
    op.drop_index("uq_audit_entries_chain_sequence", table_name="audit_entries")
    op.drop_index("ix_audit_entries_row", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_table("users")
    op.drop_index("ix_sign_in_attempts_place_at", table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("negotiations")
    op.drop_table("audit_heads")
