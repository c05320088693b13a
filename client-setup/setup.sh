#!/bin/sh
# Points this machine's syslog daemon at a loghost. POSIX sh, no tools beyond those of a small installation.
set -eu

usage() {
    cat <<'EOF'
usage: setup.sh --server HOST [--udp|--tcp] [--port N] [--daemon NAME] [--seen-with COMMAND] [--no-test]
       setup.sh --undo [--daemon NAME]

Points this machine's syslog daemon at HOST, restarts it and sends a test message.

  --server HOST      name or address of the loghost
  --udp, --tcp       transport (default: udp; the classic syslogd knows only udp)
  --port N           port on the loghost (default: 514)
  --daemon NAME      classic, rsyslog or syslog-ng (default: the one that is running, else installed)
  --seen-with CMD    command that prints what the loghost received; it is run until it shows the test message
  --no-test          send no test message
  --undo             take the change back and restart the daemon

What is changed: a marked block at the top of /etc/syslog.conf (classic; where Debian's /etc/default/inetutils-syslogd
forbids sending, a marked block there too), /etc/rsyslog.d/90-loghost.conf (rsyslog) or
/etc/syslog-ng/conf.d/90-loghost.conf (syslog-ng). A file that existed is copied to NAME.before-loghost first.

Examples:
  ./setup.sh --server loghost.example.com
  ./setup.sh --server 192.0.2.10 --tcp --seen-with 'ssh 192.0.2.10 loghost tail'
  ./setup.sh --undo

Exit codes:
  0  the test message was seen on the loghost (--seen-with); or undone; or there was nothing to undo
  1  failed; the configuration is as it was
  2  bad usage; nothing was touched
  3  set up, but not verified: what to look at next is printed. Without --seen-with no set-up is verified.
EOF
}

server='' transport=udp port=514 daemon='' seen_with='' test_message=yes undo=no
root=${LOGHOST_SETUP_ROOT:-} # another root folder, for trying the script out
wait=${LOGHOST_SETUP_WAIT:-10} # seconds in which --seen-with must show the test message
proc=$root/proc

fail() {
    echo "setup.sh: $1" >&2
    exit "${2:-1}"
}

need_value() {
    case ${2:-} in
        '' | --*) fail "$1 needs a value; see --help" 2 ;;
    esac
}

while [ $# -gt 0 ]; do
    case $1 in
        --server) need_value "$@"; server=$2; shift ;;
        --port) need_value "$@"; port=$2; shift ;;
        --daemon) need_value "$@"; daemon=$2; shift ;;
        --seen-with) need_value "$@"; seen_with=$2; shift ;;
        --udp) transport=udp ;;
        --tcp) transport=tcp ;;
        --no-test) test_message=no ;;
        --undo) undo=yes ;;
        -h | --help) usage; exit 0 ;;
        *) fail "unknown argument: $1; see --help" 2 ;;
    esac
    shift
done

case $port in
    [1-9] | [1-9][0-9] | [1-9][0-9][0-9] | [1-9][0-9][0-9][0-9] | [1-6][0-9][0-9][0-9][0-9]) ;;
    *) port_is_wrong=yes ;;
esac
if [ "${port_is_wrong:-no}" = yes ] || [ "$port" -gt 65535 ]; then
    fail "port: $port (expected: a number from 1 to 65535)" 2
fi
case $server in *[!A-Za-z0-9.:_-]* | -*) fail "server: $server (expected: a host name or an address)" 2 ;; esac
case $daemon in
    '' | classic | rsyslog | syslog-ng) ;;
    *) fail "daemon: $daemon (expected: classic, rsyslog or syslog-ng)" 2 ;;
esac
[ $undo = yes ] || [ -n "$server" ] || { usage >&2; exit 2; }
if [ $test_message = no ] && [ -n "$seen_with" ]; then
    fail "--seen-with looks for the test message, and --no-test sends none; give one of them" 2
