# Shared by setup and start (sourced, POSIX sh). Sets, from CACHE:
#   binary  the app, $CACHE/scs/<key>/scs-app
# The key covers sources and lock files, so a change gives a new folder and never alters a used one.

here=$(cd "$(dirname "$0")" && pwd)
name=scs

die() { # exit status, message
    echo "$name: $2" >&2
    exit "$1"
}

[ -n "$CACHE" ] || die 2 "no cache folder: give it as an argument or in SESSIONSPEC_CACHE"
home=$CACHE/$name/$(cat "$here"/_app/* | cksum | cut -d ' ' -f 1)
binary=$home/scs-app
