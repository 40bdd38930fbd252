"""The drawn pictures of docs/pictures: `python -m tests.structure.pictures` writes them all. A test compares them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.structure import picture_azure, picture_data, picture_house
from tests.structure.svg import Drawing

FOLDER = Path("docs/pictures")
PICTURES: Mapping[str, Callable[[], Drawing]] = {
    "azure.svg": picture_azure.drawing,
    "data.svg": picture_data.drawing,
    "house.svg": picture_house.drawing,
}


def main() -> None:
    """Write them."""
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw().svg, encoding="utf-8")
        print(FOLDER / name)


if __name__ == "__main__":
    main()