fi
[ -w "$root/etc" ] || fail "cannot write to $root/etc; run it as root: sudo $0 ..."
[ -n "$root" ] || PATH=$PATH:/usr/sbin:/sbin # not in the path that "su" without "-" leaves

defaults=$root/etc/default/inetutils-syslogd
begin='# BEGIN loghost (taken out by: setup.sh --undo)'
end='# END loghost'
ours='# Sends everything to the loghost; taken out by: setup.sh --undo'

use_daemon() {
    daemon=$1
    case $daemon in
        classic)
            program=syslogd conf=$root/etc/syslog.conf
            processes='syslogd inetutils-syslo busybox' units='inetutils-syslogd sysklogd syslogd'
            ;;
        rsyslog) program=rsyslogd conf=$root/etc/rsyslog.d/90-loghost.conf processes=rsyslogd units=rsyslog ;;
        syslog-ng)
            program=syslog-ng conf=$root/etc/syslog-ng/conf.d/90-loghost.conf processes=syslog-ng units=syslog-ng
            ;;
    esac
}

# What was not seen to be well: each with what to look at next.
doubts=''
doubt() {
    doubts="$doubts$1
"
}

notes='' # what is not sent, a line each

# ---- processes

sees_processes() { [ -e "$proc/self" ]; }

# One argument a line; none of a syslog daemon's arguments holds a newline.
command_of() { tr '\0' '\n' 2>/dev/null <"$proc/$1/cmdline" || true; }

root_folder_of() { stat -L -c %d:%i "$proc/$1/root/" 2>/dev/null || ls -di "$proc/$1/root/." 2>/dev/null || true; }

process_namespace_of() { readlink "$proc/$1/ns/pid" || true; }

own_root_folder=$(root_folder_of self)
own_process_namespace=$(process_namespace_of self)

# Not in a container. Its mount namespace says nothing: systemd gives services of this machine one of their own.
is_of_this_machine() {
    [ "$(process_namespace_of "$1")" = "$own_process_namespace" ] && [ "$(root_folder_of "$1")" = "$own_root_folder" ]
}

# Prints the ids of the living processes with one of these names. What has ended but was not collected by its parent
# (usual in containers) has no command line.
pids_named() {
    for name; do
        for folder in "$proc"/[0-9]*; do
            comm=''
            { read -r comm <"$folder/comm"; } 2>/dev/null || continue
            [ "$comm" = "$name" ] || continue
            arguments=$(command_of "${folder##*/}")
            [ -n "$arguments" ] || continue
            if [ "$name" = busybox ] && ! echo "$arguments" | sed -n 2p | grep -qx syslogd; then continue; fi
            echo "${folder##*/}"
        done
    done
}

pid_of() {
    for pid in $(pids_named "$@"); do
        if is_of_this_machine "$pid"; then
            echo "$pid"
            return 0
        fi
    done
    return 1
}

# shellcheck disable=SC2086 # several names
running() { pid_of $processes; }

# ---- which daemon

is_running() { (use_daemon "$1" && running >/dev/null); }

# The configuration alone may be left over from a package that was removed.
is_installed() { (use_daemon "$1" && command -v "$program" >/dev/null); }

find_daemon() {
    found=''
    for name in rsyslog syslog-ng classic; do
        if is_running $name; then found="$found $name"; fi
    done
    case $found in
        *' '*' '*) fail "several syslog daemons run here:$found; stop all but one, or name one with --daemon" ;;
        ' '*) daemon=${found# }; return ;;
    esac
    for name in rsyslog syslog-ng classic; do
        if is_installed $name; then
            daemon=$name
            return
        fi
    done
    fail_without_daemon
}

fail_without_daemon() {
    advice='install one first, on Debian: apt-get update && apt-get install rsyslog'
    contained=$(pids_named rsyslogd syslog-ng syslogd inetutils-syslo busybox | head -n 1)
    if [ -n "$contained" ]; then
        fail "no syslog daemon found but process $contained, which is of a container and left alone; run setup.sh in \
the container, or $advice"
    fi
    if [ -d "$root/run/systemd/journal" ] || pid_of systemd-journal >/dev/null; then
        fail "no syslog daemon found: only systemd-journald is here, and it sends nothing to a loghost; $advice"
    fi
    fail "no syslog daemon found; $advice"
}

