"""Read, plan, call, record: one file per entity."""
