/** Questions and commands to the running server, over a Unix-domain socket. */
@NullMarked
package org.loghost.control;

import org.jspecify.annotations.NullMarked;