# A daemon that was asked for by name may be set up before it runs.
look_at_daemon() {
    if [ -z "$daemon" ]; then find_daemon; fi
    use_daemon "$daemon"
    is_installed "$daemon" || is_running "$daemon" || fail "$daemon is not installed: there is no $program"
    if ! sees_processes; then
        doubt "there is no /proc, so that nobody knows which syslog daemon runs; mount it and run setup.sh again"
        return
    fi
    for name in rsyslog syslog-ng classic; do
        if [ $name != "$daemon" ] && is_running $name; then
            doubt "$name runs here and may get the messages in place of $daemon; stop it, or give: --daemon $name"
            test_message=no
        fi
    done
    pid=$(running) || return 0
    other=$(command_of "$pid" | file_argument)
    case $daemon in
        classic) main=/etc/syslog.conf ;;
        rsyslog) main=/etc/rsyslog.conf ;;
        syslog-ng) main=/etc/syslog-ng/syslog-ng.conf ;;
    esac
    [ "${other:-$main}" = "$main" ] ||
        fail "the running $program (process $pid) reads $other, not $main; start it without -f, or set it up by hand"
}

# Prints the value of -f, which names another configuration file with each of the daemons.
file_argument() {
    awk 'wanted { print; exit }
        /^(-[A-Za-z]*f|--rcfile|--cfgfile)$/ { wanted = 1; next }
        /^-f./ { print substr($0, 3); exit }
        /^--(rcfile|cfgfile)=/ { sub(/^[^=]*=/, ""); print; exit }'
}

# ---- the way to the loghost

family='' # 6 when the loghost has IPv6 addresses only

resolve() {
    case $server in
        *:*) family=6; return ;;
    esac
    if ! command -v getent >/dev/null; then
        doubt "whether $server resolves could not be tried (there is no getent); try: ping $server"
        return
    fi
    addresses=$(getent ahosts "$server" 2>/dev/null | awk '{ print $1 }' | sort -u || true)
    [ -n "$addresses" ] || addresses=$(getent hosts "$server" 2>/dev/null | awk '{ print $1 }' || true)
    [ -n "$addresses" ] ||
        fail "$server does not resolve on this machine; mend the name, DNS or $root/etc/hosts, or give an address"
    case $addresses in
        *.*.*.*) ;;
        *) family=6 ;;
    esac
    # shellcheck disable=SC2086 # on one line
    echo "checked: $server is" $addresses
}

try_connection() {
    [ "$transport" = tcp ] || return 0
    if command -v bash >/dev/null && command -v timeout >/dev/null; then
        # shellcheck disable=SC2016 # for bash to expand
        set -- timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$server" "$port"
    elif command -v nc >/dev/null; then
        set -- nc -z -w 5 "$server" "$port"
    else
        doubt "whether $server takes connections at port $port could not be tried (there is neither bash nor nc)"
        return 0
    fi
    if "$@" </dev/null >/dev/null 2>&1; then
        echo "checked: $server takes connections at port $port"
    else
        doubt "no connection to $server at TCP port $port; start the loghost, or open the port in the firewall"
    fi
}

# ---- the three configurations, each written to $conf.new

