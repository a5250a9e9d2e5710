# Shared by setup and start (sourced, POSIX sh). Sets, from CACHE:
#   home  folder with the jars and the compiled app, $CACHE/spring-security/<key>
# The key covers sources, lock file and Java version, so a change gives a new folder and never alters a used one.

here=$(cd "$(dirname "$0")" && pwd)
name=spring-security

die() { # exit status, message
    echo "$name: $2" >&2
    exit "$1"
}

[ -n "$CACHE" ] || die 2 "no cache folder: give it as an argument or in SESSIONSPEC_CACHE"
home=$CACHE/$name/$(java -version 2>&1 | cat - "$here"/app/pom.xml "$here"/app/src/* "$here/locks/jars.sha256" | cksum | cut -d ' ' -f 1)
