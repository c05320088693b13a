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
  ./setup.sh --server 192.0.2.10 --tcp --seen-with 'ssh 192.0.2.10 loghost tail'
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
case $server in *[!A-Za-z0-9.:_-]*) fail "server: $server (expected: a host name or an address)" 2 ;; esac
case $daemon in
    '' | classic | rsyslog | syslog-ng) ;;
    *) fail "daemon: $daemon (expected: classic, rsyslog or syslog-ng)" 2 ;;
esac
[ $undo = yes ] || [ -n "$server" ] || { usage >&2; exit 2; }
[ -w "$root/etc" ] || fail "cannot write to $root/etc; run it as root: sudo $0 ..."

syslog_conf=$root/etc/syslog.conf
rsyslog_conf=$root/etc/rsyslog.d/90-loghost.conf
syslog_ng_conf=$root/etc/syslog-ng/conf.d/90-loghost.conf
begin='# BEGIN loghost (taken out by: setup.sh --undo)'
end='# END loghost'
ours='# Sends everything to the loghost; taken out by: setup.sh --undo'

# ---- which daemon

# Prints the id of the first living process with one of these names. What has ended but was not collected by its
# parent (usual in containers) has no command line.
pid_of() {
    for name; do
        for folder in /proc/[0-9]*; do
            comm=''
            { read -r comm <"$folder/comm"; } 2>/dev/null || continue
            if [ "$comm" = "$name" ] && [ -n "$(command_of "${folder#/proc/}")" ]; then
                echo "${folder#/proc/}"
                return 0
            fi
        done
    done
    return 1
}

# One argument a line; none of a syslog daemon's arguments holds a newline.
command_of() { tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" || true; }

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
    classic) conf=$syslog_conf processes='syslogd inetutils-syslo' units='inetutils-syslogd sysklogd syslogd' ;;
    rsyslog) conf=$rsyslog_conf processes=rsyslogd units=rsyslog ;;
    syslog-ng) conf=$syslog_ng_conf processes=syslog-ng units=syslog-ng ;;
    *) fail "no syslog daemon found; install one first, for example: apt-get install rsyslog" ;;
esac

# ---- the three configurations, each written to $conf.new

without_block() { sed '/^# BEGIN loghost/,/^# END loghost/d' "$1"; }

# inetutils-syslogd takes the destination port from the line "syslog" of /etc/services, and sends nothing without it.
check_inetutils_port() {
    services_port=$(sed -n 's/^syslog[[:space:]]\{1,\}\([0-9]\{1,\}\)\/udp.*/\1/p' "$root/etc/services" 2>/dev/null |
        head -n 1)
    [ -n "$services_port" ] ||
        fail "$root/etc/services lacks the line: syslog 514/udp; add it (or: apt-get install netbase)"
    [ "$services_port" = "$port" ] ||
        fail "inetutils-syslogd sends to the port of 'syslog' in $root/etc/services, $services_port, not to $port"
}

write_classic() {
    [ "$transport" = udp ] || fail "the classic syslogd sends by UDP only; use --udp, or install rsyslog"
    case $server in *:*) fail "the classic syslogd may not know IPv6 addresses; give a host name" ;; esac
    version=$(syslogd --version 2>&1 || true)
    target=$server
    case $version in
        *[Bb]usy[Bb]ox*) fail "busybox syslogd reads no destination from a file; start it with: -R $server:$port" ;;
        *inetutils*) check_inetutils_port ;;
        *) [ "$port" = 514 ] || target=$server:$port ;; # sysklogd 2 and the BSDs take a port
    esac
    if [ -e "$conf" ]; then without_block "$conf" | complete_last_line; fi >"$conf.new"
    printf '%s\n*.*\t@%s\n%s\n' "$begin" "$target" "$end" >>"$conf.new"
}

# The block must not be glued to a last line that lacks its newline.
complete_last_line() { awk 1; }

write_rsyslog() {
    mkdir -p "$(dirname "$conf")"
    grep -qs 'rsyslog\.d/' "$root/etc/rsyslog.conf" ||
        fail "$root/etc/rsyslog.conf does not include /etc/rsyslog.d/*.conf; add: \$IncludeConfig /etc/rsyslog.d/*.conf"
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
}

write_syslog_ng() {
    main=$root/etc/syslog-ng/syslog-ng.conf
    grep -qs 'conf\.d' "$main" || fail "$main does not include conf.d; add: @include \"/etc/syslog-ng/conf.d/*.conf\""
    source=$(sed -n 's/^[[:space:]]*source[[:space:]]\{1,\}\([A-Za-z0-9_]\{1,\}\).*/\1/p' "$main" | head -n 1)
    [ -n "$source" ] || fail "$main has no source; add: source s_src { system(); internal(); };"
    mkdir -p "$(dirname "$conf")"
    # syslog() counts its frames, so that a message with a newline in it stays one message on TCP.
    if [ "$transport" = udp ]; then driver=network; else driver=syslog; fi
    {
        echo "$ours"
        printf 'destination d_loghost { %s("%s" port(%s) transport("%s")); };\n' "$driver" "$server" "$port" "$transport"
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

is_ours() {
    case $daemon in
        classic) grep -qs '^# BEGIN loghost' "$conf" ;;
        *) [ -e "$conf" ] && [ "$(head -n 1 "$conf")" = "$ours" ] ;;
    esac
}

