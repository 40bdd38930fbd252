"""Files and pictures that strangers sent, read in a fenced child process."""
