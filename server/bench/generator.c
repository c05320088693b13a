/*
 * Sends syslog messages (RFC 3164) of many hosts as fast as they are taken, or at a rate, and prints the rules that call
 * them usual. Each line ends in n=, a number that counts up per host, so that verify.c finds what is missing.
 *
 *   generator tcp PORT CONNECTIONS HOSTS MESSAGES FIRST ODD [octet]
 *   generator trickle PORT CONNECTIONS HOSTS MESSAGES FIRST ODD RATE     one message per write, RATE messages a second
 *   generator udp PORT 1 HOSTS MESSAGES FIRST ODD RATE                   equal sizes, UDP_SEGMENT
 *   generator rules COUNT                                                 COUNT rules, logcheck's shape
 *
 * A host belongs to one connection. FIRST is the first number of each host; MESSAGES is a multiple of HOSTS. Every
 * ODD-th message is one that no rule knows (0: none, 1: all). Prints: seconds, and the bytes of all lines on file.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SHAPES 20
#define STAMP "Nov 23 06:30:00 "
#define BUFFER 65536
#define LONGEST 512
#define SEGMENT 220 /* bytes of a datagram; all are padded to it */
#define SEGMENTS 60 /* datagrams in one system call */

struct shape {
    const char *text; /* program and text */
    const char *rule; /* the regular expression for it */
};

static const struct shape shapes[SHAPES] = {
    {"sshd[48213]: Accepted publickey for deploy from 10.20.30.40 port 51234 ssh2: ED25519 SHA256:q1w2e3r4t5y6u7i8o9p0",
     "sshd\\[[0-9]+\\]: Accepted publickey for [a-z]+ from [0-9.]+ port [0-9]+ ssh2: [[:alnum:]]+ SHA256:[[:alnum:]]+"},
    {"sshd[48213]: pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)",
     "sshd\\[[0-9]+\\]: pam_unix\\(sshd:session\\): session opened for user [a-z]+\\(uid=[0-9]+\\) by \\(uid=[0-9]+\\)"},
    {"sshd[48213]: Received disconnect from 10.20.30.40 port 51234:11: disconnected by user",
     "sshd\\[[0-9]+\\]: Received disconnect from [0-9.]+ port [0-9]+:[0-9]+: disconnected by user"},
    {"CRON[7711]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)", "CRON\\[[0-9]+\\]: \\([a-z]+\\) CMD \\(.+\\)"},
    {"systemd[1]: Started Session 4711 of User deploy.", "systemd\\[1\\]: Started Session [0-9]+ of User [a-z]+\\."},
    {"systemd[1]: session-4711.scope: Deactivated successfully.",
     "systemd\\[[0-9]+\\]: [._[:alnum:]-]+: Deactivated successfully\\."},
    {"postfix/smtpd[30111]: connect from mail.example.com[192.0.2.25]",
     "postfix/smtpd\\[[0-9]+\\]: connect from [._[:alnum:]-]+\\[[0-9.]+\\]"},
    {"postfix/cleanup[30113]: 4X2kq1Zr9z: message-id=<20261123063000.4X2kq1Zr9z@mail.example.com>",
     "postfix/cleanup\\[[0-9]+\\]: [[:alnum:]]+: message-id=<[^>]+>"},
    {"postfix/qmgr[911]: 4X2kq1Zr9z: from=<news@example.com>, size=18211, nrcpt=1 (queue active)",
     "postfix/qmgr\\[[0-9]+\\]: [[:alnum:]]+: from=<[^>]*>, size=[0-9]+, nrcpt=[0-9]+ \\(queue active\\)"},
    {"postfix/smtp[30120]: 4X2kq1Zr9z: to=<bob@example.org>, relay=mx.example.org[198.51.100.9]:25, delay=1.2, "
     "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F2C1)",
     "postfix/smtp\\[[0-9]+\\]: [[:alnum:]]+: to=<[^>]+>, relay=[^ ]+, delay=[0-9.]+, dsn=2\\.[0-9.]+, status=sent \\(.*\\)"},
    {"dovecot: imap-login: Login: user=<cindy>, method=PLAIN, rip=10.1.2.3, lip=10.1.2.1, mpid=2214, TLS, session=<aB3dE5>",
     "dovecot: imap-login: Login: user=<[^>]*>, method=[A-Z]+, rip=[0-9.]+, lip=[0-9.]+, mpid=[0-9]+, TLS, session=<[^>]+>"},
    {"named[812]: client @0x7f1c 10.9.8.7#40211 (www.example.com): query: www.example.com IN A + (10.9.8.1)",
     "named\\[[0-9]+\\]: client @0x[0-9a-f]+ [0-9.]+#[0-9]+ \\([^)]+\\): query: [^ ]+ IN [A-Z]+ \\+ \\([0-9.]+\\)"},
    {"dhcpd[650]: DHCPREQUEST for 10.3.2.1 from 52:54:00:12:34:56 (printer7) via eth0",
     "dhcpd\\[[0-9]+\\]: DHCPREQUEST for [0-9.]+ from [0-9a-f:]+ \\([^)]+\\) via [[:alnum:]]+"},
    {"dhcpd[650]: DHCPACK on 10.3.2.1 to 52:54:00:12:34:56 (printer7) via eth0",
     "dhcpd\\[[0-9]+\\]: DHCPACK on [0-9.]+ to [0-9a-f:]+ \\([^)]+\\) via [[:alnum:]]+"},
    {"ntpd[702]: Soliciting pool server 203.0.113.7", "ntpd\\[[0-9]+\\]: Soliciting pool server [0-9.]+"},
    {"kernel: [1234567.890123] usb 1-2: new high-speed USB device number 5 using xhci_hcd",
     "kernel: \\[ *[0-9.]+\\] usb [0-9.-]+: new [a-z-]+ USB device number [0-9]+ using [a-z_]+"},
    {"sudo:   deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx",
     "sudo: +[a-z]+ : TTY=[^ ]+ ; PWD=[^ ]+ ; USER=[a-z]+ ; COMMAND=/usr/bin/systemctl reload [a-z]+"},
    {"nginx: 10.11.12.13 - - [23/Nov/2026:06:30:00 +0000] \"GET /assets/app.js HTTP/1.1\" 200 48213 \"-\" \"Mozilla/5.0\"",
     "nginx: [0-9.]+ - - \\[[^]]+\\] \"GET [^ ]+ HTTP/[0-9.]+\" [23][0-9]{2} [0-9]+ \"[^\"]*\" \"[^\"]*\""},
    {"smartd[533]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 66 to 65",
     "smartd\\[[0-9]+\\]: Device: [^ ]+ \\[SAT\\], SMART Usage Attribute: [0-9]+ [A-Za-z_]+ changed from [0-9]+ to [0-9]+"},
    {"rsyslogd: action 'action-8-builtin:omfile' resumed (module 'builtin:omfile') [v8.2302.0]",
     "rsyslogd: action '[^']+' resumed \\(module '[^']+'\\) \\[v[0-9.]+\\]"},
};

