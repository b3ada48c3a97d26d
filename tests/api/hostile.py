"""Uploads and addresses that mean harm; the same ones on every run."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image as Pillow

from tests.api.conftest import jpeg, picture

NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "C:\\a.jpg",
    "/dev/stdin",
    "a\x00.jpg",
    "a" * 4000 + ".jpg",
    "",
    ".",
    "..",
    "con",
    "\u202egpj.exe",
    "%00",
    "';drop table photos;--.jpg",
    "|id",
    "$(id).png",
    "👻.webp",
)

FORMS = ("PNG", "WEBP", "GIF", "TIFF")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, idat: bytes, extra: bytes = b"", depth: int = 8) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + extra + png_chunk(b"IDAT", idat) + png_chunk(b"IEND", b"")
    )


def saved(form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(picture(3)).save(stream, form, **options)
    return stream.getvalue()


def truncated(rng: random.Random) -> bytes:
    whole = rng.choice([jpeg(1), *map(saved, FORMS)])
    return whole[: rng.randrange(len(whole))]


def bit_flipped(rng: random.Random) -> bytes:
    whole = bytearray(rng.choice([jpeg(1), *map(saved, FORMS)]))
    for _ in range(rng.randint(1, 30)):
        whole[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
    return bytes(whole)


def bomb(rng: random.Random) -> bytes:
    """A small file that claims, or holds, gigabytes."""
    side = rng.choice([20_000, 30_000, 65_535, 2**31 - 1, 0])
    zeros = zlib.compress(b"\0" * 2_000_000, 9)
    return png(side, side, idat=zeros)


def lying_header(rng: random.Random) -> bytes:
    """A JPEG whose frame header claims another size, or a WebP that does."""
    data = bytearray(jpeg(1))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", rng.choice([0, 1, 65535]), rng.choice([0, 1, 65535]))
    return bytes(data)


def wrong_type(rng: random.Random) -> bytes:
    return rng.choice(
        [
            b"GIF89a" + bytes(40),
            b"BM" + bytes(60),
            b"%PDF-1.7\n" + bytes(50),
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            b"PK\x03\x04" + bytes(60),
            b"\x7fELF" + bytes(60),
            b"\x00\x00\x00\x1cftypavif" + bytes(60),
            b"II*\x00" + bytes(60),
            b"8BPS\x00\x01" + bytes(60),
            b"%!PS-Adobe-3.0\n(/etc/passwd) run",
            rng.randbytes(200),
            b"",
        ]
    )


def polyglot(rng: random.Random) -> bytes:
    tail = rng.choice([b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(30), b"<?php 1 ?>"])
    return rng.choice([jpeg(1) + tail, saved("PNG") + tail, b"RIFF" + tail, jpeg(1)[:2] + tail])


def huge_metadata(rng: random.Random) -> bytes:
    kind = rng.choice([b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP"])
    inside = zlib.compress(b"A" * 3_000_000, 9)
    extra = png_chunk(kind, b"k\0\0" + inside)
    rows = zlib.compress(b"\0" + bytes(30), 1) * rng.randint(1, 3)
    return png(10, 10, idat=rows, extra=extra * rng.randint(1, 8))


def broken_exif(rng: random.Random) -> bytes:
    payload = b"Exif\0\0" + rng.choice([b"II*\0", b"MM\0*"]) + rng.randbytes(rng.randint(0, 400))
    segment = b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload
    return jpeg(1)[:2] + segment + jpeg(1)[2:]


def many_segments(rng: random.Random) -> bytes:
    comment = b"\xff\xfe\x00\x04ab"
    return jpeg(1)[:2] + comment * rng.randint(500, 3000) + jpeg(1)[2:]


def animation(rng: random.Random) -> bytes:
    frames = [Pillow.fromarray(picture(n, size=(24, 32))) for n in range(rng.randint(2, 12))]
    stream = io.BytesIO()
    form = rng.choice(["PNG", "WEBP"])
    frames[0].save(stream, form, save_all=True, append_images=frames[1:])
    return stream.getvalue()


def odd_but_fine(rng: random.Random) -> bytes:
    """Pictures that must be taken: other modes, tiny, grey, 16 bit, transparent."""
    mode = rng.choice(["L", "1", "P", "RGBA", "LA", "I;16", "CMYK"])
    if mode == "CMYK":
        return saved_as(Pillow.fromarray(picture(3)).convert("CMYK"), "JPEG")
    if mode == "I;16":
        grey = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16
        return saved_as(Pillow.fromarray(grey), "PNG")
    size = rng.choice([(1, 1), (1, 500), (500, 1), (32, 32)])
    return saved_as(Pillow.fromarray(picture(3)).resize(size).convert(mode), "PNG")


def saved_as(image: Pillow.Image, form: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form)
    return stream.getvalue()


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    truncated,
    bit_flipped,
    bomb,
    lying_header,
    wrong_type,
    polyglot,
    huge_metadata,
    broken_exif,
    many_segments,
    animation,
    odd_but_fine,
)


def hostile_uploads(count: int, seed: int = 11) -> Iterator[tuple[str, str, str, bytes]]:
    """Kind, file name, claimed type and bytes, `count` times."""
    rng = random.Random(seed)
    types = ("image/jpeg", "image/png", "text/html", "application/octet-stream", "", 'a/b; c="d')
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield kind.__name__, rng.choice(NAMES), rng.choice(types), kind(rng)


def multipart(name: str, claimed: str, data: bytes, *, field: str = "file") -> tuple[bytes, str]:
    """A form written by hand, since a client library would mend the name. Body and type."""
    edge = "edge-7f3a"
    shown = name.replace("\r", "").replace("\n", "")
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{shown}"\r\n'
        f"Content-Type: {claimed}\r\n\r\n"
    ).encode("utf-8", "surrogatepass")
    return head + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def broken_forms() -> list[tuple[bytes, str]]:
    """Bodies that are no forms, or forms that never end. Body and type."""
    good, kind = multipart("a.jpg", "image/jpeg", jpeg(1))
    return [
        (b"", kind),
        (good[:60], kind),
        (good[:-10], kind),
        (good, "multipart/form-data"),
        (good, "multipart/form-data; boundary="),
        (good, "multipart/form-data; boundary=" + "x" * 5000),
        (good, "multipart/form-data; boundary=other"),
        (good, "application/json"),
        (b"--edge-7f3a\r\n" * 2000, kind),
        (b"--edge-7f3a\r\n" + b"X-Header: " + b"a" * 100_000 + b"\r\n\r\n", kind),
        (b"--edge-7f3a\r\n" + b"X-H: a\r\n" * 5000 + b"\r\n", kind),
        (good.replace(b'; filename="a.jpg"', b""), kind),
        (b"[" * 100_000, "application/json"),
        (b'{"vector": [NaN, Infinity]}', "application/json"),
        (b'{"a": "\\ud800"}', "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded"),
    ]


def hostile_addresses(count: int, seed: int = 5) -> list[str]:
    """Addresses of what a service may not fetch, disguised in many ways."""
    inside = [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "0",
        "localhost", "localhost.", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::]", "[fe80::1]",
        "169.254.169.254", "metadata.google.internal", "10.0.0.1", "192.168.1.1", "100.64.0.1",
        "①②⑦.⓪.⓪.①", "127。0。0。1", "shop.example", "shop.example.evil.test", "evilshop.example",
        "shop.example@127.0.0.1", "127.0.0.1#shop.example", "127.0.0.1\\@shop.example",
        "shop.example%00.evil.test", "shop.example%2f@127.0.0.1", "user:pw@shop.example",
        "[fe80::1%25eth0]", "[::ffff:7f00:1]", "xn--shop-.example", "",
    ]  # fmt: skip
    schemes = [
        "http",
        "https",
        "HTTP",
        "file",
        "ftp",
        "gopher",
        "dict",
        "data",
        "javascript",
        "ldap",
    ]
    tails = [
        "/", "/a.jpg", ":22/", ":6379/%0d%0aSET%20a%20b", ":99999/", ":-1/", "/\r\nHost: a", "//x",
        "/?url=http://a", "/a b", "/\u0000", ":80\\/", "/%2e%2e/%2e%2e/etc/passwd",
    ]  # fmt: skip
    rng = random.Random(seed)
    found: list[str] = [
        "",
        "http://",
        "http:///a",
        "//",
        "http:a",
        "://",
        "http://[",
        "http://[::1",
    ]
    while len(found) < count:
        url = f"{rng.choice(schemes)}://{rng.choice(inside)}{rng.choice(tails)}"
        if url not in found:
            found.append(url)
    return found[:count]
