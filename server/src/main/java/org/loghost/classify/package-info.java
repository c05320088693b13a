/** Line to verdict (a set of tiers) and finding; findings are kept on disk until they are reported. */
@NullMarked
package org.loghost.classify;

import org.jspecify.annotations.NullMarked;
