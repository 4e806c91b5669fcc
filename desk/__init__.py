"""What the screens of the front desk share."""
