/** Who a host is: names, aliases, addresses, reverse DNS, and when it was first and last seen. */
@NullMarked
package org.loghost.hosts;

import org.jspecify.annotations.NullMarked;
