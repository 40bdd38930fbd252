"""Times in people's own words: windows, dates and schedules in five languages."""
