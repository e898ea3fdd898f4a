"""Calls about surveys, touchpoints, journeys, keys and the workspace itself."""

from __future__ import annotations

from uuid import UUID

from isolation import LATER, NOW, OURS, SECRET, SURVEY, Theme, build_survey, fresh, within

from harken_server.asking.store import settings_sql
from harken_server.database.database import Database
from harken_server.insights.store import annotations
from harken_server.insights.store.annotations import Annotation
from harken_server.journeys import store as journeys
from harken_server.journeys.rules.journeys import Journey, Stage
from harken_server.surveys.asking import Clocks, WorkspaceAsking
from harken_server.surveys.published import SurveyDraft, Touchpoint
from harken_server.surveys.store import drafts, surveys, touchpoints
from harken_server.surveys.store import surveys as live_surveys
from harken_server.surveys.store import touchpoints as settings
from harken_server.workspaces.store import dimensions, keys, workspaces
from harken_server.workspaces.workspace import Dimension

KEY = UUID(int=0xA11)
TASK = UUID(int=0xA13)
HAPPENED = UUID(int=0xA14)
STORE, REGION = Dimension("store", "context", SECRET), Dimension("region", "context", "region")
JOURNEY = Journey(key="customer", title=SECRET, stages=(Stage(key="use", title="Use"),))
OTHER_JOURNEY = Journey(key="customer", title="Other", stages=(Stage(key="use", title="Use"),))
TOUCHPOINT = Touchpoint(key="store.till", survey="visit", cooldown_days=7)


def draft(workspace_id: UUID, revision: int, key: str = "visit", text: str = "{}") -> SurveyDraft:
    return SurveyDraft(
        id=fresh(workspace_id),
        key=key,
        text=text,
        format="json",
        revision=revision,
        version=1,
        account_id=None,
        updated_at=LATER,
    )


def annotation(id: UUID, title: str) -> Annotation:  # noqa: A002  # The record's own word.
    return Annotation(
        id=id, day=NOW.toordinal(), at=None, kind="deploy", title=title, survey=None,
        touchpoint=None, link=None, created_at=NOW,
    )  # fmt: skip


async def build(db: Database) -> None:
    await build_survey(db)
    await annotations.add_annotation(db, OURS, annotation(HAPPENED, SECRET))
    await drafts.save_draft(db, OURS, draft(OURS, 1, text=SECRET))
    await keys.create_key(
        db, OURS, id=KEY, name=SECRET, scopes=("write",), secret="hk_ours", now=NOW
    )
    await workspaces.declare_channels(db, OURS, ["fax"])
    await dimensions.declare_dimensions(db, OURS, [STORE], task=TASK, now=NOW)
    await settings.put_workspace_asking(db, OURS, WorkspaceAsking(cooldown=Clocks(asked_days=3)))
    await within(db, lambda tx: journeys.put_journey(tx, OURS, JOURNEY, NOW, UUID(int=0xA12)))


async def publish(db: Database, workspace_id: UUID, expected: int) -> object:
    return await surveys.publish_version(
        db,
        workspace_id,
        key="visit",
        definition=b"{}",
        digest="e" * 64,
        change="additive",
        expected=expected,
        now=LATER,
        survey_id=fresh(workspace_id),
        version_id=fresh(workspace_id),
        status="live",
    )


