"""`make looks`: the demo series measured as they look, on what was delivered."""
