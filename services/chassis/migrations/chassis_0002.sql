-- Which event caused the one taken in: a service knows by it what was said because of its own doing.
ALTER TABLE inbox ADD COLUMN causation_id uuid;
