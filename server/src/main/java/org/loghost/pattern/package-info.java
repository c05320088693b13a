/** POSIX extended regular expressions, read as GNU grep reads them, thousands at once. */
@NullMarked
package org.loghost.pattern;

import org.jspecify.annotations.NullMarked;
