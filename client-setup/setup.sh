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

What is changed: a marked block in /etc/syslog.conf (classic), /etc/rsyslog.d/90-loghost.conf (rsyslog) or
/etc/syslog-ng/conf.d/90-loghost.conf (syslog-ng). A file that existed is copied to NAME.before-loghost first.

Examples:
  ./setup.sh --server loghost.example.com
  ./setup.sh --server 192.0.2.10 --tcp --seen-with 'ssh 192.0.2.10 loghost tail -n 100'
  ./setup.sh --undo

Exit codes: 0 done; 1 failed, the old configuration is back in place; 2 bad usage; 3 set up, but the test message was
not seen.
EOF
}

server='' transport=udp port=514 daemon='' seen_with='' test_message=yes undo=no
root=${LOGHOST_SETUP_ROOT:-} # another root folder, for trying the script out

fail() {
    echo "setup.sh: $1" >&2
    exit "${2:-1}"
}

need_value() { if [ -z "${2:-}" ]; then fail "$1 needs a value; see --help" 2; fi; }

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
    *) fail "port: $port (expected: a number from 1 to 65535)" 2 ;;
esac
case $server in *[!A-Za-z0-9.:_-]*) fail "server: $server (expected: a host name or an address)" 2 ;; esac
[ $undo = yes ] || [ -n "$server" ] || { usage >&2; exit 2; }
[ -w "$root/etc" ] || fail "cannot write to $root/etc; run it as root: sudo $0 …"

syslog_conf=$root/etc/syslog.conf
rsyslog_conf=$root/etc/rsyslog.d/90-loghost.conf
syslog_ng_conf=$root/etc/syslog-ng/conf.d/90-loghost.conf
begin='# BEGIN loghost (taken out by: setup.sh --undo)'
end='# END loghost'

pid_of() {
    for name; do
        for status in /proc/[0-9]*/comm; do
            [ -r "$status" ] || continue
            if [ "$(cat "$status" 2>/dev/null)" = "$name" ]; then
                pid=${status#/proc/}
                echo "${pid%/comm}"
                return 0
            fi
        done
    done
    return 1
}

find_daemon() {
    if pid_of rsyslogd >/dev/null; then echo rsyslog
    elif pid_of syslog-ng >/dev/null; then echo syslog-ng
    elif pid_of syslogd inetutils-syslo >/dev/null; then echo classic
    elif [ -e "$root/etc/rsyslog.conf" ]; then echo rsyslog
    elif [ -d "$root/etc/syslog-ng" ]; then echo syslog-ng
    elif [ -e "$syslog_conf" ] || command -v syslogd >/dev/null; then echo classic
    fi
}

[ -n "$daemon" ] || daemon=$(find_daemon)
case $daemon in
    classic) conf=$syslog_conf ;;
    rsyslog) conf=$rsyslog_conf ;;
    syslog-ng) conf=$syslog_ng_conf ;;
    '') fail "no syslog daemon found; install one first, for example: apt-get install rsyslog" ;;
    *) fail "daemon: $daemon (expected: classic, rsyslog or syslog-ng)" 2 ;;
esac

# ---- the three configurations

without_block() { sed "/^# BEGIN loghost/,/^# END loghost/d" "$1"; }

write_classic() {
    [ "$transport" = udp ] || fail "the classic syslogd sends by UDP only; use --udp, or install rsyslog"
    target=$server
    if [ "$port" != 514 ]; then
        # sysklogd 2 and the BSDs take a port; inetutils-syslogd takes it from the line "syslog" of /etc/services.
        if syslogd --version 2>&1 | grep -qi inetutils; then
            fail "inetutils-syslogd sends to the port of 'syslog' in /etc/services; change that, or use --port 514"
        fi
        target=$server:$port
    fi
    if [ -e "$conf" ]; then without_block "$conf"; fi >"$conf.new"
    printf '%s\n*.*\t@%s\n%s\n' "$begin" "$target" "$end" >>"$conf.new"
}

