"""From the name of a data source to arrays."""
