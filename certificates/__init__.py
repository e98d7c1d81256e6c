"""Awards: rules, issuing, rendering and verification."""
