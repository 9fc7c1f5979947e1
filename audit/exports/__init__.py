"""Lineage for other tools: tables (`tables`, written by `parquet`) and OpenLineage events (`openlineage`)."""
