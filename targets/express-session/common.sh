# Shared by setup and start (sourced, POSIX sh). Sets, from CACHE:
#   home  folder with the app and its packages, $CACHE/express-session/<key>
# The key covers the app and its lock file, so a change gives a new folder and never alters a used one.

here=$(cd "$(dirname "$0")" && pwd)
name=express-session

die() { # exit status, message
    echo "$name: $2" >&2
    exit "$1"
}

[ -n "$CACHE" ] || die 2 "no cache folder: give it as an argument or in SESSIONSPEC_CACHE"
home=$CACHE/$name/$(cat "$here"/app/* | cksum | cut -d ' ' -f 1)
