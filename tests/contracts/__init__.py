"""Lists of facts that every double or every implementation must satisfy."""
