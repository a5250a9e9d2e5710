# Shared by setup and start (sourced, POSIX sh). Sets, from VERSION and CACHE:
#   home  folder with the unpacked packages, $CACHE/sinatra/<version>-<key>
# The key covers the lock file, so a changed lock gives a new folder and never alters a used one.

here=$(cd "$(dirname "$0")" && pwd)
name=sinatra

die() { # exit status, message
    echo "$name: $2" >&2
    exit "$1"
}

lock=$here/locks/$VERSION.txt
case $VERSION in */* | '') lock= ;; esac
[ -n "$lock" ] && [ -f "$lock" ] || die 2 "no lock file for version '$VERSION'"
[ -n "$CACHE" ] || die 2 "no cache folder: give it as an argument or in SESSIONSPEC_CACHE"
home=$CACHE/$name/$VERSION-$(cksum <"$lock" | cut -d ' ' -f 1)
