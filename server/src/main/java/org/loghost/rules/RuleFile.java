package org.loghost.rules;

import java.nio.file.Path;
import java.time.Instant;

/**
 * One rule file as it was read.
 *
 * @param path the file
 * @param kind what its rules do
 * @param sha256 the digest of its bytes, in lower-case hexadecimal
 * @param modified its time of last change
 * @param rules how many of its rules are in use
 */
public record RuleFile(Path path, Rule.Kind kind, String sha256, Instant modified, int rules) {}
