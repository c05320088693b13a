/** What travels: batches of parsed messages, and where they came from. */
@NullMarked
package org.loghost.message;

import org.jspecify.annotations.NullMarked;