static const char odd_text[] = "gremlin[666]: the flux capacitor of rack 12 hums in a way that nobody has described so far";

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void print_rules(int count) {
    static const char *words[] = {"lease",  "renewed", "session", "closed", "started", "stopped", "reload", "timeout",
                                  "for",    "user",    "queue",   "flushed", "disk",   "table",   "client", "expired"};
    unsigned seed = 20261123;
    for (int i = 0; i < count; i++) {
        int shape = (int)((long)i * SHAPES / count);
        int is_shape = i == (int)(((long)shape * count + SHAPES - 1) / SHAPES);
        printf("^[[:alpha:]]{3} [ :[:digit:]]{11} [._[:alnum:]-]+ ");
        if (is_shape) {
            printf("%s( pad=x*)? n=[0-9]{10}$\n", shapes[shape].rule);
            continue;
        }
        printf("program%d(\\[[0-9]+\\])?:", i % 211);
        for (int w = 0; w < 4; w++) {
            seed = seed * 1103515245u + 12345u;
            printf(" %s", words[seed >> 16 & 15]);
        }
        printf(" [._[:alnum:]-]+ \\([0-9]+\\)$\n");
    }
}

/* Writes a message without line feed, padded to a size unless that is 0, and returns its length. */
static int message(char *out, long host, long number, int is_odd, int size) {
    const char *text = is_odd ? odd_text : shapes[(host * 7 + number) % SHAPES].text;
    char *at = out;
    memcpy(at, "<30>" STAMP, 4 + sizeof STAMP - 1);
    at += 4 + sizeof STAMP - 1;
    *at++ = 'h';
    char digits[6];
    for (int i = 5; i >= 0; i--, host /= 10) {
        digits[i] = (char)('0' + host % 10);
    }
    memcpy(at, digits, 6);
    at += 6;
    *at++ = ' ';
    size_t length = strlen(text);
    memcpy(at, text, length);
    at += length;
    int padding = size - (int)(at - out) - 13 - 5;
    if (padding > 0) {
        memcpy(at, " pad=", 5);
        memset(at + 5, 'x', (size_t)padding);
        at += 5 + padding;
    }
    memcpy(at, " n=", 3);
    at += 3;
    for (int i = 9; i >= 0; i--, number /= 10) {
        at[i] = (char)('0' + number % 10);
    }
    return (int)(at + 10 - out);
}

