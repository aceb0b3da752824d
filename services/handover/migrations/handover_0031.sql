-- Who said that a person came back before: a digest of the account, empty where it is not known.
ALTER TABLE reappearance ADD COLUMN said_by text NOT NULL DEFAULT '';
