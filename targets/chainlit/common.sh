# Shared by setup, start and manage (sourced, POSIX sh). Sets, from VERSION and CACHE:
#   home    $CACHE/chainlit/<version>-<key>, the virtual environment; the key covers lock file and Python version, so a
#           changed lock gives a new folder and never alters one that a running server uses
#   python  its interpreter

here=$(cd "$(dirname "$0")" && pwd)

die() { # exit status, message
    echo "chainlit: $2" >&2
    exit "$1"
}

locate() {
    lock=$here/locks/$VERSION.txt
    case $VERSION in */* | '') lock= ;; esac
    [ -n "$lock" ] && [ -f "$lock" ] || die 2 "no lock file for version '$VERSION'; there are: $(ls "$here/locks" | sed 's/\.txt$//' | tr '\n' ' ')"
    [ -n "$CACHE" ] || die 2 "no cache folder"
    base_python=$(command -v python3) || die 1 "python3 not found; on Debian: apt-get install python3 python3-venv"
    home=$CACHE/chainlit/$VERSION-$("$base_python" -V | cat - "$lock" | cksum | cut -d ' ' -f 1)
    python=$home/bin/python
}
