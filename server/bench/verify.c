/*
 * Looks at what a server has written: DIR/<host>/<file>, one line a message, as generator.c sent them.
 *
 *   verify bytes DIR                     all bytes on file
 *   verify lines DIR HOSTS FIRST LAST    "stored missing disorder torn misfiled", the numbers FIRST to LAST of each host
 *
 * disorder: a line that is there twice, or after a later one of its host. torn: a line without its end. misfiled: a line
 * in another host's file. Links are not followed.
 */
#define _XOPEN_SOURCE 700
#include <ctype.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST_AT 16 /* behind "Mmm dd hh:mm:ss " */
#define DIGITS 10

static long bytes, stored, missing, disorder, torn, misfiled, first_number, last_number;
static long hosts_seen;

/* The folder of a simulated host; 0 when the file is something else, such as the server's own lines. */
static int host_of(const char *path, int type, const struct FTW *where, char *host, size_t size) {
    if (type != FTW_F || where->level != 2) {
        return 0;
    }
    const char *end = path + where->base - 1;
    const char *folder = end;
    while (folder > path && folder[-1] != '/') {
        folder--;
    }
    snprintf(host, size, "%.*s", (int)(end - folder), folder);
    return host[0] == 'h' && isdigit((unsigned char)host[1]);
}

static int add_size(const char *path, const struct stat *status, int type, struct FTW *where) {
    char host[256];
    bytes += host_of(path, type, where, host, sizeof host) ? status->st_size : 0;
    return 0;
}

/* The number behind "n=" at the line's end; -1 when there is none. */
static long number_of(const char *line, long length) {
    if (length < HOST_AT + DIGITS + 3 || memcmp(line + length - DIGITS - 2, "n=", 2) != 0) {
        return -1;
    }
    long number = 0;
    for (long i = length - DIGITS; i < length; i++) {
        if (!isdigit((unsigned char)line[i])) {
            return -1;
        }
        number = number * 10 + line[i] - '0';
    }
    return number;
}

static int is_of(const char *line, long length, const char *host) {
    size_t size = strlen(host);
    return length > HOST_AT + (long)size && memcmp(line + HOST_AT, host, size) == 0 && line[HOST_AT + size] == ' ';
}

static void look_at(char *line, long length, const char *host, long *expected) {
    long number = number_of(line, length);
    if (number < 0) {
        torn++;
    } else if (!is_of(line, length, host)) {
        misfiled++;
    } else if (number >= first_number && number <= last_number) {
        stored++;
        if (number < *expected) {
            disorder++;
        } else {
            missing += number - *expected;
            *expected = number + 1;
        }
    }
}

static int look_into(const char *path, const struct stat *status, int type, struct FTW *where) {
    (void)status;
    char host[256];
    if (!host_of(path, type, where, host, sizeof host)) {
        return 0;
    }
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    hosts_seen++;
    char *line = NULL;
    size_t room = 0;
    long expected = first_number;
    for (ssize_t length = getline(&line, &room, file); length > 0; length = getline(&line, &room, file)) {
        if (line[length - 1] != '\n') {
            torn++;
        } else {
            look_at(line, length - 1, host, &expected);
        }
    }
    missing += last_number + 1 - expected;
    free(line);
    fclose(file);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "bytes") == 0) {
        nftw(argv[2], add_size, 64, FTW_PHYS);
        printf("%ld\n", bytes);
        return 0;
    }
    if (argc != 6 || strcmp(argv[1], "lines") != 0) {
        fprintf(stderr, "usage: see the head of verify.c\n");
        return 2;
    }
    first_number = atol(argv[4]);
    last_number = atol(argv[5]);
    nftw(argv[2], look_into, 64, FTW_PHYS);
    missing += (atol(argv[3]) - hosts_seen) * (last_number - first_number + 1);
    printf("%ld %ld %ld %ld %ld\n", stored, missing, disorder, torn, misfiled);
    return 0;
}
