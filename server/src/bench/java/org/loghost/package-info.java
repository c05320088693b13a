/** Benchmarks of a message's path. */
@NullMarked
package org.loghost;

import org.jspecify.annotations.NullMarked;
