"""Referral engine of a SPRO-EP network: pure functions from a situation to an explained orientation."""
