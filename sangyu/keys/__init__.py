"""The keys of personal data: changed while the site runs (docs/keys.md)."""
