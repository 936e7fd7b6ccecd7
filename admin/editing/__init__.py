"""From forms to rows: what a saved form changes."""
