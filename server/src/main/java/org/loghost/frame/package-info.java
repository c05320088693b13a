/** Bytes of a stream into frames: LF and octet counting (RFC 6587), told apart frame by frame. */
@NullMarked
package org.loghost.frame;

import org.jspecify.annotations.NullMarked;
