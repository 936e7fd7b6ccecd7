"""Plan before apply: the very code of a push, with a client that records instead of writing."""
