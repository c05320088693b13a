/** One TOML file becomes one record per component; all faults at once, each with file, line and column. */
@NullMarked
package org.loghost.config;

import org.jspecify.annotations.NullMarked;
