/** Every count of the server, its meaning and the equations between them; and what the operator must be told. */
@NullMarked
package org.loghost.metrics;

import org.jspecify.annotations.NullMarked;