# A block without its end is left alone: what follows it may be anything.
without_block() {
    awk '/^# BEGIN loghost/ && !inside { inside = 1; n = 0 }
        inside { held[n++] = $0; if (/^# END loghost/) { inside = 0; n = 0 } next }
        { print }
        END { for (i = 0; i < n; i++) print held[i] }' "$1"
}

# Takes comments out and keeps the lines' numbers. A pattern such as /etc/rsyslog.d/*.conf begins no comment.
uncommented() {
    awk '/^[ \t]*\/\*/ { comment = 1 }
        comment { if (sub(/^.*\*\//, "")) comment = 0; else $0 = "" }
        {
            quote = ""
            for (i = 1; i <= length($0); i++) {
                c = substr($0, i, 1)
                if (c == "\\") i++
                else if (quote != "") { if (c == quote) quote = "" }
                else if (c == "\"" || c == "\047") quote = c
                else if (c == "#") { $0 = substr($0, 1, i - 1); break }
            }
            print
        }' "$1"
}

# Says whether $conf is among the file patterns on the standard input; $1 is the folder of those that are relative.
is_included() {
    inside=${conf#"$root"}
    while read -r pattern; do
        case $pattern in /*) ;; *) pattern=$1/$pattern ;; esac
        pattern=${pattern%/}
        [ "$pattern" != "${inside%/*}" ] || return 0
        [ "${pattern%/*}" = "${inside%/*}" ] || continue
        # shellcheck disable=SC2254 # it is a pattern
        case $inside in $pattern) return 0 ;; esac
    done
    return 1
}

write_classic() {
    [ "$transport" = udp ] || fail "the classic syslogd sends by UDP only; use --udp, or install rsyslog"
    case $server in *:*) fail "the classic syslogd may not know IPv6 addresses; give a host name" ;; esac
    options='' version=''
    if pid=$(running); then options=$(command_of "$pid"); fi
    case $(readlink "$proc/${pid:-none}/exe" || true) in
        */busybox*) version=busybox ;;
        *) if command -v syslogd >/dev/null; then version=$(syslogd --version 2>&1 </dev/null || true); fi ;;
    esac
    target=$server
    case $version in
        *[Bb]usy[Bb]ox*) fail_for_busybox ;;
        *inetutils*) check_inetutils ;;
        *)
            [ "$port" = 514 ] || target=$server:$port # sysklogd 2 and the BSDs take a port
            check_secure_mode
            ;;
    esac
    # Before everything else: after a line as "!program" or "+host" it would be for that program or host alone.
    {
        printf '%s\n*.*\t@%s\n%s\n' "$begin" "$target" "$end"
        if [ -e "$conf" ]; then without_block "$conf"; fi
    } >"$conf.new"
}

fail_for_busybox() {
    where='start it with'
    [ ! -e "$root/etc/conf.d/syslog" ] || where='add to SYSLOGD_OPTS in /etc/conf.d/syslog'
    [ ! -e "$root/etc/default/busybox-syslogd" ] || where='add to SYSLOG_OPTS in /etc/default/busybox-syslogd'
    fail "busybox syslogd reads no destination from a file; $where: -R $server:$port -L \
(without -L it keeps no local log)"
}

# The destination's port is that of the line "syslog" of /etc/services; without it nothing is sent.
check_inetutils() {
    services_port=$(sed -n 's/^syslog[[:space:]]\{1,\}\([0-9]\{1,\}\)\/udp.*/\1/p' "$root/etc/services" 2>/dev/null |
        head -n 1)
    [ -n "$services_port" ] ||
        fail "$root/etc/services lacks the line: syslog 514/udp; add it (or: apt-get install netbase)"
    [ "$services_port" = "$port" ] ||
        fail "inetutils-syslogd sends to the port of 'syslog' in $root/etc/services, $services_port, not to $port"
    forbidding=no
    if [ -e "$defaults" ] && without_block "$defaults" | grep -q '^[^#]*--no-f'; then
        forbidding=yes
    fi
    case "
$options
$(default_options "$defaults")" in
        *--ipany* | *--ipv6* | *'
-6'*) ;;
        *)
            [ -z "$family" ] ||
                fail "$server has IPv6 addresses only, and inetutils-syslogd sends to them only with --ipany"
            ;;
    esac
    if [ $forbidding = yes ]; then
        write_defaults
    elif has_no_forward && ! is_ours "$defaults"; then
        fail "the running syslogd (process $pid) has the option --no-forward and sends nothing; start it without it"
    fi
}

has_no_forward() { echo "$options" | grep -q -- '^--no-f'; }

