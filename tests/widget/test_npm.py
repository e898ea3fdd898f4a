"""The npm package: what is in it, that a server may import it, and that its types serve."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from node import WIDGET, install_packages, run_node, run_npm
from packages import unpack

CALLS = [
    "close", "destroy", "explain", "identify", "init", "off", "on", "optIn", "optOut", "page",
    "reset", "setLocale", "show", "track",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has installed the packed package, React and Vue."""
    modules = install_packages()
    folder = tmp_path_factory.mktemp("site")
    source = folder / "widget"
    for path in ("src", "recipes"):
        shutil.copytree(WIDGET / path, source / path)
    for path in (
        "build.mjs",
        "package.json",
        "README.md",
        "tsconfig.json",
        "tsconfig.package.json",
    ):
        shutil.copy(WIDGET / path, source)
    shutil.copy(WIDGET.parent / "LICENSE", folder)
    (source / "node_modules").symlink_to(modules)
    run_npm("pack", "--pack-destination", folder, folder=source)
    installed = folder / "node_modules"
    installed.mkdir()
    for path in modules.iterdir():
        if path.name != "@harken" and not path.name.startswith("."):
            (installed / path.name).symlink_to(path)
    [packed] = folder.glob("*.tgz")
    (installed / "@harken").mkdir()
    unpack(packed, folder / "unpacked").rename(installed / "@harken" / "widget")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return folder


@pytest.mark.processes
def test_the_package_holds_what_a_site_needs_and_no_more(site: Path) -> None:
    package = site / "node_modules" / "@harken" / "widget"
    files = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    made = {re.sub(r"-[A-Z0-9]{8}\.js$", "-HASH.js", name) for name in files}

    late = {f"dist/{name}-HASH.js" for name in ("logic", "looks", "parts", "queue", "sending")}
    assert made - late == {
        "LICENSE", "README.md", "package.json", "dist/npm.js", "dist/packaged-HASH.js",
        "dist/chunk-HASH.js", "dist/definition.d.ts", "dist/npm.d.ts", "dist/types.d.ts",
        "recipes/react.tsx", "recipes/vue.ts",
    }  # fmt: skip
    assert late <= made
    manifest = json.loads((package / "package.json").read_text("utf-8"))
    assert "dependencies" not in manifest


@pytest.mark.processes
def test_a_server_may_import_it_and_call_everything(site: Path) -> None:
    """Without a page every call does nothing, and the process ends by itself."""
    (site / "server.js").write_text(
        """import * as harken from "@harken/widget";
        harken.init("hk_key", {server: "https://feedback.example.com"});
        harken.identify("customer-42", "signature", {plan: "pro"});
        for (const name of ["setLocale", "track", "page", "close", "reset", "optIn", "optOut",
          "destroy"]) harken[name]("x");
        harken.on("ready", () => {}); harken.off("ready", () => {});
        const shown = await harken.show("survey");
        console.log(JSON.stringify([Object.keys(harken).sort(), shown, harken.explain(),
          Object.keys(globalThis).filter(name => /harken/i.test(name))]));""",
        "utf-8",
    )

    said = json.loads(run_node("server.js", folder=site))

    assert said == [CALLS, False, [], []]


USE = """import {init, show, on, type EventDetail, type Reason} from "@harken/widget";
init("hk_key", {server: "https://feedback.example.com", memory: "local", context: {plan: "pro"}});
on("suppressed", (detail: EventDetail) => { const reason: Reason | undefined = detail.reason; });
const shown: boolean = await show("checkout", {mode: "modal", answers: {recommend: 9}});
// @ts-expect-error: the server's address is needed
init("hk_key", {});
// @ts-expect-error: no such mode
init("hk_key", {server: "", mode: "banner"});
// @ts-expect-error: no such event
on("opened", () => {});
"""


def type_check(folder: Path, name: str, resolution: str, *options: str) -> None:
    module = "nodenext" if resolution == "nodenext" else "esnext"
    tsc = folder / "node_modules" / "typescript" / "bin" / "tsc"
    run_node(
        tsc, name, "--noEmit", "--strict", "--module", module, "--moduleResolution", resolution,
        "--target", "es2022", "--lib", "es2022,dom", "--types", "", *options, folder=folder,
    )  # fmt: skip


@pytest.mark.processes
@pytest.mark.parametrize("resolution", ["nodenext", "bundler"])
def test_its_types_serve_both_ways_of_finding_modules(site: Path, resolution: str) -> None:
    (site / "use.ts").write_text(USE, "utf-8")

    type_check(site, "use.ts", resolution)


@pytest.mark.processes
@pytest.mark.parametrize("recipe", ["react.tsx", "vue.ts"])
def test_a_recipe_is_short_fits_its_framework_and_builds(site: Path, recipe: str) -> None:
    source = WIDGET / "recipes" / recipe
    shutil.copy(source, site)
    options = ["--jsx", "react-jsx"] if recipe.endswith("x") else []

    type_check(site, recipe, "bundler", "--skipLibCheck", *options)
    run_node(
        site / "node_modules" / "esbuild" / "bin" / "esbuild", recipe, "--bundle", "--minify",
        "--format=esm", "--splitting", "--outdir=out", "--jsx=automatic",
        "--define:process.env.NODE_ENV=\"production\"", folder=site,
    )  # fmt: skip

    assert len(source.read_text("utf-8").splitlines()) < 50
    [built] = (site / "out").glob(f"{recipe.partition('.')[0]}.js")
    assert "harken-survey" in built.read_text("utf-8")


def test_no_lock_file_names_a_registry() -> None:
    locked = (WIDGET / "package-lock.json").read_text("utf-8")

    assert "resolved" not in locked
    assert "://" not in re.sub(r'"url": "https://[^"]+"', "", locked)
