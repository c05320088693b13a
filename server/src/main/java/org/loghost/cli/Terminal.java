package org.loghost.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes; tests bring their own.
 *
 * @param in standard input
 * @param out what was asked for; UTF-8
 * @param err everything else: faults, progress; UTF-8
 */
record Terminal(InputStream in, PrintStream out, PrintStream err) {}
