"""Models of a hub: named by repository and commit, every file by its digest, read from a folder, never from a net."""
