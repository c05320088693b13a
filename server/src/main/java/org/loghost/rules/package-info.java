/** Rule files to the three tiers: loading, faults, meanings, lint. */
@NullMarked
package org.loghost.rules;

import org.jspecify.annotations.NullMarked;
