"""What can be said of the story without a browser."""

from dataclasses import replace
from pathlib import Path

from tests.demo.gallery import emptied, file, page
from tests.demo.story import STORY
from tests.structure.source import page as text_of


def test_every_scene_has_a_picture_of_its_own_and_words_for_it() -> None:
    assert len({scene.name for scene in STORY}) == len(STORY)
    assert [scene.name for scene in STORY if len(scene.caption) < 40 or not scene.seen] == []


def test_the_page_shows_every_scene_in_its_order_with_words_for_who_cannot_see_it() -> None:
    shown = [
        page(STORY).index(f'src="{file(number, scene)}" alt="{scene.title[:4]}')
        for number, scene in enumerate(STORY, 1)
    ]
    assert shown == sorted(shown)


def test_words_of_a_scene_are_text_on_the_page() -> None:
    scene = replace(STORY[0], title="<b>", caption='"&')
    assert "1. &lt;b&gt;" in page([scene]) and '"&"' not in page([scene])


def test_pictures_of_the_last_time_do_not_stay(tmp_path: Path) -> None:
    (tmp_path / "15-old.png").touch()
    emptied(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_readme_counts_the_pictures_of_the_story() -> None:
    assert len(STORY) == 14
    assert "leaves fourteen pictures" in " ".join(text_of("README.md").split())
