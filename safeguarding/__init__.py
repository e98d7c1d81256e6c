"""How people are kept safe: roles, audit, the registry of personal data, helplines."""
