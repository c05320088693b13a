/** {@code loghost check}: what was appended to log files since the last run, classified, on one machine. */
@NullMarked
package org.loghost.check;

import org.jspecify.annotations.NullMarked;
