-- area: catalog
-- Whether a file is a document is asked for every old file.

CREATE INDEX instrument_document_by_file ON instrument_document (institution, file);
