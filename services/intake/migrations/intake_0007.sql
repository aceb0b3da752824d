-- Case numbers have ten digits now, so there is room for more of them.
ALTER SEQUENCE case_number_block MAXVALUE 999999900;
