/** Files that are whole whenever the machine stops. */
@NullMarked
package org.loghost.file;

import org.jspecify.annotations.NullMarked;
