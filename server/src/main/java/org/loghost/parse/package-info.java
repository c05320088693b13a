/** Frame to fields and one canonical line; a total function that never fails. */
@NullMarked
package org.loghost.parse;

import org.jspecify.annotations.NullMarked;
