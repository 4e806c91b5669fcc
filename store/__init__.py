"""What changes while the product runs: sheets, accounts, reports. The engine knows nothing of it."""
