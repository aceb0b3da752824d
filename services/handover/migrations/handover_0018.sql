-- The day of the earliest visit that stands since she arrived: NULL where none was made, or its day is not known.
ALTER TABLE custody ADD COLUMN visited_on date;
