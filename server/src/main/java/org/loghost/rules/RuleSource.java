package org.loghost.rules;

import java.nio.file.Path;

/**
 * A file to read rules from.
 *
 * @param family what a violations file and its ignore file have in common: the file name in logcheck's folders, empty
 *     in LogSentry's
 * @param name the file below its rules folder
 */
record RuleSource(Rule.Kind kind, String family, Path path, String name) {}
