"""The text on a pack, read by the real networks."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.recognition.evidence import RapidLabelReader, label_reader
from tests.labels import CHINESE, LATIN, pack


@pytest.fixture(scope="module")
def reader() -> RapidLabelReader:
    return RapidLabelReader()


def test_latin_and_chinese_lines_are_read_from_top_to_bottom(reader: RapidLabelReader) -> None:
    found = reader.read(pack(("Oat drink", LATIN), ("牛奶", CHINESE)))
    assert [line.text.replace(" ", "") for line in found.lines] == ["Oatdrink", "牛奶"]
    first = found.lines[0]
    assert first.score > 0.8
    left, top, width, height = first.box
    assert (left, top) == (pytest.approx(0.1, abs=0.05), pytest.approx(0.2, abs=0.06))
    assert width > height > 0.03


def test_a_picture_without_text_has_none(reader: RapidLabelReader) -> None:
    assert reader.read(np.full((300, 200, 3), 128, np.uint8)).lines == ()
    assert reader.read(np.full((1, 1, 3), 128, np.uint8)).lines == ()


def test_several_threads_may_read_at_once(reader: RapidLabelReader) -> None:
    texts: list[str] = []
    image = pack(("Oat drink", LATIN), side=300)

    def read() -> None:
        texts.extend(line.text for line in reader.read(image).lines)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 3
    assert len(set(texts)) == 1


def test_without_the_library_the_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_reader, "_has_rapidocr", lambda: False)
    with pytest.raises(ModelError, match="not installed") as caught:
        RapidLabelReader().read(np.zeros((9, 9, 3), np.uint8))
    assert "shelflens[labels]" in caught.value.next_step
