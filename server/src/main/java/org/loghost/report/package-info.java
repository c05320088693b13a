/** Findings to one report for all hosts, and its schedule. */
@NullMarked
package org.loghost.report;

import org.jspecify.annotations.NullMarked;
