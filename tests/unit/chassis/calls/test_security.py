"""Tokens: what a good one says, and every way in which one is no good."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

from services.chassis.calls import security
from services.chassis.calls.security import (
    AUDIENCE,
    LEEWAY_S,
    LOOK_AT_KEYS_S,
    MAX_LIFETIME_S,
    MAX_TOKEN_CHARS,
    TOKEN_TYPE,
    CallContext,
    TokenIssuer,
    TokenVerifier,
    current_call,
    public_keys,
    set_call,
    write_jwks,
)
from services.chassis.kernel.errors import Unauthenticated
from services.chassis.kernel.roles import Caller, Grade, Role
from services.chassis.storage.key_files import create_signing_key, key_id

ISSUER = "test-issuer"

A_DAY_S = 86_400
"""Ahead of a clock by far more than a slow run of the tests takes."""


def pem(key: Any) -> bytes:
    encoded: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return encoded


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def issuer(key: Ed25519PrivateKey) -> TokenIssuer:
    return TokenIssuer(pem(key), ISSUER)


@pytest.fixture
def verifier(key: Ed25519PrivateKey) -> TokenVerifier:
    return TokenVerifier({key_id(key.public_key()): key.public_key()}, ISSUER)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 60,
        "sub": "officer-1",
        "office": "bp-01",
        "role": "BORDER_POST",
        "scope": "own",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(key: Ed25519PrivateKey, payload: dict[str, Any], **headers: Any) -> str:
    known = {"kid": key_id(key.public_key()), "typ": TOKEN_TYPE}
    return jwt.encode(payload, key, algorithm="EdDSA", headers=known | headers)


def refusal(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        verifier.verify(token)
    return caught.value.details["cause"]


def test_a_token_says_who_calls_for_which_office(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    token = issuer.issue("supervisor-7", "sup-22", Role.SUPERVISOR, "22@2025", lifetime_s=60)
    caller = verifier.verify(token)
    assert caller == Caller("supervisor-7", "sup-22", Role.SUPERVISOR, "22@2025")


def test_scope_is_own_unless_the_token_says_more(key: Ed25519PrivateKey, verifier: TokenVerifier) -> None:
    caller = verifier.verify(signed(key, claims(scope=None)))
    assert caller.scope == "own"


def test_a_token_says_what_somebody_does_there_and_nothing_where_it_does_not(
    key: Ed25519PrivateKey, issuer: TokenIssuer, verifier: TokenVerifier
) -> None:
    token = issuer.issue("officer-1", "sa-22", Role.SUPPORT_AGENCY, grades=[Grade.CARE, Grade.DESK])
    assert verifier.verify(token).grades == {Grade.CARE, Grade.DESK}
    assert verifier.verify(signed(key, claims())).grades == frozenset()


def test_a_token_says_when_somebody_signed_in_where_the_issuer_tells_it(
    key: Ed25519PrivateKey, issuer: TokenIssuer, verifier: TokenVerifier
) -> None:
    earlier = issuer.issue("officer-1", "sa-22", Role.SUPPORT_AGENCY, signed_in_at_s=1_700_000_000.7)
    assert verifier.verify(earlier).signed_in_at_s == 1_700_000_000
    now = verifier.verify(issuer.issue("officer-1", "sa-22", Role.SUPPORT_AGENCY))
    assert now.signed_in_at_s == now.issued_at_s
    assert verifier.verify(signed(key, claims(auth_time=1_700_000_000))).signed_in_at_s == 1_700_000_000
    assert verifier.verify(signed(key, claims())).signed_in_at_s == 0


@pytest.mark.parametrize("missing", ["exp", "iat", "iss", "aud", "sub", "office", "role"])
@pytest.mark.attack(6, "no exp, no iat")
def test_every_claim_is_required(key: Ed25519PrivateKey, verifier: TokenVerifier, missing: str) -> None:
    assert refusal(verifier, signed(key, claims(**{missing: None}))) == "invalid"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "someone else"},
        {"aud": "other"},
        {"aud": [AUDIENCE, "other"]},
        {"role": "KING"},
        {"role": 7},
        {"role": ["BORDER_POST"]},
        {"office": ""},
        {"office": "bp 01\nforged line"},
        {"office": 1},
        {"sub": ""},
        {"sub": "a\x00b"},
        {"sub": "x" * 129},
        {"sub": 5},
        {"scope": "22"},
        {"scope": "22@1999"},
        {"scope": "everything"},
        {"scope": 1},
        {"grades": "CARE"},
        {"grades": ["KING"]},
        {"grades": [["CARE"]]},
        {"grades": ["CARE"] * 17},
        {"auth_time": "now"},
        {"auth_time": True},
        {"auth_time": -1},
        {"jti": 1},
        {"jti": "of a person"},
        {"exp": "soon"},
        {"iat": "once"},
        {"iat": int(time.time()) + A_DAY_S},
        {"exp": int(time.time()) + MAX_LIFETIME_S + A_DAY_S},
    ],
    ids=lambda change: f"{next(iter(change))}",
)
@pytest.mark.attack(5, "other aud, other iss, aud list")
@pytest.mark.attack(6, "iat and exp out of bounds")
@pytest.mark.attack(8, "unknown role, role as list, empty subject")
def test_a_malformed_claim_is_refused(key: Ed25519PrivateKey, verifier: TokenVerifier, change: dict[str, Any]) -> None:
    assert refusal(verifier, signed(key, claims(**change))) == "invalid"


@pytest.mark.attack(7, "expired for 15 s")
def test_an_expired_token_says_so(key: Ed25519PrivateKey, verifier: TokenVerifier) -> None:
    past = int(time.time()) - LEEWAY_S - 5
    assert refusal(verifier, signed(key, claims(iat=past - 60, exp=past))) == "expired"


def test_clocks_may_differ_a_little(key: Ed25519PrivateKey, verifier: TokenVerifier) -> None:
    now = int(time.time())
    assert verifier.verify(signed(key, claims(iat=now - 60, exp=now - LEEWAY_S // 2)))
    assert verifier.verify(signed(key, claims(iat=now + LEEWAY_S // 2)))


@pytest.mark.attack(3, "other key with our kid")
def test_another_key_under_a_known_name_is_refused(key: Ed25519PrivateKey, verifier: TokenVerifier) -> None:
    forged = signed(Ed25519PrivateKey.generate(), claims(), kid=key_id(key.public_key()))
    assert refusal(verifier, forged) == "invalid"


@pytest.mark.attack(3, "a key of his own")
def test_an_unknown_key_is_refused(verifier: TokenVerifier) -> None:
    assert refusal(verifier, signed(Ed25519PrivateKey.generate(), claims())) == "invalid"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
@pytest.mark.attack(1, "JWT alg none")
@pytest.mark.attack(2, "HS256 with the public key")
def test_no_other_algorithm_is_taken(key: Ed25519PrivateKey, verifier: TokenVerifier, algorithm: str) -> None:
    secret = key_id(key.public_key()) if algorithm == "HS256" else ""
    header = {"kid": key_id(key.public_key()), "typ": TOKEN_TYPE}
    token = jwt.encode(claims(), secret, algorithm=algorithm, headers=header)
    assert refusal(verifier, token) == "invalid"


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "é", "x" * (MAX_TOKEN_CHARS + 1), "e30.e30.e30"])
@pytest.mark.attack(4, "no token at all")
def test_garbage_is_refused(verifier: TokenVerifier, token: str) -> None:
    assert refusal(verifier, token) == "invalid"


def test_a_key_without_a_name_is_refused(key: Ed25519PrivateKey, verifier: TokenVerifier) -> None:
    assert refusal(verifier, jwt.encode(claims(), key, algorithm="EdDSA", headers={"typ": TOKEN_TYPE})) == "invalid"
    with pytest.raises(Unauthenticated):
        verifier.verify(signed(key, claims())[:-2] + "xx")


def test_a_verified_token_is_remembered_only_until_it_expires(
    key: Ed25519PrivateKey, issuer: TokenIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.time()]
    verifier = TokenVerifier({key_id(key.public_key()): key.public_key()}, ISSUER, now=lambda: now[0])
    decoded: list[str] = []
    decode = jwt.decode

    def counting(token: str, *args: Any, **kwargs: Any) -> Any:
        decoded.append(token)
        return decode(token, *args, **kwargs)

    monkeypatch.setattr(jwt, "decode", counting)
    token = issuer.issue("officer-1", "bp-01", Role.BORDER_POST, lifetime_s=60)
    assert verifier.verify(token) == verifier.verify(token)
    assert len(decoded) == 1
    now[0] += 61
    verifier.verify(token)
    assert len(decoded) == 2


def test_what_is_remembered_is_bounded_and_no_token(
    issuer: TokenIssuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "MAX_CACHED_TOKENS", 3)
    tokens = [issuer.issue(f"officer-{n}", "bp-01", Role.BORDER_POST) for n in range(5)]
    for token in tokens:
        verifier.verify(token)
    assert len(verifier._verified) == 3
    assert not any(token in repr(vars(verifier)) for token in tokens)


def test_keys_rotate_without_a_restart(tmp_path: Path) -> None:
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    path = tmp_path / "keys.json"
    write_jwks(path, old.public_key())
    verifier = TokenVerifier.from_jwks_file(path, ISSUER)
    old_token, new_token = signed(old, claims()), signed(new, claims())
    assert verifier.verify(old_token)
    assert refusal(verifier, new_token) == "invalid"

    write_jwks(path, old.public_key(), new.public_key())
    assert verifier.verify(new_token)
    assert verifier.verify(old_token)

    write_jwks(path, new.public_key())
    verifier.reload()
    assert refusal(verifier, old_token) == "invalid"


def test_a_broken_key_file_does_not_sign_everybody_out(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "keys.json"
    write_jwks(path, key.public_key())
    verifier = TokenVerifier.from_jwks_file(path, ISSUER)
    for broken in ("{", "[]", '{"keys": 7}'):
        path.write_text(broken)
        verifier.reload()
        assert verifier.verify(signed(key, claims()))
    path.unlink()
    verifier.reload()
    assert verifier.verify(signed(key, claims()))


@pytest.mark.attack(16, "key removed from JWKS, token forged with it")
def test_a_key_taken_out_ends_its_tokens_though_nobody_shows_another(tmp_path: Path) -> None:
    stolen, kept = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    path, now_s, failed = tmp_path / "keys.json", [0.0], [0]

    def failing() -> None:
        failed[0] += 1

    write_jwks(path, stolen.public_key())
    verifier = TokenVerifier(
        {key_id(stolen.public_key()): stolen.public_key()},
        ISSUER,
        jwks_path=path,
        steady_s=lambda: now_s[0],
        unreadable=failing,
    )
    token = signed(stolen, claims())
    assert verifier.verify(token)
    path.write_text("{")
    now_s[0] += LOOK_AT_KEYS_S
    assert verifier.verify(token)
    assert failed == [1], "it is told, once a look"
    verifier.verify(token)
    assert failed == [1]
    write_jwks(path, kept.public_key())
    assert verifier.verify(token), "it looks again only after a while"
    now_s[0] += LOOK_AT_KEYS_S
    assert refusal(verifier, token) == "invalid"
    # Also when there is no key left.
    assert verifier.verify(signed(kept, claims()))
    path.write_text('{"keys": []}')
    now_s[0] += LOOK_AT_KEYS_S
    assert refusal(verifier, signed(kept, claims())) == "invalid"
    assert LOOK_AT_KEYS_S <= 30


@pytest.mark.parametrize("kind", ["JWT", "id_token", "", "at+jwt+x", 7, None])
@pytest.mark.attack(17, "typ id_token")
def test_what_is_no_access_token_opens_nothing(
    key: Ed25519PrivateKey, verifier: TokenVerifier, kind: str | int | None
) -> None:
    header = {"alg": "EdDSA", "typ": kind, "kid": key_id(key.public_key())}
    parts = [base64url_encode(json.dumps(part).encode()).decode() for part in (header, claims())]
    message = ".".join(parts)
    token = f"{message}.{base64url_encode(key.sign(message.encode())).decode()}"
    assert refusal(verifier, token) == "invalid"


def test_a_caller_keeps_which_token_it_was(issuer: TokenIssuer, verifier: TokenVerifier) -> None:
    one, other = (verifier.verify(issuer.issue("officer-1", "bp-01", Role.BORDER_POST)) for _ in range(2))
    assert one == other
    assert one.token_id != other.token_id
    assert abs(one.issued_at_s - time.time()) < A_DAY_S


@pytest.mark.parametrize("text", ["{", '{"keys": []}', "[]", '{"keys": [{"kty": "OKP"}]}', "7"])
def test_a_verifier_needs_a_usable_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"keys\.json"):
        TokenVerifier.from_jwks_file(path, ISSUER)


@pytest.mark.parametrize(("algorithm", "other"), [("ES256", "RS256"), ("RS256", "ES256")])
def test_a_provider_may_sign_with_a_curve_or_rsa_and_each_key_is_good_for_one(algorithm: str, other: str) -> None:
    keys: dict[str, Any] = {"ES256": generate_ec(SECP256R1()), "RS256": generate_private_key(65537, 2048)}
    jwks = [
        json.loads(ECAlgorithm.to_jwk(keys["ES256"].public_key())) | {"kid": "ES256"},
        json.loads(RSAAlgorithm.to_jwk(keys["RS256"].public_key())) | {"kid": "RS256"},
    ]
    verifier = TokenVerifier(public_keys(jwks), ISSUER)
    headers = {"typ": TOKEN_TYPE}
    good = jwt.encode(claims(), keys[algorithm], algorithm=algorithm, headers=headers | {"kid": algorithm})
    assert verifier.verify(good).subject == "officer-1"
    forged = jwt.encode(claims(), keys[algorithm], algorithm=algorithm, headers=headers | {"kid": other})
    assert refusal(verifier, forged) == "invalid"
    # The public key taken for a shared secret: the oldest trick.
    secret = jwt.utils.base64url_encode(b"x" * 32).decode()
    assert refusal(verifier, jwt.encode(claims(), secret, headers=headers | {"kid": algorithm})) == "invalid"
    assert refusal(verifier, jwt.encode(claims(), "", "none", headers=headers | {"kid": algorithm})) == "invalid"


def test_weak_keys_other_curves_and_keys_for_another_use_are_left_out() -> None:
    curve, short = generate_ec(SECP384R1()).public_key(), generate_private_key(65537, 1024).public_key()
    fine = json.loads(ECAlgorithm.to_jwk(generate_ec(SECP256R1()).public_key()))
    jwks = [
        json.loads(ECAlgorithm.to_jwk(curve)) | {"kid": "curve"},
        json.loads(RSAAlgorithm.to_jwk(short)) | {"kid": "short"},
        fine | {"kid": "encryption", "use": "enc"},
        fine | {"kid": "fine", "use": "sig"},
        fine,
    ]
    assert set(public_keys(jwks)) == {"fine"}


def test_tokens_are_signed_with_ed25519_only() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        TokenIssuer(pem(generate_private_key(65537, 2048)), ISSUER)


def test_a_signing_key_is_its_owners_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    identity = create_signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    loaded = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(loaded, Ed25519PrivateKey)
    assert key_id(loaded.public_key()) == identity
    with pytest.raises(FileExistsError):
        create_signing_key(path)
    assert TokenIssuer.from_file(path, ISSUER).issue("a", "b", Role.ADMIN)
    path.chmod(0o640)
    with pytest.raises(PermissionError):
        TokenIssuer.from_file(path, ISSUER)


def test_the_key_id_is_the_one_of_the_standard() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    # RFC 8037, appendix A.3.
    assert key_id(jwt.PyJWK(jwk).key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("lifetime_s", [0, -1, MAX_LIFETIME_S + 1])
def test_a_token_lives_no_longer_than_a_shift(issuer: TokenIssuer, lifetime_s: int) -> None:
    with pytest.raises(ValueError, match="lives"):
        issuer.issue("officer-1", "bp-01", Role.BORDER_POST, lifetime_s=lifetime_s)


def test_nothing_is_logged(key: Ed25519PrivateKey, verifier: TokenVerifier, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        verifier.verify(signed(key, claims()))
        refusal(verifier, signed(key, claims(role="KING")))
    assert caplog.records == []


def test_an_error_holds_no_part_of_the_token(key: Ed25519PrivateKey, verifier: TokenVerifier) -> None:
    token = signed(key, claims(role="KING"))
    with pytest.raises(Unauthenticated) as caught:
        verifier.verify(token)
    error: BaseException | None = caught.value
    assert token.split(".")[1] not in f"{error} {caught.value.details}"
    assert caught.value.__suppress_context__


def test_outside_of_a_call_there_is_no_caller() -> None:
    with pytest.raises(RuntimeError):
        current_call()
    call = CallContext(Caller("a", "b", Role.ADMIN), "0123abcd", "", "/x/Y", "vi")
    set_call(call)
    try:
        assert current_call() is call
    finally:
        set_call(None)