write_rsyslog() {
    mkdir -p "$(dirname "$conf")"
    grep -qs 'rsyslog\.d/' "$root/etc/rsyslog.conf" ||
        fail "$root/etc/rsyslog.conf does not include /etc/rsyslog.d/*.conf; add: \$IncludeConfig /etc/rsyslog.d/*.conf"
    {
        echo "# Sends everything to the loghost; taken out by: setup.sh --undo"
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
}

write_syslog_ng() {
    main=$root/etc/syslog-ng/syslog-ng.conf
    grep -qs 'conf\.d' "$main" || fail "$main does not include conf.d; add: @include \"/etc/syslog-ng/conf.d/*.conf\""
    source=$(sed -n 's/^[[:space:]]*source[[:space:]]\{1,\}\([A-Za-z0-9_]\{1,\}\).*/\1/p' "$main" | head -n 1)
    [ -n "$source" ] || fail "$main has no source; add: source s_src { system(); internal(); };"
    mkdir -p "$(dirname "$conf")"
    {
        echo "# Sends everything to the loghost; taken out by: setup.sh --undo"
        printf 'destination d_loghost { network("%s" port(%s) transport("%s")); };\n' "$server" "$port" "$transport"
        printf 'log { source(%s); destination(d_loghost); };\n' "$source"
    } >"$conf.new"
}

check_configuration() {
    case $daemon in
        rsyslog) rsyslogd -N1 -f "$root/etc/rsyslog.conf" ;;
        syslog-ng) syslog-ng --syntax-only ;;
        classic) true ;;
    esac 2>&1
}

# ---- the daemon

restart_with_pid() {
    # Without a service manager, as in a container: end the one process and start it again as it was.
    pid=$1
    command=$(tr '\0' '\n' <"/proc/$pid/cmdline")
    kill "$pid"
    tries=100
    while [ -d "/proc/$pid" ] && [ $tries -gt 0 ]; do
        tries=$((tries - 1))
        sleep 0.1
    done
    # One argument a line; none of a syslog daemon's arguments holds a newline.
    old_ifs=$IFS
    IFS='
'
    # shellcheck disable=SC2086
    set -- $command
    IFS=$old_ifs
    "$@" >/dev/null 2>&1 &
}

restart() {
    case $daemon in
        classic) names='syslogd inetutils-syslo' units='inetutils-syslogd sysklogd syslogd syslog' ;;
        *) names=$([ "$daemon" = rsyslog ] && echo rsyslogd || echo syslog-ng) units=$daemon ;;
    esac
    if [ -d /run/systemd/system ]; then
        for unit in $units; do
            systemctl restart "$unit" 2>/dev/null && return 0
        done
        return 1
    fi
    # shellcheck disable=SC2086
    running=$(pid_of $names) || { echo "$daemon is not running; start it to send"; return 0; }
    if [ "$daemon" = classic ]; then kill -HUP "$running"; else restart_with_pid "$running"; fi
}

put_back() {
    if [ -e "$conf.before-loghost" ]; then cp -p "$conf.before-loghost" "$conf"; else rm -f "$conf"; fi
}

take_out() {
    case $daemon in
        classic)
            grep -qs '^# BEGIN loghost' "$conf" || fail "$conf has no loghost block; nothing to undo"
            without_block "$conf" >"$conf.new"
            cat "$conf.new" >"$conf"
            rm -f "$conf.new"
            ;;
        *)
            [ -e "$conf" ] || fail "$conf does not exist; nothing to undo"
            rm -f "$conf"
            ;;
    esac
    rm -f "$conf.before-loghost"
    restart || fail "$conf is as before, but $daemon did not restart; restart it by hand"
    echo "$daemon no longer sends to the loghost; $conf is as before"
}

# ---- the test message

send_test_message() {
    id=loghost-setup-$$-$(date +%s)
    tries=50
    # The daemon's socket comes back a moment after its restart.
    while [ ! -S /dev/log ] && [ $tries -gt 0 ]; do
        tries=$((tries - 1))
        sleep 0.1
    done
    logger -p user.notice -t loghost-setup "test message $id" || fail "logger could not hand the test message over" 3
    if [ -z "$seen_with" ]; then
        echo "test message sent; look for it on the loghost:"
        echo "    loghost tail | grep $id"
        return 0
    fi
    tries=20
    while [ $tries -gt 0 ]; do
        if sh -c "$seen_with" 2>/dev/null | grep -q -- "$id"; then
            echo "test message seen on the loghost"
            return 0
        fi
        tries=$((tries - 1))
        sleep 0.5
    done
    fail "the test message $id was not seen within 10 s; is $server:$port/$transport open, and may this machine send?" 3
}

if [ $undo = yes ]; then
    take_out
    exit 0
fi

case $daemon in
    classic) write_classic ;;
    rsyslog) write_rsyslog ;;
    syslog-ng) write_syslog_ng ;;
esac
if [ -e "$conf" ] && [ ! -e "$conf.before-loghost" ]; then cp -p "$conf" "$conf.before-loghost"; fi
cat "$conf.new" >"$conf"
rm -f "$conf.new"
if ! complaint=$(check_configuration); then
    put_back
    fail "$daemon refuses the configuration; the old one is back in place. It said: $complaint"
fi
if ! restart; then
    put_back
    fail "$daemon did not restart; the old configuration is back in place"
fi
echo "$daemon sends *.* to $server:$port by $transport ($conf)"
if [ $test_message = yes ]; then send_test_message; fi
