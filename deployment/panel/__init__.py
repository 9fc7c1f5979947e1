"""Clips judged by people who do not know what they see: a form that is sent, scores that come back, what they say."""
