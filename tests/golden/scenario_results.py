"""The results page with its filters and files, and the front pages of a server."""

from __future__ import annotations

from golden_stage import Stage
from golden_surveys import ANSWERS, EVERY_TYPE, FURTHER

from harken_server.design.assets import asset


async def play(stage: Stage) -> None:
    """The results page, empty and filled, and each file of it."""
    await stage.push(EVERY_TYPE)
    made = await stage.post("/v1/surveys/every_type/results-link")
    path, _, token = made.json()["url"].partition("?")
    await stage.page(f"{path}?{token}")
    stage.clock.move(seconds=60)
    for number, answers in enumerate((ANSWERS, *FURTHER) * 6):
        stage.clock.move(hours=31)
        channel = "web" if number % 2 else "kiosk"
        await stage.submit(
            "every_type",
            answers,
            key="manage",
            complete=True,
            channel=channel,
            touchpoint="stay.ended",
        )
    await stage.page(f"{path}?{token}&days=all")
    for more in ("", "&days=7", "&days=all&channel=web", "&days=all&channel=none",
                 "&days=all&touchpoint=stay.ended&version=1", "&days=x&version=x"):  # fmt: skip
        await stage.page(f"{path}?{token}{more}", is_brief=True)
    for file in ("scores", "ratings", "trend", "choices", "comments", "none"):
        await stage.page(f"{path}/{file}.csv?{token}&days=all")
    for question in ("recommend", "room", "easy", "food", "pool", "again"):
        await stage.page(f"{path}/ratings.csv?{token}&days=all&question={question}")
        await stage.page(f"{path}/trend.csv?{token}&days=all&question={question}")
    for question in ("why", "used", "staff", "rank"):
        await stage.page(f"{path}/choices.csv?{token}&days=all&question={question}")
    await stage.page(f"{path}/comments.csv?{token}&days=all&question=comment")
    await stage.page(f"{path}/live?{token}&days=all&events=1")
    await stage.page(f"{path}?token=bad")
    await stage.page(f"{path}/scores.csv?token=bad")
    await stage.get("/v1/surveys/every_type/scores")
    await stage.get("/v1/surveys/every_type/live?events=1")
    await stage.get("/v1/report?surveys=every_type")
    stage.clock.move(days=100)
    await stage.page(f"{path}?{token}")


async def play_front(stage: Stage) -> None:
    """Health, front page, reference, OpenAPI and schemas."""
    for path in ("/healthz", "/readyz", "/", "/docs", "/openapi.json", "/schema/survey-1.json",
                 "/schema/journey-1.json", "/.well-known/security.txt", "/none", "/v1/none", "//",
                 "/v1/surveys/", "/favicon.ico", asset("favicon.svg")):  # fmt: skip
        await stage.page(path, is_brief=path == "/docs")
        await stage.call("HEAD", path, key=None)
    await stage.call("OPTIONS", "/", key=None)


async def play_limits(stage: Stage) -> None:
    """A client that asks too often, where there is a limit of one a minute."""
    await stage.push(EVERY_TYPE)
    far = {"key": None, "address": "203.0.113.9"}
    body = {"id": stage.new_id(), "survey": "every_type", "answers": {"recommend": 9}}
    for _ in range(2):
        await stage.post("/v1/public/responses", body, **far)
    for path in ("/v1/public/replies", "/v1/public/kiosk/pair", "/v1/public/presses"):
        await stage.post(path, {"token": "x"}, **far)
    await stage.get("/v1/public/kiosk/config", **far)
    await stage.form("/s/every_type", {"v": "1", "go": "next"}, address="203.0.113.9")
    for path in ("/r/nothing", "/e/nothing", "/u/nothing", "/i/nothing", "/widget/config?key=x"):
        await stage.page(path, address="203.0.113.9")


async def play_routes(stage: Stage) -> None:
    """Every route with a method that it lacks, without a key, and for what is not there."""
    await stage.key("public")
    for method, path in sorted(stage.paths):
        filled = path.replace("{", "").replace(":str}", "")
        is_open = path.startswith("/v1/public") or not path.startswith("/v1/")
        if method == "OPTIONS":
            foreign = {"origin": "https://a.example"}
            await stage.call("OPTIONS", filled, key=None, headers=foreign, is_line=True)
            await stage.call("TRACE", filled, key=None, is_line=True)
        elif method != "HEAD" and not (is_open and method == "GET" and "{" not in path):
            await stage.call(method, filled, key=None, is_line=True)
            if not is_open:
                await stage.call(method, filled, key="public", is_line=True)
                await stage.call(method, filled, is_line=True)
