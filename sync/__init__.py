"""The domain: what is pushed where, and how each item of a job ends. No broker, no web, no environment."""
