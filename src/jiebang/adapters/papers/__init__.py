"""Papers as PDF: set by typst from plain documents, and read again when they come back as scans."""
