#!/bin/sh
# Makes sure that there is a Chromium for the browser tests, where that can be done without asking anybody.
set -u

for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done

if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="no"; fi

if [ "$as_root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
  echo 'Chromium is not installed, and this account cannot install it through apt. Tests in a browser are skipped; install "chromium" to run them.'
  exit 0
fi

echo 'Installing Chromium, and letters for Japanese, through apt (about a minute) …'
log=$(mktemp)
if $as_root apt-get update -q >"$log" 2>&1 &&
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends chromium fonts-ipafont-gothic >>"$log" 2>&1; then
  rm -f "$log"
else
  tail -n 5 "$log" >&2
  echo 'Chromium could not be installed. Tests in a browser are skipped.'
fi
exit 0
