"""The reader of official documents: pure, from a file or a text to what it orders of whom by when.

``text_of`` gets the text out of a file, ``read_document`` reads it, ``read_file`` does both; all in ``document``.
"""