# ---- files: $conf.before-loghost is from before the first set-up, $conf.previous from before this one

put_in_place() {
    if [ -e "$conf" ]; then
        is_ours || cp -p "$conf" "$conf.before-loghost"
        cp -p "$conf" "$conf.previous"
    fi
    cat "$conf.new" >"$conf"
    rm -f "$conf.new"
}

put_back() {
    if [ -e "$conf.previous" ]; then
        cat "$conf.previous" >"$conf"
        rm -f "$conf.previous"
        is_ours || rm -f "$conf.before-loghost"
    else
        rm -f "$conf"
    fi
}

take_out() {
    is_ours || fail "$conf has nothing of setup.sh in it; nothing to undo"
    if [ "$daemon" = classic ]; then
        take_out_block
    elif [ -e "$conf.before-loghost" ]; then
        cat "$conf.before-loghost" >"$conf"
    else
        rm -f "$conf"
    fi
    rm -f "$conf.before-loghost"
}

# What was changed in the file since then stays; when nothing was, it becomes what it was to the byte.
take_out_block() {
    without_block "$conf" >"$conf.new"
    if [ -e "$conf.before-loghost" ] && complete_last_line <"$conf.before-loghost" | cmp -s - "$conf.new"; then
        cat "$conf.before-loghost" >"$conf"
    elif [ -s "$conf.new" ] || [ -e "$conf.before-loghost" ]; then
        cat "$conf.new" >"$conf"
    else
        rm -f "$conf"
    fi
    rm -f "$conf.new"
}

# ---- the daemon

command='' # how it was started, once it was ended here

# shellcheck disable=SC2086 # several names
running() { pid_of $processes; }

restart() {
    if [ -d /run/systemd/system ]; then
        restart_unit
        return
    fi
    if ! pid=$(running); then
        if [ -n "$command" ]; then start_process; return; fi # the one that this script ended
        echo "$daemon is not running; start it to send"
        test_message=no
        return 0
    fi
    case $daemon in
        classic)
            kill -HUP "$pid"
            sleep 1 # it says nowhere when it has read its file
            ;;
        syslog-ng) syslog-ng-ctl reload >/dev/null ;;
        rsyslog) restart_process ;;
    esac
}

restart_unit() {
    for unit in $units; do
        if systemctl cat "$unit" >/dev/null 2>&1; then
            systemctl restart "$unit"
            return
        fi
    done
    return 1
}

# Without a service manager, as in a container: end the process and start it again as it was.
restart_process() {
    if [ "$pid" = 1 ]; then
        echo "setup.sh: $daemon is the container's first process; restart the container" >&2
        test_message=no
        return 0
    fi
    command=$(command_of "$pid")
    kill "$pid"
    await 100 has_ended "$pid" || return 1
    start_process
}

start_process() {
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

send_test_message() {
    id=loghost-setup-$$-$(date +%s)
    # The daemon's socket comes back a moment after its restart.
    await 50 [ -S /dev/log ] || true
    logger -p user.notice -t loghost-setup "test message $id" || fail "logger could not hand the test message over" 3
    if [ -z "$seen_with" ]; then
        echo "test message sent; look for it on the loghost:"
        echo "    loghost tail | grep $id"
        return 0
    fi
    await 100 is_seen ||
        fail "the test message $id was not seen within 10 s; is $server:$port/$transport open, and may this machine send?" 3
    echo "test message seen on the loghost"
}

is_seen() { sh -c "$seen_with" 2>/dev/null | grep -q -- "$id"; }

if [ $undo = yes ]; then
    take_out
    restart || fail "$conf is as before, but $daemon did not restart; restart it by hand"
    echo "$daemon no longer sends to the loghost; $conf is as before"
    exit 0
fi

case $daemon in
    classic) write_classic ;;
    rsyslog) write_rsyslog ;;
    syslog-ng) write_syslog_ng ;;
esac
put_in_place
if ! complaint=$(check_configuration); then
    put_back
    fail "$daemon refuses the configuration; the old one is back in place. It said: $complaint"
fi
if ! restart; then
    put_back
    restart || true
    fail "$daemon did not restart; the old configuration is back in place"
fi
rm -f "$conf.previous"
echo "$daemon sends *.* to $server:$port by $transport ($conf)"
if [ $test_message = yes ]; then send_test_message; fi
