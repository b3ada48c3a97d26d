from __future__ import annotations

from pathlib import Path

from kiosk.gui.transfer.places import find_importable, find_places


def test_the_shop_s_own_folder_is_always_there(tmp_path: Path) -> None:
    places = find_places(tmp_path, roots=[])
    assert [(place.folder, place.kind) for place in places] == [(tmp_path / "transfer", "shop")]
    assert (tmp_path / "transfer").is_dir()


def test_plugged_in_sticks_come_first(tmp_path: Path) -> None:
    (tmp_path / "media" / "STICK").mkdir(parents=True)
    places = find_places(tmp_path / "db", roots=[tmp_path / "media", tmp_path / "absent"])
    assert [place.kind for place in places] == ["stick", "shop"]
    assert places[0].name == "STICK"


def test_catalogues_are_found_two_folders_deep_with_their_photos(tmp_path: Path) -> None:
    shallow, deep, deeper = tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"
    deeper.mkdir(parents=True)
    for folder in (shallow, deep, deeper):
        (folder / "products.csv").write_text("sku,name,price\n", encoding="utf-8")
    (deep / "photos.csv").write_text("path,sku\n", encoding="utf-8")
    places = find_places(tmp_path / "db", roots=[tmp_path])
    found = find_importable([place for place in places if place.name == "a"])
    assert [(each.products.parent, each.photos is not None) for each in found] == [
        (shallow, False),
        (deep, True),
        (deeper, False),
    ]