default_options() {
    sed -n 's/^[[:space:]]*SYSLOGD_OPTS=//p' "$1" 2>/dev/null | tail -n 1 | tr -d "\"'"
}

# The last value counts, for a shell and for systemd.
write_defaults() {
    without_block "$defaults" >"$defaults.new"
    value=$(default_options "$defaults.new" | sed 's/--no-f[a-z]*//g; s/^ *//; s/ *$//')
    case $value in
        *[\$\`\\\#]* | *--no-f*)
            rm -f "$defaults.new"
            fail "--no-forward in $defaults keeps syslogd from sending; take it out of SYSLOGD_OPTS"
            ;;
    esac
    printf '%s\nSYSLOGD_OPTS="%s"\n%s\n' "$begin" "$value" "$end" >>"$defaults.new"
}

# With -s twice sysklogd 2 and the BSDs open no socket at all.
check_secure_mode() {
    if echo "$options" | awk '/^-[A-Za-z]*s/ { n += gsub(/s/, "") } END { exit n < 2 }'; then
        fail "the running syslogd (process $pid) has -s twice and sends nothing; start it with -s once"
    fi
    if grep -Eqs '^[[:space:]]*secure_mode[[:space:]=]+2' "$conf"; then
        fail "'secure_mode 2' in $conf keeps syslogd from sending; make it 1"
    fi
}

write_rsyslog() {
    main=$root/etc/rsyslog.conf
    uncommented "$main" 2>/dev/null | rsyslog_includes | is_included /etc ||
        fail "$main does not include ${conf#"$root"}; add: \$IncludeConfig /etc/rsyslog.d/*.conf"
    mkdir -p "$(dirname "$conf")"
    {
        echo "$ours"
        if [ "$transport" = udp ]; then
            printf '*.* action(type="omfwd" target="%s" port="%s" protocol="udp")\n' "$server" "$port"
        else
            # The queue keeps messages while the loghost is away and keeps this machine from waiting for it.
            printf '*.* action(type="omfwd" target="%s" port="%s" protocol="tcp" TCP_Framing="octet-counted"\n' \
                "$server" "$port"
            printf '    action.resumeRetryCount="-1" queue.type="LinkedList" queue.size="100000"\n'
            printf '    queue.filename="loghost" queue.maxDiskSpace="256m" queue.saveOnShutdown="on")\n'
        fi
    } >"$conf.new"
    # In the order in which rsyslog reads them.
    notes=$({
        echo "$main"
        printf '%s\n' "$(dirname "$conf")"/*.conf "$conf" | LC_ALL=C sort -u
    } | while read -r file; do
        [ "$file" != "$conf" ] || break
        if [ -e "$file" ]; then uncommented "$file" | rsyslog_drops "$file"; fi
    done)
}

# Of the main file only what stands before its include counts.
rsyslog_drops() {
    awk -v file="$1" 'tolower($0) ~ /include.*rsyslog\.d/ { exit }
        /(^|[ \t;&{)])stop([ \t;}]|$)/ || /[ \t]~[ \t]*$/ { where = where " " NR }
        tolower($1) == "$ruleset" { bound = tolower($2) == "rsyslog_defaultruleset" ? "" : " " NR }
        END {
            where = where bound
            if (where) print file " keeps messages from the loghost (stop, ~ or $RuleSet), at line" where
        }'
}

rsyslog_includes() {
    awk 'tolower($1) == "$includeconfig" { print $2; next }
        { text = text " " $0 }
        END {
            while (match(text, /(^|[^A-Za-z_])include[ \t]*\([^)]*\)/)) {
                call = substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
                if (match(call, /file[ \t]*=[ \t]*"[^"]*"/)) {
                    split(substr(call, RSTART, RLENGTH), part, "\"")
                    print part[2]
                }
            }
        }'
}

write_syslog_ng() {
    main=$root/etc/syslog-ng/syslog-ng.conf
    uncommented "$main" 2>/dev/null | sed -n "s/^[[:space:]]*@\{0,1\}include[[:space:]]*[\"']\([^\"']*\).*/\1/p" |
        is_included /etc/syslog-ng ||
        fail "$main does not include ${conf#"$root"}; add: @include \"/etc/syslog-ng/conf.d/*.conf\""
    sources=$(for file in "$main" "$(dirname "$conf")"/*.conf; do
        if [ "$file" != "$conf" ] && [ -e "$file" ]; then uncommented "$file"; fi
    done | local_sources)
    [ -n "$sources" ] ||
        fail "$main has no source of this machine's own messages; add: source s_src { system(); internal(); };"
    mkdir -p "$(dirname "$conf")"
    if uncommented "$main" | grep -q 'flags([^)]*final'; then
        notes="$main has log paths with flags(final); what they match may not reach the loghost"
    fi
    # syslog() counts its frames, so that a message with a newline in it stays one message on TCP.
    if [ "$transport" = udp ]; then driver=network; else driver=syslog; fi
    {
        echo "$ours"
        printf 'destination d_loghost { %s("%s" port(%s) transport("%s")%s); };\n' \
            "$driver" "$server" "$port" "$transport" "${family:+ ip-protocol($family)}"
        printf 'log { %s destination(d_loghost); };\n' "$sources"
    } >"$conf.new"
}

# Prints those sources in which messages of this machine arrive, as a log path wants them; none when there is but
# internal(), the daemon's own.
local_sources() {
    awk '{ text = text " " $0 }
        END {
            while (match(text, /(^|[^A-Za-z0-9_(-])source[ \t]+["\047]?[A-Za-z0-9_.-]+["\047]?[ \t]*\{/)) {
                before = substr(text, 1, RSTART)
                head = substr(text, RSTART + 1, RLENGTH - 1)
                text = substr(text, RSTART + RLENGTH)
                for (i = depth = 1; i <= length(text) && depth > 0; i++) {
                    c = substr(text, i, 1)
                    if (c == "{") depth++
                    else if (c == "}") depth--
                }
                body = " " substr(text, 1, i - 1)
                text = " " substr(text, i)
                sub(/^.*source[ \t]+/, "", head)
                gsub(/["\047{ \t]/, "", head)
                if (before ~ /block[ \t]*$/) continue
                machine = body ~ /[^A-Za-z0-9_-](system|unix[-_](dgram|stream)|systemd[-_](journal|syslog))[ \t]*\(/ ||
                    body ~ /[^A-Za-z0-9_-](sun[-_]streams?|openbsd)[ \t]*\(/
                if (machine) found = 1
                daemons_own = body ~ /[^A-Za-z0-9_-]internal[ \t]*\(|"\/proc\/kmsg"/
                if (machine || daemons_own) names = names " source(" head ");"
            }
            if (found) print substr(names, 2)
        }'
}

check_configuration() {
    case $daemon in
        rsyslog) rsyslogd -N1 -f "$root/etc/rsyslog.conf" ;;
        syslog-ng) syslog-ng --syntax-only -f "$root/etc/syslog-ng/syslog-ng.conf" ;;
        classic) true ;;
    esac 2>&1
}

# ---- files: NAME.before-loghost is from before the first set-up, NAME.previous from before this one

is_ours() {
    case $1 in
        */90-loghost.conf) [ -e "$1" ] && [ "$(head -n 1 "$1")" = "$ours" ] ;;
        *) grep -qs '^# BEGIN loghost' "$1" ;;
    esac
}

put_in_place() {
    if [ -e "$1" ]; then
        is_ours "$1" || cp -p "$1" "$1.before-loghost" || return 1
        cp -p "$1" "$1.previous" || return 1
    fi
    cat "$1.new" >"$1" && rm -f "$1.new"
}

put_all_in_place() {
    put_in_place "$conf" || return 1
    [ ! -e "$defaults.new" ] || put_in_place "$defaults"
}

# shellcheck disable=SC2317 # called by trap
remove_left_over() { rm -f "$conf.new" "$defaults.new"; }

put_back() {
    if [ -e "$1.previous" ]; then
        cat "$1.previous" >"$1"
        rm -f "$1.previous"
        is_ours "$1" || rm -f "$1.before-loghost"
    else
        rm -f "$1"
    fi
}

put_all_back() {
    put_back "$conf"
    [ ! -e "$defaults.previous" ] || put_back "$defaults"
}

take_out() {
    case $1 in
        */90-loghost.conf) if [ -e "$1.before-loghost" ]; then cat "$1.before-loghost" >"$1"; else rm -f "$1"; fi ;;
        *) take_out_block "$1" ;;
    esac
    rm -f "$1.before-loghost"
}

# What was changed in the file since then stays; when nothing was, it becomes what it was to the byte.
take_out_block() {
    without_block "$1" >"$1.new"
    if [ -e "$1.before-loghost" ] && without_block "$1.before-loghost" | cmp -s - "$1.new"; then
        cat "$1.before-loghost" >"$1"
    elif [ -s "$1.new" ] || [ -e "$1.before-loghost" ]; then
        cat "$1.new" >"$1"
    else
        rm -f "$1"
    fi
    rm -f "$1.new"
}

# ---- the daemon

pid=''
command='' # how it was started, once it was ended here
restarted=no

restart() {
    if sees_processes && ! pid=$(running) && [ $restarted = no ]; then
        doubt "$daemon is not running; start it, and run setup.sh again"
        test_message=no
        return 0
    fi
    restarted=yes
    if [ -d "$root/run/systemd/system" ] && unit=$(unit_of_daemon); then
        systemctl restart "$unit" || return 1
    elif ! sees_processes; then
        doubt "$daemon was not restarted, since its process cannot be seen; restart it"
    elif [ -z "$pid" ]; then
        start_process || return 1
    else
        restart_without_systemd || return 1
    fi
    check_running
}

restart_without_systemd() {
    case $daemon in
        classic)
            if has_no_forward; then
                restart_process
                return
            fi
            kill -HUP "$pid"
            sleep 1 # it says nowhere when it has read its file
            ;;
        syslog-ng) syslog-ng-ctl reload >/dev/null ;;
        rsyslog) restart_process ;;
    esac
}

# Prints the unit; a process that runs without its unit was started by hand.
unit_of_daemon() {
    for unit in $units; do
        if systemctl cat "$unit" >/dev/null 2>&1; then
            if [ -n "$pid" ] && ! systemctl is-active --quiet "$unit"; then continue; fi
            echo "$unit"
            return 0
        fi
    done
    return 1
}

check_running() {
    sees_processes || return 0
    await 50 running >/dev/null || return 1
    pid=$(running) || return 1
    options=$(command_of "$pid")
    if [ "$daemon" = classic ] && has_no_forward; then
        doubt "the running syslogd (process $pid) has the option --no-forward and sends nothing; start it without it"
        test_message=no
    fi
}

# Without a service manager, as in a container: end the process and start it again as it was.
restart_process() {
    if [ "$pid" = 1 ]; then
        doubt "$daemon is the container's first process and was not restarted; restart the container"
        test_message=no
        return 0
    fi
    command=$(command_of "$pid" | if [ "$daemon" = classic ]; then grep -v -- '^--no-f'; else cat; fi)
    kill "$pid"
    await 100 has_ended "$pid" || return 1
    start_process
}

start_process() {
    [ -n "$command" ] || return 1
    old_ifs=$IFS
    IFS='
'
    set -f
    # shellcheck disable=SC2086 # one argument a line
    set -- $command
    set +f
    IFS=$old_ifs
    nohup "$@" >/dev/null 2>&1 </dev/null &
    await 50 running >/dev/null
}

# shellcheck disable=SC2317 # called by await
has_ended() { [ -z "$(command_of "$1")" ]; }

# Waits up to so many tenths of a second until the command says yes.
await() {
    tries=$1
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}

# ---- the test message

id=loghost-setup-$$-$(date +%s)
seen=no

send_test_message() {
    # The daemon's socket comes back a moment after its restart.
    if ! await 50 [ -S "$root/dev/log" ]; then
        doubt "nothing takes messages at /dev/log, where programs send them; see whether $daemon listens there"
        return
    fi
    if ! logger -p user.notice -t loghost-setup "test message $id"; then
        doubt "logger could not hand the test message over; try: logger hello"
        return
    fi
    [ -n "$seen_with" ] || return 0
    until=$(($(date +%s) + wait))
    while :; do
        if is_seen; then
            seen=yes
            return
        fi
        [ "$(date +%s)" -lt $until ] || break
        sleep 0.2
    done
    if [ -n "$complaint" ]; then
        doubt "the command of --seen-with failed: $complaint"
    else
        doubt "the test message $id was not seen within $wait s; is $server:$port/$transport open, \
and may this machine send?"
    fi
}

# Sets complaint to what the command said when it failed and showed nothing.
is_seen() {
    complaint=''
    set --
    # In the foreground, so that ssh may ask for a password.
    if timeout --foreground 1 true 2>/dev/null; then set -- timeout --foreground 20; fi
    received=$("$@" sh -c "$seen_with" 2>&1 </dev/null) || complaint="exit code $?: $(echo "$received" | tail -n 1)"
    case $received in
        *"$id"*) return 0 ;;
    esac
    return 1
}

report() {
    if [ -n "$notes" ]; then echo "$notes" | sed 's/^/note: /'; fi
    if [ $seen = yes ]; then
        what='*.*'
        [ -z "$notes" ] || what='*.*, except as noted,'
        echo "$daemon sends $what to $server:$port by $transport ($conf); the test message was seen on the loghost"
        exit 0
    fi
    echo "$daemon is set up for $server:$port by $transport ($conf)"
    if [ -z "$doubts" ] && [ $test_message = yes ]; then
        doubt "nobody looked whether the test message arrived; on the loghost: loghost tail | grep $id"
    elif [ -z "$doubts" ]; then
        doubt "no test message was sent; here: logger hello; on the loghost: loghost tail | grep hello"
    fi
    printf '%s' "$doubts" | while read -r line; do echo "setup.sh: set up, not verified: $line" >&2; done
    exit 3
}

undo_all() {
    undone=no
    for name in ${daemon:-rsyslog syslog-ng classic}; do
        use_daemon "$name"
        changed=no options=''
        for file in "$conf" "$defaults"; do
            if [ "$file" = "$defaults" ] && [ "$name" != classic ]; then continue; fi
            if is_ours "$file"; then
                take_out "$file"
                changed=yes
            fi
        done
        [ $changed = yes ] || continue
        undone=yes restarted=no doubts='' command=''
        restart || fail "$conf is as before, but $name did not restart; restart it by hand"
        echo "$name no longer sends to the loghost; $conf is as before"
        if [ -n "$doubts" ]; then printf 'note: %s' "$doubts"; fi
    done
    [ $undone = yes ] || echo "nothing to undo: no file here has anything of setup.sh in it"
}

if [ $undo = yes ]; then
    undo_all
    exit 0
fi

look_at_daemon
[ ! -d "$conf" ] || fail "$conf is a folder (expected: a file)"
trap remove_left_over EXIT
resolve
try_connection
options=''
case $daemon in
    classic) write_classic ;;
    rsyslog) write_rsyslog ;;
    syslog-ng) write_syslog_ng ;;
esac
if ! put_all_in_place; then
    put_all_back
    fail "$conf cannot be written; the message above says why"
fi
if ! complaint=$(check_configuration); then
    put_all_back
    fail "$daemon refuses the configuration; the old one is back in place. It said: $complaint"
fi
if ! restart; then
    put_all_back
    restart || true
    fail "$daemon did not restart; the old configuration is back in place"
fi
rm -f "$conf.previous" "$defaults.previous"
if [ $test_message = yes ]; then send_test_message; fi
report
