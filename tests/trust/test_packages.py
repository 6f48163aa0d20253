"""Result packages: what a site signs holds anywhere, and no byte of it can change unseen."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiebang.trust import package_zip, packages, signing
from jiebang.trust.packages import Manifest, Value

SEED = bytes(range(32))
KEY = signing.new_key(SEED)
FILES = {"log.csv": b"page,errors\n" + b"12,0\n" * 200, "note.txt": "Đã đo.".encode()}
FIRST = Manifest(
    project="P-2026-001", protocol="a" * 64, number=1, previous=None, began="2026-07-01T08:00:00+07:00",
    ended="2026-07-02T17:00:00+07:00", place="Reading room 3", side="owner", measurer="Sample Clerk",
    values=(Value("I1", "2.40", "%"),),
)  # fmt: skip


def made(manifest: Manifest = FIRST, **files: bytes) -> dict[str, bytes]:
    return packages.make(manifest, files or FILES, private_key=KEY)


def codes(found: Any) -> list[str]:
    return [item.code for item in found]


def test_the_signature_is_the_one_of_the_standard() -> None:
    """RFC 8032, 7.1, test 2."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    key = signing.new_key(seed)
    assert signing.public_key(key) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signing.sign(key, b"\x72") == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_only_an_ed25519_key_signs() -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    for wrong in (pem, b"", b"-----BEGIN PRIVATE KEY-----"):
        with pytest.raises(signing.NotAKeyError):
            signing.public_key(wrong)
    with pytest.raises(signing.NotAKeyError):
        signing.new_key(b"short")


def test_what_was_made_verifies_as_a_folder_and_as_an_archive() -> None:
    package = made()
    assert packages.verify(package, key=signing.public_key(KEY)) == []
    found, faults = package_zip.opened(package_zip.pack(package))
    assert (found, faults) == (package, [])
    read = packages.read(package["manifest.json"])
    assert (read.values, read.number, len(read.files)) == (FIRST.values, 1, 2)


def test_the_files_may_stay_on_the_site() -> None:
    package = made()
    signature = package["manifest.sig"].decode()
    assert packages.signature_faults(package["manifest.json"], signature) == []
    alone = {path: package[path] for path in ("manifest.json", "manifest.sig")}
    assert codes(packages.verify(alone)) == ["trust.package_missing"] * 2


@pytest.mark.parametrize("altered", ["files/log.csv", "files/note.txt", "manifest.json", "manifest.sig"])
def test_one_altered_byte_of_a_file_is_named(altered: str) -> None:
    package = made()
    data = bytearray(package[altered])
    at = min(700, len(data) - 1)
    data[at] ^= 1
    (fault,) = packages.verify({**package, altered: bytes(data)})
    if altered.startswith("files/"):
        assert (fault.path, fault.code) == (altered, "trust.package_bytes")
        assert int(fault.params["first"]) <= at <= int(fault.params["last"])
        assert int(fault.params["last"]) - int(fault.params["first"]) < 256
    else:
        assert fault.path == "manifest.json"


def test_every_byte_of_an_archive_is_held() -> None:
    """Not one byte of the file on the stick can be another, wherever it stands."""
    archive = package_zip.pack(made(FIRST, **{"a.txt": b"12,0\n"}))
    for at in range(len(archive)):
        data = bytearray(archive)
        data[at] ^= 0x41
        _, faults = package_zip.opened(bytes(data))
        assert faults, f"byte {at} was changed and nobody saw it"


@given(cut=st.integers(0, 3000), junk=st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_whatever_is_on_the_stick_is_answered(cut: int, junk: bytes) -> None:
    archive = package_zip.pack(made())
    given_in = archive[:cut] + junk
    assert package_zip.opened(given_in)[1] or given_in == archive
    assert package_zip.opened(junk)[1]
    assert packages.verify({"manifest.json": junk, "manifest.sig": junk})


def test_what_is_missing_added_or_longer_is_named() -> None:
    package = made()
    without = {path: data for path, data in package.items() if path != "files/note.txt"}
    assert codes(packages.verify(without)) == ["trust.package_missing"]
    assert codes(packages.verify({**package, "files/more.txt": b"x"})) == ["trust.package_extra"]
    assert codes(packages.verify({**package, "files/note.txt": b"x"})) == ["trust.package_size"]
    assert codes(packages.verify(package, key="b" * 64)) == ["trust.package_key"]
    assert (
        codes(packages.verify({}))
        == codes(packages.verify({"manifest.json": b"{}"}))
        == ["trust.package_missing"]
    )


def test_packages_follow_each_other() -> None:
    first = packages.digest(made()["manifest.json"])
    second = packages.read(made(replace(FIRST, number=2, previous=first))["manifest.json"])
    assert packages.chain_fault(second, count=1, last=first) is None
    for count, last, code in ((0, None, "order"), (2, first, "order"), (1, "b" * 64, "link")):
        fault = packages.chain_fault(second, count=count, last=last)
        assert fault is not None
        assert fault.code == f"trust.package_{code}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"project": " "}, {"protocol": "x"}, {"number": 0}, {"number": True}, {"previous": "a" * 64}, {"number": 2},
        {"began": "2026-07-01T08:00:00"}, {"ended": "2026-06-01T08:00:00+07:00"}, {"side": "office"}, {"values": ()},
        {"values": (Value("I1", "two", "%"),)}, {"values": (Value("I1", "NaN", "%"),)}, {"values": (Value("", "2", "%"),)},
        {"values": (Value("I1", "2", "%"), Value("I1", "3", "%"))},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_that_says_nothing_sound_is_not_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"wrong|canonical"):
        made(replace(FIRST, **wrong))


@pytest.mark.parametrize("name", ["../x", "a/../b", "/x", "a\\b", "c:x", "", "a//b", "a\nb"])
def test_no_file_leaves_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="wrong files"):
        packages.make(FIRST, {name: b"x"}, private_key=KEY)


def test_blocks_stay_few_whatever_the_size() -> None:
    assert [packages.block_of(size) for size in (0, 65_536, 65_537, 25_000_000)] == [256, 256, 512, 131_072]
    assert packages.described("files/x", b"")["marks"] == []
