/** The command line: one class per command. */
@NullMarked
package org.loghost.cli;

import org.jspecify.annotations.NullMarked;
