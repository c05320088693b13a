/** Line to per-host files: layout, buffers, open files, compression, retention. */
@NullMarked
package org.loghost.archive;

import org.jspecify.annotations.NullMarked;
