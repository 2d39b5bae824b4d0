"""Values that everything else is made of: places, findings, moments, durations, secrets, errors."""
