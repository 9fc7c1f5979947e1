"""The review page: a view of an episode's review and of what was decided about it, in one file that loads nothing.

Made anew after every review and every decision, never approved itself. `gathering` collects, the modules beside it
say what is shown (differences, decisions, lineage, rights, costs), `rendering` makes HTML of it, `writing` puts it in
place.
"""
