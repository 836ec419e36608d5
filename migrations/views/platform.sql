-- area: platform
-- What a school set differently; the defaults stand in the code that reads them.

CREATE VIEW pub_setting AS SELECT institution, key, value FROM setting;