static void write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR) {
            fail("write");
        }
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
}

static int open_socket(int type, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, type, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        fail("connect");
    }
    return fd;
}

struct load {
    int connections;
    long hosts, messages, first, odd;
    double rate; /* messages a second; 0: as fast as they are taken */
    int octet;
    long bytes; /* of the lines on file */
    long sent;
};

static int is_odd(const struct load *load) {
    return load->odd > 0 && load->sent % load->odd == 0;
}

static void keep_rate(const struct load *load, double start) {
    double ahead = load->rate > 0 ? load->sent / load->rate - (now() - start) : 0;
    if (ahead > 0.0005) {
        struct timespec pause = {.tv_sec = (time_t)ahead, .tv_nsec = (long)((ahead - (time_t)ahead) * 1e9)};
        nanosleep(&pause, NULL);
    }
}

static int frame(char *out, struct load *load, long host, long number) {
    char text[LONGEST];
    int length = message(text, host, number, is_odd(load), 0);
    load->bytes += length - 4 + 1;
    load->sent++;
    int head = load->octet ? sprintf(out, "%d ", length) : 0;
    memcpy(out + head, text, (size_t)length);
    if (!load->octet) {
        out[head + length] = '\n';
        return head + length + 1;
    }
    return head + length;
}

/* Hosts take turns; connection c has the hosts whose number modulo the connections is c. */
static void tcp(int port, struct load *load) {
    int *fds = calloc((size_t)load->connections, sizeof *fds);
    char(*buffers)[BUFFER] = calloc((size_t)load->connections, BUFFER);
    int *fill = calloc((size_t)load->connections, sizeof *fill);
    int chunk = load->rate > 0 ? 1 : load->connections > 100 ? 4096 : BUFFER - LONGEST;
    for (int i = 0; i < load->connections; i++) {
        fds[i] = open_socket(SOCK_STREAM, port);
    }
    double start = now();
    for (long turn = 0; turn < load->messages / load->hosts; turn++) {
        for (long host = 0; host < load->hosts; host++) {
            int c = (int)(host % load->connections);
            fill[c] += frame(buffers[c] + fill[c], load, host, load->first + turn);
            if (fill[c] >= chunk) {
                write_all(fds[c], buffers[c], (size_t)fill[c]);
                fill[c] = 0;
                keep_rate(load, start);
            }
        }
    }
    for (int i = 0; i < load->connections; i++) {
        write_all(fds[i], buffers[i], (size_t)fill[i]);
        close(fds[i]);
    }
    printf("%.3f %ld\n", now() - start, load->bytes);
}

static void udp(int port, struct load *load) {
    int fd = open_socket(SOCK_DGRAM, port);
    int segment = SEGMENT;
    if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment) < 0) {
        fail("UDP_SEGMENT");
    }
    static char buffer[SEGMENT * SEGMENTS + LONGEST];
    int count = 0;
    double start = now();
    for (long turn = 0; turn < load->messages / load->hosts; turn++) {
        for (long host = 0; host < load->hosts; host++) {
            message(buffer + count * SEGMENT, host, load->first + turn, is_odd(load), SEGMENT);
            load->bytes += SEGMENT - 4 + 1;
            load->sent++;
            count++;
            if (count == SEGMENTS) {
                write_all(fd, buffer, (size_t)(count * SEGMENT));
                count = 0;
                keep_rate(load, start);
            }
        }
    }
    write_all(fd, buffer, (size_t)(count * SEGMENT));
    printf("%.3f %ld\n", now() - start, load->bytes);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "rules") == 0) {
        print_rules(atoi(argv[2]));
        return 0;
    }
    if (argc < 8) {
        fprintf(stderr, "usage: see the head of generator.c\n");
        return 2;
    }
    struct load load = {.connections = atoi(argv[3]), .hosts = atol(argv[4]), .messages = atol(argv[5]),
                        .first = atol(argv[6]), .odd = atol(argv[7])};
    load.octet = argc > 8 && strcmp(argv[8], "octet") == 0;
    load.rate = argc > 8 && !load.octet ? atof(argv[8]) : 0;
    if (strcmp(argv[1], "udp") == 0) {
        udp(atoi(argv[2]), &load);
    } else {
        tcp(atoi(argv[2]), &load);
    }
    return 0;
}
