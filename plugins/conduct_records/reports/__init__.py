"""What units, the lead authority and the centre read: referral lists and reports."""
