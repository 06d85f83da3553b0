"""Extraction: a document and a layout make tables, findings and a coverage report. Knows nothing of RDF."""
