# Shared by setup and start (sourced, POSIX sh). Sets, from VERSION and CACHE:
#   python  interpreter of the virtual environment in $CACHE/django-auth/<version>-<key>
# The key covers lock file and Python version, so a changed lock gives a new folder and never alters a used one.

here=$(cd "$(dirname "$0")" && pwd)
name=django-auth

die() { # exit status, message
    echo "$name: $2" >&2
    exit "$1"
}

locate() {
    lock=$here/locks/$VERSION.txt
    case $VERSION in */* | '') lock= ;; esac
    [ -n "$lock" ] && [ -f "$lock" ] || die 2 "no lock file for version '$VERSION'"
    [ -n "$CACHE" ] || die 2 "no cache folder: give it as an argument or in SESSIONSPEC_CACHE"
    base_python=$(command -v python3) || die 75 "python3 not found; on Debian: apt-get install python3 python3-venv"
    home=$CACHE/$name/$VERSION-$("$base_python" -V | cat - "$lock" | cksum | cut -d ' ' -f 1)
    python=$home/bin/python
}
