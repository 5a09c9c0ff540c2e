# shellcheck shell=bash
# What the machine itself must have: tools and Debian packages. Sourced by eng/setup.sh.

DOTNET_SOURCE="install it from https://dotnet.microsoft.com/download/dotnet/10.0"

check_dotnet() {
    local sdks
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing; $DOTNET_SOURCE"
    sdks=$(dotnet --list-sdks | cut -d ' ' -f 1 | xargs)
    [[ " $sdks" == *" 10."* ]] || fail "the .NET 10 SDK is missing, here is ${sdks:-none}; $DOTNET_SOURCE"
}

check_npm() {
    local version
    command -v npm >/dev/null || fail "npm is missing; see https://nodejs.org/en/download"
    version=$(npm --version)
    ((${version%%.*} >= 7)) || fail "npm 7 or later is needed, here is $version; see https://nodejs.org/en/download"
}

# install_packages LAYER...
install_packages() {
    command -v dpkg-query >/dev/null || {
        say "no Debian or Ubuntu: install the equivalents of eng/setup/packages.txt yourself"
        return
    }
    local missing
    # npm comes with Node.js from wherever the user has that, or else as Debian's package.
    missing=$(missing_packages "$@" && { command -v npm >/dev/null || echo npm; })
    [[ -n $missing ]] || return 0
    become_root "$missing"
    say "renewing apt's package lists"
    watched apt-update "${AS_ROOT[@]}" apt-get update ||
        say "the package lists could not be renewed; trying with the ones that are here"
    local names
    mapfile -t names < <(available_names "$missing")
    say "installing by apt: ${names[*]}"
    watched apt-install "${AS_ROOT[@]}" apt-get install --yes --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${names[@]}" ||
        fail "apt could not install them; by hand: sudo apt-get install --no-install-recommends ${names[*]}"
}

# Entries of packages.txt, alternatives included, of which no alternative is installed.
missing_packages() {
    local entry name installed
    # shellcheck disable=SC2016  # the format's variables are dpkg's
    installed=$(package_entries "$@" | tr '|' '\n' |
        xargs dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' 2>/dev/null || true)
    while read -r entry; do
        for name in ${entry//|/ }; do
            grep -qx "$name installed" <<<"$installed" && continue 2
        done
        printf '%s\n' "$entry"
    done < <(package_entries "$@")
}

package_entries() {
    local layer entry
    while read -r layer entry _; do
        [[ " $* " == *" $layer "* ]] && printf '%s\n' "$entry"
    done <eng/setup/packages.txt
}

# Of each entry the first name that this distribution has.
available_names() {
    local entry name
    while read -r entry; do
        for name in ${entry//|/ }; do
            apt-cache show "$name" >/dev/null 2>&1 && break
            name=${entry%%|*}
        done
        printf '%s\n' "$name"
    done <<<"$1"
}

# Sets AS_ROOT, the prefix that runs apt as root without a question to the user.
become_root() {
    AS_ROOT=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1)
    if ((EUID == 0)); then
        return
    fi
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [[ -t 2 ]] && sudo -v; }; }; then
        AS_ROOT=(sudo "${AS_ROOT[@]}")
        return
    fi
    local names
    mapfile -t names < <(available_names "$1")
    fail "as root, run: apt-get install --yes --no-install-recommends ${names[*]}"
}
