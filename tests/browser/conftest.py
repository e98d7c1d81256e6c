import os
from pathlib import Path

import pytest

from tests.browser.stage import Stage

MEASURED = pytest.StashKey()


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if item.path.name != "test_accessibility.py":
                # Two workers share the many pages that are only looked at; the tests of another file stay together.
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """The demonstration as it is deployed, filled once a run. Look at it; to change it, ask for `rewound`."""
    base = tmp_path_factory.getbasetemp()
    # The workers of a run have their folders beside each other.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    stage = Stage.copy_of(shared / "stage", base / "own-stage")
    server = stage.serve()
    yield stage
    server.stop()


@pytest.fixture
def rewound(stage):
    """The stage for a test that changes what is on it."""
    yield stage
    stage.rewind()


@pytest.fixture
def measured(pytestconfig):
    """A list of lines that stand at the end of the run, also when all is well: what was measured belongs in its record."""
    return pytestconfig.stash.setdefault(MEASURED, [])


def pytest_sessionfinish(session):
    # A worker of several hands its lines to whoever prints the summary.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["measured"] = session.config.stash.get(MEASURED, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash.setdefault(MEASURED, []).extend(getattr(node, "workeroutput", {}).get("measured", []))


def pytest_terminal_summary(terminalreporter, config):
    if lines := config.stash.get(MEASURED, []):
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(sorted(lines)))
