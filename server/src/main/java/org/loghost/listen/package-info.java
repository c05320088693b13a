/** Sockets: UDP, TCP and Unix datagram listeners, their access list and their limits. */
@NullMarked
package org.loghost.listen;

import org.jspecify.annotations.NullMarked;
