/** The outbox: a report on disk, then to SMTP or a Maildir, repeated until it is accepted. */
@NullMarked
package org.loghost.mail;

import org.jspecify.annotations.NullMarked;
