"""The pages on which staff enrol people: groups, requests, invitations, lists."""