SURVEYS = Theme(
    build=build,
    reads={
        "surveys.surveys.get_survey": lambda db, w: surveys.get_survey(db, w, "visit"),
        "surveys.surveys.get_survey_by_id": lambda db, w: surveys.get_survey_by_id(db, w, SURVEY),
        "surveys.surveys.list_surveys": lambda db, w: surveys.list_surveys(db, w),
        "surveys.surveys.get_version": lambda db, w: surveys.get_version(db, w, SURVEY, 1),
        "surveys.surveys.get_source": lambda db, w: surveys.get_source(db, w, SURVEY, 1),
        "surveys.surveys.list_versions": lambda db, w: surveys.list_versions(db, w, SURVEY),
        "surveys.surveys.list_live_versions": lambda db, w: live_surveys.list_live_versions(db, w),
        "surveys.drafts.get_draft": lambda db, w: drafts.get_draft(db, w, "visit"),
        "surveys.drafts.list_drafts": lambda db, w: drafts.list_drafts(db, w),
        "surveys.touchpoints.get_touchpoint": lambda db, w: touchpoints.get_touchpoint(
            db, w, "store.till"
        ),
        "surveys.touchpoints.list_touchpoints": lambda db, w: touchpoints.list_touchpoints(db, w),
        "insights.annotations.get_annotation": lambda db, w: annotations.get_annotation(
            db, w, HAPPENED
        ),
        "insights.annotations.list_annotations": lambda db, w: annotations.list_annotations(db, w),
        "journeys.get_journey": lambda db, w: journeys.get_journey(db, w, "customer"),
        "journeys.list_journeys": lambda db, w: journeys.list_journeys(db, w),
        "workspaces.keys.signing_digests": lambda db, w: keys.signing_digests(db, w, "hk_ours"),
        "workspaces.keys.list_keys": lambda db, w: keys.list_keys(db, w),
        "workspaces.keys.count_keys": lambda db, w: keys.count_keys(db, w),
        "workspaces.dimensions.get_declaration": lambda db, w: dimensions.get_declaration(db, w),
        "asking.settings_sql.read_settings": lambda db, w: settings_sql.read_settings(
            db, w, "store.till"
        ),
        "asking.settings_sql.list_settings": lambda db, w: settings_sql.list_settings(db, w),
        "workspaces.workspaces.get_workspace": lambda db, w: workspaces.get_workspace(db, w),
        "workspaces.workspaces.declared_channels": lambda db, w: workspaces.declared_channels(
            db, w
        ),
        "surveys.touchpoints.get_workspace_asking": lambda db, w: settings.get_workspace_asking(
            db, w
        ),
    },
    changes={
        "surveys.surveys.set_status": lambda db, w: surveys.set_status(
            db, w, "visit", "closed", LATER
        ),
        "surveys.surveys.publish_version: of a survey that is there": lambda db, w: publish(
            db, w, 1
        ),
        "surveys.drafts.save_draft: of one that is there": lambda db, w: drafts.save_draft(
            db, w, draft(w, 2)
        ),
        "surveys.drafts.remove_draft": lambda db, w: drafts.remove_draft(db, w, "visit", 1),
        "surveys.touchpoints.release_touchpoints": lambda db, w: within(
            db,
            lambda tx: touchpoints.release_touchpoints(tx, w, "customer", ["store.till"], LATER),
        ),
        "insights.annotations.change_annotation": lambda db, w: annotations.change_annotation(
            db, w, annotation(HAPPENED, "other")
        ),
        "insights.annotations.remove_annotation": lambda db, w: annotations.remove_annotation(
            db, w, HAPPENED
        ),
        "journeys.remove_journey": lambda db, w: within(
            db, lambda tx: journeys.remove_journey(tx, w, "customer")
        ),
        "workspaces.keys.revoke_key": lambda db, w: keys.revoke_key(db, w, KEY, NOW),
        "workspaces.dimensions.begin_filling": lambda db, w: dimensions.begin_filling(
            db, w, TASK, 9
        ),
        "workspaces.dimensions.note_filling": lambda db, w: within(
            db,
            lambda tx: dimensions.note_filling(tx, w, TASK, survey_id=SURVEY, reached=[7], n=3),
        ),
        "workspaces.dimensions.end_filling": lambda db, w: dimensions.end_filling(db, w, TASK),
    },
    additions={
        "insights.annotations.add_annotation": lambda db, w: annotations.add_annotation(
            db, w, annotation(fresh(w), "other")
        ),
        "workspaces.workspaces.rename_workspace": lambda db, w: workspaces.rename_workspace(
            db, w, "Renamed"
        ),
        "workspaces.workspaces.set_timezone": lambda db, w: workspaces.set_timezone(
            db, w, "Asia/Kathmandu"
        ),
        "workspaces.workspaces.declare_channels": lambda db, w: workspaces.declare_channels(
            db, w, ("poster",)
        ),
        "surveys.surveys.publish_version": lambda db, w: publish(db, w, 0),
        "surveys.drafts.save_draft": lambda db, w: drafts.save_draft(db, w, draft(w, 1, "other")),
        "surveys.touchpoints.put_touchpoint": lambda db, w: touchpoints.put_touchpoint(
            db, w, TOUCHPOINT, LATER, fresh(w)
        ),
        "surveys.touchpoints.place_touchpoints": lambda db, w: within(
            db, lambda tx: touchpoints.place_touchpoints(tx, w, [TOUCHPOINT], LATER, [fresh(w)])
        ),
        "surveys.touchpoints.assign_touchpoints": lambda db, w: touchpoints.assign_touchpoints(
            db, w, "other", ["store.till"], LATER, [fresh(w)]
        ),
        "journeys.put_journey": lambda db, w: within(
            db, lambda tx: journeys.put_journey(tx, w, OTHER_JOURNEY, LATER, fresh(w))
        ),
        "workspaces.keys.create_key": lambda db, w: keys.create_key(
            db, w, id=fresh(w), name="n", scopes=("write",), secret=f"hk_{w}", now=NOW
        ),
        "workspaces.dimensions.declare_dimensions": lambda db, w: dimensions.declare_dimensions(
            db, w, [REGION], task=fresh(w), now=NOW
        ),
        "surveys.touchpoints.put_workspace_asking": lambda db, w: settings.put_workspace_asking(
            db, w, WorkspaceAsking(cooldown=Clocks(asked_days=9))
        ),
    },
    taken={
        "insights.annotations.add_annotation": lambda db, w: annotations.add_annotation(
            db, w, annotation(HAPPENED, "other")
        ),
        "workspaces.keys.create_key: with a secret that is there": lambda db, w: keys.create_key(
            db, w, id=fresh(w), name="n", scopes=("write",), secret="hk_ours", now=NOW
        ),
        "workspaces.keys.create_key: with an id that is there": lambda db, w: keys.create_key(
            db, w, id=KEY, name="n", scopes=("write",), secret=f"hk_{w}", now=NOW
        ),
    },
)
