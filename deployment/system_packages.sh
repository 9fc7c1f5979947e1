#!/bin/sh
# Makes sure of the shared libraries and programs that pip cannot bring: installs them where it may, else says what to type.
# Usage: system_packages.sh runtime|browser
set -eu

case "$1" in
  runtime)
    what="libEGL and libGL (drawing with skia)"
    packages="libegl1 libgl1"
    present() { ldconfig -p 2>/dev/null | grep -q 'libEGL\.so\.1' && ldconfig -p 2>/dev/null | grep -q 'libGL\.so\.1'; }
    ;;
  browser)
    what="Chromium (playback tests)"
    packages="chromium chromium-driver"
    present() { command -v chromium >/dev/null && command -v chromedriver >/dev/null; }
    ;;
  *) echo "usage: $0 runtime|browser" >&2; exit 2 ;;
esac

# Other systems than Linux bring these libraries with their own drivers.
[ "$(uname)" = Linux ] || exit 0
present && exit 0

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing $packages: $what"
  apt-get update -q >/dev/null
  # shellcheck disable=SC2086 -- a list of packages on purpose
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >/dev/null
  exit 0
fi

echo "Needed and not found: $what. Please type:" >&2
echo "    sudo apt-get install -y $packages" >&2
exit 1
