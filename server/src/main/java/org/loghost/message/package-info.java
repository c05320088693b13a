/** What travels: a batch of parsed messages, a view of one message, and where it came from. */
@NullMarked
package org.loghost.message;

import org.jspecify.annotations.NullMarked;
