"""The door for programs: `/api/v1/`, every operation and every list, typed, described by its own OpenAPI."""
