"""Signing in by an OpenID provider: what it is, what it says, and what is asked of it. Knows no rows.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207). A provider only says
who somebody is; which person that is, and what the person may do, stands with us.
"""
