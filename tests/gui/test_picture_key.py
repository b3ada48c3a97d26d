from __future__ import annotations

from hypothesis import given, strategies as st

from kiosk.gui.widgets.picture_key import PictureKey, PictureKind


@given(st.sampled_from(PictureKind), st.text())
def test_a_key_survives_its_way_through_qml_whatever_the_sku(kind: PictureKind, name: str) -> None:
    assert PictureKey.parse(str(PictureKey(kind, name))) == PictureKey(kind, name)
