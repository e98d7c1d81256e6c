"""The site's users: e-mail log-in, allauth's adapter, the policy for second factors."""
