#!/usr/bin/env bash
# The one entry: installs what is missing, builds, runs. Success of that is quiet.
#
#   ./run.sh [options]       the main job: every story against the embedded reference target
#   ./run.sh VERB ...        the same as sessionspec VERB ... (./run.sh help lists the verbs)
#   ./run.sh test [options]  this project's tests (options of go test; --browser none leaves Chrome out),
#                            without options also a moment of go's own fuzzer for each parser
#   ./run.sh test-real       live tests against real systems; "NOT RUN" where a registry is away
#   ./run.sh lint [options]  golangci-lint, built the first time (minutes)
#
# Exit codes are those of sessionspec: 0 conformant, 1 not conformant, 2 usage,
# 3 target or harness failed (here also: Go or Chromium is missing), 4 nothing judged.
#
# Environment: SESSIONSPEC_CHROME  the Chrome to use (SESSIONSPEC_FIREFOX the Firefox, SESSIONSPEC_WEBKIT the WebKitWebDriver)
#              SESSIONSPEC_CACHE   where binaries and installed targets are kept
#              SESSIONSPEC_FUZZTIME  of test: how long each parser is fuzzed: 5000x, or a time such as 20s
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" >/dev/null && pwd)
cache=${SESSIONSPEC_CACHE:-${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/sessionspec}
[[ $cache == /* ]] || cache=$PWD/$cache
export SESSIONSPEC_CACHE=$cache
lint_version=2.15.0
lint=$cache/golangci-lint-$lint_version/golangci-lint
chrome_names=(chromium chromium-browser google-chrome chrome) # as in browsers/find.go
export CGO_ENABLED=0                                          # no C compiler needed, and the binary runs anywhere

say() { printf 'run.sh: %s\n' "$@" >&2; }
die() { # exit code, lines
    local code=$1
    shift
    say "$@"
    exit "$code"
}
has() { command -v "$1" >/dev/null 2>&1; }

# quietly COMMAND...: its output is shown only if it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" </dev/null >"$log" 2>&1 || status=$?
    [ "$status" = 0 ] || sed '/^go: downloading/d' "$log" >&2
    rm -f "$log"
    return "$status"
}

# apt_install PACKAGE...: 1 where it cannot be done without asking somebody.
apt_install() {
    local as=()
    has apt-get || return 1
    if [ "$(id -u)" != 0 ]; then
        has sudo && sudo -n true 2>/dev/null || return 1
        as=(sudo -n)
    fi
    say "installing $1 (apt-get install $*)"
    # A new machine knows no packages, or withdrawn ones, before an update.
    quietly "${as[@]}" apt-get -q update || return 1
    quietly "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends "$@"
}

find_chrome() {
    local name
    if [ -n "${SESSIONSPEC_CHROME:-}" ]; then
        has "$SESSIONSPEC_CHROME" || die 2 "SESSIONSPEC_CHROME says '$SESSIONSPEC_CHROME', which is no program that can be started"
        return 0
    fi
    for name in "${chrome_names[@]}"; do
        if has "$name"; then return 0; fi
    done
    return 1
}

need_chrome() {
    # The second package lets people other than root start it where the kernel gives them no namespaces.
    if find_chrome || { apt_install chromium chromium-sandbox && find_chrome; }; then return; fi
    die 3 "no Chromium or Chrome found (looked for \$SESSIONSPEC_CHROME and, on PATH, ${chrome_names[*]})" \
        "  Debian       apt-get install chromium    (as root, or with sudo in front)" \
        "  elsewhere    install Chromium or Chrome; if it is not on PATH: SESSIONSPEC_CHROME=/its/path ./run.sh ..." \
        "  without it   add --browser none: stories that need a browser are then not judged"
}

# has_named VARIABLE PROGRAM...: whether the program that the variable names, or else one of those, is there.
has_named() {
    local variable=$1 name
    shift
    if [ -n "${!variable:-}" ]; then
        has "${!variable}" || die 2 "$variable says '${!variable}', which is no program that can be started"
        return 0
    fi
    for name in "$@"; do
        if has "$name"; then return 0; fi
    done
    return 1
}

need_firefox() {
    local names=(firefox-esr firefox) # as in browsers/firefox_find.go
    if has_named SESSIONSPEC_FIREFOX "${names[@]}" ||
        { apt_install firefox-esr && has_named SESSIONSPEC_FIREFOX "${names[@]}"; }; then return; fi
    die 3 "no Firefox found (looked for \$SESSIONSPEC_FIREFOX and, on PATH, ${names[*]})" \
        "  Debian       apt-get install firefox-esr    (as root, or with sudo in front)" \
        "  elsewhere    install Firefox; if it is not on PATH: SESSIONSPEC_FIREFOX=/its/path ./run.sh ..." \
        "  without it   leave firefox out of --browser"
}

find_webkit() { # as in browsers/webkit_find.go
    has_named SESSIONSPEC_WEBKIT WebKitWebDriver && has Xvfb &&
        { [ -x /usr/bin/python3 ] && python_webkit /usr/bin/python3 || python_webkit python3; }
}
python_webkit() { "$1" -c 'import gi; gi.require_version("WebKit2", "4.1")' 2>/dev/null; }

need_webkit() {
    local packages=(webkit2gtk-driver gir1.2-webkit2-4.1 python3-gi xvfb)
    if find_webkit || { apt_install "${packages[@]}" && find_webkit; }; then return; fi
    die 3 "no WebKitGTK found (looked for \$SESSIONSPEC_WEBKIT or WebKitWebDriver, for Xvfb, and for Python's bindings)" \
        "  Debian       apt-get install ${packages[*]}    (as root, or with sudo in front)" \
        "  without it   leave webkit out of --browser"
}

# wants BROWSER ARGS...: whether this command line of sessionspec will start that browser.
wants() {
    local wanted=$1 word before='' browser=${SESSIONSPEC_BROWSER:-chrome}
    shift
    case ${1:-} in run | audit) ;; bench) [ "${2:-}" = browser ] || return 1 ;; *) return 1 ;; esac
    for word in "$@"; do
        case $word in -h | --help) return 1 ;; --browser=*) browser=${word#*=} ;; esac
        if [ "$before" = --browser ]; then browser=$word; fi
        before=$word
    done
    [[ ,${browser// /}, == *,$wanted,* ]]
}

# good_go: a go that can build this. Asked inside the module, go fetches a newer
# toolchain by itself where GOTOOLCHAIN lets it.
good_go() {
    local want have
    has go || return 1
    want=$(sed -n 's/^go //p' "$root/go.mod")
    have=$(cd -- "$root" && go env GOVERSION 2>/dev/null) || return 1
    have=${have##*go}
    [ "$(printf '%s\n' "$want" "${have%%[- ]*}" | sort -V | sed q)" = "$want" ] # before 1.21 go did not check
}

need_go() {
    good_go && return
    local want found
    want=$(sed -n 's/^go //p' "$root/go.mod")
    found=$(cd / && GOTOOLCHAIN=local go version 2>/dev/null) || found='no go on PATH'
    say "needs Go $want or newer; found: $found" \
        "  Install it as the Go project's download page says. A Linux distribution's package may be older: Debian 12 has 1.19."
    has go && say "  Go 1.21 and newer can fetch the right version by themselves: GOTOOLCHAIN=auto ./run.sh ..."
    exit 3
}

# build: sets $binary. Each build has its own place: one that is running, and
# starts itself again as its target, is not replaced by the next.
build() {
    local here stamp=()
    if [ -x "$root/sessionspec" ] && ! good_go; then
        binary=$root/sessionspec # a release: the binary lies beside run.sh
        return
    fi
    need_go
    here=$cache/bin/$(cksum <<<"$root" | tr ' ' -)
    mkdir -p "$here"
    # go refuses to build in a work tree that git will not read, such as somebody else's.
    git -C "$root" rev-parse HEAD >/dev/null 2>&1 || stamp=(-buildvcs=false)
    [ -e "$here/sessionspec" ] || say "building; the first time takes a minute or two"
    exec 9>"$here/lock"
    if has flock; then flock 9; fi
    (cd -- "$root" && quietly go build ${stamp[@]+"${stamp[@]}"} -o "$here/sessionspec" ./cmd/sessionspec) 9>&- ||
        die 3 "the build failed; its words are above (the first one needs the Go module proxy)"
    binary=$here/$(cksum <"$here/sessionspec" | tr ' ' -)/sessionspec
    if [ ! -x "$binary" ]; then
        # Of older builds the last eight stay, for runs that are still going on.
        find "$here" -mindepth 1 -maxdepth 1 -type d -exec ls -dt {} + | sed 1,8d | xargs rm -rf
        mkdir -p "${binary%/*}"
        ln -f "$here/sessionspec" "$binary"
    fi
    exec 9>&-
}

project_tests() {
    local files bad
    need_go
    if [ "${1:-}" = --browser ] && [ "${2:-}" = none ]; then
        say "NOT TESTED: what needs a browser"
        shift 2
    else
        need_chrome
    fi
    cd -- "$root"
    files=$(find . -name '*.go' -not -path './.*')
    # shellcheck disable=SC2086  # names of Go files have no blanks
    bad=$("$(go env GOROOT)/bin/gofmt" -l $files)
    [ -z "$bad" ] || die 1 "not formatted, type gofmt -w for:" "$bad"
    quietly go vet ./...
    quietly go vet -tags real ./internal/real
    if [ -x "$lint" ]; then "$lint" run --allow-parallel-runners ./...; fi
    go test -timeout 30m "$@" ./...
    if [ $# = 0 ]; then fuzz_parsers; fi
}

# fuzz_parsers has go's own fuzzer look at whatever reads foreign text, a moment each.
# What it finds lies in testdata/fuzz afterwards, as a seed to commit with the mend.
# A number of inputs and no time: go's fuzzer at times takes its own deadline for a failure.
fuzz_parsers() {
    local file name count=0
    while IFS=: read -r file name; do
        quietly go test -run '^$' -fuzz "^$name\$" -fuzztime "${SESSIONSPEC_FUZZTIME:-5000x}" "./${file%/*}" ||
            die 1 "$name in $file failed; what it was given is above and in ${file%/*}/testdata/fuzz"
        count=$((count + 1))
    done < <(grep -ro --include='*_test.go' '^func Fuzz[A-Za-z]*' . | sed 's/^\.\///; s/func //')
    echo "fuzzed $count parsers, ${SESSIONSPEC_FUZZTIME:-5000x} each"
}

real_tests() {
    local tool
    build
    need_go
    python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv ||
        say "python3 with venv is missing (Debian: apt-get install python3-venv); targets in Python will not run"
    has php || apt_install php-cli || say "php is missing (Debian: apt-get install php-cli); targets in PHP will not run"
    has ruby || apt_install ruby || say "ruby is missing (Debian: apt-get install ruby); targets in Ruby will not run"
    for tool in node:JavaScript cargo:Rust mvn:Java; do
        has "${tool%:*}" || say "${tool%:*} is missing; targets in ${tool#*:} will not run"
    done
    cd -- "$root"
    SESSIONSPEC_BINARY=$binary go test -tags real -count=1 -timeout 50m -parallel 3 -v "$@" ./internal/real
}

run_lint() {
    need_go
    if [ ! -x "$lint" ]; then
        say "building golangci-lint $lint_version, once; it takes minutes"
        GOBIN=${lint%/*} quietly go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$lint_version" ||
            die 3 "golangci-lint could not be built; the words of go are above"
    fi
    cd -- "$root"
    "$lint" run --allow-parallel-runners "$@" ./...
}

case ${1:-} in
# No && here: it would switch off set -e inside the functions.
test) shift; project_tests "$@"; exit ;;
test-real) shift; real_tests "$@"; exit ;;
lint) shift; run_lint "$@"; exit ;;
help | -h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$root/run.sh"; set -- --help ;;
'' | -*) # the main job; a target may be named all the same
    case " $*" in *' --target'*) set -- run "$@" ;; *) set -- run --target reference "$@" ;; esac ;;
esac
export SESSIONSPEC_RUNSH=1 # the verbs above are among those suggested for a misspelt one
trap 'die 3 interrupted' INT TERM # until sessionspec itself says so
build
for name in chrome firefox webkit; do
    if wants "$name" "$@"; then "need_$name"; fi
done
exec "$binary" "$@"
