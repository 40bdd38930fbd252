import json
import stat
from pathlib import Path

from tests.bot.operator import CANARY, Desk, desk
from tests.bot.store.stores import ask
from tests.world.people import ADA, BRUNO, TENANT

__all__ = ["desk"]
WHO = ("--person", ADA.id)


async def known(desk: Desk) -> None:
    """Ada and Bruno have each asked something."""
    await desk.meet(ADA.id, BRUNO.id)
    await desk.happened("19:a")
    await desk.happened("19:b", person=BRUNO.id)


async def test_a_person_is_found_in_every_column(desk: Desk) -> None:
    await known(desk)
    code, said = await desk.run("find", *WHO)
    assert code == 1
    assert {"history.person", "usage.person", "people.person", "inbox.person"} <= {line.split()[0] for line in said}


async def test_somebody_who_was_never_there_is_not_found(desk: Desk) -> None:
    await desk.happened("19:b", person=BRUNO.id)
    assert await desk.run("find", *WHO) == (0, ["none"])


async def test_after_an_erasure_nobody_is_found(desk: Desk) -> None:
    await known(desk)
    code, said = await desk.run("erase", *WHO, "--yes")
    assert (code, said[0].split()) == (0, ["table", "rows"])
    assert {"history", "people", "inbox", "usage"} <= {line.split()[0] for line in said}
    assert await desk.run("find", *WHO) == (0, ["none"])


async def test_an_erasure_leaves_everybody_else(desk: Desk) -> None:
    await known(desk)
    await desk.run("erase", *WHO, "--yes")
    assert len(await desk.store.history(TENANT, "19:b", BRUNO.id, 0, 5)) == 2


async def test_an_erasure_asks_and_shows_what_there_is(desk: Desk) -> None:
    await known(desk)
    desk.answers = [ADA.id.upper()]
    assert (await desk.run("erase", *WHO))[0] == 0
    assert "object id" in desk.asked[0] and any(line.startswith("history") for line in desk.warned)


async def test_without_the_right_answer_nothing_is_erased(desk: Desk) -> None:
    await known(desk)
    desk.answers = ["yes"]
    assert await desk.run("erase", *WHO) == (1, [])
    assert await desk.run("erase", *WHO) == (1, [])  # and nobody there to answer
    assert len(await desk.store.history(TENANT, "19:a", ADA.id, 0, 5)) == 2


async def test_an_erasure_stands_in_the_audit_without_the_person(desk: Desk) -> None:
    await known(desk)
    await desk.run("erase", *WHO, "--yes")
    row, *_ = await desk.rows("audit")
    assert (row["action"], row["actor"]) == ("erase", "operator")
    assert ADA.id not in str(await desk.rows("audit"))


async def test_a_legal_hold_keeps_somebody_from_being_erased(desk: Desk) -> None:
    await known(desk)
    assert await desk.run("hold", *WHO) == (0, [f"{ADA.id} held: nothing of this person is deleted"])
    assert await desk.run("erase", *WHO, "--yes") == (1, [])
    assert "legal hold" in desk.warned[0]
    assert len(await desk.store.history(TENANT, "19:a", ADA.id, 0, 5)) == 2


async def test_after_a_hold_is_lifted_somebody_is_erased(desk: Desk) -> None:
    await known(desk)
    await desk.run("hold", *WHO)
    assert await desk.run("lift", *WHO) == (0, [f"{ADA.id} lifted"])
    assert (await desk.run("erase", *WHO, "--yes"))[0] == 0


async def test_holds_are_listed_and_stand_in_the_audit(desk: Desk) -> None:
    await known(desk)
    await desk.run("hold", *WHO)
    (row,) = await desk.rows("holds")
    assert (row["person"], row["tenant"], row["by"]) == (ADA.id, TENANT, "operator")
    noted, *_ = await desk.rows("audit")
    assert (noted["action"], noted["subject"], noted["actor"]) == ("hold", ADA.id, "operator")


async def test_a_hold_is_placed_and_lifted_once(desk: Desk) -> None:
    await known(desk)
    await desk.run("hold", *WHO)
    assert await desk.run("hold", *WHO) == (0, [f"{ADA.id} was held already"])
    await desk.run("lift", *WHO)
    assert await desk.run("lift", *WHO) == (1, [f"{ADA.id} was not held"])


async def test_an_export_is_two_files_for_one_pair_of_eyes(desk: Desk, tmp_path: Path) -> None:
    await known(desk)
    code, said = await desk.run("export", *WHO, "--to", str(tmp_path / "out"))
    paths = [Path(each) for each in said]
    assert (code, [path.suffix for path in paths]) == (0, [".json", ".html"])
    assert sorted((tmp_path / "out").iterdir()) == sorted(paths)
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    found = json.loads(paths[0].read_bytes())
    assert [row["text"] for row in found["records"]["history"]] == [CANARY, CANARY]
    assert CANARY in paths[1].read_text("utf-8")


async def test_an_export_is_written_over_nothing(desk: Desk, tmp_path: Path) -> None:
    await known(desk)
    await desk.run("export", *WHO, "--to", str(tmp_path))
    assert await desk.run("export", *WHO, "--to", str(tmp_path)) == (1, [])
    assert "nothing was written over" in desk.warned[-1]


async def test_an_export_stands_in_the_audit(desk: Desk, tmp_path: Path) -> None:
    await known(desk)
    await desk.run("export", *WHO, "--to", str(tmp_path))
    row, *_ = await desk.rows("audit")
    assert (row["action"], row["subject"], row["actor"]) == ("export", ADA.id, "operator")


async def test_an_export_says_how_far_it_is(desk: Desk, tmp_path: Path) -> None:
    await known(desk)
    await ask(
        desk.database,
        "INSERT INTO visits SELECT %s, %s, 'home' || n, now(), now() FROM generate_series(1, 1200) n",
        *(TENANT, ADA.id),
    )
    await desk.run("export", *WHO, "--to", str(tmp_path))
    assert desk.warned[0] == "1000 rows…"
