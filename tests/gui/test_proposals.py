from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.gui.products.proposals import MAX_PER_PRODUCT, ProposalFolder

PICTURE = np.full((30, 30, 3), 90, np.uint8)


def test_a_proposal_belongs_to_its_product_alone(tmp_path: Path) -> None:
    folder = ProposalFolder(tmp_path / "p")
    folder.add("A", PICTURE)
    assert len(folder.names("A")) == 1
    assert folder.names("B") == []


def test_the_oldest_gives_way(tmp_path: Path) -> None:
    folder = ProposalFolder(tmp_path)
    for _ in range(MAX_PER_PRODUCT + 3):
        folder.add("A", PICTURE)
    assert len(folder.names("A")) == MAX_PER_PRODUCT


@pytest.mark.parametrize("sku", ["../../etc/passwd", "a/b\\c", "x\0y", "C:\\boot", "..", "名"])
def test_no_sku_escapes_from_the_folder(tmp_path: Path, sku: str) -> None:
    folder = ProposalFolder(tmp_path / "inner")
    folder.add(sku, PICTURE)
    assert [path.name for path in tmp_path.iterdir()] == ["inner"]
    assert len(list((tmp_path / "inner").iterdir())) == 1


@pytest.mark.parametrize("name", ["../secret.jpg", "x.jpg", "", "a" * 32 + "-12345678.jpg/.."])
def test_only_our_own_names_are_read_or_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    folder = ProposalFolder(tmp_path / "inner")
    assert folder.picture(name) is None
    folder.remove(name)
    assert (tmp_path / "secret.jpg").exists()


def test_clearing_forgets_them_all(tmp_path: Path) -> None:
    folder = ProposalFolder(tmp_path)
    folder.add("A", PICTURE)
    folder.clear()
    assert folder.names("A") == []
