# Shared by setup, start and manage (sourced, POSIX sh). Sets, from VERSION and CACHE:
#   python    interpreter of the virtual environment
#   template  a migrated database with the account root/root-password, to be copied for each run
# Both live in $CACHE/django-allauth/<version>-<key>. The key covers lock files and Python version, so a changed lock
# gives a new folder and never alters one that a running server uses.

here=$(cd "$(dirname "$0")" && pwd)

die() { # exit status, message
    echo "django-allauth: $2" >&2
    exit "$1"
}

checksum() { # of the named files and of what is written to stdin, as one number
    cat - "$@" | cksum | cut -d ' ' -f 1
}

locate() {
    lock=$here/locks/$VERSION.txt
    case $VERSION in */* | '' | build) lock= ;; esac
    [ -n "$lock" ] && [ -f "$lock" ] ||
        die 2 "no lock file for version '$VERSION'; there are: $(ls "$here/locks" | sed -e /build/d -e 's/\.txt$//' | tr '\n' ' ')"
    [ -n "$CACHE" ] || die 2 "no cache folder: give it as an argument or in SESSIONSPEC_CACHE"
    base_python=$(command -v python3) || die 1 "python3 not found; on Debian: apt-get install python3 python3-venv"
    home=$CACHE/django-allauth/$VERSION-$("$base_python" -V | checksum "$lock" "$here/locks/build.txt")
    python=$home/bin/python
    template=$home/template-$(find "$here/project" -name '*.py' | LC_ALL=C sort | xargs cat | checksum /dev/null).sqlite3
}

locked() { # run a function while no other process does so for this version; released when this process ends
    mkdir -p "$CACHE/django-allauth" || die 1 "cannot write to $CACHE"
    exec 9>"$home.lock"
    # Without flock two processes may do the work twice; the final rename is atomic either way.
    if command -v flock >/dev/null; then flock 9; fi
    "$@"
    exec 9>&-
}

make_template() {
    [ -f "$template" ] && return
    part=$template.$$
    DATABASE=$part "$python" -B "$here/project/manage.py" migrate --verbosity 0 &&
        DATABASE=$part "$python" -B "$here/project/manage.py" adduser root root-password root@example.test --role admin ||
        die 1 "could not make the database template"
    mv "$part" "$template"
}
