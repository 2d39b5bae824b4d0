"""GitLab as the sandbox serves it: REST and GraphQL, its text rules, its refusals."""
