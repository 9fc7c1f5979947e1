"""Content Credentials (C2PA) for pictures, clips and downloads, and a signed sidecar for what C2PA cannot hold.

`authority` makes certificates, `manifest` says what a file is, `signing` writes it in, `validation` reads it back under
trust anchors of our own, `essence` finds the unsigned file again, `sidecar` binds every file of a folder.
"""
