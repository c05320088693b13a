/** The server as a whole: {@link org.loghost.Server} joins the stations. */
@NullMarked
package org.loghost;

import org.jspecify.annotations.NullMarked;
