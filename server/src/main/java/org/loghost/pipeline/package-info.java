/**
 * Joins the stations: batches in, completions out.
 *
 * <p>Every batch goes to each archive shard and to one classifying thread, which read it side by side. Findings are
 * stored in the order of the batches; the archive writes a batch's lines to file only after that.
 */
@NullMarked
package org.loghost.pipeline;

import org.jspecify.annotations.NullMarked;
