"""How good pictures are, in numbers that say by which tool and where their limits are."""
