"""The state directory: where the embedded engines, the secrets and the addresses of one Homeward are kept.

var/keys/          signing keys of tokens and events, their public halves, key-encryption key,
                   digest keys                                                                   0600
var/postgres/      the databases; a link to where they lie when PostgreSQL's user may not enter here
var/kafka/         the broker's log
var/logs/          what each service said
var/run.json       addresses and process ids of what runs now, for the command line
var/databases.json addresses and passwords of the databases, for the operator's commands      0600
var/clock.json     business-time offset, in a state directory made for demonstration only
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.country.clock import DEMO_MARKER
from services.chassis.storage.key_files import create_signing_key
from services.client.files import write_file
from services.client.services import SERVICES
from services.client.state import CLOCK_FILE, KEYS, RUN_FILE, SIGNING_KEY
from services.operate.errors import KeyLost
from services.operate.event_keys import EventKeyFiles
from services.operate.kafka_access import LOGINS_FILE
from services.operate.passwords import generated_passwords
from services.operate.state_dir import make_folder, prepare_state_dir

SECRET_BYTES = 32
MADE_FILE = "made.json"
"""Names of the keys that were made here: one that is missing later was lost, and is not made anew unasked."""


@dataclass(frozen=True)
class Home:
    """Paths inside one state directory."""

    path: Path

    @property
    def keys(self) -> Path:
        """Folder of the secrets."""
        return self.path / KEYS

    @property
    def signing_key(self) -> Path:
        """Private key of the built-in token issuer."""
        return self.path / SIGNING_KEY

    @property
    def token_keys(self) -> Path:
        """Public keys that the services check tokens with."""
        return self.keys / "jwks.json"

    @property
    def kek(self) -> Path:
        """Key-encryption key of the identities."""
        return self.keys / "kek.key"

    @property
    def care_kek(self) -> Path:
        """Key-encryption key of what is told in confidence at home."""
        return self.keys / "care.key"

    @property
    def number_key(self) -> Path:
        """Secret by which case numbers follow one another; another one might give a number twice."""
        return self.keys / "number.key"

    @property
    def event_keys(self) -> EventKeyFiles:
        """Keys that the services sign their events with."""
        return EventKeyFiles(self.keys)

    def digest_key(self, service: str) -> Path:
        """Key of a service's request digests and page tokens."""
        return self.keys / f"{service}.digest.key"

    @property
    def console_secret(self) -> Path:
        """The console's secret; under another one everybody signs in anew."""
        return self.keys / "console.key"

    @property
    def passwords_file(self) -> Path:
        """Passwords of the database logins."""
        return self.keys / "passwords.json"

    @property
    def kafka_logins(self) -> Path:
        """Passwords of the embedded Kafka's logins."""
        return self.path / "kafka" / LOGINS_FILE

    @property
    def logs(self) -> Path:
        """Folder of the services' logs."""
        return self.path / "logs"

    @property
    def run_file(self) -> Path:
        """What runs now."""
        return self.path / RUN_FILE

    @property
    def databases_file(self) -> Path:
        """Addresses of the databases, passwords included."""
        return self.path / "databases.json"

    @property
    def clock_file(self) -> Path:
        """Business-time offset."""
        return self.path / CLOCK_FILE

    @property
    def played_marker(self) -> Path:
        """Exists once the first handover was played."""
        return self.path / "played"

    @property
    def is_demonstration(self) -> bool:
        """Whether business time may be moved here."""
        return (self.path / DEMO_MARKER).exists()

    @property
    def made_file(self) -> Path:
        """Which of the keys that nothing replaces were made here."""
        return self.keys / MADE_FILE

    @property
    def irreplaceable(self) -> dict[Path, str]:
        """The keys without which something is lost for ever, and what."""
        return {
            self.kek: "who everybody is",
            self.care_kek: "how people wish to be contacted, and all that was said at visits",
            self.number_key: "the order of the case numbers, so that one might be given twice",
        }

    def _require_kept(self) -> None:
        """Raise KeyLost for a key that was made here and is not there any more."""
        if not self.made_file.exists():
            return
        made = set(json.loads(self.made_file.read_text()))
        for path, lost in self.irreplaceable.items():
            if path.name in made and not path.exists():
                raise KeyLost(path=path, lost=lost, list=self.made_file)

    def create(self, *, demonstration: bool) -> None:
        """Make folders and secrets that are missing; what exists stays as it is.

        Raises KeyLost when a key that nothing replaces was made here and is gone.
        """
        prepare_state_dir(self.path)
        new = not self.keys.exists()
        make_folder(self.keys, 0o700)
        make_folder(self.logs, 0o700)
        if demonstration and new:
            write_file(self.path / DEMO_MARKER, "Business time may be moved here.\n", 0o644)
        if not self.signing_key.exists():
            create_signing_key(self.signing_key)
        self._require_kept()
        digest_keys = (self.digest_key(service) for service in SERVICES)
        for path in (self.kek, self.care_kek, self.number_key, self.console_secret, *digest_keys):
            if not path.exists():
                write_file(path, base64.b64encode(os.urandom(SECRET_BYTES)).decode())
        write_file(self.made_file, json.dumps(sorted(path.name for path in self.irreplaceable)))
        self.event_keys.create()
        known = self.passwords() if self.passwords_file.exists() else {}
        if made := {name: each for name, each in generated_passwords().items() if name not in known}:
            write_file(self.passwords_file, json.dumps(known | made))

    def passwords(self) -> dict[str, str]:
        """Password by login: the four services, the console and audit."""
        found: dict[str, str] = json.loads(self.passwords_file.read_text())
        return found

    def write_run(self, facts: dict[str, Any]) -> None:
        """Tell the command line what runs."""
        write_file(self.run_file, json.dumps(facts, indent=2))

    def forget_run(self) -> None:
        """Nothing runs any more."""
        self.run_file.unlink(missing_ok=True)
