/** Benchmarks of the pattern engine. */
@NullMarked
package org.loghost.pattern;

import org.jspecify.annotations.NullMarked;
